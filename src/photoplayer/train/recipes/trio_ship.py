"""Ship the networks of a run of music-vae: ``trio-read``, ``trio-gather``, ``trio-unfold``, ``trio-write``.

    photoplayer train trio-ship -- --trios TRIOS --run RUN

After it the space of codes and the eyes have to be learned anew (trio-space, trio-frame): codes of one run
mean nothing to another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from photoplayer.train.data.trios import load_tape
from photoplayer.train.nets.trio_vae import PHRASE_BARS, PHRASES
from photoplayer.train.recipes.music_vae import f1_of_phrases, f1_of_windows
from photoplayer.train.recipes.music_vae_check import some_windows
from photoplayer.train.recipes.trio_export import export
from photoplayer.train.recipes.trio_frame import read_run

CHECKS = 256


@dataclass(frozen=True)
class Config:
    """What ships, and where to."""

    trios: Path
    """Folder of tapes, from `photoplayer train trios`."""
    run: Path
    """Folder of the run of music-vae."""
    out: Path = Path(__file__).parents[2] / "models"
    """Folder for the models and their cards."""


def train(config: Config) -> None:
    """Measure on validation, export, write the cards. Raises ``InputError`` where a tape is missing."""
    torch.set_num_threads(1)
    phrase, window = read_run(config.run)
    short, long = (
        load_tape(config.trios / f"pool_val_{bars}.npz") for bars in (PHRASE_BARS, PHRASE_BARS * PHRASES)
    )
    figures = {
        "validation, F1 of onsets, 4 bars, codes as they are read": f1_of_phrases(
            phrase, short, some_windows(short, CHECKS)
        ),
        "validation, F1 of onsets, 16 bars, codes as they are read": f1_of_windows(
            window, phrase, long, some_windows(long, CHECKS)
        ),
    }
    card = {
        "parameters": sum(p.numel() for net in (phrase, window) for p in net.parameters()),
        "made_by": "photoplayer train music-vae, trio-ship; weights in 16 bits; docs/trio.md",
        "data": "297 tunes of Freedoom and its history (BSD-3), Tanner Helland (CC BY 4.0) and EasyRPG's RTP "
        "(CC BY 4.0, CC0), and 400 pieces of our own arranger; composers of validation and test left out",
        "licence": "MIT; credits of the music in docs/trio.md",
        "figures": figures,
    }
    export(phrase, window, config.out, card)
