# Two commands do everything: `make demo` and `make test`. Elsewhere `pip install .` is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIP := examples/human_play.mp4
DEMO := demo

.PHONY: demo test lint system install clean

demo: install  ## score the example clip and say where the result is
	mkdir -p $(DEMO)
	$(BIN)/photoplayer score $(CLIP) -o $(DEMO)/ --overwrite
	@echo
	@echo "Watch and hear it:  $(CURDIR)/$(DEMO)/$(basename $(notdir $(CLIP)))_scored.mp4"
	@echo "See what was heard: $(CURDIR)/$(DEMO)/$(basename $(notdir $(CLIP)))_scored.png"
	@echo "Edit the music:     $(CURDIR)/$(DEMO)/$(basename $(notdir $(CLIP)))_scored.mid"

test: $(VENV)/.dev  ## everything that has to hold
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

install: $(VENV)/.installed

# From Debian, where we may install: FluidSynth and a good soundfont, without which copies that come with
# the Python dependencies serve; EGL and Mesa, without which the renderer's tests are skipped.
PACKAGES := python3 python3-venv libfluidsynth3 fluid-soundfont-gm libegl1 libgl1 libgl1-mesa-dri

system:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! dpkg -s $(PACKAGES) >/dev/null 2>&1; then \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -q -y --no-install-recommends $(PACKAGES); fi

$(VENV)/.installed: pyproject.toml | system
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip
	$(BIN)/python -m pip install -q -e .
	touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install -q -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) $(DEMO)
