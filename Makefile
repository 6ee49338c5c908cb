# Everything a newcomer needs, each in one word. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NODE   := PATH="$(CURDIR)/$(BIN):$$PATH"
WEB    := dashboards/web
WEB_IN := $(shell find $(WEB) -type f -not -path '*/node_modules/*' -not -path '*/build/*' -not -path '*/.svelte-kit/*' 2>/dev/null)

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

run: $(VENV)/.run $(WEB)/build/index.html ## start everything here, with one camera node (CAMERA= MODEL= SITE= CHEONGSA_PORT= CHEONGSA_DATA_DIR=)
	@exec env CAMERA="$(CAMERA)" MODEL="$(MODEL)" SITE="$(SITE)" $(if $(CHEONGSA_PORT),CHEONGSA_PORT="$(CHEONGSA_PORT)") \
	  $(if $(CHEONGSA_DATA_DIR),CHEONGSA_DATA_DIR="$(CHEONGSA_DATA_DIR)") $(BIN)/python -m hub run

demo: $(VENV)/.run ## fill the office that `make run` runs with 8 weeks of simulated, labelled history
	@$(if $(CHEONGSA_DATA_DIR),CHEONGSA_DATA_DIR="$(CHEONGSA_DATA_DIR)") $(BIN)/python -m hub demo --history 8w

env: ## make every secret that docker-compose.yml needs (HOST=board.city.go.kr)
	@$(PYTHON) deploy/make_env.py "$(HOST)"

backup: $(VENV)/.run ## write the database of `make run` into one file (FILE=)
	@$(if $(CHEONGSA_DATA_DIR),CHEONGSA_DATA_DIR="$(CHEONGSA_DATA_DIR)") $(BIN)/python -m hub backup "$(or $(FILE),cheongsa-$(shell date +%Y%m%d-%H%M%S).dump)"

restore: $(VENV)/.run ## put a backup in the place of the database of `make run` (FILE=)
	@$(if $(CHEONGSA_DATA_DIR),CHEONGSA_DATA_DIR="$(CHEONGSA_DATA_DIR)") $(BIN)/python -m hub restore "$(FILE)"

test: $(VENV)/.dev $(WEB)/build/index.html tests/oidc/node_modules/.done oracles tests/hub/document/reader/node_modules/.done ## set up and run every test
	@sh tests/prepare.sh
	$(BIN)/pytest $(PYTEST_ARGS)

check: $(VENV)/.dev $(WEB)/node_modules/.done ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	cd $(WEB) && $(NODE) npm run --silent check

web-types: $(VENV)/.run $(WEB)/node_modules/.done ## write the web app's types from the API's description
	$(BIN)/python -m hub openapi > $(WEB)/openapi.json
	cd $(WEB) && $(NODE) npm run --silent types

bench: $(VENV)/.dev ## measure, each number beside what it is compared with; writes docs/performance.md
	@$(MAKE) --no-print-directory bench-env || echo "Not everything to compare with is here: those rows are left out."
	@$(BIN)/python -m tests.bench --write

bench-env: .venv-bench/.done ## the environment of what we are compared with: torch, ultralytics, supervision

.venv-bench/.done: requirements/bench.txt requirements/export.txt $(VENV)/.run
	@echo "Installing what the node is compared with."
	@PYTHON=$(BIN)/python sh tests/bench/env.sh .venv-bench && touch $@

oracles: ## the environment of what the trip proof is held against: cwt, pyhpke, scitt-cose, vectors
	@$(MAKE) --no-print-directory .venv-oracles/.done || echo "What the trip proof is held against is not here: those tests are skipped."

.venv-oracles/.done: requirements/oracles.txt $(VENV)/.run
	@echo "Installing what the trip proof is held against."
	@PYTHON=$(BIN)/python sh tests/oracles/env.sh .venv-oracles && touch $@

soak: $(VENV)/.dev ## break every part again and again, count what is lost (SOAK_MINUTES= SOAK_TIMES=50 SEED=)
	@$(BIN)/python -m tests.system.faults $(if $(SOAK_MINUTES),--minutes $(SOAK_MINUTES)) \
	  $(if $(SOAK_TIMES),--times $(SOAK_TIMES)) $(if $(SEED),--seed $(SEED))

fuzz: $(VENV)/.dev ## send 100,000 bad messages and hold the dead letters to the ledger (FUZZ_TIMES= SEED=)
	@FUZZ_TIMES=$(or $(FUZZ_TIMES),100000) $(if $(SEED),CHEONGSA_SEED=$(SEED)) $(BIN)/pytest -q -s --timeout 3600 \
	  tests/hub/ingest/test_bad_messages.py

web: $(WEB)/build/index.html ## build the web app

lock: $(VENV)/.run ## pin every dependency with its hashes, for all platforms
	sh requirements/lock.sh $(BIN)
	$(BIN)/python firmware-config/lock_wheels.py
	cd $(WEB) && $(NODE) npm install --package-lock-only --ignore-scripts

export-env: $(VENV)/.run ## the environment with torch and ultralytics, for training and export
	PYTHON=$(BIN)/python sh edge/scene/export_env.sh .venv-export

clean: ## remove what was built here; the data of `make run` stay
	rm -rf $(VENV) .venv-export .venv-bench .venv-oracles $(WEB)/build $(WEB)/node_modules $(WEB)/.svelte-kit

$(BIN)/python:
	@PYTHON=$(PYTHON) sh requirements/venv.sh $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Cheongsa needs (some minutes the first time)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what the tests and checks need."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(WEB)/node_modules/.done: $(WEB)/package-lock.json $(VENV)/.run
	@echo "Installing what the web app is built from."
	@cd $(WEB) && $(NODE) npm ci --silent --no-audit --no-fund
	@touch $@

tests/oidc/node_modules/.done: tests/oidc/package-lock.json $(VENV)/.run
	@echo "Installing the sign-in provider of the tests."
	@cd tests/oidc && $(NODE) npm ci --silent --no-audit --no-fund
	@touch $@

tests/hub/document/reader/node_modules/.done: tests/hub/document/reader/package-lock.json $(VENV)/.run
	@echo "Installing the HWPX reader of the tests."
	@cd tests/hub/document/reader && $(NODE) npm ci --silent --no-audit --no-fund
	@touch $@

$(WEB)/build/index.html: $(WEB)/node_modules/.done $(WEB_IN)
	@echo "Building the web app."
	@(cd $(WEB) && $(NODE) npm run --silent build) >$(VENV)/web.log 2>&1 || { cat $(VENV)/web.log; exit 1; }
	@touch $@

.PHONY: help run demo env backup restore test check bench bench-env oracles soak fuzz web web-types lock export-env clean
