"""A style: the corner of the space of codes where one person's tunes live, with four sliders.

What MidiMe does (Dinculescu, Engel & Roberts, 2019): a small autoencoder of the codes of a few tunes, whose
own code has four numbers (``photoplayer personalize`` teaches it). Here is its decoder, run in NumPy, and its
file: arrays by name and nothing else, so a stranger's style can do no more than sound bad.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.trio.codec import WINDOW_CODE, Codes
from photoplayer.compose.trio.mlp import Mlp, read_mlp
from photoplayer.errors import InputError, PlanError
from photoplayer.files import finished, read_small

AXES = 4
SIZES = (AXES, 64, 256, 1024, WINDOW_CODE)
"""Of the decoder, MidiMe's."""

VERSION = 1
FARTHEST = 4.0
"""Standard deviations; a slider beyond is refused."""

WIDTH = 1.6
"""Standard deviations of the tunes' own places by which drawn sliders spread: a few tunes lie close together,
and draws between them are more alike than they are."""

_MOST_BYTES = 16 << 20


@dataclass(frozen=True, eq=False)
class Style:
    """``decoder`` makes four numbers a code, in units of ``spread`` about ``centre``, ``(512,)`` each;
    ``noise (512,)`` is what the tunes' codes have beside it; ``tunes`` how many windows it was taught on."""

    decoder: Mlp
    centre: NDArray[np.float32]
    spread: NDArray[np.float32]
    noise: NDArray[np.float32]
    tunes: int

    def sample(
        self,
        count: int,
        *,
        seed: int | tuple[int, ...],
        axes: Sequence[float] = (),
        temperature: float = 1.0,
        turn: int = 0,
    ) -> Codes:
        """``(count, 512)`` codes in this style; sliders that ``axes`` sets stay where it says, a lower
        ``temperature`` stays nearer to the tunes, another ``turn`` gives others.

        Raises :class:`PlanError` for more sliders than there are, or beyond their ends.
        """
        check_axes(axes)
        dice = np.random.default_rng((*np.atleast_1d(seed), turn) if turn else seed)
        places = WIDTH * temperature * dice.standard_normal((count, AXES))
        places[:, : len(axes)] = axes
        beside = temperature * dice.standard_normal((count, WINDOW_CODE)) * self.noise
        made = self.decoder(places.astype(np.float32)) + beside
        return np.asarray(self.centre + self.spread * made, np.float32)

    def save(self, path: Path) -> None:
        """Write the file. Raises :class:`OutputError` where that is not possible."""
        content = io.BytesIO()
        tables: dict[str, Any] = {
            "version": np.array(VERSION),
            "tunes": np.array(self.tunes),
            "centre": self.centre,
            "spread": self.spread,
            "noise": self.noise,
        }
        tables |= {name: table.astype(np.float16) for name, table in self.decoder.tables("decoder").items()}
        np.savez_compressed(content, **tables)
        with finished(path) as unfinished:
            unfinished.write_bytes(content.getvalue())


def check_axes(axes: Sequence[float]) -> None:
    """Raise :class:`PlanError` for sliders that a style does not have."""
    if len(axes) > AXES or not all(abs(value) <= FARTHEST for value in axes):
        raise PlanError(
            f"style axes {','.join(f'{v:g}' for v in axes)}; give up to {AXES} numbers from -{FARTHEST:g} to "
            f"{FARTHEST:g}"
        )


def load_style(path: Path) -> Style:
    """A style from its file, which is not trusted. Raises :class:`InputError` where it is none."""
    content = read_small(path, most_bytes=_MOST_BYTES, wanted="a style made by photoplayer personalize")
    try:
        _check_size(content)
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            tables = {name: archive[name] for name in archive.files}
        if int(tables["version"]) != VERSION:
            raise ValueError(f"it is of version {int(tables['version'])}")
        rows = {name: tables[name].astype(np.float32) for name in ("centre", "spread", "noise")}
        if any(row.shape != (WINDOW_CODE,) or not np.isfinite(row).all() for row in rows.values()):
            raise ValueError("it is of codes of another kind")
        return Style(read_mlp(tables, "decoder", SIZES), tunes=int(tables["tunes"]), **rows)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, NotImplementedError) as problem:
        raise InputError(
            f"{path} is no style ({problem}); make one with photoplayer personalize"
        ) from problem


def _check_size(content: bytes) -> None:
    """A small file may unpack to a huge one."""
    with ZipFile(io.BytesIO(content)) as archive:
        if sum(item.file_size for item in archive.infolist()) > _MOST_BYTES:
            raise ValueError("it is too large")
