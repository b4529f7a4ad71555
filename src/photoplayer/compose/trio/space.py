"""Where in the space of 16-bar codes music lies, and which way is more of what.

Fitted once to the codes of training music (``train/recipes/trio_space.py``) and shipped as
``models/trio-space.npz``:

* a **prior**: a mixture of Gaussians, each along a few directions. The autoencoder itself keeps notes and
  does not shape its codes; sampling from a density fitted afterwards gives better music than its own normal
  prior (Ghosh et al., ICLR 2020). Noise beside the directions is left out: it makes every bar a little
  different, and music repeats.
* **ways**: for every attribute (:mod:`photoplayer.music.trio_attributes`) the direction along which it grows
  by one standard deviation while the linear prediction of all others stays.
* two **critics**, small networks: how real a code looks, and which attributes its music will have. A code is
  moved to where both agree (latent constraints: Engel, Hoffman & Roberts, ICLR 2018, with steps down the
  slope in place of their actor).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.trio.codec import WINDOW_CODE, Codes, decode
from photoplayer.compose.trio.mlp import Mlp, read_mlp
from photoplayer.compose.trio.tables import Tables, read_tables
from photoplayer.music.trio import Trio
from photoplayer.music.trio_attributes import ATTRIBUTES, attribute_table

REALISM_SIZES = (WINDOW_CODE, 128, 64, 1)
ATTRIBUTE_SIZES = (WINDOW_CODE, 256, len(ATTRIBUTES))

Array = NDArray[np.float32]

_STEPS, _STRIDE = 40, 0.15
_REAL_WEIGHT, _STAY_WEIGHT = 0.5, 0.02
_LARGEST_LOGIT = 30.0


@dataclass(frozen=True, eq=False)
class Space:
    """``weights (k,)``, ``centres (k, code)``, ``spans (k, rank, code)`` are the prior: how likely a
    component is, its mean, and its directions by their standard deviations.

    ``ways (attributes, code)`` move one attribute by one standard deviation; ``levels (attributes, 2)`` are
    the attributes' mean and standard deviation over training music; ``scale (code,)`` the codes' deviation.
    """

    weights: Array
    centres: Array
    spans: Array
    ways: Array
    levels: Array
    scale: Array
    realism: Mlp
    attributes: Mlp

    def sample(
        self, count: int, *, seed: int | tuple[int, ...], temperature: float = 1.0, turn: int = 0
    ) -> Codes:
        """``(count, code)`` from the prior; a lower ``temperature`` stays nearer to its centres.

        Another ``turn`` gives other codes of the same components: who draws again does not change what kinds
        of music there are.
        """
        dice = np.random.default_rng(seed)
        of = np.searchsorted(np.cumsum(self.weights) / self.weights.sum(), dice.random(count))
        of = np.minimum(of, len(self.weights) - 1)
        if turn:
            dice = np.random.default_rng((*np.atleast_1d(seed), turn))
        along = dice.standard_normal((count, self.spans.shape[1])).astype(np.float32)
        moved = np.einsum("nr,nrc->nc", along, self.spans[of])
        return np.asarray(self.centres[of] + temperature * moved, np.float32)

    def foretold(self, codes: Codes) -> Array:
        """The attributes that the music of codes will have, in standard deviations, ``(n, attributes)``."""
        return self.attributes(codes / self.scale)

    def heard(self, codes: Codes) -> Array:
        """The attributes that the music of codes has, measured on its notes, as :meth:`foretold`."""
        return self.measured(decode(codes))

    def measured(self, trios: Sequence[Trio]) -> Array:
        """The attributes of trios, as :meth:`heard`."""
        values = attribute_table(trios)
        return np.asarray((values - self.levels[:, 0]) / self.levels[:, 1], np.float32)

    def realness(self, codes: Codes) -> Array:
        """How sure the critic is that codes are of music, 0..1, ``(n,)``."""
        logits = np.clip(self.realism(codes / self.scale)[:, 0], -_LARGEST_LOGIT, _LARGEST_LOGIT)
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)

    def more(self, codes: Codes, wishes: Mapping[str, float]) -> Codes:
        """Codes moved along the ways: ``{"speed": 1.5}`` is one and a half deviations more of it."""
        amounts = np.array([wishes.get(name, 0.0) for name in ATTRIBUTES], np.float32)
        return np.asarray(codes + amounts @ self.ways, np.float32)

    def constrained(self, codes: Codes, targets: Array) -> Codes:
        """Codes moved to where the critics agree: real, with attributes near ``targets (n, attributes)``.

        They stay near where they were.
        """
        start = codes / self.scale
        x = start.copy()
        for _ in range(_STEPS):
            missed = self.attributes(x) - targets
            unreal = 1 / (1 + np.exp(np.clip(self.realism(x), -_LARGEST_LOGIT, _LARGEST_LOGIT)))
            slope = self.attributes.pulled(x, missed)
            slope -= _REAL_WEIGHT * self.realism.pulled(x, unreal.astype(np.float32))
            x = x - _STRIDE * (slope + _STAY_WEIGHT * (x - start))
        return np.asarray(x * self.scale, np.float32)

    def tables(self) -> dict[str, Array]:
        """All arrays by name, for the file."""
        plain = {n: getattr(self, n) for n in ("weights", "centres", "spans", "ways", "levels", "scale")}
        return plain | self.realism.tables("realism") | self.attributes.tables("attributes")


def read_space(path: Path) -> Space:
    """A space from its file. Raises :class:`SetupError` where that is missing, damaged or of other codes."""
    return read_tables(path, _space)


def _space(tables: Tables) -> Space:
    plain = {
        name: tables[name].astype(np.float32)
        for name in ("weights", "centres", "spans", "ways", "levels", "scale")
    }
    if plain["centres"].shape[1:] != (WINDOW_CODE,) or plain["ways"].shape != (len(ATTRIBUTES), WINDOW_CODE):
        raise ValueError("it is of codes of another length")
    return Space(
        **plain,
        realism=read_mlp(tables, "realism", REALISM_SIZES),
        attributes=read_mlp(tables, "attributes", ATTRIBUTE_SIZES),
    )


@lru_cache(maxsize=1)
def shipped_space() -> Space:
    """The space that came with the package."""
    with as_file(files("photoplayer.models") / "trio-space.npz") as path:
        return read_space(path)
