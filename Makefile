# Homeward. `make demo` and `make test` work on a fresh machine with Python 3.11+ and make.
PYTHON ?= python3
PORT ?= 8080
CONFIG ?= config.toml
VENV := .venv
PEERS := .venv-peers
AUDIT := .venv-audit
BIN := $(VENV)/bin
# What `make test` runs on PostgreSQL too: what speaks to the database most, and what only several processes do.
ON_POSTGRES := tests/test_replicas.py tests/test_broadcast_replicas.py tests/test_reminding_together.py \
	tests/test_reminding_bench.py tests/test_moving.py tests/cli/test_start.py tests/test_kills.py tests/test_secrecy.py \
	tests/bot/test_outbox.py tests/bot/test_writer.py tests/bot/test_webhook.py tests/bot/test_intake.py \
	tests/casework/test_finding.py tests/handlers/test_filing.py tests/handlers/test_desk.py tests/handlers/test_linking.py
STORED = $(if $(DATABASE),--webhook --database $(DATABASE) --replicas $(or $(REPLICAS),1))
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locales/*/LC_MESSAGES/messages.po))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup setup-dev demo run test test-postgres test-on-both lint check-strings strings catalogues pictures tour bench growth explore fuzz kills soak broadcasting guessing hostile desk searching reminding reminding-kills audit requirements peers

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / \t/' | expand -t 16

setup: $(VENV)/.ready catalogues ## everything that running needs; leaves .venv/bin/homeward

setup-dev: $(VENV)/.ready-dev catalogues ## everything that testing needs

demo: setup ## the offline demo: the real bot and a simulated Telegram at http://127.0.0.1:8080 (PORT=)
	@$(BIN)/homeward demo --port $(PORT)

run: setup ## the real bot (CONFIG=config.toml)
	@$(BIN)/homeward run --config $(CONFIG)

test: setup-dev peers lint check-strings ## lint, strings and all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-on-both: setup-dev ## what several processes and another engine could break, on a real PostgreSQL
	HOMEWARD_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile $(ON_POSTGRES)

test-postgres: setup-dev ## all tests on a real PostgreSQL, which pip brings (HOMEWARD_TEST_DATABASE=URL: on yours)
	HOMEWARD_TEST_DATABASE=$${HOMEWARD_TEST_DATABASE:-postgresql} $(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup-dev ## ruff, mypy and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-strings: setup-dev ## catalogues that cannot drift
	$(BIN)/python -m locales.check

strings: setup-dev ## bring messages.pot and the catalogues up to date with the code
	$(BIN)/python -m locales.check --write

catalogues: $(CATALOGUES)

%.mo: %.po $(VENV)/.ready
	@$(BIN)/pybabel -q compile -i $< -o $@

pictures: setup-dev ## the pictures of the README (needs Chromium)
	$(BIN)/python -m tests.browser.pictures

tour: setup-dev ## docs/tour/: a picture of every screen of a family's way, in three languages (needs Chromium)
	$(BIN)/python -m tests.browser.tour

peers: $(PEERS)/.ready ## the libraries of the bench's peers, in an environment of their own

bench: setup-dev peers ## updates per second against other ways of writing a bot, side by side
	$(BIN)/python -m bench --markdown docs/benchmark.md --chart docs/pictures/benchmark.png $(BENCH)

growth: setup-dev ## what everything costs with ever more requests stored (ROWS=1000000 for a further size)
	$(BIN)/python -m bench.growing $(if $(ROWS),--rows $(ROWS))

explore: setup-dev ## families, staff and an admin do anything at all, by new dice each time (WALKS=500)
	EXPLORE=$(or $(WALKS),500) $(BIN)/python -m pytest -n0 tests/handlers/test_whole_family_side.py \
	  tests/handlers/test_whole_service.py

fuzz: setup-dev ## updates made from the Bot API's description, sound and damaged (FUZZ=100000)
	FUZZ=$(or $(FUZZ),100000) $(BIN)/python -m pytest -n0 -rP --show-capture=stdout tests/bot/test_bad_updates.py

kills: setup-dev ## kill -9 at random moments while families write (KILLS=100 DATABASE=postgresql REPLICAS=3)
	$(BIN)/python -m bench.kills --kills $(or $(KILLS),100) $(STORED)

soak: setup-dev ## the long one: kills, failures of the API and of storage (KILLS=1000 API=10000 STORAGE=500 DATABASE=postgresql)
	$(BIN)/python -m bench.kills --kills $(or $(KILLS),1000) --api-faults $(or $(API),10000) \
	  --storage-faults $(or $(STORAGE),500) --seconds-between 0.05 0.4 $(STORED)

hostile: setup-dev ## 10,000 names that try to be something else, through cards, lists, exports and charts (HOSTILE=)
	HOSTILE=$(or $(HOSTILE),10000) $(BIN)/python -m pytest -n 2 -k hostile tests/handlers/test_hostile_cards.py \
	  tests/handlers/test_finding.py tests/casework/test_exporting.py tests/bot/test_charts.py

desk: setup-dev ## how long the desk's screens take with many cases (CASES=10000)
	$(BIN)/python -m bench.desk --cases $(or $(CASES),10000)

searching: setup-dev ## how long a search over many cases takes (CASES=10000)
	$(BIN)/python -m bench.searching --cases $(or $(CASES),10000)

broadcasting: setup-dev ## a broadcast to 10,000 families, Telegram's limits enforced (RECIPIENTS= KILLS= REPLICAS=2: on PostgreSQL)
	$(BIN)/python -m bench.broadcasting --recipients $(or $(RECIPIENTS),10000) --kills $(or $(KILLS),0) \
	  $(if $(REPLICAS),--replicas $(REPLICAS) --database postgresql)

reminding: setup-dev ## how long a tick takes that gives 1,000 of 100,000 reminders (REMINDERS=100000)
	$(BIN)/python -m bench.reminding --rows $(or $(REMINDERS),100000)

reminding-kills: setup-dev ## kill -9 around the ticks at which reminders are given (KILLS=100 REPLICAS=2: on PostgreSQL)
	$(BIN)/python -m bench.reminding_kills --kills $(or $(KILLS),100) \
	  $(if $(REPLICAS),--database postgresql --replicas $(REPLICAS))

guessing: setup-dev ## guess references, codes, invitations and what buttons carry, while families go on (GUESSES=100000)
	$(BIN)/python -m bench.guessing --guesses $(or $(GUESSES),100000)

$(VENV)/.ready: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit("Homeward needs Python 3.11 or newer; name one: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --no-compile --require-hashes -r requirements.txt
	$(BIN)/pip install -q --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	$(BIN)/pip install -q --no-compile --require-hashes -r requirements-dev.txt
	@touch $@

$(PEERS)/.ready: bench/peers/requirements.txt $(VENV)/.ready-dev
	@test -x $(PEERS)/bin/python || $(BIN)/python -m venv $(PEERS)
	$(PEERS)/bin/pip install -q --no-compile --require-hashes -r bench/peers/requirements.txt
	@touch $@

audit: ## ask for known weaknesses of everything that is pinned (reaches pypi.org)
	@test -x $(AUDIT)/bin/python || $(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/pip install -q pip-audit
	$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.txt -r requirements-dev.txt \
	  -r bench/peers/requirements.txt

requirements: setup-dev ## pin anew what pyproject.toml asks for (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
	  --group build pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
	  --group build --group dev pyproject.toml -o requirements-dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
	  bench/peers/requirements.in -o bench/peers/requirements.txt
