"""How good SceneNet is on the validation levels: one number for each half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from photoplayer.evaluate.changes import Matching, auc, match_changes
from photoplayer.scene.changes import changes
from photoplayer.scene.features import LOGIT_GRID, SCALARS, Features
from photoplayer.scene.looks import ANALYSIS_RATE_HZ
from photoplayer.train.data.scene_samples import Sample

THRESHOLDS = np.arange(-3.0, 8.0, 0.25)

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Checked:
    """Validation clips: ``joined`` ones with true changes, and ``single`` takes with hardly any."""

    joined: Sequence[Sample]
    single: Sequence[Sample]


def check(net: torch.nn.Module, checked: Checked) -> dict[str, float]:
    """``fight``: AUC over pictures of single takes. ``cut``: F1 over all clips at the best ``threshold``."""
    answers = _answers(net, [*checked.joined, *checked.single])
    single = answers[len(checked.joined) :]
    fights = auc(
        np.concatenate([logits[:, 0] for logits in single]),
        np.concatenate([sample.fight for sample in checked.single]),
    )
    scores = _scores(answers, [*checked.joined, *checked.single])
    best = int(np.argmax(scores))
    return {"fight": float(fights), "cut": float(scores[best]), "threshold": float(THRESHOLDS[best])}


def best_threshold(net: torch.nn.Module, checked: Checked) -> float:
    """Where F1 is best: the middle of all thresholds that come within .002 of the best."""
    samples = [*checked.joined, *checked.single]
    scores = np.array(_scores(_answers(net, samples), samples))
    return float(THRESHOLDS[scores >= scores.max() - 0.002].mean())


def _answers(net: torch.nn.Module, samples: Sequence[Sample]) -> list[Array]:
    net.eval()
    with torch.no_grad():
        found = [net(torch.from_numpy(s.looks.astype(np.float32))[None])[0].numpy() for s in samples]
    return [np.round(logits.astype(np.float64) * LOGIT_GRID) / LOGIT_GRID for logits in found]


def _scores(answers: Sequence[Array], samples: Sequence[Sample]) -> list[float]:
    scores = []
    for threshold in THRESHOLDS:
        total = Matching()
        for logits, sample in zip(answers, samples, strict=True):
            times = np.arange(len(logits)) / ANALYSIS_RATE_HZ
            features = Features(
                times,
                np.zeros((len(times), len(SCALARS))),
                logits[:, 0],
                logits[:, 1],
                np.zeros((0, 0), np.float32),
            )
            found = changes(features, duration_s=len(times) / ANALYSIS_RATE_HZ, threshold=threshold)
            total += match_changes(found, (np.flatnonzero(sample.cut == 1) / ANALYSIS_RATE_HZ).tolist())
        scores.append(total.f1)
    return scores
