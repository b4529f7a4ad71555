"""Synthetic piano videos, as :mod:`photoplayer.train.data.piano_renderer` makes them: exact in everything.

A folder holds ``NAME.mp4`` and ``NAME.json`` with ``split``, ``homography`` (3x3, the keyboard's plane to
pixels), ``first_pitch``, ``last_pitch`` and ``notes`` ``[[onset_s, offset_s, pitch, velocity], …]``. Where
``lens`` tells a ``homography`` and the ``bulge`` that bends it, these count: the other is their best fit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from photoplayer.errors import InputError
from photoplayer.piano.keyboard import Matrix
from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH
from photoplayer.piano.lens import MOST
from photoplayer.train.data.piano_clip import (
    PianoClip,
    Split,
    note_rows,
    read_json,
    read_matrix,
    split_named,
)

GROUP = "renders"


def clips(folder: Path, *, split: Split | None = None) -> list[PianoClip]:
    """The renders in order of name, those without a video left out, those of ``split`` alone if given.

    Raises :class:`InputError` where there are none or a truth file is broken.
    """
    truths = [path for path in sorted(folder.glob("*.json")) if path.with_suffix(".mp4").is_file()]
    if not truths:
        raise InputError(f"{folder} holds no renders (NAME.mp4 and NAME.json); make some first.")
    found = (_clip(truth) for truth in truths)
    return [clip for clip in found if split in (None, clip.split)]


def _clip(truth: Path) -> PianoClip:
    values = read_json(truth)
    name = str(truth)
    notes = values.get("notes")
    homography, bulge = _camera(values, name)
    if not isinstance(notes, list):
        raise InputError(f"{truth} has no list of notes; render it again.")
    return PianoClip(
        name=truth.stem,
        video=truth.with_suffix(".mp4"),
        notes=note_rows(notes, name=name),
        group=str(values.get("group", GROUP)),
        split=split_named(values.get("split"), name=name),
        covered_s=(0.0, float(np.inf)),
        view=str(values.get("view", "")),
        homography=homography,
        first_pitch=_pitch(values, "first_pitch", LOWEST_PITCH, name),
        last_pitch=_pitch(values, "last_pitch", HIGHEST_PITCH, name),
        bulge=bulge,
    )


def _camera(values: dict[str, Any], name: str) -> tuple[Matrix, float]:
    lens = values.get("lens")
    if not isinstance(lens, dict):
        return read_matrix(values.get("homography"), name=name), 0.0
    bulge = lens.get("bulge")
    if not isinstance(bulge, int | float) or abs(bulge) > MOST:
        raise InputError(f"{name} has a lens with a bulge of {bulge!r}, at most {MOST}; render it again.")
    return read_matrix(lens.get("homography"), name=name), float(bulge)


def _pitch(values: dict[str, Any], key: str, default: int, name: str) -> int:
    pitch = values.get(key, default)
    if not isinstance(pitch, int) or not LOWEST_PITCH <= pitch <= HIGHEST_PITCH:
        raise InputError(f"{name} has {key} {pitch!r}, which no piano has; render it again.")
    return pitch
