"""The MTA corpus: a webcam over a digital piano (Akbari, Liang, Cheng, Multimedia Tools Appl., 2018).

A folder holds ``pNN_VIEW_TAKE.wmv`` and ``.mid``. The MIDI files are written an octave low and begin, with
two exceptions, at their first note; velocity is a constant 76 and therefore unknown. ``starts.json`` beside
them says at which second of the video each first note is played: times measured against the keys' motion,
since the corpus's own ``.start.txt`` is off by up to 0.8 s. Pianists repeat pieces over takes and views, so
the split is by pianist.

The recorder did not write everything. A0, B7 and C8 are in none of its 56 files, though scales over the whole
keyboard are played in many and the pictures show these keys pressed. In two takes it stalled for seconds and
wrote what had been played meanwhile in a burst; of these the corpus has cuts (``TAKE-1``, ``TAKE-2``), which
are read in place of the whole.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from photoplayer.errors import InputError
from photoplayer.train.data.piano_clip import PianoClip, Split, midi_rows, read_json, read_matrix, shifted

OCTAVE = 12
WRITTEN = (22, 106)
"""Lowest and highest pitch that the recorder ever wrote."""
TEST_PIANISTS = frozenset({6, 10})
VALIDATION_PIANISTS = frozenset({2, 8})
QUIET_S = 1.0
"""The hands still lift off after the last note; what comes later was not always written down."""

_NAME = re.compile(r"p(?P<pianist>\d{2})_(?P<view>front|left45|right45)_(?P<take>[\d-]+)")


def clips(
    folder: Path, *, keyboards: Path | None = None, starts: Path | None = None, split: Split | None = None
) -> list[PianoClip]:
    """The corpus in order of name, those of ``split`` alone where one is given.

    ``keyboards`` is a JSON file ``{clip: {"homography": 3x3}}``; ``starts`` stands for the folder's own
    ``starts.json``. Raises :class:`InputError` where the folder holds no clips or a clip has no start time.
    """
    videos = [path for path in sorted(folder.glob("*.wmv")) if _NAME.fullmatch(path.stem)]
    cut = {path.stem.rpartition("-")[0] for path in videos if "-" in path.stem}
    videos = [path for path in videos if path.stem not in cut]
    if not videos:
        raise InputError(f"{folder} holds no clips named like p01_front_1.wmv; give the MTA folder.")
    start_file = starts or folder / "starts.json"
    start_times = read_json(start_file)
    found_keyboards = read_json(keyboards) if keyboards else {}
    found = (_clip(video, start_times, start_file, found_keyboards, keyboards) for video in videos)
    return [clip for clip in found if split in (None, clip.split)]


def split_of(pianist: int) -> Split:
    """Pianists that are trained on are never measured on."""
    if pianist in TEST_PIANISTS:
        return "test"
    return "validation" if pianist in VALIDATION_PIANISTS else "train"


def _clip(
    video: Path,
    starts: dict[str, Any],
    start_file: Path,
    keyboards: dict[str, Any],
    keyboard_file: Path | None,
) -> PianoClip:
    name = video.stem
    parts = _NAME.fullmatch(name)
    assert parts is not None  # only such names come here
    start_s = starts.get(name)
    if not isinstance(start_s, (int, float)):
        raise InputError(f"{start_file} has no start time for {name}; add the second of its first note.")
    rows = midi_rows(video.with_suffix(".mid"), transpose=OCTAVE, velocity_known=False)
    if not len(rows):
        raise InputError(f"{video.with_suffix('.mid')} has no notes; take it out of the folder.")
    notes = shifted(rows, float(start_s) - rows[0, 0])
    marked = keyboards.get(name)
    if marked is not None and not (isinstance(marked, dict) and "homography" in marked):
        raise InputError(f"{keyboard_file} has no homography for {name}; make it again.")
    return PianoClip(
        name=name,
        video=video,
        notes=notes,
        group=f"p{parts['pianist']}",
        split=split_of(int(parts["pianist"])),
        covered_s=(_covered_from_s(rows[0, 0], notes[0, 0]), float(notes[:, 1].max()) + QUIET_S),
        view=parts["view"],
        written=WRITTEN,
        homography=(
            read_matrix(marked.get("homography"), name=str(keyboard_file))
            if isinstance(marked, dict)
            else None
        ),
    )


def _covered_from_s(first_in_midi_s: float, first_in_video_s: float) -> float:
    """Where a MIDI file begins before its first note, the clip is a cut that begins amid playing."""
    return max(first_in_video_s - first_in_midi_s, 0.0) if first_in_midi_s > 0 else 0.0
