"""From a link to its reply: what could be applied, which rows, and how the answer is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from legwise.exports.spreadsheets import to_csv
from legwise.links.form import Form, OneOf, Scope, Whole, param
from legwise.links.params import Dropped, Params
from legwise.replies.reply import MOST_ROWS, Json, Reply, address
from legwise.replies.routes import Route

NOTES = (
    "null and “not stated” mean that the page read does not say; they never mean no.",
    "This is not medical advice. No record of a caution is not proof of safety.",
)
#: How an answer can be written → its media type.
FORMATS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class Cut:
    """How an answer is written, and which of its rows: not a part of a page's state."""

    format: str = param("json", OneOf("format", known=FORMATS))
    per_page: int | None = param(None, Whole("number of rows on a page"))
    page: int = param(1, Whole("page of the rows"))


CUT = Form("api", Cut)


@dataclass(frozen=True, eq=False)
class Answer:
    """A link that was answered.

    ``link`` is its page with what could be applied, ``params`` the same without what is in the
    path of the route.
    """

    route: Route
    scope: Scope
    state: Any
    reply: Reply
    cut: Cut
    not_applied: tuple[Dropped, ...]
    link: str
    within: str
    params: Params

    @property
    def per_page(self) -> int:
        """Number of rows on a page."""
        return min(self.cut.per_page or self.reply.usual, MOST_ROWS)

    @property
    def pages(self) -> int:
        """Number of pages, at least 1."""
        return max(1, -(-self.reply.total // self.per_page))

    @property
    def page(self) -> int:
        """The page shown: the one asked for, or the last."""
        return min(self._asked, self.pages)

    @property
    def _asked(self) -> int:
        return self.reply.page or self.cut.page

    @property
    def rows(self) -> slice:
        """Which of the rows are on the page."""
        return slice((self.page - 1) * self.per_page, self.page * self.per_page)

    @property
    def all_dropped(self) -> tuple[Dropped, ...]:
        """What could not be applied, because of the link or of the tables."""
        dropped = list(self.not_applied)
        if self._asked > self.pages:
            dropped.append(Dropped("page", str(self._asked), f"the last one is {self.pages}"))
        if (self.cut.per_page or 0) > MOST_ROWS:
            reason = f"a page has at most {MOST_ROWS:,} rows"
            dropped.append(Dropped("per_page", str(self.cut.per_page), reason))
        return tuple(dropped)

    @property
    def next(self) -> str:
        """Address of the next page, from the root of the routes; empty on the last one."""
        if self.page >= self.pages:
            return ""
        params = {**self.params, "page": [str(self.page + 1)]}
        if self.cut.per_page:
            params["per_page"] = [str(self.per_page)]
        if self.cut.format != "json":
            params["format"] = [self.cut.format]
        path = self.route.path.replace(f"{{{self.route.within}}}", self.within)
        return f"{path}?{urlencode(params, doseq=True)}"

    def document(self, root: str = "/api") -> dict[str, Json]:
        """Return the answer as JSON can hold it; ``root`` is where the routes are served."""
        package = self.scope.catalogue.package
        return {
            "summary": self.reply.summary,
            "link": self.link,
            "not_applied": [
                {"name": item.name, "value": item.value, "reason": item.reason}
                for item in self.all_dropped
            ],
            "total": self.reply.total,
            "page": self.page,
            "pages": self.pages,
            "per_page": self.per_page,
            "next": f"{root}{self.next}" if self.next else None,
            "rows": self.reply.rows(self.rows),
            **self.reply.more,
            "notes": list(NOTES),
            "data": {
                "title": package.title,
                "version": package.version,
                "created": package.created,
                "files": self.scope.catalogue.version,
                "licence": package.licence,
            },
        }

    def to_json(self, root: str = "/api") -> bytes:
        """Return the answer as JSON in UTF-8."""
        text = json.dumps(self.document(root), ensure_ascii=False, allow_nan=False)
        # A half of a surrogate pair, which a link may hold, has no UTF-8.
        return text.encode("utf-8", errors="replace")

    def to_csv(self) -> bytes:
        """Return the rows as CSV, as the page's download has them."""
        return to_csv(self.reply.frame(self.rows))


def ask(
    route: Route, scope: Scope, params: Mapping[str, Sequence[str]], within: str = ""
) -> Answer:
    """Answer a link; ``within`` is the parameter in the path of the route.

    Raises:
        KeyError: there is nothing of the name ``within``.
    """
    asked = {name: list(values) for name, values in params.items()}
    # Where a column of the table is called like one of ours, the filter wins.
    taken = {*route.form.link_names, *route.form.columns(scope)}
    ours = {name: asked.pop(name) for name in CUT.link_names if name in asked and name not in taken}
    cut, dropped = CUT.decode(ours, scope)
    if route.within:
        if within not in _known(route, scope):
            raise KeyError(within)
        asked[route.within] = [within]
    state, vain = route.form.decode(asked, scope)
    reply = route.reply(scope, state)
    linked = route.form.encode(state, scope)
    rest = {name: values for name, values in linked.items() if name not in (route.within, "page")}
    page = route.form.page if route.form.page != "app" else ""
    return Answer(
        route,
        scope,
        state,
        reply,
        cut,
        (*dropped, *vain),
        address(page, linked),
        within,
        rest,
    )


def _known(route: Route, scope: Scope) -> Any:
    if route.table:
        return scope.catalogue.keys(route.table)
    return scope.catalogue.package.by_name
