"""Steps of a view in plain pandas. They import nothing of ours: the code of a view prints them as they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd


def read(folder: Path, file: str) -> pd.DataFrame:
    """Return the cells as text, as they stand in the file; an empty cell means not stated."""
    return pd.read_csv(folder / file, dtype="str", keep_default_na=False, na_values=[""])


def names_of(table: pd.DataFrame, key: str, name: str) -> dict[Any, str]:
    """Return id → name; where several share a name, their ids tell them apart."""
    names = table.set_index(key)[name]
    apart = names + " (" + names.index + ")"
    return names.where(~names.duplicated(keep=False), apart).to_dict()


def words_of_lists(cells: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Put words in the place of ids, in cells that list several."""
    return cells.map(lambda ids: [words[id] for id in ids], na_action="ignore").astype("object")


def words_of_pairs(
    kinds: pd.Series, cells: pd.Series, words: Mapping[tuple[str, str], str]
) -> pd.Series:
    """Put words in the place of ids that only their kind makes unique."""
    return pd.Series(
        [words[pair] for pair in zip(kinds, cells, strict=True)], cells.index, dtype="str"
    )


def number_texts(cells: pd.Series) -> pd.Series:
    """Write numbers as texts, to group by them."""
    return cells.map("{:.10g}".format, na_action="ignore")


def in_order(cells: pd.Series, order: Iterable[str], missing: str) -> pd.Categorical[Any]:
    """Give the values an order; what is missing is a value of its own, the last one."""
    values = list(dict.fromkeys([*order, missing]))
    return pd.Categorical(cells.astype("object").fillna(missing), values)


def as_table(
    rows: pd.DataFrame, columns: list[str], missing: str, lists: Iterable[str] = ()
) -> pd.DataFrame:
    """Return the columns to be read: lists joined, and words where a text is missing."""
    table = rows[columns].reset_index(drop=True)
    texts = table.select_dtypes(exclude="number").columns
    for column in lists:
        table[column] = table[column].map(", ".join, na_action="ignore")
    for column in texts:
        table[column] = table[column].astype("object").fillna(missing)
    return table


def share_stated(rows: pd.DataFrame, columns: list[str], measure: str, name: str) -> pd.DataFrame:
    """Return one row per group, with the share of its rows that state the measure, in percent."""
    groups = rows.groupby(columns, observed=True)
    return (groups[measure].count() / groups.size() * 100).round(1).reset_index(name=name)


def most_frequent(chart: pd.DataFrame, column: str, cells: pd.Series, most: int) -> pd.DataFrame:
    """Keep the most frequent values, as the cells count them: more cannot be told apart."""
    kept = cells[cells.isin(chart[column])].value_counts().head(most).index
    return chart[chart[column].isin(kept)]


def values_in_order(cells: pd.Series) -> list[str]:
    """Return the values that are there, in their order."""
    return list(cells.cat.remove_unused_categories().cat.categories)


def reworded(cells: pd.Series, reword: Callable[[str], str]) -> pd.Categorical[Any]:
    """Write every value in another way, in the same order."""
    values = {value: reword(value) for value in cells.cat.categories}
    return pd.Categorical(cells.astype("object").map(values), list(dict.fromkeys(values.values())))


def without_slash(text: str) -> str:
    """Plotly express joins the names of parts by slashes; those within a name get another sign."""
    return text.replace("/", "∕")


def shortened(names: list[str], longest: int) -> list[str]:
    """Cut what would take the room of the figure; the hover text has the whole name."""
    return [name if len(name) <= longest else name[: longest - 1] + "…" for name in names]


def fill_zeros(chart: pd.DataFrame, columns: list[str], value: str) -> pd.DataFrame:
    """Write zero where a number between the lowest and the highest has no row: that is a count too."""
    across, *others = columns
    steps = range(int(chart[across].min()), int(chart[across].max()) + 1)
    grid = pd.MultiIndex.from_product(
        [steps, *(chart[other].unique() for other in others)], names=columns
    )
    return chart.set_index(columns)[value].reindex(grid, fill_value=0).reset_index()
