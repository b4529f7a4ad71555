"""The default decoder: a roll becomes notes, stretch by stretch, in memory that does not grow.

Decisions are taken over 16 s at a time with 4 s of what follows in view; a key's history is settled well
within that. What the settings mean is told in :mod:`photoplayer.piano.decoder_settings`, how evidence is
gathered in :mod:`photoplayer.piano.evidence`, how it is decided in :mod:`photoplayer.piano.path`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from photoplayer.piano.decoder_settings import DecoderSettings
from photoplayer.piano.evidence import weigh
from photoplayer.piano.path import Held, best_path
from photoplayer.piano.roll import Curves, HeardNote, Roll
from photoplayer.piano.shyness import Heard, heard, raised
from photoplayer.piano.tell import Teller

BLOCK_S, AHEAD_S, BEHIND_S = 16.0, 4.0, 0.5
"""What is decided at once; what follows, and what came before, that is looked at."""


class Decoder:
    """Rolls in, finished notes out: :meth:`feed` for each roll in order, then :meth:`finish`.

    A roll that does not continue the one before ends all notes; so does the end. Keys that are not seen give
    none. A key held as a stretch begins is a note from there on, of half the confidence.
    """

    def __init__(self, settings: DecoderSettings | None = None) -> None:
        self._settings = settings or DecoderSettings()
        self._heard = Heard()
        self._begin()

    def feed(self, roll: Roll) -> list[HeardNote]:
        """The notes that are finished with this roll, in order of onset."""
        notes = [] if roll.continues else self._end()
        if not len(roll.times_s):
            return notes
        if not self._waiting:
            self._from_s = float(roll.times_s[0])
        self._waiting.append(_blanked(roll))
        while roll.times_s[-1] >= self._from_s + BLOCK_S + AHEAD_S:
            notes += self._decide(BLOCK_S)
        return sorted(notes)

    def finish(self) -> list[HeardNote]:
        """The rest: what is still held ends with the last frame. What is fed then is another video."""
        notes = self._end()
        self._heard = Heard()
        return notes

    def _begin(self) -> None:
        """A stretch of which nothing is known."""
        self._waiting: list[Roll] = []
        self._decided = 0  # frames at the head of those waiting that are only looked at
        self._from_s = 0.0  # time of the first that is not
        self._held: Held | None = None
        self._teller = Teller(self._settings)

    def _end(self) -> list[HeardNote]:
        notes = self._decide(BLOCK_S + AHEAD_S) + self._teller.close() if self._waiting else []
        self._begin()
        return sorted(notes)

    def _decide(self, seconds: float) -> list[HeardNote]:
        """Settle so many seconds, in the light of those after them that wait."""
        roll = _joined(self._waiting)
        end = int(np.searchsorted(roll.times_s, self._from_s + BLOCK_S + AHEAD_S))
        looked_at = _part(roll, 0, end)
        count = int(np.searchsorted(roll.times_s, self._from_s + seconds)) - self._decided
        now = heard(_part(roll, self._decided, end))
        evidence = weigh(looked_at, raised(self._settings, self._heard + now)).since(self._decided)
        path = best_path(evidence, self._settings, start=self._held)
        notes = self._teller.tell(evidence, path, count)
        self._held = path.held[count - 1]
        self._keep(roll, count)
        return notes

    def _keep(self, roll: Roll, count: int) -> None:
        """Let go of what is settled, ``count`` frames more, but for the last half second."""
        settled = self._decided + count
        self._heard += heard(_part(roll, self._decided, settled))
        kept = int(np.searchsorted(roll.times_s, roll.times_s[settled - 1] - BEHIND_S))
        self._waiting = [_part(roll, kept, len(roll.times_s))]
        self._decided = settled - kept
        if settled < len(roll.times_s):
            self._from_s = float(roll.times_s[settled])


def decode(rolls: Sequence[Roll], settings: DecoderSettings | None = None) -> list[HeardNote]:
    """All notes of a video's rolls in order of onset."""
    decoder = Decoder(settings)
    notes = [note for roll in rolls for note in decoder.feed(roll)]
    return sorted(notes + decoder.finish())


def _blanked(roll: Roll) -> Roll:
    """The roll with nothing said of keys that are not seen."""
    if roll.seen.all():
        return roll

    def blank(curve: Curves | None) -> Curves | None:
        return None if curve is None else np.where(roll.seen, curve, np.float32(0.0))

    down = np.where(roll.seen, roll.down, np.float32(0.0))
    return replace(roll, down=down, onset=blank(roll.onset), offset=blank(roll.offset))


def _joined(rolls: Sequence[Roll]) -> Roll:
    def join(curves: Sequence[Curves | None]) -> Curves | None:
        known = [curve for curve in curves if curve is not None]
        return np.concatenate(known) if len(known) == len(curves) else None

    if len(rolls) == 1:
        return rolls[0]
    return Roll(
        times_s=np.concatenate([roll.times_s for roll in rolls]),
        down=np.concatenate([roll.down for roll in rolls]),
        onset=join([roll.onset for roll in rolls]),
        onset_s=join([roll.onset_s for roll in rolls]),
        offset=join([roll.offset for roll in rolls]),
        offset_s=join([roll.offset_s for roll in rolls]),
        velocity=join([roll.velocity for roll in rolls]),
        seen=np.logical_or.reduce([roll.seen for roll in rolls]),
    )


def _part(roll: Roll, first: int, end: int) -> Roll:
    """Frames ``first`` to before ``end``, a view."""

    def cut(curve: Curves | None) -> Curves | None:
        return None if curve is None else curve[first:end]

    return Roll(
        times_s=roll.times_s[first:end],
        down=roll.down[first:end],
        onset=cut(roll.onset),
        onset_s=cut(roll.onset_s),
        offset=cut(roll.offset),
        offset_s=cut(roll.offset_s),
        velocity=cut(roll.velocity),
        seen=roll.seen,
    )
