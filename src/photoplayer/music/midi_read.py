"""Standard MIDI File to Score, for files from anywhere.

A part is what a musician would call one: the notes of one program on one channel of one track, so a
format 0 file falls apart into its instruments and a track that changes program becomes several.
Tempo, meter, key and markers are kept; notes without length are dropped; notes that were never ended
end with the file; a note struck again while it sounds ends there. Pitch bend has no place in a Score.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from photoplayer.errors import InputError
from photoplayer.music.drums import drum_kit_name
from photoplayer.music.instruments import program_name
from photoplayer.music.melody import find_melody, skyline
from photoplayer.music.midi_parse import TimedMessage, parse_midi, read_bytes
from photoplayer.music.midi_write import (
    DRUM_CHANNEL,
    KEY_TEXT,
    LAYER_TEXT,
    PAN_CONTROL,
    REVERB_CONTROL,
    VOLUME_CONTROL,
)
from photoplayer.music.score import (
    Control,
    KeyChange,
    Marker,
    MeterChange,
    Note,
    Part,
    Score,
    TempoChange,
    TempoMap,
)
from photoplayer.music.theory import Key, Meter

_MAX_NAME = 200
_MIX_DEFAULTS = {VOLUME_CONTROL: 100, PAN_CONTROL: 64, REVERB_CONTROL: 40}


MIDI_SUFFIXES = frozenset({".mid", ".midi", ".kar", ".rmi", ".smf"})
"""Endings of files that :func:`read_midi` reads."""


def read_midi(path: str | os.PathLike[str]) -> Score:
    """The Score in the MIDI file at ``path``. Raises ``InputError``."""
    source = Path(path)
    return score_from_bytes(read_bytes(source), name=str(source))


def read_melody(path: str | os.PathLike[str]) -> Score:
    """The melody of the MIDI file at ``path``: a Score of one part that never sounds two notes at once.

    Raises ``InputError`` where the file cannot be read or has no pitched notes.
    """
    score = read_midi(path)
    if not any(part.notes for part in score.parts if not part.is_drum):
        raise InputError(f"{path} has no melody, only drums or silence; give a MIDI file with a tune in it")
    part = find_melody(score)
    return replace(score, parts=(replace(part, notes=skyline(part.notes)),))


def score_from_bytes(data: bytes, *, name: str = "the MIDI data") -> Score:
    """The Score in the bytes of a MIDI file; ``name`` is what errors call it. Raises ``InputError``."""
    ticks_per_quarter, messages = parse_midi(data, name=name)
    reader = _Reader(ticks_per_quarter)
    for message in messages:
        reader.take(message)
    return reader.score()


_Channel = tuple[int, int]
"""Port and channel."""


@dataclass(slots=True)
class _Voice:
    """A part in the making: one program on one channel of one track."""

    channel: _Channel
    track: int
    program: int
    mix: dict[int, int]
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    voice: _Voice
    tick: int
    velocity: int


class _Reader:
    """Takes messages in order and gathers what a Score needs."""

    def __init__(self, ticks_per_quarter: int) -> None:
        self._per_quarter = ticks_per_quarter
        self._ports: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._layers: dict[int, str] = {}
        self._programs: dict[_Channel, int] = {}
        self._mix: defaultdict[_Channel, dict[int, int]] = defaultdict(lambda: dict(_MIX_DEFAULTS))
        self._voices: dict[tuple[int, _Channel, int], _Voice] = {}
        self._open: dict[tuple[int, _Channel, int], _Open] = {}
        self._controls: defaultdict[tuple[int, _Channel], list[Control]] = defaultdict(list)
        self._started: set[_Channel] = set()
        self._tempos: dict[int, float] = {}
        self._meters: dict[int, Meter] = {}
        self._keys: dict[int, Key] = {}
        self._markers: list[Marker] = []
        self._last = 0

    def take(self, timed: TimedMessage) -> None:
        message = timed.message
        self._last = max(self._last, timed.tick)
        if message.is_meta:
            self._take_meta(timed)
            return
        if not hasattr(message, "channel"):
            return
        channel = (self._ports.get(timed.track, 0), message.channel)
        kind = message.type
        if kind == "note_on" and message.velocity > 0:
            self._note_on(timed, channel)
        elif kind in ("note_on", "note_off"):
            self._end(timed.track, channel, message.note, timed.tick)
        elif kind == "program_change":
            self._programs[channel] = message.program
        elif kind == "control_change":
            self._take_control(timed, channel)

    def _note_on(self, timed: TimedMessage, channel: _Channel) -> None:
        pitch = timed.message.note
        self._end(timed.track, channel, pitch, timed.tick)
        program = self._programs.get(channel, 0)
        key = (timed.track, channel, program)
        if key not in self._voices:
            self._voices[key] = _Voice(channel, timed.track, program, dict(self._mix[channel]))
        self._started.add(channel)
        self._open[timed.track, channel, pitch] = _Open(self._voices[key], timed.tick, timed.message.velocity)

    def _end(self, track: int, channel: _Channel, pitch: int, tick: int) -> None:
        sounding = self._open.pop((track, channel, pitch), None)
        if sounding is None or tick <= sounding.tick:
            return
        onset, offset = sounding.tick / self._per_quarter, tick / self._per_quarter
        sounding.voice.notes.append(Note(onset, offset, pitch, sounding.velocity))

    def _take_control(self, timed: TimedMessage, channel: _Channel) -> None:
        number, value = timed.message.control, timed.message.value
        if number in _MIX_DEFAULTS and channel not in self._started:
            self._mix[channel][number] = value
        else:
            control = Control(timed.tick / self._per_quarter, number, value)
            self._controls[timed.track, channel].append(control)

    def _take_meta(self, timed: TimedMessage) -> None:
        message, tick = timed.message, timed.tick
        kind = message.type
        if kind == "set_tempo" and message.tempo > 0:
            self._tempos[tick] = 60e6 / message.tempo
        elif kind == "time_signature" and 1 <= message.numerator <= 32 and message.denominator <= 16:
            self._meters[tick] = Meter(message.numerator, message.denominator)
        elif kind == "key_signature":
            self._keys[tick] = Key.parse(message.key)
        elif kind == "marker":
            self._markers.append(Marker(tick / self._per_quarter, _clean(message.text)))
        elif kind == "track_name":
            self._names.setdefault(timed.track, _clean(message.name))
        elif kind == "midi_port":
            self._ports[timed.track] = message.port
        elif kind == "text":
            self._take_text(_clean(message.text), timed)

    def _take_text(self, text: str, timed: TimedMessage) -> None:
        if text.startswith(LAYER_TEXT):
            self._layers[timed.track] = text.removeprefix(LAYER_TEXT)
        elif text.startswith(KEY_TEXT):
            try:
                key = Key.parse(text.removeprefix(KEY_TEXT))
            except ValueError:
                return  # someone else's text that begins like ours
            signature = self._keys.get(timed.tick)
            if signature is not None and signature.sharps == key.sharps:
                self._keys[timed.tick] = key

    def score(self) -> Score:
        for track, channel, pitch in list(self._open):
            self._end(track, channel, pitch, self._last)
        q = self._per_quarter
        tempos = [TempoChange(tick / q, qpm) for tick, qpm in sorted({0: 120.0, **self._tempos}.items())]
        meters = sorted({0: Meter(4, 4), **self._meters}.items())
        return Score(
            parts=tuple(self._parts()),
            end=self._last / q,
            tempo_map=TempoMap(tuple(tempos)),
            meters=tuple(MeterChange(tick / q, meter) for tick, meter in meters),
            keys=tuple(KeyChange(tick / q, key) for tick, key in sorted(self._keys.items())),
            markers=tuple(self._markers),
        )

    def _parts(self) -> Iterator[Part]:
        voices = [voice for voice in self._voices.values() if voice.notes]
        in_track: defaultdict[int, int] = defaultdict(int)
        for voice in voices:
            in_track[voice.track] += 1
        for voice in sorted(voices, key=lambda v: (v.track, v.channel)):
            is_drum = voice.channel[1] == DRUM_CHANNEL
            sound = drum_kit_name(voice.program) if is_drum else program_name(voice.program)
            own_name = self._names.get(voice.track) if in_track[voice.track] == 1 else None
            yield Part(
                name=own_name or sound,
                program=voice.program,
                notes=tuple(sorted(voice.notes)),
                is_drum=is_drum,
                layer=self._layers.get(voice.track, ""),
                volume=voice.mix[VOLUME_CONTROL],
                pan=max((voice.mix[PAN_CONTROL] - 64) / 63, -1.0),
                reverb=voice.mix[REVERB_CONTROL] / 127,
                controls=tuple(self._controls_of(voice, voices)),
            )

    def _controls_of(self, voice: _Voice, voices: list[_Voice]) -> Iterator[Control]:
        """The controls of the voice's own track, and those of tracks that play nothing themselves."""
        playing = {(other.track, other.channel) for other in voices}
        for (track, channel), controls in self._controls.items():
            is_mine = track == voice.track or (track, channel) not in playing
            if channel == voice.channel and is_mine:
                yield from controls


def _clean(text: str) -> str:
    """A text event as mido gives it (one character a byte) in readable form."""
    data = text.encode("latin-1", "replace")
    try:
        decoded = data.decode("utf-8")
    except UnicodeDecodeError:
        decoded = data.decode("latin-1")
    return "".join(c for c in decoded if c.isprintable()).strip()[:_MAX_NAME]
