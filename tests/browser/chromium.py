"""Finds a Chromium for the browser tests, or installs one: the system's, else Playwright's, else
Debian's.

Run as a script it makes sure that one is there and fails loudly where none can be had.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

#: Chromium without windows: the same engine for a fifth less work, and much less to install.
SHELL = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: With it the shell sets letters as browsers do; else its lines are a little wider.
AS_A_BROWSER = "--font-render-hinting=none"


def find(*, shell: bool = True) -> str | None:
    """Path of a Chromium or Chrome on this machine, Playwright's own included.

    Without ``shell``, that of a whole browser if there is one: what readers wait for is measured
    in it.
    """
    for name in (SHELL, *BROWSERS) if shell else (*BROWSERS, SHELL):
        path = shutil.which(name)
        if path:
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> None:
    """Try Playwright's download, then Debian's package; say each command before it runs."""
    run([sys.executable, "-m", "playwright", "install", "chromium"])
    if find() or not shutil.which("apt-get"):
        return
    get = ["apt-get", "install", "-y", "--no-install-recommends"]
    commands = (["apt-get", "update"], [*get, SHELL])
    if os.geteuid() != 0:
        print("Debian's package needs an administrator; these commands install it:")
        print(*(f"    {shlex.join(command)}" for command in commands), sep="\n")
        return
    print("Playwright's Chromium could not be had; installing the system's package")
    for command in commands:
        run(command)
    if not find():
        run([*get, "chromium"])


def run(command: list[str]) -> None:
    """Print a command, then run it; where it fails, the next way is tried."""
    print("running:", shlex.join(command), flush=True)
    try:
        subprocess.run(command, check=True, timeout=240)
    except (subprocess.SubprocessError, OSError) as error:
        print(error, file=sys.stderr)


def main() -> int:
    """Make sure that a browser is there. Tests never call this: they only look for one."""
    if not find():
        install()
    path = find()
    if path:
        print(f"browser tests use {path}")
        return 0
    print(
        "no Chromium or Chrome found and none could be installed; install one and run again",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
