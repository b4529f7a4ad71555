"""Training samples for SceneNet: takes of gameplay changed in look, cut to pieces and joined.

Every cut in a sample is planted by us, so its time is known to the picture. Most samples keep one look and
one overlay over all their pieces, so that only the place tells them apart; what looks like a cut and is none
(flashes, pain, quick turns, menus, a black pause after which the same place comes back) is planted as well.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.scene.looks import ANALYSIS_RATE_HZ
from photoplayer.train.data import scene_effects as effects
from photoplayer.train.data.scene_takes import UNSURE, Floats, Take, levels, looks_of, save_array

PIECE_S = (4.5, 20.0)
SINGLE_SHARE, ONE_LOOK_SHARE = 0.25, 0.65
FADE_SHARE, FADE_PICTURES = 0.2, (2, 6)
"""Share of joins through black, and how many pictures they take without the black itself."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Looks ``(n, 458)`` with labels ``(n,)`` as in :class:`Take`."""

    looks: Floats
    fight: npt.NDArray[np.bool_]
    cut: npt.NDArray[np.int8]


@dataclass(eq=False)
class Piece:
    """Pictures of a take in the order they are shown, each with a brightness; ``menu``: where one is open."""

    take: Take
    order: npt.NDArray[np.intp]
    light: Floats
    cut: npt.NDArray[np.int8]
    menu: slice

    def insert(self, at: int, count: int, light: float) -> None:
        """Hold the picture ``at`` for ``count`` pictures more."""
        self.order = np.insert(self.order, at, np.repeat(self.order[at], count))
        self.light = np.insert(self.light, at, np.full(count, light, np.float32))
        self.cut = np.insert(self.cut, at, np.zeros(count, np.int8))


def sample(takes: Sequence[Take], dice: random.Random, *, length: int) -> Sample:
    """``length`` pictures: one take, or pieces of takes from different levels joined by cuts and fades."""
    single = dice.random() < SINGLE_SHARE
    pieces: list[Piece] = []
    while sum(len(piece.order) for piece in pieces) < length:
        take = dice.choice(takes)
        if pieces and take.level == pieces[-1].take.level and levels(takes) > 1:
            continue
        wanted = length if single else round(dice.uniform(*PIECE_S) * ANALYSIS_RATE_HZ)
        pieces.append(_piece(take, dice, wanted))
        if len(pieces) > 1:
            _join(pieces[-2], pieces[-1], dice)
    shown = _shown(pieces, dice)[:length]
    mask, overlay = effects.draw_overlay(dice.choice(takes).pictures[:length], dice)
    rows = np.arange(length) % len(overlay)
    shown[:, mask] = overlay[rows][:, mask]
    return Sample(
        looks_of(np.clip(shown, 0, 255).astype(np.uint8)),
        np.concatenate([piece.take.fight[piece.order] for piece in pieces])[:length],
        np.concatenate([piece.cut for piece in pieces])[:length],
    )


def kept_sample(path: Path, takes: Sequence[Take], seed: str, *, length: int) -> Sample:
    """The sample drawn with ``seed``, from ``path`` where it was drawn before."""
    if not path.is_file():
        drawn = sample(takes, random.Random(seed), length=length)
        columns = [drawn.looks, drawn.fight[:, None], drawn.cut[:, None]]
        save_array(path, np.concatenate(columns, axis=1).astype(np.float16))
    kept = np.load(path, allow_pickle=False)
    return Sample(kept[:, :-2], kept[:, -2].astype(bool), kept[:, -1].astype(np.int8))


def _piece(take: Take, dice: random.Random, wanted: int) -> Piece:
    order = _order(len(take.fight), dice, wanted)
    cut = np.zeros(len(order), np.int8)
    cut[take.cut[order] == UNSURE] = UNSURE
    for place in np.flatnonzero(take.cut == 1):
        shown = int(np.searchsorted(order, place))
        if 0 < shown < len(order):
            cut[shown] = 1
    piece = Piece(take, order, np.ones(len(order), np.float32), cut, slice(0, 0))
    room = len(order) - 30
    if room > 0 and dice.random() < 0.12:
        at, count = 15 + dice.randrange(room), dice.randint(5, 30)
        piece.insert(at, count, 1.0)
        piece.menu = slice(at, at + count)
    elif room > 0 and dice.random() < 0.12:
        _black_pause(piece, 15 + dice.randrange(room), dice)
    return piece


def _order(count: int, dice: random.Random, wanted: int) -> npt.NDArray[np.intp]:
    """Consecutive pictures, now and then played faster throughout or in bursts, as a mouse turns."""
    speed = np.full(wanted, dice.choice((1.0, 1.0, 1.0, 1.6, 2.2)))
    if dice.random() < 0.4:
        for _ in range(wanted // 40 + 1):
            at = dice.randrange(wanted)
            speed[at : at + dice.randint(2, 7)] = dice.uniform(2.0, 5.0)
    way = np.cumsum(speed) - speed[0]
    way = way[way < count]
    return np.asarray(way + dice.randint(0, max(int(count - 1 - way[-1]), 0)), np.intp)


def _black_pause(piece: Piece, at: int, dice: random.Random) -> None:
    """Out and back to the same place: no change."""
    out, black = dice.randint(1, 4), dice.randint(0, 9)
    piece.light[at - out : at] = (np.arange(out)[::-1] + 0.5) / out
    piece.light[at : at + out] = (np.arange(out) + 0.5) / out
    piece.insert(at, black, 0.0)


def _join(before: Piece, after: Piece, dice: random.Random) -> None:
    after.cut[0] = 1
    if dice.random() >= FADE_SHARE:
        return
    half = max(dice.randint(*FADE_PICTURES) // 2, 1)
    black = dice.choice((0, 0, 0, 2, 5, 12))
    ramp = ((np.arange(half) + 0.5) / half).astype(np.float32)
    before.light[-half:], after.light[:half] = ramp[::-1], ramp
    before.cut[-half:], after.cut[:half] = UNSURE, UNSURE
    after.insert(0, black, 0.0)
    after.cut[: black + half] = UNSURE
    after.cut[black // 2] = 1


def _shown(pieces: Sequence[Piece], dice: random.Random) -> Floats:
    style = effects.draw_style(dice)
    one_look = dice.random() < ONE_LOOK_SHARE
    busy = dice.random() < 0.4
    parts = []
    for piece in pieces:
        if not one_look:
            style = effects.draw_style(dice)
        pictures = style(
            piece.take.pictures[piece.order[0] : piece.order[-1] + 1][piece.order - piece.order[0]]
        )
        for _ in range(len(pictures) // 35 if busy else 0):
            event = dice.choice((effects.flash, effects.flash, effects.pain, effects.weapon))
            event(pictures, dice.randrange(len(pictures)), dice)
        if piece.menu.stop:
            effects.menu(pictures, piece.menu.start, piece.menu.stop, dice)
        pictures *= piece.light[:, None, None, None]
        parts.append(pictures)
    return np.concatenate(parts)
