# newsdesk. `make run` shows the site, `make test` tests it, `make help` lists the rest.
# Each target sets up what it needs: only python3 (3.11 or later), its venv module and make have to be there.

PORT ?= 8000
PYTHON ?= python3
PYTHON_NEXT ?= python3.12
DATABASE_URL_POSTGRES ?= postgres://postgres@127.0.0.1:5432/newsdesk
CACHE_URL_REDIS ?= redis://127.0.0.1:6379/1

PY = .venv/bin/python
MANAGE = $(PY) manage.py

# An installation is marked by the hash of the lock it was made from: a lock that changes is installed, one that was
# only touched is not.
mark = .installed-$(1)-$(shell sha256sum requirements/$(1).txt | cut -c 1-16)
BASE = .venv/$(call mark,base)
DEV = .venv/$(call mark,dev)
NEXT = .venv-next/$(call mark,django61)

.DELETE_ON_ERROR:
.PHONY: help run test coverage test-next check audit licences format messages guide screenshots bench drills attack figures lock upgrade

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

# The background work is a child of the shell that becomes the server, and ends when that ends, however it does.
run: $(BASE) .env ## set up the site with sample articles and serve it on 127.0.0.1 (PORT=8000)
	@export SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}"; \
	$(MANAGE) migrate --noinput --verbosity 0 && \
	$(MANAGE) load_samples && \
	$(MANAGE) create_editor || exit 1; \
	$(MANAGE) newsdesk_tick --every 2 --beside & \
	exec $(MANAGE) runserver 127.0.0.1:$(PORT)

