"""Teach C of our melody GAN to say what a clip asks of a melody.

The truth is the rule's answer to the game's own state: density, register and mode, which the writer takes.
So what C learns can be measured by itself, on levels and games it never saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from photoplayer.compose.tune.see import STARTS
from photoplayer.train.data.clip_windows import ClipWindows
from photoplayer.train.loop import Course, cosine, descend, run, set_rate
from photoplayer.train.nets.melody import ASKED
from photoplayer.train.nets.melody_clip import ClipEncoder, Committee

_SHIFT = 4
"""Pixels."""

AXES = ("density", "register", "mode")


@dataclass(frozen=True)
class Schedule:
    """How C is taught."""

    steps: int = 700
    batch: int = 24
    rate: float = 2e-3
    check_every: int = 50


def teach(
    folder: Path, windows: ClipWindows, checked: ClipWindows, *, schedule: Schedule, seed: int
) -> ClipEncoder:
    """The encoder of the best validation; resumes in ``folder``."""
    torch.manual_seed(seed)
    encoder = ClipEncoder(ASKED)
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=schedule.rate, weight_decay=0.02)
    wanted = torch.from_numpy(windows.asked)

    def step(number: int) -> Mapping[str, float | Tensor]:
        set_rate(optimiser, cosine(number, schedule.steps, rate=schedule.rate, warmup=20))
        torch.manual_seed(seed * 1_000_003 + number)
        dice = np.random.default_rng((seed, number))
        chosen = dice.integers(0, len(windows), schedule.batch)
        said = encoder.train()(torch.from_numpy(varied(windows.at(chosen).pictures(dice=dice), dice)))
        loss = (said - wanted[torch.from_numpy(chosen)]).square().mean()
        descend(loss, optimiser)
        return {"squared_error": loss.detach()}

    finished = run(
        folder,
        Course(steps=schedule.steps, check_every=schedule.check_every),
        parts={"encoder": encoder, "optimiser": optimiser},
        step=step,
        check=lambda: agreement(encoder, checked),
        keep=["encoder"],
        settings=repr((schedule, seed, len(windows))),
        name="clip",
    )
    encoder.load_state_dict(finished.best["encoder"])
    encoder.eval()
    return encoder


def varied(pictures: npt.NDArray[np.uint8], dice: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Clips mirrored by chance, shifted by a few pixels, brighter, darker, tinted, more or less coloured."""
    count = len(pictures)
    shown = pictures.astype(np.float32)
    mirrored = dice.random(count) < 0.5
    shown[mirrored] = shown[mirrored, :, :, ::-1]
    for clip, (down, right) in zip(shown, dice.integers(-_SHIFT, _SHIFT + 1, (count, 2)), strict=True):
        clip[:] = np.roll(clip, (down, right), axis=(1, 2))
    grey = shown.mean(axis=4, keepdims=True)
    colour = dice.uniform(0.4, 1.3, (count, 1, 1, 1, 1)).astype(np.float32)
    shape = (count, 1, 1, 1)
    gain = dice.uniform(0.85, 1.15, (*shape, 3)) * dice.uniform(0.85, 1.15, (*shape, 1))
    shown = (grey + (shown - grey) * colour) * gain.astype(np.float32)
    return np.asarray(np.clip(shown, 0, 255), np.uint8)


def agreement(encoder: ClipEncoder | Committee, windows: ClipWindows) -> dict[str, float]:
    """Correlation with what is asked: the mean over the three axes, then each."""
    said = seen_by(encoder, windows).numpy()
    found = {axis: _correlation(said[:, i], windows.asked[:, i]) for i, axis in enumerate(AXES)}
    return {"correlation": float(np.mean(list(found.values()))), **found}


def seen_by(encoder: ClipEncoder | Committee, windows: ClipWindows, *, batch: int = 64) -> Tensor:
    """What an encoder says of clips, ``(n, size)``: the mean of what it says of all their pictures, pair by
    pair."""
    encoder.eval()
    said = []
    with torch.no_grad():
        for rows in np.array_split(np.arange(len(windows)), -(-len(windows) // batch)):
            several = [windows.at(rows).pictures(start=start) for start in STARTS]
            said.append(torch.stack([encoder(torch.from_numpy(shown)) for shown in several]).mean(0))
    return torch.cat(said)


def _correlation(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    if not one.std() or not other.std():
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
