"""Features -> intensity, tension, valence and energy, three steps a second. Rules one can read.

*Intensity* is the chance of a fight, spread by what the clip itself does: where the picture moves, flashes
and flickers more than is usual in this clip, intensity is above the chance alone, so that a race or a film
has a shape too (arousal = smoothed motion, cuts: Hanjalic & Xu 2005).

*Tension* is darkness and red light (Cutting 2016; Valdez & Mehrabian 1994: dominance falls with brightness)
and the fight that is about to come: music may know the future.

*Valence* is .69 brightness + .22 saturation (Valdez & Mehrabian 1994), warmer hues a little better, with red
light and fights against it.

So far the looks, which were taught on a shooter alone. The Watcher (``watcher.py``), taught on many games,
says the same three curves; the two are mixed by ``WATCHER_SHARE``. Whatever either says: a picture that
stands still or is black is a menu, a loading screen or a pause, and calm.

*Energy*, how much music plays, is the Watcher's alone where it watched; else what the rule table
(``affect.py``) makes of intensity and tension.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from photoplayer.scene.affect import energy_asked
from photoplayer.scene.features import SCALARS, Features
from photoplayer.scene.timeline import RATE_HZ, Curve, steps_in
from photoplayer.scene.watcher import Watched, per_step

DECIMALS = 3
"""Curves are rounded to this, so that a last-bit difference between machines cannot reach the music."""

TYPICAL_BRIGHTNESS, BRIGHTNESS_SPREAD = 0.28, 0.16
TYPICAL_COLOUR, COLOUR_SPREAD = 0.45, 0.25
"""Means and deviations over game footage, to standardise with."""

CALM, FIGHT = 0.15, 0.95
"""Intensity where a fight is certainly not, and certainly, going on."""

BLACK, EMPTY = 0.02, 0.0015
"""Brightness and contrast, and texture, under which the screen counts as black: loading, a fade. A game of
thin lines before black space is as dark, but not empty."""

STILL, EVEN, STILL_S = 0.003, 0.001, 1.0
"""Change between pictures, its mean and its deviation between cells, under which, for this long before and
after, nothing moves: small figures move the mean of a picture no more than noise does."""

WATCHER_SHARE = 0.9
"""How much of the curves is the Watcher's, the rest the looks'; chosen on validation (docs/features.md)."""

FIGHT_SHARE = 0.2
"""How much of the Watcher's intensity is the chance of a fight that it tells; chosen likewise."""

Array = npt.NDArray[np.float64]


class Curves(NamedTuple):
    """``intensity``, ``tension`` and ``energy`` 0..1, ``valence`` -1..1, each ``(steps,)``."""

    intensity: Curve
    tension: Curve
    valence: Curve
    energy: Curve


def curves(
    features: Features,
    watched: Watched | None = None,
    *,
    duration_s: float,
    watcher_share: float = WATCHER_SHARE,
) -> Curves:
    """How a clip feels; without ``watched`` by the looks alone."""
    steps = steps_in(duration_s)
    if not len(features):
        return Curves(*(rounded(np.zeros(steps)) for _ in Curves._fields))
    look = dict(zip(SCALARS, per_step(features.times_s, features.scalars, steps=steps).T, strict=True))
    fight_logit = per_step(features.times_s, features.fight[:, None], steps=steps)[:, 0]
    fight = 1 / (1 + np.exp(-fight_logit))
    intensity = _intensity(fight, _activity(look))
    tension, valence = (smooth(curve, 1.5) for curve in (_tension(look, fight), _valence(look, fight)))
    energy = energy_asked(intensity, tension)
    if watched is not None and len(watched) and watcher_share > 0:
        said = (_watched_intensity(watched), watched["tension"], watched["valence"], watched.energy)
        *its, energy = (_held(curve, steps) for curve in said)
        ours = (intensity, tension, valence)
        intensity, tension, valence = (_mixed(a, b, watcher_share) for a, b in zip(ours, its, strict=True))
    still = _below(STILL, look["change"]) & _below(EVEN, look["uneven"])
    black = (look["brightness"] < BLACK) & (look["contrast"] < BLACK) & (look["texture"] < EMPTY)
    for curve in (intensity, energy):
        curve[still] = np.minimum(curve[still], CALM)
        curve[black] = 0.0
    return Curves(
        rounded(smooth(intensity, 0.4)), rounded(tension), rounded(valence), rounded(smooth(energy, 0.4))
    )


