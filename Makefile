# The two commands of a newcomer are `make demo` and `make test`; `make help` names the rest.
# PYTHON chooses the interpreter (3.11 or newer, found by itself), VENV the environment, WORKERS the pytest workers,
# ARGS goes to the program: make demo ARGS=--once, make test ARGS="tests/mes -k fifo"; MODULES (names or beginnings of
# names) are the rules that `make mutants` tries.

PYTHON ?=
VENV ?= .venv
WORKERS ?= 2
PYTHONS ?= $(wildcard $(HOME)/.pyenv/versions/3.1[1-9].*/bin/python)
ARGS ?=
MODULES ?=

BIN := $(VENV)/bin
INPUTS := pyproject.toml .ci/requirements.lock .ci/environment

.PHONY: help demo test check check-format check-lint check-types check-house format long mutants bench test-pythons lock clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.ready-to-run ## a plant on virtual scanners and printers; ARGS=--once ends by itself
	$(BIN)/runcard demo $(ARGS)

test: $(VENV)/.ready-to-test ## everything that can run here; as root, or with SYSTEM=1, installs what is missing
	$(BIN)/python tests/system.py
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: check-format check-lint check-types check-house ## format, lint, strict types, rules of the house

check-format: $(VENV)/.ready-to-test
	$(BIN)/ruff format --check --quiet .

check-lint: $(VENV)/.ready-to-test
	$(BIN)/ruff check --quiet .

check-types: $(VENV)/.ready-to-test
	$(BIN)/mypy --strict

check-house: $(VENV)/.ready-to-test
	$(BIN)/python -m pytest -q tests/house

format: $(VENV)/.ready-to-test ## let ruff put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

long: $(VENV)/.ready-to-test ## kill storms, long simulations: much longer than make test
	$(BIN)/python tests/system.py
	$(BIN)/python -m pytest -m long $(ARGS)

mutants: $(VENV)/.ready-to-test ## one mistake at a time in the rules, and which ones no test sees; MODULES="mes.codes devices"
	$(BIN)/python -m tests.mutation $(ARGS) $(MODULES)

bench: $(VENV)/.ready-to-test ## scans per second and traces, beside the raw driver's limit
	$(BIN)/python tests/system.py
	$(BIN)/python -m bench $(ARGS)

test-pythons: ## `make test` once with every interpreter in PYTHONS
	@test -n "$(PYTHONS)" || { echo "No interpreter found; name some: make test-pythons PYTHONS='python3.12 python3.13'" >&2; exit 1; }
	@for python in $(PYTHONS); do \
	  version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit 1; \
	  echo "== Python $$version"; \
	  $(MAKE) --no-print-directory test PYTHON=$$python VENV=.cache/python-$$version || exit 1; \
	done

lock: $(VENV)/.ready-to-test ## write down the versions that are installed now, for CI
	$(BIN)/python -m pip freeze --exclude-editable > .ci/requirements.lock

clean: ## remove the environment and everything made by tests and builds
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist out demo *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready-to-run: $(INPUTS)
	PYTHON="$(PYTHON)" .ci/environment $(VENV) .
	@touch $@

$(VENV)/.ready-to-test: $(INPUTS)
	PYTHON="$(PYTHON)" .ci/environment $(VENV) '.[test]'
	@touch $@ $(VENV)/.ready-to-run
