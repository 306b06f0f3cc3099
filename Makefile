# Inkloop's commands. `make help` lists them.

PYTHON ?= $(firstword $(shell command -v python3.11 python3 python) python3.11)
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app app:create_app

# tests that measure time and memory, or kill what runs: nothing else runs beside them
ALONE := tests/faults tests/hostile tests/ops

.DEFAULT_GOAL := help

.PHONY: help
help: ## List every command
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(VENV)/serve.done ## Install what serving needs, migrate the database, serve (PORT=5000)
	@$(FLASK) db upgrade
	@exec $(BIN)/gunicorn

.PHONY: test
test: $(VENV)/everything.done ## Install what tests need, check the code, run every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder $(ALONE:%=--ignore=%)
	$(BIN)/pytest $(ALONE)

.PHONY: faults
faults: $(VENV)/everything.done ## Kill workers, databases and the sheet while corrections come in (an hour)
	KILLS=100 ROWS=432000 SWAPS=50 DAMAGED=500 $(BIN)/pytest tests/faults -s

.PHONY: hostile
hostile: $(VENV)/everything.done ## Send ten thousand hostile requests; show statuses, time, memory
	HOSTILE=10000 $(BIN)/pytest tests/hostile -s

.PHONY: bench
bench: $(VENV)/everything.done ## Measure latency, throughput, start and memory on this machine
	$(BIN)/python -m scripts.bench

.PHONY: wheel
wheel: $(BIN)/python ## Build the wheel of app.generation: numbers of written digits, without a server
	rm -rf build
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

.PHONY: image
image: | $(BIN)/python ## Build the image without a Docker engine and try it (as root on Debian)
	$(BIN)/python -m scripts.image

.PHONY: setup
setup: $(VENV)/everything.done ## Install everything: serving, training, tests

.PHONY: train
train: $(VENV)/everything.done ## Train the digit model on the data in INKLOOP_DATA (hours)
	$(BIN)/python -m scripts.train digit

.PHONY: evaluate
evaluate: $(VENV)/everything.done ## Measure the digit model on ink that did not train it
	$(BIN)/python -m scripts.evaluate digit

.PHONY: format
format: $(VENV)/everything.done ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: pins
pins: $(VENV)/everything.done ## Pin the newest versions that pyproject.toml allows
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --no-header --no-annotate \
	    --python-version 3.11 --extra serve -o requirements-serve.txt
	$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --no-header --no-annotate \
	    --python-version 3.11 --all-extras -c requirements-serve.txt -o requirements.txt

.PHONY: clean
clean: ## Remove the virtual environment and caches; var/ and data/ stay
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
	    { echo "Python 3.11 is needed: install it, or name it: make $(MAKECMDGOALS) PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/serve.done: requirements-serve.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-serve.txt
	@touch $@

$(VENV)/everything.done: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@ $(VENV)/serve.done
