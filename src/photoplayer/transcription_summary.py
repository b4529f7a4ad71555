"""What came of a transcription, in words: what is partial, lines for people, facts for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from photoplayer.clock import clock
from photoplayer.music.theory import pitch_name
from photoplayer.piano.layout import PITCHES
from photoplayer.transcription_options import SURE_FPS

if TYPE_CHECKING:
    from photoplayer.piano.keyboard import Keyboard, Shot
    from photoplayer.piano.roll import HeardNote
    from photoplayer.transcription import Stats, Transcription

_NOTEWORTHY_S = 0.5
"""A stretch without a keyboard is told from this length on: cuts and fades leave shorter ones."""

_MOST_ROWS, _MOST_SPANS = 5, 4


def remarks(
    shots: Sequence[Shot], notes: Sequence[HeardNote], *, fps: float, lowest_pitch: int | None
) -> tuple[str, ...]:
    """Sentences on what is partial or unsure; none if all is well.

    ``fps`` pictures a second were read; ``lowest_pitch`` was said to be the lowest key that is seen whole.
    """
    said = []
    blind = [shot for shot in shots if shot.keyboard is None and shot.end_s - shot.start_s >= _NOTEWORTHY_S]
    if blind:
        spans = _some([f"{clock(shot.start_s)}-{clock(shot.end_s)}" for shot in blind])
        said.append(f"no keyboard was seen at {spans}: nothing was heard there")
    if 0 < fps < SURE_FPS:
        said.append(f"only {fps:.2g} pictures a second: notes shorter than {2 / fps:.1f} s may be missed")
    if any(shot.keyboard and not shot.keyboard.octave_known for shot in shots):
        said.append("the octave is a guess: say --lowest-key if all is an octave off")
    if lowest_pitch is not None and (other := _another_lowest(shots, lowest_pitch)):
        said.append(f"the lowest key looks like {pitch_name(other)}, not {pitch_name(lowest_pitch)}")
    if not notes:
        said.append("no key was seen going down")
    return tuple(said)


def _another_lowest(shots: Sequence[Shot], lowest_pitch: int) -> int | None:
    """The lowest key that is seen whole, if nowhere it is the one that was said."""
    from photoplayer.piano.find.octave import lowest_whole  # SciPy is loaded by now

    seen = [lowest_whole(shot.keyboard) for shot in shots if shot.keyboard]
    return None if lowest_pitch in seen else next((pitch for pitch in seen if pitch is not None), None)


def keyboard_words(keyboard: Keyboard) -> str:
    """One keyboard: ``61 of 88 keys (C2 to C7), seen from the player's side, sure 0.97``."""
    visible = np.flatnonzero(keyboard.visible)
    whole = keyboard.last_pitch - keyboard.first_pitch + 1
    count = f"{whole} keys" if len(visible) == whole else f"{len(visible)} of {whole} keys"
    spans = (
        f" ({pitch_name(PITCHES[visible[0]])} to {pitch_name(PITCHES[visible[-1]])})" if len(visible) else ""
    )
    side = "the player's side" if keyboard.view == "player" else "the piano's side"
    mirrored = ", mirrored" if keyboard.mirrored else ""
    return f"{count}{spans}, seen from {side}{mirrored}, sure {keyboard.confidence:.2f}"


def table(heard: Transcription) -> list[str]:
    """Lines to read at the end of a run."""
    given = " (given by hand)" if heard.options.keyboard else ""
    rows = [("keyboard", words + given) for words in _found(heard.shots)]
    rows.append(("notes", _count(heard.notes)))
    if never := heard.keys_never_seen:
        rows.append(("never seen", _spans(never)))
    rows.append(("speed", _speed(heard.stats)))
    rows += [("partial", remark) for remark in heard.remarks]
    return [str(heard.video), *(f"  {name:10}  {words}" for name, words in rows)]


def facts(heard: Transcription) -> dict[str, Any]:
    """The same for scripts."""
    keyboards = [shot.keyboard for shot in heard.shots if shot.keyboard]
    return {
        "notes": len(heard.notes),
        "keyboards": _found(heard.shots),
        "keyboard_confidence": round(min(keyboard.confidence for keyboard in keyboards), 3),
        "keys_never_seen": list(heard.keys_never_seen),
        "partial": list(heard.remarks),
        "speed": round(heard.stats.speed, 2),
    }


def _found(shots: Sequence[Shot]) -> list[str]:
    """A line for each keyboard and where it was seen, if there is more than one to tell of."""
    spans: dict[str, list[str]] = {}
    for shot in shots:
        if shot.keyboard or shot.end_s - shot.start_s >= _NOTEWORTHY_S:
            words = keyboard_words(shot.keyboard) if shot.keyboard else "none"
            spans.setdefault(words, []).append(f"{clock(shot.start_s)}-{clock(shot.end_s)}")
    if len(spans) == 1:
        return list(spans)
    lines = [f"{words}: {_some(where)}" for words, where in spans.items()]
    return lines if len(lines) <= _MOST_ROWS else [*lines[:_MOST_ROWS], f"and {len(lines) - _MOST_ROWS} more"]


def _some(spans: Sequence[str]) -> str:
    more = len(spans) - _MOST_SPANS
    return ", ".join(spans) if more <= 0 else f"{', '.join(spans[:_MOST_SPANS])} and {more} more stretches"


def _speed(stats: Stats) -> str:
    return (
        f"{stats.speed:.1f} x real time ({stats.duration_s:.1f} s of video: {stats.find_s:.1f} s to find the "
        f"keyboard, {stats.read_s:.1f} s to read {stats.pictures} pictures)"
    )


def _count(notes: Sequence[HeardNote]) -> str:
    hands = [note.hand for note in notes]
    if not any(hands):
        return str(len(notes))
    return f"{len(notes)} (left {hands.count('left')}, right {hands.count('right')})"


def _spans(pitches: Sequence[int]) -> str:
    """``A0 to B1, C8``."""
    runs: list[list[int]] = []
    for pitch in pitches:
        if runs and pitch == runs[-1][1] + 1:
            runs[-1][1] = pitch
        else:
            runs.append([pitch, pitch])
    return ", ".join(
        pitch_name(first) if first == last else f"{pitch_name(first)} to {pitch_name(last)}"
        for first, last in runs
    )
