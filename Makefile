# clausedex: `make demo` installs and shows a search, `make test` installs and tests, `make check` is what CI runs,
# `make docs` builds the pages, `make pages` renews what they take from the program, `make outputs` what
# their commands write, `make dist` builds what is released, `make installed` tries it in a fresh environment, `make licences`
# renews THIRD_PARTY.md, `make audit` looks for known faults of what is pinned (it needs the network).

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
DB ?= samples.db
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test check lint docs pages outputs dist installed licences audit clean

demo: $(VENV)/.installed
	$(BIN)/clausedex index corpora/samples --db $(DB)
	@echo
	$(BIN)/clausedex search "48 OR forty-eight hours" --db $(DB) --limit 3

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

check: lint docs test

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.installed-dev
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet -b html docs build/docs

pages: $(VENV)/.installed-dev
	$(BIN)/python -m docs.generate

outputs: $(VENV)/.installed-dev
	$(BIN)/python -m docs.outputs docs/questions.md docs/tutorials/*.md docs/explanation/*.md docs/fact-check.md

dist: $(VENV)/.installed-dev
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .

installed: dist
	folder="$$(mktemp -d)" && trap 'rm -rf "$$folder"' EXIT && $(PYTHON) -m venv "$$folder" \
	  && "$$folder/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt dist/*.whl \
	  && CLAUSEDEX_INSTALLED="$$folder/bin/clausedex" $(BIN)/python -m pytest tests/test_packaging.py

licences: $(VENV)/.installed-dev
	$(PIP) -e '.[cluster,fast,postgres,remote]'
	$(BIN)/python -m release.third_party

audit:
	folder="$$(mktemp -d)" && trap 'rm -rf "$$folder"' EXIT && $(PYTHON) -m venv "$$folder" \
	  && "$$folder/bin/python" -m pip install --quiet --disable-pip-version-check pip-audit \
	  && "$$folder/bin/pip-audit" --strict --no-deps --disable-pip --requirement constraints.txt

$(VENV)/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) -e '.[dev,docs]'
	touch $@

clean:
	rm -rf $(VENV) $(DB) $(DB)-wal $(DB)-shm build dist
