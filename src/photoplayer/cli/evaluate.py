"""``photoplayer evaluate``: results against the truth."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from photoplayer.errors import InputError
from photoplayer.evaluate.keyframes import EDGE_S
from photoplayer.evaluate.notes import Notes
from photoplayer.evaluate.transcription import score_transcription
from photoplayer.evaluate.transcription_table import means, table, values
from photoplayer.music.midi_read import read_midi

MIDI_SUFFIXES = (".mid", ".midi")


@dataclass(frozen=True)
class Evaluate:
    """Compare transcribed MIDI files with what was played: notes, held keys, lag, velocity.

    For example:
      photoplayer evaluate transcription clip_transcribed.mid clip.mid
      photoplayer evaluate transcription transcribed/ truth/ --json
      photoplayer evaluate transcription heard.mid mta/p06_front_1.mid --truth-shift 4.78 --transpose 12
    """

    what: tyro.conf.Positional[Literal["transcription"]]
    """What kind of result."""
    prediction: tyro.conf.Positional[Path]
    """A MIDI file, or a folder of them."""
    truth: tyro.conf.Positional[Path]
    """A MIDI file, or a folder with files of the same names."""
    truth_shift: float = 0.0
    """Seconds that the truth's time zero comes after the video's."""
    transpose: int = 0
    """Half tones added to the truth's pitches: 12 for the MTA corpus, which is written an octave low."""
    frame: float = EDGE_S
    """Seconds of one video frame: so much at key changes is forgiven in the columns marked ~."""
    json: bool = False
    """Print one line of JSON per recording, then one of the means."""

    def run(self) -> int:
        """Print the table, or JSON lines."""
        rows = {name: self._row(*pair) for name, pair in pairs(self.prediction, self.truth).items()}
        if not self.json:
            print(table(rows))
            return 0
        for name, row in rows.items():
            print(json.dumps({"name": name, **_known(row)}))
        overall = means(list(rows.values()))
        print(json.dumps({"mean": {name: [m.mean, m.low, m.high] for name, m in overall.items() if m.count}}))
        return 0

    def _row(self, prediction: Path, truth: Path) -> dict[str, float]:
        found = Notes.from_score(read_midi(prediction))
        true = Notes.from_score(read_midi(truth), transpose=self.transpose).shifted(self.truth_shift)
        return values(score_transcription(true, found, edge_s=self.frame))


def pairs(prediction: Path, truth: Path) -> dict[str, tuple[Path, Path]]:
    """Files that belong together, by name. Raises :class:`InputError` where one lacks its other."""
    if not prediction.is_dir() and not truth.is_dir():
        return {prediction.stem: (prediction, truth)}
    if not (prediction.is_dir() and truth.is_dir()):
        raise InputError(f"{prediction} and {truth} are a file and a folder; give two files or two folders.")
    true = _midi_files(truth)
    found = _midi_files(prediction)
    missing = sorted(set(found) - set(true))
    if missing:
        raise InputError(f"{truth} holds no {missing[0]}.mid; add it, or take that of {prediction} away.")
    return {name: (found[name], true[name]) for name in sorted(found)}


def _midi_files(folder: Path) -> dict[str, Path]:
    files = {path.stem: path for path in folder.iterdir() if path.suffix.lower() in MIDI_SUFFIXES}
    if not files:
        raise InputError(f"{folder} holds no MIDI files; give a folder of .mid files.")
    return files


def _known(row: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 5) for name, value in row.items() if not math.isnan(value)}
