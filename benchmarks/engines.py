"""The same question, asked of Legwise and of its peers.

Question: of the devices with heat, whose remote control is yes or not stated, that roll or knead, and that
weigh at most 20 kg or do not state it: how many are there, which are the first 25 by weight (not stated
last, then in file order), and for each of eight facets, how many would each value give (a facet's own
choice left out)?

Every engine gets the data in the form it likes best: list columns come as one boolean column a value, for
the databases as 0/1, because unnesting lists would only make them slower. Datasette and
``dataframe_explorer`` cannot ask the whole question: see their docstrings.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from legwise.answers.devices import PAGE_SIZE, FacetIndex
from legwise.answers.query import DeviceQuery
from legwise.facets.codes import ValueCounts
from legwise.facets.filters import Choice, Span
from legwise.tables.catalogue import Catalogue

LISTS = ("techniques", "body_areas")
PLAIN = ("device_type", "heat", "remote_control", "power", "cordless", "source_kind")
FACETS = (*LISTS, *PLAIN)
MISSING = "not_stated"
FILTERS = {
    "heat": ("yes",),
    "remote_control": ("yes", MISSING),
    "techniques": ("rolling", "kneading"),
    "weight_kg": 20.0,
}
#: What an engine answers: total, positions of the first page, and facet → value → count (zeros left out).
Answer = tuple[int, list[int], dict[str, dict[str, int]]]


def bootstrap(catalogue: Catalogue, rows: int, seed: int = 20261122) -> pd.DataFrame:
    """Draw ``rows`` rows of the shipped devices with replacement."""
    devices = catalogue["devices"]
    return devices.iloc[np.random.default_rng(seed).integers(0, len(devices), rows)].reset_index(
        drop=True
    )


def flatten(catalogue: Catalogue, frame: pd.DataFrame) -> pd.DataFrame:
    """One text column a plain facet, one boolean column a value of a list facet, and the weight."""
    flat = {"weight_kg": frame["weight_kg"]}
    for name in PLAIN:
        cells = (
            frame[name].map({True: "yes", False: "no"})
            if frame[name].dtype == "boolean"
            else frame[name]
        )
        flat[name] = cells.astype("object").where(cells.notna(), MISSING).astype("str")
    for name in LISTS:
        codes, distinct = pd.factorize(frame[name])
        for value in (*catalogue.package["devices"][name].labels, MISSING):
            has = np.array(
                [value in cell if cell else value == MISSING for cell in distinct], dtype=bool
            )
            flat[f"{name}__{value}"] = pd.Series(has[codes])
    return pd.DataFrame(flat)


def legwise_engine(catalogue: Catalogue, frame: pd.DataFrame) -> Callable[[], Answer]:
    """Legwise: codes, one running count of satisfied filters, bincount."""
    index = FacetIndex(catalogue, frame, facets=[*FACETS, "weight_kg"])
    query = DeviceQuery(
        filters=(
            *(
                (name, Choice(values))
                for name, values in FILTERS.items()
                if isinstance(values, tuple)
            ),
            ("weight_kg", Span(high=20.0, not_stated=True)),
        ),
        sort="weight_kg",
    )

    def ask() -> Answer:
        answer = index.ask(query)
        counts = {}
        for name in FACETS:
            facet = answer.counts[name]
            assert isinstance(facet, ValueCounts)
            counts[name] = {value: number for value, number in facet.counts if number}
        return answer.total, answer.page_rows.tolist(), counts

    return ask


def pandas_engine(catalogue: Catalogue, frame: pd.DataFrame) -> Callable[[], Answer]:
    """Plain pandas on categorical columns: boolean masks, ``value_counts`` a facet."""
    flat = flatten(catalogue, frame)
    for name in PLAIN:
        flat[name] = flat[name].astype("category")
    members = {
        name: [column for column in flat if column.startswith(f"{name}__")] for name in LISTS
    }

    def ask() -> Answer:
        masks = {
            "heat": flat["heat"].isin(FILTERS["heat"]),
            "remote_control": flat["remote_control"].isin(FILTERS["remote_control"]),
            "techniques": flat["techniques__rolling"] | flat["techniques__kneading"],
            "weight_kg": (flat["weight_kg"] <= FILTERS["weight_kg"]) | flat["weight_kg"].isna(),
        }

        def but(name: str) -> pd.Series:
            kept = pd.Series(True, index=flat.index)
            for other, mask in masks.items():
                if other != name:
                    kept &= mask
            return kept

        hit = but("")
        counts = {}
        for name in FACETS:
            left = flat[but(name)] if name in masks else flat[hit]
            if name in LISTS:
                sums = left[members[name]].sum()
                counts[name] = {
                    key.partition("__")[2]: int(number) for key, number in sums.items() if number
                }
            else:
                counts[name] = {
                    str(key): int(number)
                    for key, number in left[name].value_counts().items()
                    if number
                }
        page = (
            flat.loc[hit, "weight_kg"]
            .sort_values(kind="stable", na_position="last")
            .index[:PAGE_SIZE]
        )
        return int(hit.sum()), [int(position) for position in page], counts

    return ask


def polars_engine(catalogue: Catalogue, frame: pd.DataFrame) -> Callable[[], Answer]:
    """Polars, lazily, all its counts in one collection so that it can share scans and threads."""
    import polars as pl

    flat = pl.from_pandas(flatten(catalogue, frame)).with_row_index("place")
    flat = flat.with_columns([pl.col(name).cast(pl.Categorical) for name in PLAIN])
    members = {
        name: [column for column in flat.columns if column.startswith(f"{name}__")]
        for name in LISTS
    }
    masks = {
        "heat": pl.col("heat") == "yes",
        "remote_control": (pl.col("remote_control") == "yes")
        | (pl.col("remote_control") == MISSING),
        "techniques": pl.col("techniques__rolling") | pl.col("techniques__kneading"),
        "weight_kg": (pl.col("weight_kg") <= FILTERS["weight_kg"])
        | pl.col("weight_kg").is_null()
        | pl.col("weight_kg").is_nan(),
    }

    def but(name: str) -> Any:
        kept = [mask for other, mask in masks.items() if other != name]
        return pl.all_horizontal(kept)

    def ask() -> Answer:
        lazy = flat.lazy()
        plans = []
        for name in FACETS:
            left = lazy.filter(but(name if name in masks else ""))
            if name in LISTS:
                plans.append(left.select([pl.col(column).sum() for column in members[name]]))
            else:
                plans.append(left.group_by(name).len())
        hit = lazy.filter(but(""))
        plans.append(hit.select(pl.len()))
        plans.append(
            hit.select("place", "weight_kg")
            .sort("weight_kg", nulls_last=True, maintain_order=True)
            .head(PAGE_SIZE)
        )
        *facets, total, page = pl.collect_all(plans)
        counts = {}
        for name, facet in zip(FACETS, facets, strict=True):
            if name in LISTS:
                counts[name] = {
                    key.partition("__")[2]: value
                    for key, value in facet.row(0, named=True).items()
                    if value
                }
            else:
                counts[name] = {str(key): value for key, value in facet.iter_rows() if value}
        return total.item(), page["place"].to_list(), counts

    return ask


def _where(but: str = "") -> str:
    parts = {
        "heat": "heat = 'yes'",
        "remote_control": f"remote_control in ('yes', '{MISSING}')",
        "techniques": "(techniques__rolling or techniques__kneading)",
        "weight_kg": f"(weight_kg <= {FILTERS['weight_kg']} or weight_kg is null)",
    }
    return " and ".join(part for name, part in parts.items() if name != but)


def _ask_sql(
    fetch: Callable[[str], list[tuple[Any, ...]]], members: dict[str, list[str]]
) -> Answer:
    counts = {}
    for name in FACETS:
        if name in LISTS:
            sums = ", ".join(f"sum({column})" for column in members[name])
            values = fetch(f"select {sums} from devices where {_where(name)}")[0]
            pairs = zip(
                (column.partition("__")[2] for column in members[name]), values, strict=True
            )
        else:
            pairs = iter(
                fetch(f"select {name}, count(*) from devices where {_where(name)} group by 1")
            )
        counts[name] = {str(key): int(number) for key, number in pairs if number}
    total = fetch(f"select count(*) from devices where {_where()}")[0][0]
    page = fetch(
        f"select place from devices where {_where()} order by weight_kg is null, weight_kg, place limit {PAGE_SIZE}"
    )
    return int(total), [int(position) for (position,) in page], counts


def duckdb_engine(catalogue: Catalogue, frame: pd.DataFrame) -> Callable[[], Answer]:
    """DuckDB in memory, text columns as enums."""
    import duckdb

    flat = flatten(catalogue, frame)
    members = {
        name: [column for column in flat if column.startswith(f"{name}__")] for name in LISTS
    }
    for column in (column for columns in members.values() for column in columns):
        flat[column] = flat[column].astype("int8")
    flat.insert(0, "place", np.arange(len(flat)))
    for name in PLAIN:
        flat[name] = flat[name].astype("category")
    base = duckdb.connect()
    base.register("source", flat)
    base.execute(
        "create table devices as select * replace (nullif(weight_kg, 'nan'::double) as weight_kg) from source"
    )
    base.unregister("source")
    return lambda: _ask_sql(lambda sql: base.execute(sql).fetchall(), members)


def sqlite_file(catalogue: Catalogue, frame: pd.DataFrame, path: Path) -> dict[str, list[str]]:
    """Write the flat table to a SQLite file with an index a filtered column; return the list members."""
    flat = flatten(catalogue, frame)
    members = {
        name: [column for column in flat if column.startswith(f"{name}__")] for name in LISTS
    }
    for column in (column for columns in members.values() for column in columns):
        flat[column] = flat[column].astype("int8")
    flat.insert(0, "place", np.arange(len(flat)))
    with sqlite3.connect(path) as base:
        flat.to_sql("devices", base, index=False, chunksize=50_000)
        for name in ("heat", "remote_control", "weight_kg"):
            base.execute(f"create index by_{name} on devices ({name})")
        base.execute("analyze")
    return members


def sqlite_engine(catalogue: Catalogue, frame: pd.DataFrame, path: Path) -> Callable[[], Answer]:
    """SQLite with indexes on the filtered columns."""
    members = sqlite_file(catalogue, frame, path)
    base = sqlite3.connect(path)
    return lambda: _ask_sql(lambda sql: base.execute(sql).fetchall(), members)


def datasette_engine(catalogue: Catalogue, frame: pd.DataFrame, path: Path) -> Callable[[], Answer]:
    """Datasette's facet JSON on the same file, its time limits lifted.

    It facets the six plain columns only and leaves no facet's own choice out, so its counts are compared
    where a facet is not filtered; it reads the file's first 25 rows by weight as the page.
    """
    from datasette.app import Datasette

    sqlite_file(catalogue, frame, path)
    limits = {
        "sql_time_limit_ms": 600_000,
        "facet_time_limit_ms": 600_000,
        "max_returned_rows": 1000,
        "suggest_facets": 0,
    }
    server = Datasette([str(path)], settings=limits)
    facets = "".join(f"&_facet={name}" for name in PLAIN)
    # "or" across columns and null cannot be said with Datasette's filters: _where says them in SQL.
    url = (
        f"/{path.stem}/devices.json?_size={PAGE_SIZE}&_sort=weight_kg&_where=(techniques__rolling+or+techniques__kneading)"
        f"&_where=(weight_kg+<=+{FILTERS['weight_kg']}+or+weight_kg+is+null)&heat=yes&remote_control__in=yes,{MISSING}"
        f"&_facet_size=max{facets}"
    )
    loop = asyncio.new_event_loop()

    def ask() -> Answer:
        answer = json.loads(loop.run_until_complete(server.client.get(url)).text)
        facets = answer["facet_results"]
        facets = facets.get("results", facets)
        counts = {
            name: {str(item["value"]): item["count"] for item in facets[name]["results"]}
            for name in PLAIN
            if name not in ("heat", "remote_control")
        }
        return answer["filtered_table_rows_count"], [], counts

    return ask


def explorer_engine(catalogue: Catalogue, frame: pd.DataFrame) -> Callable[[], Answer]:
    """``dataframe_explorer`` of streamlit-extras: its filters only, with its widgets answering at once.

    It has no counts and no paging, drops rows with a missing number, and cannot say "any of these items"
    of a list, so it is timed on the filters it can do (heat, remote control) and compared on their total.
    """
    import streamlit_extras.dataframe_explorer as explorer

    flat = flatten(catalogue, frame)[[*PLAIN, "weight_kg"]]
    for name in PLAIN:
        flat[name] = flat[name].astype("category")

    class Widgets:
        """Answers of a visitor who filters heat and remote control."""

        def __getattr__(self, name: str) -> Any:
            return lambda *args, **kwargs: self

        def __enter__(self) -> Widgets:
            return self

        def __exit__(self, *args: object) -> None:
            return None

        def columns(self, *args: object, **kwargs: object) -> tuple[Widgets, Widgets]:
            return self, self

        def multiselect(self, label: str, *args: object, **kwargs: object) -> list[str]:
            for name in ("heat", "remote_control"):
                if re.search(rf"\b{name}\b", label):
                    return list(FILTERS[name])
            return ["heat", "remote_control"]

    explorer.st = Widgets()  # its widgets answer at once

    def ask() -> Answer:
        left = explorer.dataframe_explorer(flat, case=False)
        return len(left), [], {}

    return ask
