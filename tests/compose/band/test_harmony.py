"""Harmony of whole sections: spans, cadences, words, roles, recall, melody."""

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.compose.band.chord_language import FUNCTIONS, LANGUAGES, allows
from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.form import Cadence, Phrase
from photoplayer.compose.band.harmony import harmonise
from photoplayer.compose.band.harmony_melody import melody_fit, profile
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note
from photoplayer.music.theory import MODES, Key, Meter, Mode

PHRASES = (
    Phrase(0, 4, "A", "half"),
    Phrase(4, 4, "A'", "authentic"),
    Phrase(8, 2, "B", "open"),
    Phrase(10, 1, "C", "authentic"),
    Phrase(11, 5, "A''", "final"),
)
BARS = 16
RAISED_SEVENTH = 11
LETTER = FUNCTIONS["major"]


def section_of(mood: str, meter: Meter, key: Key, bars: int = BARS) -> Section:
    rising = tuple(bar / bars for bar in range(bars))
    return Section(mood, bars, 100, meter, key, energy=(0.5,) * bars, tension=rising)


def chords(mood: str, meter: Meter, key: Key, seed: int, phrases: tuple[Phrase, ...] = PHRASES):
    section = section_of(mood, meter, key)
    return harmonise(section, phrases, language=LANGUAGES[mood], seed=seed, path=("test",))


def inside(spans: tuple[ChordSpan, ...], phrase: Phrase, bar_q: float) -> list[ChordSpan]:
    start, end = phrase.start_bar * bar_q, (phrase.start_bar + phrase.bars) * bar_q
    return [span for span in spans if start <= span.onset < end]


def closes_as(cadence: Cadence, own: list[ChordSpan], before: ChordSpan | None, plagal: bool) -> bool:
    last, led = own[-1], own[-2] if len(own) > 1 else before
    if cadence == "half":
        return last.function == "D"
    if cadence == "open":
        return last.degree != 0
    leads = led is None or led.function == "D" or (plagal and led.function == "S")
    return last.degree == 0 and last.function == "T" and leads


@pytest.mark.parametrize("mood", MOODS)
def test_spans_cover_the_section_and_close_every_phrase(mood: str) -> None:
    for meter in (Meter(4, 4), Meter(3, 4), Meter(6, 8)):
        bar_q = meter.quarters
        ends = {(p.start_bar + p.bars) * bar_q for p in PHRASES}
        for seed in range(20):
            key = Key(seed % 12, MOODS[mood].modes[seed % len(MOODS[mood].modes)])
            spans = chords(mood, meter, key, seed)
            assert spans[0].onset == 0 and spans[-1].offset == BARS * bar_q
            assert all(a.offset == b.onset for a, b in pairwise(spans))
            assert ends <= {span.offset for span in spans}
            grain = bar_q / 2 if meter.beats % 2 == 0 else bar_q
            assert all(span.onset % grain == 0 and span.offset > span.onset for span in spans)
            assert all(allows(LANGUAGES[mood], key, span.chord) for span in spans)
            before = None
            for phrase in PHRASES:
                own = inside(spans, phrase, bar_q)
                one_chord = len(own) == 1 and phrase.bars == 1  # 3/4 has no half bars: home alone
                plagal = LANGUAGES[mood].plagal > 0
                assert one_chord or closes_as(phrase.cadence, own, before, plagal), (phrase, own)
                before = own[-1]


@pytest.mark.parametrize("mode", MODES)
def test_the_final_cadence_is_the_modes_dominant_and_a_whole_bar_of_home(mode: Mode) -> None:
    for mood in MOODS:
        spans = chords(mood, Meter(4, 4), Key(2, mode), 5)
        dominant, last = spans[-2:]
        assert last.offset - last.onset >= 4
        assert last.chord.root == 2 and last.chord.quality == ("m" if Key(2, mode).is_minor else "")
        assert (dominant.chord.root - 2) % 12 == (1 if mode == "phrygian" else 7)
        if mode in ("major", "minor", "lydian"):
            assert dominant.chord.quality in ("", "7", "maj7")


