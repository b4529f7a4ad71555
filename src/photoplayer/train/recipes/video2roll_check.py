"""How good Video2Roll Net is, frame by frame: as its source counts, and pooled over all frames and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from photoplayer.piano.audeo import THRESHOLD
from photoplayer.piano.strip import Pictures
from photoplayer.train.data.audeo_frames import Frames, Held

Floats = npt.NDArray[np.float32]
Answer = Callable[[Pictures], Floats]
"""Pictures ``(frames, 5, 64, 864)`` -> logits ``(frames, 88)``."""

_BATCH = 16


@dataclass(frozen=True)
class FrameFigures:
    """``precision``, ``recall`` and ``f1`` of all frames and keys pooled, and the source's means over frames.

    In those a frame without truth and answer counts as right (scikit-learn's ``average="samples"`` with
    ``zero_division=1``); ``frame_accuracy`` is the mean of hits / (hits + false + missed).
    """

    loss: float
    precision: float
    recall: float
    f1: float
    frame_precision: float
    frame_recall: float
    frame_f1: float
    frame_accuracy: float
    frames: int

    def rounded(self) -> dict[str, float]:
        """As a card holds them."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def measure(answer: Answer, frames: Frames, places: npt.NDArray[np.int64]) -> FrameFigures:
    """Figures over the frames at ``places``."""
    logits, truth, seen = [], [], []
    for start in range(0, len(places), _BATCH):
        batch = frames.batch(places[start : start + _BATCH])
        logits.append(answer(batch.pictures))
        truth.append(batch.held)
        seen.append(batch.seen)
    return figures(np.concatenate(logits), np.concatenate(truth), np.concatenate(seen))


def figures(logits: Floats, truth: Held, seen: Held, *, threshold: float = THRESHOLD) -> FrameFigures:
    """Of logits ``(frames, 88)`` against the keys held; keys that are not seen do not count."""
    values = logits.astype(np.float64)
    losses = np.logaddexp(0.0, values) - values * truth
    found = (values >= np.log(threshold / (1 - threshold))) & seen
    wanted = truth & seen
    hits = (found & wanted).sum(axis=1)
    false, missed = found.sum(axis=1) - hits, wanted.sum(axis=1) - hits
    return FrameFigures(
        loss=float(losses[seen].mean()),
        precision=float(_share(hits.sum(), hits.sum() + false.sum())),
        recall=float(_share(hits.sum(), hits.sum() + missed.sum())),
        f1=float(_share(2 * hits.sum(), 2 * hits.sum() + false.sum() + missed.sum())),
        frame_precision=float(_share(hits, hits + false).mean()),
        frame_recall=float(_share(hits, hits + missed).mean()),
        frame_f1=float(_share(2 * hits, 2 * hits + false + missed).mean()),
        frame_accuracy=float(_share(hits, hits + false + missed).mean()),
        frames=len(logits),
    )


def _share(part: npt.ArrayLike, whole: npt.ArrayLike) -> npt.NDArray[np.float64]:
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.where(whole == 0, 1.0, part / np.maximum(whole, 1))
