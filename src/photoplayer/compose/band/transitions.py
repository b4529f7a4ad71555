"""What announces a change: fills before a border, a crash after it, a rest before a drop."""

from __future__ import annotations

from typing import Literal

from photoplayer.compose.band.drums import STROKE_QUARTERS
from photoplayer.compose.band.energy import BIG_RISE, velocity
from photoplayer.compose.band.layers import is_forbidden
from photoplayer.compose.band.passage import Bar, Passage, Turn
from photoplayer.compose.band.steps import strokes
from photoplayer.compose.band.styles.drum_grids import (
    CRASH,
    HIGH_TOM,
    KICK,
    LOW_TOM,
    MID_TOM,
    SNARE,
    SWELL_CYMBAL,
)
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note

RISE, DROP = 0.08, -0.2
"""Change of energy over a border that is announced as a rise, or thinned out as a drop."""

FILL_ENERGY = 0.3
"""Below this the drummer does not fill."""

CRASH_ENERGY, RISEN_CRASH_ENERGY = 0.7, 0.4
"""Energy from which phrases begin with a crash: all of them, and those that the energy rises to."""

_STROKES = {"S": SNARE, "H": HIGH_TOM, "M": MID_TOM, "L": LOW_TOM, "K": KICK}

_FILLS: dict[int, tuple[str, ...]] = {
    1: ("S-SS", "H-L-", "S-M-", "SSS-"),
    2: ("S-S-S-SS", "S-HHM-L-", "S--SM-L-", "SSH-M-LL"),
    3: ("S-S-S-SSHHLL", "S--SH-M-L-LL", "S-S-SSSSMML-"),
    4: ("S-S-S-SSHHMMLLLL", "S---SSS-H-M-L-L-", "S-SSS-SSHHMML-L-", "S-SSH-HHM-MML-LL"),
}
"""Fills of one to four quarters, one character a sixteenth."""

KIT_LAYERS = ("drums", "drums-full")


def turns_of(
    section: Section, bars: tuple[Bar, ...], after: Section | None, *, closes: bool = False
) -> tuple[Turn, ...]:
    """The fills, risers and rests of a section.

    ``after`` is the section that follows, if one does; a section that ``closes`` the piece leads with a
    fill into its last bar.
    """
    bar_q, beat = section.meter.quarters, section.meter.beat_quarters
    half = max(beat, beat * (section.meter.beats // 2))
    turns: list[Turn] = []
    for bar, following in zip(bars, [*bars[1:], None], strict=True):
        end = bar.onset + bar_q
        if following is None:
            if after is None:
                continue
            change = after.energy[0] - bar.energy
            kind = _kind(change, bar)
            whole = bar_q if bar.energy > 0.6 else half
            length = {"riser": bar_q, "fill": whole, "rest": half}.get(kind, 0.0)
        elif following.phrase != bar.phrase or (closes and following is bars[-1]):
            change = following.energy - bar.energy
            kind = _kind(change, bar)
            length = {"riser": half, "fill": half if change > RISE else beat}.get(kind, 0.0)
        else:
            continue
        if kind and length:
            turns.append(Turn(end - length, end, kind, change))
    return tuple(turns)


def _kind(change: float, bar: Bar) -> Literal["fill", "riser", "rest", ""]:
    change = round(change, 6)
    if change >= BIG_RISE:
        return "riser"
    if change <= DROP:
        return "rest"
    return "fill" if bar.energy >= FILL_ENERGY else ""


def play_turns(passage: Passage, before: Section | None) -> list[Note]:
    """The ``drums-fill`` layer: fills and risers, and a crash where a rise arrives."""
    section = passage.section
    if is_forbidden("drums-fill", section):
        return []
    notes: list[Note] = []
    for turn in passage.turns:
        bar = passage.bar_at(turn.onset)
        has_drums = _has_drums(bar, section)
        if turn.kind == "riser":
            notes += _roll(passage, turn, bar, SNARE if has_drums else SWELL_CYMBAL)
        elif turn.kind == "fill" and has_drums:
            notes += _fill(passage, turn, bar)
    return notes + _crashes(passage, before)


def _has_drums(bar: Bar, section: Section) -> bool:
    return "drums-fill" in section.must_have or any(layer in bar.layers for layer in KIT_LAYERS)


def _fill(passage: Passage, turn: Turn, bar: Bar) -> list[Note]:
    rng = passage.rng("drums-fill", str(turn.onset))
    length = turn.offset - turn.onset
    size = min(4, max(1, round(length)))
    line = rng.choice(_FILLS[size])
    notes = []
    for stroke in strokes(line):
        onset = turn.onset + stroke.at
        if onset >= turn.offset:
            break
        loud = velocity(bar.energy, accent=-6 + 12 * stroke.at / length, rng=rng)
        notes.append(Note(onset, onset + STROKE_QUARTERS, _STROKES[stroke.sign], loud))
    return notes


def _roll(passage: Passage, turn: Turn, bar: Bar, drum: int) -> list[Note]:
    """A roll that swells from here to the energy beyond, its strokes getting closer."""
    rng = passage.rng("drums-fill", str(turn.onset))
    length = turn.offset - turn.onset
    notes, at = [], 0.0
    while at < length - 1e-6:
        done = at / length
        loud = velocity(min(1.0, bar.energy + turn.change * done), accent=-14, rng=rng)
        notes.append(Note(turn.onset + at, turn.onset + at + STROKE_QUARTERS, drum, loud))
        at += 0.5 if done < 0.5 else 0.25
    return notes


def _crashes(passage: Passage, before: Section | None) -> list[Note]:
    """A crash and kick on the first beat of a phrase, where it is loud or louder than what was before.

    A section that must have this layer begins with one in any case; where a riser arrives one strikes even
    if the drummer plays nothing else.
    """
    notes = []
    last = before.energy[-1] if before else 0.0
    for i, bar in enumerate(passage.bars):
        here = bar.energy
        begins = i == 0 or passage.bars[i - 1].phrase != bar.phrase
        forced = i == 0 and "drums-fill" in passage.section.must_have
        rise = round(here - last, 6)
        risen = rise >= RISE and here >= RISEN_CRASH_ENERGY
        arrives = risen and rise >= BIG_RISE and (i > 0 or before is not None)
        plays = arrives or _has_drums(bar, passage.section)
        if begins and (risen or forced or here >= CRASH_ENERGY) and plays:
            loud = velocity(here, accent=4)
            drums = (CRASH,) if "drums" in bar.layers else (KICK, CRASH)
            notes += [Note(bar.onset, bar.onset + STROKE_QUARTERS, drum, loud) for drum in drums]
        last = here
    return notes
