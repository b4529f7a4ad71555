"""How good a transcription is: found notes against the notes that were played.

**Notes.** A true note is found where a note of the same pitch begins within a tolerance; each found note may
stand for one true note and the reverse, as many pairs as possible (mir_eval, Raffel et al., ISMIR 2014).
Papers on video differ in the tolerance, 50 or 100 ms, and a system that is late by a constant 60 ms loses
everything by the one and nothing by the other, so both are given. Onset and offset together are scored by
three rules: both within 50 ms; both within 100 ms (the tables of visual transcription); and mir_eval's own,
onset within 50 ms and offset within 50 ms or a fifth of the note's length, whichever is more, which is
milder for long notes. A number from one rule says nothing about a number from another.

**Offsets** are key releases. Where the truth was derived from sound, its offsets follow the pedal and the
string, and every rule with offsets, frame F1 too, then punishes a transcription for being right.

**Frames** (:mod:`photoplayer.evaluate.keyframes`): F1 over keys held at moments, black and white keys apart,
exact and without the cells at the edges. Not scikit-learn's per-sample average of the Audeo paper, in which
a silent moment heard as silent counts as perfect and most of a slow piece is won by hearing nothing.

**Lag.** Recordings differ by a constant delay between picture and MIDI. It is estimated as the commonest
difference between onsets of the same pitch, and every note score is given raw and with that lag taken out
of the found notes. The second number is what a listener hears; the first is what the file says. To correct
*test* labels with the model under test and report that alone inflates F1.

**Hard notes.** Repeats are strikes of a key that was let go less than 150 ms before (``after_release``) or
struck less than 150 ms before (``after_press``); short ones last less than 120 ms. The share is of those
whose own note was found within 100 ms.

**False notes** are found notes that stand for no true one at 100 ms, per minute of the recording: the one
number that means something where nobody plays.

**Velocity** is compared over notes found within 50 ms, and only where the truth varies: of a constant truth
a constant guess is perfect. The error is the mean absolute one, of 127.

Scores are taken per recording, then averaged, so that a long recording weighs no more than a short one;
intervals are bootstraps over recordings (:mod:`photoplayer.evaluate.transcription_table`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.evaluate.changes import Matching
from photoplayer.evaluate.keyframes import EDGE_S, FrameScores, Times, score_frames
from photoplayer.evaluate.notes import Notes, Pairs, match, onset_differences_s

TIGHT_S, WIDE_S = 0.05, 0.1
LENGTH_SHARE = 0.2
REPEAT_S, SHORT_S = 0.15, 0.12
LAG_WINDOW_S = 0.3
_LAG_STEP_S, _LAG_SPREAD_S = 0.005, 0.03
_FEWEST_FOR_LAG = 5


@dataclass(frozen=True, slots=True)
class NoteScores:
    """Matched notes by the five rules."""

    onset_50: Matching
    onset_100: Matching
    offset_50: Matching
    offset_100: Matching
    offset_ratio: Matching


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    found: int = 0
    true: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.found + other.found, self.true + other.true)

    @property
    def value(self) -> float:
        """nan where there was none."""
        return self.found / self.true if self.true else float("nan")


@dataclass(frozen=True, slots=True)
class VelocityScores:
    """Over the notes found: Pearson's correlation, and the mean absolute error of 127."""

    correlation: float
    error: float
    notes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionScores:
    """What a recording's transcription is worth; see the module."""

    raw: NoteScores
    lag_s: float
    aligned: NoteScores
    frames: FrameScores
    after_release: Share
    after_press: Share
    short: Share
    false_per_minute: float
    velocity: VelocityScores | None


def score_transcription(
    truth: Notes,
    found: Notes,
    *,
    duration_s: float | None = None,
    times_s: Times | None = None,
    edge_s: float = EDGE_S,
) -> TranscriptionScores:
    """Compare ``found`` with ``truth``, both in the recording's seconds.

    ``duration_s`` is the recording's (default: to the last offset), ``times_s`` are moments to compare held
    keys at (default: every 10 ms), ``edge_s`` is one frame of the video. Raises
    :class:`photoplayer.errors.SetupError` where mir_eval is not installed.
    """
    lag_s = constant_lag_s(truth, found)
    wide = match(truth, found, onset_s=WIDE_S)
    return TranscriptionScores(
        raw=score_notes(truth, found, wide=wide),
        lag_s=lag_s,
        aligned=score_notes(truth, found.shifted(-lag_s)),
        frames=score_frames(truth, found, times_s=times_s, edge_s=edge_s),
        after_release=share_found(is_repeat(truth, since_release=True), wide),
        after_press=share_found(is_repeat(truth, since_release=False), wide),
        short=share_found(is_short(truth), wide),
        false_per_minute=_per_minute(len(found) - len(wide), truth, found, duration_s),
        velocity=_velocity(truth, found),
    )


