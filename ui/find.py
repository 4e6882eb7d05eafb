"""The device list as widgets: search, filters, order, view, columns, pages, picks, charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from legwise.answers.devices import TYPE, Answer, DeviceIndex, families, listed_devices
from legwise.answers.query import BY_FACTS, SYMPTOM, TEXT, DeviceQuery, phrases
from legwise.answers.relaxations import relaxations
from legwise.charts.devices import (
    FEW_POINTS,
    feature_by_type,
    number_by_type,
    pairs_with_points,
    share_stated,
    two_numbers,
)
from legwise.charts.theme import Chart
from legwise.facets.codes import ValueCounts
from legwise.facets.filters import Choice, Filter
from legwise.links.compare import MOST_COMPARED
from legwise.links.filters import facet_key, value_key
from legwise.links.find import (
    VIEWS,
    FindState,
    column_names,
    feature_names,
    number_names,
    sort_keys,
)
from legwise.links.params import LONGEST_TEXT
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import NOT_STATED, NOT_STATED_LABEL, Field
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.cache import Loaded
from ui.choosers import ask_one, ask_several
from ui.draw import show_chart
from ui.drawings import picture
from ui.figures import ready
from ui.filters import ask_conditions, ask_facet, ask_filters, ask_symptom, menu
from ui.fold import as_closed, fold_key
from ui.hits import show_other_hits
from ui.html_tables import device_list, theme
from ui.page import address, link
from ui.session import set_state
from ui.steps import as_far_as_it_goes

_SCRIPT = Path(__file__).with_name("device_list.js").read_text(encoding="utf-8")


def answer_as_far_as_it_goes(loaded: Loaded, query: DeviceQuery) -> Answer | None:
    """Return the answer to a query, or ``None`` where a database cannot even say how many match.

    Where it takes too long to count what each filter would leave, the counts are those of all
    devices, and the page says so: the devices that match are shown all the same.
    """
    answer = None
    with as_far_as_it_goes("What each filter would leave"):
        answer = loaded.answer(query)
    if answer is None:
        st.caption("The numbers beside the filters are those of all devices.")
        with as_far_as_it_goes("The list"):
            alone = loaded.answer(query, counts=False)
            answer = replace(alone, counts=everything(loaded, query).counts)
    return answer


def everything(loaded: Loaded, query: DeviceQuery) -> Answer:
    """Return the answer to a query without its filters: a database need not be asked."""
    return replace(loaded.answer(replace(query, filters=(), text="")), query=query)


def ask_search(catalogue: Catalogue) -> None:
    """Draw the search box and, beside it, the most that a device may cost."""
    field = catalogue.package["devices"].price
    low, high = (facet_key("find", field.name, end) for end in ("low", "high"))
    typed = "find.budget"
    # The menu of the price has a box for the same number: this one follows it.
    st.session_state[typed] = st.session_state.get(high)

    def limited() -> None:
        most = st.session_state[high] = st.session_state[typed]
        least = st.session_state.get(low)
        # A budget below the lower bound, which is out of sight, would be no filter at all.
        if most is not None and least is not None and most < least:
            st.session_state[low] = None

    with st.container(horizontal=True, key="find-top"):
        st.text_input(
            "Search brand, maker, model, type and notes",
            key="find.text",
            placeholder="Search: normatec, calf, boots",
            max_chars=LONGEST_TEXT,
            label_visibility="collapsed",
        )
        st.number_input(
            f"{field.heading}, at most",
            key=typed,
            value=None,
            step=1 if field.type == "integer" else None,
            placeholder=f"{field.title} up to",
            label_visibility="collapsed",
            on_change=limited,
            format="%d" if field.type == "integer" else "%.10g",
            width=130,
        )


def ask_device_filters(index: DeviceIndex, answer: Answer, state: FindState) -> None:
    """Draw the filters: the quick ones as a row of menus and switches, the rest in one menu."""
    catalogue, query = index.catalogue, state.query
    quick = [field for field in index.table.facets if field.quick]
    in_menus = [field.name for field in quick if field.filter != "yes_no"]
    with st.container(horizontal=True, key="find-quick"):
        for field in quick:
            item = query.filter(field.name)
            if field.filter == "yes_no":
                _ask_switch(field, answer, state)
            else:
                draw = partial(ask_facet, "find", index, field, answer.counts)
                _ask_menu(field.name, _named(catalogue, field, item), draw, state)
        symptoms = query.filter(SYMPTOM)
        number = len(symptoms.link()) if symptoms else 0
        _ask_menu(SYMPTOM, _counted("Symptom", number), partial(ask_symptom, index, answer), state)
        menu(
            "find.menu.conditions",
            _counted("My conditions", len(query.conditions)),
            partial(ask_conditions, catalogue, "find", CONDITIONS_NOTE),
            bool(query.conditions),
        )
        in_sight = [*(field.name for field in quick), SYMPTOM]
        others = [name for name, _ in query.filters if name not in in_sight]
        rest = partial(
            ask_filters,
            "find",
            index,
            catalogue.package.groups,
            answer.counts,
            dict(query.filters),
            left_out=in_menus,
        )
        with st.container(key="find-more", width="content"):
            menu("find.menu.more", _counted("**More** filters", len(others)), rest, bool(others))
        if query.filters:
            st.button(
                "Clear filters",
                key="find.clear",
                type="tertiary",
                on_click=set_state,
                args=("find", replace(state, query=query.cleared())),
            )


def _ask_menu(name: str, label: str, draw: Callable[[], object], state: FindState) -> None:
    """Draw a filter as a menu, with a button that takes it off."""
    active = state.query.filter(name) is not None

    def inside() -> None:
        draw()
        # Last: what is added above a box would take the keyboard's focus from it.
        if active:
            st.button(
                "Remove this filter",
                key=f"find.drop.{name}",
                icon=":material/close:",
                on_click=set_state,
                args=("find", replace(state, query=state.query.without(name))),
            )

    menu(f"find.menu.{name}", label, inside, active)


CONDITIONS_NOTE = "They mark devices and rank them lower; they hide nothing."


def _counted(label: str, number: int) -> str:
    return f"{label}: {number}" if number else label


def _named(catalogue: Catalogue, field: Field, item: Filter | None) -> str:
    """Name a filter, with what is chosen in it."""
    if item is None:
        return plain(field.title)
    if isinstance(item, Choice):
        labels = {**field.labels, NOT_STATED: NOT_STATED_LABEL}
        texts = [labels.get(value, value) for value in item.values]
        for label, values in families(catalogue, field):
            if set(values) == set(item.values):
                texts = [label]
        text = texts[0] if len(texts) == 1 else f"{len(texts)} chosen"
        return plain(f"{field.title}: {text}")
    return plain(f"{field.title}: {item.words(field).removeprefix(f'{field.noun} is ')}")


def _ask_switch(field: Field, answer: Answer, state: FindState) -> None:
    """Draw a yes/no filter as a button: it asks for yes, or takes the filter off."""
    item = state.query.filter(field.name)
    key = f"find.quick.{field.name}"
    if isinstance(item, Choice):
        labels = {**field.labels, NOT_STATED: NOT_STATED_LABEL}
        chosen = " or ".join(labels[value] for value in item.values)
        st.button(
            plain(f"{field.title}: {chosen}"),
            key=key,
            type="primary",
            help="Remove this filter",
            on_click=set_state,
            args=("find", replace(state, query=state.query.without(field.name))),
        )
    else:
        counts = answer.counts[field.name]
        assert isinstance(counts, ValueCounts)
        st.button(
            f"{plain(field.title)} ({counts['yes']:,})",
            key=key,
            disabled=not counts["yes"],
            help=f"{counts['no']:,} say no, {counts[NOT_STATED]:,} do not state it: "
            "to see those, open “More filters”",
            on_click=st.session_state.update,
            args=({value_key("find", field.name, "yes"): True},),
        )


def ask_listing(catalogue: Catalogue, state: FindState, answer: Answer) -> None:
    """Draw the choice of order, view and columns of a list that is not empty."""
    if not answer.total:
        return
    table = catalogue.package["devices"]
    with st.container(horizontal=True, key="find-shown", width="content"):
        menu("find.menu.order", "Order", partial(_ask_order, catalogue), bool(state.query.sort))
        if state.view != "charts":
            usual = partial(
                ask_several,
                "Columns",
                column_names(catalogue),
                key="find.columns",
                format_func=lambda name: table[name].title,
                placeholder="the usual ones",
            )
            menu("find.menu.columns", "Columns", usual, bool(state.columns))
        st.segmented_control(
            "View",
            VIEWS,
            key="find.view",
            format_func=str.capitalize,
            required=True,
            label_visibility="collapsed",
        )


def _ask_order(catalogue: Catalogue) -> None:
    table = catalogue.package["devices"]
    names = {BY_FACTS: "Facts stated", **{field.name: field.title for field in table.fields}}
    orders = {"": "Best documented first"}
    for key in sort_keys(catalogue):
        orders[key] = f"{names[key]}, ascending"
        orders[f"-{key}"] = f"{names[key]}, descending"
    ask_one("Order", list(orders), key="find.sort", format_func=orders.__getitem__)
    st.caption("What is not stated comes last in every order.")


def turn_to_page(state: FindState, answer: Answer) -> FindState:
    """Return the state with the page shown: a link can ask for more pages than there are."""
    st.session_state["find.page"] = answer.page
    return replace(state, query=replace(state.query, page=answer.page))


def ask_page(answer: Answer) -> None:
    """Draw the page numbers of the list."""
    if answer.pages > 1:
        st.pagination(answer.pages, key="find.page")


def ask_list(loaded: Loaded, state: FindState, devices: Sequence[str]) -> None:
    """Draw a page of the list as a table or as cards; ticking a device picks it to compare."""
    catalogue = loaded.catalogue
    table = catalogue.package["devices"]
    names = state.columns or table.listed
    if state.view == "cards":
        # What was asked for comes first.
        asked = [name for name, _ in state.query.filters if name in names]
        names = tuple(dict.fromkeys([*asked, *names]))
    fields = [table[name] for name in names]
    conditions = state.query.conditions
    params = {"condition": list(conditions)} if conditions else {}

    def ticked() -> None:
        device, on = st.session_state["find.list"]["pick"]
        kept = [pick for pick in state.picks if pick != device]
        if on and device in devices:
            kept = [*kept, device][:MOST_COMPARED]
        st.session_state["find.picks"] = kept

    def write() -> str:
        items = listed_devices(catalogue, devices, fields, conditions)
        return device_list(
            items=items,
            fields=fields,
            cards=state.view == "cards",
            pictures={item.device_type: picture(item.device_type, size=40) for item in items},
            type_field=TYPE,
            device_link=lambda item: address("device", {"id": [item.device], **params}),
            type_link=lambda item: address("type", {"id": [item.device_type], **params}),
        )

    key = ("find.list", tuple(devices), tuple(names), conditions, state.view)
    body = loaded.keep_of_rows(key, write)
    # Registered at each run: a server that is tested starts more than once in a process.
    mount = st.components.v2.component(
        "legwise_device_list",
        html='<div class="legwise-listing">\n</div>',
        js=_SCRIPT,
        isolate_styles=False,
    )
    full = len(state.picks) >= MOST_COMPARED
    data = {"body": body, "picks": list(state.picks), "full": full}
    mount(key="find.list", data=data, on_pick_change=ticked)


def ask_picks(catalogue: Catalogue, state: FindState) -> None:
    """Draw what is picked to compare, in a bar that stays in sight."""
    if not state.picks:
        return
    with st.bottom, st.container(horizontal=True, key="find-picked"):
        for pick in state.picks:
            st.button(
                plain(catalogue.device_name(pick)),
                wrap=True,
                key=f"find.unpick.{pick}",
                icon=":material/close:",
                help="Remove from the compare list",
                on_click=_set_picks,
                args=([other for other in state.picks if other != pick],),
            )
        if len(state.picks) > 1:
            params = {"device": list(state.picks), "condition": list(state.query.conditions)}
            link("compare", f"Compare these {len(state.picks)}", params)
        else:
            st.caption(f"Add one more to compare (up to {MOST_COMPARED})")
        st.button("Clear", key="find.unpick", type="tertiary", on_click=_set_picks, args=([],))


def _set_picks(picks: list[str]) -> None:
    st.session_state["find.picks"] = picks


def ask_relaxations(index: DeviceIndex, answer: Answer, state: FindState) -> None:
    """Offer each single step that gives more devices, and the nearest types."""
    if not answer.total:
        st.info("No devices match these filters.", icon=":material/search_off:")
        # Who asks for "heavy legs" here looks for a symptom.
        if answer.query.text:
            show_other_hits(index.catalogue, answer.query.text)
    # Where a database took too long to count, what a step would give is not known.
    steps = relaxations(index, answer) if answer.without else ()
    if not steps:
        return
    st.markdown("**What would give more**")
    with st.container(horizontal=True, key="find-asked"):
        for number, step in enumerate(steps):
            st.button(
                plain(step.words),
                key=f"find.relax.{number}",
                wrap=True,
                on_click=set_state,
                args=("find", replace(state, query=step.query)),
            )


def chips(catalogue: Catalogue, query: DeviceQuery) -> dict[str, str]:
    """Return the filters to offer as chips: those without a button of their own in sight."""
    in_sight = [field.name for field in catalogue.package["devices"].facets if field.quick]
    return {
        name: words
        for name, words in phrases(query, catalogue)
        if name not in (*in_sight, SYMPTOM, TEXT)
    }


def ask_charts(loaded: Loaded, answer: Answer, state: FindState) -> None:
    """Draw the charts of devices: one number by type, and others in folds that draw when opened."""
    catalogue = loaded.catalogue
    table = catalogue.package["devices"]
    asked = replace(state.query, page=1)

    def kept(make: Callable[..., Chart], *names: str) -> Chart:
        """Return the chart of those columns; drawn once for all who ask the same."""
        fields = [table[name] for name in names]
        return loaded.keep(
            ("find.chart", make.__name__, names, asked, theme()),
            lambda: ready(make(catalogue, answer.rows_to_count, *fields, theme())),
        )

    def title(name: str) -> str:
        return table[name].title

    def ask(label: str, key: str, names: Sequence[str]) -> None:
        ask_one(label, names, key=f"find.{key}", format_func=title, width=220)

    def show_number() -> None:
        ask("Number", "number", number_names(catalogue))
        chart = kept(number_by_type, state.number)
        _warn_of_few(len(chart.table))
        show_chart(chart, "find.chart.number")

    def show_feature() -> None:
        ask("Feature", "feature", feature_names(catalogue))
        chart = kept(feature_by_type, state.feature)
        show_chart(chart, "find.chart.feature")

    def show_pair() -> None:
        with st.container(horizontal=True):
            ask("Horizontal axis", "x", number_names(catalogue))
            ask("Vertical axis", "y", number_names(catalogue))
        chart = kept(two_numbers, state.x, state.y)
        if _warn_of_few(len(chart.table)):
            fields = [table[name] for name in number_names(catalogue)]
            pairs = loaded.keep(
                ("find.pairs", asked),
                lambda: pairs_with_points(catalogue, answer.rows_to_count, fields),
            )
            words = [f"{x.title} and {y.noun} ({count:,})" for x, y, count in pairs]
            st.markdown(
                plain(f"Pairs that more devices state: {', '.join(words)}.")
                if words
                else f"No two numbers are stated together by {FEW_POINTS} of these devices."
            )
        show_chart(chart, "find.chart.pair")

    def show_stated() -> None:
        show_chart(kept(share_stated), "find.chart.stated")

    heading = f"{title(state.number)} by type"
    st.subheader(plain(heading), anchor=False)
    with as_far_as_it_goes(heading):
        show_number()
    usual = FindState()
    asked_for = state.feature != usual.feature
    _chart_fold("feature", f"{title(state.feature)} by type", show_feature, asked_for)
    asked_for = (state.x, state.y) != (usual.x, usual.y)
    heading = f"{title(state.y)} against {table[state.x].noun}"
    _chart_fold("pair", heading, show_pair, asked_for)
    _chart_fold("stated", "How much is stated", show_stated, False)


def _chart_fold(name: str, heading: str, draw: Callable[[], None], expanded: bool) -> None:
    """Offer a chart to open; an open one keeps its heading, which names what it showed first."""
    key = fold_key(f"find.chart.{name}")
    label, expanded = as_closed(key, (plain(heading), expanded))
    part = st.expander(label, key=key, expanded=expanded, on_change="rerun")
    if part.open:
        with part, as_far_as_it_goes(heading):
            draw()


def _warn_of_few(points: int) -> bool:
    """Say above a chart that it has few points; return whether it has."""
    if points >= FEW_POINTS:
        return False
    st.warning(f"Only {counted(points, 'device')} to draw: too few to see a pattern.")
    return True
