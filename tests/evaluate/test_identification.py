"""A piece is found again among others: as it was, transposed, faster, thinned out, on another instrument."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.errors import InputError
from photoplayer.evaluate.identification import Entry, Library
from photoplayer.evaluate.identification.chroma import CLASSES, SPEEDS, chroma_of_notes, chroma_of_sound
from photoplayer.evaluate.identification.landmarks import HOP, RATE_HZ, landmarks_of
from photoplayer.evaluate.identification.library import Hearing
from photoplayer.evaluate.identification.note_prints import PrintIndex, prints_of
from photoplayer.music.score import Note, Part, Score, TempoChange, TempoMap

PIECES = 12
SECONDS = 40


def tune(seed: int) -> Score:
    """A walk over a scale with chords below it, one to four notes a quarter at 120 a minute."""
    dice = np.random.default_rng(seed)
    scale = np.array([0, 2, 4, 5, 7, 9, 11]) + dice.integers(0, 12)
    degree, at, notes = 14, 0.0, []
    while at < 2 * SECONDS:
        length = float(dice.choice([0.25, 0.5, 0.5, 1.0]))
        degree = int(np.clip(degree + dice.integers(-3, 4), 7, 21))
        notes.append(Note(at, at + length, 36 + 12 * (degree // 7) + int(scale[degree % 7]), 80))
        if at % 2 == 0:
            root = int(dice.integers(0, 7))
            notes += [Note(at, at + 2, 48 + int(scale[(root + k) % 7]), 70) for k in (0, 2, 4)]
        at += length
    return Score(
        parts=(Part("piano", 0, tuple(sorted(notes))),),
        end=at,
        tempo_map=TempoMap((TempoChange(0.0, 120.0),)),
    )


def changed(
    score: Score, *, first: float = 0.0, last: float = 1e9, up: int = 0, speed: float = 1.0, kept: float = 1.0
) -> Score:
    """An excerpt, in quarters, in another key, at another speed, with some notes missing."""
    dice = np.random.default_rng(1)
    notes = tuple(
        Note((n.onset - first) / speed, (n.offset - first) / speed, n.pitch + up, n.velocity)
        for n in score.parts[0].notes
        if first <= n.onset < last and dice.random() < kept
    )
    return Score(parts=(Part("piano", 0, notes),), end=notes[-1].offset, tempo_map=score.tempo_map)


def sound(score: Score, harmonics: tuple[float, ...]) -> np.ndarray:
    """Decaying sines: an instrument is its harmonics."""
    samples = np.zeros(round((score.duration_s + 1) * RATE_HZ), np.float32)
    for note in score.parts[0].notes:
        start = round(score.tempo_map.seconds(note.onset) * RATE_HZ)
        time = np.arange(round(0.6 * RATE_HZ)) / RATE_HZ
        hz = 440 * 2 ** ((note.pitch - 69) / 12)
        tone = sum(a * np.sin(2 * np.pi * hz * (k + 1) * time) for k, a in enumerate(harmonics))
        end = min(start + len(time), len(samples))
        samples[start:end] += (0.1 * tone * np.exp(-4 * time))[: end - start].astype(np.float32)
    return samples


@pytest.fixture(scope="module")
def tunes() -> list[Score]:
    return [tune(seed) for seed in range(PIECES)]


@pytest.fixture(scope="module")
def library(tunes: list[Score]) -> Library:
    return Library.of([Entry.of_score(f"piece {i}", score) for i, score in enumerate(tunes)])


@pytest.mark.parametrize("up", [0, 5, -3])
@pytest.mark.parametrize("speed", [1.0, 1.25, 0.8])
def test_notes_are_found_in_any_key_and_at_any_speed(
    tunes: list[Score], library: Library, up: int, speed: float
) -> None:
    query = changed(tunes[4], first=20, last=50, up=up, speed=speed, kept=0.85)
    best = library.search(Entry.of_score("query", query))[0]
    assert best.piece == "piece 4" and best.is_sure
    assert best.begin_s == pytest.approx(10, abs=2)
    assert best.transposed == up
    assert best.speed == pytest.approx(speed, rel=0.1)
    assert set(best.by) == {"chroma", "prints"}


def test_a_stranger_is_not_known(library: Library) -> None:
    stranger = Entry.of_score("query", changed(tune(99), first=20, last=50))
    assert not any(match.is_sure for match in library.search(stranger))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_library_of_few_pieces_knows_its_own_and_no_stranger(tunes: list[Score], count: int) -> None:
    few = Library.of([Entry.of_score(f"piece {i}", score) for i, score in enumerate(tunes[:count])])
    own, stranger = (changed(score, first=20, last=50, up=2, kept=0.85) for score in (tunes[0], tune(99)))
    best = few.search(Entry.of_score("query", own))[0]
    assert best.piece == "piece 0" and best.is_sure
    assert not any(match.is_sure for match in few.search(Entry.of_score("query", stranger)))


def test_chroma_hears_another_instrument_and_landmarks_the_same(tunes: list[Score]) -> None:
    plain, reedy = (1.0, 0.5, 0.25), (0.4, 0.1, 1.0, 0.1, 0.6)
    library = Library.of([Entry.of_sound(f"piece {i}", sound(t, plain)) for i, t in enumerate(tunes[:6])])
    excerpt = changed(tunes[3], first=24, last=54)
    same = library.search(Entry.of_sound("query", sound(tunes[3], plain)[12 * RATE_HZ : 24 * RATE_HZ]))[0]
    assert same.piece == "piece 3" and same.begin_s == pytest.approx(12, abs=0.5)
    assert same.by["landmarks"] > 0.5
    other = library.search(Entry.of_sound("query", sound(excerpt, reedy)))[0]
    assert other.piece == "piece 3" and other.begin_s == pytest.approx(12, abs=1.5)


def test_sound_is_known_among_notes_by_its_prints(tunes: list[Score], library: Library) -> None:
    heard = sound(changed(tunes[7], first=24, last=54, up=2), (1.0, 0.5, 0.25))
    best = library.search(Entry.of_sound("query", heard))[0]
    assert best.piece == "piece 7" and best.is_sure
    assert best.transposed == 2 and best.begin_s == pytest.approx(12, abs=2)
    assert best.by["prints"] > 0.1


def test_counts_that_chance_explains_stand_out_by_nothing() -> None:
    """Of 400 prints one or two agree with any piece; three are nothing, forty are much."""
    votes = [1, 2, 1, 2, 1, 2, 1, 2, 3, 40]
    way = Hearing({n: (count / 400, 0.0, 0, 1.0) for n, count in enumerate(votes)}, asked=400)
    standing = way.standing_out(len(votes))
    assert (standing[:9] == 0).all()
    assert standing[9] == pytest.approx(2 * (40.375**0.5 - (1.375**0.5 + 2.375**0.5) / 2) - 3, abs=0.5)


def test_notes_and_their_sound_have_one_chroma(tunes: list[Score]) -> None:
    excerpt = changed(tunes[1], last=30)
    heard = chroma_of_sound(sound(excerpt, (1.0, 0.5, 0.3)))
    written = Entry.of_score("notes", excerpt).chroma
    count = min(len(heard), len(written))
    assert float((heard[:count] * written[:count]).sum(axis=1).mean()) > 0.8
    shifted = np.roll(written, 3, axis=1)
    assert float((heard[:count] * shifted[:count]).sum(axis=1).mean()) < 0.6


def test_silence_and_little_are_heard_as_nothing() -> None:
    assert len(landmarks_of(np.zeros(RATE_HZ * 5, np.float32))) == 0
    assert len(landmarks_of(np.zeros(HOP, np.float32))) == 0
    assert chroma_of_sound(np.zeros(0, np.float32)).shape == (0, CLASSES)
    nothing = np.zeros(0)
    assert chroma_of_notes(nothing, nothing, nothing.astype(np.int64)).shape == (1, CLASSES)
    assert len(prints_of([1.0, 2.0], [60, 62])) == 0


def test_prints_by_hand() -> None:
    """Three notes, one print; a fourth an octave up gives others. The place tells begin, key and speed."""
    assert len(prints_of([0.0, 0.5, 1.0], [60, 64, 67])) == 2  # the highest line and the lowest: both are it
    index = PrintIndex.of([(7, prints_of([10.0, 10.5, 11.5, 12.0], [60, 64, 67, 72]))])
    places = index.search(prints_of([0.0, 0.25, 0.75, 1.0], [62, 66, 69, 74]))
    assert places[7].votes == 1.0
    assert places[7].transposed == 2
    assert places[7].speed == pytest.approx(2.0, rel=0.1)
    assert places[7].begin_s == pytest.approx(10.0, abs=1.0)


def test_a_library_survives_its_file(library: Library, tunes: list[Score]) -> None:
    again = Library.from_bytes(library.to_bytes())
    query = Entry.of_score("query", changed(tunes[2], first=8, last=40))
    assert again.names == library.names
    found, before = (each.search(query)[0] for each in (again, library))
    assert (found.piece, found.begin_s) == (before.piece, before.begin_s)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"no archive at all"])
def test_a_damaged_index_says_so(content: bytes) -> None:
    with pytest.raises(InputError, match="delete it"):
        Library.from_bytes(content)


def test_an_empty_library_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Library.of([])


def test_speeds_are_even_steps_around_one() -> None:
    assert 1.0 in SPEEDS
    assert np.allclose(np.diff(np.log(SPEEDS)), np.log(2) / 8)
