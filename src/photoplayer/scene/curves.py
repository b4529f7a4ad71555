"""Features -> intensity, tension and valence, three steps a second."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from photoplayer.scene.features import Features
from photoplayer.scene.timeline import RATE_HZ, Curve, steps_in

DECIMALS = 3
"""Curves are rounded to this, so that a last-bit difference between machines cannot reach the music."""


def per_step(features: Features, *, duration_s: float) -> npt.NDArray[np.float64]:
    """Mean of every scalar in each step, ``(steps, scalars)``; an empty step repeats the one before."""
    steps = steps_in(duration_s)
    rows = np.zeros((steps, features.scalars.shape[1]))
    if not len(features.times_s):
        return rows
    index = np.clip((features.times_s * RATE_HZ + 1e-6).astype(int), 0, steps - 1)
    counts = np.bincount(index, minlength=steps)
    for column in range(rows.shape[1]):
        rows[:, column] = np.bincount(index, features.scalars[:, column], minlength=steps)
    rows /= np.maximum(counts, 1)[:, None]
    filled = np.maximum.accumulate(np.where(counts > 0, np.arange(steps), -1))
    first = int(np.argmax(counts > 0))
    filled[filled < 0] = first
    return np.asarray(rows[filled])


def curves(features: Features, *, duration_s: float) -> tuple[Curve, Curve, Curve]:
    """Intensity (0..1), tension (0..1), valence (-1..1), each ``(steps,)``."""
    rows = per_step(features, duration_s=duration_s)
    brightness, contrast, saturation, red, warm, highlight, difference = rows.T
    activity = difference / (difference + 0.06) + 0.8 * highlight + 0.3 * contrast
    intensity = np.clip(gaussian_filter1d(activity, 1.5), 0, 1)
    tension = gaussian_filter1d(np.clip(0.75 - 1.1 * brightness + 0.6 * red, 0, 1), 4)
    pleasure = 0.69 * (brightness - 0.4) / 0.2 + 0.22 * (saturation - 0.35) / 0.2 - 1.5 * red + 0.2 * warm
    valence = gaussian_filter1d(np.clip(pleasure, -1, 1), 4)
    return rounded(intensity), rounded(tension), rounded(valence)


def rounded(values: npt.NDArray[np.float64]) -> Curve:
    """Rounded to ``DECIMALS``, as the Timeline holds it."""
    return np.round(values, DECIMALS).astype(np.float32)
