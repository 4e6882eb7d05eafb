"""Python written as source text: what a table holds can never be anything but a value there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

#: Longest line of the code that is written.
WIDTH = 100
#: Library → the name that it has in the code.
LIBRARIES = {"pandas": "pd", "plotly.express": "px"}


@dataclass(frozen=True)
class Name:
    """A variable of the code where a value is expected, or what stands in it under a key.

    Only names of ours, never one of the data; the key is a value.
    """

    name: str
    key: Any = None


@dataclass(frozen=True)
class Code:
    """An expression that is only printed, never run by us; its values were written by :func:`literal`."""

    text: str


class Call:
    """A call as a value: of a function, or of the method (by name) of its first argument."""

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
        """What stands before each argument, and the argument."""
        plain = {key: value for key, value in self.named.items() if _can_be_named(key)}
        others = {key: value for key, value in self.named.items() if key not in plain}
        return [
            *(("", value) for value in self.positional[isinstance(self.function, str) :]),
            *((f"{key}=", value) for key, value in plain.items()),
            *([("**", others)] if others else []),
        ]


def function_name(function: Callable[..., Any]) -> str:
    """Name of a function as the code calls it."""
    module = function.__module__
    short = [f"{short}." for library, short in LIBRARIES.items() if module.startswith(library)]
    return f"{''.join(short)}{function.__name__}"


def literal(value: Any) -> str:
    """Write a value as Python on one line.

    Raises:
        TypeError: the value is of a kind that no code is written for.
    """
    if isinstance(value, Name):
        return value.name if value.key is None else f"{value.name}[{literal(value.key)}]"
    if isinstance(value, Code):
        return value.text
    if isinstance(value, Call):
        arguments = (f"{before}{literal(item)}" for before, item in value.arguments)
        return f"{value.head}({', '.join(arguments)})"
    if isinstance(value, str):
        # Double quotes as the rest of the code has; what cannot be seen is escaped.
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
    """Write a value as :func:`literal` does, after the text ``before``; what is too long is broken into lines."""
    text = literal(value)
    parts = _parts(value)
    if indent + len(before) + len(text) <= WIDTH or not parts:
        return before + text
    inner, pad = indent + 4, " " * (indent + 4)
    opening, closing = _brackets(value)
    lines = [f"{folded(item, f'{pad}{start}', inner)}," for start, item in parts]
    return before + "\n".join([opening, *lines, " " * indent + closing])


def _parts(value: Any) -> list[tuple[str, Any]]:
    """What stands on a line of its own where a value is broken into lines, and what before it."""
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
