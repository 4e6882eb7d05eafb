"""Replicas behind nginx on this machine: ``python -m deploy.fleet up``, ``roll`` and ``down``.

The same ``nginx.conf`` serves a machine, the containers and the tests. What runs is noted in a
folder, by default ``.run``: process ids, logs, and the list of replicas.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONF = Path(__file__).with_name("nginx.conf")
#: How a replica is started, in all of deploy/. Streamlit's greeting would end the start where the
#: log cannot be written.
OPTIONS = (
    "--server.headless=true",
    "--server.fileWatcherType=none",
    "--logger.hideWelcomeMessage=true",
)
HEALTH = "/_stcore/health"
#: Seconds until a replica that was asked to stop is ended.
PATIENCE = 5
#: Seconds until a replica must be up.
START = 60


class FleetError(RuntimeError):
    """The fleet cannot be started; the message says why and what to do."""


class Fleet:
    """``size`` replicas on ports after ``port``, and nginx on ``port``."""

    def __init__(self, folder: Path, size: int, port: int) -> None:
        self.folder, self.size, self.port = folder.resolve(), size, port
        #: Replicas that this process started, by process id.
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    @classmethod
    def running(cls, folder: Path) -> Fleet:
        """Return the fleet that was started in a folder, of whatever size and port.

        Raises:
            FleetError: none runs there.
        """
        fleet = cls(folder, 0, 0)
        if not fleet._runs(fleet.folder / "nginx.pid"):
            raise FleetError(f"nothing runs in {folder}; make up starts it")
        ports = re.findall(r":(\d+) ", (folder / "replicas.conf").read_text(encoding="utf-8"))
        return cls(folder, len(ports), int(ports[0]) - 1)

    def up(self) -> None:
        """Start the replicas, then the proxy; where one fails, nothing is left running.

        Raises:
            FleetError: nginx is missing or refuses its configuration, a replica does not start, or
                a fleet runs in the folder.
        """
        if not shutil.which("nginx"):
            raise FleetError("nginx is not installed; on Debian: apt-get install nginx-light")
        if self._runs(self.folder / "nginx.pid"):
            raise FleetError(
                f"replicas run in {self.folder}; make roll starts them again, make down ends them"
            )
        try:
            self._up()
        except FleetError:
            self.down()
            raise

    def _up(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = CONF.read_text(encoding="utf-8").replace("listen 8080;", f"listen {self.port};")
        (self.folder / "nginx.conf").write_text(text, encoding="utf-8")
        self._list()
        self.check()
        for number in range(self.size):
            self.start(number)
        for number in range(self.size):
            self.wait(number)
        self._nginx()

    def down(self) -> None:
        """Stop the proxy and every replica."""
        for pid_file in (self.folder / "nginx.pid", *self.folder.glob("replica-*.pid")):
            self._stop(pid_file)

    def roll(self) -> None:
        """Start each replica again, one after the other; visitors go to the others meanwhile."""
        for number in range(self.size):
            self._list(without=number)
            self._nginx("-s", "reload")
            time.sleep(1)  # nginx starts new workers with the new list
            self._stop(self._pid_file(number))
            self.start(number)
            self.wait(number)
            self._list()
            self._nginx("-s", "reload")
            time.sleep(1)

    def kill(self, number: int) -> None:
        """End a replica at once, as a fault would."""
        pid = self.pid(number)
        os.kill(pid, signal.SIGKILL)
        while not self._ended(pid):
            time.sleep(0.01)

    def pid(self, number: int) -> int:
        """Return the process id of a replica."""
        return int(self._pid_file(number).read_text())

    def start(self, number: int) -> None:
        """Start a replica.

        Raises:
            FleetError: another program has its port, and would be taken for the replica.
        """
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self._port(number)))
            except OSError as error:
                raise FleetError(f"port {self._port(number)}: {error.strerror}") from error
        command = [sys.executable, "-m", "streamlit", "run", "serve.py", *OPTIONS]
        command += [f"--server.port={self._port(number)}", "--server.address=127.0.0.1"]
        with (self.folder / f"replica-{number}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 (no shell, nothing of a visitor's in it)
                command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        self._children[process.pid] = process
        self._pid_file(number).write_text(str(process.pid))

    def wait(self, number: int) -> None:
        """Wait until a replica is healthy.

        Raises:
            FleetError: it ended, or did not come up in time.
        """
        until = time.monotonic() + START
        while time.monotonic() < until:
            with suppress(OSError):
                address = f"http://127.0.0.1:{self._port(number)}{HEALTH}"
                urllib.request.urlopen(address, timeout=1).close()
                return
            if self._ended(self.pid(number)):
                break
            time.sleep(0.2)
        log = self.folder / f"replica-{number}.log"
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-3:]
        raise FleetError(f"replica {number} did not start; the end of {log}:\n" + "\n".join(last))

    def check(self) -> None:
        """Let nginx read its configuration.

        Raises:
            FleetError: it is wrong; the message is that of nginx, with file and line.
        """
        self._nginx("-t")

    def _nginx(self, *arguments: str) -> None:
        command = ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        # What nginx leaves running keeps its standard error: a pipe would never end.
        with (self.folder / "nginx.log").open("a+", encoding="utf-8") as log:
            before = log.tell()
            status = subprocess.run(  # noqa: S603 (no shell, nothing of a visitor's in it)
                [*command, *arguments], stdout=log, stderr=log
            ).returncode
            log.seek(before)
            if status:
                raise FleetError(f"nginx refuses to start:\n{log.read().strip()}")

    def _list(self, without: int | None = None) -> None:
        lines = [
            f"server 127.0.0.1:{self._port(number)} max_fails=0"
            f"{' down' if number == without else ''};\n"
            for number in range(self.size)
        ]
        (self.folder / "replicas.conf").write_text("".join(lines), encoding="utf-8")

    def _port(self, number: int) -> int:
        return self.port + 1 + number

    def _pid_file(self, number: int) -> Path:
        return self.folder / f"replica-{number}.pid"

    def _stop(self, pid_file: Path) -> None:
        if self._runs(pid_file):
            pid = int(pid_file.read_text())
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
                until = time.monotonic() + PATIENCE
                while not self._ended(pid):
                    if time.monotonic() > until:
                        os.kill(pid, signal.SIGKILL)
                    time.sleep(0.1)
        pid_file.unlink(missing_ok=True)

    def _runs(self, pid_file: Path) -> bool:
        # nginx leaves an empty file where it only read its configuration.
        with suppress(FileNotFoundError, ValueError):
            return not self._ended(int(pid_file.read_text()))
        return False

    def _ended(self, pid: int) -> bool:
        """Whether a process of ours is over, also one that its parent has not been told of."""
        if pid in self._children:
            return self._children[pid].poll() is not None
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return True
        # After the machine was started again, the number may be that of any process.
        return b"serve.py" not in command and b"nginx" not in command


def main() -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("up", "roll", "down"))
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--folder", type=Path, default=ROOT / ".run")
    options = parser.parse_args()
    try:
        if options.command == "roll":
            fleet = Fleet.running(options.folder)
        else:
            fleet = Fleet(options.folder, options.replicas, options.port)
        getattr(fleet, options.command)()
    except FleetError as error:
        print(error, file=sys.stderr)
        return 1
    if options.command == "up":
        print(f"{options.replicas} replicas behind http://127.0.0.1:{options.port}; make down ends")
    return 0


if __name__ == "__main__":
    sys.exit(main())
