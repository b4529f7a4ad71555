"""The sung lines of a corpus of MusicXML scores (OpenScore Lieder, CC0; OpenEWLD's lead sheets): one a song,
with its bars and what stands below and above them.

A score is read for its voice: the part with the most lyrics, of notes together the highest, ties joined,
grace notes left out, measures in written order. Beside it stand the lowest line of the accompaniment's
lowest staff, and the chords written over the voice, where there are any.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from photoplayer.errors import InputError
from photoplayer.music.score import Note
from photoplayer.music.theory import Chord

MOST_BYTES = 64 << 20
"""Of a score unpacked: the largest song has 9 MB."""

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_FILE_NAME = re.compile(r"scores__(?P<composer>.+?)__(?P<cycle>.*?)__(?P<song>.+)")
_VELOCITY = 80
_VOICE = "1"
_KINDS = {
    "major": "", "minor": "m", "diminished": "dim", "augmented": "aug", "suspended-second": "sus2",
    "suspended-fourth": "sus4", "power": "5", "major-sixth": "6", "minor-sixth": "m6", "dominant": "7",
    "major-seventh": "maj7", "minor-seventh": "m7", "half-diminished": "m7b5", "diminished-seventh": "dim7",
    "dominant-ninth": "7", "dominant-11th": "7", "dominant-13th": "7", "augmented-seventh": "aug",
    "augmented-ninth": "aug", "major-ninth": "maj7", "minor-ninth": "m7", "minor-11th": "m7",
    "minor-13th": "m7", "maj69": "6", "minor-major": "m", "major-minor": "m",
}  # fmt: skip
"""MusicXML's kinds of chords as :data:`~photoplayer.music.theory.QUALITIES`; the nearest there is."""

_SLACK_QUARTERS = 1e-6


@dataclass(frozen=True)
class Stretch:
    """Whole bars of one meter and key signature on end. ``notes`` in quarters from the stretch's start,
    ``bass`` the lowest line of the accompaniment, ``chords`` with where each begins."""

    bar_quarters: float
    bars: int
    notes: tuple[Note, ...]
    bass: tuple[Note, ...] = ()
    chords: tuple[tuple[float, Chord], ...] = ()


@dataclass(frozen=True)
class Song:
    name: str
    composer: str
    stretches: tuple[Stretch, ...]


def songs(folder: Path) -> Iterator[Song]:
    """Every song of a folder of ``.mxl`` files, in order of name.

    Raises :class:`InputError` where the folder has none or one cannot be read.
    """
    paths = sorted(folder.glob("*.mxl"))
    if not paths:
        raise InputError(f"{folder} holds no .mxl scores; give the folder of OpenScore Lieder")
    for path in paths:
        yield read_song(path)


def read_song(path: Path) -> Song:
    """One song. Raises :class:`InputError` for a file that is no compressed MusicXML."""
    try:
        root = ElementTree.fromstring(_unpacked(path))
    except (OSError, ValueError, zipfile.BadZipFile, ElementTree.ParseError) as problem:
        raise InputError(f"{path} is no compressed MusicXML ({problem}); export it again") from problem
    named = _FILE_NAME.fullmatch(path.stem)
    composer = named["composer"] if named else root.findtext(".//creator[@type='composer']") or "unknown"
    part = max(root.iter("part"), key=lambda p: len(p.findall(".//lyric")), default=None)
    others = [other for other in root.iter("part") if other is not part]
    below = list(_below(others[-1])) if others else []
    stretches = () if part is None else tuple(_stretches(part, below))
    return Song(path.stem, composer.replace("_", " "), stretches)


