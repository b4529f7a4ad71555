"""What the identification benchmark asks about: excerpts, what transcriptions leave of them, spoilt sound."""

from __future__ import annotations

import io
import json
from collections.abc import Container
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
from scipy import signal

from identification_pieces import first_s, stretch
from photoplayer.evaluate.identification.landmarks import RATE_HZ, Sound
from photoplayer.evaluate.identification.note_prints import Place, PrintIndex, Prints, prints_of
from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import Note, Score
from photoplayer.train.data.piano_renderer.music import pieces

MISSING, FALSE = 0.05, 0.05
ONSET_OFF_S, LENGTH_OFF = 0.02, 0.25
FEWEST = 10
"""Notes in a query."""
SAME_VOTES = 0.01
"""Of one clip's prints; so many agree on one place in another take of its piece."""
TELEPHONE_HZ = (200.0, 4_000.0)
ECHO_S = 0.6
"""In which a room's echo falls by 60 dB."""
ECHO_DB = 3.0
"""By which all echo together is louder than what comes straight."""
LOSSY_BITS_PER_S = 24_000


@dataclass(frozen=True)
class Query:
    """An excerpt from ``begin_s`` of the piece with this name."""

    piece: str
    begin_s: float
    score: Score


def excerpt(score: Score, begin_s: float, seconds: float) -> Score:
    """Its notes from ``begin_s`` on, all on the piano."""
    cut = stretch(score, begin_s, seconds)
    notes = tuple(sorted(note for part in cut.parts for note in part.notes))
    return replace(cut, parts=(replace(score.parts[0], program=0, notes=notes, controls=()),))


def transcribed(score: Score, dice: np.random.Generator) -> Score:
    """What a transcription might have left of it; onsets are in quarters of half a second."""
    notes: list[Note] = []
    for note in score.parts[0].notes:
        if dice.random() < MISSING:
            continue
        onset = max(note.onset + dice.normal(0, ONSET_OFF_S) * 2, 0.0)
        length = note.length * float(np.exp(dice.normal(0, LENGTH_OFF)))
        notes.append(Note(onset, onset + max(length, 0.05), note.pitch, note.velocity))
        if dice.random() < FALSE:
            beside = int(np.clip(note.pitch + dice.choice([-2, -1, 1, 2, 12]), 21, 108))
            notes.append(Note(onset, onset + 0.3, beside, note.velocity))
    return replace(score, parts=(replace(score.parts[0], notes=tuple(sorted(notes))),))


def moved(score: Score, *, up: int, speed: float) -> Score:
    """In another key and at another speed."""
    notes = tuple(
        Note(n.onset / speed, n.offset / speed, int(np.clip(n.pitch + up, 21, 108)), n.velocity)
        for n in score.parts[0].notes
    )
    return replace(score, parts=(replace(score.parts[0], notes=notes),), end=score.end / speed)


def queries_of(piano: Path, wanted: int, seconds: float, seed: int) -> list[Query]:
    """Excerpts with at least ten notes, as many from each piece."""
    dice = np.random.default_rng(seed)
    held = [path for split in ("validation", "test") for path in pieces(piano, split)]
    scores = {path: read_midi(path) for path in held}
    found: list[Query] = []
    while len(found) < wanted:
        path = held[len(found) % len(held)]
        begin_s = float(dice.uniform(0, max(scores[path].duration_s - seconds, 0)))
        cut = excerpt(scores[path], begin_s, seconds)
        if len(cut.parts[0].notes) >= FEWEST:
            found.append(Query(path.stem, begin_s, cut))
    return found


def labels_of(folder: Path) -> dict[str, Score]:
    """The notes of clips that are themselves a piece of the library."""
    paths = (path for path in sorted(folder.glob("*.mid")) if not path.stem.endswith("_transcribed"))
    return {path.stem: read_midi(path) for path in paths if source_of(path) == path.stem}


