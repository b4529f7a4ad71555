"""``photoplayer sample``: new trios out of nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from photoplayer import trios
from photoplayer.cli.numbered import write_numbered
from photoplayer.cli.output import OutputOption, placed


@dataclass(frozen=True)
class Sample:
    """Draw new trios (melody, bass and drums, 16 bars) and write them as MIDI files.

    For example:
      photoplayer sample --n 10 --temperature 0.8
      photoplayer sample --n 4 --style my.style -o ideas/mine --seed 7
    """

    n: int = 1
    """How many."""
    temperature: float = 0.8
    """How far from the usual: 0 is the middle of all music, 1 as varied as training music, at most 2."""
    style: Path | None = None
    """A style of your own tunes, from `photoplayer personalize`."""
    seed: int = 1
    """Another seed gives others."""
    output: OutputOption = None
    """What the files are named by: NAME_01.mid, NAME_02.mid …, or a folder. Default: sample."""
    overwrite: bool = False
    """Replace results that are there."""

    def run(self) -> int:
        """Draw and write."""
        scores = trios.sample(self.n, temperature=self.temperature, seed=self.seed, style=self.style)
        write_numbered(scores, placed(self.output, Path("sample")), overwrite=self.overwrite)
        return 0
