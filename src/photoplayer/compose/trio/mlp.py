"""Small networks on codes, run in NumPy, with the slope of what they say, by which a code can be moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Mlp:
    """Layers of ``(weights (out, in), bias (out,))`` with ReLU between them."""

    layers: tuple[tuple[Array, Array], ...]

    def __call__(self, x: Array) -> Array:
        """``(n, in)`` to ``(n, out)``."""
        for weights, bias in self.layers[:-1]:
            x = np.maximum(x @ weights.T + bias, 0)
        weights, bias = self.layers[-1]
        return np.asarray(x @ weights.T + bias, np.float32)

    def pulled(self, x: Array, pull: Array) -> Array:
        """How ``sum(pull * self(x))`` changes with ``x``: ``pull (n, out)``, answer ``(n, in)``."""
        active = []
        for weights, bias in self.layers[:-1]:
            before = x @ weights.T + bias
            active.append(before > 0)
            x = np.maximum(before, 0)
        slope = pull @ self.layers[-1][0]
        for (weights, _), on in zip(reversed(self.layers[:-1]), reversed(active), strict=True):
            slope = (slope * on) @ weights
        return np.asarray(slope, np.float32)

    def tables(self, name: str) -> dict[str, Array]:
        """Its arrays by name, for a file."""
        found = {}
        for i, (weights, bias) in enumerate(self.layers):
            found[f"{name}_w{i}"], found[f"{name}_b{i}"] = weights, bias
        return found


def read_mlp(tables: Mapping[str, NDArray[np.generic]], name: str, sizes: tuple[int, ...]) -> Mlp:
    """The network of ``sizes`` (in, hidden …, out) among tables. Raises ``ValueError`` for other shapes,
    ``KeyError`` where one is missing."""
    layers = []
    for i, (size, after) in enumerate(pairwise(sizes)):
        weights, bias = (tables[f"{name}_{kind}{i}"].astype(np.float32) for kind in "wb")
        if weights.shape != (after, size) or bias.shape != (after,):
            raise ValueError(f"layer {i} of {name} is {weights.shape}, not {(after, size)}")
        if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
            raise ValueError(f"layer {i} of {name} holds numbers that are none")
        layers.append((weights, bias))
    return Mlp(tuple(layers))
