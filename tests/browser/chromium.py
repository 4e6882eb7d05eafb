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

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """Path of a Chromium or Chrome on this machine, Playwright's own included."""
    for name in NAMES:
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
    commands = (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
    )
    if os.geteuid() != 0:
        print("Debian's package needs an administrator; these commands install it:")
        print(*(f"    {shlex.join(command)}" for command in commands), sep="\n")
        return
    print("Playwright's Chromium could not be had; installing the system's package")
    for command in commands:
        run(command)


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
