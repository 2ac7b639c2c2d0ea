# Every target is one plain command; this file only makes the environment and remembers their names.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo demo-reset test lint bench bench-lockers bench-desk lock messages clean

demo: $(VENV)/.app
	@$(BIN)/python scripts/catalogues.py
	@$(BIN)/python manage.py run_demo

demo-reset: $(VENV)/.app
	@$(BIN)/python scripts/catalogues.py
	@$(BIN)/python manage.py reset_demo

test: $(VENV)/.dev
	@$(BIN)/python -m tests.run

lint: $(VENV)/.dev
	@$(BIN)/python -m tests.lint

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.bench

bench-lockers: $(VENV)/.dev
	@$(BIN)/python -m tests.bench.lockers

bench-desk: $(VENV)/.dev
	@$(BIN)/python -m tests.bench.desk

messages: $(VENV)/.dev
	@$(BIN)/python manage.py makemessages -l fr --no-location --no-obsolete --ignore '.venv/*' --ignore 'tests/*'

lock:
	@for set in requirements requirements-dev requirements-controller; do \
	  uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate \
	    --custom-compile-command "make lock" --quiet $$set.in --output-file $$set.lock; done

$(VENV)/.app: requirements.lock
	@$(PYTHON) scripts/environment.py requirements.lock $@

$(VENV)/.dev: requirements-dev.lock
	@$(PYTHON) scripts/environment.py requirements-dev.lock $@
