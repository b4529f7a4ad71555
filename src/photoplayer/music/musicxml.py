"""Score to MusicXML 4.0 (partwise), for notation programs.

What is written: bars, meters, keys, tempi, section markers as rehearsal marks, notes and chords with
ties, triplets, percussion on an unpitched staff, and each part's program and place in the mix. How
time becomes symbols is told in :mod:`photoplayer.music.notation`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from photoplayer.files import finished
from photoplayer.music.drums import drum_name
from photoplayer.music.notation import DIVISIONS, Layout, Symbol, Tone, WrittenBar, write_bars
from photoplayer.music.score import KeyChange, Part, Score
from photoplayer.music.theory import Key

_DOCTYPE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    b'<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    b'"http://www.musicxml.org/dtds/partwise.dtd">\n'
)

_SIGNS = {
    3: ("16th", 0),
    6: ("eighth", 0),
    9: ("eighth", 1),
    12: ("quarter", 0),
    18: ("quarter", 1),
    24: ("half", 0),
    36: ("half", 1),
    48: ("whole", 0),
    72: ("whole", 1),
}
_TRIPLET_SIGNS = {4: "eighth", 8: "quarter"}
_FIFTHS_LINE = "FCGDAEB"
_MIDDLE_C = 60

# Staff places of drums after Weinberg, "Guidelines for Drumset Notation" (1998).
_DRUM_PLACES = {
    35: "F4", 36: "F4", 37: "C5", 38: "C5", 39: "C5", 40: "C5", 41: "A4", 42: "G5", 43: "A4", 44: "D4",
    45: "D5", 46: "G5", 47: "D5", 48: "E5", 49: "A5", 50: "E5", 51: "F5", 52: "B5", 53: "F5", 54: "B5",
    55: "B5", 56: "E5", 57: "A5", 59: "F5",
}  # fmt: skip
_OTHER_DRUM_PLACE = "E5"


def write_musicxml(score: Score, path: str | os.PathLike[str], *, title: str = "Photoplayer") -> Path:
    """Write ``score`` to ``path``, whole or not at all. Raises ``OutputError``."""
    target = Path(path)
    data = to_musicxml(score, title=title)
    with finished(target) as temporary:
        temporary.write_bytes(data)
    return target


def to_musicxml(score: Score, *, title: str = "Photoplayer") -> bytes:
    """The MusicXML document of ``score``, the same bytes every time."""
    root = Element("score-partwise", version="4.0")
    _text(SubElement(root, "work"), "work-title", title)
    encoding = SubElement(SubElement(root, "identification"), "encoding")
    _text(encoding, "software", "Photoplayer")
    part_list = SubElement(root, "part-list")
    layout = Layout(score)
    for number, part in enumerate(score.parts, start=1):
        _add_to_list(part_list, f"P{number}", part)
        element = SubElement(root, "part", id=f"P{number}")
        for index, bar in enumerate(write_bars(part, layout)):
            _add_measure(element, bar, index, part, score, is_first_part=number == 1)
    ElementTree.indent(root)
    body: bytes = ElementTree.tostring(root, encoding="utf-8")
    return _DOCTYPE + body + b"\n"


def _add_to_list(part_list: Element, part_id: str, part: Part) -> None:
    entry = SubElement(part_list, "score-part", id=part_id)
    _text(entry, "part-name", part.name)
    pitches = sorted({note.pitch for note in part.notes}) if part.is_drum else [0]
    for pitch in pitches:
        instrument = SubElement(entry, "score-instrument", id=_instrument_id(part_id, part, pitch))
        _text(instrument, "instrument-name", drum_name(pitch) if part.is_drum else part.name)
    for pitch in pitches:
        midi = SubElement(entry, "midi-instrument", id=_instrument_id(part_id, part, pitch))
        if part.is_drum:
            _text(midi, "midi-channel", 10)
        _text(midi, "midi-program", part.program + 1)
        if part.is_drum:
            _text(midi, "midi-unpitched", pitch + 1)
        _text(midi, "volume", round(part.volume / 127 * 100))
        _text(midi, "pan", round(part.pan * 90))


def _instrument_id(part_id: str, part: Part, pitch: int) -> str:
    return f"{part_id}-I{pitch + 1}" if part.is_drum else f"{part_id}-I1"


def _add_measure(
    element: Element, bar: WrittenBar, index: int, part: Part, score: Score, *, is_first_part: bool
) -> None:
    measure = SubElement(element, "measure", number=str(index + 1))
    _add_attributes(measure, bar, index, part, score)
    if is_first_part:
        for direction in _directions(bar, score):
            measure.append(direction)
    key = _key_at(score, bar.bar.start)
    part_id = element.attrib["id"]
    is_silent = all(not symbol.tones for symbol in bar.symbols)
    for symbol in bar.symbols:
        if not symbol.tones:
            _add_rest(measure, symbol, is_whole_bar=is_silent)
        for place, tone in enumerate(symbol.tones):
            _add_note(measure, symbol, tone, part, part_id, key, is_first=place == 0)


def _add_attributes(measure: Element, bar: WrittenBar, index: int, part: Part, score: Score) -> None:
    """Divisions and clef at the beginning, key and meter wherever they change."""
    start, end = bar.bar.start, bar.bar.end
    keys = [change.key for change in score.keys if start <= change.onset < end]
    meters = [change.meter for change in score.meters if start <= change.onset < end]
    if index and not keys and not meters:
        return
    attributes = SubElement(measure, "attributes")
    if index == 0:
        _text(attributes, "divisions", DIVISIONS)
    if (keys or index == 0) and not part.is_drum:
        element = SubElement(attributes, "key")
        key = keys[-1] if keys else Key(0)
        _text(element, "fifths", key.sharps)
        _text(element, "mode", key.mode)
    if meters or index == 0:
        meter = meters[-1] if meters else bar.bar.meter
        element = SubElement(attributes, "time")
        _text(element, "beats", meter.numerator)
        _text(element, "beat-type", meter.denominator)
    if index == 0:
        sign, line = _clef(part)
        element = SubElement(attributes, "clef")
        _text(element, "sign", sign)
        if line:
            _text(element, "line", line)


def _clef(part: Part) -> tuple[str, int]:
    if part.is_drum:
        return "percussion", 0
    mean = sum(note.pitch for note in part.notes) / max(len(part.notes), 1)
    return ("F", 4) if part.notes and mean < _MIDDLE_C else ("G", 2)


def _directions(bar: WrittenBar, score: Score) -> Iterator[Element]:
    start, end = bar.bar.start, bar.bar.end
    for marker in score.markers:
        if start <= marker.onset < end:
            direction, kind = _direction()
            _text(kind, "rehearsal", marker.text)
            _add_offset(direction, marker.onset - start)
            yield direction
    for change in score.tempo_map.changes:
        if start <= change.onset < end:
            direction, kind = _direction()
            metronome = SubElement(kind, "metronome")
            _text(metronome, "beat-unit", "quarter")
            _text(metronome, "per-minute", f"{change.qpm:.4g}")
            _add_offset(direction, change.onset - start)
            SubElement(direction, "sound", tempo=f"{change.qpm:.6f}")
            yield direction


def _direction() -> tuple[Element, Element]:
    direction = Element("direction", placement="above")
    return direction, SubElement(direction, "direction-type")


def _add_offset(direction: Element, quarters: float) -> None:
    units = round(quarters * DIVISIONS)
    if units:
        _text(direction, "offset", units)


def _add_rest(measure: Element, symbol: Symbol, *, is_whole_bar: bool) -> None:
    note = SubElement(measure, "note")
    SubElement(note, "rest", {"measure": "yes"} if is_whole_bar else {})
    _text(note, "duration", symbol.units)
    _text(note, "voice", 1)
    if not is_whole_bar:
        _add_sign(note, symbol)
        _add_notations(note, symbol, None)


def _add_note(
    measure: Element, symbol: Symbol, tone: Tone, part: Part, part_id: str, key: Key, *, is_first: bool
) -> None:
    note = SubElement(measure, "note")
    if not is_first:
        SubElement(note, "chord")
    if part.is_drum:
        _add_drum_place(note, tone.pitch)
    else:
        _add_pitch(note, tone.pitch, key)
    _text(note, "duration", symbol.units)
    for kind in _ties(tone):
        SubElement(note, "tie", type=kind)
    if part.is_drum:
        SubElement(note, "instrument", id=_instrument_id(part_id, part, tone.pitch))
    _text(note, "voice", 1)
    _add_sign(note, symbol)
    _add_notations(note, symbol if is_first else None, tone)


def _ties(tone: Tone) -> list[str]:
    return ["stop"] * tone.tied_from_before + ["start"] * tone.tied_to_next


def _add_pitch(note: Element, midi_pitch: int, key: Key) -> None:
    step, alter, octave = spell(midi_pitch, key)
    pitch = SubElement(note, "pitch")
    _text(pitch, "step", step)
    if alter:
        _text(pitch, "alter", alter)
    _text(pitch, "octave", octave)


def spell(pitch: int, key: Key) -> tuple[str, int, int]:
    """Letter, alteration and octave of a MIDI pitch in a key.

    Of the spellings on the line of fifths, the one between three flatward and eight sharpward of the
    signature: in C, E flat to G sharp, so that a raised seventh in minor is a sharp.
    """
    lowest = key.sharps - 3
    fifths = lowest + (pitch * 7 - lowest) % 12
    alter, letter = divmod(fifths + 1, 7)
    return _FIFTHS_LINE[letter], alter, (pitch - alter) // 12 - 1


def _add_drum_place(note: Element, pitch: int) -> None:
    place = _DRUM_PLACES.get(pitch, _OTHER_DRUM_PLACE)
    unpitched = SubElement(note, "unpitched")
    _text(unpitched, "display-step", place[0])
    _text(unpitched, "display-octave", place[1])


def _add_sign(note: Element, symbol: Symbol) -> None:
    if symbol.is_triplet:
        _text(note, "type", _TRIPLET_SIGNS[symbol.units])
        ratio = SubElement(note, "time-modification")
        _text(ratio, "actual-notes", 3)
        _text(ratio, "normal-notes", 2)
        return
    sign, dots = _SIGNS[symbol.units]
    _text(note, "type", sign)
    for _ in range(dots):
        SubElement(note, "dot")


def _add_notations(note: Element, symbol: Symbol | None, tone: Tone | None) -> None:
    """Ties of a tone, and the triplet's bracket, which only the first note of a chord carries."""
    notations = Element("notations")
    for kind in _ties(tone) if tone else []:
        SubElement(notations, "tied", type=kind)
    if symbol is not None and symbol.starts_group:
        SubElement(notations, "tuplet", type="start")
    if symbol is not None and symbol.ends_group:
        SubElement(notations, "tuplet", type="stop")
    if len(notations):
        note.append(notations)


def _key_at(score: Score, quarters: float) -> Key:
    key = Key(0)
    change: KeyChange
    for change in score.keys:
        if change.onset <= quarters:
            key = change.key
    return key


def _text(parent: Element, tag: str, value: str | int) -> None:
    text = str(value)
    SubElement(parent, tag).text = "".join(c for c in text if c.isprintable())
