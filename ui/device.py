"""One device: its head, its facts, the compare list, similar devices, recalls and clearances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from legwise.answers.devices import device_notices
from legwise.answers.names import search_devices
from legwise.answers.profiles import (
    FactGroup,
    clearances,
    evidence_lines,
    price_words,
    profile_table,
)
from legwise.answers.similar import RULE, Similar
from legwise.links.compare import MOST_COMPARED
from legwise.links.params import LONGEST_TEXT, Params
from legwise.rules.cautions import cautions_for
from legwise.tables.catalogue import Catalogue
from legwise.tables.stated import is_stated
from legwise.text.markup import plain, web_link
from legwise.text.units import counted
from ui.cache import Loaded
from ui.detail import (
    device_links,
    find_params,
    ruling_folds,
    show_folds,
    show_rulings,
)
from ui.downloads import show_downloads
from ui.drawings import picture
from ui.fold import fold
from ui.html_tables import facts_in_html, show_head
from ui.page import link
from ui.session import find_state, keep_state
from ui.steps import as_far_as_it_goes

#: As many similar devices go into a comparison with this one.
COMPARED_WITH = 3
#: Most devices that the search of this page lists.
MOST_HITS = 8


def show_device_head(catalogue: Catalogue, device: str) -> None:
    """Draw picture, type, maker, summary, price and notices of a device."""
    table, row = catalogue.package["devices"], catalogue.row("devices", device)
    summary, page = row[table.summary], row[table.page]
    stated, of = catalogue.stated(table, device)
    title = table.price.title
    price = price_words(catalogue, device)
    show_head(
        picture=picture(row["device_type"], size=112),
        kind=catalogue.names("device_types")[row["device_type"]],
        also=[f"made by {row['maker']}"] if is_stated(row["maker"]) else [],
        summary=summary if is_stated(summary) else "",
        lines=[
            (title, price, "source", page if is_stated(row[table.price.name]) else ""),
            ("Documented", f"{stated} of {of} facts stated", "source page", page),
        ],
        notices=device_notices(catalogue, device),
    )


def ask_to_compare(
    catalogue: Catalogue, device: str, similar: Sequence[Similar], conditions: Sequence[str]
) -> None:
    """Draw the button of the compare list, and links to compare and to the type."""
    state = find_state()
    row = catalogue.row("devices", device)
    with st.container(horizontal=True, vertical_alignment="center"):
        listed, full = device in state.picks, len(state.picks) >= MOST_COMPARED
        picks = (
            tuple(pick for pick in state.picks if pick != device)
            if listed
            else (*state.picks, device)
        )
        st.button(
            "Remove from compare list" if listed else "Add to compare",
            key="device.compare",
            type="secondary" if listed else "primary",
            icon=":material/remove:" if listed else ":material/add:",
            disabled=full and not listed,
            help=f"The list is full: it takes {MOST_COMPARED}." if full and not listed else None,
            on_click=_keep_picks,
            args=(picks,),
        )
        chosen = {"condition": list(conditions)}
        if len(state.picks) > 1:
            link(
                "compare",
                f"Compare the {len(state.picks)} in the list",
                {"device": list(state.picks), **chosen},
            )
        if similar:
            near = [item.device for item in similar[:COMPARED_WITH]]
            link("compare", "Compare with similar ones", {"device": [device, *near], **chosen})
        name = catalogue.names("device_types")[row["device_type"]]
        link("type", f"About the type: {name}", {"id": [row["device_type"]], **chosen})
        link("find", "All of this type", find_params(row["device_type"], conditions))


def _keep_picks(picks: tuple[str, ...]) -> None:
    keep_state("find", replace(find_state(), picks=picks))


def show_device_facts(loaded: Loaded, device: str, groups: Sequence[FactGroup]) -> None:
    """Draw every stated fact; the last group, how they were read, in a fold."""
    *facts, sources = groups
    st.html(loaded.keep_of_rows(("device.facts", device), lambda: facts_in_html(facts)))
    fold(
        plain(f"{sources.title} and notes: how these facts were read"),
        "device.sources",
        lambda: st.html(facts_in_html([sources], long=True)),
    )


def show_similar(
    loaded: Loaded, device: str, similar: Sequence[Similar], conditions: Sequence[str]
) -> None:
    """Draw the devices that are similar to one, each with the reasons for its place."""

    def write() -> str:
        reasons = [(item.device, f"{item.alike} alike: {item.reasons}.") for item in similar]
        return device_links(loaded.catalogue, "Similar devices", reasons, conditions)

    if similar:
        st.html(loaded.keep_of_rows(("device.similar", device, conditions), write))
    else:
        st.markdown("No other device of the family states anything alike.")
    fold("How similar devices are ordered", "device.rule", _show_rule)


def _show_rule() -> None:
    for number, step in enumerate(RULE, 1):
        st.markdown(f"{number}. {plain(step)}")


def show_recalls(catalogue: Catalogue, device: str, download: Callable[[], object]) -> None:
    """Draw recall notices and clearances of the device; what its type has, and files, in folds."""
    table, row = catalogue.package["devices"], catalogue.row("devices", device)
    recalled = table["recalled"]
    source = web_link("source", row[table.page])
    lines = ["- No recall notice was found. That does not mean that there is none."]
    if row[recalled.name] is True:
        notes = plain(row["notes"]) if is_stated(row["notes"]) else ""
        lines = [f"- **! {plain(dict(recalled.notices)['yes'])}.** {notes} {source}"]
    stated = row["regulatory"] if is_stated(row["regulatory"]) else ""
    if stated:
        lines.append(f"- **{plain(table['regulatory'].title)}:** {plain(stated)} {source}")
    st.markdown("\n".join(lines))
    named, others = clearances(catalogue, row["device_type"], stated)
    show_rulings(catalogue, named)
    label = f"{counted(len(others), 'clearance')} of its type"
    folds = ruling_folds(catalogue, row["device_type"], label, others)
    show_folds({**folds, "Download": download}, "device.law")


def show_device_downloads(
    catalogue: Catalogue, device: str, name: str, params: Params, groups: Sequence[FactGroup]
) -> None:
    """Offer what is known of the device as a table."""
    subjects = catalogue.device_subjects(device)
    show_downloads(
        catalogue,
        sheet="Device",
        what=f"All that is known of {name}",
        params=params,
        shown=lambda: profile_table(
            catalogue,
            groups=groups,
            evidence=evidence_lines(catalogue, subjects[0]),
            cautions=cautions_for(catalogue, subjects),
        ),
    )


def ask_for_device(catalogue: Catalogue) -> None:
    """Draw a search over the devices, whose hits lead to their pages."""
    text = st.text_input(
        "Search brand, model and type",
        key="device.search",
        placeholder="for example: normatec, calf, shiatsu",
        max_chars=LONGEST_TEXT,
    )
    if text.strip():
        with as_far_as_it_goes("Devices of that name"):
            hits, total = search_devices(catalogue, text, MOST_HITS)
            for device in hits:
                link("device", catalogue.device_name(device), {"id": [device]})
            if total > len(hits):
                link("find", f"All {total:,} devices that match", {"q": [text]})
            if not total:
                st.markdown("No device matches these words.")
