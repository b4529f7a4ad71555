"""Score to Standard MIDI File: format 1, 960 ticks per quarter, the same bytes every time.

Track 0 holds the title, tempo map, meters, key signatures and one marker per section; every part
follows on a track of its own, with its program and mix (CC 7 volume, CC 10 pan, CC 91 reverb).

Channels: drum parts are on channel 9, whose kit and mix are those of the first of them. Every other
part has a channel to itself while there are enough; beyond fifteen, parts of the same program and mix
share, then parts of the same program (with the mix of the first), and what is left goes to the next
MIDI port, which sequencers honour and simple players ignore.

Two things that a Score knows and MIDI does not are kept as text events, so that our own files come
back whole: ``Key: D dorian`` beside a key signature (which can only say major or minor) and
``Layer: bass`` at the head of a track.
"""

from __future__ import annotations

import io
import os
import struct
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import mido

from photoplayer.files import finished
from photoplayer.music.score import TICKS_PER_QUARTER, Control, Part, Score
from photoplayer.music.theory import Key

if TYPE_CHECKING:
    import pretty_midi

VOLUME_CONTROL, PAN_CONTROL, REVERB_CONTROL = 7, 10, 91
DRUM_CHANNEL = 9
KEY_TEXT, LAYER_TEXT = "Key: ", "Layer: "

_MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
_MAX_TEMPO_US = 0xFFFFFF  # microseconds per quarter are stored in 24 bits
_MAJOR_SIGNATURES = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
_MINOR_SIGNATURES = ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")

_HEADER = struct.Struct(">4sLHHH")  # name, size, format, number of tracks, ticks per quarter

_OFF, _CONTROL, _ON = range(3)  # order within one tick: a note that ends makes room for the next
_Event = tuple[int, int, mido.Message]


def write_midi(score: Score, path: str | os.PathLike[str], *, title: str = "Photoplayer") -> Path:
    """Write ``score`` to ``path``, whole or not at all. Raises ``OutputError``."""
    target = Path(path)
    data = to_bytes(score, title=title)
    with finished(target) as temporary:
        temporary.write_bytes(data)
    return target


def to_bytes(score: Score, *, title: str = "Photoplayer") -> bytes:
    """The MIDI file of ``score``. The same score gives the same bytes on every machine."""
    slots = assign_channels(score.parts)
    last = max(
        _tick(end) for end in (score.end, *(note.offset for part in score.parts for note in part.notes))
    )
    several_ports = any(slot.port for slot in slots)
    sharing: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for index, slot in enumerate(slots):
        sharing[slot.port, slot.channel].append(index)
    chunks = [b""] * len(slots)
    for indices in sharing.values():  # a channel at a time: an hour of notes is large in pieces
        for index, notes in zip(indices, _tick_notes([score.parts[i] for i in indices]), strict=True):
            track = _part_track(score.parts[index], slots[index], notes, last, with_port=several_ports)
            chunks[index] = _chunk(track)
    header = _HEADER.pack(b"MThd", 6, 1, len(chunks) + 1, TICKS_PER_QUARTER)
    return b"".join([header, _chunk(_conductor_track(score, title, last)), *chunks])


def _chunk(track: mido.MidiTrack) -> bytes:
    """A track's bytes. mido's messages take half a kilobyte a note: no two tracks are held at once."""
    stream = io.BytesIO()
    mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_QUARTER, tracks=[track]).save(file=stream)
    return stream.getvalue()[_HEADER.size :]


def to_pretty_midi(score: Score) -> pretty_midi.PrettyMIDI:
    """The score as a ``pretty_midi.PrettyMIDI``, for the many tools that speak it."""
    import pretty_midi  # slow to import, and only needed at this border

    return pretty_midi.PrettyMIDI(io.BytesIO(to_bytes(score)))


@dataclass(frozen=True, slots=True)
class ChannelSlot:
    """Where a part plays. ``owner`` is the part that sets the channel's program and mix."""

    port: int
    channel: int
    owner: bool


def assign_channels(parts: Sequence[Part]) -> list[ChannelSlot]:
    """A channel for each part, as the module's text says."""
    owners: dict[Hashable, tuple[int, int]] = {}
    slots = []
    sharing = _sharing_keys(parts)
    for part, key in zip(parts, sharing, strict=True):
        is_owner = key not in owners
        if is_owner and part.is_drum:
            owners[key] = (0, DRUM_CHANNEL)
        elif is_owner:
            melodic = len(owners) - ("drums" in owners)
            port, place = divmod(melodic, len(_MELODIC_CHANNELS))
            owners[key] = (port, _MELODIC_CHANNELS[place])
        slots.append(ChannelSlot(*owners[key], owner=is_owner))
    return slots


def _sharing_keys(parts: Sequence[Part]) -> list[Hashable]:
    """Parts with equal keys share a channel: the least sharing that fits in one port, if any fits."""
    alone: list[Hashable] = ["drums" if part.is_drum else i for i, part in enumerate(parts)]
    same_mix: list[Hashable] = [
        key if part.is_drum or part.controls else (part.program, part.volume, part.pan, part.reverb)
        for key, part in zip(alone, parts, strict=True)
    ]
    same_program: list[Hashable] = [
        key if part.is_drum or part.controls else part.program for key, part in zip(alone, parts, strict=True)
    ]
    # A program number and a part's index must not be taken for each other.
    same_program = [("program", key) if key != "drums" else key for key in same_program]
    for keys in (alone, same_mix, same_program):
        if len(set(keys) - {"drums"}) <= len(_MELODIC_CHANNELS):
            return keys
    return same_program


