# Two commands on a bare machine: `make run` and `make test`. Each makes what it needs, once.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
SEEDS ?= 0-99
ENGINE ?= sqlite
STEPS ?= 10000
# More than there are cores: most tests wait, for a page, a disk or the ten seconds of an undo.
JOBS ?= 3
SEED ?= 1
KILLS ?= 200

VENV := .venv
PHONE := .venv-phone
RUN_READY := $(VENV)/.ready-run
TEST_READY := $(VENV)/.ready-test
PHONE_READY := $(PHONE)/.ready
INTEROP := tests/interop
INTEROP_READY := $(INTEROP)/node_modules/.ready
# Wheels only: nothing is compiled, nothing runs a stranger's setup.py.
INSTALL := -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes
TYPED := contract fieldapp sync_server browser_app demo tests bench main.py
# Tests that draw nothing and start no server, database or thread: of contract/, of the pure folders
# (tests/test_architecture.py: PURE), of words and colours, and of the repository itself.
PURE := tests/contract tests/test_architecture.py tests/test_docs.py tests/test_privacy.py tests/test_third_party.py \
  tests/fieldapp/test_entry.py tests/fieldapp/test_search.py tests/fieldapp/test_photo_transfers.py \
  tests/fieldapp/test_ledger.py tests/fieldapp/test_theme.py tests/fieldapp/test_lookup.py \
  tests/fieldapp/test_patrol_proposal.py tests/fieldapp/test_personal_data.py tests/fieldapp/test_words.py \
  tests/sync_server/test_roles.py tests/sync_server/test_merge.py tests/sync_server/test_salvage.py

.PHONY: help run app wheel test quick test-phone test-browser-app simulate fuzz monkey check lock screenshots apk clean

help:
	@echo "make run          the bureau and the field app on this machine (PORT=8000)"
	@echo "make app          the field app for phones' browsers into build/app/, which the server then gives out"
	@echo "make wheel        the server as one file with that app in it, into build/wheel/"
	@echo "make quick        lint, types, pure tests, architecture, docs: at each save"
	@echo "make test         all tests (ARGS=... goes to pytest)"
	@echo "make simulate     simulated worlds (SEEDS=1000-1999, ENGINE=sqlite or postgres)"
	@echo "make fuzz         the phone's addresses against their OpenAPI document, 3 minutes (FUZZ_SEED=1)"
	@echo "make monkey       random taps, kills and network flaps on the field app (STEPS=10000, SEED=1)"
	@echo "make test-phone   contract/ and fieldapp/ under the versions that a phone installs"
	@echo "make test-browser-app  all tests of the field app inside Chromium (KILLS=200)"
	@echo "make check        format, lint, types, dependencies, known vulnerabilities"
	@echo "make screenshots  the pictures of README, docs/fieldapp.md and docs/console.md, from the running programs"
	@echo "make lock         locks from pyproject.toml, and THIRD_PARTY.md (UPGRADE=--upgrade for newer ones)"
	@echo "make apk          an Android package; read docs/phone-build.md first"
	@echo "make clean        take away what make made; the data in var/ stays"

run: $(RUN_READY)
	@$(VENV)/bin/python -m browser_app --quick --if-older
	@PORT=$(PORT) $(VENV)/bin/python -m demo

# With bytecode and compressed, which takes a minute or two.
app: $(TEST_READY)
	@$(VENV)/bin/python -m browser_app

# The server with the app in it, for a machine that has neither node nor this repository.
wheel: app
	@$(VENV)/bin/python -m tools.make_wheel

# Where there is npm, another maker's client is tried, too.
test: $(TEST_READY) $(if $(shell command -v npm),$(INTEROP_READY))
	@$(VENV)/bin/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

