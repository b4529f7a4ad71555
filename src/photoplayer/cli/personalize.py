"""``photoplayer personalize``: a style of your own tunes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import tyro

from photoplayer.cli.output import OutputOption, placed
from photoplayer.cli.targets import gather
from photoplayer.errors import PlanError, SetupError
from photoplayer.files import folders_made
from photoplayer.music.midi_read import MIDI_SUFFIXES
from photoplayer.results import check_free

MOST_TUNES = 200


@dataclass(frozen=True)
class Personalize:
    """Learn a style from MIDI files of yours, in seconds: trios then sound more like them.

    For example:
      photoplayer personalize my/*.mid -o my.style
      photoplayer score clip.mp4 --engine trio --style my.style --style-axes 0.5,-1,0,0
      photoplayer sample --n 5 --style my.style

    A style file holds numbers only and is safe to share. Learning needs the train extra (PyTorch).
    """

    inputs: tyro.conf.Positional[tuple[Path, ...]]
    """MIDI files with a melody in 4/4, and folders of them."""
    output: OutputOption = None
    """The style file, or a folder for it. Default: my.style."""
    seed: int = 1
    """Another seed learns other sliders."""
    overwrite: bool = False
    """Replace a style that is there."""

    def run(self) -> int:
        """Read, learn, write."""
        tunes = gather(self.inputs, MIDI_SUFFIXES, results=())
        if not tunes:
            raise PlanError("nothing to learn from: name MIDI files")
        if len(tunes) > MOST_TUNES:
            raise PlanError(f"{len(tunes)} tunes are no style any more; name up to {MOST_TUNES}")
        output = placed(self.output, Path("my.style"))
        check_free([output], overwrite=self.overwrite, inputs=tunes)
        try:
            from photoplayer.train.recipes import personalize
        except ImportError as problem:
            raise SetupError(
                "personalize needs PyTorch: pip install 'photoplayer[train]' (using a style does not)"
            ) from problem
        style = personalize.learn(personalize.codes_of(tunes), personalize.Config(seed=self.seed))
        with folders_made([output.parent]):
            style.save(output)
        print(f"{style.tunes} windows of {len(tunes)} tunes", file=sys.stderr)
        print(output, flush=True)
        return 0
