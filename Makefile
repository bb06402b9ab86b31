# Every habit of the house is one command. `make` alone lists them.
# PYTHON chooses the interpreter (3.11 or newer): make test PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Compiled once, beside the installed packages, whatever the shell says of compiled files.
RUN := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.venv/compiled

.DEFAULT_GOAL := help
.PHONY: help demo test check bench lock clean
.DELETE_ON_ERROR:

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## try everything on this machine: a local workspace with the bot, and the address of its page
	@$(RUN) $(BIN)/leakbot demo $(ARGS)

test: $(READY) ## run the tests; make test ARGS="tests/law -q" runs some of them
	@$(RUN) $(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(READY) ## format, lint, types, floors, dependencies: fails on any finding
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .

bench: $(READY) ## measure what everything costs: a table, and figures.json; make bench ARGS="growth" measures one part
	@$(RUN) $(BIN)/python -m tests.bench $(ARGS)

lock: $(READY) ## pin the newest allowed dependencies, with hashes, in requirements.lock
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --extra dev \
		--generate-hashes --allow-unsafe --strip-extras \
		--no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file requirements.lock pyproject.toml

clean: ## forget the virtual environment and the caches; cases are kept
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

# Installed once, and again when the dependencies change.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "leakbot needs Python 3.11 or newer; name one: make PYTHON=python3.12 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "preparing .venv (the first time this takes a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@
