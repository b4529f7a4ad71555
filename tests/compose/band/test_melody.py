"""The lead over plain chords: what must hold for every mood, meter and seed."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from melody_cases import (
    HIGH,
    LOW,
    METERS,
    ODD_METERS,
    make_phrases,
    make_section,
    make_spans,
    moves,
    triad,
)

from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.form import Cadence, Phrase
from photoplayer.compose.band.melody import lead, outline
from photoplayer.compose.band.melody_pitch import scale_under
from photoplayer.compose.band.melody_styles import MELODY_STYLES
from photoplayer.compose.band.motif import invent
from photoplayer.compose.band.theme import BEAT, Line, Theme, Tone, strength
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note
from photoplayer.music.theory import Key, Meter


def play(
    section: Section, *, seed: int = 1, statement: int = 0, theme: Theme | None = None
) -> tuple[Note, ...]:
    style = MELODY_STYLES[section.mood]
    theme = theme or invent(meter=section.meter, style=style, seed=seed, path=())
    phrases = make_phrases(section.bars)
    spans = make_spans(section, phrases)
    return lead(
        section,
        phrases,
        spans,
        theme=theme,
        style=style,
        low=LOW,
        high=HIGH,
        statement=statement,
        seed=seed,
        path=("lead",),
    )


def chord_share(notes: tuple[Note, ...], section: Section) -> float:
    """The share of notes on strong beats that belong to their chord."""
    spans = make_spans(section, make_phrases(section.bars))
    hits = []
    for note in notes:
        if strength(round(note.onset / section.meter.beat_quarters * BEAT), section.meter) >= 2:
            chord = next(s.chord for s in spans if s.onset <= note.onset < s.offset)
            hits.append(note.pitch % 12 in chord.pitch_classes)
    return sum(hits) / len(hits)


@settings(max_examples=60, deadline=None)
@given(
    mood=st.sampled_from(sorted(MOODS)),
    meter=st.sampled_from((*METERS, *ODD_METERS)),
    seed=st.integers(0, 10**6),
    tonic=st.integers(0, 11),
    bars=st.integers(1, 14),
    statement=st.integers(0, 3),
)
def test_every_line_stays_in_range_and_breathes(
    mood: str, meter: Meter, seed: int, tonic: int, bars: int, statement: int
) -> None:
    section = make_section(bars=bars, meter=meter, key=Key(tonic, MOODS[mood].modes[0]), mood=mood)
    notes = play(section, seed=seed, statement=statement)
    assert notes
    assert all(LOW <= note.pitch <= HIGH for note in notes)
    assert all(a.offset <= b.onset + 1e-9 for a, b in itertools.pairwise(notes))
    assert notes[-1].offset <= section.quarters + 1e-9
    assert max(map(abs, moves(notes)), default=0) <= 12
    for phrase in make_phrases(bars):
        border = (phrase.start_bar + phrase.bars) * meter.quarters
        assert not any(n.onset < border - 1e-9 and n.offset > border + 1e-9 for n in notes)


@pytest.mark.parametrize("mood", sorted(MOODS))
@pytest.mark.parametrize("meter", METERS, ids=str)
def test_strong_beats_belong_to_the_chord_and_all_tones_to_the_scale(mood: str, meter: Meter) -> None:
    section = make_section(meter=meter, key=Key(2, MOODS[mood].modes[0]), mood=mood)
    spans = make_spans(section, make_phrases(section.bars))
    style = replace(MELODY_STYLES[mood], chromatic=0.0)
    shares = []
    for seed in range(4):
        notes = play(section, seed=seed, theme=invent(meter=meter, style=style, seed=seed, path=()))
        shares.append(chord_share(notes, section))
        for note in notes:
            chord = next(s.chord for s in spans if s.onset <= note.onset < s.offset)
            assert note.pitch % 12 in scale_under(section.key, chord)
    assert sum(shares) / len(shares) >= 0.8


def test_the_piece_ends_at_home_on_a_long_tone() -> None:
    for seed in range(20):
        for meter in METERS:
            section = make_section(meter=meter, key=Key(7, "minor"), mood="tense")
            before, last = play(section, seed=seed)[-2:]
            assert last.pitch % 12 == section.key.tonic
            assert abs(last.pitch - before.pitch) <= 7
            assert last.onset == (section.bars - 1) * meter.quarters
            assert last.length >= 0.75 * meter.quarters


def test_a_half_cadence_leaves_the_phrase_on_the_fifths_chord() -> None:
    section = make_section(key=Key(5))
    style = replace(MELODY_STYLES["village"], upbeat=0.0)
    for seed in range(20):
        notes = play(section, seed=seed, theme=invent(meter=section.meter, style=style, seed=seed, path=()))
        last = [note for note in notes if note.onset < 16][-1]
        assert last.pitch % 12 in {section.key.pitch_classes[degree] for degree in (1, 4, 6)}


def test_a_cadence_within_the_last_bar_is_waited_for() -> None:
    section = make_section(bars=4, mood="calm")
    fifth, home = (triad(section.key, degree) for degree in (4, 0))
    spans = (ChordSpan(0, 14, fifth, 4, "D"), ChordSpan(14, 16, home, 0, "T"))
    style = MELODY_STYLES["calm"]
    cadences: tuple[Cadence, ...] = ("authentic", "final")
    for cadence in cadences:
        phrases = (Phrase(0, 4, "A", cadence),)
        for seed in range(10):
            theme = invent(meter=section.meter, style=style, seed=seed, path=())
            notes = lead(
                section, phrases, spans, theme=theme, style=style, low=LOW, high=HIGH, seed=seed, path=()
            )
            assert notes[-1].onset >= 14
            assert notes[-1].pitch % 12 == 0


def test_an_upbeat_leads_into_phrases_but_not_into_the_section() -> None:
    line = Line("A", 4, (Tone(-12, 12, 1), *(Tone(bar * 96, 48, bar % 3) for bar in range(4))))
    theme = Theme(Meter(4, 4), (line,))
    notes = play(make_section(bars=8), theme=theme)
    assert notes[0].onset == 0
    assert [n.onset for n in notes if 12 <= n.onset <= 16] == [12, 15.5, 16]


def test_the_same_seed_gives_the_same_notes_and_another_does_not() -> None:
    section = make_section()
    assert play(section, seed=5) == play(section, seed=5)
    assert play(section, seed=5) != play(section, seed=6)


def test_energy_leaves_the_lead_alone() -> None:
    assert play(make_section(energy=0.1)) == play(make_section(energy=0.9))


def test_phrases_of_one_letter_share_their_rhythm_and_the_other_letter_contrasts() -> None:
    section = make_section(mood="march")
    for seed in range(10):
        notes = play(section, seed=seed)
        first, second, other = (
            {n.onset - start for n in notes if start <= n.onset < start + 12} for start in (0, 16, 32)
        )
        assert first == second
        assert other != first


def test_a_later_statement_keeps_the_tune_and_adds_to_it() -> None:
    section = make_section(mood="calm")
    added = 0
    for seed in range(10):
        first, again = play(section, seed=seed), play(section, seed=seed, statement=2)
        kept = {(note.onset, note.pitch) for note in first} & {(note.onset, note.pitch) for note in again}
        assert len(kept) >= 0.9 * len(first)
        added += len(again) - len(first)
    assert added > 10


def test_strong_beats_are_louder() -> None:
    notes = play(make_section(mood="march"))
    on = [n.velocity for n in notes if n.onset % 4 == 0]
    off = [n.velocity for n in notes if n.onset % 1]
    assert sum(on) / len(on) > sum(off) / len(off) + 4


def test_a_section_of_one_bar() -> None:
    section = make_section(bars=1)
    notes = play(section)
    assert len(notes) == 1
    assert notes[0].pitch % 12 == 0


def test_no_phrases_no_melody() -> None:
    theme = invent(meter=METERS[0], style=MELODY_STYLES["calm"], seed=1, path=())
    style = MELODY_STYLES["calm"]
    assert lead(make_section(), (), (), theme=theme, style=style, low=60, high=80, seed=1, path=()) == ()


def test_a_range_below_an_octave_is_refused() -> None:
    section = make_section(bars=4)
    theme = invent(meter=section.meter, style=MELODY_STYLES["calm"], seed=1, path=())
    with pytest.raises(ValueError, match="no room"):
        lead(
            section,
            (Phrase(0, 4, "A", "open"),),
            (),
            theme=theme,
            style=MELODY_STYLES["calm"],
            low=60,
            high=65,
            seed=1,
            path=(),
        )


def test_the_outline_has_the_rhythm_of_the_lead() -> None:
    section = make_section(mood="dance")
    theme = invent(meter=section.meter, style=MELODY_STYLES["dance"], seed=3, path=())
    sketched = outline(section, make_phrases(section.bars), theme=theme, low=LOW, high=HIGH)
    assert {note.onset for note in sketched} <= {note.onset for note in play(section, seed=3, theme=theme)}
