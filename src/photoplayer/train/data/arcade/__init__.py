"""Games that nobody wrote: little games drawn by chance, to teach what a fight looks like anywhere.

Some real games teach a network those games. Here every number is another game: its view, background, sprites,
colours, camera, traffic and rules are drawn (domain randomisation: Tobin et al. 2017). What they have in
common is what shall be learned: shots, blasts, foes that come at the player are a fight; scenery going by,
traffic in its lanes, races, rain, puzzles, a player who wanders, jumps or fires at nothing are none. Drawn at
once at the size and rate of analysis, about a thousand times as fast as they are played.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from photoplayer.train.data.arcade.board import Board
from photoplayer.train.data.arcade.corridor import Corridor
from photoplayer.train.data.arcade.flat import Flat
from photoplayer.train.data.arcade.grounds import Ground
from photoplayer.train.data.arcade.road import Road
from photoplayer.train.data.pictures import Pictures

_STILL_SHARE = 0.3
"""Games in two dimensions that have a picture of another game for their background."""

Game = Flat | Corridor | Road | Board


def draw_game(dice: random.Random, stills: Sequence[Pictures] = ()) -> Game:
    """One game. One of ``stills (60, 80, 3)`` may lie behind it; none are needed."""
    still = _widened(dice.choice(stills)) if stills and dice.random() < _STILL_SHARE else None
    kind = dice.choices(("flat", "corridor", "road", "board"), (12, 4, 1, 1))[0]
    if kind == "corridor":
        return Corridor(dice)
    if kind == "road":
        return Road(dice)
    return Flat(dice, still) if kind == "flat" else Board(dice, still)


def _widened(picture: Pictures) -> Ground:
    """Mirrored in both directions, so that it repeats without a seam."""
    both = np.concatenate([picture, picture[:, ::-1]], axis=1)
    return np.concatenate([both, both[::-1]], axis=0)
