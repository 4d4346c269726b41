# Room by Room. `make help` lists what there is to type.

# The first interpreter of 3.11, 3.12 or 3.13 that really starts; `make lab PYTHON=...` overrides it.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
APPS := .venv/ready-apps
SITE := .venv-site/ready
ENGINES := .venv-engines/ready
NOTEBOOKS := $(wildcard notebooks/*.ipynb notebooks/clinic/*.ipynb)

# In a container one is root, whom JupyterLab refuses unless told otherwise.
AS_ROOT := $(if $(filter 0,$(shell id -u 2>/dev/null)),--allow-root)

# Tests run in two processes, one for each core: threads of TensorFlow beyond that only wait for one
# another, at a fifth more of CPU time.
ONE_THREAD := TF_NUM_INTRAOP_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help lab test coverage run apps app serve export laboratory load-test bench banding engines lint check seeds rerun lock lowest stamp chapter exercises figures measure results samples probe mutations backbones questions glossary certificate passports lessons slides handouts fold site clean

help:  ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and none was found:\
	 install one, or name it with make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up .venv with $(PYTHON): a few minutes, once."
	@"$(PYTHON)" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(APPS): $(READY) requirements-apps.lock
	@echo "Setting up what the apps need: a minute or two, once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-apps.lock
	@touch $@

lab: $(READY)  ## Set the course up and open it in JupyterLab
	$(BIN)/jupyter lab $(AS_ROOT) $(ARGS) notebooks/00_start_here.ipynb

test: $(APPS)  ## Run every test, and compare every notebook with what it stores
	$(ONE_THREAD) $(BIN)/python -m pytest -n 2 $(ARGS)

coverage: $(APPS)  ## Run every test, and list the lines that none reaches (Python 3.12 or later is quicker)
	COVERAGE_CORE=sysmon $(ONE_THREAD) $(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered $(ARGS)

run: $(APPS)  ## Execute every notebook in place (COURSE_DATA=... chooses the photographs)
	$(BIN)/python -m tools.run $(NOTEBOOKS)

apps: $(APPS)  ## Set up what chapters 16 and 17 and the apps need

saved/rooms.keras: $(READY)
	$(BIN)/python -m tools.run notebooks/04_convolutional_network.ipynb --to saved/executed

app: $(APPS) saved/rooms.keras  ## Open a page that answers photos (ARGS="--model saved/bikes.keras")
	$(BIN)/python -m apps.page $(ARGS)

serve: $(APPS) saved/rooms.keras  ## Serve the same over HTTP, a page and a JSON endpoint
	$(BIN)/python -m apps.web $(ARGS)

export: $(APPS) saved/rooms.keras  ## Write it as LiteRT, in 8-bit integers, and as ONNX, and compare them
	$(BIN)/python -m apps.export $(ARGS)

laboratory: $(APPS) saved/rooms.keras  ## Build the page that asks, shows and teaches in the browser (npm; ARGS=--serve opens it)
	$(BIN)/python -m tools.laboratory $(ARGS)

load-test: $(APPS) saved/rooms.keras  ## Count the requests that the server takes
	$(BIN)/python -m tools.load_test $(ARGS)

bench: $(APPS) saved/rooms.keras  ## Measure how fast photos are opened, sorted and answered, and each chapter's time and memory (ARGS=--write)
	$(BIN)/python -m tools.bench_road $(ARGS)
	$(BIN)/python -m tools.bench_service $(ARGS)
	$(BIN)/python -m tools.bench_growth $(ARGS)
	$(BIN)/python -m tools.bench_chapters $(ARGS)

# Engines bring much, and packages in other versions: an environment of their own.
$(ENGINES): requirements-apps.lock pyproject.toml
	@echo "Setting up what the engines need in .venv-engines: some minutes, once."
	@"$(PYTHON)" -m venv --clear .venv-engines
	@.venv-engines/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-apps.lock
	@.venv-engines/bin/python -m pip install --quiet --disable-pip-version-check -e ".[scale]" pytest
	@touch $@

engines: $(ENGINES)  ## Run the functions of chapter 17 on Ray Data and Spark (Java), a training on JAX and a search by KerasTuner, and keep what comes out (ARGS="--photos 1000" keeps nothing)
	.venv-engines/bin/python -m tools.bench_engines $(ARGS)

banding: $(READY)  ## Count what near-duplicates cost, up to a million pictures (ARGS=--write keeps it)
	$(BIN)/python -m tools.bench_banding $(ARGS)

lint: $(READY)  ## Check the style of modules, tests and notebooks
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .

# Minutes each, and no quick tests: bombs, a download, chapters inserted, models of all kinds, a fork, the site.
SLOW := tests/helpers/test_hostile.py tests/helpers/test_download.py tests/helpers/test_modelfile.py \
	tests/project/test_chapters.py tests/project/test_published.py tests/project/test_make.py \
	tests/project/test_fork.py tests/project/test_site.py

check: lint  ## Style, contracts, types, spelling, links and the quick tests: about a minute
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/typos
	$(BIN)/lychee --offline --no-progress --quiet --exclude-path '\.venv' --exclude-path '^build/' '**/*.md' 'notebooks/*.ipynb' 'notebooks/clinic/*.ipynb'
	$(ONE_THREAD) $(BIN)/python -m pytest -q -n 2 $(SLOW:%=--ignore=%) tests/helpers tests/project tests/studio

seeds: $(APPS)  ## Run the chapters under ten seeds, and count in how many each assertion holds (ARGS="--seeds 2" writes nothing)
	$(BIN)/python -m tools.seeds $(filter-out notebooks/clinic/%,$(NOTEBOOKS)) $(or $(ARGS),--write)

rerun: $(APPS)  ## Run every chapter's cells twice and backwards, with other values, on few pictures (an hour or two)
	RERUN=all $(ONE_THREAD) $(BIN)/python -m pytest -n 2 --dist=load tests/notebooks/test_rerun.py $(ARGS)

mutations: $(APPS)  ## Break the course on purpose, and see that the tests notice
	$(BIN)/python -m tools.mutations

stamp: $(READY)  ## Write what follows from the notebooks' metadata and the address in pyproject.toml
	$(BIN)/python -m tools.stamp

chapter: $(READY)  ## Insert an empty chapter (NUMBER=5 TITLE="..." QUESTION="...?"), and number the later ones anew
	@$(BIN)/python -m tools.insert "$$NUMBER" "$$TITLE" "$$QUESTION"

exercises: $(READY)  ## Write the exercises into their chapters, and the drills into the clinic
	$(BIN)/python -m tools.exercises
	$(BIN)/python -m tools.clinic

measure: $(READY)  ## Cross-validate networks and their rival, and write the table in docs/results.md (ARGS="plain 2")
	$(BIN)/python -m tools.measure $(ARGS)

results: $(READY)  ## Write what chapters 12 to 14 got on photographs into docs/results.md (after COURSE_DATA=... make run)
	$(BIN)/python -m tools.results

questions: $(APPS)  ## Bring quizzes in step with the chapters; write pages, a test with its key, cards, a cheat sheet
	$(BIN)/python -m tools.questions found
	$(BIN)/python -m tools.quizzes
	$(BIN)/python -m tools.questions pages
	$(BIN)/python -m tools.questions test
	$(BIN)/python -m tools.cards
	$(BIN)/python -m tools.cheatsheet

certificate: $(READY)  ## Print a page of what you have checked, with a digest (ARGS="--check FILE" checks one)
	@$(BIN)/python -m tools.certificate $(ARGS)

passports: $(READY)  ## For instructors: what cost a class most tries (FOLDER=... holds the passports)
	@$(BIN)/python -m tools.passports "$$FOLDER" $(ARGS)

glossary: $(READY)  ## Write docs/glossary.md from glossary.toml
	$(BIN)/python -m tools.glossary

lessons: $(READY)  ## Write docs/lessons.md from lessons.toml and the chapters' minutes
	$(BIN)/python -m tools.lessons

slides: $(READY)  ## Write slides with speaker's notes into build/slides (ARGS="notebooks/03_*.ipynb")
	$(BIN)/python -m tools.slides $(ARGS)

handouts: $(READY)  ## Write chapters with gaps, without prose, for nbgrader and otter into build/handouts
	$(BIN)/python -m tools.handouts $(ARGS)

fold: $(READY)  ## Fold the cells that only draw
	$(BIN)/python -m tools.fold

$(SITE): requirements-site.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: name one with make site PYTHON=..."; exit 1; }
	@echo "Setting up .venv-site: half a minute, once."
	@"$(PYTHON)" -m venv --clear .venv-site
	@.venv-site/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-site.lock
	@touch $@

site: $(SITE)  ## Build the pages, PDFs and a zip of all, in build/site (ARGS=--no-pdf is quicker)
	.venv-site/bin/python -m tools.site $(ARGS)

figures: $(READY)  ## Write figures/ from what the notebooks store
	$(BIN)/python -m tools.figures

PINNED := --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	--no-header --no-annotate --no-strip-extras --quiet
LOCK := .venv-lock/bin/uv pip compile pyproject.toml --group test $(PINNED)
LOCK_SITE := .venv-lock/bin/uv pip compile --group site $(PINNED)

lock:  ## Pin the newest versions that pyproject.toml admits (needs the network)
	"$(PYTHON)" -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv
	$(LOCK) --extra apps --extra heic --group test-apps --group probe --group cards --upgrade -o requirements-apps.lock
	$(LOCK) --extra heic --upgrade -c requirements-apps.lock -o requirements.lock
	$(LOCK_SITE) --upgrade -o requirements-site.lock

lowest:  ## Run every test with the lowest versions that pyproject.toml admits (needs the network)
	"$(PYTHON)" -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv
	$(LOCK) --extra apps --extra heic --group test-apps --group probe --group cards --resolution lowest-direct -o .venv-lock/lowest.txt
	"$(PYTHON)" -m venv --clear .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --require-hashes -r .venv-lock/lowest.txt
	.venv-lowest/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(ONE_THREAD) .venv-lowest/bin/python -m pytest -n 2 $(ARGS)

.venv-studio/ready: studio/pyproject.toml
	python3.11 -m venv --clear .venv-studio
	.venv-studio/bin/python -m pip install --quiet --disable-pip-version-check -e studio
	@touch $@

samples: .venv-studio/ready $(READY)  ## Render what is missing of data/sample (Python 3.11; an hour or two; SETS="bikes")
	.venv-studio/bin/python -m studio.render $(SETS)
	.venv-studio/bin/python -m studio.sheet $(SETS)
	$(BIN)/python -m tools.registry

probe: $(APPS)  ## Learn from the samples alone, judge photographs (KERAS_HOME, COURSE_DATA)
	$(BIN)/python -m tools.probe

backbones: $(READY)  ## Train the small networks that stand in where ImageNet's weights cannot be had
	$(BIN)/python -m tools.pretrain
	$(BIN)/python -m tools.registry

clean:  ## Remove the environments and what running left behind (passports and heads stay)
	@[ ! -e build/handouts/nbgrader/gradebook.db ] || { echo "build/handouts/nbgrader holds a\
	 gradebook: move that folder elsewhere first."; exit 1; }
	rm -rf .venv .venv-engines .venv-lock .venv-lowest .venv-site .venv-studio .ruff_cache build lab/built
	@[ ! -d saved ] || find saved -mindepth 1 ! -name 'passport*.json' ! -name 'head*.json' -depth -exec \
	 sh -c 'if [ -d "$$1" ] && [ ! -L "$$1" ]; then rmdir "$$1" 2>/dev/null || true; else rm -f "$$1"; fi' - {} \;
