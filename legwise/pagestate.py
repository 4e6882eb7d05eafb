"""Link states of the symptoms, risks, match, explore and data pages; those of find and compare are in :mod:`legwise.urlstate`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from legwise.catalogue import Catalogue
from legwise.explore import AGGREGATES, CHARTS, MOST_GROUPS, ExploreState, charts, first_look, settle, shown_fields
from legwise.findings import EvidenceFilter
from legwise.match import BY, Wish
from legwise.relations import Relation, relation_names
from legwise.safety import conditions
from legwise.urlreader import Dropped, Params, Reader, put
from legwise.urlstate import encode_filters, feature_names, read_filters, read_match_all

MAP_VIEWS = ("map", "bubbles")
MOST_SIDE_BY_SIDE = 5
#: Answers to "do you have one of these signs now?".
SIGNS = ("none", "some")


@dataclass(frozen=True)
class SymptomsState:
    """State of the symptoms page: the open cell (either half may be empty), which findings count, the view."""

    subject: str = ""
    symptom: str = ""
    wanted: EvidenceFilter = field(default_factory=EvidenceFilter)
    view: str = "map"


def encode_symptoms(state: SymptomsState) -> Params:
    """Link parameters of the symptoms page."""
    params: Params = {}
    wanted = state.wanted
    put(params, "subject", [state.subject] if state.subject else [])
    put(params, "symptom", [state.symptom] if state.symptom else [])
    put(params, "level", [str(wanted.max_level)] if wanted.max_level != EvidenceFilter.max_level else [])
    put(params, "direct", ["yes"] if wanted.direct else [])
    put(params, "people", list(wanted.populations))
    put(params, "design", list(wanted.designs))
    put(params, "direction", list(wanted.directions))
    put(params, "year_from", [str(wanted.year_from)] if wanted.year_from is not None else [])
    put(params, "claims", [] if wanted.claims else ["no"])
    put(params, "view", [state.view] if state.view != "map" else [])
    return params


def decode_symptoms(
    params: Mapping[str, Collection[str]], catalogue: Catalogue, subjects: Collection[str]
) -> tuple[SymptomsState, tuple[Dropped, ...]]:
    """Read the state of the symptoms page from a link."""
    reader = Reader(params)
    table = catalogue.package["evidence"]
    years = [str(year) for year in range(1900, 2101)]
    year = reader.one("year_from", years, "year", "")
    wanted = EvidenceFilter(
        max_level=int(reader.one("level", ("1", "2", "3", "4"), "level", str(EvidenceFilter.max_level))),
        direct=reader.flag("direct"),
        populations=reader.choices("people", list(table["population_group"].labels), "kind of people"),
        designs=reader.choices("design", list(table["design"].labels), "design"),
        directions=reader.choices("direction", list(table["direction"].labels), "direction"),
        year_from=int(year) if year else None,
        claims=reader.one("claims", ("yes", "no"), "setting", "yes") == "yes",
    )
    state = SymptomsState(
        subject=reader.one("subject", subjects, "device type, technique or feature", ""),
        symptom=reader.one("symptom", catalogue.keys("symptoms"), "symptom", ""),
        wanted=wanted,
        view=reader.one("view", MAP_VIEWS, "view", "map"),
    )
    return state, reader.finish()


@dataclass(frozen=True)
class RisksState:
    """State of the risks page: chosen conditions, which risk factors are listed, which are set side by side."""

    conditions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    modifiable: tuple[str, ...] = ()
    in_article: bool = False
    side_by_side: tuple[str, ...] = ()
    flow: str = "diabetes"


def encode_risks(state: RisksState) -> Params:
    """Link parameters of the risks page."""
    params: Params = {}
    put(params, "condition", list(state.conditions))
    put(params, "kind", list(state.kinds))
    put(params, "modifiable", list(state.modifiable))
    put(params, "in_article", ["yes"] if state.in_article else [])
    put(params, "risk_factor", list(state.side_by_side))
    put(params, "flow", [state.flow] if state.flow != RisksState.flow else [])
    return params


def decode_risks(params: Mapping[str, Collection[str]], catalogue: Catalogue) -> tuple[RisksState, tuple[Dropped, ...]]:
    """Read the state of the risks page from a link."""
    reader = Reader(params)
    table = catalogue.package["risk_factors"]
    state = RisksState(
        conditions=reader.choices("condition", list(conditions(catalogue)), "condition"),
        kinds=reader.choices("kind", list(table["kind"].labels), "kind of risk factor"),
        modifiable=reader.choices("modifiable", list(table["modifiable"].labels), "answer"),
        in_article=reader.flag("in_article"),
        side_by_side=reader.ids("risk_factor", circulation_factors(catalogue), "risk factor", MOST_SIDE_BY_SIDE),
        flow=reader.one("flow", flow_factors(catalogue), "risk factor with symptoms", RisksState.flow),
    )
    return state, reader.finish()


def circulation_factors(catalogue: Catalogue) -> tuple[str, ...]:
    """Risk factors that go with poor leg circulation, in file order."""
    return tuple(row["risk_factor"] for row in catalogue.records("risk_factors") if row["role"] == "circulation")


def flow_factors(catalogue: Catalogue) -> tuple[str, ...]:
    """Risk factors of which a symptom is recorded, in file order."""
    bring = {row["risk_factor"] for row in catalogue.records("risk_factor_symptoms")}
    return tuple(key for key in catalogue.keys("risk_factors") if key in bring)


@dataclass(frozen=True)
class MatchState:
    """State of the match page: the wish, and the answer to the question about warning signs."""

    wish: Wish = field(default_factory=Wish)
    signs: str = ""


def encode_match(state: MatchState) -> Params:
    """Link parameters of the match page."""
    params: Params = {}
    wish = state.wish
    put(params, "signs", [state.signs] if state.signs else [])
    put(params, "symptom", list(wish.symptoms))
    put(params, "condition", list(wish.conditions))
    put(params, "feature", list(wish.features))
    put(params, "budget", [f"{wish.budget:.10g}"] if wish.budget is not None else [])
    put(params, "by", [wish.by] if wish.by != "any" else [])
    return params


def decode_match(params: Mapping[str, Collection[str]], catalogue: Catalogue) -> tuple[MatchState, tuple[Dropped, ...]]:
    """Read the state of the match page from a link."""
    reader = Reader(params)
    budget = reader.whole("budget", 0)
    wish = Wish(
        symptoms=reader.choices("symptom", list(catalogue.keys("symptoms")), "symptom"),
        conditions=reader.choices("condition", list(conditions(catalogue)), "condition"),
        features=reader.choices("feature", feature_names(catalogue), "feature"),
        budget=float(budget) if budget else None,
        by=reader.one("by", list(BY), "choice", "any"),
    )
    return MatchState(wish, reader.one("signs", SIGNS, "answer", "")), reader.finish()


#: Before the name of a column in links of the explore page, where columns of any table meet our own names.
WHERE = "where."


def encode_explore(state: ExploreState, relation: Relation) -> Params:
    """Link parameters of the explore page; left out is what the table shows by itself."""
    params = {name: values for name, values in encode_filters(state.filters, WHERE).items() if values}
    put(params, "table", [state.relation] if state.relation != ExploreState.relation else [])
    put(params, "column", list(state.columns))
    put(params, "group", (list(state.group) or ["none"]) if state.group != first_look(relation).group else [])
    put(params, "aggregate", [state.aggregate] if state.aggregate != "rows" else [])
    put(params, "measure", [state.measure] if state.measure else [])
    put(params, "chart", [state.chart] if [state.chart] != [*charts(relation, state.group, state.aggregate)][:1] else [])
    for side in ("x", "y", "colour"):
        put(params, side, [getattr(state, side)] if getattr(state, side) else [])
    return {name: values for name, values in params.items() if any(values)}


def decode_explore(
    params: Mapping[str, Collection[str]], catalogue: Catalogue, relation: Callable[[str], Relation]
) -> tuple[ExploreState, tuple[Dropped, ...]]:
    """Read the state of the explore page from a link; ``relation`` gives the table or join of a name."""
    reader = Reader(params)
    name = reader.one("table", relation_names(catalogue.package), "table or join", ExploreState.relation)
    chosen = relation(name)
    shown = [field.name for field in shown_fields(chosen)]
    fields = [field.name for field in chosen.table.fields]
    groupable = [field.name for field in chosen.groupable]
    groups = reader.ids("group", [*groupable, "none"], "column to group by", MOST_GROUPS)
    state = ExploreState(
        relation=name,
        columns=reader.ids("column", shown, "column"),
        filters=tuple(read_filters(reader, chosen.index, read_match_all(reader, chosen.index), WHERE)),
        group=tuple(group for group in groups if group in groupable) if groups else first_look(chosen).group,
        aggregate=reader.one("aggregate", list(AGGREGATES), "aggregate", "rows"),
        measure=reader.one("measure", shown, "column", ""),
        chart=reader.one("chart", list(CHARTS), "chart", ""),
        x=reader.one("x", fields, "column", ""),
        y=reader.one("y", fields, "column", ""),
        colour=reader.one("colour", fields, "column", ""),
    )
    settled = settle(state, chosen)
    for own in ("group", "aggregate", "measure", "chart", "x", "y", "colour"):
        wanted = getattr(state, own)
        if wanted and wanted != getattr(settled, own):
            reader.drop(own, ", ".join(wanted) if own == "group" else wanted, "it does not go with the rest of the link")
    return settled, reader.finish()


#: Parts of the data page → their names on screen.
DATA_VIEWS = {"tables": "The tables", "trust": "How far to trust them", "changes": "What changed"}


@dataclass(frozen=True)
class DataState:
    """State of the data page: its open part, and the open table."""

    view: str = "tables"
    table: str = "devices"


def encode_data(state: DataState) -> Params:
    """Link parameters of the data page."""
    params: Params = {}
    put(params, "view", [state.view] if state.view != "tables" else [])
    put(params, "table", [state.table] if state.table != "devices" else [])
    return params


def decode_data(params: Mapping[str, Collection[str]], catalogue: Catalogue) -> tuple[DataState, tuple[Dropped, ...]]:
    """Read the state of the data page from a link."""
    reader = Reader(params)
    view = reader.one("view", DATA_VIEWS, "part of this page", "tables")
    table = reader.one("table", list(catalogue.package.by_name), "table", "devices")
    return DataState(view, table), reader.finish()
