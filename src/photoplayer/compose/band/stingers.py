"""Stingers: an accent on the beat or half beat nearest to a moment, in the chord that sounds there."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from photoplayer.compose.band.layers import is_forbidden
from photoplayer.compose.band.maps import tempo_map
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.passages import Setting
from photoplayer.compose.band.perform import Played
from photoplayer.compose.band.players import nearest, pitches_of
from photoplayer.compose.band.styles.drum_grids import CRASH, SPLASH
from photoplayer.compose.plan import Plan, Stinger
from photoplayer.music.instruments import instrument
from photoplayer.music.score import Note
from photoplayer.music.theory import Chord

LAYER = "stingers"
GLOCKENSPIEL, TIMPANI, BRASS = 9, 47, 61

STINGER_QUARTERS = 1.5
"""No stinger sounds longer."""

BRIGHT = frozenset({"pickup", "goal", "door", "secret", "item"})
"""Kinds that sparkle; all others strike."""


def play_stingers(plan: Plan, settings: Sequence[Setting]) -> Played:
    """All stingers of a plan, in quarters from the piece's start."""
    lines: Played = defaultdict(list)
    tempi = tempo_map(plan)
    taken: set[float] = set()
    for stinger in sorted(plan.stingers):
        if not 0 <= stinger.time_s < plan.duration_s:
            continue
        at = tempi.quarters(stinger.time_s)
        index = bisect_right(plan.starts_q, at + 1e-6) - 1
        passage, start = settings[index].passage, plan.starts_q[index]
        onset = _on_beat(at - start, passage)
        if is_forbidden(LAYER, passage.section) or start + onset in taken:
            continue
        taken.add(start + onset)
        for key, notes in _play(stinger, onset, passage).items():
            lines[key] += [Note(n.onset + start, n.offset + start, n.pitch, n.velocity) for n in notes]
    return lines


def _on_beat(at: float, passage: Passage) -> float:
    """The nearest beat or half beat (the nearest eighth in compound meters) of the section."""
    meter = passage.section.meter
    step = meter.beat_quarters / (3 if meter.is_compound else 2)
    last = round(passage.end / step) - 1
    return min(int(at / step + 0.5), last) * step


def _play(stinger: Stinger, onset: float, passage: Passage) -> Played:
    chord = passage.span_at(onset).chord
    energy = passage.bar_at(onset).energy
    loud = max(1, min(127, round(72 + 30 * energy + 25 * stinger.strength - 10)))
    end = min(passage.end, onset + passage.section.meter.beat_quarters)
    if stinger.kind in BRIGHT:
        return _bright(chord, onset, end, loud)
    return _strike(chord, onset, end, loud)


def _bright(chord: Chord, onset: float, end: float, loud: int) -> Played:
    """A quick run up the chord on bells."""
    player = instrument(GLOCKENSPIEL)
    ladder = pitches_of(chord.pitch_classes, player.lowest, player.lowest + 24)[:4]
    step = min(0.25, (end - onset) / (len(ladder) + 1))
    notes = [Note(onset + i * step, end, pitch, max(1, loud - 18 + 4 * i)) for i, pitch in enumerate(ladder)]
    drums = [Note(onset, onset + 0.125, SPLASH, max(1, loud - 30))]
    return {(LAYER, GLOCKENSPIEL): notes, (LAYER, None): drums}


def _strike(chord: Chord, onset: float, end: float, loud: int) -> Played:
    """Brass, timpani and cymbal at once."""
    timpani = instrument(TIMPANI)
    root = nearest([chord.root], timpani.comfortable[0] + 4, timpani.lowest, timpani.highest)
    brass = sorted({nearest([c], 55, 46, 66) for c in chord.pitch_classes[:3]})
    return {
        (LAYER, BRASS): [Note(onset, onset + (end - onset) * 0.75, pitch, loud) for pitch in brass],
        (LAYER, TIMPANI): [Note(onset, end, root, loud)],
        (LAYER, None): [Note(onset, onset + 0.125, CRASH, loud)],
    }
