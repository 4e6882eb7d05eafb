"""The OpenAPI document of the routes, made from the forms of the pages and the descriptor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from legwise import __version__
from legwise.links.form import Accepted, Scope
from legwise.replies.asking import CUT, FORMATS
from legwise.replies.reply import MOST_ROWS, Json
from legwise.replies.routes import ROUTES, Route
from legwise.tables.schema import Field, Table
from legwise.text.cells import allowed

#: Longest link that is read, path and parameters together.
LONGEST_LINK = 8000
PROBLEM = "application/problem+json"
_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "integer", "minimum": 0}


def document(scope: Scope, root: str = "/api") -> dict[str, Json]:
    """Return the document as JSON can hold it; ``root`` is where the routes are served."""
    package = scope.catalogue.package
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Legwise",
            "version": __version__,
            "summary": "What every page shows, as JSON or CSV, under the parameters of its link",
            "description": f"{package.description}\n\nData version {package.version}, "
            f"{scope.catalogue.version}. {ABOUT}",
            "license": {"name": package.licence},
        },
        "servers": [{"url": root}],
        "paths": {route.path: {"get": _operation(route, scope)} for route in ROUTES},
        "components": {
            "schemas": {
                **_shared(),
                **{
                    f"row of {table.name}".replace(" ", "_"): _row(table)
                    for table in package.tables
                },
            },
            "responses": _refusals(),
        },
    }


ABOUT = (
    "Parameters are those of the page's link: repeat one to give several values. Ranges are "
    "written low..high with either end open, and not_stated stands for an empty cell. What "
    "cannot be applied is left out and listed under not_applied; the rest applies."
)


def parameters(route: Route, scope: Scope) -> Iterator[dict[str, Json]]:
    """Yield the parameters of a route: of the page's form, then how the answer is written."""
    accepted: dict[str, Accepted] = route.form.accepted(scope)
    for name, schema in CUT.accepted(scope).items():
        accepted.setdefault(name, schema)
    accepted["per_page"] = {**accepted["per_page"], "maximum": MOST_ROWS}
    for name, item in accepted.items():
        schema = {key: part for key, part in item.items() if key not in ("description", "title")}
        title = item.get("title", "")
        words = ". ".join(filter(None, [title, item.get("description", "")]))
        within = name == route.within
        if within:
            schema.pop("default", None)
        yield {
            "name": name,
            "in": "path" if within else "query",
            "required": within,
            "description": words,
            "schema": schema,
            **({} if within else {"style": "form", "explode": True}),
        }


def _operation(route: Route, scope: Scope) -> dict[str, Json]:
    row: Json = {"type": "object"}
    if route.name == "data":
        names = [f"row_of_{table.name}" for table in scope.catalogue.package.tables]
        row = {"anyOf": [_ref("schemas", name) for name in names]}
    whole = {
        "allOf": [
            _ref("schemas", "answer"),
            {"type": "object", "properties": {"rows": {"type": "array", "items": row}}},
        ]
    }
    headers = {
        "ETag": {"schema": _TEXT, "description": "Changes with the data and the link"},
        "Link": {"schema": _TEXT, "description": "The next page, if there is one"},
    }
    missing = {"404": _ref("responses", "not_found")} if route.within else {}
    return {
        "operationId": route.name,
        "summary": route.about,
        "parameters": list(parameters(route, scope)),
        "responses": {
            "200": {
                "description": "The answer",
                "headers": headers,
                "content": {
                    FORMATS["json"]: {"schema": whole},
                    FORMATS["csv"].partition(";")[0]: {"schema": _TEXT},
                },
            },
            "304": {"description": "Not changed since the ETag in If-None-Match"},
            "400": _ref("responses", "bad_request"),
            "414": _ref("responses", "too_long"),
            **missing,
        },
    }


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _shared() -> dict[str, Json]:
    part = {"name": _TEXT, "value": _TEXT, "reason": _TEXT}
    answer = {
        "summary": {**_TEXT, "description": "What was asked, as the page says it"},
        "link": {**_TEXT, "description": "The page that shows this"},
        "not_applied": {"type": "array", "items": _ref("schemas", "not_applied")},
        "total": {**_NUMBER, "description": "Rows on all pages"},
        "page": {**_NUMBER, "minimum": 1},
        "pages": {**_NUMBER, "minimum": 1},
        "per_page": {**_NUMBER, "minimum": 1, "maximum": MOST_ROWS},
        "next": {"type": ["string", "null"], "description": "The next page of rows"},
        "rows": {"type": "array", "items": {"type": "object"}, "maxItems": MOST_ROWS},
        "notes": {"type": "array", "items": _TEXT},
        "data": {
            "type": "object",
            "properties": dict.fromkeys(("title", "version", "created", "files", "licence"), _TEXT),
            "required": ["version", "files"],
        },
    }
    problem = {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
    }
    return {
        "answer": {"type": "object", "properties": answer, "required": list(answer)},
        "not_applied": {
            "type": "object",
            "description": "A part of the link that could not be applied",
            "properties": part,
            "required": list(part),
        },
        "problem": {
            "type": "object",
            "description": "Why a request was refused (RFC 9457)",
            "properties": problem,
            "required": ["title", "status"],
        },
    }


def _refusals() -> dict[str, Json]:
    words = {
        "bad_request": "There is no such format",
        "not_found": "There is nothing of that name",
        "too_long": f"The link has more than {LONGEST_LINK:,} characters",
    }
    content = {PROBLEM: {"schema": _ref("schemas", "problem")}}
    return {name: {"description": text, "content": content} for name, text in words.items()}


def _row(table: Table) -> dict[str, Json]:
    return {
        "type": "object",
        "title": table.title,
        "description": table.description,
        "properties": {field.name: _cell(field) for field in table.fields},
        "required": [field.name for field in table.fields],
        "additionalProperties": False,
    }


def _cell(field: Field) -> dict[str, Any]:
    kinds = {"list": "array", "date": "string"}
    kind = kinds.get(field.type, field.type)
    rules = allowed(field)
    return {
        "type": kind if field.required else [kind, "null"],
        "title": field.heading,
        "description": f"{field.description} ({rules})" if rules else field.description,
        **({"items": _TEXT} if field.is_list else {}),
        **({"format": "date"} if field.type == "date" else {}),
    }