# mypy remembers what it has read; it works while ruff and pytest do.
quick: $(TEST_READY)
	@$(VENV)/bin/ruff format --check --quiet . && $(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy --strict $(TYPED) & types=$$!; \
	  $(VENV)/bin/python -m pytest -q -x $(PURE) $(ARGS); tests=$$?; wait $$types && exit $$tests

simulate: $(TEST_READY)
	@PYTHONHASHSEED=0 $(VENV)/bin/python -m tests.simulation $(SEEDS) --engine $(ENGINE)

fuzz: $(TEST_READY)
	@$(VENV)/bin/python -m tests.fuzz

monkey: $(TEST_READY)
	@$(VENV)/bin/python -m tests.monkey $(STEPS) --seed $(SEED)

test-phone: $(PHONE_READY)
	@$(PHONE)/bin/python -m pytest -n $(JOBS) --dist loadfile tests/contract tests/fieldapp $(ARGS)

test-browser-app: $(TEST_READY)
	@KILLS=$(KILLS) $(VENV)/bin/python -m pytest tests/browser_app $(ARGS)

check: $(TEST_READY)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy --strict $(TYPED)
	$(VENV)/bin/deptry .
	$(VENV)/bin/python -m tools.audit requirements.lock requirements-dev.lock requirements-phone.lock requirements-browser.lock

screenshots: $(TEST_READY)
	$(VENV)/bin/python -m tools.screenshots

clean:
	rm -rf $(INTEROP)/node_modules .venv .venv-phone .venv-lock build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up: a stamp is as new as the lock it was made from -----------------------------------------

$(RUN_READY): requirements.lock | $(VENV)/bin/pip
	@echo "Installing what the programs need (once, a minute or two) ..."
	@$(VENV)/bin/python $(INSTALL) -r requirements.lock
	@touch $@

$(TEST_READY): requirements-dev.lock $(RUN_READY)
	@echo "Installing what the tests need (once) ..."
	@$(VENV)/bin/python $(INSTALL) -r requirements-dev.lock
	@touch $@

$(PHONE_READY): requirements-phone.lock | $(PHONE)/bin/pip
	@echo "Installing what a phone installs (once) ..."
	@# Without what packages ask for: the lock leaves some of it out, as a phone's package does.
	@$(PHONE)/bin/python $(INSTALL) --no-deps -r requirements-phone.lock
	@touch $@

$(INTEROP_READY): $(INTEROP)/package.json $(INTEROP)/package-lock.json
	@echo "Installing the JavaScript client that the tests try (once) ..."
	@npm --prefix $(INTEROP) ci --silent --ignore-scripts
	@touch $@

$(VENV)/bin/pip $(PHONE)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "xuncha needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
	    "Another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "python3-venv is missing: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(@:/bin/pip=)

# --- locks: hashes, every platform and Python from 3.11, and no index address in any file -----------

UV := .venv-lock/bin/uv
UPGRADE ?=
COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --only-binary :all: \
  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet $(UPGRADE)
# Asked of the shell, not of make: make would read the old lock.
LEFT_OUT := $$(sed -n 's/^\([a-z0-9-]*\);.*/--no-emit-package \1/p' overrides-phone.txt)
LOCKED := $$(sed -n 's/^\([A-Za-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock)

lock: $(UV)
	$(COMPILE) --extra web --extra server --extra eyes --output-file requirements.lock
	@# The second lock holds only what comes on top, in versions that agree with the first.
	$(COMPILE) --extra test --extra dev --constraints requirements.lock $(LOCKED) \
	  --output-file requirements-dev.lock
	$(COMPILE) --extra test --extra eyes --constraints constraints-phone.txt \
	  --override overrides-phone.txt $(LEFT_OUT) --output-file requirements-phone.lock
	@# The .npmrc there leaves addresses out of this one.
	@if command -v npm >/dev/null; then \
	  npm --prefix $(INTEROP) install --package-lock-only --silent --ignore-scripts; fi
	@$(MAKE) --no-print-directory $(TEST_READY)
	$(VENV)/bin/python -m tools.third_party

$(UV):
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

# --- the phone's package: needs flet-cli and, at its first run, open internet ------------------------

FLET ?= flet

apk:
	@command -v $(FLET) >/dev/null || { echo "flet is missing: see docs/phone-build.md" >&2; exit 1; }
	install -D -m 644 tools/phone/AndroidManifest.xml \
	  build/flutter/android/app/src/release/AndroidManifest.xml
	$(FLET) build apk --yes --python-version 3.14
