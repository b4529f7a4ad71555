"""Debian's open games that are overheard: where they are, their keys, and what their sounds mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .overhear import Key
from .splits import Split, split_of_game

ENTER, ESCAPE, SPACE = Key(13, 40), Key(27, 41), Key(32, 44)


@dataclass(frozen=True)
class SoundGame:
    """One game. Sounds and music are named by how their files' names begin.

    ``fights``: something is hit, bursts, or a foe fires. ``shots``: somebody fires; a fight where it is not
    the player. ``playing``: music of levels; other music belongs to menus, ``lost`` to a life that is over.
    ``starts``: keys that lead from the title into a game, one every two seconds, again and again.
    """

    name: str
    program: Path
    sdl: Literal[1, 2]
    content: str
    ways: tuple[Key, Key, Key, Key]
    """Left, right, up, down."""
    fire: Key
    starts: tuple[Key, ...]
    playing: tuple[str, ...]
    fights: tuple[str, ...]
    shots: tuple[str, ...]
    split: Split
    lost: tuple[str, ...] = ("no such music",)
    files: dict[str, Path] = field(default_factory=dict)
    latest_s: float = 0.0
    """A clip may begin so late in a game."""
    scrolls: float = 0.0
    """Pace of the picture itself."""
    briefing_s: float = 0.0
    """So long a level's music plays to what is to be done in it, until a key of ``starts`` is pressed."""


_ARROWS_1 = (Key(276), Key(275), Key(273), Key(274))
_ARROWS_2 = (Key(1073741904, 80), Key(1073741903, 79), Key(1073741906, 82), Key(1073741905, 81))
_ALIENBLASTER = Path("/usr/share/games/alienblaster")

SOUND_GAMES: dict[str, SoundGame] = {
    game.name: game
    for game in (
        SoundGame(
            "powermanga", Path("/usr/games/powermanga"), 1, "Powermanga 0.93 (TLK Games), GPL-3+",
            _ARROWS_1, SPACE, starts=(ENTER,), playing=("music_game",),
            fights=("sound_small_explosion", "sound_medium_explosion", "sound_big_explosion",
                    "sound_enemy_fire", "sound_guardian_fire", "sound_circular_shock", "sound_downgrade"),
            shots=(), split="train", latest_s=120.0, scrolls=0.2,
        ),
        SoundGame(
            "alienblaster", Path("/usr/games/alienblaster.bin"), 1, "Alien Blaster 1.1, GPL-2+",
            _ARROWS_1, Key(306), starts=(ENTER,), playing=("playon",),
            fights=("explosion",), shots=("shotPrimary", "shotSecondary"), split="train",
            files={name: _ALIENBLASTER / name for name in ("cfg", "images", "sound")},
            latest_s=100.0, scrolls=0.2,
        ),
        SoundGame(
            "starfighter", Path("/usr/games/starfighter"), 2,
            "Project: Starfighter 2.4, GPL-3+; pictures CC-BY-SA-3.0 and others as listed there",
            _ARROWS_2, Key(1073742048, 224), starts=(ENTER, ENTER, ENTER, ENTER, ENTER, ENTER, ESCAPE),
            playing=("railjet_short", "space_dimensions", "orbital_colossus", "rise_of_spirit", "RE",
                     "last_cyber_dance", "sound_and_silence"),
            fights=("explode", "missile", "beamLaser", "shield"), shots=("plasma", "laser"), split="val",
            lost=("death",), briefing_s=3.0,
        ),
        SoundGame(
            "vectoroids", Path("/usr/games/vectoroids"), 1, "Vectoroids 1.1, GPL-2+",
            _ARROWS_1, SPACE, starts=(SPACE,), playing=("decision",), fights=("ast", "explode"), shots=(),
            split=split_of_game("vectoroids"), briefing_s=4.0,
        ),
        SoundGame(
            "noiz2sa", Path("/usr/games/noiz2sa"), 1, "Noiz2sa 0.51, BSD-2",
            _ARROWS_1, Key(122), starts=(Key(122), ENTER), playing=("stg",),
            fights=("hit", "foedst", "bossdst", "shipdst"), shots=(),
            split=split_of_game("noiz2sa"), scrolls=0.3,
        ),
        SoundGame(
            "moonlander", Path("/usr/games/moon-lander"), 1, "Moon Lander 1.0, BSD-2",
            _ARROWS_1, ENTER, starts=(ENTER,), playing=("",), fights=("nothing is fought",), shots=(),
            split=split_of_game("moonlander"), briefing_s=3.0,
        ),
    )
}  # fmt: skip
"""None of the first three tests: two only train, one validates. The others: ``split_of_game``."""
