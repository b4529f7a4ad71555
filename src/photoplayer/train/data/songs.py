"""The sung lines of a corpus of MusicXML scores (OpenScore Lieder, CC0): one line a song, with its bars.

A score is read for its voice alone: the part with the most lyrics, of notes together the highest, ties
joined, grace notes left out, measures in written order. Only what a melody of whole bars needs is kept.
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

MOST_BYTES = 64 << 20
"""Of a score unpacked: the largest song has 9 MB."""

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_FILE_NAME = re.compile(r"scores__(?P<composer>.+?)__(?P<cycle>.*?)__(?P<song>.+)")
_VELOCITY = 80
_SLACK_QUARTERS = 1e-6


@dataclass(frozen=True)
class Stretch:
    """Whole bars of one meter and key signature on end. ``notes`` in quarters from the stretch's start."""

    bar_quarters: float
    bars: int
    notes: tuple[Note, ...]


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
    stretches = () if part is None else tuple(_stretches(part))
    return Song(path.stem, composer.replace("_", " "), stretches)


def _unpacked(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        name = next((n for n in archive.namelist() if n.endswith("xml") and "META-INF" not in n), None)
        if name is None or archive.getinfo(name).file_size > MOST_BYTES:
            raise ValueError("no score of a sensible size in it")
        return archive.read(name)


def _stretches(part: ElementTree.Element) -> Iterator[Stretch]:
    divisions, quarters, fifths = 1.0, 4.0, "0"
    sung: list[_Sung] = []
    bars = 0
    kind = (quarters, fifths)
    for measure in part.iter("measure"):
        for attributes in measure.iter("attributes"):
            divisions = float(attributes.findtext("divisions") or divisions)
            quarters = _bar_quarters(attributes, quarters)
            fifths = attributes.findtext("key/fifths") or fifths
        said, length = _measure(measure, divisions)
        is_whole = abs(length - quarters) < _SLACK_QUARTERS
        if bars and ((quarters, fifths) != kind or not is_whole):
            yield Stretch(kind[0], bars, _joined(sung, bars * kind[0]))
            sung, bars = [], 0
        if is_whole:
            kind = (quarters, fifths)
            sung += [note.moved(bars * quarters) for note in said]
            bars += 1
    if bars:
        yield Stretch(kind[0], bars, _joined(sung, bars * kind[0]))


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


def _measure(measure: ElementTree.Element, divisions: float) -> tuple[list[_Sung], float]:
    """The notes of the first voice, from the measure's start, and the measure's length."""
    notes: list[_Sung] = []
    at = end = onset = 0.0
    for item in measure:
        length = float(item.findtext("duration") or 0) / divisions
        if item.tag == "backup":
            at = max(at - length, 0.0)
        elif item.tag == "forward":
            at += length
        elif item.tag == "note" and item.find("grace") is None:
            if item.find("chord") is None:
                onset, at = at, at + length
            if item.find("rest") is None and (item.findtext("voice") or "1") == "1" and length > 0:
                goes_on = any(tie.get("type") == "stop" for tie in item.findall("tie"))
                notes.append(_Sung(onset, onset + length, _pitch(item), goes_on))
        end = max(end, at)
    return notes, end


def _pitch(item: ElementTree.Element) -> int:
    letter, octave = item.findtext("pitch/step") or "C", int(item.findtext("pitch/octave") or 4)
    return 12 * (octave + 1) + _LETTERS[letter] + round(float(item.findtext("pitch/alter") or 0))


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
    return tuple(Note(n.onset, min(n.offset, end), n.pitch, _VELOCITY) for n in line)
