"""Phrases of sixteen bars, from songs and from game music, and melodies matched to clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photoplayer.compose.tune.trio import trio_of
from photoplayer.errors import InputError
from photoplayer.music.melody_code import notes_of
from photoplayer.music.midi_write import write_midi
from photoplayer.music.score import MeterChange, Note, Part, Score
from photoplayer.music.theory import Key, Meter
from photoplayer.music.trio import to_score
from photoplayer.train.data.clip_windows import clip_windows, matched
from photoplayer.train.data.melodies import (
    Melodies,
    phrase_of,
    phrases_of_score,
    phrases_of_song,
    read_melodies,
    split_of,
)
from photoplayer.train.data.melody_trios import bass_and_drums, read_trios
from photoplayer.train.data.pairs import Pair, write_pairs
from photoplayer.train.data.songs import Song, Stretch

D_MAJOR = (62, 64, 66, 67, 69, 67, 66, 64)


def tune(bars: int, *, length: float = 1.0, delay: float = 0.0) -> tuple[Note, ...]:
    """D major up and down in quarters, home at the end."""
    count = round(bars * 4 / length)
    pitches = [D_MAJOR[i % 8] for i in range(count - 1)] + [62]
    return tuple(
        Note(i * length + delay, (i + 1) * length + delay, pitch, 80) for i, pitch in enumerate(pitches)
    )


def test_a_phrase_stands_in_c() -> None:
    phrase = phrase_of(tune(16), key=Key(2))
    assert phrase is not None and not phrase.is_minor
    assert [note.pitch for note in notes_of(phrase.grid)][:5] == [60, 62, 64, 65, 67]
    assert len(notes_of(phrase.grid)) == 64


def test_a_key_that_does_not_fit_is_looked_for_anew() -> None:
    phrase = phrase_of(tune(16), key=Key(8))
    assert phrase is not None
    assert notes_of(phrase.grid)[0].pitch % 12 == 0


def test_bare_and_triplet_lines_are_no_phrases() -> None:
    assert phrase_of(tune(16)[:19], key=Key(2)) is None
    assert phrase_of(tune(16)[:40], key=Key(2)) is None  # ten bars, then silence
    assert phrase_of(tune(16, length=1 / 3), key=Key(2)) is None


def test_songs_are_read_every_four_bars_for_training_and_once_for_the_test() -> None:
    train, test = (
        next(n for n in map(str, range(99)) if split_of(n) == split) for split in ("train", "test")
    )
    stretches = (Stretch(4.0, 40, tune(40)), Stretch(3.0, 40, tune(30)))
    assert len(list(phrases_of_song(Song("a", train, stretches)))) == 7
    assert len(list(phrases_of_song(Song("a", test, stretches)))) == 2
    assert len(list(phrases_of_song(Song("a", test, (Stretch(2.0, 40, tune(20)),))))) == 1


def test_game_music_gives_the_part_that_leads_in_bars_of_four() -> None:
    bass = tuple(Note(i * 4.0, i * 4 + 4.0, 38, 80) for i in range(40))
    parts = (Part("Bass", 33, bass), Part("Lead", 80, tune(40)), Part("Kit", 0, bass, is_drum=True))
    score = Score(parts, 160.0, meters=(MeterChange(0.0, Meter(4, 4)),))
    phrases = list(phrases_of_score(score, "test"))
    assert len(phrases) == 2
    assert len(notes_of(phrases[0].grid)) == 64
    waltz = Score(parts, 160.0, meters=(MeterChange(0.0, Meter(3, 4)),))
    assert not list(phrases_of_score(waltz, "test"))


def test_a_corpus_is_read_once(tmp_path: Path) -> None:
    midi = tmp_path / "freedoom"
    midi.mkdir()
    write_midi(Score((Part("Lead", 80, tune(24)),), 96.0), midi / "a.mid")
    cache = tmp_path / "work"
    cache.mkdir()
    found = read_melodies(None, [midi], cache=cache)
    assert len(found) == 3 and set(found.source) == {"game"}
    (midi / "a.mid").unlink()
    again = read_melodies(None, [midi], cache=cache)
    assert (again.grids == found.grids).all() and list(again.split) == list(found.split)
    assert len(Melodies.load(cache / "melodies.npz").of("train", source="songs")) == 0


def test_a_corpus_without_melodies_is_told(tmp_path: Path) -> None:
    midi = tmp_path / "freedoom"
    midi.mkdir()
    write_midi(Score((Part("Lead", 80, tune(2)),), 8.0), midi / "a.mid")
    with pytest.raises(InputError, match="no melody of sixteen bars"):
        read_melodies(None, [midi], cache=tmp_path)


def test_melodies_are_matched_to_what_is_asked_and_shared_out() -> None:
    offered = np.array([[d, 0.0, m] for d in (-1.0, 1.0) for m in (-1.0, 1.0) for _ in range(6)], np.float32)
    wanted = np.array([[0.9, 0.1, -1.0]] * 12, np.float32)
    found = matched(wanted, offered, seed=1)
    assert (offered[found] == [1.0, 0.0, -1.0]).all()
    assert len(set(found)) > 3
    assert (found == matched(wanted, offered, seed=1)).all()


def test_a_window_of_a_clip_shows_two_pictures_of_eight_moments(tmp_path: Path) -> None:
    write_clip(tmp_path)
    windows = clip_windows(tmp_path).of("train")
    assert list(windows.first) == [0, 24, 12]  # the last lies between two and asks for what lies between
    assert windows.asked[2] == pytest.approx(windows.asked[:2].mean(0))
    assert windows.asked[0, 0] > 0.5 and windows.asked[0, 2] == -1
    shown = windows.pictures()
    assert shown.shape == (3, 16, 60, 80, 3)
    assert list(shown[1, :6, 0, 0, 0]) == [26, 27, 32, 33, 38, 39]
    dice = np.random.default_rng(1)
    varied = windows.pictures(dice=dice)[0, :, 0, 0, 0].reshape(8, 2)
    assert (varied[:, 1] == varied[:, 0] + 1).all() and (varied[:, 0] // 6 == np.arange(8)).all()
    assert len(clip_windows(tmp_path).of("test")) == 0


def write_clip(folder: Path) -> None:
    """A clip whose pictures are as bright as their number, in two windows with two tunes each."""
    frames = np.arange(80, dtype=np.uint8)[:, None, None, None] * np.ones((1, 60, 80, 3), np.uint8)
    np.save(folder / "clip.npy", frames)
    rows = [
        Pair(folder / "clip.npy", first, 48, folder / "a.mid", 0, 16, "g", "1", tune=name, split="train",
             scene=(0.9 - first / 100, 0.8, -0.5), bpm=150.0, energy=0.8, mode="minor")
        for first in (0, 24)
        for name in ("a", "b")
    ]  # fmt: skip
    write_pairs(folder, rows)


def test_trios_have_a_bass_and_drums_beside_the_melody(tmp_path: Path) -> None:
    bass = tuple(Note(i * 2.0, i * 2 + 1.0, 38, 80) for i in range(32))
    kit = tuple(Note(i * 1.0, i + 0.25, (36, 42)[i % 2], 80) for i in range(64))
    parts = (Part("Lead", 80, tune(16)), Part("Bass", 33, bass), Part("Kit", 0, kit, is_drum=True))
    midi = tmp_path / "freedoom"
    midi.mkdir()
    write_midi(Score(parts, 64.0), midi / "a.mid")
    trios = read_trios([midi], cache=tmp_path)
    assert trios.grids.shape == (1, 256, 3)
    assert list(trios.grids[0, :8, 2]) == [1, 0, 0, 0, 4, 0, 0, 0]
    score = to_score(trio_of(trios.grids[0]))
    assert [len(part.notes) for part in score.parts] == [64, 32, 64]
    assert {note.pitch for note in score.parts[1].notes} == {36}  # D became C, two octaves down
    (midi / "a.mid").unlink()
    assert (read_trios([midi], cache=tmp_path).grids == trios.grids).all()
    bare = Score(parts[:2], 64.0)
    assert bass_and_drums(bare, 0.0) is None
