"""A view as a program: steps that are both run and printed, each stated once.

A step names a value: a call of a library, or of a function of ours, printed above the steps. The
code of a view is thus what runs, not a description. It needs only the CSV files, pandas and plotly.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import CodeType, ModuleType
from typing import Any

from legwise.text.literals import LIBRARIES, Call, Name, folded, literal

#: Where the files are: the only line that a reader may have to change.
DATA_LINE = 'DATA = Path("data")  # the folder that holds the CSV files'
#: The last line of a figure: a notebook shows what it names.
SHOW = "figure  # in a script: figure.show()"


@dataclass(frozen=True)
class Step:
    """A value and the variable that gets it; without a target it is only evaluated."""

    target: Name | None
    value: Any
    comment: str = ""

    def __str__(self) -> str:
        code = folded(self.value, f"{literal(self.target)} = " if self.target else "")
        return f"# {self.comment}\n{code}" if self.comment else code


@dataclass(frozen=True)
class Cell:
    """Steps that belong together, under the comment of the first."""

    steps: tuple[Step, ...]

    def makes(self, name: str) -> bool:
        """Whether one of its steps assigns the variable."""
        return any(step.target == Name(name) for step in self.steps)

    def __str__(self) -> str:
        return "\n".join([*map(str, self.steps), *([SHOW] if self.makes("figure") else [])])


class Program:
    """Steps and their variables: ``rows``, then ``table``, ``chart`` and ``figure``."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.names: dict[str, Any] = {}
        #: Whether it holds its rows as a literal, so that it reads no files.
        self.carries = False

    def note(self, target: str | Name | None, value: Any, comment: str = "") -> None:
        """Add a step without running it: the screen gets its result from the loaded tables."""
        self.steps.append(Step(Name(target) if isinstance(target, str) else target, value, comment))

    def do(self, target: str | Name | None, value: Any, comment: str = "") -> Any:
        """Add a step and run it; return its result."""
        self.note(target, value, comment)
        made = self._value(value)
        if isinstance(target, str):
            self.names[target] = made
        elif target:
            self.names[target.name][target.key] = made
        return made

    def _value(self, value: Any) -> Any:
        if isinstance(value, Name):
            whole = self.names[value.name]
            return whole if value.key is None else whole[self._value(value.key)]
        if isinstance(value, Call):
            positional = [self._value(item) for item in value.positional]
            named = {key: self._value(item) for key, item in value.named.items()}
            if isinstance(value.function, str):
                return attrgetter(value.function)(positional[0])(*positional[1:], **named)
            return value.function(*positional, **named)
        if isinstance(value, Mapping):
            return {key: self._value(item) for key, item in value.items()}
        return [self._value(item) for item in value] if isinstance(value, list) else value

    @property
    def cells(self) -> list[Cell]:
        """The steps in cells: a comment starts a new one."""
        parts: list[list[Step]] = []
        for step in self.steps:
            if step.comment or not parts:
                parts.append([])
            parts[-1].append(step)
        return [Cell(tuple(part)) for part in parts]

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """Functions that the steps call or pass."""
        return list(dict.fromkeys(item for step in self.steps for item in _functions(step.value)))

    def source(self, data: str = "data") -> str:
        """Return the program as a script that reads the folder ``data``."""
        imports, functions = _printed(self.functions)
        body = "\n\n".join(map(str, self.cells))
        head = [_grouped(imports if self.carries else {*imports, "from pathlib import Path"})]
        if not self.carries:
            head.append(DATA_LINE.replace('"data"', literal(data)))
        return "\n\n\n".join(["\n\n".join(head), *functions, body]) + "\n"


def printed(functions: Iterable[Callable[..., Any]]) -> str:
    """Return the source of functions of ours, with what they call and import."""
    imports, texts = _printed(functions)
    return "\n\n\n".join([_grouped(imports), *texts] if imports else texts)


def _printed(functions: Iterable[Callable[..., Any]]) -> tuple[set[str], list[str]]:
    """Return import lines and sources; a function comes after those that it calls."""
    imports: set[str] = set()
    texts: dict[str, str] = {}

    def add(function: Callable[..., Any]) -> None:
        if not function.__module__.startswith("legwise."):
            imports.update(
                f"import {library} as {short}"
                for library, short in LIBRARIES.items()
                if function.__module__.startswith(library)
            )
            return
        if function.__name__ in texts:
            return
        for name in _global_names(function.__code__):
            used = function.__globals__.get(name)
            if isinstance(used, ModuleType):
                imports.add(f"import {used.__name__}" + (f" as {name}" * (used.__name__ != name)))
            elif callable(used) and used.__module__.startswith("legwise."):
                add(used)
            elif callable(used):
                imports.add(f"from {used.__module__} import {name}")
        texts[function.__name__] = _source(function)

    for function in functions:
        add(function)
    return imports, list(texts.values())


def _global_names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _global_names(inner)


def _source(function: Callable[..., Any]) -> str:
    """Return the source without annotations: they need imports and do not help a beginner."""
    text = inspect.getsource(function).strip()
    head = ast.parse(text).body[0]
    assert isinstance(head, ast.FunctionDef)
    for argument in (*head.args.args, *head.args.kwonlyargs):
        argument.annotation = None
    body = text.splitlines()[head.body[0].lineno - 1 :]
    return "\n".join([f"def {head.name}({ast.unparse(head.args)}):", *body])


def _grouped(imports: Iterable[str]) -> str:
    """Group import lines as people do: the standard library first."""
    ours = {line: line.split()[1].split(".")[0] in sys.stdlib_module_names for line in imports}
    parts = (
        sorted(line for line, is_python in ours.items() if is_python is kind)
        for kind in (True, False)
    )
    return "\n\n".join("\n".join(part) for part in parts if part)


def _functions(value: Any) -> Iterator[Callable[..., Any]]:
    """Yield the functions in an expression."""
    if isinstance(value, Call):
        yield from _functions([value.function, *value.positional, *value.named.values()])
    elif isinstance(value, Name):
        yield from _functions(value.key)
    elif isinstance(value, Mapping):
        yield from _functions(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _functions(item)
    elif callable(value):
        yield value
