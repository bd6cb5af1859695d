# The two commands for a fresh machine: `make demo` and `make test`. `make help` lists the rest.
#
# The environment in .venv is made with the exact versions of constraints.txt on first use, and brought up
# to date when pyproject.toml or constraints.txt change; the two stamp files below say that it is done.

SHELL := /bin/bash

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.holosym-ready
READY_DEV := $(VENV)/.holosym-ready-dev

# Where the CPU build of torch is, for machines whose pip does not find it by itself.
TORCH_INDEX := https://download.pytorch.org/whl/cpu
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# The first Python that is new enough; `make PYTHON=/path/to/python demo` chooses another.
PYTHON ?= $(shell for candidate in python3.11 python3 python3.12 python3.13; do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$candidate"; break; }; done)

# More threads only get in each other's way: the tensors of the tests are small, and pytest has its own workers.
test test-slow bench: export OMP_NUM_THREADS = 1
test test-slow bench: export MKL_NUM_THREADS = 1

WORKERS ?= auto
PYTEST_ARGS ?=
BENCH_ARGS ?=

.DELETE_ON_ERROR:
.PHONY: help demo install dev test test-slow lint format check-generated bench clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

demo: $(READY)  ## the main job: compile the Gubser-Rocha model, solve it, compare with the exact solution
	$(BIN)/holosym demo gubser_rocha

install: $(READY)  ## make the environment, nothing more

dev: $(READY_DEV)  ## the same with the tools of the developers

test: $(READY_DEV)  ## the default tests
	$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

test-slow: $(READY_DEV)  ## the tests that take longer than a few seconds each
	$(BIN)/python -m pytest -n $(WORKERS) -m slow $(PYTEST_ARGS)

lint: $(READY_DEV)  ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY_DEV)  ## let ruff lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check-generated: $(READY)  ## has generated/ drifted from the models and templates?
	$(BIN)/holosym compile --check

bench: $(READY)  ## holosym beside its peers (which get an environment of their own)
	$(BIN)/python benchmarks/derive.py $(BENCH_ARGS)
	$(BIN)/python benchmarks/solve.py
	$(BIN)/python benchmarks/convergence.py
	$(BIN)/python benchmarks/step.py $(if $(findstring --no-peers,$(BENCH_ARGS)),--no-peers)
	$(BIN)/python benchmarks/train.py
	$(BIN)/python benchmarks/inverse.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/entanglement.py

clean:  ## remove the environments and caches
	rm -rf $(VENV) .bench-venv* .mypy_cache .pytest_cache .ruff_cache build dist

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "holosym needs Python 3.11 or newer, and there is none here: apt install python3.11 python3.11-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make environments here: apt install python3.11-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# torch goes first and by itself, so that a second attempt elsewhere is made for torch alone.
$(READY): pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing torch, the CPU build (about 200 MB)"
	@$(PIP_INSTALL) torch 2>$(VENV)/torch.log \
		|| { echo "not found by pip as it is set up here: trying $(TORCH_INDEX)"; \
		     $(PIP_INSTALL) --extra-index-url $(TORCH_INDEX) torch; } \
		|| { cat $(VENV)/torch.log >&2; exit 1; }
	@echo "installing holosym and what else it needs"
	@$(PIP_INSTALL) --editable .
	@touch $@

$(READY_DEV): $(READY)
	@echo "installing the tools of the developers"
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $@
