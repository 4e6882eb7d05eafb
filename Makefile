# make run    start the app            make run DATA=dir    on another package of the same schema
# make bench  measure against peers
# make test   run every test           make lint            style and types       make check    the tables
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint check docs bench clean
.DEFAULT_GOAL := run

run: $(VENV)/.run
	LEGWISE_DATA="$(DATA)" $(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: $(VENV)/.dev
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m pytest -n auto --dist loadscope

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: $(VENV)/.run
	$(BIN)/legwise check $(DATA)

bench: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m benchmarks.facets

docs: $(VENV)/.dev
	$(BIN)/python docs/dictionary.py
	$(BIN)/jupyter execute --inplace --NotebookClient.record_timing=False notebooks/tour.ipynb

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Legwise needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
