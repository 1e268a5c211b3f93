# The commands of the house. `make help` lists them; `make run` and `make test` need nothing but Python 3.11 and make.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test soak bench screenshots lint format lock triage-score triage-learn clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/run  ## start the demo: public pages on 8080, inbox on 8081 (ARGS="--fresh --port 9000")
	$(BIN)/python -m intake demo $(ARGS)

test: $(VENV)/dev  ## unit, property, flows on SQLite and PostgreSQL, browser: all but the soak
	$(BIN)/python -m pytest -n 2 -m "not browser" $(ARGS)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m browser $(ARGS)

soak: $(VENV)/dev  ## the long tests, whole: kill rounds, years, every page in every language, every rule on PostgreSQL
	$(BIN)/python -m pytest -m soak --soak -o faulthandler_timeout=0 $(ARGS)

bench: $(VENV)/dev  ## measure speed and memory; writes benchmarks/results.json
	$(BIN)/python -m benchmarks $(ARGS)

screenshots: $(VENV)/dev  ## take the pictures of every page anew, into docs/screenshots
	$(BIN)/python -m tests.screenshots

triage-score: $(VENV)/dev  ## how often triage is right on dev.jsonl (ARGS="tests/triage/corpus/unseen.jsonl")
	$(BIN)/python -m benchmarks.triage_score $(ARGS)

triage-learn: $(VENV)/dev  ## learn the weights beside the rules anew from the labelled corpora, in minutes
	$(BIN)/python -m benchmarks.learning

lint: $(VENV)/dev  ## ruff and mypy, as CI runs them
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev  ## put the code in the house's shape
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

lock: $(VENV)/dev  ## resolve the dependencies anew into the two lock files
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements-dev.lock

clean:  ## remove the environment, the demo's data and all caches
	rm -rf $(VENV) var .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Hamn needs Python 3.11 or newer"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements.lock | $(BIN)/python
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/run
