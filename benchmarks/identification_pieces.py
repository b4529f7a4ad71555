"""The pieces that the identification benchmark's library holds, as notes or as sound, and their keeping."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
from scipy import signal

from photoplayer.compose import band
from photoplayer.compose.fit import Wishes, fit
from photoplayer.compose.moods import MOODS
from photoplayer.errors import InputError
from photoplayer.evaluate.identification import Entry, Library
from photoplayer.evaluate.identification.landmarks import RATE_HZ, Sound
from photoplayer.files import finished
from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import Note, Part, Score
from photoplayer.performance import render
from photoplayer.scene.timeline import Timeline, steps_in
from photoplayer.sound import audio

OWN_S = 60.0
RECORDED_S, BEFORE_S = 20.0, 2.5

Places = Mapping[str, list[float]]
"""Where queries of a piece begin, in seconds."""


def entries_of(
    piano: Path, others: list[Path], wanted: int, *, recordings: bool, places: Places, keep: Path | None
) -> Iterator[Entry]:
    """Of ``wanted`` pieces, those of ``places`` among them; as sound a piece is as many recordings as it has
    places, all of its name."""
    names: set[str] = set()
    for name, score in scores_of(piano, others):
        if len(names) >= wanted:
            return
        makes: dict[str, Callable[[], Entry]] = {f"notes {name}": partial(noted, name, score)}
        if recordings:
            asked: Iterable[float | None] = places.get(name, [None])
            makes = {f"sound {name} {at}": partial(recorded, name, score, at) for at in asked}
        try:
            yield from [kept(make, keep and keep / f"{key}.npz") for key, make in makes.items()]
        except InputError:  # a file without music
            continue
        names.add(name)


def scores_of(piano: Path, others: list[Path]) -> Iterator[tuple[str, Callable[[], Score]]]:
    """All tunes, then our own without end."""
    for path in sorted(p for folder in (piano, *others) for p in folder.glob("*.mid")):
        yield path.stem, partial(read_midi, path)
    yield from ((f"own {seed}", partial(own_piece, seed)) for seed in count())


def own_piece(seed: int) -> Score:
    """A minute of our own arranger."""
    curve = np.full(steps_in(OWN_S), 0.5, np.float32)
    mood = list(MOODS)[seed % len(MOODS)]
    plan = fit(Timeline(OWN_S, curve, curve, curve * 0), seed=seed, wishes=Wishes(mood=mood))
    return band.compose(plan, seed=seed)


def kept(entry: Callable[[], Entry], path: Path | None) -> Entry:
    """An entry, or what was kept of it."""
    if path is None:
        return entry()
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with finished(path) as unfinished:
            unfinished.write_bytes(Library.of([entry()]).to_bytes())
    one = Library.from_bytes(path.read_bytes())
    marks, prints = one.landmarks.landmarks, one.prints.prints
    return Entry(
        one.names[0], one.chroma.frames, marks if len(marks) else None, prints if len(prints) else None
    )


def noted(name: str, score: Callable[[], Score]) -> Entry:
    """A piece as MIDI."""
    return Entry.of_score(name, score())


def recorded(name: str, score: Callable[[], Score], place_s: float | None) -> Entry:
    """Some of a piece as FluidSynth plays it, about a place or from its first note on."""
    piece = score()
    begin_s = first_s(piece) if place_s is None else max(place_s - BEFORE_S, 0.0)
    return Entry.of_sound(name, sound_of(stretch(piece, begin_s, RECORDED_S)))


def stretch(score: Score, begin_s: float, seconds: float) -> Score:
    """All parts' notes from ``begin_s`` on, on their own instruments, in a score of 120 quarters a minute."""
    parts = [replace(part, notes=_inside(score, part, begin_s, seconds), controls=()) for part in score.parts]
    return Score(parts=tuple(parts), end=2 * (seconds + 1))


def _inside(score: Score, part: Part, begin_s: float, seconds: float) -> tuple[Note, ...]:
    notes = []
    for note in part.notes:
        onset, offset = (score.tempo_map.seconds(at) - begin_s for at in (note.onset, note.offset))
        if 0 <= onset < seconds:
            notes.append(Note(2 * onset, 2 * max(offset, onset + 0.03), note.pitch, note.velocity))
    return tuple(sorted(notes))


def first_s(score: Score) -> float:
    """When the first note begins. Raises :class:`InputError` where there is none."""
    onset = min((note.onset for part in score.parts for note in part.notes), default=None)
    if onset is None:
        raise InputError("the score has no notes")
    return score.tempo_map.seconds(onset)


def sound_of(score: Score, **how: object) -> Sound:
    """Mono at :data:`RATE_HZ`, mastered, without what rings on."""
    played = render(score, **how).audio().samples.mean(axis=0)
    played = played[: round((score.duration_s - 1) * audio.RATE_HZ)]
    found: Sound = signal.resample_poly(played, 1, audio.RATE_HZ // RATE_HZ).astype(np.float32)
    return found
