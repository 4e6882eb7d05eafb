"""One device type: its head, its products, claims about it, recalls and clearances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import streamlit as st

from legwise.answers.devices import Answer
from legwise.answers.profiles import (
    FeatureShare,
    clearances,
    evidence_lines,
    price_range,
    profile_table,
)
from legwise.exports.page_notebooks import symptoms_notebook
from legwise.links.params import Params
from legwise.rules.cautions import cautions_for
from legwise.rules.claims import OUTCOMES, ClaimVerdict
from legwise.rules.findings import EvidenceFilter
from legwise.tables.catalogue import Catalogue
from legwise.tables.schema import within_sentence
from legwise.tables.stated import is_stated
from legwise.tables.subjects import Subject
from legwise.text.cells import format_cell
from legwise.text.markup import plain
from legwise.text.units import counted
from ui.cache import Loaded
from ui.detail import device_links, find_params, ruling_folds, show_folds
from ui.downloads import show_downloads, show_notebook
from ui.draw import show_claim
from ui.drawings import picture
from ui.fold import fold
from ui.html_tables import show_head
from ui.page import link
from ui.steps import as_far_as_it_goes

#: As many products are named.
FIRST_PRODUCTS = 10


def show_type_head(loaded: Loaded, device_type: str, products: int) -> None:
    """Draw picture, kind, everyday names, what it is, techniques and prices of a type."""
    catalogue = loaded.catalogue
    table, row = catalogue.package["device_types"], catalogue.row("device_types", device_type)
    claims = catalogue.records("claims")
    article = catalogue.sources([claims[0]["source_id"]])[0].link if claims else ""
    claim = table["what_the_article_says"]
    lines = [
        (item.title, format_cell(item, row[item.name]), "source", article if item.claimed else "")
        for item in (table["also_called"], claim, table["techniques"])
        if is_stated(row[item.name])
    ]
    if products:
        price = catalogue.package["devices"].price
        with as_far_as_it_goes(f"{price.title} of its products"):
            words = loaded.keep(
                ("prices", device_type), lambda: price_range(catalogue, device_type)
            )
            lines.append((price.title, words, "", ""))
    show_head(
        picture=picture(device_type, size=112),
        kind=table["kind"].label(row["kind"]),
        also=[table["family"].label(row["family"])],
        summary="",
        lines=lines,
        notices=(),
    )


def show_type_links(
    catalogue: Catalogue, device_type: str, products: int, conditions: Sequence[str]
) -> None:
    """Draw the links to its products and to a comparison with massage by hand."""
    chosen = {"condition": list(conditions)}
    by_hand = [key for key in catalogue.methods if key != device_type][:1]
    with st.container(horizontal=True, vertical_alignment="center"):
        if products:
            label = f"{counted(products, 'product')} of this type"
            link("find", label, find_params(device_type, conditions))
        else:
            st.markdown("No products: it is done by hand, or none is listed.")
        for other in by_hand:
            name = within_sentence(catalogue.names("device_types")[other])
            link("compare", f"Compare with {name}", {"type": [device_type, other], **chosen})
        link("compare", "Compare with others", {"type": [device_type], **chosen})


def show_claims(catalogue: Catalogue, device_type: str, claims: Iterable[ClaimVerdict]) -> None:
    """Draw every claim about the type with its outcome, the reasons folded."""
    its = [item for item in claims if item.claim["device_type"] == device_type]
    if not its:
        st.markdown("The starting article claims nothing of this type in particular.")
        return
    lines = [
        f"- “{plain(item.claim['claim'])}” → **{plain(OUTCOMES[item.outcome])}**" for item in its
    ]
    st.markdown("\n".join(lines))
    fold("Why, and the sources", "type.claims", partial(_show_reasons, catalogue, its))


def _show_reasons(catalogue: Catalogue, claims: Iterable[ClaimVerdict]) -> None:
    for item in claims:
        show_claim(catalogue, item, expanded=True)


def show_products(
    loaded: Loaded, device_type: str, answer: Answer, conditions: Sequence[str]
) -> None:
    """Draw the best documented products; their names lead to their pages."""
    catalogue = loaded.catalogue
    table = catalogue.package["devices"]

    def write() -> str:
        facts = [
            (device, "{} of {} facts stated".format(*catalogue.stated(table, device)))
            for device in answer.keys(slice(FIRST_PRODUCTS))
        ]
        return device_links(catalogue, "Best documented products", facts, conditions)

    st.html(loaded.keep_of_rows(("type.products", device_type, conditions), write))
    if answer.total > FIRST_PRODUCTS:
        label = f"All {answer.total:,} products of this type"
        link("find", label, find_params(device_type, conditions))


def show_features(shares: Iterable[FeatureShare]) -> None:
    """Draw how many products state each yes/no feature, and how."""
    st.markdown("\n".join(f"- **{plain(item.title)}:** {plain(item.words)}" for item in shares))


def show_law(catalogue: Catalogue, device_type: str, download: Callable[[], object]) -> None:
    """Draw legal classes and clearances of the type, and its files, in folds."""
    cleared = clearances(catalogue, device_type)[1]
    label = counted(len(cleared), "clearance")
    folds = ruling_folds(catalogue, device_type, label, cleared)
    show_folds({**folds, "Download": download}, "type.law")


def show_type_downloads(
    catalogue: Catalogue,
    name: str,
    params: Params,
    subject: Subject,
    features: Iterable[FeatureShare],
) -> None:
    """Offer what is known of the type as a table, and its findings as a notebook."""
    show_downloads(
        catalogue,
        sheet="Type",
        what=f"All that is known of the type {name}",
        params=params,
        shown=lambda: profile_table(
            catalogue,
            features=features,
            evidence=evidence_lines(catalogue, subject),
            cautions=cautions_for(catalogue, [subject]),
        ),
    )
    findings = [row for row in catalogue.records("evidence") if Subject.of(row) == subject]
    show_notebook(
        "type",
        params,
        lambda link, today: symptoms_notebook(
            catalogue, EvidenceFilter(), subject.id, "", len(findings), link, today
        ),
    )
