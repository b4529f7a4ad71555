"""How well curves and classes agree with what a game knew: for validation and benchmarks."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.evaluate.changes import auc
from photoplayer.scene.affect import FASTEST_BPM, SLOWEST_BPM
from photoplayer.train.data.watching import TARGETS, Recording

Array = npt.NDArray[np.float64]

LEAST_SPREAD = 0.03
"""Deviation of the true intensity under which a clip has no shape that one could correlate with."""


@dataclass(frozen=True, eq=False)
class Said:
    """What a system says of a clip's steps: ``fight`` and ``intensity (steps,)`` on any scale that rises,
    ``bpm`` as a place 0..1, ``energy`` and ``meter`` as classes."""

    fight: Array
    intensity: Array
    bpm: Array
    energy: npt.NDArray[np.int64]
    meter: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Told:
    """A clip's truth beside what was said of it."""

    game: str
    truth: npt.NDArray[np.float32]
    said: Said

    def true(self, name: str) -> Array:
        """A column of the truth."""
        return self.truth[:, TARGETS.index(name)].astype(np.float64)


def told(recording: Recording, said: Said) -> Told:
    """A recording's truth beside what was said of it."""
    return Told(recording.game, recording.truth, said)


def combat_auc(clips: Sequence[Told]) -> float:
    """Combat against exploring over the steps of all clips; menus, cards and death are left out."""
    played = [clip.true("idle") == 0 for clip in clips]
    scores = np.concatenate([clip.said.fight[steps] for clip, steps in zip(clips, played, strict=True)])
    truth = np.concatenate([clip.true("fight")[steps] > 0 for clip, steps in zip(clips, played, strict=True)])
    return auc(scores, truth)


def intensity_correlation(clips: Sequence[Told]) -> float:
    """Mean over clips of the correlation of intensity with the truth; clips without a shape are left out."""
    found = [value for clip in clips if not np.isnan(value := clip_correlation(clip))]
    return float(np.mean(found)) if found else float("nan")


def clip_correlation(clip: Told) -> float:
    """Of one clip; ``nan`` where its truth has no shape, 0 where what is said has none."""
    true, said = clip.true("intensity"), clip.said.intensity
    if true.std() < LEAST_SPREAD:
        return float("nan")
    return float(np.corrcoef(true, said)[0, 1]) if said.std() > 1e-9 else 0.0


def tempo_error(clips: Sequence[Told]) -> float:
    """Mean distance from the tempo that the rule table asks for, beats a minute."""
    off = [np.abs(clip.true("bpm") - clip.said.bpm) for clip in clips]
    return float(np.concatenate(off).mean() * (FASTEST_BPM - SLOWEST_BPM))


def accuracy(clips: Sequence[Told], name: str) -> float:
    """Share of steps whose class (``energy`` or ``meter``) is right, a mean over the classes there are.

    A mean over classes, since a meter that is nearly always the same makes any constant look good.
    """
    true = np.concatenate([clip.true(name) for clip in clips]).astype(int)
    said = np.concatenate([getattr(clip.said, name) for clip in clips])
    return float(np.mean([(said[true == each] == each).mean() for each in np.unique(true)]))


def figures_of(clips: Sequence[Told], known: Container[str]) -> dict[str, float]:
    """Figures of validation, first the mean of: combat on levels, on games left out, and their shape of
    intensity. ``known`` are the games taught on."""
    levels = [clip for clip in clips if clip.game in known]
    games = [clip for clip in clips if clip.game not in known] or levels
    first = {
        "levels: combat": combat_auc(levels),
        "games: combat": combat_auc(games),
        "games: intensity": intensity_correlation(games),
    }
    music = {
        "games: bpm error": tempo_error(games),
        "games: energy": accuracy(games, "energy"),
        "games: meter": accuracy(games, "meter"),
    }
    return {"mean": float(np.nanmean(list(first.values()))), **first, **music}