def _mixed(ours: Array, its: Array, share: float) -> Array:
    return (1 - share) * ours + share * its


def _watched_intensity(watched: Watched) -> Array:
    fight = 1 / (1 + np.exp(-watched["fight"]))
    return _mixed(watched["intensity"], CALM + (FIGHT - CALM) * fight, FIGHT_SHARE)


def _below(most: float, values: Array) -> npt.NDArray[np.bool_]:
    """Steps around which, for ``STILL_S``, no value reaches ``most``."""
    reach = round(STILL_S * RATE_HZ)
    padded = np.pad(values, reach, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1) < most)


def _held(values: Array, steps: int) -> Array:
    """As many as there are steps; the last one is held."""
    return np.pad(values[:steps], (0, max(steps - len(values), 0)), mode="edge")


def _activity(look: dict[str, Array]) -> Array:
    """How lively a step is beside the rest of the clip, 0..1, one half where it is as usual."""
    moving = np.sqrt(look["change"]) + 1.5 * np.sqrt(look["flash"]) + 0.5 * np.sqrt(look["bright"])
    usual, spread = np.median(moving), np.quantile(moving, 0.9) - np.quantile(moving, 0.1)
    lively: Array = smooth(0.5 + 0.4 * np.tanh(1.5 * (moving - usual) / (spread + 0.05)), 0.8)
    return lively


def _intensity(fight: Array, activity: Array) -> Array:
    sure: Array = CALM + (FIGHT - CALM) * fight
    return np.clip(sure + ACTIVITY_WEIGHT * (activity - 0.5), 0, 1)


ACTIVITY_WEIGHT = 0.25
"""How far liveliness alone moves intensity, up and down together."""


def _tension(look: dict[str, Array], fight: Array) -> Array:
    dark = _standard(look["brightness"], TYPICAL_BRIGHTNESS, BRIGHTNESS_SPREAD)
    coming = smooth(_soon(fight, seconds=4.0), 1.0)
    raw = 0.38 - 0.16 * dark + 0.5 * look["red"] + 0.35 * coming
    return np.clip(raw, 0, 1)


def _soon(fight: Array, *, seconds: float) -> Array:
    """The largest value from now to ``seconds`` ahead."""
    reach = round(seconds * RATE_HZ)
    padded = np.concatenate([fight, np.repeat(fight[-1:], reach)])
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, reach + 1).max(axis=1))


def _valence(look: dict[str, Array], fight: Array) -> Array:
    bright = _standard(look["brightness"], TYPICAL_BRIGHTNESS, BRIGHTNESS_SPREAD)
    colour = _standard(look["colourful"], TYPICAL_COLOUR, COLOUR_SPREAD)
    warm = look["warm"] - look["red"]
    pleasure = 0.69 * bright + 0.22 * colour + 0.3 * warm - 1.5 * look["red"] - 0.5 * (fight - 0.3)
    return np.tanh(0.7 * pleasure)


def _standard(values: Array, mean: float, deviation: float) -> Array:
    return np.clip((values - mean) / deviation, -2, 2)


def smooth(values: Array, deviation_s: float) -> Array:
    """Gaussian smoothing; the ends are held."""
    reach = max(int(np.ceil(3 * deviation_s * RATE_HZ)), 1)
    offsets = np.arange(-reach, reach + 1) / RATE_HZ
    kernel = np.exp(-0.5 * (offsets / deviation_s) ** 2)
    return np.asarray(np.convolve(np.pad(values, reach, mode="edge"), kernel / kernel.sum(), mode="valid"))


def rounded(values: Array) -> Curve:
    """Rounded to ``DECIMALS``, as the Timeline holds it."""
    return np.round(values, DECIMALS).astype(np.float32)
