"""The timbre transform case by case: what is planted on a keyboard comes out as players would play it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.music.instruments import instrument
from photoplayer.music.score import Control, Note, Part, Score
from photoplayer.sound.timbre import choose, transform
from photoplayer.sound.timbre.frets import STRUM_LEAST_S, STRUM_MOST_S
from photoplayer.sound.timbre.lengths import BREATH_GAP_S, LEGATO_S, ring_s
from photoplayer.sound.timbre.sounding import Sounding
from photoplayer.sound.timbre.touch import touch
from photoplayer.sound.timbre.voices import separate, thinned

# The old hundredth psalm tune in four voices, one chord a second, from the top.
CHORALE = {
    "soprano": (67, 67, 66, 64, 62, 67, 69, 71, 71, 71, 71, 69, 67, 72, 71, 69),
    "alto": (62, 62, 62, 60, 59, 62, 66, 67, 67, 67, 67, 66, 64, 67, 67, 66),
    "tenor": (59, 59, 57, 55, 55, 59, 62, 62, 62, 62, 62, 62, 59, 64, 62, 62),
    "bass": (43, 43, 50, 48, 43, 55, 50, 43, 55, 55, 43, 50, 52, 48, 43, 50),
}


def keyboard(*notes: Note, program: int = 0, controls: tuple[Control, ...] = ()) -> Score:
    """Notes on one part at 120, where a quarter is half a second."""
    end = max((note.offset for note in notes), default=4.0)
    return Score((Part("Piano", program, tuple(sorted(notes)), controls=controls),), end=end)


def tune(*pitches: int, length: float = 1.0, share: float = 0.9, velocity: int = 80) -> list[Note]:
    """One pitch after another, each held for a share of its time."""
    return [Note(i * length, i * length + share * length, pitch, velocity) for i, pitch in enumerate(pitches)]


def played(score: Score, name: str, *, seed: int = 1) -> list[Note]:
    (part,) = transform(score, choose(name), seed=seed).parts
    return list(part.notes)


def chorale() -> Score:
    return keyboard(*(note for voice in CHORALE.values() for note in tune(*voice, length=2.0)))


def test_a_quartet_gets_the_four_voices_of_a_chorale() -> None:
    parts = transform(chorale(), choose("string quartet")).parts
    assert [part.name for part in parts] == ["Violin I", "Violin II", "Viola", "Cello"]
    assert [part.program for part in parts] == [40, 40, 41, 42]
    assert len({part.layer for part in parts}) == 4
    heard = [tuple(note.pitch for note in part.notes) for part in parts]
    assert heard == [
        CHORALE["soprano"],
        tuple(p + 12 * (p < 55) for p in CHORALE["alto"]),
        CHORALE["tenor"],
        CHORALE["bass"],
    ]


def test_voices_that_move_by_turns_and_rest_are_told_apart() -> None:
    high = [Sounding(i * 0.25, i * 0.25 + 0.25, 76 - i % 5, 80) for i in range(16)]
    middle = [Sounding(i * 1.0, i * 1.0 + 1.0, 60 + 2 * i, 80) for i in range(4)]
    low = [Sounding(2.0 + i * 0.5, 2.5 + i * 0.5, 43 - i, 80) for i in range(4)]
    assert separate(sorted(high + middle + low), 3) == [high, middle, low]


def test_a_chord_too_wide_keeps_tune_and_bass_and_loses_doublings_first() -> None:
    chord = [Sounding(0.0, 1.0, pitch, 80) for pitch in (79, 76, 72, 67, 64, 48)]
    assert [note.pitch for note in thinned(chord, 4)] == [79, 67, 64, 48]
    assert [note.pitch for note in thinned(chord, 2)] == [79, 48]
    assert [note.pitch for note in thinned(chord, 1)] == [79]


def test_a_tune_below_the_range_moves_as_one() -> None:
    pitches = (38, 40, 42, 43, 45, 43, 42, 40, 38, 57, 55, 54, 52, 50)
    moved = [note.pitch for note in played(keyboard(*tune(*pitches)), "violin")]
    steps = {after - before for before, after in zip(pitches[:9], moved[:9], strict=True)}
    assert len(steps) == 1 and steps <= {24, 36}
    assert all((m - p) % 12 == 0 for m, p in zip(moved, pitches, strict=True))
    assert moved[9] > moved[8], "the leap is still one upwards"


def test_what_is_in_range_stays_where_it_is() -> None:
    pitches = (62, 64, 65, 67, 69, 71, 72, 74, 76, 79, 83, 86)
    assert [note.pitch for note in played(keyboard(*tune(*pitches)), "flute")] == list(pitches)


def test_a_bass_that_is_folded_up_does_not_double_the_tune() -> None:
    score = keyboard(*tune(*[48, 50, 52, 53] * 4), *tune(*[36, 38, 40, 41] * 4))
    notes = played(score, "koto")  # from 43 on
    assert len(notes) == 32


def test_a_flute_takes_the_tune_and_a_bass_the_bass() -> None:
    score = chorale()
    assert tuple(note.pitch for note in played(score, "flute")) == CHORALE["soprano"]
    assert tuple(note.pitch for note in played(score, "acoustic bass")) == CHORALE["bass"]


def test_a_tune_played_legato_is_whole() -> None:
    pitches = (79, 77, 76, 74, 72, 71, 69, 67)
    overlapping = keyboard(*tune(*pitches, length=0.5, share=1.2))
    assert [note.pitch for note in played(overlapping, "flute")] == list(pitches)


def test_a_tune_is_whole_though_the_pedal_lets_it_ring() -> None:
    pitches = (79, 77, 76, 74)
    ringing = [Note(i, 4.0, pitch, 80) for i, pitch in enumerate(pitches)]
    under = [Note(i + 0.5, i + 0.9, 60, 50) for i in range(4)]
    pedal = (Control(0.0, 64, 127), Control(4.0, 64, 0))
    assert [n.pitch for n in played(keyboard(*ringing, *under, controls=pedal), "flute")] == list(pitches)
    held = [n.pitch for n in played(keyboard(*ringing, *under), "flute")]
    assert held == [79], "without a pedal, fingers hold the highest note"


def test_accompaniment_in_the_tunes_rests_is_left_out() -> None:
    above = [Note(4.0 * i + q, 4.0 * i + q + 0.9, 76 + q, 80) for i in range(6) for q in range(3)]
    below = [Note(i + 0.5, i + 1.0, 48, 60) for i in range(24)]
    assert {note.pitch for note in played(keyboard(*above, *below), "oboe")} == {76, 77, 78}


def test_strings_ring_until_they_are_plucked_again() -> None:
    low, high, again = Note(0.0, 0.1, 50, 80), Note(0.0, 0.1, 86, 80), Note(1.0, 1.1, 50, 80)
    notes = played(keyboard(low, high, again), "koto")
    first, top, second = (
        next(n for n in notes if (n.onset, n.pitch) == k) for k in ((0, 50), (0, 86), (1, 50))
    )
    assert first.offset == pytest.approx(1.0)
    assert 0.1 < top.length < second.length, "the lower the longer"
    assert second.length == pytest.approx(2 * ring_s(choose("koto"), 50))  # type: ignore[arg-type]


def test_a_xylophone_does_not_sing() -> None:
    (note,) = played(keyboard(Note(0.0, 16.0, 79, 80)), "xylophone")
    assert note.length < 2.0


def test_a_piano_ends_notes_with_their_keys() -> None:
    score = keyboard(*tune(60, 64, 67))
    assert [(n.onset, n.offset) for n in played(score, "harpsichord")] == [
        (pytest.approx(n.onset), pytest.approx(n.offset)) for n in score.notes()
    ]


def test_a_guitar_spreads_its_chords_string_by_string() -> None:
    open_e = (40, 47, 52, 56, 59, 64)
    down, up = (tuple(Note(at, at + 0.4, p, 80) for p in open_e) for at in (0.0, 0.5))
    notes = played(keyboard(*down, *up), "guitar")
    first = sorted(n for n in notes if n.onset < 0.5)
    second = sorted(n for n in notes if n.onset >= 0.5)
    assert [n.pitch for n in first] == list(open_e)
    assert [n.pitch for n in second] == list(open_e)[::-1], "so soon after, the hand comes back"
    for chord in (first, second):
        for a, b in pairwise(chord):
            assert STRUM_LEAST_S - 1e-9 <= (b.onset - a.onset) / 2 <= STRUM_MOST_S + 1e-9


def test_a_chord_no_hand_can_reach_is_made_easier_for_the_tune() -> None:
    wide = tuple(Note(0.0, 1.0, pitch, 80) for pitch in (41, 42, 43, 44, 80, 81, 82))
    notes = sorted(n.pitch for n in played(keyboard(*wide), "guitar"))
    assert 1 <= len(notes) <= 6 and notes[-1] == 82


def test_guitar_strings_ring_under_a_tune_on_others() -> None:
    notes = played(keyboard(Note(0.0, 0.2, 40, 80), *tune(64, 67, 69, 67)), "guitar")
    bass = next(n for n in notes if n.pitch == 40)
    assert bass.length > 4.0


def test_a_scale_on_a_guitar_does_not_ring_together() -> None:
    notes = played(keyboard(*tune(64, 65, 67, 69, 71, 72, length=0.5)), "guitar")
    assert all(a.offset <= b.onset + 1e-9 for a, b in pairwise(notes))


@pytest.mark.parametrize(("name", "breath_s"), [("flute", 7.0), ("tuba", 5.0), ("brass section", 8.0)])
def test_who_blows_breathes_in_time(name: str, breath_s: float) -> None:
    assert choose(name).breath_s == breath_s  # type: ignore[union-attr]
    notes = played(keyboard(*tune(*[60, 62, 64, 65, 67, 65, 64, 62] * 10, share=1.0)), name)
    assert len(notes) == 80, "nobody leaves out a note to breathe"
    began = notes[0].onset
    for before, after in pairwise(notes):
        if (after.onset - before.offset) / 2 >= BREATH_GAP_S - 1e-6:
            assert (before.offset - began) / 2 <= breath_s
            began = after.onset
    assert (notes[-1].offset - began) / 2 <= breath_s


def test_breath_is_taken_in_a_rest_where_there_is_one() -> None:
    phrase = tune(72, 74, 76, 77, 79, 77, 76, 74)
    after = [Note(n.onset + 9, n.offset + 9, n.pitch, n.velocity) for n in phrase]
    notes = played(keyboard(*phrase, *after), "flute")
    gaps = [(b.onset - a.offset) / 2 for a, b in pairwise(notes)]
    assert [i for i, gap in enumerate(gaps) if gap >= BREATH_GAP_S - 1e-6] == [7]


def test_a_note_longer_than_a_breath_is_taken_up_again() -> None:
    notes = played(keyboard(Note(0.0, 60.0, 72, 80)), "flute")
    assert len(notes) == 5 and {n.pitch for n in notes} == {72}
    assert all(n.length / 2 <= 7.0 for n in notes)
    assert all((b.onset - a.offset) / 2 == pytest.approx(BREATH_GAP_S) for a, b in pairwise(notes))


def test_bows_join_notes_and_part_repeated_ones() -> None:
    notes = played(keyboard(*tune(72, 74, 74, 76)), "violin")
    assert (notes[0].offset - notes[1].onset) / 2 == pytest.approx(LEGATO_S)
    assert (notes[2].onset - notes[1].offset) / 2 >= 0.05
    assert (notes[2].offset - notes[3].onset) / 2 == pytest.approx(LEGATO_S)


def test_staccato_stays_short() -> None:
    notes = played(keyboard(*tune(72, 74, 76, 77, share=0.2)), "violin")
    assert all(n.length == pytest.approx(0.2) for n in notes)


def test_an_organ_holds_what_is_held() -> None:
    score = keyboard(Note(0.0, 8.0, 48, 80), *tune(72, 74, 76, 77, 79, 77, 76, 74))
    pedal_point = next(n for n in played(score, "organ") if n.pitch == 48)
    assert pedal_point.length == pytest.approx(8.0)


def test_what_the_pedal_held_is_held_and_the_pedal_is_gone() -> None:
    down, up = Control(0.0, 64, 127), Control(3.0, 64, 0)
    score = keyboard(
        Note(0.0, 0.2, 72, 80), Note(2.0, 2.2, 76, 80), controls=(down, up, Control(0.0, 11, 90))
    )
    (part,) = transform(score, choose("violin")).parts
    assert [n.offset for n in part.notes] == [pytest.approx(2.0 + 2 * LEGATO_S), pytest.approx(3.0)]
    assert part.controls == (Control(0.0, 11, 90),)
    (piano,) = transform(score, choose("piano")).parts
    assert down in piano.controls and piano.notes[0].offset == pytest.approx(0.2)


def test_a_pedal_never_lifted_holds_no_note_longer_than_its_string() -> None:
    down = Control(0.0, 64, 127)
    notes = played(keyboard(Note(0.0, 1.0, 72, 80), Note(60.0, 61.0, 74, 80), controls=(down,)), "violin")
    assert notes[0].length / 2 == pytest.approx(6.0)


@pytest.mark.parametrize("name", ["koto", "organ", "flute", "brass", "piano"])
def test_louder_is_never_softer(name: str) -> None:
    score = keyboard(*(Note(i / 2, i / 2 + 0.3, 72, i + 1) for i in range(127)))
    velocities = [note.velocity for note in played(score, name)]
    player = choose(name)
    assert velocities == sorted(velocities)
    assert (velocities[0], velocities[-1]) == touch(player)  # type: ignore[arg-type]


def test_an_organ_hardly_knows_touch() -> None:
    softest, loudest = touch(instrument(19))
    assert loudest - softest < 20


def test_parts_of_a_band_become_players_each() -> None:
    hands = Score(
        (
            Part("Right hand", 0, tuple(tune(72, 74, 76, 77))),
            Part("Left hand", 0, tuple(tune(48, 50, 52, 53))),
            Part("Drums", 0, tuple(tune(36, 38, 36, 38)), is_drum=True),
        ),
        end=4.0,
    )
    parts = transform(hands, choose("clarinet")).parts
    assert [part.name for part in parts] == ["Right hand (Clarinet)", "Left hand (Clarinet)", "Drums"]
    assert [len(part.notes) for part in parts] == [4, 4, 4]
    quartet = transform(hands, choose("string quartet")).parts
    assert [part.name for part in quartet] == ["Violin I", "Violin II", "Viola", "Cello", "Drums"]
    assert [len(part.notes) for part in quartet] == [4, 0, 0, 4, 4]


@st.composite
def four_voices(draw: st.DrawFn) -> list[list[Sounding]]:
    """Voices that move by themselves, in steps and thirds and rhythms of their own, each within its sixth."""
    voices = []
    for centre in (76, 66, 57, 46):
        line, at_s, pitch = [], 0.0, centre
        while at_s < 8.0:
            length_s = draw(st.sampled_from([0.25, 0.5, 0.5, 1.0, 2.0]))
            line.append(Sounding(at_s, at_s + length_s, pitch, 80))
            step = draw(st.integers(-4, 4))
            pitch = centre + min(max(pitch + step - centre, -4), 4)
            at_s += length_s
        voices.append(line)
    return voices


@settings(max_examples=60)
@given(four_voices())
def test_independent_voices_come_back(voices: list[list[Sounding]]) -> None:
    assert separate(sorted(note for line in voices for note in line), 4) == voices
