"""Trios from our own arranger: as many as one likes, in known keys and moods, and nobody's but ours.

Plans of random moods, energies, tempi and keys in 4/4 go through :mod:`photoplayer.compose.band`, of which
only the tune, the bass and the drums are kept, each as one part. A plan has a section for each of eight
moods, sixteen bars long, so that windows of sixteen bars also lie across a change.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from photoplayer.compose import band
from photoplayer.compose.band.layers import LAYERS
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Plan
from photoplayer.compose.sketch import Sketch, realise
from photoplayer.music.score import Note, Part, Score
from photoplayer.music.theory import Key, Meter
from photoplayer.music.trio_find import BASS_PROGRAMS, MELODY_PROGRAMS

SECTIONS, BARS_EACH = 8, 16
_DRUM_LAYERS = frozenset(("drums", "drums-full", "drums-fill", "percussion"))
_SILENT = frozenset(LAYERS) - _DRUM_LAYERS - {"lead", "bass"}


def own_scores(count: int, *, seed: int, first: int = 0) -> Iterator[tuple[str, Score]]:
    """``count`` pieces of melody, bass and drums, each with its name; the same numbers give the same."""
    for number in range(first, first + count):
        plan = random_plan(random.Random(f"{seed}/{number}"), seed=number)
        yield f"own/{seed}/{number}", as_trio(band.compose(plan, seed=number))


def random_plan(dice: random.Random, *, seed: int) -> Plan:
    """A plan of eight sections of sixteen bars of 4/4, each of another mood."""
    moods = dice.sample(list(MOODS.values()), SECTIONS)
    sketches = [
        Sketch(
            mood=mood.name,
            meter=Meter(4, 4),
            key=Key(dice.randrange(12), dice.choice(mood.modes)),
            bpm=dice.uniform(*mood.bpm),
            bars=(BARS_EACH,),
            energy=(min(max(dice.gauss(max(mood.arousal, 0.35), 0.25), 0.1), 1.0),),
            must_have=frozenset(("lead", "bass", "drums")),
            must_not_have=_SILENT,
        )
        for mood in moods
    ]
    return realise(sketches, seed=seed)


def as_trio(score: Score) -> Score:
    """A score with one part for the tune, one for the bass and one for the drums, as far as it has them.

    The arranger gives a layer to several players; the part gets the program of the first one that a trio
    may have.
    """
    lead = _merged(score, frozenset(("lead",)), MELODY_PROGRAMS)
    bass = _merged(score, frozenset(("bass",)), BASS_PROGRAMS)
    drums = _merged(score, _DRUM_LAYERS, frozenset(range(128)))
    return replace(score, parts=tuple(part for part in (lead, bass, drums) if part is not None))


def _merged(score: Score, layers: frozenset[str], programs: frozenset[int]) -> Part | None:
    parts = [part for part in score.parts if part.layer in layers]
    if not parts:
        return None
    notes: list[Note] = sorted(note for part in parts for note in part.notes)
    program = next((part.program for part in parts if part.program in programs), min(programs))
    return replace(parts[0], program=program, notes=tuple(notes), controls=())
