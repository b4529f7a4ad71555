"""The timbre transform: a score as players of another instrument would play it.

More than a change of program. Every part is taken apart into lines; lines are folded by octaves into the
instrument's range; notes last as the instrument lets them; chords are thinned to what a player can play,
and strummed on a neck; velocities follow the instrument's touch. One player of a wind plays the tune (of a
low one the bass); an ensemble shares the voices out. Drums stay as they are.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from photoplayer.music.instruments import Instrument, instrument
from photoplayer.music.score import Control, Part, Score
from photoplayer.sound.timbre.ensembles import Ensemble, shared_out
from photoplayer.sound.timbre.fold import folded
from photoplayer.sound.timbre.frets import fretted, tuning
from photoplayer.sound.timbre.lengths import breathed, joined, ringing
from photoplayer.sound.timbre.pedal import Pedal, controls_for
from photoplayer.sound.timbre.playable import held, one_line, widest
from photoplayer.sound.timbre.sounding import Line, Sounding, apart, from_notes, to_notes
from photoplayer.sound.timbre.touch import touched
from photoplayer.sound.timbre.voices import alone, separate

_MOST_LINES = 32
"""Chords of more notes than this, which no hands play, are thinned: every line takes time."""


def transform(score: Score, choice: Instrument | Ensemble, *, seed: int = 1) -> Score:
    """``score`` played by ``choice``. The same seed gives the same notes. Its end is that of ``score``, or of
    what rings on after it."""
    melodic = [part for part in score.parts if not part.is_drum]
    if isinstance(choice, Ensemble):
        drums = [part for part in score.parts if part.is_drum]
        parts = [*_ensemble(score, melodic, choice), *drums]
    else:
        parts = [
            part if part.is_drum else _alone(score, part, choice, _dice(seed, index), len(melodic))
            for index, part in enumerate(score.parts)
        ]
    last = max((note.offset for part in parts for note in part.notes), default=0.0)
    return replace(score, parts=tuple(parts), end=max(score.end, last))


def _dice(seed: int, index: int) -> random.Random:
    """Text is hashed with SHA-512, so a seed means the same on every machine."""
    return random.Random(f"{seed}/strum/{index}")


def _alone(score: Score, part: Part, player: Instrument, dice: random.Random, parts: int) -> Part:
    seconds = score.tempo_map.seconds
    pedal = Pedal(part.controls, score.tempo_map, end_s=score.duration_s)
    notes = part.notes
    if not player.is_polyphonic:
        notes = one_line(notes, player, lambda note: pedal.let_sound(seconds(note.offset)))
    heard = from_notes(notes, score.tempo_map)
    count = min(widest(heard), player.most_notes, _MOST_LINES)
    lines = separate(heard, count) if player.is_polyphonic else [heard]
    return replace(
        part,
        name=player.name if parts == 1 else f"{part.name} ({player.name})",
        program=player.program,
        notes=to_notes(_played(lines, player, pedal, dice), score.tempo_map, end=score.end),
        controls=controls_for(player, part.controls),
    )


def _ensemble(score: Score, parts: Sequence[Part], ensemble: Ensemble) -> list[Part]:
    """A part for each player, from all parts together."""
    tempo = score.tempo_map
    heard = from_notes((note for part in parts for note in part.notes), tempo)
    pedal = Pedal(_common_pedal(parts), tempo, end_s=score.duration_s)
    result = []
    for line, player in zip(shared_out(heard, ensemble), ensemble.players, strict=True):
        own = instrument(player.program)
        played = _played([alone(line)], own, pedal, random.Random(0))
        notes = to_notes(played, tempo, end=score.end)
        result.append(
            Part(player.name, own.program, notes, layer=player.name, pan=player.pan, reverb=own.reverb)
        )
    return result


def _common_pedal(parts: Sequence[Part]) -> list[Control]:
    """The pedal of a piano that plays alone, be it in parts for two hands; of others it says nothing."""
    if any(instrument(part.program).family != "piano" for part in parts):
        return []
    return [control for part in parts for control in part.controls]


def _played(lines: Sequence[Line], player: Instrument, pedal: Pedal, dice: random.Random) -> list[Sounding]:
    """Lines of a keyboard, the highest first, as one player plays them."""
    lines = folded(lines, player)
    if player.articulation == "sustained":
        lines = [_sustained(line, player, pedal, is_single=len(lines) == 1) for line in lines]
    heard = [note for line in lines for note in line]
    if player.ring_s:
        heard = ringing(heard, player)
    heard = apart(heard)
    if open_strings := tuning(player):
        heard = apart(fretted(heard, open_strings, dice))
    elif not player.ring_s:
        heard = held(heard, player.most_notes)
    return touched(heard, player)


def _sustained(line: Line, player: Instrument, pedal: Pedal, *, is_single: bool) -> Line:
    """A line bowed or blown; who plays chords without breath holds notes as long as they are written."""
    if player.breath_s or is_single:
        line = pedal.held(alone(line))
    line = joined(line)
    return breathed(line, player.breath_s) if player.breath_s else line
