"""The code of a view gives the view: run elsewhere, on the CSV files alone, it makes the same
table and figure.
"""

import json
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import strategies as st

from legwise.charts.theme import PALETTES, ink_on, layout
from legwise.explore.relations import load_relation, relation_names
from legwise.explore.state import AGGREGATES, CHARTS, SIDES, ExploreState, first_look, settle
from legwise.explore.view import look
from legwise.facets.filters import Choice, DateSpan, Span
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED
from tests.packages import SMALL, small
from tests.strategies import examples, explore_states, relation
from tests.unit.test_charts import contrast

CATALOGUE = small()
RELATIONS = {name: relation(name) for name in relation_names(CATALOGUE.package)}
# : Runs scripts one by one, each in names of its own, and keeps what they made. It cannot import
# the project.
RUNNER = """
import pickle, runpy, sys, warnings
warnings.simplefilter("error")
made = []
for path in sys.argv[2:]:
    names = runpy.run_path(path)
    figure = names.get("figure")
    made.append((names["table"], figure.to_json() if figure is not None else None, "legwise" in
    sys.modules))
pickle.dump(made, open(sys.argv[1], "wb"))
"""


def run_scripts(folder, scripts, data=SMALL):
    """Run the scripts in one fresh interpreter beside the data folder; return what each made."""
    (folder / "data").symlink_to(data)
    paths = []
    for index, script in enumerate(scripts):
        paths.append(folder / f"view{index}.py")
        paths[-1].write_text(script, encoding="utf-8")
    command = [sys.executable, "-I", "-c", RUNNER, str(folder / "made"), *map(str, paths)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return pickle.loads((folder / "made").read_bytes())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_in_stacked_bars_have_the_ink_that_their_colour_asks_for(theme):
    state = ExploreState("devices", group=("device_type", "power"), chart="stacked")
    figure = look(relation("devices"), state, theme).explored.figure
    inks = [bar.insidetextfont.color for bar in figure.layout.template.data.bar]
    assert inks == [ink_on(bar.marker.color) for bar in figure.data]
    assert len(figure.data) > 2


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("chart", ["treemap", "sunburst"])
@pytest.mark.parametrize("groups", [("power", "heat"), ("brand",)])
def test_words_on_areas_contrast_with_the_colour_of_each(theme, chart, groups, monkeypatch):
    # Too many for a colour each.
    monkeypatch.setattr("legwise.explore.chart_kinds.MOST_COLOURS", 5)
    state = ExploreState("devices", group=groups, chart=chart)
    figure = look(relation("devices"), state, theme).explored.figure
    (areas,) = figure.data
    coloured = len(groups) > 1
    colours = areas.marker.colors if coloured else figure.layout[f"{chart}colorway"]
    inks = areas.textfont.color if coloured else [areas.textfont.color]
    assert len(set(colours)) == (4 if coloured else 1)
    assert all(contrast(*pair) >= 4.5 for pair in zip(inks, colours, strict=True))
    # Else there are colours that we have not chosen an ink for.
    assert coloured or figure.layout[f"extend{chart}colors"] is False


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_in_a_heat_map_are_readable_from_one_end_of_its_colours_to_the_other(theme):
    state = ExploreState("devices", group=("device_type", "heat"), chart="heat_map")
    figure = look(relation("devices"), state, theme).explored.figure
    ink = figure.data[0].textfont.color
    ends = [colour for _, colour in figure.layout.coloraxis.colorscale]
    assert len(ends) == 2
    assert all(contrast(ink, end) >= 4.5 for end in ends)


def hold_equal(view, made):
    table, figure, ours = made
    assert not ours
    pd.testing.assert_frame_equal(view.table, table)
    assert (view.explored.figure.to_json() if view.explored else None) == figure


def states():
    """Some states of every chart, aggregate and table, and one with a filter of dates."""
    for aggregate in AGGREGATES:
        numbers = (relation for relation in RELATIONS.values() if relation.numeric)
        group = ExploreState("devices", group=("device_type",), aggregate=aggregate)
        yield from (settle(replace(group, relation=its.name), its) for its in numbers)
    days = DateSpan(date(2010, 1, 1), date(2020, 12, 31), not_stated=True)
    dated = ExploreState("clearances", filters=(("date_cleared", days),))
    yield settle(dated, RELATIONS["clearances"])
    for chart in CHARTS:
        fitting = [
            relation
            for relation in RELATIONS.values()
            if chart not in SIDES or (len(relation.numeric) > 1 and len(relation.groupable) > 1)
            if relation.groupable
        ]
        of_chart = st.sampled_from(fitting).flatmap(
            lambda relation, chart=chart: explore_states(relation, chart)
        )
        yield from examples(of_chart, 6)
    for explored in RELATIONS.values():
        yield from examples(explore_states(explored), 6)


@pytest.fixture(scope="module")
def views():
    return [
        look(RELATIONS[state.relation], state, "dark" if index % 3 == 0 else "light")
        for index, state in enumerate(states())
    ]


@pytest.mark.slow
def test_the_states_cover_what_a_view_can_be(views):
    drawn = {view.state.chart for view in views if view.explored}
    assert drawn == set(CHARTS)
    assert {view.state.aggregate for view in views} == set(AGGREGATES)
    assert {view.relation.name for view in views} == set(RELATIONS)
    filters = [
        (view.relation.table[name], item) for view in views for name, item in view.state.filters
    ]
    assert {field.type for field, _ in filters} == {
        "string",
        "boolean",
        "integer",
        "number",
        "list",
        "date",
    }
    assert any(isinstance(item, Choice) and NOT_STATED in item.values for _, item in filters)
    assert any(
        isinstance(item, Choice) and item.match_all and len(item.values) > 1 for _, item in filters
    )
    assert any(isinstance(item, Span) and item.not_stated and item.bounded for _, item in filters)
    assert any(view.matches.total == 0 for view in views)
    assert any(view.notes for view in views)
    assert sum(view.explored is not None for view in views) >= 100


@pytest.mark.slow
def test_the_code_of_a_view_makes_its_table_and_its_figure(views, tmp_path):
    for view, made in zip(views, run_scripts(tmp_path, [view.code for view in views]), strict=True):
        hold_equal(view, made)


@pytest.mark.parametrize("name", RELATIONS)
def test_every_relation_opens_with_a_look_that_has_rows(name):
    relation = RELATIONS[name]
    view = look(relation, first_look(relation))
    assert len(view.table)
    assert view.explored or all(field.is_list for field in relation.groupable)


def test_a_grouped_table_counts_what_pandas_counts(catalogue):
    view = look(RELATIONS["devices"], settle(ExploreState(group=("heat",)), RELATIONS["devices"]))
    heat = catalogue["devices"]["heat"]
    expected = {
        "yes": int(heat.eq(True).sum()),
        "no": int(heat.eq(False).sum()),
        "not stated": int(heat.isna().sum()),
    }
    assert dict(zip(view.table["heat"], view.table["rows"], strict=True)) == expected


@pytest.mark.parametrize("theme", PALETTES)
def test_a_figure_has_the_font_and_the_ink_of_the_house(theme):
    relation = RELATIONS["devices"]
    figure = look(relation, first_look(relation), theme).explored.figure
    house, look_of_it = layout(PALETTES[theme]), figure.layout.template.layout
    assert look_of_it.font.to_plotly_json() == house["font"]
    assert look_of_it.paper_bgcolor == look_of_it.plot_bgcolor == house["paper_bgcolor"]
    assert look_of_it.yaxis.automargin
    # Names along an axis push its title aside.
    assert look_of_it.yaxis.title.standoff


def test_too_many_values_are_cut_and_the_rest_is_counted():
    devices = pd.concat([CATALOGUE["devices"]] * 3, ignore_index=True)
    devices["brand"] = [f"Brand {number}" for number in range(len(devices))]
    many = Catalogue(CATALOGUE.package, {**CATALOGUE.tables, "devices": devices})
    relation = load_relation(many, "devices")
    view = look(relation, settle(ExploreState(group=("brand",), chart="bar"), relation))
    brands = relation.frame["brand"].nunique(dropna=False)
    assert len(view.table) == brands
    assert (
        f"Brand: the 30 most frequent of {brands} values are drawn; {brands - 30} are left out."
        in view.notes
    )
    assert len(json.loads(view.explored.figure.to_json())["data"][0]["y"]) == 30


def test_rows_of_a_list_count_once_for_each_value_and_it_is_said():
    relation = RELATIONS["devices"]
    view = look(relation, settle(ExploreState(group=("techniques",)), relation))
    assert view.notes == ("Techniques: a row counts once for each of its values.",)
    counts = dict(zip(view.table["techniques"], view.table["rows"], strict=True))
    labels = relation.table["techniques"].labels
    for value, label in labels.items():
        expected = relation.frame["techniques"].map(lambda items, value=value: value in items).sum()
        assert counts.get(label, 0) == expected


def test_the_verdict_of_every_device_and_symptom_is_that_of_its_type():
    from legwise.rules.verdicts import verdicts

    relation = RELATIONS["devices_by_symptom"]
    cells = verdicts(CATALOGUE)
    assert len(relation.frame) == len(CATALOGUE["devices"]) * len(CATALOGUE["symptoms"])
    for row in relation.frame.iloc[::37].to_dict("records"):
        verdict = cells["device_type", row["device_type"], row["symptom"]]
        assert row["state"] == verdict.state
        assert (row["direction"] if verdict.direction else None) == verdict.direction
        assert len(row["finding_sources"]) == verdict.studies


def test_a_number_says_how_many_rows_it_rests_on():
    relation = RELATIONS["devices"]
    state = settle(
        ExploreState(group=("device_type",), aggregate="median", measure="price_usd"), relation
    )
    view = look(relation, state)
    frame = relation.frame
    assert view.table["stated_by"].sum() == frame["price_usd"].notna().sum()
    missing = int(frame["price_usd"].isna().sum())
    assert (
        f"{missing} of {len(frame)} rows do not state price; "
        "each number is based on those of its group that do." in view.notes
    )
    assert view.explored.figure.data[0].customdata is not None
    assert "Rows that state it" in view.headings.values()


def test_what_is_drawn_is_cut_among_what_can_be_drawn():
    relation = RELATIONS["devices"]
    state = settle(
        ExploreState(group=("brand",), aggregate="mean", measure="weight_kg", chart="bar"), relation
    )
    view = look(relation, state)
    stated = int(view.table["mean_weight_kg"].notna().sum())
    assert len(view.explored.figure.data[0]["y"]) == stated
    assert not [note for note in view.notes if "most frequent" in note]


def test_rows_are_counted_before_their_lists_are_spread():
    relation = RELATIONS["devices"]
    view = look(
        relation, settle(ExploreState(chart="strip", x="price_usd", y="techniques"), relation)
    )
    stated = int(relation.frame["price_usd"].notna().sum())
    assert (
        f"{stated} of {len(relation.frame)} rows are drawn; {len(relation.frame) - stated} do not state price."  # noqa: E501
        in view.notes
    )


def test_years_have_no_separators():
    relation = RELATIONS["findings_with_sources"]
    view = look(
        relation, settle(ExploreState(group=("design",), aggregate="min", measure="year"), relation)
    )
    assert not view.texts(separators=True).iloc[:, -1].str.contains(",").any()
    assert "," not in view.explored.figure.data[0].texttemplate


def test_a_line_of_counts_falls_to_zero_where_there_is_nothing():
    relation = RELATIONS["findings_with_sources"]
    view = look(relation, settle(ExploreState(group=("year", "direction"), chart="line"), relation))
    lines = view.explored.figure.data
    years = sorted(relation.frame["year"].dropna().astype(int))
    assert all(list(line.x) == list(range(years[0], years[-1] + 1)) for line in lines)
    assert sum(sum(line.y) for line in lines) == len(years)


def test_numbers_of_different_kinds_are_not_averaged_in_silence():
    relation = RELATIONS["risk_effects"]
    mixed = ExploreState(group=("risk_factor",), aggregate="mean", measure="estimate")
    told = "These numbers mix different kinds: group or filter by measure."
    assert told in look(relation, settle(mixed, relation)).notes
    one = settle(replace(mixed, filters=(("effect_measure", Choice(("odds ratio",))),)), relation)
    assert told not in look(relation, one).notes
    assert (
        told
        not in look(relation, settle(replace(mixed, group=("effect_measure",)), relation)).notes
    )


def test_works_of_one_title_stay_two():
    relation = RELATIONS["red_flags"]
    view = look(relation, settle(ExploreState(group=("source_ids",)), relation))
    assert len(view.table) == len(
        {source for ids in relation.frame["source_ids"] for source in ids}
    )


def test_products_that_stand_several_times_say_so():
    relation = RELATIONS["devices_by_symptom"]
    assert (
        look(relation, first_look(relation))
        .notes[0]
        .startswith("Each product appears once per symptom")
    )
