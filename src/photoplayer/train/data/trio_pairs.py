"""Pairs of pictures and trios: what ``trio-frame`` is taught on, from the pairs of clips and game music."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.trio.codec import WINDOW_BARS, Codes, encode
from photoplayer.compose.trio.eyes import MOMENTS, PICTURES
from photoplayer.compose.trio.targets import asked_for
from photoplayer.music.midi_read import read_midi
from photoplayer.music.trio import Trio
from photoplayer.music.trio_find import whole_trio
from photoplayer.train.data.arcade import draw_game
from photoplayer.train.data.pairing import STRIDE_STEPS
from photoplayer.train.data.pairs import WINDOW_STEPS, Pair
from photoplayer.train.data.pictures import EVERY


@dataclass(frozen=True, eq=False)
class TrioPairs:
    """``pictures (n, 16, 3, 60, 80, 3) uint8``; ``asked (n, 5)`` attributes that the game's true state asks
    for; ``codes (n, 512)`` of the music beside it, with ``trios``; ``names`` and ``games`` of the clips."""

    pictures: NDArray[np.uint8]
    asked: NDArray[np.float32]
    codes: Codes
    trios: tuple[Trio, ...]
    names: tuple[str, ...]
    games: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)


def trio_pairs(pairs: Sequence[Pair]) -> TrioPairs:
    """The pairs whose music is in 4/4 for sixteen bars and has a melody."""
    found = [(pair, trio) for pair in pairs if (trio := _trio(pair)) is not None]
    kept = [pair for pair, _ in found]
    trios = tuple(trio for _, trio in found)
    affects = np.array([(valence, arousal, tension) for arousal, tension, valence in (p.scene for p in kept)])
    return TrioPairs(
        pictures=np.stack([_pictures(pair) for pair in kept]),
        asked=asked_for(affects),
        codes=np.concatenate([encode(trios[i : i + 64], rounds=0) for i in range(0, len(trios), 64)]),
        trios=trios,
        names=tuple(f"{pair.frames.stem}@{pair.first}" for pair in kept),
        games=tuple(pair.game for pair in kept),
    )


def _pictures(pair: Pair) -> NDArray[np.uint8]:
    assert pair.count == MOMENTS * PICTURES
    frames = np.load(pair.frames, mmap_mode="r", allow_pickle=False)
    return moments_of(frames, pair.first)


def moments_of(frames: NDArray[np.uint8], first: int) -> NDArray[np.uint8]:
    """``(16, 3, 60, 80, 3)``: the moments of 16 s of pictures at 3 Hz, the last picture held."""
    chosen = np.minimum(first + np.arange(MOMENTS * PICTURES), len(frames) - 1)
    return np.asarray(frames[chosen]).reshape(MOMENTS, PICTURES, *frames.shape[1:])


def arcade_windows(count: int, *, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Pictures ``(n, 16, 3, 60, 80, 3)`` of ``count`` games drawn by chance, and what is asked for."""
    pictures, affects = [], []
    for number in range(count):
        frames, states = draw_game(random.Random(f"trio/{seed}/{number}")).play(
            2 * STRIDE_STEPS + WINDOW_STEPS
        )
        felt = states.felt()
        for first in range(0, 2 * STRIDE_STEPS + 1, STRIDE_STEPS):
            inside = np.s_[first : first + WINDOW_STEPS]
            affects.append([float(c[inside].mean()) for c in (felt.valence, felt.arousal, felt.tension)])
            pictures.append(moments_of(frames[::EVERY], first))
    return np.stack(pictures), asked_for(np.array(affects))


def _trio(pair: Pair) -> Trio | None:
    whole = _whole(pair.midi)
    if whole is None or pair.bars != WINDOW_BARS or pair.first_bar + pair.bars > whole.bars:
        return None
    trio = whole.cut(pair.first_bar, pair.bars)
    return trio if trio.melody.any() else None


@lru_cache(maxsize=512)
def _whole(path: Path) -> Trio | None:
    """A tune as a trio, where all of it is in 4/4, so that its bars are the score's."""
    score = read_midi(path)
    whole = whole_trio(score)
    return whole if whole is not None and whole.bars >= int(score.end / 4) - 1 else None
