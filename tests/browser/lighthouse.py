"""Ask Lighthouse about every page: ``make lighthouse``. It prints scores, and what fails.

Lighthouse comes from npm, into ``.lighthouse``. Version 12 is the last one for the Node of Debian.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.chromium import find
from tests.browser.conftest import start_server
from tests.browser.first_screen import VIEWS
from tests.conftest import ROOT

PACKAGE = "lighthouse@12.8.2"
FOLDER = ROOT / ".lighthouse"
CATEGORIES = ("accessibility", "best-practices", "seo")
#: Least score of each category on every page.
LEAST = 95
#: A phone is what Lighthouse takes if it is not told otherwise.
SCREENS = {"phone": [], "desktop": ["--preset=desktop"]}


def install() -> Path:
    """Return the command, installed if it is not there."""
    command = FOLDER / "node_modules" / ".bin" / "lighthouse"
    if not command.is_file():
        if not shutil.which("npm"):
            sys.exit("Lighthouse needs Node and npm: apt-get install nodejs npm, then run it again")
        FOLDER.mkdir(exist_ok=True)
        quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(["npm", "install", "--prefix", str(FOLDER), *quiet, PACKAGE], check=True)
    return command


def report(command: Path, address: str, options: list[str]) -> dict[str, Any]:
    """Return what Lighthouse says of one address."""
    chromium = find(shell=False)
    assert chromium, "no Chromium found: run make test, which says how to get one"
    asked = [f"--only-categories={','.join(CATEGORIES)}", "--output=json", "--quiet", *options]
    asked += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    # Scores of speed are not asked for: nothing need be slowed down.
    asked += ["--throttling-method=provided", "--max-wait-for-load=30000"]
    ran = subprocess.run(
        [command, address, *asked],
        env={**os.environ, "CHROME_PATH": chromium},
        check=True,
        capture_output=True,
        text=True,
        timeout=180,
    )
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def failed(told: dict[str, Any]) -> Iterator[str]:
    """Yield what costs points, with the elements."""
    for category in told["categories"].values():
        for item in category["auditRefs"]:
            audit = told["audits"][item["id"]]
            if item["weight"] and audit["score"] is not None and audit["score"] < 1:
                parts = (audit.get("details") or {}).get("items", [])[:5]
                where = [part.get("node", part).get("snippet", str(part))[:160] for part in parts]
                yield f"{category['id']}: {audit['title']} {where}"


def main() -> int:
    """Print scores of every page on both screens; return 1 if one is too low."""
    command, low = install(), False
    chosen = sys.argv[1:] or list(VIEWS)
    print("| page | screen |", *(f"{category} |" for category in CATEGORIES))
    print("|---|---|" + "---|" * len(CATEGORIES))
    with tempfile.TemporaryDirectory() as folder:
        server, base = start_server(Path(folder) / "log", script="serve.py")
        try:
            for name in chosen:
                for screen, options in SCREENS.items():
                    told = report(command, base + VIEWS[name].path, options)
                    scores = [round(100 * told["categories"][key]["score"]) for key in CATEGORIES]
                    print(f"| {name} | {screen} |", *(f"{score} |" for score in scores), flush=True)
                    if min(scores) < LEAST:
                        low = True
                    for fault in failed(told):
                        print("   ", fault, file=sys.stderr, flush=True)
        finally:
            server.terminate()
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
