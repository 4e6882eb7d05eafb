"""Python values written as source text: what a table holds can never be anything but a value there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: Longest line of the code that is written.
WIDTH = 100


@dataclass(frozen=True)
class Name:
    """The name of a variable of the code, where a value is expected. Only our own names, never one of the data."""

    name: str


def literal(value: Any) -> str:
    """Write a value as a Python literal on one line.

    Raises:
        TypeError: the value is of a kind that no code is written for.
    """
    if isinstance(value, Name):
        return value.name
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
        return (
            "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
        )
    raise TypeError(f"no literal for {type(value).__name__}")


def folded(value: Any, before: str = "", indent: int = 0) -> str:
    """Write a value as a literal that follows the text ``before``; what is too long goes over several lines."""
    text = literal(value)
    if (
        indent + len(before) + len(text) <= WIDTH
        or not value
        or not isinstance(value, (list, tuple, Mapping))
    ):
        return before + text
    inner, pad = indent + 4, " " * (indent + 4)
    if isinstance(value, Mapping):
        lines = [f"{folded(item, f'{pad}{literal(key)}: ', inner)}," for key, item in value.items()]
        return before + "\n".join(["{", *lines, " " * indent + "}"])
    lines = [f"{folded(item, pad, inner)}," for item in value]
    opening, closing = "[]" if isinstance(value, list) else "()"
    return before + "\n".join([opening, *lines, " " * indent + closing])


def call(function: str, *positional: Any, **named: Any) -> str:
    """Write a call; what is too long gets a line an argument."""
    arguments = [literal(value) for value in positional] + [
        f"{key}={literal(value)}" for key, value in named.items()
    ]
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return line
    lines = [folded(value, "    ", 4) for value in positional]
    lines += [folded(value, f"    {key}=", 4) for key, value in named.items()]
    return f"{function}(\n" + "".join(f"{text},\n" for text in lines) + ")"


def assign(name: str, value: Any) -> str:
    """Write an assignment to one of our own names."""
    return folded(value, f"{name} = ")


def names(values: Iterable[str]) -> str:
    """Write column names as they index a frame: one by itself, several as a list."""
    found = list(values)
    return literal(found[0]) if len(found) == 1 else literal(found)
