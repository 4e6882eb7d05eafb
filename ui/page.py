"""What every page has: registry entry, menu, notices, footer and loaded tables."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import groupby
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException

from legwise.database.address import DatabaseError
from legwise.links.params import SAME_PAGE, Dropped
from legwise.tables.schema import TablesError
from legwise.text.markup import plain
from ui.browser import attend
from ui.cache import Loaded, load
from ui.draw import show_faults
from ui.drawings import icon, logo
from ui.html_tables import STYLE, fill, theme
from ui.session import HERE, WRITTEN, enter_page, leave_page
from ui.steps import begin, end, head_drawn, tell_gone
from ui.upload import show_banner, uploaded


@dataclass(frozen=True)
class Page:
    """One page: its script, its name in the menu, its icon, and the question it answers.

    ``about`` is what search engines and previews of a link say of it. ``group`` is its heading in
    the menu. A page of one thing has none: names lead there.
    """

    path: str
    title: str
    icon: str
    question: str
    about: str
    group: str = ""

    @property
    def name(self) -> str:
        """Name of the page in links and session keys."""
        return self.path.rpartition("/")[2].removesuffix(".py")

    @property
    def address(self) -> str:
        """Its address, seen from any page."""
        return "." if self.name == "app" else self.name

    @property
    def symbol(self) -> str:
        """Name of its icon."""
        return self.icon.strip(":").rpartition("/")[2]

    def head(self, thing: str = "") -> str:
        """Return the title of the browser's tab: of the page, or of the one thing it is about."""
        if self.name == "app":
            return "Legwise: leg massagers, evidence and cautions"
        return f"{thing or self.title} · Legwise"


PAGES = (
    Page(
        "app.py",
        "Home",
        ":material/home:",
        "What is this, and where do I start?",
        "Leg massagers, compression and massage by hand, side by side: what they offer, what "
        "studies found, when to take care, and a source behind every statement.",
        "Devices",
    ),
    Page(
        "pages/find.py",
        "Find devices",
        ":material/search:",
        "Which devices have the features I want?",
        "Filter leg massagers by heat, remote control, price, technique, body area and symptom. "
        "Each filter says how many devices it leaves, and how many state nothing.",
        "Devices",
    ),
    Page(
        "pages/match.py",
        "Help me choose",
        ":material/checklist:",
        "Which kinds of device suit my legs?",
        "State symptoms, conditions and a budget: which kinds of leg device fit, what studies "
        "found on them, and what speaks against them.",
        "Devices",
    ),
    Page(
        "pages/compare.py",
        "Compare",
        ":material/compare_arrows:",
        "How do these differ?",
        "Two to five leg devices or kinds of device side by side: features, evidence by symptom, "
        "cautions, prices, and the source of every cell.",
        "Devices",
    ),
    Page(
        "pages/symptoms.py",
        "Symptoms",
        ":material/grid_on:",
        "Which devices target which symptoms, and does it work?",
        "What studies found on each kind of leg device, symptom by symptom, with the kind of "
        "study, who was studied, and a link to each source.",
        "Evidence and care",
    ),
    Page(
        "pages/risks.py",
        "Risks",
        ":material/health_and_safety:",
        "What harms leg circulation, and what must I be careful with?",
        "Conditions that call for care with leg massage and compression, who says so, and what "
        "harms the circulation of the legs, each with its source.",
        "Evidence and care",
    ),
    Page(
        "pages/explore.py",
        "Explore",
        ":material/query_stats:",
        "Make your own chart or table",
        "Make a table or a chart of leg devices, studies, claims and cautions, and take it away "
        "with the code that makes it from the open data.",
        "The data",
    ),
    Page(
        "pages/data.py",
        "Data",
        ":material/table:",
        "Where the data come from, and downloads",
        "Every table behind Legwise: its rows, its sources, what each column means, what changed "
        "and why, and downloads under an open licence.",
        "The data",
    ),
    Page(
        "pages/device.py",
        "One device",
        ":material/label:",
        "All that is known of one device",
        "What its maker or seller states, what studies of its kind show, cautions, recalls and "
        "similar devices, each with its source.",
    ),
    Page(
        "pages/type.py",
        "One type",
        ":material/category:",
        "All that is known of one type",
        "What studies of this kind of device show, when to take care, what is claimed of it, and "
        "its best documented products, each with its source.",
    ),
)
BY_NAME = {page.name: page for page in PAGES}
#: Heading → its pages. A page about one thing is reached by its name.
MENU = [(group, list(pages)) for group, pages in groupby(PAGES, lambda page: page.group) if group]
#: Last parts of their addresses: the first page is where the app itself is.
ADDRESSES = ("", *(page.name for page in PAGES[1:]))
#: Set where the API is served: ``streamlit run app.py`` serves the pages alone.
API_VARIABLE = "LEGWISE_API"


