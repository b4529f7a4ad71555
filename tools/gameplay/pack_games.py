"""All packages' games: how each is run, where it keeps what we want to know, what of it is a fight.

Readings are Python expressions in the games' own names; reaches are shares of the picture's height.
"""

from __future__ import annotations

from .pack_arcade import ARCADE_GAMES
from .pack_collection import COLLECTION_GAMES
from .pack_griddly import GRIDDLY_GAMES
from .pack_gym import GYM_GAMES
from .pack_pygame import PYGAME_GAMES
from .pack_pyxel import PYXEL_GAMES
from .stage import PackGame

PACK_GAMES: dict[str, PackGame] = {
    game.name: game
    for games in (GYM_GAMES, PYGAME_GAMES, COLLECTION_GAMES, ARCADE_GAMES, PYXEL_GAMES, GRIDDLY_GAMES)
    for game in games
}
