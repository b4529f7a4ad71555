"""Decode a piano corpus once into cached strips, which the piano recipes learn from.

    photoplayer train strips -- --corpus mta --folder MTA --out CACHE/mta
    photoplayer train strips -- --corpus renders --folder RENDERS --out CACHE/renders

What is there already is left alone, so the same command goes on where it was stopped.
"""

from __future__ import annotations

import inspect
import logging
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from photoplayer.piano.find import find_shots
from photoplayer.train.data.piano_clip import PianoClip
from photoplayer.train.data.strip_cache import build

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Config:
    """Which corpus, where it is, and where its strips go."""

    corpus: Literal["mta", "renders", "audeo", "pianoyt", "pianovam"]
    folder: Path
    out: Path
    keyboards: Path | None = None
    """A JSON file of homographies by clip, where the corpus has none; else keyboards are found."""


def train(config: Config) -> None:
    """Build the cache."""
    clips = _clips(config)
    new = build(clips, config.out, source=config.corpus, find=find_shots)
    log.info("%d of %d clips are new in %s", new, len(clips), config.out)


def _clips(config: Config) -> list[PianoClip]:
    loader = import_module(f"photoplayer.train.data.{config.corpus}")
    takes_keyboards = "keyboards" in inspect.signature(loader.clips).parameters
    options = {"keyboards": config.keyboards} if config.keyboards and takes_keyboards else {}
    clips: list[PianoClip] = loader.clips(config.folder, **options)
    return clips
