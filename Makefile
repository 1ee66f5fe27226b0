# Two commands: `make demo` and `make test`. Each makes .venv itself, from pinned requirements with hashes.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CLIENTS := .venv-clients
EDITORS := tests/editors
AZURITE := tests/azurite

.PHONY: demo test lint types contracts unit coverage simulate fuzz mutants editors azurite clients format generated docs bench peers lock clean
.DEFAULT_GOAL := test

$(VENV)/.run: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the tool needs into $(VENV) …"
	@$(PIP) install --require-hashes --requirement requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	@echo "Installing what the tests need into $(VENV) …"
	@$(PIP) install --require-hashes --requirement requirements/test.txt
	@touch $@

$(VENV)/.assurance: requirements/assurance.txt $(VENV)/.test
	@echo "Installing what the long runs need into $(VENV) …"
	@$(PIP) install --require-hashes --requirement requirements/assurance.txt
	@touch $@

demo: $(VENV)/.run  ## the main job, against an Azure in a box
	@$(BIN)/python manifests/quickstart/demo.py

test: lint types contracts unit  ## everything that must pass

lint: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: $(VENV)/.test
	@$(BIN)/mypy

contracts: $(VENV)/.test
	@$(BIN)/lint-imports --no-cache

unit: $(VENV)/.test
	@$(BIN)/pytest --numprocesses auto

coverage: $(VENV)/.test  ## the tests again, traced, which takes more than half as long again
	@rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest --numprocesses auto
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --fail-under=98

SEEDS := 100000

simulate: $(VENV)/.test  ## so many simulated runs, from SEEDS=100000 seeds
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS)

fuzz: $(VENV)/.assurance  ## fuzzing of all that is read, for hours if you let it
	@$(BIN)/python -m tests.fuzz

mutants: $(VENV)/.test  ## mutation testing of what decides; goes on where it was left
	@$(BIN)/python -m tests.mutants

%/node_modules/.installed: %/package-lock.json
	@echo "Installing what the tests in $* need …"
	@cd $* && npm ci --loglevel=error
	@touch $@

editors: $(EDITORS)/node_modules/.installed  ## the language server that the tests of tests/editors skip without

# Azurite's later versions bring 200 MB of telemetry.
azurite: $(AZURITE)/node_modules/.installed  ## Azure Storage on this machine, which the tests of the lock skip without

$(CLIENTS)/.installed: requirements/clients.txt
	@test -x $(CLIENTS)/bin/python || $(PYTHON) -m venv $(CLIENTS)
	@echo "Installing az and the Azure SDK into $(CLIENTS); az is large, this takes minutes …"
	@$(CLIENTS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes \
	    --requirement requirements/clients.txt
	@touch $@

clients: $(VENV)/.run $(CLIENTS)/.installed  ## az and the Azure SDK for Python, against the box
	@$(BIN)/backup-reconciler sandbox tests/clients/clients.world.yaml --fresh --tls --pace 10 -- \
	    $(CLIENTS)/bin/python -m tests.clients

format: $(VENV)/.test
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

generated: $(VENV)/.run  ## schemas and generated pages of the documentation, from the code
	@$(BIN)/backup-reconciler schema
	@$(BIN)/python docs/generate.py
	@$(BIN)/python -m docs.walk

docs: $(VENV)/.test  ## the documentation as a site, in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build
	@echo "Open site/index.html."

bench: $(VENV)/.run  ## the figures of benchmarks/README.md
	@$(BIN)/python -m benchmarks

peers: $(VENV)/.run $(CLIENTS)/.installed  ## az and the SDK beside this tool: a quarter of an hour, the tables of docs/peers.md
	@$(BIN)/python -m benchmarks.peers

lock:  ## pin anew; needs uv and npm
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    pyproject.toml requirements/build.in --output-file requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    --constraint requirements/run.txt pyproject.toml requirements/build.in requirements/test.in \
	    --output-file requirements/test.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    --constraint requirements/test.txt requirements/assurance.in --output-file requirements/assurance.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    requirements/clients.in --output-file requirements/clients.txt
	cd $(EDITORS) && npm install --silent --package-lock-only
	cd $(AZURITE) && npm install --silent --package-lock-only
	node requirements/without-hosts.cjs $(EDITORS)/package-lock.json
	node requirements/without-hosts.cjs $(AZURITE)/package-lock.json

clean:
.PHONY: demo test lint types contracts unit coverage simulate fuzz mutants editors azurite clients format generated docs bench peers lock clean