def score_notes(truth: Notes, found: Notes, *, wide: Pairs | None = None) -> NoteScores:
    """The five note scores; ``wide`` are the pairs at 100 ms where they are known."""

    def matching(pairs: Pairs) -> Matching:
        return Matching(len(pairs), len(found), len(truth))

    return NoteScores(
        onset_50=matching(match(truth, found, onset_s=TIGHT_S)),
        onset_100=matching(match(truth, found, onset_s=WIDE_S) if wide is None else wide),
        offset_50=matching(match(truth, found, onset_s=TIGHT_S, offset_s=TIGHT_S)),
        offset_100=matching(match(truth, found, onset_s=WIDE_S, offset_s=WIDE_S)),
        offset_ratio=matching(
            match(truth, found, onset_s=TIGHT_S, offset_s=TIGHT_S, offset_share=LENGTH_SHARE)
        ),
    )


def constant_lag_s(truth: Notes, found: Notes, *, window_s: float = LAG_WINDOW_S) -> float:
    """By how much the found notes come late (negative: early), 0 where too few are alike to tell.

    The commonest difference between onsets of one pitch, sought in steps of 5 ms within ``window_s``, then
    the median of the differences within 30 ms of it. No matching is needed, which a lag would spoil.
    """
    differences = np.sort(onset_differences_s(truth, found, within_s=window_s + _LAG_SPREAD_S))
    if len(differences) < _FEWEST_FOR_LAG:
        return 0.0
    centres = np.arange(-round(window_s / _LAG_STEP_S), round(window_s / _LAG_STEP_S) + 1) * _LAG_STEP_S
    low = np.searchsorted(differences, centres - _LAG_SPREAD_S, side="left")
    high = np.searchsorted(differences, centres + _LAG_SPREAD_S, side="right")
    best = np.flatnonzero(high - low == (high - low).max())
    middle = best[np.argmin(np.abs(centres[best]))]  # of equals, the smallest lag
    return float(np.median(differences[low[middle] : high[middle]]))


def is_repeat(truth: Notes, *, since_release: bool) -> npt.NDArray[np.bool_]:
    """``(n,)``: whether the same key was let go (or struck) less than 150 ms before this note."""
    repeats = np.zeros(len(truth), dtype=bool)
    for pitch in np.unique(truth.pitches):
        here = np.flatnonzero(truth.pitches == pitch)
        here = here[np.argsort(truth.onsets_s[here], kind="stable")]
        before = truth.intervals_s[here[:-1], 1 if since_release else 0]
        repeats[here[1:]] = truth.onsets_s[here[1:]] - before < REPEAT_S
    return repeats


def is_short(truth: Notes) -> npt.NDArray[np.bool_]:
    """``(n,)``: whether a note lasts less than 120 ms."""
    return np.asarray(truth.lengths_s < SHORT_S)


def share_found(wanted: npt.NDArray[np.bool_], pairs: Pairs) -> Share:
    """How many of the true notes that are ``wanted (n,)`` are among the pairs."""
    return Share(int(wanted[pairs[:, 0]].sum()), int(wanted.sum()))


def _per_minute(count: int, truth: Notes, found: Notes, duration_s: float | None) -> float:
    if duration_s is None:
        ends = [float(notes.intervals_s[:, 1].max()) for notes in (truth, found) if len(notes)]
        duration_s = max(ends, default=0.0)
    return 60 * count / duration_s if duration_s > 0 else 0.0


def _velocity(truth: Notes, found: Notes) -> VelocityScores | None:
    if truth.velocities is None or found.velocities is None or not len(truth) or not np.ptp(truth.velocities):
        return None
    pairs = match(truth, found, onset_s=TIGHT_S)
    true, heard = truth.velocities[pairs[:, 0]], found.velocities[pairs[:, 1]]
    if len(pairs) < 2 or not np.ptp(true):
        return None
    correlation = float(np.corrcoef(true, heard)[0, 1]) if np.ptp(heard) else 0.0
    return VelocityScores(correlation, float(np.abs(true - heard).mean()), len(pairs))
