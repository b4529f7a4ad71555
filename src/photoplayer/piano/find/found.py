"""What was found, in a dataclass and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from photoplayer.piano.find.evidence import Evidence
from photoplayer.piano.find.which import Seen
from photoplayer.piano.keyboard import Keyboard
from photoplayer.piano.layout import PITCHES_PER_OCTAVE

CONFIDENT = 0.5
"""From this confidence on a keyboard is taken for one."""

_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True, eq=False)
class Found:
    """The ``keyboard`` of some pictures, or None where none was seen for certain; ``said`` in one sentence.
    ``guess`` is the best that was seen, however unsure."""

    keyboard: Keyboard | None
    said: str
    guess: Keyboard | None = None


def sentence(keyboard: Keyboard, seen: Seen, evidence: Evidence, *, cut_low: bool, cut_high: bool) -> str:
    """What was seen of a keyboard, in plain words."""
    parts = [f"{evidence.count} black keys in their pattern"]
    if cut_low and cut_high:
        parts.append("cut off at both ends")
    elif cut_low or cut_high:
        parts.append(f"cut off at the {'low' if cut_low else 'high'} end")
    keys = keyboard.last_pitch - keyboard.first_pitch + 1
    if keyboard.octave_known:
        parts.append(f"{keys} keys from {named(keyboard.first_pitch)} to {named(keyboard.last_pitch)}")
    else:
        parts.append("the octave is a guess")
    if keyboard.view == "piano":
        parts.append("filmed from the piano's side")
    if keyboard.mirrored:
        parts.append("mirrored")
    return ", ".join(parts)


def doubt(evidence: Evidence, confidence: float) -> str:
    """Why a row of bars is not taken for a keyboard."""
    if evidence.whites < 0.5:
        why = "but no white keys in front of them"
    elif evidence.bare < 0.7:
        why = "but more of them where no black keys should be"
    elif evidence.blacks < 0.6:
        why = "but too few of them stand out"
    elif evidence.count < 5:
        why = "but too few to be sure"
    else:
        why = "but they do not lie as keys do"
    return f"{evidence.count} dark bars somewhat like black keys, {why} (confidence {confidence:.2f})"


def named(pitch: int) -> str:
    """A pitch by name: C4 is middle C."""
    octave, within = divmod(pitch, PITCHES_PER_OCTAVE)
    return f"{_NAMES[within]}{octave - 1}"
