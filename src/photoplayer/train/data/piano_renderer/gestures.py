"""How hands travel: a place for each hand and a target for each fingertip at every moment.

A finger that plays lies on its key from a moment before the key moves until after it is up; before, it
comes from above, lifted more for loud notes; otherwise it idles beside the others, a little above the keys or
resting on them without pressing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from photoplayer.piano.layout import BLACK, LOWEST_PITCH, is_black
from photoplayer.train.data.piano_renderer.action import end_s, key_depths, start_s
from photoplayer.train.data.piano_renderer.fingering import NATURAL
from photoplayer.train.data.piano_renderer.keys import WHITE_MM, Keys
from photoplayer.train.data.piano_renderer.look import PianoLook, PlayerLook
from photoplayer.train.data.piano_renderer.notes import Fingered

Floats = npt.NDArray[np.float64]

_REST_Y = np.array([32.0, 3.0, 0.0, 5.0, 18.0])
"""How much nearer to the player the other fingers rest than the middle one (mm)."""
_STEP_S = 0.01


@dataclass(frozen=True, eq=False)
class HandPath:
    """One hand over ``n`` moments: ``place (n, 3)`` below its middle knuckle's fingertip, ``tips (n, 5, 3)``
    targets of the fingertips, ``raised (n,)`` mm the whole hand is above its playing height."""

    hand: int
    place: Floats
    tips: Floats
    raised: Floats


@dataclass(frozen=True, eq=False)
class Excursion:
    """A way off the keys: at ``times_s (k,)`` the hand is shifted by ``shifts (k, 3)`` mm (x, y, z)."""

    times_s: Floats
    shifts: Floats


def hand_path(
    played: Sequence[Fingered],
    *,
    hand: int,
    times: Floats,
    piano: PianoLook,
    keys: Keys,
    player: PlayerLook,
    dice: np.random.Generator,
    excursion: Excursion | None = None,
    home: float | None = None,
) -> HandPath:
    """The path of one hand at ``times`` (seconds, rising); an idle hand lies at ``home`` (white widths)."""
    grid = np.arange(times[0] - 0.3, times[-1] + 0.3, _STEP_S)
    own = [f for f in played if f.hand == hand]
    sign = 1.0 if hand else -1.0
    stretch = WHITE_MM * (0.96 + 0.04 * player.size)
    naturals = sign * NATURAL * stretch
    targets = [_target(f, piano, keys, dice) for f in own]
    home_mm = (player.seat + 6.0 * sign if home is None else home) * WHITE_MM
    x, y = _hand_track(own, targets, naturals, grid, home_mm=home_mm, dice=dice)
    shift = np.zeros((len(grid), 3))
    if excursion is not None:
        for axis in range(3):
            shift[:, axis] = PchipInterpolator(excursion.times_s, excursion.shifts[:, axis])(
                np.clip(grid, excursion.times_s[0], excursion.times_s[-1])
            )
    x, y = x + shift[:, 0], y + shift[:, 1]
    raised = shift[:, 2] + np.minimum(0.00002 * np.gradient(x, _STEP_S) ** 2, 25.0)
    raised = gaussian_filter1d(raised, 4)
    tips = np.empty((len(grid), 5, 3))
    depth = key_depths([f.press for f in played], grid)
    idle = player.rest_mm + np.abs(dice.normal(0, 3.0, 5)) * (player.rest_mm > 0.5)
    for finger in range(5):
        sway = (
            gaussian_filter1d(dice.standard_normal((len(grid), 3)), 45, axis=0) * 9.0 * player.unrest_mm / 1.5
        )
        rest = (
            np.stack([x + naturals[finger] * 0.93, y + _REST_Y[finger], np.zeros(len(grid))], axis=1) + sway
        )
        rest[:, 2] = np.abs(sway[:, 2]) * (idle[finger] > 0.5)
        mine = [(f, t) for f, t in zip(own, targets, strict=True) if f.finger == finger]
        tips[:, finger] = _tip_track(mine, rest, raised, idle[finger], grid, piano, keys, player, depth)
    at = np.stack([x, y, np.zeros(len(grid))], axis=1)
    return HandPath(hand, _at(times, grid, at), _at(times, grid, tips), _at(times, grid, raised))


def _at(times: Floats, grid: Floats, values: Floats) -> Floats:
    where = np.clip((times - grid[0]) / _STEP_S, 0, len(grid) - 1.001)
    low = where.astype(int)
    share = (where - low).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(values[low] * (1 - share) + values[low + 1] * share)


def _target(note: Fingered, piano: PianoLook, keys: Keys, dice: np.random.Generator) -> tuple[float, float]:
    """Where on its key a finger lands (mm)."""
    key = note.press.pitch - LOWEST_PITCH
    x = keys.middle(key) + float(dice.normal(0, 1.6))
    cut = piano.length_mm * piano.black_length
    if BLACK[key]:
        return keys.middle(key) + float(dice.normal(0, 1.0)), cut - float(dice.uniform(8, 26))
    room = piano.length_mm - cut
    share = (0.82, 0.38, 0.32, 0.36, 0.52)[note.finger]
    return x, cut + 8 + (room - 18) * float(np.clip(share + dice.normal(0, 0.13), 0.05, 0.98))


Knot = tuple[float, float, float]
"""A time (seconds) and where the hand is then: x and y of its middle finger's place (mm)."""


