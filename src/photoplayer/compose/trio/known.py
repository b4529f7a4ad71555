"""Which runs of notes are a training tune's, so that nothing that ships too much of one is handed out.

What a network was taught it can say by heart. Of all training tunes the runs of :data:`RUN_STEPS` steps
(:mod:`photoplayer.music.melody_steps`) ship as numbers of 32 bits;
a drawn trio whose runs are among them for longer than people's tunes share by chance is drawn again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from photoplayer.errors import SetupError
from photoplayer.music.melody_steps import Step, melody_steps, own_length
from photoplayer.music.trio import Tokens, Trio, decode_line

RUN_STEPS = 10
"""Steps that nine of ten tunes of validation composers do not share with any training tune."""

FIRST_TURNS, TURNS = 6, 12
"""Draws of the same kind of music, and draws after which what is drawn is taken as it is. Of a hundred trios
fourteen are drawn again; after the first turns two are left, whose kind is one training tune's alone."""

Marks = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Known:
    """``marks (n,)`` are the training tunes' runs, in order."""

    marks: Marks

    def has(self, trio: Trio) -> bool:
        """Whether a line of the trio shares a run of :data:`RUN_STEPS` telling steps with a training tune."""
        return any(self._has(line) for line in (trio.melody, trio.bass))

    def _has(self, line: Tokens) -> bool:
        steps = melody_steps(decode_line(line))
        marks = np.array([_mark(run) for run in _runs(steps)], np.uint32)
        places = np.minimum(np.searchsorted(self.marks, marks), len(self.marks) - 1)
        is_known = self.marks[places] == marks
        ends = np.flatnonzero(np.diff(np.concatenate([[0], is_known, [0]])))
        return any(
            own_length(steps[first : after - 1 + RUN_STEPS]) >= RUN_STEPS
            for first, after in ends.reshape(-1, 2)
        )


def marks_of(lines: Iterable[Sequence[Step]]) -> Marks:
    """The marks of all runs in lines of steps, each once, in order."""
    return np.array(sorted({_mark(run) for steps in lines for run in _runs(steps)}), np.uint32)


def drawn_again(draw: Callable[[int], list[Trio]], known: Known) -> list[Trio]:
    """What ``draw(0)`` gives, trios that training tunes have replaced by those of ``draw(1)`` and so on."""
    found = draw(0)
    for turn in range(1, TURNS):
        copied = [i for i, trio in enumerate(found) if known.has(trio)]
        if not copied:
            break
        others = draw(turn)
        for i in copied:
            found[i] = others[i]
    return found


def read_known(path: Path) -> Known:
    """The runs of a file. Raises :class:`SetupError` where it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            marks = archive["marks"]
        if marks.ndim != 1 or not len(marks) or marks.dtype != np.uint32:
            raise ValueError("it holds no marks of runs")
        return Known(marks)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as problem:
        raise SetupError(f"{path} is missing or damaged ({problem}); install photoplayer again.") from problem


@lru_cache(maxsize=1)
def shipped_known() -> Known:
    """The runs of the tunes that the shipped networks were taught on."""
    with as_file(files("photoplayer.models") / "trio-known.npz") as path:
        return read_known(path)


def _runs(steps: Sequence[Step]) -> Iterable[Sequence[Step]]:
    return (steps[i : i + RUN_STEPS] for i in range(len(steps) - RUN_STEPS + 1))


def _mark(run: Sequence[Step]) -> int:
    text = repr([tuple(step) for step in run]).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "big")
