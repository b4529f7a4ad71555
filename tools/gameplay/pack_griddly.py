"""Griddly's games after those of the General Video Game AI competition: one family, said once."""

from __future__ import annotations

from .arena import Rule
from .stage import PackGame, Reading

_WALK = "1 if x < 0 else 3 if x > 0 else 2 if y < 0 else 4 if y > 0 else 0"


def _at(name: str) -> str:
    """Where the objects of this name are."""
    return f"[tuple(o['Location']) for o in env.get_state()['Objects'] if o['Name'] == '{name}']"


def _game(
    name: str, sheet: str, levels: int, reading: Reading, *, fights: bool = False, act: str = _WALK
) -> PackGame:
    sprites = "gd.ObserverType.SPRITE_2D"
    return PackGame(
        name=name,
        engine="gym",
        start=f"griddly:GymWrapper('Single-Player/GVGAI/{sheet}.yaml', global_observer_type={sprites},"
        f" player_observer_type={sprites}, level=dice.randrange({levels}))",
        reading=reading,
        rule=Rule(fights=fights, reach=0.16, duel=0.35),
        style="walker",
        licence="Griddly's games after GVGAI, MIT",
        needs="griddly gym==0.26.2 pyyaml",
        act=act,
        look="env.render(observer='global', mode='rgb_array')",
        unit=10,
        fps=6,
    )


GRIDDLY_GAMES: tuple[PackGame, ...] = (
    _game(
        "dungeon",
        "zelda",
        3,
        Reading(player=_at("avatar"), foes=_at("spider"), own=_at("attack_fire")),
        fights=True,
        act=f"np.array([1, dice.randint(1, 4)] if fire else [0, {_WALK}])",
    ),
    _game(
        "butterflies", "butterflies", 10, Reading(player=_at("catcher"), hazards=_at("spider"), pace="0.35")
    ),
    _game("crates", "sokoban", 6, Reading(player=_at("avatar"))),
    _game("cooking", "cookmepasta", 6, Reading(player=_at("avatar"))),
    _game("labyrinth", "labyrinth", 5, Reading(player=_at("avatar"), hazards=_at("trap"))),
)
