"""What the players do with the chords, and how they are seated and mixed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from band_plans import section

from photoplayer.compose.band.casting import MOST_MELODIC_PARTS, Seats
from photoplayer.compose.band.guards import guarded
from photoplayer.compose.band.mix import PLACES, place_of
from photoplayer.compose.band.parallels import without_parallels
from photoplayer.compose.band.passages import Setting, set_plan
from photoplayer.compose.band.perform import perform
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Plan
from photoplayer.evaluate.rules import parallel_moves
from photoplayer.music.instruments import instrument
from photoplayer.music.score import Note

PIANO, TRUMPET, BASS = 0, 56, 33


def rehearsed(mood: str, energy: float) -> tuple[Setting, Seats]:
    plan = Plan((section(mood, bars=8, energy=energy),), loops=True)
    seats = Seats.cast(plan, seed=2)
    return set_plan(plan, seed=2, theme=None, seats=seats)[0], seats


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_the_bass_stands_on_the_chords(mood: str) -> None:
    setting, seats = rehearsed(mood, 0.8)
    passage = setting.passage
    notes = [n for (layer, _), line in perform(setting, seats, None).items() if layer == "bass" for n in line]
    at_change = {s.onset: s.chord for s in passage.spans}
    struck = [(n.pitch % 12, at_change[n.onset]) for n in notes if n.onset in at_change]
    assert len(struck) == len(at_change)
    assert all(pitch in (*chord.pitch_classes, chord.bass_class) for pitch, chord in struck)
    assert sum(pitch == chord.bass_class for pitch, chord in struck) >= 0.6 * len(struck)


@pytest.mark.parametrize("mood", ("calm", "village", "sorrow"))
def test_pads_hold_the_chords_alone(mood: str) -> None:
    setting, seats = rehearsed(mood, 0.5)
    for (layer, _), line in perform(setting, seats, None).items():
        for note in line if layer == "pad" else ():
            middle = (note.onset + note.offset) / 2
            assert note.pitch % 12 in setting.passage.span_at(middle).chord.pitch_classes


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_bars_of_a_phrase_share_their_groove(mood: str) -> None:
    setting, seats = rehearsed(mood, 0.7)
    bar = setting.passage.bar_quarters
    for (layer, _), line in perform(setting, seats, None).items():
        if layer in ("drums", "drums-full", "percussion"):
            grooves = [
                {(round(n.onset - i * bar, 3), n.pitch) for n in line if i * bar <= n.onset < (i + 1) * bar}
                for i in range(3)
            ]
            assert grooves[0] == grooves[1] == grooves[2]


def test_every_seat_is_within_its_instrument() -> None:
    plan = Plan(tuple(section(mood, bars=2, label=mood) for mood in MOODS))
    seats = Seats.cast(plan, seed=7).taken.values()
    assert len({(seat.layer, seat.program) for seat in seats}) <= MOST_MELODIC_PARTS
    for seat in seats:
        player = instrument(seat.program)
        assert player.lowest <= seat.low and seat.high - seat.low >= 12 and seat.high <= player.highest


def test_the_lead_stands_in_front() -> None:
    assert all(place.volume < PLACES["lead"].volume for layer, place in PLACES.items() if layer != "lead")
    assert place_of("lead", 80).volume < place_of("lead", PIANO).volume <= 127
    assert place_of("stingers", None) == place_of("drums", None)


def test_guarded_notes_are_safe() -> None:
    wild = [
        Note(0.0, 40.0, 100, 80),
        Note(0.0004, 1.0, 60, 80),
        Note(0.5, 2.0, 60, 90),
        Note(7.99999, 8.5, 64, 90),
    ]
    safe = guarded(wild, program=PIANO, until=8.0, bar_quarters=1.0)
    assert [(n.onset, n.offset, n.pitch) for n in safe] == [(0.0, 0.5, 60), (0.0, 4.0, 100), (0.5, 2.0, 60)]
    solo = guarded(wild[:3], program=TRUMPET, until=8.0, bar_quarters=4.0)
    assert all(a.offset <= b.onset for a, b in pairwise(solo))
    assert all(instrument(TRUMPET).can_play(n.pitch) for n in solo)


def test_parallel_fifths_are_broken_up_by_an_octave() -> None:
    lead = [Note(0, 1, 67, 80), Note(1, 2, 69, 80), Note(2, 3, 71, 80)]
    bass = [Note(0, 1, 36, 80), Note(1, 2, 38, 80), Note(2, 3, 40, 80)]
    lines = {("lead", PIANO): lead, ("bass", BASS): bass}
    assert parallel_moves(lead, bass, 7).count == 2
    without_parallels(lines)
    assert [n.pitch % 12 for n in lines["bass", BASS]] == [0, 2, 4]
    assert parallel_moves(lead, bass, 7).count == 0
