"""The image and the stack of ``compose.yaml`` with visitors on them.

``make test-containers`` runs it; it needs a container engine on this machine and root, because a
replica is killed from outside its container, as the kernel does when memory runs out.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from tests.deploy import load

#: The port of the proxy in compose.yaml.
PORT = 8080
REPLICAS = ("legwise-1", "legwise-2")
#: Seconds until a replica must be healthy again.
START = 60


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
    # A container writes its log on both.
    return done.stdout + done.stderr if command[1] == "logs" else done.stdout


def compose(*arguments: str) -> str:
    """Run Compose: a plug-in of the engine, or the older command."""
    plugged = subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0
    command = ["docker", "compose"] if plugged else ["docker-compose"]
    return run(*command, "-p", "legwise-test", "-f", "deploy/compose.yaml", *arguments)


@pytest.fixture(scope="module")
def logs() -> Iterator[list[str]]:
    """Start the stack; the list takes the logs of containers before they are replaced."""
    assert shutil.which("docker"), "no container engine: install Docker and start its daemon"
    run("docker", "info")
    compose("up", "-d", "--build")
    yield []
    compose("down", "-t", "5")


def container(service: str) -> str:
    return compose("ps", "-q", service).strip()


def state(service: str) -> dict:
    return json.loads(run("docker", "inspect", "-f", "{{json .State}}", container(service)))


def wait(service: str) -> None:
    until = time.monotonic() + START
    while state(service)["Health"]["Status"] != "healthy":
        assert time.monotonic() < until, f"{service} is not healthy"
        time.sleep(0.2)


def kill(service: str) -> None:
    os.kill(state(service)["Pid"], signal.SIGKILL)


def log(service: str) -> str:
    return run("docker", "logs", container(service))


def renew(service: str) -> None:
    """Replace a container, as another image would."""
    compose("up", "-d", "--no-deps", "--force-recreate", "-t", "5", service)
    wait(service)


def test_replicas_are_not_root_and_cannot_write(logs):
    for service in REPLICAS:
        wait(service)
        inside = ("docker", "exec", container(service), "sh", "-c")
        assert run(*inside, "id -u").strip() == "999"
        assert run(*inside, "touch /srv/legwise/file 2>/dev/null || echo refused").strip() == (
            "refused"
        )
        assert run(*inside, "touch /tmp/file && echo written").strip() == "written"
        # None of the rights of root, and none to be had.
        status = run(*inside, "grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/1/status").split()
        assert [int(status[index], 16) for index in (1, 3, 5)] == [0, 0, 1]


def test_visitors_of_a_killed_replica_come_back_and_the_engine_starts_it_again(logs):
    before = container(REPLICAS[0])
    load.killed(PORT, lambda: kill(REPLICAS[0]))
    wait(REPLICAS[0])
    assert container(REPLICAS[0]) == before
    restarts = run("docker", "inspect", "-f", "{{.RestartCount}}", before)
    assert int(restarts) == 1


def test_new_containers_in_turn_are_not_an_error_for_anyone(logs):
    before = [container(service) for service in REPLICAS]

    def roll() -> None:
        for service in REPLICAS:
            logs.append(log(service))
            renew(service)

    load.rolled(PORT, roll)
    assert not {container(service) for service in REPLICAS} & set(before)


def test_the_proxy_keeps_figures_inside_and_has_headers_on_its_answers(logs):
    load.guards(PORT)


def test_no_log_says_what_a_visitor_asked(logs):
    load.tells_nothing("".join([*logs, *(log(service) for service in (*REPLICAS, "proxy"))]))