# One database where DATABASE_URL names it; else SQLite, and PostgreSQL (with Redis) where they answer, there without what
# says the same of both: tests in the browser, which take half the time, and those that use no database.
# ARGS go to pytest. Many tests wait for servers: one worker more than there are cores. Tests in the browser come last: a
# worker that is done takes over from one that is not.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
SUITE = $(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

test: $(DEV) ## run every test that can run here (ARGS="-k import" for some of them)
ifdef DATABASE_URL
	$(SUITE)
else
	@missing=$$($(PY) -m tests.services postgres "$(DATABASE_URL_POSTGRES)") || echo "Not tested on PostgreSQL: $$missing"
	@missing=$$($(PY) -m tests.services redis "$(CACHE_URL_REDIS)") || echo "Not tested with Redis: $$missing"
	@echo "== On SQLite =="
	$(SUITE)
	@if $(PY) -m tests.services postgres "$(DATABASE_URL_POSTGRES)" >/dev/null; then \
	  if $(PY) -m tests.services redis "$(CACHE_URL_REDIS)" >/dev/null; then \
	    CACHE_URL="$${CACHE_URL:-$(CACHE_URL_REDIS)}"; export CACHE_URL; with=" with Redis"; fi; \
	  echo "== On PostgreSQL$$with =="; \
	  DATABASE_URL="$(DATABASE_URL_POSTGRES)" $(SUITE) -m "not browser and not once"; \
	fi
endif

coverage: $(DEV) ## measure which lines of articles/ the tests run, which doubles what they take
	$(SUITE) --cov --cov-report=term

# taggit 6.1 quotes names in a way that Django will drop in 2028; all else that is deprecated is an error.
test-next: $(NEXT) ## run the tests on the next Django (PYTHON_NEXT=python3.12 or later)
	.venv-next/bin/python -m pytest -n auto --dist worksteal \
	  -W error::DeprecationWarning -W error::PendingDeprecationWarning \
	  -W "ignore:SQLCompiler.quote_name_unless_alias:" $(ARGS)

# What the deploy check looks at is a site as operating.md sets one up.
PRODUCTION = DEBUG=0 SITE_URL=https://news.example.com SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
  DATABASE_URL=sqlite://:memory: CACHE_URL=locmemcache:// STORAGE_URL=file:///srv/media ALLOWED_HOSTS=news.example.com

check: $(DEV) ## format, lint, types, migrations, deploy check, translations, known vulnerabilities
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	find templates articles -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	$(PRODUCTION) .venv/bin/mypy articles newsdesk tests
	$(PRODUCTION) $(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(PY) -m pytest -q -n 0 tests/test_translations.py
	$(PY) -m tests.supply_chain audit

# Where no service can be asked: LIST=insecure.json, of https://github.com/pyupio/safety-db.
audit: $(DEV) ## ask for known vulnerabilities of what is locked, and say so where nobody can be asked (LIST=a stored list)
	$(PY) -m tests.supply_chain audit $(LIST)

licences: $(DEV) ## write docs/licences.md from what is installed
	$(PY) -m tests.supply_chain licences

format: $(DEV) ## format code and templates, and mend what the linter can mend
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format
	find templates articles -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2

messages: $(DEV) ## take new texts into the Japanese catalogue and compile it (needs gettext)
	$(PY) -m tests.catalogue update

guide: $(DEV) ## write the tables of roles and checks into the guide for editors
	$(PRODUCTION) $(MANAGE) shell --no-imports -c "from tests.guide import write; write()"

screenshots: $(DEV) ## take the pictures of README and guide anew (needs Chromium)
	$(PY) -m tests.screenshots

# With DATABASE_URL of a PostgreSQL server on that, too; every process is given its own settings by the bench.
bench: $(DEV) ## measure the site beside a bare view and plain files (SIZE=big, ARGS="--only article front --check")
	SECRET_KEY=bench DEBUG=0 DATABASE_URL="$${DATABASE_URL:-sqlite://:memory:}" \
	  $(MANAGE) bench $(if $(SIZE),--size $(SIZE)) $(ARGS)

# $(call on_both,module): on SQLite, then on PostgreSQL (with Redis) where one answers; fails where either does.
define on_both
	@status=0; $(PY) -m $(1) $(ARGS) || status=1; \
	if missing=$$($(PY) -m tests.services postgres "$(DATABASE_URL_POSTGRES)"); then \
	  DATABASE_URL="$(DATABASE_URL_POSTGRES)" CACHE_URL="$(CACHE_URL_REDIS)" $(PY) -m $(1) $(ARGS) || status=1; \
	else echo "Not on PostgreSQL: $$missing"; fi; exit $$status
endef

drills: $(DEV) ## do to a site what can go wrong, on SQLite and PostgreSQL, and print what it lost (ARGS="D2 D7 --short")
	$(call on_both,tests.drills)

attack: $(DEV) ## throw bad input of 140 kinds and 5,000 made-up addresses at a site (ARGS="--only 70-86")
	$(call on_both,tests.attack)

figures: $(DEV) ## print what the tests measure of the twelve figures (ARGS="5 7"; drills and attack print the others)
	$(call on_both,tests.figures)

# Extras stay in the lock: pip takes `coverage[toml]`, which pytest-cov asks for, as unpinned where only `coverage` is,
# and refuses it from the day on which there is a newer one.
COMPILE = UV_PYTHON_DOWNLOADS=never .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate \
  --no-strip-extras --custom-compile-command "make lock" pyproject.toml $(UPGRADE)
DEVELOPMENT = --extra scale --extra dev

lock: $(DEV) ## write requirements/*.txt from pyproject.toml, keeping what is locked
	$(COMPILE) --python-version 3.11 -o requirements/base.txt
	$(COMPILE) --python-version 3.11 --extra sqlite -c requirements/base.txt -o requirements/sqlite.txt
	$(COMPILE) --python-version 3.11 --extra scale -c requirements/base.txt -o requirements/production.txt
	$(COMPILE) --python-version 3.11 $(DEVELOPMENT) -c requirements/production.txt -o requirements/dev.txt
	$(COMPILE) --python-version 3.12 $(DEVELOPMENT) --override requirements/django61.in -o requirements/django61.txt

upgrade: ## the same, with the newest versions that pyproject.toml allows
	$(MAKE) lock UPGRADE=--upgrade

# For this machine only: git ignores it. SECRET_KEY is made here and nowhere else.
.env: | $(BASE)
	@umask 077 && $(PY) -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' > $@.new
	@printf 'DEBUG=1\nALLOWED_HOSTS=127.0.0.1,localhost\n' >> $@.new
	@mv $@.new $@
	@echo "Wrote .env: the settings of this machine."

# $(call install,venv,python,lock,oldest version of Python)
define install
	@$(2) -c 'import sys; sys.exit(sys.version_info < ($(4)))' || { \
	  echo "newsdesk needs Python $(subst $(comma),.,$(4)) or later, and $(2) is not. Name another: make $(MAKECMDGOALS) $(5)=python$(subst $(comma),.,$(4))" >&2; exit 1; }
	@$(1)/bin/python -m pip --version >/dev/null 2>&1 || $(2) -m venv --clear $(1)
	@echo "Installing requirements/$(3).txt into $(1) ..."
	@$(1)/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements/$(3).txt
	@rm -f $(1)/.installed-$(3)-* && touch $@
endef
comma := ,

.venv/.installed-base-%:
	$(call install,.venv,$(PYTHON),base,3$(comma)11,PYTHON)
.venv/.installed-dev-%:
	$(call install,.venv,$(PYTHON),dev,3$(comma)11,PYTHON)
.venv-next/.installed-django61-%:
	$(call install,.venv-next,$(PYTHON_NEXT),django61,3$(comma)12,PYTHON_NEXT)
