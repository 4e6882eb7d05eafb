"""A page's form: each parameter is declared once; its link and its widgets follow from that.

A state is a frozen dataclass. :func:`param` gives a field a default and a *kind*: what the
parameter accepts, its name in the link, the word for it. :func:`part` does the same for a value
that the core declares. A kind converts four ways: to and from a link, to and from widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from typing import Any, Generic, TypeVar

from legwise.answers.devices import FacetIndex
from legwise.explore.relations import Relation
from legwise.links.params import LONGEST_TEXT, MOST_WHOLE, Dropped, Params, Reader
from legwise.rules.cautions import conditions
from legwise.tables.catalogue import Catalogue

S = TypeVar("S")
#: Session key → value of a widget.
Widgets = Mapping[str, Any]
Values = Mapping[str, Any]
#: What a parameter accepts, as JSON Schema.
Accepted = dict[str, Any]
#: More values than this are not listed one by one.
MOST_LISTED = 500


@dataclass(frozen=True)
class Scope:
    """What a parameter may depend on: the tables, and the parameters declared before it."""

    catalogue: Catalogue
    index: FacetIndex
    relation: Callable[[str], Relation]
    values: Values = field(default_factory=dict)


Known = Collection[Any] | Callable[[Scope], Collection[Any]]


def known_in(known: Known, scope: Scope) -> Collection[Any]:
    """Return the values a parameter accepts."""
    return known(scope) if callable(known) else known


def listed(known: Known, scope: Scope) -> Accepted:
    """Return the accepted values as JSON Schema: listed, if they are few and known beforehand."""
    try:
        values = known_in(known, scope)
    except KeyError:
        # They depend on another parameter, such as the columns on the table.
        return {"type": "string"}
    some = len(values) > MOST_LISTED
    return {"type": "string", **({} if some else {"enum": [str(value) for value in values]})}


@dataclass(frozen=True)
class Kind:
    """One parameter: converts its value to and from a link, and to and from a widget.

    ``what`` names it in "there is no … of that name". ``link`` is its name in the link, if that is
    not the name of the attribute. Subclasses convert one value; those that need several link
    parameters or widgets override :meth:`encode`, :meth:`decode`, :meth:`seed` and :meth:`hear`.
    """

    what: str = "setting"
    link: str = ""

    def names(self, name: str) -> tuple[str, ...]:
        """Return the link parameters of the attribute ``name``."""
        return (self.link or name,)

    def columns(self, scope: Scope) -> tuple[str, ...]:
        """Return the columns of the table that are link parameters under their bare names."""
        return ()

    def accepted(self, name: str, default: Any, scope: Scope) -> dict[str, Accepted]:
        """Return link parameter → what it accepts, of the attribute ``name``."""
        about = {"description": f"{self.what[:1].upper()}{self.what[1:]}"}
        return {self.link or name: {**about, **self.schema(default, scope)}}

    def schema(self, default: Any, scope: Scope) -> Accepted:
        """Return what the parameter accepts."""
        raise NotImplementedError

    def write(self, value: Any) -> list[str]:
        """Return the value as link texts."""
        return [str(value)]

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        """Read the value from a link."""
        raise NotImplementedError

    def to_widget(self, value: Any, scope: Scope) -> Any:
        """Return the value as a widget holds it."""
        return value

    def from_widget(self, value: Any, default: Any, scope: Scope) -> Any:
        """Return the value from what a widget holds."""
        return default if value is None else value

    def encode(self, name: str, values: Values, default: Any, scope: Scope) -> Params:
        """Return the link parameters of the attribute ``name``; defaults are left out."""
        value = values[name]
        return {} if value == default else {self.link or name: self.write(value)}

    def decode(self, name: str, reader: Reader, default: Any, scope: Scope) -> Values:
        """Return attribute → value, read from the link."""
        return {name: self.read(reader, self.link or name, default, scope)}

    def seed(self, key: str, name: str, values: Values, scope: Scope) -> Widgets:
        """Return the values of the widgets; ``key`` is the session key of the first."""
        return {key: self.to_widget(values[name], scope)}

    def hear(self, key: str, name: str, widgets: Widgets, default: Any, scope: Scope) -> Values:
        """Return attribute → value, read from the widgets."""
        return {name: self.from_widget(widgets[key], default, scope)}


@dataclass(frozen=True)
class OneOf(Kind):
    """One of the known values."""

    known: Known = ()

    def schema(self, default: Any, scope: Scope) -> Accepted:
        usual = {} if default in ("", None) else {"default": str(default)}
        return {**listed(self.known, scope), **usual}

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        known = {str(value): value for value in known_in(self.known, scope)}
        return known.get(reader.one(name, known, self.what, ""), default)

    def to_widget(self, value: Any, scope: Scope) -> Any:
        return value if value or value in known_in(self.known, scope) else None


@dataclass(frozen=True)
class Tab(OneOf):
    """The open one of several tabs; ``known`` is id → title. The widget holds the title."""

    what: str = "tab"
    known: Mapping[str, str] = field(default_factory=dict)

    def to_widget(self, value: Any, scope: Scope) -> Any:
        return self.known[value]

    def from_widget(self, value: Any, default: Any, scope: Scope) -> Any:
        return {title: key for key, title in self.known.items()}.get(value, default)


@dataclass(frozen=True)
class KeyOf(Kind):
    """The id of one row of a table, looked up: the length of the table costs nothing."""

    table: str = ""

    def schema(self, default: Any, scope: Scope) -> Accepted:
        return {"type": "string"}

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        return reader.one(name, scope.catalogue.keys(self.table), self.what, default)


@dataclass(frozen=True)
class SomeOf(Kind):
    """Some of the known values, in their order."""

    known: Known = ()

    def schema(self, default: Any, scope: Scope) -> Accepted:
        return {"type": "array", "items": listed(self.known, scope)}

    def write(self, value: Any) -> list[str]:
        return list(value)

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        return reader.choices(name, list(known_in(self.known, scope)), self.what)

    def to_widget(self, value: Any, scope: Scope) -> Any:
        return list(value)

    def from_widget(self, value: Any, default: Any, scope: Scope) -> Any:
        return tuple(item for item in known_in(self.known, scope) if item in value)


#: The conditions and situations that a visitor states.
CONDITIONS = SomeOf("condition", link="condition", known=lambda scope: conditions(scope.catalogue))


@dataclass(frozen=True)
class Several(SomeOf):
    """Up to ``most`` known values, in the order chosen; none means the ``usual`` ones."""

    most: int = 500
    usual: Known = ()

    def schema(self, default: Any, scope: Scope) -> Accepted:
        return {**super().schema(default, scope), "maxItems": self.most}

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        # Not as a list: the ids of a million devices are looked up, not read.
        return reader.ids(name, known_in(self.known, scope), self.what, self.most)

    def to_widget(self, value: Any, scope: Scope) -> Any:
        return list(value or known_in(self.usual, scope))

    def from_widget(self, value: Any, default: Any, scope: Scope) -> Any:
        return () if tuple(value) == tuple(known_in(self.usual, scope)) else tuple(value)


@dataclass(frozen=True)
class Flag(Kind):
    """A switch."""

    def schema(self, default: Any, scope: Scope) -> Accepted:
        return {"type": "string", "enum": ["yes", "no"] if default else ["yes"]}

    def write(self, value: Any) -> list[str]:
        return ["yes" if value else "no"]

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        answer = reader.one(name, ("yes", "no") if default else ("yes",), self.what, "")
        return {"yes": True, "no": False}.get(answer, default)


@dataclass(frozen=True)
class Text(Kind):
    """Free text."""

    what: str = "words to search for"

    def schema(self, default: Any, scope: Scope) -> Accepted:
        return {"type": "string", "maxLength": LONGEST_TEXT}

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        return reader.text(name)

    def from_widget(self, value: Any, default: Any, scope: Scope) -> Any:
        return " ".join(value.split())


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number of at least 1."""

    what: str = "whole number from 1"

    def schema(self, default: Any, scope: Scope) -> Accepted:
        usual = {} if default is None else {"default": default}
        return {"type": "integer", "minimum": 1, "maximum": MOST_WHOLE, **usual}

    def read(self, reader: Reader, name: str, default: Any, scope: Scope) -> Any:
        return reader.whole(name, default)


