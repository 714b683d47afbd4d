# The few commands people type. Each makes .venv first if it is not there yet; nothing but Python 3.10+ and make is needed.
# Without make (Windows, for instance): README.md lists the same commands spelled out.

PYTHON ?= python3
# Where to look for PyTorch besides pip's usual index, e.g. TORCH_INDEX=https://download.pytorch.org/whl/cpu for the
# smaller Linux build without GPU support.
TORCH_INDEX ?=
# How many processes run the tests at once.
JOBS ?= 2

PY := .venv/bin/python
STAMP := .venv/ready
NOTEBOOKS = $(wildcard solutions/*/*.ipynb)

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint tests notebooks lab build bench clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 18

setup: $(STAMP)  ## make .venv with the exact versions of requirements.lock

$(STAMP): requirements.lock pyproject.toml tools/setup_venv.py
	@$(PYTHON) tools/setup_venv.py $(if $(TORCH_INDEX),--torch-index $(TORCH_INDEX))
	@touch $@

demo: $(STAMP)  ## build the course, grade a made-up class of 24, and say where the reports are
	@$(PY) -m dlkit.cli demo

lab: $(STAMP)  ## open JupyterLab on the course
	@$(PY) -m dlkit.cli lab

build: $(STAMP)  ## course/ and the topic index from solutions/
	@$(PY) -m dlkit.cli build

test: lint tests notebooks  ## all tests: style, library and course, solved notebooks

lint: $(STAMP)
	@$(PY) -m ruff check .

tests: $(STAMP)
	@$(PY) -m pytest -q -n $(JOBS) --dist loadfile

notebooks: $(STAMP)
	@$(if $(NOTEBOOKS),$(PY) -m pytest -q -n $(JOBS) --dist loadfile --nbval --nbval-current-env --nbval-sanitize-with tests/notebooks/nbval_sanitize.cfg solutions,\
	  echo "no solved notebooks yet")

bench: $(STAMP)  ## measure, against peers, in one run (minutes)
	@$(PY) benchmarks/run_all.py
	@$(PY) benchmarks/grading_speed.py --output docs/grading_speed.md

clean:  ## remove what the commands above made, .venv and the course key excepted
	rm -rf build demo .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
