"""Hands are told apart by what hands can do."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.piano.hands import with_hands
from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH
from photoplayer.piano.roll import HeardNote


def notes(*pitches: int, at: float = 1.0, step: float = 0.25, length: float = 0.2) -> list[HeardNote]:
    """One note after the other."""
    return [HeardNote(at + i * step, at + i * step + length, pitch, 64) for i, pitch in enumerate(pitches)]


def hands(heard: list[HeardNote]) -> dict[tuple[float, int], str | None]:
    return {(note.onset_s, note.pitch): note.hand for note in with_hands(heard)}


def test_two_tunes_an_octave_and_more_apart() -> None:
    right, left = notes(72, 74, 76, 77, 79), notes(48, 50, 52, 53, 55)
    found = hands(right + left)
    assert all(found[note.onset_s, note.pitch] == "right" for note in right)
    assert all(found[note.onset_s, note.pitch] == "left" for note in left)


def test_a_tune_that_goes_down_stays_in_its_hand_while_the_other_plays_below() -> None:
    tune = notes(76, 74, 72, 71, 69, 67, 65, 64, 62, 60, 59, 57)
    bass = [HeardNote(1.0 + i * 0.5, 1.45 + i * 0.5, 36 + i % 3, 64) for i in range(6)]
    found = hands(tune + bass)
    assert {found[note.onset_s, note.pitch] for note in tune} == {"right"}
    assert {found[note.onset_s, note.pitch] for note in bass} == {"left"}


def test_no_hand_spans_two_octaves() -> None:
    chord = [HeardNote(1.0, 2.0, pitch, 64) for pitch in (40, 47, 64, 67, 72)]
    found = hands(chord)
    assert [found[1.0, pitch] for pitch in (40, 47, 64, 67, 72)] == ["left"] * 2 + ["right"] * 3


def test_a_key_held_keeps_its_hand_from_reaching_far() -> None:
    held = HeardNote(0.5, 4.0, 72, 64)
    low = notes(48, 50, 52)
    found = hands([held, *low])
    assert {found[note.onset_s, note.pitch] for note in low} == {"left"}


def test_nothing_gives_nothing() -> None:
    assert with_hands([]) == ()


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 60))
def test_every_note_comes_back_once_with_a_hand(seed: int, count: int) -> None:
    dice = random.Random(seed)
    played = []
    for _ in range(count):
        onset = dice.uniform(0, 10)
        pitch = dice.randint(LOWEST_PITCH, HIGHEST_PITCH)
        played.append(HeardNote(onset, onset + dice.uniform(0.05, 2.0), pitch, 64))
    found = with_hands(played)
    assert [(n.onset_s, n.offset_s, n.pitch) for n in found] == [
        (n.onset_s, n.offset_s, n.pitch) for n in sorted(played)
    ]
    assert {note.hand for note in found} <= {"left", "right"}