@dataclass(frozen=True)
class Part(Kind):
    """Several parameters that form one value: attribute → kind. Its class holds the defaults."""

    of: type = object
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def param(default: Any, kind: Kind) -> Any:
    """Declare a field of a state."""
    return field(default=default, metadata={"kind": kind})


def part(of: type, **kinds: Kind) -> Any:
    """Declare a field of a state that holds a value of the core. Its class holds the defaults."""
    return field(default_factory=of, metadata={"kind": Part(of=of, kinds=kinds)})


def _default(item: Field[Any]) -> Any:
    return item.default if item.default_factory is MISSING else item.default_factory()


class Form(Generic[S]):
    """The parameters of one page. Pass ``kinds`` for a state that the core declares.

    ``settle`` turns the state read from the widgets into a possible one, given the previous state.
    """

    def __init__(
        self,
        page: str,
        state: type[S],
        settle: Callable[[S, S, Scope], S] = lambda state, before, scope: state,
        **kinds: Kind,
    ) -> None:
        self.page, self.state, self.settle = page, state, settle
        self._fields: dict[str, tuple[Kind, Any]] = {
            item.name: (kinds.get(item.name) or item.metadata["kind"], _default(item))
            for item in fields(state)  # type: ignore[arg-type]
            if item.name in kinds or "kind" in item.metadata
        }

    def default(self, name: str, scope: Scope) -> Any:
        """Return the default of an attribute, given the attributes before it."""
        return self._fields[name][1]

    def _parameters(self) -> Iterator[tuple[str, str, Kind]]:
        """Yield (attribute, attribute of its part or "", kind) of every parameter."""
        for name, (kind, _) in self._fields.items():
            if isinstance(kind, Part):
                yield from ((name, inner, its_kind) for inner, its_kind in kind.kinds.items())
            else:
                yield name, "", kind

    def _value_default(self, name: str, inner: str, scope: Scope) -> Any:
        default = self.default(name, scope)
        return getattr(default, inner) if inner else default

    @property
    def link_names(self) -> tuple[str, ...]:
        """Names of all link parameters except table columns."""
        return tuple(
            link for name, inner, kind in self._parameters() for link in kind.names(inner or name)
        )

    def columns(self, scope: Scope) -> tuple[str, ...]:
        """Return the table columns that are link parameters under their bare names."""
        return tuple(name for _, _, kind in self._parameters() for name in kind.columns(scope))

    def accepted(self, scope: Scope) -> dict[str, Accepted]:
        """Return link parameter → what it accepts, as JSON Schema with a description."""
        every: dict[str, Accepted] = {}
        for name, inner, kind in self._parameters():
            _, default = self._fields[name]
            its = getattr(default, inner) if inner else default
            every |= kind.accepted(inner or name, its, scope)
        return every

    def encode(self, state: S, scope: Scope) -> Params:
        """Return the link parameters of a state."""
        params: Params = {}
        values = _values(state)
        scope = replace(scope, values=values)
        for name, inner, kind in self._parameters():
            held = _values(values[name]) if inner else values
            default = self._value_default(name, inner, scope)
            params |= kind.encode(inner or name, held, default, scope)
        return {name: texts for name, texts in params.items() if texts}

    def decode(
        self, params: Mapping[str, Collection[str]], scope: Scope
    ) -> tuple[S, tuple[Dropped, ...]]:
        """Return the state read from a link, and what could not be applied."""
        reader = Reader(params)
        state = self._build(
            scope,
            lambda name, key, kind, default, scope: kind.decode(name, reader, default, scope),
        )
        return state, reader.finish()

    def seed(self, state: S, scope: Scope) -> dict[str, Any]:
        """Return the value of every widget of the page for a state."""
        values = _values(state)
        scope = replace(scope, values=values)
        widgets: dict[str, Any] = {}
        for name, inner, kind in self._parameters():
            held = _values(values[name]) if inner else values
            widgets |= kind.seed(self.key(inner or name), inner or name, held, scope)
        return widgets

    def read(self, widgets: Widgets, before: S, scope: Scope) -> tuple[S, Widgets]:
        """Return the state read from the widgets, and corrections where it was not possible."""
        state = self._build(
            replace(scope, values=_values(before)),
            lambda name, key, kind, default, scope: kind.hear(key, name, widgets, default, scope),
        )
        settled = self.settle(state, before, scope)
        if settled == state:
            return state, {}
        asked = self.seed(state, scope)
        corrected = self.seed(settled, scope).items()
        return settled, {key: value for key, value in corrected if asked[key] != value}

    def key(self, name: str) -> str:
        """Session key of the widget of an attribute."""
        return f"{self.page}.{name}"

    def _build(self, scope: Scope, value: Callable[..., Values]) -> S:
        values: dict[str, Any] = {}
        parts: dict[str, dict[str, Any]] = {}
        for name, inner, kind in self._parameters():
            scope = replace(scope, values={**scope.values, **values})
            default = self._value_default(name, inner, scope)
            got = value(inner or name, self.key(inner or name), kind, default, scope)
            (parts.setdefault(name, {}) if inner else values).update(got)
        for name, its_values in parts.items():
            kind, _ = self._fields[name]
            assert isinstance(kind, Part)
            values[name] = kind.of(**its_values)
        return self.state(**values)


def _values(state: Any) -> Values:
    return {item.name: getattr(state, item.name) for item in fields(state)}