@st.fragment(run_every=timedelta(days=1))
def _stay_in_touch() -> None:
    """Make the browser ask for a run whenever it reconnects.

    Streamlit 1.67 asks only if a run was under way. A tick lost with the connection would stay in
    its box, unknown to the list and the link.
    """


@cache
def _menu(here: str) -> str:
    return fill("menu.html.j2", here=here, groups=MENU)


def frame(name: str) -> Loaded:
    """Draw the head of the page and the menu; return the loaded tables.

    If the tables cannot be loaded, explain why, row by row, and stop the page.
    """
    page = BY_NAME[name]
    begin(name, page.title)
    st.set_page_config(page_title=page.head(), page_icon=icon(), layout="wide")
    st.html(STYLE)
    enter_page(name)
    _stay_in_touch()
    st.logo(logo(theme()), size="large", icon_image=icon())
    with st.sidebar:
        st.html(_menu(page.name))
    try:
        loaded = uploaded() or load()
    except TablesError as error:
        st.title(page.title, anchor=False)
        if isinstance(error, DatabaseError):
            tell_gone(str(error), "page")
        else:
            show_faults(error)
        leave_page()
        end("stopped")
        st.stop()
    show_banner(loaded)
    return loaded


def link(
    name: str,
    label: str | None = None,
    params: dict[str, list[str]] | None = None,
    help: str | None = None,
) -> None:
    """Draw a link to a page, with a state if ``params`` are given."""
    page = BY_NAME[name]
    text = plain(label) if label else page.title
    state = {key: values for key, values in (params or {}).items() if values}
    if st.session_state.get(HERE) == name and state:
        # Streamlit 1.67 leaves the old address in the browser when a link leads to its own page, so
        # the next click would go back. The mark makes this page write its link again.
        state[SAME_PAGE] = ["link"]
    try:
        st.page_link(
            page.path,
            label=text,
            icon=page.icon,
            query_params=state or None,
            help=help or page.question,
        )
    except (KeyError, StreamlitAPIException):
        # A page run alone, as in a test, knows no other pages.
        st.text(label or page.title)


def address(name: str, params: dict[str, list[str]]) -> str:
    """Return the address of a page with a state, from any other page, for tables of HTML."""
    return f"{name}?{urlencode(params, doseq=True)}"


def heading(name: str, title: str = "") -> None:
    """Draw the title of the page (else the page's name) and the question it answers."""
    page = BY_NAME[name]
    if title:
        st.set_page_config(page_title=page.head(title))
    st.title(plain(title) if title else page.title, anchor=False)
    st.caption(page.question)
    head_drawn()


def dropped_notice(dropped: tuple[Dropped, ...]) -> None:
    """List the parts of the link that could not be applied."""
    if dropped:
        lines = "\n".join(
            f"- **{plain(item.name)}**: “{plain(item.value)}”, {plain(item.reason)}"
            for item in dropped[:20]
        )
        more = f"\n- and {len(dropped) - 20} more" if len(dropped) > 20 else ""
        st.warning(
            f"Parts of this link could not be applied; the rest was.\n{lines}{more}",
            icon=":material/link_off:",
        )


def footer(loaded: Loaded) -> None:
    """Draw the notice at the bottom of every page, below which nothing is drawn."""
    attend(ADDRESSES)
    package = loaded.catalogue.package
    st.caption(
        "---\n"
        "Legwise sorts published facts; it does not replace a clinician. No record of a caution is "
        "not proof of safety. It sells nothing and has no paid links.\n\n"
        f"Data version {package.version}, {package.created[:10]}, {loaded.catalogue.version} · "
        f"{package.licence}{_as_json()}"
    )
    end("done")


def _as_json() -> str:
    """Return links to the page's answer as JSON, and to what else there is, as Markdown.

    The server does not know a list of the visitor's own.
    """
    if not os.environ.get(API_VARIABLE) or uploaded():
        return ""
    # Where the API is served, this is loaded already.
    from legwise.replies.routes import BY_PAGE

    route = BY_PAGE[st.session_state[HERE]]
    params = dict(st.session_state.get(WRITTEN, {}))
    (within,) = params.pop(route.within, [""]) if route.within else [""]
    if route.within and not within:
        within = route.default
    links = " · [All of the API](api)"
    if route.within and not within:
        return links
    path = route.path.replace(f"{{{route.within}}}", quote(within, safe=""))
    return f" · [This view as JSON]({address(f'api{path}', params).rstrip('?')}){links}"
