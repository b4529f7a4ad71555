"""How a piano video is to be transcribed: what the command line and the API both take."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from photoplayer.clock import parse_clock
from photoplayer.errors import PlanError
from photoplayer.music.theory import parse_pitch
from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH, PITCHES
from photoplayer.piano.listen import MODELS, DecoderName

LEAST_FPS, SURE_FPS = 8.0, 12.0
"""Pictures a second: below the first keys cannot be followed, below the second short notes are missed."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "decoder": ("default", "gan", "threshold"),
    "sustain": ("key", "sound"),
}


@dataclass(frozen=True, kw_only=True)
class TranscribeOptions:
    """How to look and listen."""

    start: float | str = 0.0
    """Begin here: seconds, or minutes and seconds as in 1:30."""
    end: float | str | None = None
    """Stop here; the end of the clip, if not said."""
    fps: float | None = None
    """Read at most so many pictures a second (8 or more)."""
    keyboard: str | None = None
    """Where the keyboard is, if it is not found: the pixels x1,y1,x2,y2,x3,y3,x4,y4 of its four corners, far
    left, far right, near right, near left as its player sees it (low keys are left). Of 88 keys, unless
    --lowest-key and --highest-key say others."""
    lowest_key: int | str | None = None
    """The lowest key that the picture shows whole, as a name (C2; middle C is C4) or a MIDI number: it says
    the octave of a keyboard that is cut off, and where one given by --keyboard begins."""
    highest_key: int | str | None = None
    """The highest key of a keyboard given by --keyboard and --lowest-key."""
    model: str = "keys"
    """What reads the keys: keys; audeo, the published network it is measured against; or a folder with a keys
    network of one's own (keys_look.onnx, keys_hear.onnx and their cards)."""
    decoder: DecoderName = "default"
    """How notes are read from the roll: default, gan (Roll2Midi as published) or threshold."""
    sustain: Literal["key", "sound"] = "key"
    """A note ends when its key comes up, or (sound) earlier, where a held string has faded."""
    min_confidence: float = 0.0
    """Leave out notes that are less sure than this (0..1)."""
    hands: bool = False
    """Left and right hand on separate tracks."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _seconds(self.start))
        if self.end is not None:
            object.__setattr__(self, "end", _seconds(self.end))
            if self.end_s is not None and self.end_s <= self.start_s:
                raise PlanError(f"nothing lies between {self.start} s and {self.end} s; give a later end")
        for name in ("lowest_key", "highest_key"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, _key(value))
        if self.fps is not None and not LEAST_FPS <= self.fps <= 1000:
            raise PlanError(f"{self.fps:g} pictures a second cannot be read; choose {LEAST_FPS:g} or more")
        if not 0 <= self.min_confidence <= 1:
            raise PlanError(f"a confidence of {self.min_confidence:g}; choose 0 to 1")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise PlanError(
                    f"there is no {name} {getattr(self, name)!r}; choose from {', '.join(choices)}"
                )
        if self.model not in MODELS and not Path(self.model).is_dir():
            raise PlanError(
                f"there is no model {self.model!r}; choose {', '.join(MODELS)} or a folder of models"
            )
        self._check_keyboard()

    @property
    def start_s(self) -> float:
        """Where to begin, in seconds."""
        return float(self.start)

    @property
    def end_s(self) -> float | None:
        """Where to stop, in seconds; None at the clip's end."""
        return None if self.end is None else float(self.end)

    @property
    def corners(self) -> npt.NDArray[np.float64] | None:
        """``(4, 2)`` pixels of the keyboard given by hand."""
        if self.keyboard is None:
            return None
        try:
            values = [float(text) for text in re.split(r"[,;\s]+", self.keyboard.strip())]
        except ValueError:
            values = []
        if len(values) != 8 or not all(math.isfinite(value) for value in values):
            raise PlanError(
                f"{self.keyboard!r} are no four corners; write x1,y1,x2,y2,x3,y3,x4,y4, far left key first"
            )
        return np.array(values).reshape(4, 2)

    @property
    def lowest_pitch(self) -> int | None:
        """The pitch of ``lowest_key``."""
        return None if self.lowest_key is None else int(self.lowest_key)

    @property
    def pitches(self) -> tuple[int, int]:
        """Lowest and highest key of a keyboard given by hand."""
        lowest, highest = self.lowest_pitch, self.highest_key
        return (
            LOWEST_PITCH if lowest is None else lowest,
            HIGHEST_PITCH if highest is None else int(highest),
        )

    def _check_keyboard(self) -> None:
        if self.corners is None:
            if self.highest_key is not None:
                raise PlanError("--highest-key belongs to --keyboard; give the corners too, or leave it out")
            return
        if (self.lowest_key is None) != (self.highest_key is None):
            raise PlanError("--keyboard needs both --lowest-key and --highest-key, or neither (A0 to C8)")
        if self.pitches[0] >= self.pitches[1]:
            raise PlanError(
                f"a keyboard from {self.lowest_key} to {self.highest_key} has no keys; exchange them"
            )


def _seconds(value: float | str) -> float:
    """Raises :class:`PlanError` for what is no time."""
    try:
        return parse_clock(str(value))
    except ValueError as problem:
        raise PlanError(f"{problem}; write seconds, or minutes and seconds as in 1:30") from problem


def _key(value: int | str) -> int:
    """Raises :class:`PlanError` for what is no key of a piano."""
    text = str(value).strip()
    try:
        pitch = int(text) if text.lstrip("-").isdigit() else parse_pitch(text)
    except ValueError as problem:
        raise PlanError(f"{value!r} is no key; write a name such as C2 or a MIDI number") from problem
    if pitch not in PITCHES:
        raise PlanError(f"{value} is no key of a piano; its keys are A0 (21) to C8 (108)")
    return pitch
