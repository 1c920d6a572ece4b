# One command each, from the root of a clean checkout. `make help` lists them.

# Any Python begins; the set-up itself goes on with one that is new enough.
PYTHON = $(or $(shell for name in python3 python3.11 python3.12 python3.13; do \
    "$$name" -c "" 2>/dev/null && echo "$$name" && break; done), \
    $(error Python 3.11 or newer is needed; install it and run the same command again))

.DEFAULT_GOAL := help
.PHONY: run test test-faults setup train evaluate bench check lock help

run: ## set up what is missing, train if there is no current model, and serve
	@$(PYTHON) -m bot.bootstrap setup
	@.venv/bin/bot run

test: ## set up what is missing and run everything: linters, types, all tests
	@$(PYTHON) -m bot.bootstrap test

test-faults: ## the long fault runs, minutes each, that `make test` leaves out
	@$(PYTHON) -m bot.bootstrap setup --dev
	@.venv/bin/pytest -m long_run -s tests/faults

setup: ## install both environments, with the tools for tests, and prepare the sentence encoder
	@$(PYTHON) -m bot.bootstrap setup --dev --verify

train: ## train on the files in data/
	@$(PYTHON) -m bot.bootstrap setup
	@.venv/bin/bot train

evaluate: ## measure what is understood on held-out messages, beside Rasa's default pipeline
	@$(PYTHON) -m bot.bootstrap setup
	@.venv/bin/bot evaluate

bench: ## measure due times, clocks, ten thousand tickets with their mail, and the widget
	@$(PYTHON) -m bot.bootstrap setup --dev
	@.venv/bin/python -m benchmarks.due_times
	@.venv/bin/python -m benchmarks.clocks
	@.venv/bin/python -m benchmarks.mail
	@.venv/bin/python -m benchmarks.widget

check: ## linters, types, and faults in the training data
	@$(PYTHON) -m bot.bootstrap check

lock: ## write the locked requirements anew, with the newest versions that the .in files allow
	@$(PYTHON) -m bot.bootstrap lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
