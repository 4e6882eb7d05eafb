"""Writes the data dictionary of the README from the descriptor; ``--check`` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from legwise.tables.descriptor import read_package  # noqa: E402 (likewise)
from legwise.text.cells import allowed  # noqa: E402 (the project is not installed, it lies beside this file)

README = ROOT / "README.md"
START, END = "<!-- dictionary: made by docs/dictionary.py -->", "<!-- end of dictionary -->"


def dictionary() -> str:
    """Return the dictionary as Markdown: a table of columns for every table of the package."""
    lines = []
    for table in read_package().tables:
        lines += [
            f"<details><summary><b>{table.path}</b>: {table.description}</summary>",
            "",
            "| column | label | type | what it holds | allowed |",
            "|---|---|---|---|---|",
        ]
        for field in table.fields:
            unit = f" ({field.unit})" if field.unit else ""
            cells = (f"`{field.name}`", field.title, f"{field.type}{unit}", field.description, allowed(field))
            lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
        lines += ["", "</details>", ""]
    return "\n".join(lines)


def current(text: str) -> str:
    """Return the README's text with the dictionary as it should be."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{dictionary()}\n{END}{after}"


def main() -> int:
    """Write the dictionary, or with ``--check`` exit with 1 where it is out of date."""
    text = README.read_text(encoding="utf-8")
    new = current(text)
    if "--check" in sys.argv:
        return 0 if text == new else 1
    README.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
