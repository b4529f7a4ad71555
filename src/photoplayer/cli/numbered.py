"""Several scores of one run as MIDI files with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from photoplayer.files import finished, folders_made
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.score import Score
from photoplayer.results import check_free, with_ending


def write_numbered(scores: Sequence[Score], stem: Path, *, overwrite: bool) -> None:
    """``STEM_01.mid`` and so on, their names printed. Raises :class:`OutputError` where one is in the way."""
    digits = max(2, len(str(len(scores))))
    paths = [with_ending(stem, f"_{number:0{digits}}.mid") for number in range(1, len(scores) + 1)]
    check_free(paths, overwrite=overwrite)
    with folders_made([stem.parent]):
        for path, score in zip(paths, scores, strict=True):
            with finished(path) as temporary:
                temporary.write_bytes(to_bytes(score))
            print(path, flush=True)
