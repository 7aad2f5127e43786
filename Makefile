# Linux and macOS; on Windows `nox` offers the same names. `make` alone lists them.
# Everything installs into .venv, from pinned and hashed files, and only when those files changed.

VENV ?= .venv
BIN := $(VENV)/bin
# A Python of your choice: make test PYTHON=/path/to/python3.12
PYTHON ?=
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
# More for pytest: make test PYTEST_ARGS="tests/unit -x"
PYTEST_ARGS ?=
# How many tests at once. Tests of one file stay together as long as nobody is idle, so what they share is seldom started twice.
WORKERS ?= 2
# To move the pins: make requirements UPGRADE=--upgrade
UPGRADE ?=
# The kernels that notebooks are tried on; pyproject.toml says which is which.
KERNELS := 6-31 7-3 7-4

# Twice quiet: progress bars and remarks about the machine's own settings go, errors stay.
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo lab notebook test lint types imports tests programs kdc kerberos browser softhsm azurite samba kernels notebooks pictures bench requirements clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/run.stamp ## both runbooks on three tenants of the built-in lab, from plan to verified
	@$(BIN)/runbook demo

lab: $(VENV)/run.stamp ## the lab and the notebooks in JupyterLab, on this machine until Ctrl+C
	@$(BIN)/runbook lab --notebook

notebook: $(VENV)/run.stamp ## the notebooks in JupyterLab without the lab, for live use, until Ctrl+C
	@$(BIN)/runbook notebook

# What tests need is built while types are checked. Packages of the system come before, for its installer serves one at a time.
test: lint imports programs ## the gate: lint, types, import rules, tests with coverage
	@$(MAKE) --no-print-directory --jobs=2 types $(VENV)/kerberos.stamp azurite kernels
	@$(MAKE) --no-print-directory tests

lint: $(VENV)/test.stamp ## rules of style and format
	@echo "lint"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(VENV)/test.stamp ## types of the package, strictly
	@echo "types"
	@$(BIN)/mypy

imports: $(VENV)/test.stamp ## which layer may import which
	@echo "imports"
	@$(BIN)/lint-imports --no-cache

tests: kerberos browser softhsm azurite kernels ## tests with coverage; what decides must be covered completely
	@echo "tests"
	@$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal --cov --cov-report= $(PYTEST_ARGS)
	@$(BIN)/coverage report --fail-under=100

programs: kdc browser softhsm

kdc: $(VENV)/test.stamp
	@requirements/kerberos.sh $(BIN)/python

kerberos: kdc ## a KDC and the libraries of the Kerberos tests: installed and built when missing
	@$(MAKE) --no-print-directory $(VENV)/kerberos.stamp

browser: ## Chromium for the tests that use a notebook as a person does: installed when missing
	@requirements/browser.sh

softhsm: ## the token of the tests that sign over PKCS#11: installed when missing
	@requirements/softhsm.sh

azurite: $(VENV)/test.stamp ## the storage of the tests that keep records there: installed when missing
	@requirements/azurite.sh $(VENV)

kernels: $(KERNELS:%=$(VENV)/kernels/%.stamp) ## the kernels that notebooks are tried on, each in a folder of its own

samba: $(VENV)/test.stamp ## compare the lab's directory with a real Samba AD domain controller: Debian or Ubuntu, as root
	@requirements/samba.sh
	@$(PIP) install --require-hashes --requirement requirements/samba.txt
	@$(BIN)/python -m pytest -m samba $(or $(PYTEST_ARGS),tests/samba)

notebooks: $(VENV)/run.stamp ## write the notebooks again from the runbooks
	@$(BIN)/python -m runbook_lib.notebook.generate

pictures: browser $(VENV)/test.stamp ## take the pictures of the pages again, of the running product on the lab
	@$(BIN)/python -m tests.browser.pictures

bench: $(VENV)/test.stamp ## measure what the claims about speed rest on
	@$(BIN)/python -m benchmarks

requirements: $(VENV)/test.stamp ## resolve the pins again from pyproject.toml
	@set -e; \
	export UV_CUSTOM_COMPILE_COMMAND="make requirements"; \
	compile="$(BIN)/uv pip compile pyproject.toml --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
	  --no-strip-extras --no-annotate --only-binary :all: --emit-build-options --group build"; \
	$$compile --output-file requirements/run.txt; \
	$$compile --group dev --constraint requirements/run.txt --output-file requirements/test.txt; \
	$(BIN)/uv pip compile --group kerberos --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
	  --no-strip-extras --no-annotate --no-binary gssapi --no-binary krb5 --no-binary pykerberos --emit-build-options \
	  --output-file requirements/kerberos.txt; \
	$(BIN)/uv pip compile --group samba --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
	  --no-strip-extras --no-annotate --only-binary :all: --emit-build-options --output-file requirements/samba.txt; \
	for kernel in $(KERNELS); do \
	  $(BIN)/uv pip compile --group kernel-$$kernel --no-deps --quiet $(UPGRADE) --universal --python-version 3.11 \
	    --generate-hashes --no-strip-extras --no-annotate --only-binary :all: --emit-build-options --output-file requirements/kernel-$$kernel.txt; \
	done

clean: ## remove what the tools made; outputs/ stays
	@rm -rf $(VENV) .nox .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache \
	  build dist htmlcov *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@for name in $(PYTHONS); do \
	  if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
	    echo "$(VENV): $$($$name --version)"; \
	    $$name -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; \
	    exit 0; \
	  fi; \
	done; \
	echo "The kit needs Python 3.11, 3.12 or 3.13. Tried: $(PYTHONS)." >&2; \
	echo "Install one of them, or name it: make PYTHON=/path/to/python3.12" >&2; \
	exit 1

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "$(VENV): what the kit runs with (about a minute)"
	@$(PIP) install --require-hashes --requirement requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# A superset of the above with the same versions, so both may share one environment.
$(VENV)/test.stamp: requirements/test.txt pyproject.toml | $(BIN)/python
	@echo "$(VENV): what the tests need (about a minute)"
	@$(PIP) install --require-hashes --requirement requirements/test.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/run.stamp $@

# Built without optimization: they are bindings, and the compiler is what takes the time.
$(VENV)/kerberos.stamp: requirements/kerberos.txt $(VENV)/test.stamp
	@echo "$(VENV): what the Kerberos tests need, built here (a minute or two)"
	@CFLAGS="-O0 -g0" $(PIP) install --require-hashes --no-build-isolation --requirement requirements/kerberos.txt
	@touch $@

$(VENV)/kernels/%.stamp: requirements/kernel-%.txt $(VENV)/test.stamp
	@rm -rf $(@:.stamp=)
	@$(PIP) install --require-hashes --no-deps --target $(@:.stamp=) --requirement $<
	@touch $@
