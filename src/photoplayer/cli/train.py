"""``photoplayer train``: make a shipped model again."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

import tyro

RECIPES = {
    "chords": "photoplayer.train.recipes.chords",
    "scene": "photoplayer.train.recipes.scene",
    "features": "photoplayer.train.recipes.features",
    "strips": "photoplayer.train.recipes.strips",
    "keys": "photoplayer.train.recipes.keys",
    "video2roll": "photoplayer.train.recipes.video2roll",
    "roll2midi": "photoplayer.train.recipes.roll2midi",
    "keys-check": "photoplayer.train.recipes.keys_check",
    "keys-ship": "photoplayer.train.recipes.keys_ship",
    "decoder": "photoplayer.train.recipes.decoder",
    "melody_gan": "photoplayer.train.recipes.melody_gan",
    "touch": "photoplayer.train.recipes.touch",
    "trios": "photoplayer.train.recipes.trios",
    "music-vae": "photoplayer.train.recipes.music_vae",
    "music-vae-published": "photoplayer.train.recipes.music_vae_published",
    "trio-ship": "photoplayer.train.recipes.trio_ship",
    "trio-space": "photoplayer.train.recipes.trio_space",
    "trio-known": "photoplayer.train.recipes.trio_known",
    "trio-frame": "photoplayer.train.recipes.trio_frame",
    "perfnet": "photoplayer.train.recipes.perfnet",
    "spectrogram-unet": "photoplayer.train.recipes.spectrogram_unet",
}


@dataclass(frozen=True)
class Train:
    """Train one of the shipped models again and write it with its card.

    For example:
      photoplayer train chords
      photoplayer train scene -- --help
    """

    name: tyro.conf.Positional[
        Literal[
            "chords",
            "scene",
            "features",
            "strips",
            "keys",
            "video2roll",
            "roll2midi",
            "keys-check",
            "keys-ship",
            "decoder",
            "melody_gan",
            "touch",
            "trios",
            "music-vae",
            "music-vae-published",
            "trio-ship",
            "trio-space",
            "trio-known",
            "trio-frame",
            "perfnet",
            "spectrogram-unet",
        ]
    ]
    """Which recipe."""
    settings: tyro.conf.Positional[tuple[str, ...]] = ()
    """Settings of the recipe, after --."""

    def run(self) -> int:
        """Parse the recipe's own settings and run it."""
        logging.getLogger("photoplayer.train").setLevel(logging.INFO)  # a recipe takes hours
        recipe = import_module(RECIPES[self.name])
        recipe.train(tyro.cli(recipe.Config, args=list(self.settings), prog=f"photoplayer train {self.name}"))
        return 0
