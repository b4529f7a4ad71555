"""The four games of Game Collection, which are begun past its menu and, when lost, anew."""

from __future__ import annotations

from .arena import Rule
from .arena_player import Style
from .stage import PackGame, Reading


def _game(
    name: str, inside: str, reading: Reading, style: Style, *, rule: Rule | None = None, unit: float = 0.0
) -> PackGame:
    return PackGame(
        name=name,
        engine="pygame",
        start="from game.main import GameCollection\ngames = GameCollection()\n"
        f"again = lambda: games.start_game('{inside}')\n"
        "games.return_to_menu = again\nagain()\ngames.run()",
        reading=reading,
        rule=rule or Rule(fights=False),
        style=style,
        licence="Game Collection, MIT",
        needs="game-collection",
        keys=("left", "right", "up", "down", ""),  # the space bar would be a pause
        unit=unit,
    )


COLLECTION_GAMES: tuple[PackGame, ...] = (
    _game(
        "snake",
        "snake",
        Reading(
            player="tuple(c * 20 for c in self.current_game.snake[0])",
            hazards="[tuple(20 * c for c in b) for b in [self.current_game.bomb] if b]",
            pace="0.4",
        ),
        "walker",
    ),
    _game(
        "bricks",
        "arkanoid",
        Reading(
            player="(self.current_game.ball_x, self.current_game.ball_y)",
            hazards="[(r['x'], r['y']) for r in self.current_game.rockets]",
            level="self.current_game.level",
        ),
        "side",
    ),
    _game("blocks", "tetris", Reading(pace="0.3"), "puzzler"),
    _game(
        "pacman",
        "pacman",
        Reading(
            player="(self.current_game.pacman_x, self.current_game.pacman_y)",
            foes="[(g['x'], g['y']) for g in self.current_game.ghosts if g['mode'] != 'frightened']",
            level="self.current_game.level",
            health="self.current_game.lives / 3",
        ),
        "walker",
        rule=Rule(fights=True, reach=0.14),  # a chase
        unit=21,
    ),
)
