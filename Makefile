# Two commands matter: `make run` and `make test`. Each does all of its own set-up.

UV_VERSION := 0.13.9
UV := .tools/bin/uv
PYTHON := .venv/bin/python
TYPESCRIPT_VERSION := 7.0.2
TSC := .tools/typescript-$(TYPESCRIPT_VERSION)/node_modules/.bin/tsc
SETUP := .venv/.ready engine/.venv/.ready
export UV_PYTHON_PREFERENCE ?= system
# Compiled once here instead of at the first start, or, where bytecode is not written, at every start.
export UV_COMPILE_BYTECODE = 1

.PHONY: help setup run test train evaluate bench lint telegram-demo
.DEFAULT_GOAL := help

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

setup: $(SETUP)  ## Install both environments from their locks

run: $(SETUP)  ## Set up, train if due, migrate, start everything and print the address
	@.venv/bin/bot run

train: $(SETUP)  ## Train the model if anything that it is trained on has changed
	@.venv/bin/bot train

test: $(SETUP)  ## Run all tests
	@tests/run

# CLINC150 in its OOS+ form, if it is there, is measured with the same code.
CLINC ?= $(wildcard ../shared/bench/clinc150_oos_plus.json)

evaluate: $(SETUP)  ## Measure understanding on the frozen questions and write docs/evaluation/report.md
	@.venv/bin/bot evaluate $(if $(CLINC),--clinc $(CLINC))

bench: $(SETUP)  ## Measure speed and memory, beside Rasa's own starter assistant
	@$(PYTHON) -m tests.bench

telegram-demo: train  ## Chat by hand with the Telegram bot, at a Telegram of its own
	@$(PYTHON) -m tests.support.bot_api

lint: $(SETUP)  ## Check style and types
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@command -v npm >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -y -qq npm >/dev/null 2>&1; } || true
	@if command -v npm >/dev/null && $(MAKE) --silent $(TSC); then $(TSC) -p widget; \
	elif [ "$${CI:-}" = true ]; then echo "make lint: npm is needed to check the widget's types" >&2; exit 1; \
	else echo "!! WITHOUT npm: the widget's types are not checked" >&2; fi

$(TSC):
	@npm install --silent --no-save --no-audit --no-fund --prefix .tools/typescript-$(TYPESCRIPT_VERSION) typescript@$(TYPESCRIPT_VERSION)

# A python without venv (Debian splits it off) is the one thing that cannot be mended from here.
$(UV):
	@python3 -m venv .tools || { echo "make: python3 cannot make environments: install python3-venv" >&2; exit 1; }
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: pyproject.toml uv.lock | $(UV)
	@$(UV) sync --quiet --locked --python 3.12
	@touch $@

engine/.venv/.ready: engine/pyproject.toml engine/uv.lock | $(UV)
	@$(UV) sync --quiet --locked --project engine --python 3.10
	@touch $@
