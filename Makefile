# Two commands do everything: `make demo` and `make test`. Elsewhere `pip install .` is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIP := examples/human_play.mp4
PIANO := examples/piano.mp4
DEMO := demo

.PHONY: demo test lint system install clean

demo: install  ## score one example clip, transcribe another, and say where the results are
	mkdir -p $(DEMO)
	$(BIN)/photoplayer score $(CLIP) -o $(DEMO)/ --overwrite
	$(BIN)/photoplayer transcribe $(PIANO) -o $(DEMO)/ --overwrite --overlay
	@echo
	@echo "Watch and hear it:  $(CURDIR)/$(DEMO)/$(basename $(notdir $(CLIP)))_scored.mp4"
	@echo "See what was heard: $(CURDIR)/$(DEMO)/$(basename $(notdir $(CLIP)))_scored.png"
	@echo "Edit the music:     $(CURDIR)/$(DEMO)/$(basename $(notdir $(CLIP)))_scored.mid"
	@echo "A piano, read:      $(CURDIR)/$(DEMO)/$(basename $(notdir $(PIANO)))_transcribed_overlay.mp4 (.mid and .png beside it)"

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
