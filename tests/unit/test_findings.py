from hypothesis import given

from legwise.charts.evidence import (
    cell_mark,
    cell_step,
    evidence_map,
    map_groups,
    map_rows,
    map_words,
)
from legwise.rules.findings import (
    EvidenceFilter,
    design_and_level,
    dropped_frame,
    finding_table,
    select_findings,
)
from legwise.rules.verdicts import verdicts
from legwise.tables.stated import is_stated
from tests.packages import small
from tests.strategies import asking, evidence_filters
from tests.tables import on_disk

CATALOGUE = small()
TABLE = CATALOGUE.package["evidence"]
ROWS = CATALOGUE["evidence"]
CELL = ["subject_kind", "subject", "symptom"]
STUDIED = set(ROWS[ROWS["level"].notna()][CELL].itertuples(index=False, name=None))
YEARS = {row["source_id"]: int(row["year"] or 0) for row in on_disk("sources")}


def naive(wanted):
    """The rows that stay, read from the file and with plain comparisons."""
    rows = on_disk("evidence")
    if wanted.max_level < 4:
        rows = [row for row in rows if row["level"] and int(row["level"]) <= wanted.max_level]
    if wanted.direct:
        rows = [row for row in rows if row["subject_kind"] == "device_type"]
    for name, values in (
        ("population_group", wanted.populations),
        ("design", wanted.designs),
        ("direction", wanted.directions),
    ):
        if values:
            rows = [row for row in rows if row[name] in values]
    if wanted.year_from:
        rows = [row for row in rows if YEARS[row["source_id"]] >= wanted.year_from]
    return rows


@given(evidence_filters)
@asking(200)
def test_verdicts_and_naive_recount_agree_for_every_cell(wanted):
    selection = select_findings(CATALOGUE, wanted)
    rows = naive(wanted)
    assert [row["evidence_id"] for row in selection.kept] == [row["evidence_id"] for row in rows]
    cells = verdicts(CATALOGUE, selection.kept, claims=wanted.claims)
    grouped = {}
    for row in rows:
        if row["level"]:
            grouped.setdefault(tuple(row[name] for name in CELL), []).append(row)
    for key, cell in cells.items():
        group = grouped.get(key)
        if group is None:
            assert cell.tier is None
            assert (cell.state == "filtered") == (key in STUDIED)
            continue
        strong = [row for row in group if int(row["level"]) <= 2]
        kinds = {row["direction"] for row in strong or group}
        assert cell.tier == min(3, *(int(row["level"]) for row in group))
        assert cell.direction == (kinds.pop() if len(kinds) == 1 else "mixed")
        assert cell.studies == len({row["source_id"] for row in group})


@given(evidence_filters)
@asking(200)
def test_map_and_its_words_show_the_verdicts(wanted):
    kept = select_findings(CATALOGUE, wanted).kept
    cells = verdicts(CATALOGUE, kept, claims=wanted.claims)
    groups = map_groups(CATALOGUE, map_rows(CATALOGUE), cells)
    shown = {
        (kind, subject, symptom): drawn
        for _, rows in groups
        for (_, _, kind, subject), its in rows
        for symptom, drawn in zip(CATALOGUE.names("symptoms"), its, strict=True)
    }
    assert shown.keys() == cells.keys()
    names = CATALOGUE.names("symptoms")
    for key, cell in cells.items():
        assert shown[key] == (names[key[2]], cell_step(cell), cell_mark(cell), cell.words)


@given(evidence_filters)
@asking(20)
def test_figure_and_table_twin_show_the_verdicts(wanted):
    kept = select_findings(CATALOGUE, wanted).kept
    cells = verdicts(CATALOGUE, kept, claims=wanted.claims)
    chart = evidence_map(CATALOGUE, cells=cells)
    assert chart.table.equals(map_words(CATALOGUE, cells))
    (marks,) = (trace for trace in chart.figure.data if trace.customdata is not None)
    names = CATALOGUE.names("symptoms")
    twin = chart.table.set_index("Subject").to_dict("index")
    for (kind, subject, symptom), text in zip(marks.customdata, marks.text, strict=True):
        cell = cells[kind, subject, symptom]
        assert text == cell_mark(cell)
        assert twin[CATALOGUE.subject_label(kind, subject)][names[symptom]] == cell.words


@given(evidence_filters)
@asking(40)
def test_dropping_rows_changes_only_cells_that_held_them(wanted):
    selection = select_findings(CATALOGUE, wanted)
    before, after = verdicts(CATALOGUE), verdicts(CATALOGUE, selection.kept)
    touched = {
        (row["subject_kind"], row["subject"], row["symptom"]) for row, _ in selection.dropped
    }
    for key, cell in before.items():
        if key not in touched:
            assert after[key] == cell


def test_nothing_is_lost_between_kept_and_dropped():
    selection = select_findings(CATALOGUE, EvidenceFilter(max_level=2, direct=True))
    assert len(selection.kept) + len(selection.dropped) == len(ROWS)
    assert all(reasons for _, reasons in selection.dropped)
    assert len(dropped_frame(CATALOGUE, selection)) == len(selection.dropped)


def test_without_claims_no_cell_is_claimed():
    assert not any(cell.state == "claimed" for cell in verdicts(CATALOGUE, claims=False).values())


def test_a_verdict_gives_its_reason_and_its_best_sources():
    about = {**CATALOGUE.records("evidence")[0]}
    about |= {"subject_kind": "device_type", "subject": "air_compression", "symptom": "swelling"}
    works = (
        CATALOGUE["sources"]
        .dropna(subset="year")
        .drop_duplicates("year")
        .sort_values("year")["source_id"]
        .tolist()
    )
    levels = [(1, "no_difference"), (2, "unclear"), (1, "no_difference"), (3, "benefit")]
    rows = [
        {**about, "source_id": work, "level": level, "direction": direction}
        for work, (level, direction) in zip(works, levels, strict=False)
    ]
    cell = verdicts(CATALOGUE, rows)["device_type", "air_compression", "swelling"]
    assert cell.best_sources == (works[2], works[0])
    assert cell.reason == (
        "The direction is mixed, read from 3 findings of levels 1 and 2 (2 no difference, 1 unclear); "  # noqa: E501
        "best kind: systematic reviews."
    )


def test_exported_findings_carry_citation_and_link():
    frame = finding_table(CATALOGUE, CATALOGUE.records("evidence")).frame
    assert frame["Finding"].tolist() == [row["finding"] for row in on_disk("evidence")]
    assert frame["Citation"].map(bool).all()
    assert frame["Link"].str.startswith("http").all()
    assert is_stated(frame["Finding"].iloc[0])


def test_a_finding_says_its_design_what_a_review_took_in_and_its_level(catalogue):
    table, row = catalogue.package["evidence"], catalogue.records("evidence")[0]
    reviews = [
        design_and_level(
            catalogue, {**row, "design": "systematic_review", "review_of": kind, "level": 1}
        )
        for kind in table["review_of"].labels
    ]
    assert reviews[0] == "Systematic review (randomised trials only), OCEBM level 1"
    assert len(set(reviews)) == len(reviews) > 1
    trial = {**row, "design": "randomised_trial", "review_of": None, "level": 2}
    assert (
        design_and_level(catalogue, trial)
        == f"{table['design'].labels['randomised_trial']}, OCEBM level 2"
    )
    guide = {**trial, "design": "guideline", "level": None}
    assert (
        design_and_level(catalogue, guide)
        == f"{table['design'].labels['guideline']}, no OCEBM level"
    )
