"""Arcade's examples."""

from __future__ import annotations

from .arena import Rule
from .stage import PackGame, Reading

_KENNEY = "Arcade's examples, MIT; pictures by Kenney, CC0"

ARCADE_GAMES: tuple[PackGame, ...] = (
    PackGame(
        name="arcadeasteroids",
        engine="arcade",
        start="arcade.examples.asteroid_smasher",
        reading=Reading(
            player="self.player_sprite",
            foes="self.asteroid_list",
            own="self.bullet_list",
            dead="self.game_over",
        ),
        rule=Rule(fights=True, reach=0.12, duel=0.6),
        style="turner",
        licence=_KENNEY,
        needs="arcade",
    ),
    PackGame(
        name="slimeinvaders",
        engine="arcade",
        start="arcade.examples.slime_invaders",
        reading=Reading(
            player="self.player_sprite",
            foes="self.enemy_list",
            shots="self.enemy_bullet_list",
            own="self.player_bullet_list",
            dead="self.game_state == GAME_OVER",
        ),
        rule=Rule(fights=True, reach=0.25, duel=0.9),
        style="side",
        licence=_KENNEY,
        needs="arcade",
        keys=("", "", "", "", "mouse"),
        begin=("escape",),
    ),
    PackGame(
        name="bullets",
        engine="arcade",
        start="arcade.examples.sprite_bullets_enemy_aims",
        reading=Reading(
            player="self.player",
            foes="self.enemy_list",
            shots="self.bullet_list",
        ),
        rule=Rule(fights=True),
        style="pilot",
        licence=_KENNEY,
        needs="arcade",
        keys=("", "", "", "", "mouse"),
    ),
    PackGame(
        name="platformer",
        engine="arcade",
        start="arcade.examples.sprite_enemies_in_platformer",
        reading=Reading(
            player="self.player_sprite",
            hazards="self.enemy_list",
            dead="self.game_over",
        ),
        rule=Rule(fights=False),
        style="runner",
        licence=_KENNEY,
        needs="arcade",
        keys=("left", "right", "up", "", ""),
        begin=("r",),
    ),
    PackGame(
        name="coins",
        engine="arcade",
        start="arcade.examples.sprite_collect_coins_move_bouncing",
        reading=Reading(
            player="self.player_sprite",
            pace="min(len(self.coin_list) / 60, 0.7)",
            level="0 if self.coin_list else 1",
        ),
        rule=Rule(fights=False),
        style="pilot",
        licence=_KENNEY,
        needs="arcade",
        keys=("", "", "", "", "mouse"),
    ),
    PackGame(
        name="jumprun",
        engine="arcade",
        start="arcade.examples.sprite_tiled_map_with_levels",
        reading=Reading(
            player="self.player_sprite",
            dead="self.game_over",
            level="self.level",
        ),
        rule=Rule(fights=False),
        style="runner",
        licence=_KENNEY,
        needs="arcade",
        keys=("left", "right", "up", "", ""),
    ),
)
