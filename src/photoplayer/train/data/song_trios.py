"""Pseudo-trios: a song's own tune with a bass and drums that our arranger's players add.

A lead sheet gives the tune and its chords: the bass player plays these chords, the drummer drums. A song with
piano gives tune and bass (the lowest line of the left hand): the drummer drums. Mood, and with it the
patterns, is drawn for every stretch of 4/4; all of it is at hand in any number, and its tunes and basses are
people's, its drums ours.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from photoplayer.compose.band.casting import Seats
from photoplayer.compose.band.chords import ChordSpan, Function
from photoplayer.compose.band.energy import levels
from photoplayer.compose.band.form import phrases_of
from photoplayer.compose.band.passage import Bar, Passage
from photoplayer.compose.band.passages import Setting
from photoplayer.compose.band.perform import perform
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Plan, Section
from photoplayer.errors import InputError
from photoplayer.music.key_finding import find_key
from photoplayer.music.score import Note, Part, Score
from photoplayer.music.theory import Chord, Key, Meter
from photoplayer.music.trio import BASS_PROGRAM, MELODY_PROGRAM
from photoplayer.train.data.song_writers import is_free
from photoplayer.train.data.songs import Song, Stretch, read_song

FEWEST_BARS = 4
_COMMON_TIME = Meter(4, 4)
_MOODS = tuple(mood for mood in MOODS.values() if _COMMON_TIME in mood.meters)
_PLAYING = frozenset(("bass", "drums"))
_FUNCTIONS: tuple[Function, ...] = ("T", "S", "T", "S", "D", "T", "D")


def lead_sheets(folder: Path) -> Iterator[Song]:
    """The lead sheets of a folder of OpenEWLD that may be learned from, in order of name.

    Raises :class:`InputError` where there is none.
    """
    paths = [path for path in sorted(folder.glob("*.mxl")) if is_free(path.stem)]
    if not paths:
        raise InputError(f"{folder} holds no lead sheets of known writers; give the folder of OpenEWLD")
    for path in paths:
        yield read_song(path)


def some_songs(folder: Path, count: int) -> Iterator[Song]:
    """``count`` songs of a folder of OpenScore Lieder, evenly picked: a thousand take minutes to read.

    Raises :class:`InputError` where there is none.
    """
    paths = sorted(folder.glob("*.mxl"))
    if not paths:
        raise InputError(f"{folder} holds no .mxl scores; give the folder of OpenScore Lieder")
    for i in np.unique(np.linspace(0, len(paths) - 1, min(count, len(paths))).astype(int)):
        yield read_song(paths[i])


def song_scores(found: Iterable[Song], *, seed: int) -> Iterator[tuple[str, Score]]:
    """Every usable stretch of songs as a score of melody, bass and drums, with the song's name."""
    for song in found:
        for number, stretch in enumerate(song.stretches):
            if is_usable(stretch):
                dice = random.Random(f"{seed}/{song.name}/{number}")
                yield f"song/{song.name}", accompanied(stretch, dice)


def is_usable(stretch: Stretch) -> bool:
    """Whether a stretch is 4/4 with a tune, and with chords or a bass."""
    is_long = stretch.bar_quarters == _COMMON_TIME.quarters and stretch.bars >= FEWEST_BARS
    return is_long and bool(stretch.notes) and bool(stretch.chords or stretch.bass)


def accompanied(stretch: Stretch, dice: random.Random) -> Score:
    """The tune with bass and drums; the bass is the song's own where it has one."""
    section = _section(stretch, dice)
    seed = dice.randrange(1 << 30)
    played = perform(
        Setting(_passage(section, stretch, seed), ()), Seats.cast(Plan((section,)), seed=seed), None
    )
    bass, drums = list(stretch.bass), list[Note]()
    for (layer, _), notes in played.items():
        if layer == "bass" and not stretch.bass:
            bass += notes
        elif layer.startswith("drums"):
            drums += notes
    return Score(
        parts=(
            Part("melody", MELODY_PROGRAM, stretch.notes, layer="lead"),
            Part("bass", BASS_PROGRAM, tuple(sorted(bass)), layer="bass"),
            Part("drums", 0, tuple(sorted(drums)), is_drum=True, layer="drums"),
        ),
        end=stretch.bars * stretch.bar_quarters,
    )


def _section(stretch: Stretch, dice: random.Random) -> Section:
    mood = dice.choice(_MOODS)
    energy = min(max(dice.gauss(max(mood.arousal, 0.35), 0.25), 0.1), 1.0)
    return Section(
        mood=mood.name,
        bars=stretch.bars,
        bpm=sum(mood.bpm) / 2,
        meter=_COMMON_TIME,
        key=_key(stretch),
        energy=(energy,) * stretch.bars,
        must_have=_PLAYING,
    )


def _key(stretch: Stretch) -> Key:
    """The key that the tune is heard in, which tells the bass player's passing notes."""
    weights = np.zeros(12)
    for note in stretch.notes:
        weights[note.pitch % 12] += note.length
    return find_key(weights)[0]


def _passage(section: Section, stretch: Stretch, seed: int) -> Passage:
    dense = levels(section.energy)
    phrases = phrases_of(section)
    bars = tuple(
        Bar(index, index * 4.0, section.energy[index], dense[index], number, phrase.role[0], _PLAYING)
        for number, phrase in enumerate(phrases)
        for index in range(phrase.start_bar, phrase.stop_bar)
    )
    return Passage(section, phrases, spans_of(stretch.chords, section), bars, seed, "song")


def spans_of(chords: Sequence[tuple[float, Chord]], section: Section) -> tuple[ChordSpan, ...]:
    """Chord symbols as spans over the whole section; the first one begins with it, none is the tonic. The
    bass is what the symbol names: inversions are the songwriter's matter."""
    begun = {round(at, 3): chord for at, chord in chords if at < section.quarters}
    onsets = sorted(begun) or [0.0]
    sounding = [begun.get(at, Chord(section.key.tonic)) for at in onsets]
    starts = [0.0, *onsets[1:], section.quarters]
    return tuple(
        ChordSpan(start, end, replace(chord, bass=chord.bass_class), degree, _FUNCTIONS[degree])
        for (start, end), chord in zip(pairwise(starts), sounding, strict=True)
        for degree in (_degree(chord.root, section.key),)
    )


def _degree(root: int, key: Key) -> int:
    """The scale degree of a root, or the one below it."""
    steps = sorted((pitch - key.tonic) % 12 for pitch in key.pitch_classes)
    return bisect_right(steps, (root - key.tonic) % 12) - 1
