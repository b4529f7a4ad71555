"""Finds music for recorded play: tunes whose measured tempo, energy and mode are what the scene asks for.

A window is a stretch of a clip of 16 s; the rule table says what it asks for. Every window of 16 bars of the
tunes of the same split has a cost: how far its tempo (in octaves), its thickness (sounding parts against the
level asked for) and its mode are off. The cheapest are taken, each tune window the dearer the oftener it was
taken before, so that a corpus of a few hundred tunes is not boiled down to a dozen.
"""

from __future__ import annotations

import json
import logging
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError
from photoplayer.evaluate.windows import measure_windows
from photoplayer.files import finished
from photoplayer.music.midi_read import score_from_bytes
from photoplayer.scene.affect import LEVELS, Asked, asked, is_major, level
from photoplayer.train.data.gameplay import Clip, clips, read_states_of
from photoplayer.train.data.pairs import WINDOW_STEPS, Pair
from photoplayer.train.data.pictures import glanced
from photoplayer.train.data.tunes import Tune

log = logging.getLogger(__name__)

STRIDE_STEPS = 24
BARS, STRIDE_BARS = 16, 4
TEMPO_WEIGHT, LEVEL_WEIGHT, MODE_WEIGHT = 3.0, 0.5, 0.7
"""Costs of an octave of tempo, of a level of energy, and of the other mode."""

USED_WEIGHT = 0.12
"""Cost of every time a tune window was taken before."""

_KINDS = ("bots", "human", "games")


@dataclass(frozen=True)
class TuneWindow:
    """A window of bars of a tune and what was measured in it."""

    midi: str
    tune: str
    split: str
    first_bar: int
    bpm: float
    level: int
    major: bool


def tune_windows(tunes: Iterable[Tune], cache: Path) -> list[TuneWindow]:
    """Windows of 16 bars, 4 apart, of all tunes that may be released; measured once, kept in ``cache``."""
    chosen = [tune for tune in tunes if tune.tier == "green"]
    key = [f"{tune.path} {tune.split}" for tune in chosen]
    if cache.is_file():
        content = json.loads(cache.read_text(encoding="utf-8"))
        if content["tunes"] == key:
            return [TuneWindow(**row) for row in content["windows"]]
    found = [window for tune in chosen for window in _windows_of(tune)]
    with finished(cache) as unfinished:
        rows = [asdict(window) for window in found]
        unfinished.write_text(json.dumps({"tunes": key, "windows": rows}), encoding="utf-8")
    return found


def _windows_of(tune: Tune) -> list[TuneWindow]:
    score = score_from_bytes(tune.path.read_bytes(), name=str(tune.path))
    return [
        TuneWindow(
            str(tune.path),
            tune.group,
            tune.split,
            window.first_bar,
            round(window.bpm, 2),
            LEVELS.index(window.energy),
            window.mode == "major",
        )
        for window in measure_windows(score, bars_each=BARS, stride=STRIDE_BARS)
    ]


def pair(
    corpus: Path, out: Path, windows: Sequence[TuneWindow], *, each: int = 2, seed: int = 1
) -> list[Pair]:
    """Every window of every recorded clip with the ``each`` tune windows that suit it best.

    Pictures go to ``out/frames``. Raises :class:`InputError` where there is no clip, or no tune for a split.
    """
    pairs: list[Pair] = []
    choosers: dict[str, _Chooser] = {}
    recorded = [clip for clip in clips(corpus) if clip.kind in _KINDS]
    random.Random(seed).shuffle(recorded)  # or the games that come first would have the best of the tunes
    for clip in recorded:
        if clip.split not in choosers:
            choosers[clip.split] = _Chooser([w for w in windows if w.split == clip.split], clip.split)
        pairs += _pairs_of(clip, corpus, out, choosers[clip.split], each)
    pairs.sort(key=lambda pair: (str(pair.frames), pair.first))
    return pairs


def _pairs_of(clip: Clip, corpus: Path, out: Path, chooser: _Chooser, each: int) -> list[Pair]:
    name = f"{clip.kind}_{clip.path.stem}.npy"
    frames = out / "frames" / name
    count = len(glanced(clip.path, frames, watched_at=corpus / "pictures" / name))
    felt = read_states_of(clip).felt()
    pairs: list[Pair] = []
    for first in range(0, min(count, len(felt.arousal)) - WINDOW_STEPS + 1, STRIDE_STEPS):
        inside = np.s_[first : first + WINDOW_STEPS]
        means = (felt.arousal[inside].mean(), felt.tension[inside].mean(), felt.valence[inside].mean())
        scene = (round(float(means[0]), 3), round(float(means[1]), 3), round(float(means[2]), 3))
        wanted = asked(*scene)
        mode = "major" if is_major(wanted.mode) else "minor"
        pairs.extend(
            Pair(
                frames, first, WINDOW_STEPS, Path(window.midi), window.first_bar, BARS, clip.game, clip.level,
                window.tune, clip.split, scene, wanted.bpm, wanted.energy, mode,
            )
            for window in chooser.best(wanted, each)
        )  # fmt: skip
    return pairs


class _Chooser:
    """The tune windows of one split, and how often each was taken."""

    def __init__(self, windows: Sequence[TuneWindow], split: str) -> None:
        if not windows:
            raise InputError(f"no tune of the split {split} has {BARS} bars; give more MIDI.")
        self._windows = windows
        self._tempo = np.log2([window.bpm for window in windows])
        self._level = np.array([window.level for window in windows])
        self._major = np.array([window.major for window in windows])
        self._tunes = [window.tune for window in windows]
        self._used: Counter[int] = Counter()

    def best(self, wanted: Asked, count: int) -> list[TuneWindow]:
        """The cheapest windows, of different tunes."""
        cost = self._cost(wanted)
        taken: list[int] = []
        for index in np.argsort(cost, kind="stable"):
            if all(self._tunes[index] != self._tunes[other] for other in taken):
                taken.append(int(index))
                if len(taken) == count:
                    break
        self._used.update(taken)
        return [self._windows[index] for index in taken]

    def _cost(self, wanted: Asked) -> npt.NDArray[np.float64]:
        used = np.zeros(len(self._windows))
        for index, times in self._used.items():
            used[index] = times
        return np.asarray(
            TEMPO_WEIGHT * np.abs(self._tempo - np.log2(wanted.bpm))
            + LEVEL_WEIGHT * np.abs(self._level - LEVELS.index(level(wanted.energy)))
            + MODE_WEIGHT * (self._major != is_major(wanted.mode))
            + USED_WEIGHT * used
        )
