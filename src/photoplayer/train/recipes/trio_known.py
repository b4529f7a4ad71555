"""Ship the runs of the training tunes by which copies are told: ``models/trio-known.npz``.

photoplayer train trio-known -- --data shared/data/midi --trios TRIOS
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from photoplayer.compose.trio.known import RUN_STEPS, marks_of
from photoplayer.music.melody_steps import melody_steps
from photoplayer.music.midi_read import read_midi
from photoplayer.train.data.tunes import tunes
from photoplayer.train.recipes.trios import POOL
from photoplayer.train.ship import write_tables

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Config:
    """Whose runs ship."""

    data: Path
    """Folder with the folders of MIDI files."""
    trios: Path
    """Folder of tapes, where what is known of the tunes is kept."""
    out: Path = Path(__file__).parents[2] / "models"
    """Folder for trio-known.npz and trio-known.json."""


def train(config: Config) -> None:
    """Run the recipe. Raises ``InputError`` where the folders hold no tune."""
    found = tunes([config.data / name for name in POOL], cache=config.trios / "tunes.json")
    taught = [read_midi(tune.path) for tune in found if tune.split == "train"]
    lines = [melody_steps(part.notes) for score in taught for part in score.parts if not part.is_drum]
    marks = marks_of(lines)
    card = {
        "what": f"runs of {RUN_STEPS} intervals and durations of the training tunes, a hash of 32 bits each",
        "made_by": "photoplayer train trio-known",
        "data": f"{len(taught)} tunes that trio-read and the others were taught on",
        "licence": "MIT",
        "figures": {"runs": len(marks)},
    }
    write_tables(config.out, "trio-known", {"marks": marks}, card)
    log.info("%d runs of %d tunes", len(marks), len(taught))
