# The commands that matter. `make demo` and `make test` need nothing but Debian and Python 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The peers of the measurement want versions of their own, so they live apart.
BENCH_VENV := .venv-bench
ARGS ?=
# Tests that start brokers, workers, Prometheus and Alertmanager: they mostly wait, and each file stays in one process.
SERVERS := tests/alerts tests/integration
# The browser driver keeps an event loop in its process, so it gets one of its own.
BROWSER := tests/browser
SETUP := PYTHON="$(PYTHON)" VENV="$(VENV)" sh deploy/setup.sh
# The second of the clone, for its first run to count from.
CLONED := $(shell test -e $(VENV)/.installed || sed -n '1s/.*> \([0-9]*\) .*\tclone: .*/--cloned \1/p' .git/logs/HEAD 2>/dev/null)

.PHONY: help setup demo test fresh bench lint format generate lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## .venv with the locked requirements, and the system packages that are missing
	@$(SETUP) test

demo: ## the main job on this machine: simulate, judge, alert, show (ARGS="--for 120")
	@$(SETUP) demo
	@$(BIN)/ketenwacht demo $(CLONED) $(ARGS)

test: setup lint ## everything that must hold
	@$(BIN)/python -m pytest -n 2 $(patsubst %,--ignore=%,$(SERVERS) $(BROWSER)) $(ARGS)
	@$(BIN)/python -m pytest $(BROWSER) $(ARGS)
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(SERVERS) $(ARGS)

fresh: ## demo and test on bare Debian 12 and 13, in chroots, as root only (ARGS="--release trixie --as root")
	@$(PYTHON) -m deploy.fresh $(ARGS)

bench: setup ## ours against its peers, and the page about it (ARGS="--broker kafka", ARGS="--quick")
	@PYTHON="$(PYTHON)" VENV=$(BENCH_VENV) sh deploy/bench/setup.sh
	@$(BENCH_VENV)/bin/ketenwacht bench --write $(ARGS)

lint: setup ## style, types and the direction of the arrows
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: setup ## put the code in shape
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

generate: setup ## write the generated files again (alert rules, routes, dashboards, reference pages)
	@$(BIN)/ketenwacht alerts build
	@$(BIN)/ketenwacht dashboards build
	@$(BIN)/python -m tests.norms.index
	@$(BIN)/python -m deploy.reference

lock: setup ## pin all requirements again, with hashes and without a host
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate -q --upgrade requirements-dev.in -o requirements.lock
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate -q --upgrade requirements-bench.in -o requirements-bench.lock

clean: ## remove what setup and runs left in this folder
	rm -rf $(VENV) $(BENCH_VENV) .run
