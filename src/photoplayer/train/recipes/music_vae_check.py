"""How well a trio network writes again what it read: accuracy of tokens and F1 of onsets, line by line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photoplayer.music.trio import DRUMS, LINE_TOKENS, STEPS_PER_BAR
from photoplayer.music.trio_match import Matched, match_drums, match_line
from photoplayer.train.data.trios import Batch, Tape
from photoplayer.train.nets.trio_vae import Noise, Trios, drum_bits

AT_ONCE = 128
"""Windows measured together."""

Lines = tuple[Matched, Matched, Matched]


def tensors(batch: Batch) -> Trios:
    """A batch of tapes as the networks read it."""
    melody, bass, drums = (torch.from_numpy(line) for line in batch)
    return melody, bass, drum_bits(drums)


def some_windows(tape: Tape, count: int, *, seed: int = 0) -> NDArray[np.int64]:
    """``count`` different windows (all, if there are fewer), tunes by the root of their windows."""
    dice = np.random.default_rng(seed)
    size = min(count, len(tape))
    return np.sort(dice.choice(len(tape), size, replace=False, p=tape.evenly())).astype(np.int64)


def written_again(
    tape: Tape, windows: NDArray[np.int64], write: Callable[[Trios], Trios], *, shift: int = 0
) -> Lines:
    """Match of what ``write`` makes of windows with the windows themselves."""
    total = [Matched(), Matched(), Matched()]
    for first in range(0, len(windows), AT_ONCE):
        batch = tape.batch(windows[first : first + AT_ONCE], shift)
        with torch.inference_mode():
            made = write(tensors(batch))
        sets = (made[2].long() << torch.arange(len(DRUMS))).sum(-1)
        total[0] += match_line(batch[0], made[0].numpy())
        total[1] += match_line(batch[1], made[1].numpy())
        total[2] += match_drums(batch[2], sets.numpy())
    return total[0], total[1], total[2]


def no_noise(rows: int) -> Noise:
    """What makes a decoder choose the likeliest token."""
    line = torch.zeros(rows, STEPS_PER_BAR, LINE_TOKENS)
    return line, line, torch.zeros(rows, STEPS_PER_BAR, len(DRUMS))


def sampling_noise(rows: int, temperature: float, *, seed: int) -> Noise:
    """Noise by which the likeliest token is a sample: Gumbel for lines, logistic for drums."""
    dice = np.random.default_rng(seed)
    gumbels = [dice.gumbel(size=(rows, STEPS_PER_BAR, LINE_TOKENS)) for _ in range(2)]
    logistic = dice.logistic(size=(rows, STEPS_PER_BAR, len(DRUMS)))
    melody, bass, drums = (_scaled(noise, temperature) for noise in (*gumbels, logistic))
    return melody, bass, drums


def _scaled(noise: NDArray[np.float64], temperature: float) -> Tensor:
    return torch.from_numpy((noise * temperature).astype(np.float32))