def test_same_seed_same_chords_and_another_seed_others() -> None:
    a, b = (chords("village", Meter(4, 4), Key(0), 7) for _ in range(2))
    assert a == b
    drawn = {tuple(s.degree for s in chords("village", Meter(4, 4), Key(0), seed)) for seed in range(20)}
    assert len(drawn) >= 15


def test_energy_does_not_change_the_harmony_and_the_key_only_moves_it() -> None:
    section = section_of("boss", Meter(4, 4), Key(0, "minor"))
    loud = replace(section, energy=(1.0,) * BARS)
    moved = replace(section, key=Key(5, "minor"))
    one, two, three = (
        harmonise(s, PHRASES, language=LANGUAGES["boss"], seed=3, path=()) for s in (section, loud, moved)
    )
    assert one == two
    assert [(s.chord.root + 5) % 12 for s in one] == [s.chord.root for s in three]
    assert [s.chord.quality for s in one] == [s.chord.quality for s in three]


def test_borrowed_chords_are_rare_and_calm_and_village_have_none() -> None:
    shares = {}
    for mood in MOODS:
        out = total = 0
        for seed in range(30):
            key = Key(0, MOODS[mood].modes[seed % len(MOODS[mood].modes)])
            raised = {RAISED_SEVENTH} if key.mode == "minor" else set()
            for span in chords(mood, Meter(4, 4), key, seed):
                out += not set(span.chord.pitch_classes) <= {*key.pitch_classes, *raised}
                total += 1
        shares[mood] = out / total
    assert shares["calm"] == shares["village"] == 0
    assert sum(shares.values()) / len(shares) < 0.05


def sounding(spans: tuple[ChordSpan, ...], bar: int) -> ChordSpan:
    return next(span for span in spans if span.onset <= bar * 4 < span.offset)


def test_phrases_of_a_role_share_their_chords_up_to_the_cadence() -> None:
    for mood in MOODS:
        for seed in range(10):
            spans = chords(mood, Meter(4, 4), Key(0, MOODS[mood].modes[0]), seed)
            for bar in (0, 1):
                degrees = {sounding(spans, start + bar).degree for start in (0, 4, 11)}
                assert len(degrees) == 1, (mood, seed, bar)


def test_a_phrase_repeated_with_its_cadence_changes_one_chord_at_most() -> None:
    phrases = (Phrase(0, 8, "A", "half"), Phrase(8, 8, "A", "half"))
    changes = []
    for seed in range(20):
        spans = chords("village", Meter(4, 4), Key(0), seed, phrases)
        pairs = [(sounding(spans, bar).degree, sounding(spans, bar + 8).degree) for bar in range(8)]
        changes.append(sum(a != b for a, b in pairs))
        assert all(LETTER[a] == LETTER[b] for a, b in pairs)
    assert set(changes) == {0, 1}


def test_a_section_brought_back_keeps_its_degrees_in_another_key_and_length() -> None:
    same = total = 0
    for seed in range(20):
        original = chords("sorrow", Meter(4, 4), Key(0, "minor"), seed)
        section = section_of("sorrow", Meter(4, 4), Key(7, "minor"), bars=12)
        phrases = (Phrase(0, 8, "A", "half"), Phrase(8, 4, "B", "authentic"))
        again = harmonise(section, phrases, language=LANGUAGES["sorrow"], seed=99, path=(), original=original)
        assert again[-1].offset == 48
        for bar in range(6):
            same += sounding(original, bar).degree == sounding(again, bar).degree
            total += 1
    assert same / total > 0.75


def test_chords_follow_a_melody_that_spells_them() -> None:
    """Planted: the melody breaks I vi IV V | I IV V I; nearly every bar must get its chord or a kin."""
    roots = (60, 57, 65, 67, 60, 65, 67, 60)
    thirds = (4, 3, 4, 4, 4, 4, 4, 4)
    melody = tuple(
        Note(bar * 4 + beat, bar * 4 + beat + 1, root + step, 80)
        for bar, (root, third) in enumerate(zip(roots, thirds, strict=True))
        for beat, step in enumerate((0, third, 7, third))
    )
    phrases = (Phrase(0, 4, "A", "half"), Phrase(4, 4, "B", "authentic"))
    section = section_of("village", Meter(4, 4), Key(0), bars=8)
    right = 0
    for seed in range(10):
        spans = harmonise(section, phrases, language=LANGUAGES["village"], seed=seed, path=(), melody=melody)
        for bar, root in enumerate(roots):
            right += sounding(spans, bar).chord.root == root % 12
    assert right >= 0.8 * 80