def read_off(folder: Path, known: Container[str], seconds: float, step_s: float) -> list[tuple[Query, Query]]:
    """What is true of clips of known pieces, and what was read off them: all ``seconds`` that fit, one
    every ``step_s``."""
    found = []
    for path in sorted(folder.glob("*_transcribed.mid")):
        clip = path.with_name(path.name.replace("_transcribed", ""))
        piece = source_of(clip)
        if piece not in known:  # an exercise, or a rest
            continue
        true, read = (read_midi(midi) for midi in (clip, path))
        begins = np.arange(first_s(true), max(true.duration_s - seconds, first_s(true)) + 0.01, step_s)
        for begin_s in begins.tolist():
            pair = tuple(Query(piece, begin_s, excerpt(score, begin_s, seconds)) for score in (true, read))
            if all(len(query.score.parts[0].notes) >= FEWEST for query in pair):
                found.append((pair[0], pair[1]))
    return found


def source_of(clip: Path) -> str:
    """What a rendered clip says that it plays; of another, its own labels are the piece."""
    told = clip.with_suffix(".json")
    return str(json.loads(told.read_text())["source"]) if told.is_file() else clip.stem


def takes_of(labels: dict[str, Score]) -> dict[str, set[str]]:
    """For every clip the clips that are takes of its piece, itself among them: the prints of the one find one
    place in the other, in the same key or octaves off it. It is heard, not told by whoever filmed it."""
    names, prints = list(labels), [_prints(score) for score in labels.values()]
    index = PrintIndex.of(list(enumerate(prints)))
    takes = {name: {name} for name in names}
    for name, asked in zip(names, prints, strict=True):
        for number, place in index.search(asked).items():
            if _is_same(place):
                takes[name].add(names[number])
                takes[names[number]].add(name)
    return takes


def _prints(score: Score) -> Prints:
    notes = [note for part in score.parts for note in part.notes]
    return prints_of([score.tempo_map.seconds(n.onset) for n in notes], [n.pitch for n in notes])


def _is_same(place: Place) -> bool:
    return place.votes >= SAME_VOTES and place.transposed % 12 == 0


def noisy(sound: Sound, dice: np.random.Generator, below_db: float) -> Sound:
    """With pink noise under it, as of a room full of people and machines."""
    spectrum = np.fft.rfft(dice.normal(size=len(sound)))
    noise = np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 1), len(sound))
    loud = np.sqrt(np.square(sound).mean() / np.square(noise).mean()) * 10 ** (-below_db / 20)
    return np.asarray(sound + loud * noise, np.float32)


def in_a_room(sound: Sound, dice: np.random.Generator) -> Sound:
    """From the far end of a room, whose echo is louder than what comes straight."""
    time_s = np.arange(round(ECHO_S * RATE_HZ)) / RATE_HZ
    echo = dice.normal(size=len(time_s)) * 10 ** (-3 * time_s / ECHO_S)
    echo *= 10 ** (ECHO_DB / 20) / np.sqrt(np.square(echo).sum())
    echo[0] += 1
    return np.asarray(signal.fftconvolve(sound, echo)[: len(sound)], np.float32)


def lossy(sound: Sound) -> Sound:
    """Through MP3 at :data:`LOSSY_BITS_PER_S`."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE_HZ)
        stream.codec_context.bit_rate, stream.layout, stream.format = LOSSY_BITS_PER_S, "mono", "fltp"
        frame = av.AudioFrame.from_ndarray(sound[None] / max(float(np.abs(sound).max()), 1.0), "fltp", "mono")
        frame.sample_rate = RATE_HZ
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as written:
        heard = [frame.to_ndarray().reshape(-1) for frame in written.decode(audio=0)]
    return np.concatenate(heard).astype(np.float32)


def by_telephone(sound: Sound, dice: np.random.Generator) -> Sound:
    """All of it at once: a room, noise, a small microphone, compression."""
    band = signal.butter(4, TELEPHONE_HZ, "bandpass", fs=RATE_HZ, output="sos")
    return lossy(signal.sosfilt(band, noisy(in_a_room(sound, dice), dice, 10)).astype(np.float32))
