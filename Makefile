# Needs Python 3.11 or later, git and make; brings everything else. `make help` lists what it does.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

PORT ?= 8000
export PORT

# The first Python that is new enough and can make a virtual environment; PYTHON=/path/to/python3.12
# chooses another. The system's own comes first: it was built with the optimiser's profile, and what
# was built by hand often was not and runs everything a fifth slower (docs/performance.md).
NEW_ENOUGH := import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in /usr/bin/python3 python3.11 python3 python3.12 python3.13 python3.14; do \
	$$name -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$name; break; }; done)

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
TEST_ARGS ?=

# A virtual environment whose Python has gone (an upgrade, a moved home) is made anew.
ifneq ($(shell $(PY) -c 'print("alive")' 2>/dev/null),alive)
.PHONY: $(VENV)/made.stamp
endif

.PHONY: help run test soak check bench bench-wagtail fuzz screenshots clean install install-dev \
	port-is-free audit lock

help:  ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1: \2/p' Makefile

# Every stamp is written last, so that a half-finished step is never taken as done.
$(VENV)/made.stamp:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo "This needs Python 3.11 or later, and no such Python was found$(if $(PYTHON), as “$(PYTHON)”)." \
			"Install one, or name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@rm -rf $(VENV)
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python could not make a virtual environment; its message stands above." \
			"On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/run.stamp: $(VENV)/made.stamp requirements.lock
	@echo "Installing what the site runs on (requirements.lock, each file by its hash)"
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	@echo "Installing what tests and checks need (requirements-dev.txt)"
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/browser.stamp: $(VENV)/dev.stamp tests/browser/install.py
	@$(PY) tests/browser/install.py
	@touch $@

install: $(VENV)/run.stamp

install-dev: $(VENV)/browser.stamp

port-is-free:
	@"$(if $(wildcard $(PY)),$(PY),$(PYTHON))" deploy/serve.py --check-port

# The variables below are defaults: what stands in the environment already is kept.
var/secret-key:
	@mkdir -p var
	@umask 077; $(PY) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@.new && mv $@.new $@

var/static.stamp: $(VENV)/run.stamp $(shell find static -type f | sed 's/ /\\ /g')
	@echo "Hashing and compressing the static files"
	@SECRET_KEY=unused-by-this-command-but-it-must-be-long $(PY) manage.py collectstatic \
		--noinput --verbosity 0
	@touch $@

run: install port-is-free var/secret-key var/static.stamp  ## serve the site with its content at http://127.0.0.1:8000 (PORT=…)
	@export STAFF_MFA="$${STAFF_MFA:-optional}" SECRET_KEY="$${SECRET_KEY:-$$(cat var/secret-key)}"; \
	echo "Preparing the database and the content" && \
	$(PY) manage.py migrate --verbosity 0 && \
	$(PY) manage.py load_demo --accounts && \
	exec $(PY) deploy/serve.py

test: install-dev  ## run the whole test suite, real browser and servers included
	@$(PY) -m pytest -n 2 --dist worksteal $(TEST_ARGS)

soak: install-dev  ## the long tests in tests/soak/: minutes of random workflow, editors and kills
	@$(PY) -m pytest tests/soak $(TEST_ARGS)

CHECKS := check-lint check-format check-rooms check-django check-migrations check-templates
HERMETIC := DEBUG="$${DEBUG:-true}" DATABASE_URL="$${DATABASE_URL:-sqlite://:memory:}"
.PHONY: $(CHECKS)
$(CHECKS): $(VENV)/dev.stamp

check: $(CHECKS)  ## linters, room boundaries, Django's checks, missing migrations

check-lint:
	$(PY) -m ruff check .

check-format:
	$(PY) -m ruff format --check .

check-rooms:
	PYTHONPATH=. $(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' \
		--cache-dir $(VENV)/import-linter

check-django:
	@echo "manage.py check --fail-level WARNING"
	@$(HERMETIC) $(PY) manage.py check --fail-level WARNING

check-migrations:
	@echo "manage.py makemigrations --check --dry-run"
	@$(HERMETIC) $(PY) manage.py makemigrations --check --dry-run

check-templates:
	$(PY) -m djlint --quiet --lint templates

bench: $(VENV)/dev.stamp  ## run every script in benchmarks/, one after the other
	@failed=; for script in benchmarks/[!_]*.py; do \
		test -e "$$script" || { echo "There is no benchmark yet."; break; }; \
		echo "== $$script"; PYTHONPATH=. $(PY) "$$script" || failed="$$failed $$script"; \
	done; test -z "$$failed" || { echo "Failed:$$failed" >&2; exit 1; }

# Never in the site's own environment: it is a rival, not a part.
WAGTAIL := var/wagtail
$(WAGTAIL)/made.stamp: $(VENV)/made.stamp benchmarks/wagtail_site/requirements.txt
	@rm -rf $(WAGTAIL)
	@$(PY) -m venv $(WAGTAIL)
	@$(WAGTAIL)/bin/python -m pip --disable-pip-version-check install --quiet \
		-r benchmarks/wagtail_site/requirements.txt
	@touch $@

bench-wagtail: $(WAGTAIL)/made.stamp  ## install the Wagtail site that make bench measures beside this one (asks the network)

fuzz: install-dev  ## odd texts, broken files, odd requests, and 10,000 payloads in a browser, for minutes
	@$(PY) -m tests.fuzz.checker 20000
	@DEBUG=true DJANGO_SETTINGS_MODULE=tests.settings $(PY) -m tests.fuzz.importers 20000
	@export DEBUG=true DATABASE_URL="$${DATABASE_URL:-sqlite:///$(CURDIR)/var/db.sqlite3}"; \
	$(PY) manage.py migrate --verbosity 0 && $(PY) -m tests.fuzz.read_api 200
	@XSS_PAYLOADS=10000 $(PY) -m pytest -q tests/browser/test_payloads.py

# Both need the network, and tools that neither the site nor its tests need: in a folder of their own.
TOOLS := var/tools
$(TOOLS)/made.stamp: $(VENV)/made.stamp
	@$(PY) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip --disable-pip-version-check install --quiet uv pip-audit
	@touch $@

lock: $(TOOLS)/made.stamp install  ## write requirements.lock, the list of parts and their licences anew
	@$(TOOLS)/bin/uv pip compile --quiet --no-header --universal --python-version 3.11 \
		--generate-hashes requirements.txt --output-file requirements.lock
	@$(PY) deploy/parts.py

audit: $(TOOLS)/made.stamp  ## look for known holes in what the site runs on (asks the network)
	@$(TOOLS)/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock

screenshots: install-dev  ## pictures of each kind of page into docs/screenshots
	@$(PY) tests/browser/screenshots.py

clean:  ## remove the virtual environment and caches; the database in var/ stays
	@rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov \
		var/static var/test-sites
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
