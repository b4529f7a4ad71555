"""Voicings and bass lines: in range, smooth, clear of parallels, resolved."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.compose.band.chord_language import LANGUAGES
from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.form import Phrase
from photoplayer.compose.band.harmony import harmonise
from photoplayer.compose.band.voicing import (
    MUD_BELOW,
    bass_line,
    follows_bass,
    is_parallel,
    tendencies,
    voice,
)
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Section
from photoplayer.music.theory import QUALITIES, Chord, Key, Meter


def line(*chords: Chord) -> tuple[ChordSpan, ...]:
    return tuple(ChordSpan(4.0 * i, 4.0 * i + 4, chord, 0, "T") for i, chord in enumerate(chords))


def section_chords(mood: str, seed: int) -> tuple[ChordSpan, ...]:
    mode = MOODS[mood].modes[seed % len(MOODS[mood].modes)]
    section = Section(mood, 8, 100, Meter(4, 4), Key(seed * 5 % 12, mode), (0.5,) * 8)
    phrases = (Phrase(0, 4, "A", "half"), Phrase(4, 4, "A", "final"))
    return harmonise(section, phrases, language=LANGUAGES[mood], seed=seed, path=())


def test_a_dominant_seventh_resolves_its_tritone() -> None:
    g7, c = Chord(7, "7"), Chord(0)
    assert tendencies(g7, c) == {11: (1,), 5: (-1, -2, 0)}
    assert tendencies(Chord(11, "dim"), c) == {11: (1,)}
    assert tendencies(Chord(0), Chord(9, "m")) == {}
    before, after = voice(line(g7, c), low=55, high=79, voices=4)
    moves = {p % 12: q - p for p, q in zip(before, after, strict=True)}
    assert moves[11] == 1 and moves[5] == -1


def test_common_tones_are_held() -> None:
    before, after = voice(line(Chord(0), Chord(9, "m")), low=55, high=76, voices=3)
    assert len(set(before) & set(after)) == 2


def test_parallels_by_hand() -> None:
    assert is_parallel(60, 67, 62, 69)  # fifths up
    assert is_parallel(60, 72, 58, 70)  # octaves down
    assert not is_parallel(60, 67, 60, 67)  # held
    assert not is_parallel(60, 67, 62, 70)  # fifth to sixth
    assert follows_bass(Chord(0), Chord(2, "m"), 72, 74)
    assert not follows_bass(Chord(0), Chord(2, "m"), 72, 69)


@pytest.mark.parametrize("mood", MOODS)
def test_harmonies_are_voiced_smoothly_and_clear_of_parallels(mood: str) -> None:
    moves = outer = unresolved = wanted = 0
    total = 0.0
    for seed in range(4):
        spans = section_chords(mood, seed)
        voicings = voice(spans, low=52, high=79, voices=4)
        for (a, b), (before, after) in zip(pairwise(spans), pairwise(voicings), strict=True):
            moves += 1
            total += sum(abs(p - q) for p, q in zip(before, after, strict=True)) / 4
            outer += is_parallel(before[0], before[-1], after[0], after[-1])
            outer += follows_bass(a.chord, b.chord, before[-1], after[-1])
            wants = tendencies(a.chord, b.chord)
            wanted += sum(p % 12 in wants for p in before)
            unresolved += sum(
                q - p not in wants.get(p % 12, (q - p,)) for p, q in zip(before, after, strict=True)
            )
    assert total / moves < 2.5
    assert outer <= 0.02 * moves
    assert unresolved <= max(1, 0.1 * wanted)


@settings(max_examples=60, deadline=None)
@given(
    chords=st.lists(
        st.tuples(st.integers(0, 11), st.sampled_from(sorted(QUALITIES))), min_size=1, max_size=6
    ),
    low=st.integers(40, 64),
    width=st.integers(19, 30),
    voices=st.integers(1, 4),
)
def test_voicings_hold_chord_notes_in_range_and_order(chords, low, width, voices) -> None:
    spans = line(*(Chord(root, quality) for root, quality in chords))
    found = voice(spans, low=low, high=low + width, voices=voices)
    assert len(found) == len(spans)
    for span, pitches in zip(spans, found, strict=True):
        at_hand = sum(p % 12 in span.chord.pitch_classes for p in range(low, low + width + 1))
        assert len(pitches) == min(voices, at_hand)
        assert all(low <= p <= low + width and p % 12 in span.chord.pitch_classes for p in pitches)
        assert all(a < b for a, b in pairwise(pitches))


def test_no_thirds_below_e3() -> None:
    spans = line(*(Chord(root, quality) for root in range(12) for quality in ("", "m", "7")))
    for pitches in voice(spans, low=36, high=64, voices=3):
        assert all(b - a >= 5 for a, b in pairwise(pitches) if a < MUD_BELOW)


def test_a_start_is_led_on_from() -> None:
    start = (67, 72, 76)
    assert voice(line(Chord(0)), low=48, high=79, voices=3, start=start) == (start,)


def test_voices_meet_where_the_range_is_small() -> None:
    assert voice(line(Chord(0, "5")), low=45, high=57, voices=3) == ((48, 55),)
    around = voice(line(Chord(0), Chord(0, "5"), Chord(7)), low=45, high=57, voices=3)
    assert [len(pitches) for pitches in around] == [3, 2, 3]


def test_a_range_without_a_chord_note_is_refused() -> None:
    with pytest.raises(ValueError, match=r"61\.\.63 holds no note of C"):
        voice(line(Chord(0)), low=61, high=63, voices=4)
    with pytest.raises(ValueError, match="octave"):
        bass_line(line(Chord(0)), low=40, high=45)


def test_no_spans_no_voicings() -> None:
    assert voice((), low=48, high=72, voices=4) == () and bass_line((), low=36, high=55) == ()


@pytest.mark.parametrize("mood", MOODS)
def test_bass_lines_stand_on_roots_at_ends_and_never_leap_far(mood: str) -> None:
    for seed in range(4):
        spans = section_chords(mood, seed)
        bass = bass_line(spans, low=36, high=55)
        assert all(36 <= pitch <= 55 for pitch in bass)
        for i in (0, -1):
            assert bass[i] % 12 == spans[i].chord.bass_class
        for span, pitch in zip(spans, bass, strict=True):
            if span.chord.bass is not None:
                assert pitch % 12 == span.chord.bass
            assert pitch % 12 in {*span.chord.pitch_classes, span.chord.bass_class}
        assert all(abs(b - a) <= 9 for a, b in pairwise(bass))


def test_a_bass_walks_through_an_inversion() -> None:
    # I V vi: the third of V leads down by step
    assert bass_line(line(Chord(0), Chord(7), Chord(9, "m")), low=43, high=55) == (48, 47, 45)
