"""The bytes of a Standard MIDI File as messages in the order in which a player meets them.

Files are read as hostile: their size, their claimed length and their numbers are bounded, and whatever
is wrong with one is told in one sentence.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import mido

from photoplayer.errors import InputError
from photoplayer.files import read_small

MAX_BYTES = 2 << 20
"""Larger files are refused: of 445 pieces of game and piano music the largest has 0.3 MB."""

MAX_QUARTERS = 100_000
"""Longer files are refused: fourteen hours at 120."""

_ENDLESS_NUMBER = re.compile(rb"[\x80-\xff]{1024}")
"""mido reads a variable-length number of any length, in time that grows with its square."""


@dataclass(slots=True)
class TimedMessage:
    """A message of track ``track`` at ``tick`` ticks from the beginning."""

    tick: int
    track: int
    message: mido.Message | mido.MetaMessage


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that is not too large. Raises ``InputError``."""
    return read_small(path, most_bytes=MAX_BYTES, wanted="a smaller MIDI file")


def parse_midi(data: bytes, *, name: str) -> tuple[int, list[TimedMessage]]:
    """Ticks per quarter, and all messages of all tracks in order of time.

    ``name`` is what errors call the file. Raises ``InputError``.
    """
    midi = _parse(data, name)
    limit = MAX_QUARTERS * midi.ticks_per_beat
    messages = []
    for index, track in enumerate(midi.tracks):
        tick = 0
        for message in track:
            tick += message.time
            if tick > limit:
                raise InputError(
                    f"{name} claims to last longer than {MAX_QUARTERS} quarter notes; "
                    "it is damaged, export it again"
                )
            messages.append(TimedMessage(tick, index, message))
    messages.sort(key=lambda item: (item.tick, item.track))  # stable: the order within a track stays
    return midi.ticks_per_beat, messages


def _parse(data: bytes, name: str) -> mido.MidiFile:
    if len(data) > MAX_BYTES:
        raise InputError(f"{name} is larger than {MAX_BYTES >> 20} MB; give a smaller MIDI file")
    if data[:4] == b"RIFF" and b"MThd" in data[:64]:
        data = data[data.index(b"MThd") :]  # an .rmi file is a MIDI file in an envelope
    if data[:4] != b"MThd":
        raise InputError(f"{name} is not a MIDI file; give one that ends in .mid and plays elsewhere")
    damaged = f"{name} is a damaged MIDI file; export it again from the program that made it"
    if _ENDLESS_NUMBER.search(data):
        raise InputError(damaged)
    try:
        midi = mido.MidiFile(file=io.BytesIO(data), clip=True)
    except Exception as error:  # whatever a parser can meet in hostile bytes: mido promises no set of errors
        raise InputError(damaged) from error
    if midi.ticks_per_beat <= 0:
        raise InputError(f"{name} counts time in film frames; export it again with ticks per quarter note")
    if midi.type == 2:
        raise InputError(f"{name} holds independent songs (MIDI format 2); export it again as format 1")
    return midi