def test_melody_fit_by_hand() -> None:
    # C for two beats from the bar (2 x 3), D for one beat on the third (1 x 2): shares 6/8 and 2/8
    melody = (Note(0, 2, 72, 80), Note(2, 3, 74, 80))
    heard = profile(melody, 0, 4, Key(0), Meter(4, 4))
    assert heard[0] == 0.75 and heard[2] == 0.25
    assert melody_fit(heard, 0, "") == pytest.approx(0.75 - 0.3 * 0.25)
    assert melody_fit(heard, 7, "") == pytest.approx(-0.75 + 0.25)  # C rubs on B
    assert melody_fit((), 0, "") == 0


def test_a_loop_turns_back_instead_of_ending() -> None:
    section = section_of("dance", Meter(4, 4), Key(0, "minor"))
    spans = harmonise(section, PHRASES, language=LANGUAGES["dance"], seed=1, path=(), loops=True)
    assert spans[-1].function == "D"


def test_high_tension_slows_the_harmony() -> None:
    phrases = (Phrase(0, 8, "A", "half"), Phrase(8, 8, "B", "authentic"))
    counts = []
    for level in (0.1, 0.9):
        section = replace(section_of("tense", Meter(4, 4), Key(0, "minor")), tension=(level,) * BARS)
        drawn = (harmonise(section, phrases, language=LANGUAGES["tense"], seed=s, path=()) for s in range(10))
        counts.append(sum(len(spans) for spans in drawn))
    assert counts[1] < 0.8 * counts[0]


@settings(max_examples=80, deadline=None)
@given(
    mood=st.sampled_from(sorted(MOODS)),
    mode=st.sampled_from(MODES),
    meter=st.sampled_from(("4/4", "3/4", "6/8", "2/4", "5/4", "7/8", "12/8")),
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    cadences=st.lists(st.sampled_from(get_args(Cadence)), min_size=5, max_size=5),
    tune=st.lists(st.integers(48, 84), max_size=12),
    tension=st.floats(0, 1),
    seed=st.integers(0, 10**6),
)
def test_any_phrases_in_any_mode_and_meter(mood, mode, meter, lengths, cadences, tune, tension, seed) -> None:
    starts = [sum(lengths[:i]) for i in range(len(lengths))]
    phrases = tuple(
        Phrase(start, bars, "ABA"[i % 3], cadence)
        for i, (start, bars, cadence) in enumerate(zip(starts, lengths, cadences, strict=False))
    )
    bars = sum(lengths)
    section = replace(section_of(mood, Meter.parse(meter), Key(3, mode), bars), tension=(tension,) * bars)
    melody = tuple(Note(i * 1.5, i * 1.5 + 1, pitch, 80) for i, pitch in enumerate(tune))
    language = LANGUAGES[mood]
    spans = harmonise(section, phrases, language=language, seed=seed, path=("any", 1), melody=melody)
    again = harmonise(section, phrases, language=language, seed=seed, path=("any", 2), original=spans)
    ends = {phrase.stop_bar * section.meter.quarters for phrase in phrases}
    for found in (spans, again):
        assert found[0].onset == 0 and found[-1].offset == section.quarters
        assert all(a.offset == b.onset for a, b in pairwise(found))
        assert ends <= {span.offset for span in found}
        assert all(allows(language, section.key, span.chord) for span in found)


@pytest.mark.parametrize("phrases", [(), PHRASES[:-1], PHRASES[1:], (PHRASES[0], PHRASES[2])])
def test_phrases_that_leave_bars_out_are_refused(phrases: tuple[Phrase, ...]) -> None:
    with pytest.raises(ValueError, match="16 bars"):
        chords("calm", Meter(4, 4), Key(0), 1, phrases)
