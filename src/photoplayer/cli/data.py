"""``photoplayer data``: make what the recipes learn from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from photoplayer.errors import InputError
from photoplayer.files import folders_made


@dataclass(frozen=True)
class Data:
    """Make training data: pairs of gameplay and music.

    For example:
      photoplayer data pair --gameplay corpus/ --midi midi/freedoom midi/helland --out pairs/
      photoplayer data pair --own my_clips/pairs.csv --out my_pairs/

    The first reads a corpus of tools/record_gameplay.py and finds tunes that suit what is played. The second
    reads a table of your own with a line per pair; its columns are clip, midi and, where you like, start_s,
    end_s, first_bar, split, bpm, energy, mode.
    """

    what: tyro.conf.Positional[Literal["pair"]]
    """What to make."""
    out: Path
    """Folder for pairs.csv and the pictures."""
    gameplay: Path | None = None
    """A corpus recorded with tools/record_gameplay.py."""
    midi: tuple[Path, ...] = ()
    """Folders of MIDI files."""
    own: Path | None = None
    """A table (CSV) of your own pairs."""
    each: int = 2
    """Tunes for every window of 16 seconds."""
    seed: int = 1

    def run(self) -> int:
        """Write the pairs and say how many there are."""
        from photoplayer.train.data import own_pairs, pairing, pairs, tunes

        if (self.own is None) == (self.gameplay is None):
            raise InputError("give either --gameplay with --midi, or --own")
        with folders_made([self.out]):
            if self.own is not None:
                found = own_pairs.own_pairs(self.own, self.out)
            else:
                assert self.gameplay is not None
                if not self.midi:
                    raise InputError("give --midi, folders of MIDI files to pair with")
                known = tunes.tunes(self.midi, cache=self.out / "tunes.json")
                windows = pairing.tune_windows(known, self.out / "windows.json")
                found = pairing.pair(self.gameplay, self.out, windows, each=self.each, seed=self.seed)
            pairs.write_pairs(self.out, found)
        counts = Counter(pair.split for pair in found)
        print(
            f"{self.out / pairs.TABLE}: " + ", ".join(f"{n} {split}" for split, n in sorted(counts.items()))
        )
        return 0
