"""A visitor without a browser: speaks Streamlit's own messages, and can say what a browser says
only now and then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

#: Kind of widget → field of its state, where its value is, whether it is a list of options.
STATES = {
    "button_group": ("string_array_value", "raw_values", True),
    "checkbox": ("bool_value", "value", False),
    "multiselect": ("string_array_value", "raw_values", True),
    "number_input": ("double_value", "value", False),
    "pagination": ("int_value", "value", False),
    "radio": ("string_value", "raw_value", False),
    "selectbox": ("string_value", "raw_value", False),
    "slider": ("double_array_value", "value", False),
    "text_input": ("string_value", "value", False),
}
#: Runs after which a browser forgets what it was not sent again.
OLDEST = 2
VALUES = ("value", "raw_value", "raw_values", "set_value")


class Visitor:
    """One session of the app at the other end of ``socket``; what was drawn last is in
    ``elements``.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.elements: list[Element] = []
        self.query = ""
        self.page_hash = ""
        self.session = ""
        #: Bytes of the last answer.
        self.received = 0
        self._told: dict[str, Message] = {}
        # As a browser does, it keeps what it was sent lately, by hash, with the run it was used in.
        self._runs = 0
        self._kept: dict[str, tuple[int, Element]] = {}

    def open(self, path: str, widgets: Iterable[WidgetState] = ()) -> None:
        """Ask for a page by its address, as a browser does first, and wait until it is drawn.

        A browser whose server is another one now tells it the states of its widgets.
        """
        name, _, self.query = path.partition("?")
        self._run(
            {
                "page_name": name.strip("/"),
                "query_string": self.query,
                "widget_states": {"widgets": list(widgets)},
            }
        )

    def rerun(self, widgets: Iterable[WidgetState] = ()) -> None:
        """Ask for the same page again, with the link as it stands now and only these states of
        widgets.
        """
        self._run(
            {
                "page_script_hash": self.page_hash,
                "query_string": self.query,
                "widget_states": {"widgets": list(widgets)},
            }
        )

    def states(self) -> list[WidgetState]:
        """Return the state of every widget that was drawn, as a browser sends it."""
        states = []
        for element in self.elements:
            kind = element.WhichOneof("type")
            field, held, listed = STATES.get(kind, ("", "", False))
            if field:
                widget = getattr(element, kind)
                name = held if widget.set_value else "default"
                value = getattr(widget, name)
                state = WidgetState(id=widget.id)
                if not listed and not _has(widget, name):
                    pass  # an empty box has a state without a value
                elif listed:
                    options = [str(getattr(option, "content", option)) for option in widget.options]
                    texts = value if widget.set_value else [options[index] for index in value]
                    state.string_array_value.data.extend(texts)
                elif held == "raw_value" and not widget.set_value:
                    state.string_value = widget.options[value] if widget.options else ""
                elif held == "value" and field == "double_array_value":
                    state.double_array_value.data.extend(value)
                else:
                    setattr(state, field, value)
                states.append(state)
        return states

    def _run(self, asked: dict[str, object]) -> None:
        sent = BackMsg(rerun_script={**asked, "cached_message_hashes": list(self._kept)})
        self.socket.send(sent.SerializeToString())
        self.elements, self.received = [], 0
        while True:
            message = self.socket.recv(timeout=60)
            self.received += len(message)
            answer = ForwardMsg.FromString(message)
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.session = answer.new_session.initialize.session_id
            elif kind == "navigation":
                self.page_hash = answer.navigation.page_script_hash
            elif kind == "page_info_changed":
                self.query = answer.page_info_changed.query_string
            elif kind in ("delta", "ref_hash"):
                self._take(answer)
            elif kind == "script_finished":
                self._forget()
                if answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return
                self.elements = []

    def _take(self, answer: ForwardMsg) -> None:
        if answer.ref_hash:
            _, element = self._kept[answer.ref_hash]
            self._keep(answer.ref_hash, element)
            self._draw(element)
        elif answer.delta.WhichOneof("type") == "new_element":
            if answer.metadata.cacheable:
                self._keep(answer.hash, answer.delta.new_element)
            self._draw(answer.delta.new_element)

    def _forget(self) -> None:
        self._runs += 1
        self._kept = {
            name: kept for name, kept in self._kept.items() if self._runs - kept[0] <= OLDEST
        }

    def _keep(self, name: str, element: Element) -> None:
        kept = Element()
        kept.CopyFrom(element)
        self._kept[name] = self._runs, kept

    def _draw(self, element: Element) -> None:
        widget = getattr(element, element.WhichOneof("type"))
        if "set_value" in widget.DESCRIPTOR.fields_by_name:
            # A value is sent only when it is news: until the next one a browser keeps it, and so
            # does this.
            if widget.set_value:
                told = self._told[widget.id] = type(widget)()
                told.CopyFrom(widget)
                for field, _ in widget.ListFields():
                    if field.name not in VALUES:
                        told.ClearField(field.name)
            elif widget.id in self._told:
                widget.MergeFrom(self._told[widget.id])
            element.ClearField("has_one_shot_effect")
        self.elements.append(element)

    def all(self, kind: str) -> list:
        """Return what was drawn of one kind, in the order it was drawn in."""
        return [
            getattr(element, kind)
            for element in self.elements
            if element.WhichOneof("type") == kind
        ]


def _has(widget: Message, name: str) -> bool:
    """Whether a field that may be missing is there."""
    field = widget.DESCRIPTOR.fields_by_name[name]
    return not field.has_presence or widget.HasField(name)


@contextmanager
def visitor(base: str) -> Iterator[Visitor]:
    """Visit the app at ``base``."""
    with connect(
        f"ws://{urlsplit(base).netloc}/_stcore/stream", subprotocols=["streamlit"], max_size=None
    ) as socket:
        yield Visitor(socket)