def _hand_track(
    own: Sequence[Fingered],
    targets: Sequence[tuple[float, float]],
    naturals: Floats,
    grid: Floats,
    *,
    home_mm: float,
    dice: np.random.Generator,
) -> tuple[Floats, Floats]:
    """``(n,)`` x and y of a hand's place: at its notes in time, smooth between, at home where it has none."""
    if not own:
        return np.full(len(grid), home_mm), np.full(len(grid), 112.0 + float(dice.normal(0, 6)))
    table = np.array(_with_pauses(_knots(own, targets, naturals)))
    table = table[np.concatenate([[True], np.diff(table[:, 0]) > 1e-4])]
    if len(table) == 1:
        return np.full(len(grid), table[0, 1]), np.full(len(grid), table[0, 2])
    inside = np.clip(grid, table[0, 0], table[-1, 0])
    across, along = (np.asarray(PchipInterpolator(table[:, 0], table[:, i])(inside)) for i in (1, 2))
    return gaussian_filter1d(across, 2.5), gaussian_filter1d(along, 5)


def _knots(own: Sequence[Fingered], targets: Sequence[tuple[float, float]], naturals: Floats) -> list[Knot]:
    """For every chord where the hand is just before it and a little later."""
    groups: dict[float, list[int]] = {}
    for i, note in enumerate(own):
        groups.setdefault(round(note.press.onset_s / 0.035), []).append(i)
    knots: list[Knot] = []
    for members in groups.values():
        onset = min(own[i].press.onset_s for i in members)
        x = float(np.mean([targets[i][0] - naturals[own[i].finger] for i in members]))
        y = float(np.mean([targets[i][1] - 0.8 * _REST_Y[own[i].finger] for i in members]))
        y = float(np.clip(y, 75, 122))
        until = max(onset, min(onset + 0.12, *(own[i].press.offset_s - 0.02 for i in members)))
        knots.append((max(onset - 0.015, knots[-1][0] + 0.004) if knots else onset - 0.015, x, y))
        knots.append((max(until, knots[-1][0] + 0.004), x, y))
    return knots


def _with_pauses(knots: Sequence[Knot]) -> list[Knot]:
    """A hand that has time stays a while and is at its next place early."""
    track = [knots[0]]
    for knot in knots[1:]:
        pause = knot[0] - track[-1][0]
        if pause > 0.9:
            lead = min(0.45, 0.5 * pause)
            track.append((track[-1][0] + lead * 0.6, track[-1][1], track[-1][2]))
            track.append((knot[0] - lead * 0.4, knot[1], knot[2]))
        track.append(knot)
    return track


def _surface(x: Floats, y: Floats, piano: PianoLook, keys: Keys) -> Floats:
    """Height of the unpressed keyboard under points: tops of black keys, a little widened."""
    height = np.zeros(len(x))
    reach = piano.length_mm * piano.black_length + 7
    for key in np.flatnonzero(keys.present & BLACK):
        left, right = keys.edges[key, :2]
        height[(x > left - 5) & (x < right + 5) & (y < reach)] = piano.black_height_mm
    return height


def _tip_track(
    mine: Sequence[tuple[Fingered, tuple[float, float]]],
    rest: Floats,
    raised: Floats,
    idle: float,
    grid: Floats,
    piano: PianoLook,
    keys: Keys,
    player: PlayerLook,
    depth: Floats,
) -> Floats:
    base = np.maximum(gaussian_filter1d(_surface(rest[:, 0], rest[:, 1], piano, keys), 3), 0)
    base = np.maximum(base, gaussian_filter1d(base, 6))
    free = rest.copy()
    free[:, 2] += base + idle + raised
    total, moved = np.zeros(len(grid)), np.zeros((len(grid), 3))
    for i, (note, (x, y)) in enumerate(mine):
        press = note.press
        begin, end = start_s(press), end_s(press)
        before = mine[i - 1][0].press.offset_s if i else -9.0
        after = mine[i + 1][0].press.onset_s if i + 1 < len(mine) else 1e9
        lead = float(np.clip((begin - before) * 0.6, 0.02, 0.14))
        tail = float(np.clip((after - end) * 0.5, 0.02, 0.16))
        near = np.flatnonzero((grid > begin - lead - 0.02) & (grid < end + tail + 0.02))
        if not len(near):
            continue
        t = grid[near]
        weight = _smooth((t - (begin - lead)) / lead) * (1 - _smooth((t - end + 0.02) / tail))
        key = press.pitch - LOWEST_PITCH
        top = piano.black_height_mm if is_black(press.pitch) else 0.0
        level = piano.travel_mm * (y + piano.pivot_mm) / (piano.length_mm + piano.pivot_mm)
        approach = np.clip((begin - t) / lead, 0, 1)
        lift = player.lift_mm * (0.35 + press.velocity / 127) * np.clip(lead / 0.1, 0.25, 1)
        leave = np.clip((t - end) / tail, 0, 1)
        z = top - depth[near, key] * level + lift * np.sin(np.pi * approach) * (approach > 0) + 5 * leave
        moved[near] += weight[:, None] * np.stack([np.full(len(t), x), np.full(len(t), y), z], axis=1)
        total[near] += weight
    scale = np.maximum(total, 1.0)[:, None]
    return np.asarray(free * (1 - np.minimum(total, 1))[:, None] + moved / scale)


def _smooth(x: Floats) -> Floats:
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))
