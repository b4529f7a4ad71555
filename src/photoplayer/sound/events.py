"""A score as a list of moments for the synthesiser."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from math import sqrt

from photoplayer.errors import InputError
from photoplayer.music.score import Note, Part, Score
from photoplayer.sound.audio import RATE_HZ
from photoplayer.sound.synth import EVENT_FRAMES, MOST_CHANNELS, Synth

_VOLUME, _PAN, _PEDAL, _REVERB, _CHORUS = 7, 10, 64, 91, 93


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

        Raises :class:`InputError` for a score with more parts than there are channels.
        """
        layers = score.layers if by_layer else ("",)
        groups = max(len(layers), 1)
        seated: dict[int, int] = defaultdict(int)
        channels = []
        for part in score.parts:
            group = layers.index(part.layer) if by_layer else 0
            channels.append(group + groups * seated[group])
            seated[group] += 1
        if max(channels, default=0) >= MOST_CHANNELS:
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


def schedule(score: Score, orchestra: Orchestra, *, release_by_s: float | None = None) -> list[Event]:
    """All events in playing order, at whole synthesiser steps.

    Notes that would still be held after ``release_by_s`` seconds are released there, so that
    they ring out before the audio ends.
    """
    events: list[Event] = []
    clock = _Clock(score, release_by_s)
    for part, channel in zip(orchestra.parts, orchestra.channel_of, strict=True):
        events += _mix_settings(part, channel)
        events += (
            Event(clock.step(c.onset), Kind.CONTROL, channel, c.number, c.value) for c in part.controls
        )
        events.append(Event(clock.end_frame, Kind.CONTROL, channel, _PEDAL, 0))
        events += _note_events(part.notes, channel, clock)
    return sorted(events)


@dataclass(frozen=True)
class _Clock:
    score: Score
    release_by_s: float | None

    def step(self, quarters: float) -> int:
        """The synthesiser step nearest to a position, in samples."""
        return round(self.score.tempo_map.seconds(quarters) * RATE_HZ / EVENT_FRAMES) * EVENT_FRAMES

    @property
    def end_frame(self) -> int:
        """Where pedals are lifted: the end of the score."""
        return self.step(max(self.score.end, last_offset(self.score)))

    def release(self, onset: int, offset: int) -> int:
        if self.release_by_s is not None:
            offset = min(offset, round(self.release_by_s * RATE_HZ / EVENT_FRAMES) * EVENT_FRAMES)
        return max(offset, onset + EVENT_FRAMES)


def last_offset(score: Score) -> float:
    """Where the last note ends, in quarters; 0 without notes."""
    return max((note.offset for note in score.notes()), default=0.0)


def _mix_settings(part: Part, channel: int) -> list[Event]:
    # A soundfont's reverb send grows linearly with CC 91 and is shy: the root makes ``reverb`` a
    # share of power, so that the usual 0.3 puts the room some 16 dB under the instrument.
    settings = {
        _VOLUME: part.volume,
        _PAN: 64 + round(63 * part.pan),
        _REVERB: round(127 * sqrt(min(max(part.reverb, 0.0), 1.0))),
        _CHORUS: 0,
    }
    return [
        Event(0, Kind.CONTROL, channel, number, min(max(value, 0), 127)) for number, value in settings.items()
    ]


def _note_events(notes: tuple[Note, ...], channel: int, clock: _Clock) -> list[Event]:
    """Ons and offs; a key struck again while it is down is released first, and once."""
    by_pitch: dict[int, list[Note]] = defaultdict(list)
    for note in notes:
        by_pitch[note.pitch].append(note)
    events = []
    for pitch, struck in by_pitch.items():
        struck.sort()
        onsets = [clock.step(note.onset) for note in struck]
        for i, note in enumerate(struck):
            onset, offset = onsets[i], clock.release(onsets[i], clock.step(note.offset))
            if i + 1 < len(struck):
                if onsets[i + 1] == onset:
                    continue  # the same key twice at once: the louder, later one plays
                offset = min(offset, onsets[i + 1])
            events.append(Event(onset, Kind.NOTE_ON, channel, pitch, note.velocity))
            events.append(Event(offset, Kind.NOTE_OFF, channel, pitch, 0))
    return events
