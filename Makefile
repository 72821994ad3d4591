PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := tests/peers
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test fix bench docs setup setup-dev setup-peers lock

run: setup ## install and start the demo
	$(BIN)/frontdesk demo

setup: $(VENV)/.run-installed

$(VENV)/.run-installed: requirements/run.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

setup-dev: $(VENV)/.dev-installed

$(VENV)/.dev-installed: requirements/dev.lock $(VENV)/.run-installed
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	touch $@

setup-peers: $(PEERS)/node_modules/.package-lock.json

$(PEERS)/node_modules/.package-lock.json: $(PEERS)/package-lock.json
	@if command -v npm >/dev/null; then (cd $(PEERS) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); \
	else echo "no npm: the tests against programs of Node are skipped"; fi

test: setup-dev setup-peers ## linters, types, contracts and the whole test suite
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --dist loadfile

fix: setup-dev ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup-dev ## the bench table, printed and written to benchmarks/results
	$(BIN)/python -m benchmarks

docs: setup-dev ## the documentation as a site, in dist/docs
	$(BIN)/frontdesk schema --reference docs/reference
	$(BIN)/zensical build --strict

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: ## pin every dependency with hashes (needs uv)
	$(LOCK) pyproject.toml requirements/setup.in --extra slack --extra telegram --extra teams --extra models --extra crawl --extra minilm --extra telemetry -o requirements/run.lock
	$(LOCK) pyproject.toml requirements/setup.in --extra slack --extra telegram --extra teams --extra models --extra crawl --extra minilm --extra telemetry --extra docs --extra dev -c requirements/run.lock -o requirements/dev.lock
