# The commands of the project; `make help` lists them.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test test-fast lint check docs shots bench bench-pages bench-crowd clean
.DEFAULT_GOAL := run

help:                       ## list the commands
	@sed -n "s/^\([a-z-]*\):.*## /make \1\t/p" $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/.run           ## start the app; DATA=dir serves another package, PORT=8501
	LEGWISE_DATA="$(DATA)" $(BIN)/python -m streamlit run serve.py --server.port $(PORT)

test: $(VENV)/.dev          ## run every test; says what it installs
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m pytest -n auto --dist worksteal

test-fast: $(VENV)/.dev     ## run the tests of the core, without a browser
	$(BIN)/python -m pytest -n auto --dist worksteal -p no:playwright tests/unit

lint: $(VENV)/.dev          ## check style, types and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -n 2
	$(BIN)/lint-imports --no-cache

check: $(VENV)/.run         ## list every fault of the tables
	$(BIN)/legwise check $(DATA)

bench: $(VENV)/.run         ## measure against peers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m benchmarks.facets

bench-pages: $(VENV)/.dev   ## measure what a visit of each page costs
	$(BIN)/python -m benchmarks.pages

bench-crowd: $(VENV)/.dev   ## measure what a crowd waits
	$(BIN)/python -m benchmarks.crowd

docs: $(VENV)/.dev          ## renew the data dictionary and the tour
	$(BIN)/python docs/dictionary.py
	$(BIN)/jupyter execute --inplace --NotebookClient.record_timing=False notebooks/tour.ipynb

shots: $(VENV)/.dev         ## take the pictures of the docs again
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.browser.shots

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Legwise needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/.run

clean:                      ## remove what the other commands made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
