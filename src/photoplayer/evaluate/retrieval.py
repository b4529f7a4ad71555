"""Whether music tells which clip it was made for: the own clip found among others by what it asks for.

A clip asks for certain values (how dense, how high, which mode …), the music has measured ones. Both are
turned into ranks over their whole set, value by value, since no one says how far up a scale a model should
go for a scene that is twice as wild. For every piece a number of clips are drawn with its own, none of the
own clip's place, and the clip whose ranks are nearest is taken for its own. By chance that is one in as many
as there are. Music made for other clips than it is compared with must come out at chance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Values = NDArray[np.float64]


def own_found(
    measured: Values,
    asked: Values,
    places: NDArray[np.str_],
    *,
    among: int = 20,
    draws: int = 50,
    seed: int = 0,
) -> Values:
    """``(n,)``: for each piece the share of draws in which its own clip was nearest.

    ``measured (n, k)`` of the music, ``asked (n, k)`` by its clips, in the same order; ``places (n,)`` names
    the clips' places (levels), of which the own is not drawn again. A tie counts as its share. Raises
    ``ValueError`` where the clips of other places do not suffice for ``among``.
    """
    music, clips = _ranks(measured), _ranks(asked)
    apart = ((music[:, None] - clips[None]) ** 2).sum(2)  # (piece, clip)
    dice = np.random.default_rng(seed)
    found = np.zeros(len(music))
    for piece in range(len(music)):
        others = np.flatnonzero(places != places[piece])
        if len(others) < among - 1:
            raise ValueError(f"{among} clips are wanted, there are {len(others)} of other places")
        for _ in range(draws):
            drawn = dice.choice(others, among - 1, replace=False)
            nearest = min(apart[piece, drawn].min(), apart[piece, piece])
            if apart[piece, piece] == nearest:
                found[piece] += 1 / (1 + int((apart[piece, drawn] == nearest).sum()))
    return found / draws


def _ranks(values: Values) -> Values:
    """Ranks 0..1 of every column, ties in the middle; a column of one value says nothing."""
    ranks = np.stack([rankdata(column) for column in values.T], axis=1)
    return np.asarray((ranks - 1) / max(len(values) - 1, 1), np.float64)
