"""A score as a list of moments for the synthesiser."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from math import sqrt
from operator import itemgetter

from photoplayer.errors import InputError
from photoplayer.music.score import Part, Score
from photoplayer.sound.audio import RATE_HZ
from photoplayer.sound.synth import EVENT_FRAMES, MOST_CHANNELS, MOST_GROUPS, Synth

_VOLUME, _PAN, _PEDAL, _REVERB, _CHORUS = 7, 10, 64, 91, 93
_SHORT_FRAMES = 4096
"""A tenth of a second: notes are not cut shorter than that for the end's sake."""


class Kind(IntEnum):
    """What happens; at the same moment, releases come first and notes last."""

    NOTE_OFF = 0
    CONTROL = 1
    NOTE_ON = 2


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """At sample ``frame``: a note (pitch, velocity) or a control (number, value) on ``channel``."""

    frame: int
    kind: Kind
    channel: int
    number: int
    value: int

    def play(self, synth: Synth) -> None:
        """Send it."""
        if self.kind is Kind.NOTE_ON:
            synth.note_on(self.channel, self.number, self.value)
        elif self.kind is Kind.NOTE_OFF:
            synth.note_off(self.channel, self.number)
        else:
            synth.control(self.channel, self.number, self.value)


@dataclass(frozen=True)
class Orchestra:
    """Which channel plays which part, and into which group its sound goes."""

    parts: tuple[Part, ...]
    channel_of: tuple[int, ...]
    groups: int

    @classmethod
    def seat(cls, score: Score, *, by_layer: bool) -> Orchestra:
        """Give every part a channel; with ``by_layer``, every layer a group of its own.

        Raises :class:`InputError` for a score with more parts or layers than can sound at once.
        """
        layers = score.layers if by_layer else ("",)
        groups = max(len(layers), 1)
        seated: dict[int, int] = defaultdict(int)
        channels = []
        for part in score.parts:
            group = layers.index(part.layer) if by_layer else 0
            channels.append(group + groups * seated[group])
            seated[group] += 1
        if max(channels, default=0) >= MOST_CHANNELS or groups > MOST_GROUPS:
            raise InputError(
                f"The score has {len(score.parts)} parts in {groups} layers, more than can sound at once; "
                "merge parts that share an instrument."
            )
        return cls(score.parts, tuple(channels), groups)

    @property
    def channels(self) -> int:
        """How many channels the synthesiser needs."""
        return max(self.channel_of, default=0) + 1

    def tune(self, synth: Synth) -> None:
        """Choose every part's instrument."""
        for part, channel in zip(self.parts, self.channel_of, strict=True):
            synth.program(channel, part.program, is_drum=part.is_drum)


def schedule(score: Score, orchestra: Orchestra, *, release_by_s: float | None = None) -> Iterator[Event]:
    """All events in playing order, at whole synthesiser steps, made as they are asked for.

    Notes that would still be held after ``release_by_s`` seconds are released there, so that
    they ring out before the audio ends.
    """
    clock = _Clock(score, release_by_s)
    streams = []
    for part, channel in zip(orchestra.parts, orchestra.channel_of, strict=True):
        streams += [_controls(part, channel, clock), _notes(part, channel, clock)]
    return heapq.merge(*streams)


@dataclass(frozen=True)
class _Clock:
    score: Score
    release_by_s: float | None

    def step(self, quarters: float) -> int:
        """The synthesiser step nearest to a position, in samples."""
        return round(self.score.tempo_map.seconds(quarters) * RATE_HZ / EVENT_FRAMES) * EVENT_FRAMES

    @cached_property
    def end_frame(self) -> int:
        """Where pedals are lifted: the end of the score."""
        return self.step(max(self.score.end, last_offset(self.score)))

    def release(self, onset: int, offset: int) -> int:
        """Where a note is let go. One that begins at the very end is as short as it is written."""
        if self.release_by_s is not None:
            release_by = round(self.release_by_s * RATE_HZ / EVENT_FRAMES) * EVENT_FRAMES
            if onset + _SHORT_FRAMES < release_by:
                offset = min(offset, release_by)
        return max(offset, onset + EVENT_FRAMES)


def last_offset(score: Score) -> float:
    """Where the last note ends, in quarters; 0 without notes."""
    return max((note.offset for note in score.notes()), default=0.0)


def _controls(part: Part, channel: int, clock: _Clock) -> Iterator[Event]:
    """The part's place in the mix, its own controls, and the pedal lifted at the end."""
    # A soundfont's reverb send grows linearly with CC 91 and is shy: the root makes ``reverb`` a
    # share of power, so that the usual 0.3 puts the room some 16 dB under the instrument.
    settings = {
        _VOLUME: part.volume,
        _PAN: 64 + round(63 * part.pan),
        _REVERB: round(127 * sqrt(min(max(part.reverb, 0.0), 1.0))),
        _CHORUS: 0,
    }
    for number, value in settings.items():
        yield Event(0, Kind.CONTROL, channel, number, min(max(value, 0), 127))
    for control in sorted(part.controls, key=lambda control: control.onset):
        yield Event(clock.step(control.onset), Kind.CONTROL, channel, control.number, control.value)
    yield Event(clock.end_frame, Kind.CONTROL, channel, _PEDAL, 0)


def _notes(part: Part, channel: int, clock: _Clock) -> Iterator[Event]:
    """Ons and offs. A key struck again while it is down is released first, and only once."""
    struck: dict[int, int] = {}  # pitch: where it went down
    down: dict[int, int] = {}  # pitch: where it comes up
    for note in sorted(part.notes):
        onset = clock.step(note.onset)
        offset = clock.release(onset, clock.step(note.offset))
        if struck.get(note.pitch) == onset:
            down[note.pitch] = offset  # twice at once is once, as long as the longer
            continue
        for pitch, frame in sorted(down.items(), key=itemgetter(1)):
            if frame <= onset:
                yield Event(down.pop(pitch), Kind.NOTE_OFF, channel, pitch, 0)
        if note.pitch in down:
            yield Event(onset, Kind.NOTE_OFF, channel, note.pitch, 0)
        yield Event(onset, Kind.NOTE_ON, channel, note.pitch, note.velocity)
        struck[note.pitch], down[note.pitch] = onset, offset
    for pitch, frame in sorted(down.items(), key=itemgetter(1)):
        yield Event(frame, Kind.NOTE_OFF, channel, pitch, 0)
