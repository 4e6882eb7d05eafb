"""What replicas leave behind on a machine, and what belongs to other programs."""

from __future__ import annotations

import socket
import subprocess

import pytest

from deploy.fleet import Fleet, FleetError


@pytest.fixture
def process():
    """A process of someone else."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def test_a_process_that_got_the_number_of_a_replica_is_left_alone(tmp_path, process):
    pid_file = tmp_path / "replica-0.pid"
    pid_file.write_text(str(process.pid))
    Fleet(tmp_path, 1, 8080).down()
    assert process.poll() is None
    assert not pid_file.exists()


@pytest.mark.parametrize("left", ["", "no number", "4194305", None])
def test_where_nothing_runs_nothing_can_be_started_again(tmp_path, left):
    (tmp_path / "replicas.conf").write_text("server 127.0.0.1:8081 max_fails=1;\n")
    if left is not None:
        (tmp_path / "nginx.pid").write_text(left)
    with pytest.raises(FleetError, match="make up starts it"):
        Fleet.running(tmp_path)


def test_another_program_is_not_taken_for_a_replica(tmp_path):
    with socket.create_server(("", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(FleetError, match=f"port {port}: Address already in use"):
            Fleet(tmp_path, 1, port - 1).start(0)
