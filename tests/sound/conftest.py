from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from photoplayer.sound import soundfont


@pytest.fixture(scope="session")
def bundled_font() -> Path:
    """The soundfont that comes with pretty_midi."""
    spec = importlib.util.find_spec("pretty_midi")
    assert spec and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "TimGM6mb.sf2"


@pytest.fixture(autouse=True)
def _same_font_everywhere(monkeypatch: pytest.MonkeyPatch, bundled_font: Path) -> None:
    monkeypatch.setenv(soundfont.ENVIRONMENT, str(bundled_font))
