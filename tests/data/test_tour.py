"""The tour runs, and what it shows is what it would show now."""

import nbformat
import pytest

from tests.conftest import ROOT
from tests.unit.test_notebook import run_in_jupyter

TOUR = ROOT / "notebooks" / "tour.ipynb"


def shown(notebook):
    """What each cell shows: its text, however many pieces it came in, and how many traces its
    figures have.
    """
    for cell in notebook.cells:
        text, traces = "", 0
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            figure = data.get("application/vnd.plotly.v1+json")
            traces += len(figure["data"]) if figure else 0
            text += output.get("text", "") or ("" if figure else data.get("text/plain", ""))
        yield text, traces


@pytest.fixture(scope="module")
def committed():
    return nbformat.read(TOUR, 4)


def test_the_tour_shows_what_it_would_show_now(committed):
    done = run_in_jupyter(TOUR.read_text(encoding="utf-8"), TOUR.parent)
    assert list(shown(committed)) == list(shown(done)), "renew it with make docs"


def test_the_tour_was_run_to_its_end_without_a_fault(committed):
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code)
    assert not [
        output
        for cell in code
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
