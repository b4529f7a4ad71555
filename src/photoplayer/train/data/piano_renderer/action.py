"""How keys move: a fast way down that velocity decides, a small bounce, a slower way up.

The convention of every label: a note begins when its key passes half its travel downwards and ends when it
passes half its travel upwards.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.train.data.piano_renderer.notes import KeyPress

Floats = npt.NDArray[np.float64]

SHORTEST_S = 0.045
"""A key needs this long between its two half ways."""
SHORTEST_GAP_S = 0.035
"""And this long between half way up and the next half way down."""

_BEND = 1.6
_HALF = 0.5 ** (1 / _BEND)
"""Share of the way down's time at which half the travel is passed."""
_BOUNCE, _BOUNCE_S = 0.035, 0.028


def attack_s(velocity: int) -> float:
    """Time a key takes from top to bottom: 15 ms played hardest, 65 ms softest."""
    return float(0.015 + 0.050 * (1 - velocity / 127) ** 1.4)


def release_s(press: KeyPress) -> float:
    """Time a key takes from bottom to top; short notes are let go faster."""
    return 0.05 + 0.05 * min((press.offset_s - press.onset_s) / 0.5, 1.0)


def start_s(press: KeyPress) -> float:
    """When the key begins to move."""
    return float(press.onset_s - _HALF * attack_s(press.velocity))


def end_s(press: KeyPress) -> float:
    """When the key is up again."""
    return press.offset_s + 0.55 * release_s(press)


def press_depth(press: KeyPress, times: Floats) -> Floats:
    """``(n,)`` 0 up .. 1 bottom, of one press alone."""
    down = np.clip((times - start_s(press)) / attack_s(press.velocity), 0, 1)
    landed = start_s(press) + attack_s(press.velocity)
    since = np.maximum(times - landed, 0) / _BOUNCE_S
    strength = _BOUNCE * press.velocity / 127
    bounce = strength * np.sin(np.pi * np.minimum(since, 2)) ** 2 * np.exp(-since) * (since > 0)
    span = release_s(press)
    up = np.clip((times - (press.offset_s - 0.45 * span)) / span, 0, 1)
    # a smooth step through (0.45, 0.5): the key lingers, then springs up, then settles
    eased = up**1.2
    rise = eased * eased * (3 - 2 * eased)
    half = 0.45**1.2
    at_half = half * half * (3 - 2 * half)
    risen = rise ** (np.log(0.5) / np.log(at_half))
    return np.asarray((down**_BEND - bounce) * (1 - risen))


def key_depths(presses: Iterable[KeyPress], times: Floats) -> Floats:
    """``(n, 88)`` depth of every key at ``n`` moments (seconds)."""
    depths = np.zeros((len(times), KEY_COUNT))
    for press in presses:
        near = (times > start_s(press) - 0.01) & (times < end_s(press) + 0.2)
        key = press.pitch - LOWEST_PITCH
        depths[near, key] = np.maximum(depths[near, key], press_depth(press, times[near]))
    return depths


def playable(presses: Iterable[KeyPress]) -> list[KeyPress]:
    """The presses a key can make: long enough, and up long enough before the same key goes down again.

    What comes too soon after the last press of its key is left out. In order of onset.
    """
    kept: list[KeyPress] = []
    last: dict[int, int] = {}
    for press in sorted(presses):
        previous = last.get(press.pitch)
        if previous is not None:
            before = kept[previous]
            latest = press.onset_s - SHORTEST_GAP_S
            if latest < before.onset_s + SHORTEST_S:
                continue
            if before.offset_s > latest:
                kept[previous] = KeyPress(before.onset_s, latest, before.pitch, before.velocity)
        end = max(press.offset_s, press.onset_s + SHORTEST_S)
        last[press.pitch] = len(kept)
        kept.append(KeyPress(press.onset_s, end, press.pitch, press.velocity))
    return kept
