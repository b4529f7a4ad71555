"""Whatever is on the page, every player can play what the transform gives them."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.music.instruments import PROGRAMS, Instrument, instrument
from photoplayer.music.midi_read import score_from_bytes
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.score import Control, Note, Part, Score, TempoChange, TempoMap
from photoplayer.sound.timbre import ENSEMBLES, Ensemble, transform
from photoplayer.sound.timbre.frets import STRUM_MOST_S, tuning
from photoplayer.sound.timbre.lengths import LEGATO_S, LONGEST_RING_S
from photoplayer.sound.timbre.sounding import SHORTEST_QUARTERS, TOGETHER_S
from photoplayer.sound.timbre.touch import touch

CHOICES: list[Instrument | Ensemble] = [*map(instrument, PROGRAMS), *ENSEMBLES]
TOLERANCE_S = 1e-6


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """Up to three parts of any notes, pedals and drums among them, through a change of tempo."""
    sixteenths = st.integers(0, 64)
    notes = st.builds(
        lambda at, late, length, pitch, velocity: Note(
            at / 4 + late, at / 4 + late + length / 4, pitch, velocity
        ),
        sixteenths,
        st.sampled_from([0.0, 0.01, 0.03, 0.1]),
        st.integers(1, 80),
        st.integers(0, 127),
        st.integers(1, 127),
    )
    pedals = st.builds(lambda at, value: Control(at / 4, 64, value), sixteenths, st.integers(0, 127))
    parts = st.builds(
        lambda played, pedal, program, is_drum: Part(
            "part", program, tuple(sorted(played)), is_drum=is_drum, controls=tuple(sorted(pedal))
        ),
        st.lists(notes, max_size=40),
        st.lists(pedals, max_size=6),
        st.sampled_from([0, 0, 48]),
        st.sampled_from([False, False, False, True]),
    )
    tempo = TempoMap((TempoChange(0.0, draw(st.sampled_from([20.0, 120.0, 400.0]))), TempoChange(8.0, 90.0)))
    return Score(tuple(draw(st.lists(parts, min_size=1, max_size=3))), end=40.0, tempo_map=tempo)


def in_seconds(part: Part, score: Score) -> list[tuple[float, float, int]]:
    seconds = score.tempo_map.seconds
    return sorted((seconds(note.onset), seconds(note.offset), note.pitch) for note in part.notes)


def most_at_once(part: Part, score: Score) -> int:
    """The most notes that sound together for longer than a legato joins them."""
    spans = in_seconds(part, score)
    slack_s = LEGATO_S + TOLERANCE_S
    shortest_s = SHORTEST_QUARTERS * 60 / min(change.qpm for change in score.tempo_map.changes)
    return max(
        (sum(on <= at and off > at + slack_s + shortest_s for on, off, _ in spans) for at, _, _ in spans),
        default=0,
    )


def most_begun_together(part: Part, score: Score) -> int:
    onsets = [on for on, _, _ in in_seconds(part, score)]
    return max((sum(0 <= on - at <= TOGETHER_S - TOLERANCE_S for on in onsets) for at in onsets), default=0)


def check(score: Score, choice: Instrument | Ensemble) -> None:
    played = transform(score, choice, seed=3)
    drums = [part for part in score.parts if part.is_drum]
    assert [part for part in played.parts if part.is_drum] == drums
    last_s = max((played.tempo_map.seconds(note.offset) for note in score.notes()), default=0.0)
    for part in (part for part in played.parts if not part.is_drum):
        player = instrument(part.program)
        assert all(player.can_play(note.pitch) for note in part.notes)
        assert all(off <= last_s + LONGEST_RING_S + 0.2 for _, off, _ in in_seconds(part, played))
        softest, loudest = touch(player)
        assert all(softest <= note.velocity <= loudest for note in part.notes)
        if player.breath_s:
            longest_s = max((off - on for on, off, _ in in_seconds(part, played)), default=0.0)
            assert longest_s <= player.breath_s + LEGATO_S + TOLERANCE_S
        by_pitch: defaultdict[int, list[Note]] = defaultdict(list)
        for note in part.notes:
            by_pitch[note.pitch].append(note)
        for same in by_pitch.values():
            assert all(a.offset <= b.onset + SHORTEST_QUARTERS for a, b in pairwise(same)), "already down"
        if not player.ring_s or tuning(player):
            assert most_at_once(part, played) <= player.most_notes
        else:
            # Notes that came one by one may come closer than a chord: two chords' worth then.
            assert most_begun_together(part, played) <= 2 * player.most_notes
    last = max((note.offset for note in played.notes()), default=0.0)
    assert played.end == max(score.end, last)
    assert to_bytes(played) == to_bytes(transform(score, choice, seed=3))


@settings(max_examples=150)
@given(scores(), st.sampled_from(CHOICES))
def test_any_music_on_any_instrument(score: Score, choice: Instrument | Ensemble) -> None:
    check(score, choice)


def storm() -> Score:
    """Four minutes of everything a keyboard can do: scales from end to end, clusters, trills, held chords."""
    notes = [Note(i / 4, i / 4 + 0.3, 21 + i * 7 % 88, 20 + i % 100) for i in range(200)]
    notes += [Note(4.0 * i, 4.0 * i + 6, pitch, 70) for i in range(12) for pitch in range(30 + i, 100, 6)]
    notes += [Note(50 + i / 8, 50 + i / 8 + 0.1, 72 + i % 2, 90) for i in range(80)]
    return Score((Part("Piano", 0, tuple(sorted(notes)), controls=(Control(8.0, 64, 127),)),), end=64.0)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.name)
def test_a_storm_on_every_instrument(choice: Instrument | Ensemble) -> None:
    score = storm()
    check(score, choice)
    played = transform(score, choice)
    assert sum(len(part.notes) for part in played.parts) > 80, "most of a tune is left"
    again = score_from_bytes(to_bytes(played))
    assert len(list(again.notes())) == len(list(played.notes())), "every note begins and ends in the file"


def test_silence_and_drums_alone_stay_what_they_are() -> None:
    drums = Part("Drums", 0, (Note(0.0, 1.0, 36, 90),), is_drum=True)
    for choice in CHOICES[::16] + list(ENSEMBLES):
        assert not list(transform(Score((), end=4.0), choice).notes())
        assert list(transform(Score((drums,), end=4.0), choice).notes()) == list(drums.notes)


def test_another_seed_strums_otherwise() -> None:
    score, guitar = storm(), instrument(24)
    one, other = (to_bytes(transform(score, guitar, seed=seed)) for seed in (1, 2))
    assert one != other
    assert STRUM_MOST_S < TOGETHER_S
