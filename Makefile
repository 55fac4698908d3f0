# Everything is installed into .venv inside the checkout, from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help install demo up test test-faults lint format contracts picture bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

install: .venv/.installed ## install everything into .venv

.venv/.installed: requirements.lock pyproject.toml
	@echo "Installing the locked packages into .venv (up to a minute, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install ## start everything, load the example bloc, print its statistics, clean up
	@$(BIN)/chibo demo

up: install ## run all services on the embedded stack, data kept in .chibo/
	@$(BIN)/chibo up

test: lint ## everything that CI checks
	@$(BIN)/pytest

test-faults: install ## the long fault runs
	@CHIBO_FAULTS=long $(BIN)/pytest tests/faults

lint: install ## format check, lint, strict types, import walls
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: install ## format and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

contracts: install ## write contracts/published anew from the event classes
	@$(BIN)/python -m contracts.publish

picture: install ## draw the pictures in the README anew, from a real run of the demo and in a real browser
	@$(BIN)/python docs/make_picture.py > /dev/null
	@$(BIN)/python docs/make_dashboard_pictures.py

bench: install ## measure, with the machine's size
	@$(BIN)/python -m bench

lock: ## resolve pyproject.toml into requirements.lock; versions that are locked stay (UPGRADE=--upgrade: the newest)
	@test -x .venv/bin/uv || .venv/bin/python -m pip install --quiet uv
	@.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --all-extras $(UPGRADE) \
		--python-version 3.11 --output-file requirements.lock pyproject.toml

clean: ## remove the environment, the data of `make up` and every cache
	@rm -rf .venv .chibo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
