"""Write ``docs/dictionary.md``, the data dictionary, from the descriptor."""

from __future__ import annotations

import sys
from pathlib import Path

from legwise.tables.descriptor import read_package
from legwise.text.cells import allowed

FILE = Path(__file__).resolve().parent / "dictionary.md"


def dictionary() -> str:
    """Return the dictionary as Markdown: one table per table of the package."""
    lines = [
        "# Data dictionary",
        "",
        "Made from `data/datapackage.json` by `make docs`. "
        "An empty cell means not stated, never no.",
    ]
    for table in read_package().tables:
        lines += ["", f"## {table.path}", "", table.description, ""]
        lines += ["| column | label | type | what it holds | allowed |", "|---|---|---|---|---|"]
        for field in table.fields:
            unit = f" ({field.unit})" if field.unit else ""
            cells = (
                f"`{field.name}`",
                field.title,
                f"{field.type}{unit}",
                field.description,
                allowed(field),
            )
            lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the dictionary, or with ``--check`` return 1 if it is out of date."""
    if "--check" in sys.argv:
        return int(FILE.read_text(encoding="utf-8") != dictionary())
    FILE.write_text(dictionary(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