@dataclass(slots=True)
class _TickNote:
    on: int
    off: int
    pitch: int
    velocity: int


def _tick_notes(parts: Sequence[Part]) -> list[list[_TickNote]]:
    """Notes in ticks of parts that share a channel, such that it never sounds one pitch twice at once.

    A channel knows no two notes of one pitch: the first end would silence both. So the earlier note
    ends where the later begins, and of two that begin together one remains, the longer and louder.
    """
    kept: list[list[_TickNote]] = [[] for _ in parts]
    by_pitch: defaultdict[int, list[tuple[_TickNote, int]]] = defaultdict(list)
    for index, part in enumerate(parts):
        for heard in part.notes:
            on = _tick(heard.onset)
            off = max(_tick(heard.offset), on + 1)
            ticked = _TickNote(on, off, heard.pitch, heard.velocity)
            by_pitch[heard.pitch].append((ticked, index))
    for group in by_pitch.values():
        group.sort(key=lambda item: (item[0].on, item[1]))
        sounding: _TickNote | None = None
        for note, index in group:
            if sounding is not None and sounding.on == note.on:
                sounding.off = max(sounding.off, note.off)
                sounding.velocity = max(sounding.velocity, note.velocity)
                continue
            if sounding is not None:
                sounding.off = min(sounding.off, note.on)
            kept[index].append(note)
            sounding = note
    return kept


def _conductor_track(score: Score, title: str, last: int) -> mido.MidiTrack:
    events: list[tuple[int, mido.MetaMessage]] = [(0, _text("track_name", title))]
    for tempo in score.tempo_map.changes:
        microseconds = min(round(60e6 / tempo.qpm), _MAX_TEMPO_US)
        events.append((_tick(tempo.onset), mido.MetaMessage("set_tempo", tempo=max(microseconds, 1))))
    for change in score.meters:
        meter = change.meter
        signature = mido.MetaMessage(
            "time_signature",
            numerator=meter.numerator,
            denominator=meter.denominator,
            clocks_per_click=round(24 * meter.beat_quarters),
        )
        events.append((_tick(change.onset), signature))
    for at in score.keys:
        tick = _tick(at.onset)
        events.append((tick, mido.MetaMessage("key_signature", key=_signature_name(at.key))))
        events.append((tick, _text("text", KEY_TEXT + str(at.key))))
    events += [(_tick(marker.onset), _text("marker", marker.text)) for marker in score.markers]
    return _track(sorted(events, key=lambda event: event[0]), last)


def _signature_name(key: Key) -> str:
    """The name mido gives a signature of ``key.sharps``; only its count and minor flag reach the file."""
    if key.is_minor:
        return _MINOR_SIGNATURES[key.sharps + 7] + "m"
    return _MAJOR_SIGNATURES[key.sharps + 7]


def _part_track(
    part: Part, slot: ChannelSlot, notes: Sequence[_TickNote], last: int, *, with_port: bool
) -> mido.MidiTrack:
    head: list[tuple[int, mido.Message | mido.MetaMessage]] = [(0, _text("track_name", part.name))]
    if part.layer:
        head.append((0, _text("text", LAYER_TEXT + part.layer)))
    if with_port:
        head.append((0, mido.MetaMessage("midi_port", port=slot.port)))
    if slot.owner:
        head.append((0, mido.Message("program_change", channel=slot.channel, program=part.program)))
        head += [(0, _control(slot, control)) for control in _mix(part)]
    events: list[_Event] = [
        (_tick(control.onset), _CONTROL, _control(slot, control)) for control in part.controls
    ]
    for note in notes:
        off = mido.Message("note_off", channel=slot.channel, note=note.pitch, velocity=64)
        on = mido.Message("note_on", channel=slot.channel, note=note.pitch, velocity=note.velocity)
        events += [(note.off, _OFF, off), (note.on, _ON, on)]
    events.sort(key=lambda event: (event[0], event[1], getattr(event[2], "note", 0)))
    return _track([*head, *((tick, message) for tick, _, message in events)], last)


def _mix(part: Part) -> list[Control]:
    return [
        Control(0, VOLUME_CONTROL, part.volume),
        Control(0, PAN_CONTROL, round(64 + 63 * part.pan)),
        Control(0, REVERB_CONTROL, round(127 * part.reverb)),
    ]


def _control(slot: ChannelSlot, control: Control) -> mido.Message:
    value = min(max(control.value, 0), 127)
    return mido.Message("control_change", channel=slot.channel, control=control.number, value=value)


def _text(kind: str, text: str) -> mido.MetaMessage:
    """A text event in UTF-8. mido writes Latin-1, one byte a character, so it is given the bytes."""
    as_bytes = text.encode("utf-8").decode("latin-1")
    return mido.MetaMessage(kind, **{"name" if kind == "track_name" else "text": as_bytes})


def _track(events: Sequence[tuple[int, mido.Message | mido.MetaMessage]], last: int) -> mido.MidiTrack:
    """Events at absolute ticks, in order, as a track that ends at ``last``."""
    track = mido.MidiTrack()
    now = 0
    for tick, message in events:
        message.time = tick - now
        track.append(message)
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=max(last - now, 0)))
    return track


def _tick(quarters: float) -> int:
    return round(quarters * TICKS_PER_QUARTER)
