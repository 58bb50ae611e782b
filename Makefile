# Everything a newcomer or a CI machine does. Each target sets up what it needs: a Debian machine with Python 3.11 is enough.
#
#   make demo     a council, its services and a wallet to click through (HEADLESS=1: a resident without a screen)
#   make test     every test, on SQLite, PostgreSQL and in Chromium (ARGS="-k revoke" for some, JOBS=1 for one at a time)
#   make nightly  races over four workers, a thousand rounds each, and many more made-up requests (SECONDS=60 a race)
#   make check    style, types, layers, vectors; warnings are errors
#   make format   Python laid out as `make check` wants it
#   make bench    the measurements, as ratios
#   make score    what people still type: every form of protocols/catalogue/journeys for everybody (docs/score.md)
#   make build    the wallet's release in wallet_web/dist (PDS_REGISTRAR_KEYS=keys.jwks.json) and the wheel in dist
#   make lock     requirements/*.txt anew from pyproject.toml (UPGRADE=1: newer versions too)
#   make clean    away with everything that the above made

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell .ci/need --python)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
ARGS ?=

# Node and npm come from the machine, or from the virtual environment where the machine has none.
export PATH := $(CURDIR)/$(BIN):$(PATH)

unexport PYTHONPATH

.PHONY: help demo test nightly check format bench score build clean lock setup python-setup wallet-setup clients-setup

help:
	@sed -n 's/^#   //p' Makefile

setup: python-setup wallet-setup
python-setup: $(VENV)/.editable
wallet-setup: wallet_web/node_modules/.installed
clients-setup: tests/clients/node/node_modules/.installed

demo: setup
	$(BIN)/pds demo $(if $(HEADLESS),--headless)

test: setup clients-setup
	.ci/need chromium postgres
	$(BIN)/python -m pytest $(TOGETHER) $(ARGS)
	$(BIN)/python -m pytest $(TOGETHER) --engine=postgres $(ARGS)

# Half of what a test does is wait for a browser or a database: one process more than there are cores.
JOBS ?= $(shell expr $$(nproc) + 1)
TOGETHER = --numprocesses=$(JOBS) --dist=worksteal

# Each race ends after its rounds or its seconds, whichever comes first, and the summary says how many it had: about two
# hours and a half at most with these numbers, and both engines. The races are the same tests as those of `make test`.
ROUNDS ?= 1000
WORKERS ?= 4
SECONDS ?= 300
EXAMPLES ?= 500
RACES := tests/faults/test_races.py tests/faults/test_refresh.py tests/faults/test_workers.py
NIGHTLY = --rounds=$(ROUNDS) --workers=$(WORKERS) --seconds=$(SECONDS) --examples=$(EXAMPLES) $(RACES) tests/test_openapi.py

nightly: setup
	.ci/need postgres
	$(BIN)/python -m pytest $(NIGHTLY) $(ARGS)
	$(BIN)/python -m pytest --engine=postgres $(NIGHTLY) $(ARGS)

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict
	$(BIN)/python -m pytest --quiet tests/test_layers.py
	$(BIN)/python -W error protocols/vectors/make_vectors.py --check
	cd wallet_web && npm run check
	cd wallet_web && npm run vectors:check

format: python-setup
	$(BIN)/ruff check --fix --quiet || true
	$(BIN)/ruff format

bench: setup
	.ci/need postgres
	$(BIN)/python -m bench $(ARGS)

score: setup
	.ci/need chromium
	$(BIN)/python -m bench.score $(ARGS)

build: setup
	cd wallet_web && npm run build
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf $(VENV) .lock dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis
	rm -rf wallet_web/node_modules wallet_web/dist tests/clients/node/node_modules
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

# --- what is installed, each with a stamp ------------------------------------------------------------------------------

$(VENV)/.requirements: requirements/dev.txt
	.ci/need venv
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	touch $@

# The build backend is one of the locked requirements: nothing is fetched here.
$(VENV)/.editable: pyproject.toml $(VENV)/.requirements
	test -f pds/__init__.py
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.node: requirements/node.txt $(VENV)/.requirements
	.ci/need --node || $(PIP) install --require-hashes --requirement requirements/node.txt
	touch $@

wallet_web/node_modules/.installed: wallet_web/package.json wallet_web/package-lock.json $(VENV)/.node
	cd wallet_web && npm ci --no-audit --no-fund
	touch $@

# Other people's client libraries, for tests alone.
tests/clients/node/node_modules/.installed: tests/clients/node/package.json tests/clients/node/package-lock.json $(VENV)/.node
	cd tests/clients/node && npm ci --no-audit --no-fund
	touch $@

# --- locking -----------------------------------------------------------------------------------------------------------
# Compiled with the oldest Python that is supported, from the public index alone: a machine's own mirrors and folders
# leave no trace. `tests/test_layers.py` looks for one.

LOCK := env --unset=PIP_FIND_LINKS --unset=PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
	.lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(if $(UPGRADE),--upgrade)

lock: .lock/.made
	$(LOCK) --extra server --output-file requirements/server.txt pyproject.toml
	$(LOCK) --extra server --extra desk --extra dev --constraint requirements/server.txt --output-file requirements/dev.txt pyproject.toml
	$(LOCK) --constraint requirements/dev.txt --output-file requirements/build.txt requirements/build.in
	$(LOCK) --output-file requirements/node.txt requirements/node.in

.lock/.made:
	$(PYTHON) -m venv --clear .lock
	.lock/bin/python -m pip install --quiet pip-tools
	touch $@