def _unpacked(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        name = next((n for n in archive.namelist() if n.endswith("xml") and "META-INF" not in n), None)
        if name is None or archive.getinfo(name).file_size > MOST_BYTES:
            raise ValueError("no score of a sensible size in it")
        return archive.read(name)


def _stretches(part: ElementTree.Element, below: list[list[_Sung]]) -> Iterator[Stretch]:
    """``below`` is what the accompaniment's lowest staff plays, measure by measure."""
    divisions, quarters, fifths = 1.0, 4.0, "0"
    run: list[tuple[_Measure, list[_Sung]]] = []
    kind = (quarters, fifths)
    for number, measure in enumerate(part.iter("measure")):
        for attributes in measure.iter("attributes"):
            divisions = float(attributes.findtext("divisions") or divisions)
            quarters = _bar_quarters(attributes, quarters)
            fifths = attributes.findtext("key/fifths") or fifths
        read = _read_measure(measure, divisions, "voice", _VOICE)
        is_whole = abs(read.length - quarters) < _SLACK_QUARTERS
        if run and ((quarters, fifths) != kind or not is_whole):
            yield _stretch(run, kind[0])
            run = []
        if is_whole:
            kind = (quarters, fifths)
            run.append((read, below[number] if number < len(below) else []))
    if run:
        yield _stretch(run, kind[0])


def _stretch(measures: list[tuple[_Measure, list[_Sung]]], quarters: float) -> Stretch:
    sung, low = list[_Sung](), list[_Sung]()
    chords: list[tuple[float, Chord]] = []
    for number, (read, under) in enumerate(measures):
        start = number * quarters
        sung += [note.moved(start) for note in read.notes]
        low += [note.moved(start) for note in under]
        chords += [(start + at, chord) for at, chord in read.chords]
    end = len(measures) * quarters
    return Stretch(quarters, len(measures), _joined(sung, end), _lowest(low, end), tuple(chords))


def _below(part: ElementTree.Element) -> Iterator[list[_Sung]]:
    """What the lowest staff of a part plays, measure by measure, all its voices."""
    lowest = max((item.text or "1" for item in part.iter("staff")), default="1")
    divisions = 1.0
    for measure in part.iter("measure"):
        for attributes in measure.iter("attributes"):
            divisions = float(attributes.findtext("divisions") or divisions)
        yield _read_measure(measure, divisions, "staff", lowest).notes


def _bar_quarters(attributes: ElementTree.Element, before: float) -> float:
    beats, unit = attributes.findtext("time/beats"), attributes.findtext("time/beat-type")
    return float(beats) * 4 / float(unit) if beats and unit and beats.isdecimal() else before


@dataclass(frozen=True, slots=True, order=True)
class _Sung:
    """As printed, in quarters; ``goes_on`` from the note before it, to which it is tied."""

    onset: float
    offset: float
    pitch: int
    goes_on: bool = False

    def moved(self, by: float) -> _Sung:
        return replace(self, onset=self.onset + by, offset=self.offset + by)


@dataclass(frozen=True, slots=True)
class _Measure:
    """Notes and chords of a measure, in quarters from its start, and its length."""

    notes: list[_Sung]
    chords: list[tuple[float, Chord]]
    length: float


def _read_measure(measure: ElementTree.Element, divisions: float, kind: str, wanted: str) -> _Measure:
    """The notes whose ``kind`` (voice or staff) is ``wanted``."""
    notes: list[_Sung] = []
    chords: list[tuple[float, Chord]] = []
    at = end = onset = 0.0
    for item in measure:
        length = float(item.findtext("duration") or 0) / divisions
        if item.tag == "backup":
            at = max(at - length, 0.0)
        elif item.tag == "forward":
            at += length
        elif item.tag == "harmony" and (chord := _chord(item)):
            chords.append((at + float(item.findtext("offset") or 0) / divisions, chord))
        elif item.tag == "note" and item.find("grace") is None:
            if item.find("chord") is None:
                onset, at = at, at + length
            if item.find("rest") is None and (item.findtext(kind) or "1") == wanted and length > 0:
                goes_on = any(tie.get("type") == "stop" for tie in item.findall("tie"))
                notes.append(_Sung(onset, onset + length, _pitch(item), goes_on))
        end = max(end, at)
    return _Measure(notes, chords, end)


def _pitch(item: ElementTree.Element) -> int:
    letter, octave = item.findtext("pitch/step") or "C", int(item.findtext("pitch/octave") or 4)
    return 12 * (octave + 1) + _LETTERS[letter] + round(float(item.findtext("pitch/alter") or 0))


def _chord(item: ElementTree.Element) -> Chord | None:
    """A chord symbol; ``None`` for one of no kind that is known, as "no chord" is."""
    root, kind = _pitch_class(item, "root"), _KINDS.get(item.findtext("kind") or "")
    return None if root is None or kind is None else Chord(root, kind, _pitch_class(item, "bass"))


def _pitch_class(item: ElementTree.Element, name: str) -> int | None:
    letter = item.findtext(f"{name}/{name}-step")
    alter = round(float(item.findtext(f"{name}/{name}-alter") or 0))
    return (_LETTERS[letter] + alter) % 12 if letter in _LETTERS else None


def _lowest(played: list[_Sung], end: float) -> tuple[Note, ...]:
    """One line along the bottom: ties joined, what begins over a lower note left out."""
    line: list[_Sung] = []
    for note in sorted(played, key=lambda n: (n.onset, n.pitch)):
        before = line[-1] if line else None
        if before and note.onset < before.offset - _SLACK_QUARTERS:
            if note.pitch >= before.pitch:
                continue
            line[-1] = replace(before, offset=note.onset)
        if before and note.goes_on and before.pitch == note.pitch:
            line[-1] = replace(before, offset=note.offset)
        else:
            line.append(note)
    return _notes(line, end)


def _joined(sung: list[_Sung], end: float) -> tuple[Note, ...]:
    """One line: ties joined, of notes together the highest, none over the next or the end."""
    line: list[_Sung] = []
    for note in sorted(sung, key=lambda n: (n.onset, -n.pitch)):
        before = line[-1] if line else None
        if before and note.goes_on and before.pitch == note.pitch:
            line[-1] = replace(before, offset=note.offset)
        elif before is None or note.onset > before.onset + _SLACK_QUARTERS:
            if before and before.offset > note.onset:
                line[-1] = replace(before, offset=note.onset)
            line.append(note)
    return _notes(line, end)


def _notes(line: list[_Sung], end: float) -> tuple[Note, ...]:
    """Those that last: what rounding put together, or behind the last bar, is left out."""
    ends = [min(note.offset, end) for note in line]
    return tuple(
        Note(note.onset, offset, note.pitch, _VELOCITY)
        for note, offset in zip(line, ends, strict=True)
        if offset - note.onset > _SLACK_QUARTERS
    )
