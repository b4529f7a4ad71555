"""A filmed piano with the notes that were played: what every piano corpus is read as."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError
from photoplayer.files import read_small
from photoplayer.music.midi_read import read_midi
from photoplayer.piano.keyboard import Keyboard, Matrix, homography_between
from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH, Points, key_edges

Split = Literal["train", "validation", "test"]
NoteRows = npt.NDArray[np.float64]
"""``(notes, 4)`` in order of onset: onset_s, offset_s, pitch, and velocity 1..127 or nan where unknown."""

_SPLIT_NAMES: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
}
_MOST_JSON_BYTES = 64 << 20


@dataclass(frozen=True, eq=False, kw_only=True)
class PianoClip:
    """A video and what is played in it, in the video's own time; offsets are key releases.

    ``group`` is who or whose channel it is: clips of one group never stand on both sides of a split.
    ``view`` names the camera's place where the corpus knows it. ``homography`` takes the keyboard's plane to
    pixels and ``bulge`` is the lens's, as in :class:`photoplayer.piano.keyboard.Keyboard`; None where nobody
    marked the keys. Outside
    ``covered_s`` (start, end) nobody wrote down what is played: silence there teaches wrongly; the same
    holds for keys outside ``written`` (lowest and highest pitch).
    """

    name: str
    video: Path
    notes: NoteRows
    group: str
    split: Split
    covered_s: tuple[float, float]
    view: str = ""
    homography: Matrix | None = None
    first_pitch: int = LOWEST_PITCH
    last_pitch: int = HIGHEST_PITCH
    bulge: float = 0.0
    written: tuple[int, int] = (LOWEST_PITCH, HIGHEST_PITCH)

    @property
    def velocity_known(self) -> bool:
        """Whether the truth has velocities."""
        return bool(len(self.notes)) and not np.isnan(self.notes[:, 3]).any()

    def keyboard(self, size: tuple[int, int]) -> Keyboard | None:
        """The keyboard in pictures of ``size`` (width, height); None where it was not marked."""
        if self.homography is None:
            return None
        return Keyboard(
            homography=self.homography,
            size=size,
            first_pitch=self.first_pitch,
            last_pitch=self.last_pitch,
            bulge=self.bulge,
        )


def note_rows(notes: Iterable[tuple[float, float, float, float]], *, name: str) -> NoteRows:
    """Rows in order of onset, those without length and those no piano has left out.

    ``name`` is the file that errors call by name. Raises :class:`InputError` where values are no numbers.
    """
    try:
        rows = np.array(list(notes), dtype=np.float64).reshape(-1, 4)
    except (TypeError, ValueError) as problem:
        raise InputError(f"{name} has notes that are not four numbers each; make it again.") from problem
    if not np.isfinite(rows[:, :3]).all():
        raise InputError(f"{name} has notes without a time or a pitch; make it again.")
    kept = rows[(rows[:, 1] > rows[:, 0]) & (rows[:, 2] >= LOWEST_PITCH) & (rows[:, 2] <= HIGHEST_PITCH)]
    return np.asarray(kept[np.lexsort((kept[:, 2], kept[:, 0]))])


def midi_rows(path: Path, *, transpose: int = 0, velocity_known: bool = True) -> NoteRows:
    """The notes of a MIDI file in its own seconds, the pedal ignored. Raises :class:`InputError`."""
    score = read_midi(path)
    seconds = score.tempo_map.seconds
    return note_rows(
        (
            (
                seconds(note.onset),
                seconds(note.offset),
                note.pitch + transpose,
                note.velocity if velocity_known else np.nan,
            )
            for part in score.parts
            if not part.is_drum
            for note in part.notes
        ),
        name=str(path),
    )


def shifted(rows: NoteRows, by_s: float) -> NoteRows:
    """The same notes later by ``by_s`` seconds."""
    return np.asarray(rows + np.array([by_s, by_s, 0.0, 0.0]))


def split_named(text: object, *, name: str) -> Split:
    """The split of a corpus's own word for it ("val", "Training"). Raises :class:`InputError`."""
    split = _SPLIT_NAMES.get(str(text).strip().lower())
    if split is None:
        raise InputError(f"{name} names a split {text!r}; use train, validation or test.")
    return split


def homography_of_corners(
    corners: Points, *, first_pitch: int = LOWEST_PITCH, last_pitch: int = HIGHEST_PITCH
) -> Matrix:
    """From ``(4, 2)`` pixels: far left, far right, near right, near left corner of the keys.

    Left is the end of the low keys, near the player's edge. Raises ``ValueError`` for corners on a line.
    """
    left, right = key_edges(first_pitch)[0], key_edges(last_pitch)[1]
    return homography_between(np.array([(left, 0.0), (right, 0.0), (right, 1.0), (left, 1.0)]), corners)


def read_matrix(values: object, *, name: str) -> Matrix:
    """A ``(3, 3)`` homography from JSON. Raises :class:`InputError`."""
    try:
        matrix = np.asarray(values, dtype=np.float64).reshape(3, 3)
    except (TypeError, ValueError) as problem:
        raise InputError(f"{name} has a homography that is not nine numbers; make it again.") from problem
    if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < 1e-12:
        raise InputError(f"{name} has a homography that maps no plane; make it again.")
    return matrix


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises :class:`InputError`."""
    content = read_small(path, most_bytes=_MOST_JSON_BYTES, wanted="a JSON file of the corpus")
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise InputError(f"{path} is not JSON ({problem}); make it again.") from problem
    if not isinstance(values, dict):
        raise InputError(f"{path} holds no JSON object; make it again.")
    return values
