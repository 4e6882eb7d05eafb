"""The drawings of the device types, and how they get into HTML."""

import base64
from xml.etree import ElementTree

import pytest

from ui.drawings import ANY_DEVICE, DRAWINGS, ICON, drawing, icon, logo, picture

SVG = "{http://www.w3.org/2000/svg}"
FILES = sorted(DRAWINGS.glob("*.svg"))
OF_TYPES = [path for path in FILES if not path.stem.startswith("logo-")]


def parts(path):
    return list(ElementTree.parse(path).getroot().iter())


@pytest.mark.parametrize("path", OF_TYPES, ids=lambda path: path.stem)
def test_drawings_are_of_one_hand(path):
    root, *shapes = parts(path)
    assert root.tag == f"{SVG}svg"
    assert root.attrib == {
        "viewBox": "0 0 96 96",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": "3",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    assert {shape.get("stroke", "none") for shape in shapes} == {"none"}
    assert not any("stroke-width" in shape.attrib for shape in shapes)
    assert {shape.get("fill", "currentColor") for shape in shapes} == {"currentColor"}
    assert all(float(shape.get("fill-opacity", 0)) < 0.2 for shape in shapes)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_drawing_holds_shapes_and_nothing_else(path):
    names = {part.tag.removeprefix(SVG) for part in parts(path)}
    assert names <= {"svg", "g", "path", "circle", "ellipse", "rect"}
    attributes = {name for part in parts(path) for name in part.attrib}
    assert not any(name.startswith("on") or "href" in name for name in attributes)
    assert "url(" not in path.read_text()


@pytest.mark.parametrize(
    "device_type", ["", "unknown", "logo-dark", "../drawings/percussion", "device.svg\n", "é"]
)
def test_a_type_without_a_drawing_gets_that_of_any_device(device_type):
    assert drawing(device_type) == drawing(ANY_DEVICE)
    assert drawing(device_type) != drawing("percussion")


def test_a_drawing_in_html_is_read_aloud_by_its_name():
    html = picture("percussion", '"><script>', 32)
    (span,) = ElementTree.fromstring(f"<p>{html}</p>")
    assert (span.get("role"), span.get("aria-label")) == ("img", '"><script>')
    assert span.attrib["style"].startswith("width:32px;height:32px;")


def test_a_drawing_beside_its_name_is_not_read_aloud():
    (span,) = ElementTree.fromstring(f"<p>{picture('percussion')}</p>")
    assert span.get("aria-hidden") == "true"
    assert span.get("role") is None


def test_logo_and_icon_are_there():
    assert logo("light") != logo("dark")
    for theme in ("light", "dark"):
        kind, _, content = logo(theme).partition(";base64,")
        assert kind == "data:image/svg+xml"
        assert ElementTree.fromstring(base64.b64decode(content)).tag.endswith("svg")
    assert icon() == f"data:image/png;base64,{base64.b64encode(ICON.read_bytes()).decode()}"
    assert ICON.read_bytes().startswith(b"\x89PNG")
    # Every run sends it.
    assert len(icon()) < 1_000
