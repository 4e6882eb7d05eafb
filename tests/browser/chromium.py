"""Finds a Chromium for the browser tests, or installs one: the system's, else Playwright's, else
Debian's.

Run as a script it makes sure that one is there and fails loudly where none can be had.
"""

from __future__ import annotations

import os
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
    """Try Playwright's download, then Debian's package."""
    try:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], check=True, timeout=240
        )
    except (subprocess.SubprocessError, OSError) as error:
        print(
            f"Playwright's Chromium could not be fetched ({error}); trying Debian's package",
            file=sys.stderr,
        )
    if find() or not shutil.which("apt-get"):
        return
    sudo = ["sudo", "-n"] if os.geteuid() != 0 and shutil.which("sudo") else []
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
    ):
        subprocess.run([*sudo, *command], check=False, stdout=subprocess.DEVNULL)


def main() -> int:
    """Make sure that a browser is there."""
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
