"""What a sheet that was read says, row by row."""

from legwise.intake.sheet import Sheet


def rows_of(sheet: Sheet) -> list[list[str]]:
    """Return the rows as texts; an empty cell is ""."""
    columns = [
        [str(texts.texts[int(code)]) if code >= 0 else "" for code in texts.codes]
        for texts in sheet.columns.values()
    ]
    return [list(row) for row in zip(*columns, strict=True)]
