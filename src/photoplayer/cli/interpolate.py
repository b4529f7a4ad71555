"""``photoplayer interpolate``: the music between two tunes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import tyro

from photoplayer import trios
from photoplayer.cli.numbered import write_numbered
from photoplayer.cli.output import OutputOption, placed


@dataclass(frozen=True)
class Interpolate:
    """Walk from one tune to another: MIDI files of 16 bars, the first like the one, the last like the other.

    For example:
      photoplayer interpolate a.mid b.mid --steps 8
      photoplayer interpolate a.mid b.mid -o between/tune --temperature 0.5
    """

    a: tyro.conf.Positional[Path]
    """A MIDI file whose first 16 bars of 4/4 are where it begins."""
    b: tyro.conf.Positional[Path]
    """A MIDI file whose first 16 bars are where it ends."""
    steps: int = 8
    """How many files, both ends counted."""
    temperature: float = 0.0
    """0 writes what is likeliest at every step; 1 draws."""
    seed: int = 1
    """Of the drawing."""
    output: OutputOption = None
    """What the files are named by: NAME_01.mid …, or a folder. Default: A_to_B beside a."""
    overwrite: bool = False
    """Replace results that are there."""

    def run(self) -> int:
        """Walk and write."""
        stem = placed(self.output, self.a.with_name(f"{self.a.stem}_to_{self.b.stem}"))
        scores = trios.interpolate(
            self.a, self.b, steps=self.steps, temperature=self.temperature, seed=self.seed
        )
        write_numbered(scores, stem, overwrite=self.overwrite)
        return 0
