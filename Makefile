# `make demo` and `make test` do all the set-up: Python 3.11+ with venv and pip, make and git are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORE := $(VENV)/.core-installed
DEV := $(VENV)/.dev-installed
SMOKE := .smoke/.installed
PIP_FLAGS := --disable-pip-version-check --progress-bar off -q

.PHONY: help demo test check measures shrink notebooks slow tutorials tutorial-scripts smoke bundle gpu-small results readme quarto docs serve clean

help:
	@echo "make demo              the main job on synthetic audio (DATA=folder: on your own, one sub-folder per class)"
	@echo "make test              notebooks clean and exported, all tests, the wheel and a bundle in fresh environments"
	@echo "make slow              the notebooks with the cells that take long (flagged slow)"
	@echo "make tutorials         every tutorial in full, its long cells too"
	@echo "make tutorial-scripts  their visible cells as plain scripts (ALL=1: those that take minutes, too)"
	@echo "make results NAME=page what the documents show, measured again; without NAME a list"
	@echo "make measures          how readable the code is, in numbers beside their goals"
	@echo "make shrink            the list of what is not mended yet, lowered to what is left"
	@echo "make docs              the site, with Quarto"
	@echo "make serve             the site, shown at http://localhost:8000"

# the name of the folder goes through the environment: neither make nor the shell reads anything in it
ifdef DATA
demo: export AUDIO_KD_ROOT = $(value DATA)
endif
demo: $(CORE)
ifdef DATA
	$(BIN)/audio_kd "data.root=$$AUDIO_KD_ROOT"
else
	$(BIN)/audio_kd experiment=demo
endif

# two at a time: the environments are filled side by side, and so run the checks of one process each.
# What the tests write goes to one temporary folder, and goes with it.
test:
	@$(MAKE) --no-print-directory -j2 $(DEV) $(SMOKE)
	@export TMPDIR=$$(mktemp -d); trap 'rm -rf "$$TMPDIR"' EXIT; \
	$(MAKE) --no-print-directory check notebooks && \
	$(MAKE) --no-print-directory -j2 -O smoke bundle tutorial-scripts gpu-small

# --- environments: installed once, again only when what they install changes ---

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"audio_kd needs Python 3.11 or newer, $(PYTHON) is {sys.version.split()[0]}: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(CORE): settings.ini setup.py constraints.txt | $(BIN)/python
	@echo "installing audio_kd into $(VENV) (PyTorch with its libraries is some 6 GB: a few minutes)"
	$(BIN)/pip install $(PIP_FLAGS) -e . -c constraints.txt
	@touch $@

$(DEV): settings.ini setup.py constraints.txt | $(BIN)/python
	@echo "installing audio_kd with all extras into $(VENV) (some 8 GB: a few minutes)"
	$(BIN)/pip install $(PIP_FLAGS) -e '.[dev]' -c constraints.txt
	$(BIN)/pip check
	@touch $@ $(CORE)

# --- tests ---

check: $(DEV)
	$(BIN)/python scripts/check.py
	PYTHONPATH=scripts OMP_NUM_THREADS=1 $(BIN)/python scripts/site_pages.py

measures: $(DEV)
	$(BIN)/python scripts/measures.py table

shrink: $(DEV)
	$(BIN)/python scripts/measures.py shrink

# PART=1 and PART=2 are the two halves that CI runs side by side
FIRST := 0[0-4]
notebooks: HALF = $(if $(filter 1,$(PART)),--file_re '^$(FIRST)',$(if $(filter 2,$(PART)),--skip_file_re '^([_.]|$(FIRST))'))
notebooks: $(DEV)
	OMP_NUM_THREADS=1 PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/nbdev_test --n_workers 2 --timing $(HALF)

slow: $(DEV)
	OMP_NUM_THREADS=1 PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/nbdev_test --flags slow --n_workers 2 --timing

tutorials: $(DEV)
	FULL=1 OMP_NUM_THREADS=1 PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/nbdev_test --path nbs/tutorials --flags slow --n_workers 2 --timing

# what a reader copies from the site, in an empty folder
tutorial-scripts: $(DEV)
	PYTHONPATH=scripts:. $(BIN)/python scripts/check_tutorials.py $(if $(ALL),--all)

$(SMOKE): settings.ini setup.py | $(BIN)/python
	rm -rf .smoke
	$(PYTHON) -m venv .smoke
	@echo "installing the requirements of the wheel into a fresh environment"
	.smoke/bin/pip install $(PIP_FLAGS) $$($(BIN)/python setup.py --requirements)
	@touch $@

smoke: $(DEV) $(SMOKE)
	rm -rf dist build
	$(BIN)/python -m build --wheel --sdist --no-isolation . >/dev/null
	.smoke/bin/pip install $(PIP_FLAGS) --force-reinstall --no-deps dist/*.whl
	.smoke/bin/pip check
	cd $$(mktemp -d) && "$(CURDIR)/.smoke/bin/python" "$(CURDIR)/scripts/smoke.py"
	.smoke/bin/python scripts/check_readme.py

bundle: $(DEV)
	OMP_NUM_THREADS=1 $(BIN)/python scripts/check_bundle.py .bundle

# what `make results NAME=gpu` measures on a GPU, small and on any processor, so that it keeps working
gpu-small: $(DEV)
	OMP_NUM_THREADS=1 $(BIN)/python scripts/gpu_check.py --device cpu --small --out $$(mktemp -d)/gpu.json >/dev/null

# --- measurements behind the documents ---

results: $(DEV)
	$(BIN)/python scripts/results.py $(NAME)

# --- documents ---

readme: $(DEV)
	$(BIN)/python scripts/readme.py

# looked for first: without it, nothing is installed
quarto:
	@command -v quarto >/dev/null || { echo "The site is made by Quarto 1.7 or newer, and there is no command quarto here: install it from https://quarto.org/docs/get-started, then run this again (README.md and the notebooks in nbs/ say the same without it)."; exit 1; }

docs: quarto
	@$(MAKE) --no-print-directory $(DEV)
	PYTHONPATH=scripts PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/nbdev_docs
	$(BIN)/python scripts/readme.py
	@echo "the site is in _docs: make serve shows it at http://localhost:8000 (search needs a server)"

serve: docs
	@echo "http://localhost:8000 shows the site; Ctrl-C ends it"
	$(BIN)/python -m http.server -d _docs

clean:
	rm -rf $(VENV) .smoke .bundle dist build *.egg-info
