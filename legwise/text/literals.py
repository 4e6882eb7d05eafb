"""Python written as source text, in which data can only ever be a literal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

#: Longest line of generated code.
WIDTH = 100
#: Library → its name in generated code.
LIBRARIES = {"pandas": "pd", "plotly.express": "px"}


@dataclass(frozen=True)
class Name:
    """A variable used as a value, or an item of it by key.

    The name is always ours, never from the data; the key is a literal.
    """

    name: str
    key: Any = None


@dataclass(frozen=True)
class Code:
    """An expression that we print but never run; :func:`literal` wrote its values."""

    text: str


class Call:
    """A call as a value: of a function, or of a method (by name) of the first argument."""

    def __init__(self, function: Callable[..., Any] | str, *positional: Any, **named: Any) -> None:
        self.function = function
        self.positional = positional
        self.named = named

    @property
    def head(self) -> str:
        """What is called."""
        if isinstance(self.function, str):
            return f"{literal(self.positional[0])}.{self.function}"
        return function_name(self.function)

    @property
    def arguments(self) -> list[tuple[str, Any]]:
        """Each argument, with the text before it."""
        plain = {key: value for key, value in self.named.items() if _can_be_named(key)}
        others = {key: value for key, value in self.named.items() if key not in plain}
        return [
            *(("", value) for value in self.positional[isinstance(self.function, str) :]),
            *((f"{key}=", value) for key, value in plain.items()),
            *([("**", others)] if others else []),
        ]


def function_name(function: Callable[..., Any]) -> str:
    """Return the name of a function in generated code."""
    module = function.__module__
    short = [f"{short}." for library, short in LIBRARIES.items() if module.startswith(library)]
    return f"{''.join(short)}{function.__name__}"


def literal(value: Any) -> str:
    """Write a value as Python on one line.

    Raises:
        TypeError: there is no literal for this type.
    """
    if isinstance(value, Name):
        return value.name if value.key is None else f"{value.name}[{literal(value.key)}]"
    if isinstance(value, Code):
        return value.text
    if isinstance(value, Call):
        arguments = (f"{before}{literal(item)}" for before, item in value.arguments)
        return f"{value.head}({', '.join(arguments)})"
    if isinstance(value, str):
        # Double quotes, as in the rest of the code; invisible characters are escaped.
        return json.dumps(value, ensure_ascii=False) if value.isprintable() else repr(value)
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, Mapping):
        pairs = (f"{literal(key)}: {literal(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if callable(value):
        return function_name(value)
    raise TypeError(f"no literal for {type(value).__name__}")


def folded(value: Any, before: str = "", indent: int = 0) -> str:
    """Write ``before``, then the value as by :func:`literal`, in several lines if too long."""
    text = literal(value)
    parts = _parts(value)
    if indent + len(before) + len(text) <= WIDTH or not parts:
        return before + text
    inner, pad = indent + 4, " " * (indent + 4)
    opening, closing = _brackets(value)
    lines = [f"{folded(item, f'{pad}{start}', inner)}," for start, item in parts]
    return before + "\n".join([opening, *lines, " " * indent + closing])


def _parts(value: Any) -> list[tuple[str, Any]]:
    """Return the parts that get one line each when a value is folded, with the text before each."""
    if isinstance(value, Call):
        return value.arguments
    if isinstance(value, Mapping):
        return [(f"{literal(key)}: ", item) for key, item in value.items()]
    return [("", item) for item in value] if isinstance(value, (list, tuple)) else []


def _brackets(value: Any) -> tuple[str, str]:
    if isinstance(value, Call):
        return f"{value.head}(", ")"
    return (
        ("{", "}")
        if isinstance(value, Mapping)
        else ("[", "]")
        if isinstance(value, list)
        else ("(", ")")
    )


def _can_be_named(key: str) -> bool:
    return key.isascii() and key.isidentifier() and not iskeyword(key)
