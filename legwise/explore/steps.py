"""Steps of a view in plain pandas. The view's code prints them: they import nothing of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd


def read(folder: Path, file: str) -> pd.DataFrame:
    """Read a file with all cells as text; an empty cell means not stated."""
    return pd.read_csv(folder / file, dtype="str", keep_default_na=False, na_values=[""])


def names_of(table: pd.DataFrame, key: str, name: str) -> dict[Any, str]:
    """Return id → name; rows that share a name get their id added."""
    names = table.set_index(key)[name]
    apart = names + " (" + names.index + ")"
    return names.where(~names.duplicated(keep=False), apart).to_dict()


def words_of_lists(cells: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Replace ids by words, in cells that hold lists."""
    return cells.map(lambda ids: [words[id] for id in ids], na_action="ignore").astype("object")


def words_of_pairs(
    kinds: pd.Series, cells: pd.Series, words: Mapping[tuple[str, str], str]
) -> pd.Series:
    """Replace ids by words; an id is unique only together with its kind."""
    return pd.Series(
        [words[pair] for pair in zip(kinds, cells, strict=True)], cells.index, dtype="str"
    )


def number_texts(cells: pd.Series) -> pd.Series:
    """Turn numbers into texts, to group by them."""
    return cells.map("{:.10g}".format, na_action="ignore")


def by_frequency(cells: pd.Series, rows: pd.Series | None = None) -> list[str]:
    """Return the values, the most frequent first; a cell may stand for several rows."""
    counts = cells.value_counts() if rows is None else rows.groupby(cells).sum()
    return list(counts.sort_index().sort_values(ascending=False, kind="stable").index)


def in_order(cells: pd.Series, order: Iterable[str], missing: str) -> pd.Categorical[Any]:
    """Order the values; missing cells become a separate value, the last one."""
    values = list(dict.fromkeys([*order, missing]))
    return pd.Categorical(cells, values).fillna(missing)


def as_table(
    rows: pd.DataFrame, columns: list[str], missing: str, lists: Iterable[str] = ()
) -> pd.DataFrame:
    """Return the columns for reading: lists are joined, missing texts filled."""
    table = rows[columns].reset_index(drop=True)
    texts = table.select_dtypes(exclude="number").columns
    for column in lists:
        table[column] = table[column].map(", ".join, na_action="ignore")
    for column in texts:
        table[column] = table[column].astype("object").fillna(missing)
    return table


def share_stated(rows: pd.DataFrame, columns: list[str], measure: str, name: str) -> pd.DataFrame:
    """Return one row per group, with the percentage of its rows that state the measure."""
    groups = rows.groupby(columns, observed=True)
    return (groups[measure].count() / groups.size() * 100).round(1).reset_index(name=name)


def rows_by_value(groups: pd.DataFrame, column: str, rows: str) -> pd.Series:
    """Return how many rows of all groups have each value, the most frequent first."""
    counts = groups.groupby(column, observed=True)[rows].sum()
    return counts.sort_values(ascending=False, kind="stable")


def most_frequent(chart: pd.DataFrame, column: str, counts: pd.Series, most: int) -> pd.DataFrame:
    """Keep the values with the highest counts, which come first: more cannot be told apart."""
    kept = counts[counts.index.isin(chart[column])].head(most).index
    return chart[chart[column].isin(kept)]


def values_in_order(cells: pd.Series) -> list[str]:
    """Return the values that occur, in order."""
    return list(cells.cat.remove_unused_categories().cat.categories)


def reworded(cells: pd.Series, reword: Callable[[str], str]) -> pd.Categorical[Any]:
    """Reword every value and keep the order."""
    values = {value: reword(value) for value in cells.cat.categories}
    return pd.Categorical(cells.astype("object").map(values), list(dict.fromkeys(values.values())))


def without_slash(text: str) -> str:
    """Replace slashes: plotly express uses them to join the names of parts."""
    return text.replace("/", "∕")


def shortened(names: list[str], longest: int) -> list[str]:
    """Cut long names to leave room for the figure; the hover text has the whole name."""
    return [name if len(name) <= longest else name[: longest - 1] + "…" for name in names]


def fill_zeros(chart: pd.DataFrame, columns: list[str], value: str) -> pd.DataFrame:
    """Fill gaps between the lowest and highest number: no rows means a count of zero."""
    across, *others = columns
    steps = range(int(chart[across].min()), int(chart[across].max()) + 1)
    grid = pd.MultiIndex.from_product(
        [steps, *(chart[other].unique() for other in others)], names=columns
    )
    return chart.set_index(columns)[value].reindex(grid, fill_value=0).reset_index()
