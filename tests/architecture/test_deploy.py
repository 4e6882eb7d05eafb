"""The files of deploy/ agree on ports, health, names, sizes and options, and keep secrets."""

from __future__ import annotations

import json
import re
import tomllib

import yaml

from deploy.fleet import HEALTH, OPTIONS
from legwise import __version__
from server.head import ORIGIN_VARIABLE
from tests.conftest import ROOT

#: All that the proxy may log of a request. ``$uri`` is the path alone.
LOGGED = {"time_iso8601", "uri", "status", "request_time", "upstream_addr"}


def text(name: str) -> str:
    """A file of deploy/ without its comments."""
    lines = (ROOT / "deploy" / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


NGINX = text("nginx.conf")
DOCKERFILE = text("Dockerfile")
COMPOSE = yaml.safe_load(text("compose.yaml"))["services"]
DEPLOYMENT, SERVICE, INGRESS = yaml.safe_load_all(text("kubernetes.yaml"))
POD = DEPLOYMENT["spec"]["template"]["spec"]
CONTAINER = POD["containers"][0]
ANNOTATIONS = {
    name.rpartition("/")[2]: value for name, value in INGRESS["metadata"]["annotations"].items()
}


def only(pattern: str, within: str) -> str:
    """What the one match of a pattern holds."""
    (match,) = re.findall(pattern, within, re.MULTILINE)
    return str(match)


def test_replicas_are_started_alike_everywhere():
    image = json.loads(only(r"^CMD (.*)$", DOCKERFILE))
    unit = only(r"^ExecStart=(.*)$", text("legwise@.service")).split()
    assert set(OPTIONS) < set(image)
    assert set(OPTIONS) < set(unit)


def test_the_port_of_a_replica_is_the_same_everywhere():
    port = int(only(r"--server.port=(\d+)", DOCKERFILE))
    assert int(only(r"^EXPOSE (\d+)$", DOCKERFILE)) == port
    assert int(only(r"127.0.0.1:(\d+)", DOCKERFILE)) == port
    replicas = re.findall(r"^server [\w-]+:(\d+) ", text("compose-replicas.conf"), re.MULTILINE)
    assert set(replicas) == {str(port)}
    assert [entry["containerPort"] for entry in CONTAINER["ports"]] == [port]
    for probe in ("readinessProbe", "livenessProbe"):
        assert CONTAINER[probe]["httpGet"]["port"] == port
    assert [entry["targetPort"] for entry in SERVICE["spec"]["ports"]] == [port]


def test_the_port_of_the_proxy_is_the_same_everywhere():
    port = only(r"^\s*listen (\d+);", NGINX)
    assert [entry.rpartition(":")[2] for entry in COMPOSE["proxy"]["ports"]] == [port]
    assert f'"listen {port};"' in text("fleet.py")
    assert f'"--port", type=int, default={port}' in text("fleet.py")


def test_the_port_of_the_service_is_the_one_the_ingress_asks():
    path = INGRESS["spec"]["rules"][0]["http"]["paths"][0]
    service = {"name": SERVICE["metadata"]["name"]}
    assert path["backend"]["service"] == {**service, "port": {"number": 80}}
    assert [entry["port"] for entry in SERVICE["spec"]["ports"]] == [80]
    labels = DEPLOYMENT["spec"]["template"]["metadata"]["labels"]
    assert SERVICE["spec"]["selector"] == DEPLOYMENT["spec"]["selector"]["matchLabels"] == labels


def test_health_is_asked_for_at_the_same_path_everywhere():
    assert only(r"urlopen\('http://[\d.:]+([^']*)'", DOCKERFILE) == HEALTH
    for probe in ("readinessProbe", "livenessProbe"):
        assert CONTAINER[probe]["httpGet"]["path"] == HEALTH


def test_the_proxy_lets_through_what_search_engines_ask_for():
    withheld = re.findall(r"location = (\S+) \{\s*return 404", NGINX)
    assert withheld == ["/metrics"]
    passed = re.findall(r"location (/\S*) \{[^}]*proxy_pass", NGINX)
    assert "/" in passed
    assert not [path for path in passed if "/robots.txt".startswith(path) and path != "/"]


def test_pages_name_the_address_that_the_cluster_serves():
    (host,) = (rule["host"] for rule in INGRESS["spec"]["rules"])
    stated = {entry["name"]: entry["value"] for entry in CONTAINER["env"]}
    assert stated == {ORIGIN_VARIABLE: f"https://{host}"}
    assert all(ORIGIN_VARIABLE in COMPOSE[name]["environment"] for name in set(COMPOSE) - {"proxy"})
    assert ORIGIN_VARIABLE in (ROOT / "deploy/legwise@.service").read_text(encoding="utf-8")


def test_the_proxy_knows_the_replicas_by_name():
    names = re.findall(r"^server ([\w-]+):", text("compose-replicas.conf"), re.MULTILINE)
    assert set(names) == set(COMPOSE) - {"proxy"} == set(COMPOSE["proxy"]["depends_on"])
    assert len(names) == DEPLOYMENT["spec"]["replicas"]
    mounted = {volume.split(":")[1].rpartition("/")[2] for volume in COMPOSE["proxy"]["volumes"]}
    assert mounted == {"nginx.conf", only(r"include (\S+);", NGINX)}


def test_no_replica_is_left_alone_for_a_fault():
    # The reason is in nginx.conf; tests/deploy shows it.
    lines = re.findall(r"server [\w.:-]+:.*", text("compose-replicas.conf"))
    assert lines
    assert all(line.endswith(" max_fails=0;") for line in lines)


def test_visitors_stay_with_a_replica_by_the_same_cookie():
    assert ANNOTATIONS["session-cookie-name"] == only(r"userid_name (\w+);", NGINX)


def test_a_file_may_be_as_large_for_the_proxy_as_for_the_app():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    size = f"{config['server']['maxUploadSize']}m"
    assert only(r"client_max_body_size (\w+);", NGINX) == size
    assert ANNOTATIONS["proxy-body-size"] == size


def test_the_proxy_logs_neither_link_nor_address():
    named, line = re.findall(r"log_format (\w+) escape=json '(.*)';", NGINX)[0]
    assert set(re.findall(r"\$(\w+)", line)) == LOGGED
    assert re.findall(r"access_log (.*);", NGINX) == [f"access.log {named}"]
    # Any lower level writes the request, with its link, into some of its lines.
    assert re.findall(r"error_log (.*);", NGINX) == ["stderr emerg"]
    assert ANNOTATIONS["enable-access-log"] == "false"


def test_logs_are_rotated_where_nothing_else_does():
    log = only(r"access_log (\S+) ", NGINX)
    assert only(r"^(/.*) \{$", text("logrotate.conf")).endswith(".run/*.log")
    assert f"ln -sf /dev/stdout /tmp/{log} " in COMPOSE["proxy"]["command"][-1]
    for service in COMPOSE.values():
        assert service["logging"]["options"]["max-size"]


def test_containers_are_not_root_and_write_nothing():
    assert int(only(r"^USER (\d+)$", DOCKERFILE)) == POD["securityContext"]["runAsUser"] > 0
    assert int(only(r"--uid (\d+)", DOCKERFILE)) == POD["securityContext"]["runAsUser"]
    assert POD["securityContext"]["runAsNonRoot"]
    assert CONTAINER["securityContext"]["readOnlyRootFilesystem"]
    assert all(service["read_only"] and service["tmpfs"] for service in COMPOSE.values())


def test_a_cluster_asks_for_the_image_of_this_version():
    # Nodes keep an image by its name: "latest" would be that of another day.
    assert CONTAINER["image"] == f"legwise:{__version__}"


def test_the_image_gets_what_it_copies():
    copied = [
        part for line in re.findall(r"^COPY (.*) \S+$", DOCKERFILE, re.M) for part in line.split()
    ]
    sent = re.findall(r"^!(\S+)$", text("Dockerfile.dockerignore"), re.MULTILINE)
    assert sorted(copied) == sorted(sent)
    assert all((ROOT / name).exists() for name in copied)
