"""The neural piano in an orchestra: it plays the parts written for a piano, onto the tape of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from photoplayer.music.score import Part, Score
from photoplayer.sound.audio import RATE_HZ, Samples
from photoplayer.sound.events import Orchestra
from photoplayer.sound.neural.choice import PianoName, PianoSound
from photoplayer.sound.neural.piano import NeuralPiano
from photoplayer.sound.neural.space import Doubler, Place
from photoplayer.sound.neural.strokes import strokes
from photoplayer.sound.record import Progress, Take, faded
from photoplayer.sound.tape import Tape

PIANOS = frozenset(range(4))
"""Programs it plays: acoustic grand, bright, electric grand and honky-tonk piano. Electric pianos that are no
pianos, harpsichord and clavinet stay as they are."""
_GAINS: dict[PianoName, float] = {"salamander": 2.8, "splendid": 1.9}
"""As loud as the default soundfont's piano."""


def is_piano(part: Part) -> bool:
    """Whether the neural piano plays a part."""
    return not part.is_drum and part.program in PIANOS


def without_pianos(score: Score) -> Score:
    """The score for the other players: the same parts, the pianos' without notes."""
    return replace(
        score, parts=tuple(replace(part, notes=()) if is_piano(part) else part for part in score.parts)
    )


def record_pianos(
    score: Score, orchestra: Orchestra, take: Take, tape: Tape, chosen: PianoSound, tell: Progress
) -> None:
    """Play the piano parts, each into the rows of its group."""
    playing = [
        (part, channel % orchestra.groups)
        for part, channel in zip(orchestra.parts, orchestra.channel_of, strict=True)
        if is_piano(part) and part.notes
    ]
    piano = NeuralPiano.of(chosen.piano) if playing else None
    for number, (part, group) in enumerate(playing):
        assert piano is not None
        at = 0
        for block in _sound(piano, part, score, take, chosen):
            end = min(at + block.shape[1], take.recorded)
            rows = tape.read(at, end - at, row=2 * group, rows=2)
            tape.write(at, rows + block[:, : end - at] * faded(at, end, take), row=2 * group)
            at = end
            tell((number + at / take.recorded) / len(playing))


def _sound(piano: NeuralPiano, part: Part, score: Score, take: Take, chosen: PianoSound) -> Iterator[Samples]:
    """A part's sound, ``(2, n)`` blocks; at least as long as the take."""
    rows = strokes(part, score.tempo_map, end_s=score.duration_s, release_by_s=take.release_by_s)
    doubler, place = Doubler(), Place(part, score.tempo_map, chosen)
    left = take.recorded
    for block in _and_silence(piano.blocks(rows, -(-take.recorded // 2)), take.recorded):
        if left <= 0:
            return
        made = place.placed(_GAINS[chosen.piano] * doubler.doubled(block))
        left -= made.shape[1]
        yield made


def _and_silence(blocks: Iterator[npt.NDArray[np.float32]], frames: int) -> Iterator[npt.NDArray[np.float32]]:
    """What the doubling still holds back comes out with a little silence behind."""
    yield from blocks
    yield np.zeros(min(frames, RATE_HZ // 10), np.float32)
