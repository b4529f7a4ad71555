"""Which runs of notes are a training tune's, so that nothing that ships too much of one is handed out.

What a network was taught it can say by heart. Of all training tunes the runs of :data:`RUN_STEPS` steps
(:mod:`photoplayer.music.melody_steps`) ship as numbers of 32 bits;
a drawn trio whose runs are among them for longer than people's tunes share by chance is drawn again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.trio.tables import Tables, read_tables
from photoplayer.music.melody_steps import Step, melody_steps, own_length, run_number, runs
from photoplayer.music.trio import Tokens, Trio, decode_line

RUN_STEPS = 10
"""Steps that nine of ten tunes of validation composers do not share with any training tune."""

FIRST_TURNS, TURNS = 6, 12
"""Draws of the same kind of music, and draws after which what is drawn is taken as it is. Of a hundred trios
fourteen are drawn again; after the first turns two are left, whose kind is one training tune's alone."""

Marks = NDArray[np.uint32]
_MARK_BYTES = 4


@dataclass(frozen=True, eq=False)
class Known:
    """``marks (n,)`` are the training tunes' runs, in order."""

    marks: Marks

    def has(self, trio: Trio) -> bool:
        """Whether a line of the trio shares a run of :data:`RUN_STEPS` telling steps with a training tune."""
        return any(self._has(line) for line in (trio.melody, trio.bass))

    def _has(self, line: Tokens) -> bool:
        steps = melody_steps(decode_line(line))
        marks = np.fromiter(_marks(steps), np.uint32)
        places = np.minimum(np.searchsorted(self.marks, marks), len(self.marks) - 1)
        is_known = self.marks[places] == marks
        ends = np.flatnonzero(np.diff(np.concatenate([[0], is_known, [0]])))
        return any(
            own_length(steps[first : after - 1 + RUN_STEPS]) >= RUN_STEPS
            for first, after in ends.reshape(-1, 2)
        )


def marks_of(lines: Iterable[Sequence[Step]]) -> Marks:
    """The marks of all runs in lines of steps, each once, in order."""
    return np.array(sorted({mark for steps in lines for mark in _marks(steps)}), np.uint32)


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
    return read_tables(path, _known)


def _known(tables: Tables) -> Known:
    marks = tables["marks"]
    if marks.ndim != 1 or not len(marks) or marks.dtype != np.uint32:
        raise ValueError("it holds no marks of runs")
    return Known(marks)


@lru_cache(maxsize=1)
def shipped_known() -> Known:
    """The runs of the tunes that the shipped networks were taught on."""
    with as_file(files("photoplayer.models") / "trio-known.npz") as path:
        return read_known(path)


def _marks(steps: Sequence[Step]) -> Iterator[int]:
    return (run_number(run, size=_MARK_BYTES) for run in runs(steps, RUN_STEPS))
