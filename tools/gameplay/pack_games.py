"""The table of packages' games: how each is run, where it keeps what we want to know, and what of it is a fight.

Readings are Python expressions in the games' own names; reaches are shares of the picture's height.
"""

from __future__ import annotations

from .arena import Rule
from .stage import PackGame, Reading

_GYM: tuple[PackGame, ...] = (
    PackGame(
        "kaz", "gym",
        "pettingzoo.butterfly.knights_archers_zombies_v11:parallel_env(render_mode='rgb_array', max_cycles=3000,"
        " num_archers=dice.choice((1, 2)), num_knights=dice.choice((1, 2)), spawn_delay=dice.choice((15, 25, 50)))",
        Reading(
            player="next(iter(env.agent_map.values()), None)",
            foes="env.zombie_list",
            own="[w for a in env.agent_map.values() for w in a.weapons]",
        ),
        Rule(fights=True, reach=0.2, duel=0.9), "turner",
        "PettingZoo: Knights Archers Zombies, MIT", "pettingzoo pygame-ce",
        act="dice.choice((0, 2, 3, 5)) if not me and dice.random() < 0.7 else 4 if fire else 0 if y else"
            " 2 if x < 0 else 3 if x else 5",
    ),
    PackGame(
        "pistonball", "gym",
        "pettingzoo.butterfly.pistonball_v6:parallel_env(render_mode='rgb_array', max_cycles=900)",
        Reading(player="(env.ball.position.x, env.ball.position.y)", pace="0.3"),
        Rule(fights=False), "puzzler", "PettingZoo: Pistonball, MIT", "pettingzoo pymunk pygame-ce",
        act="np.array([dice.uniform(-1, 1)], dtype=np.float32)",
    ),
    PackGame(
        "cooppong", "gym",
        "pettingzoo.butterfly.cooperative_pong_v6:parallel_env(render_mode='rgb_array', max_cycles=900)",
        Reading(player="(env.env.ball._rect.centerx, env.env.ball._rect.centery)"),
        Rule(fights=False), "puzzler", "PettingZoo: Cooperative Pong, MIT", "pettingzoo pygame-ce",
        act="dice.choice((1, 2)) if dice.random() < 0.9 else 0",
    ),
    PackGame(
        "zombieshooter", "gym",
        "zombie_shooter_gym.envs.zombie_shooter:ZombieShooter(render_mode='rgb_array', world_width=1600,"
        " world_height=1200)",
        Reading(
            player="(env.player.x, env.player.y)", foes="[(z.x, z.y) for z in env.zombies]",
            own="[(b.x, b.y) for b in env.bullets]", health="env.player.health / 6", level="env.level",
        ),
        Rule(fights=True, reach=0.3), "walker", "gym-zombie-shooter, MIT", "gym-zombie-shooter",
        act="6 if fire else 3 if x < 0 else 4 if x > 0 else 1 if y < 0 else 2 if y > 0 else 0", unit=600,
        look="__import__('pygame').surfarray.array3d(env.screen).swapaxes(0, 1)",
    ),
    PackGame(
        "asteroids", "gym", "asteroidsenv.env.asteroids:AsteroidsEnv(render_mode='rgb_array')",
        Reading(
            player="(env.spaceship.position.x, env.spaceship.position.y, 40)",
            foes="[(r.position.x, r.position.y, 2 * r.radius) for r in env.spacerocks]",
            own="[(s.position.x, s.position.y) for s in env.spaceship.shots]",
        ),
        Rule(fights=True, reach=0.12, duel=0.6), "turner", "asteroidsenv, MIT", "asteroidsenv",
        act="5 if fire else 1 if y and not x else 3 if x < 0 else 4 if x else 0", unit=840, skip=4,
    ),

    PackGame(
        "lunarlander", "gym", "gymnasium:make('LunarLander-v3', render_mode='rgb_array')",
        Reading(
            player="(env.lander.position.x, -env.lander.position.y)",
            hazards="[(env.lander.position.x, -env.helipad_y)]",
        ),
        Rule(fights=False), "side", "Gymnasium: Lunar Lander, MIT", "gymnasium box2d pygame-ce",
        act="2 if dice.random() < 0.45 else 1 if x < 0 else 3 if x else 0", unit=13.3, skip=3,
    ),
    PackGame(
        "carracing", "gym", "gymnasium:make('CarRacing-v3', render_mode='rgb_array', domain_randomize=dice.random() < 0.6)",
        Reading(
            player="(env.car.hull.position.x, env.car.hull.position.y)",
            pace="env.car.hull.linearVelocity.length / 60",
        ),
        Rule(fights=False), "side", "Gymnasium: Car Racing, MIT", "gymnasium box2d pygame-ce",
        act="np.array([along(env, dice) + 0.3 * x * (dice.random() < 0.3), 0.3 * (env.car.hull.linearVelocity.length < 45),"
            " 0.0])", unit=40, skip=3,
    ),
    PackGame(
        "highway", "gym",
        "highway_env,gymnasium:make(dice.choice(('highway-v0', 'merge-v0', 'roundabout-v0', 'intersection-v1')),"
        " render_mode='rgb_array', config={'simulation_frequency': 15, 'policy_frequency': 5,"
        " 'screen_width': 480, 'screen_height': 240, 'duration': 60})",
        Reading(
            player="(env.vehicle.position[0], env.vehicle.position[1])",
            hazards="[(v.position[0], v.position[1], 5, 2) for v in env.road.vehicles if v is not env.vehicle]",
            pace="0.1 + env.vehicle.speed / 40",
        ),
        Rule(fights=False), "walker", "highway-env, MIT", "highway-env",
        act="0 if y < 0 else 2 if y > 0 else 3 if x > 0 else 4 if x < 0 else 1", unit=40, fps=5, size=(240, 120),
    ),
    PackGame(
        "racetrack", "gym",
        "highway_env,gymnasium:make('racetrack-v0', render_mode='rgb_array', config={'simulation_frequency': 15,"
        " 'policy_frequency': 15, 'screen_width': 400, 'screen_height': 400, 'duration': 60,"
        " 'terminate_off_road': True})",
        Reading(
            player="(env.vehicle.position[0], env.vehicle.position[1])",
            hazards="[(v.position[0], v.position[1], 5, 2) for v in env.road.vehicles if v is not env.vehicle]",
            pace="0.2 + env.vehicle.speed / 20",
        ),
        Rule(fights=False), "side", "highway-env: racetrack, MIT", "highway-env",
        act="np.array([0.12 * x])", unit=60,
    ),
    PackGame(
        "minigrid", "gym",
        "minigrid,gymnasium:make(dice.choice(('MiniGrid-Dynamic-Obstacles-16x16-v0', 'MiniGrid-MultiRoom-N6-v0',"
        " 'MiniGrid-LavaCrossingS11N5-v0', 'MiniGrid-DoorKey-16x16-v0', 'MiniGrid-FourRooms-v0')),"
        " render_mode='rgb_array', tile_size=16)",
        Reading(
            player="tuple(env.agent_pos)",
            hazards="[tuple(o.cur_pos) for o in getattr(env, 'obstacles', [])]",
        ),
        Rule(fights=False), "walker", "MiniGrid, Apache-2.0", "minigrid",
        act="dice.choice((3, 5, 5)) if dice.random() < 0.15 else 0 if x < 0 else 1 if x > 0 and dice.random() < 0.4"
            " else 2", unit=14, fps=6,
    ),
    PackGame(
        "flappy", "gym",
        "flappy_bird_gymnasium.envs.flappy_bird_env:FlappyBirdEnv(render_mode='rgb_array', audio_on=False,"
        " background=dice.choice(('day', 'night')), bird_color=dice.choice(('yellow', 'blue', 'red')),"
        " pipe_color=dice.choice(('green', 'red')))",
        Reading(
            player="(env._player_x, env._player_y)",
            hazards="[(p['x'] + 26, p['y'] + 160, 52, 320) for p in env._upper_pipes + env._lower_pipes]",
            pace="0.5",
        ),
        Rule(fights=False), "flapper", "flappy-bird-gymnasium, MIT", "flappy-bird-gymnasium",
        act="int(env._player_y > env._lower_pipes[0]['y'] - 70 + dice.gauss(0, 12) and env._player_vel_y > 0)",
        unit=512, skip=2,
    ),
    PackGame(
        "tetris", "gym", "tetris_gymnasium.envs.tetris:Tetris(render_mode='rgb_array', render_upscale=12)",
        Reading(pace="0.35"),
        Rule(fights=False), "puzzler", "tetris-gymnasium, MIT", "tetris-gymnasium",
        act="0 if x < 0 else 1 if x > 0 else 3 if y < 0 else 2 if y > 0 else 7", fps=6,
    ),

)  # fmt: skip

_PYXELS = "Pyxel's examples, MIT"
_KENNEY = "Arcade's examples, MIT; pictures by Kenney, CC0"

_PYGAME: tuple[PackGame, ...] = (
    PackGame(
        "aliens", "pygame", "pygame.examples.aliens:main",
        Reading(player="player", foes="aliens", shots="bombs", own="shots", dead="not player.alive()"),
        Rule(fights=True, reach=0.2), "side", "pygame-ce's example Aliens, public domain", "pygame-ce", fps=10,
    ),
    PackGame(
        "zelda", "pygame", "gym_zelda_pygame/game/code/main.py",
        Reading(
            player="self.level.player",
            foes="[s for s in self.level.attackable_sprites if getattr(s, 'sprite_type', '') == 'enemy'"
                 " and s.status != 'idle']",
            own="[s for s in self.level.attack_sprites]",
            health="self.level.player.health / self.level.player.stats['health']",
        ),
        Rule(fights=True, reach=0.15, duel=0.3), "walker", "gym-zelda-pygame, MIT; pictures CC0", "gym-zelda-pygame",
    ),
    PackGame(
        "pygalaga", "pygame", "pygalaga.game:main",
        Reading(
            player="(self.player.x + 25, self.player.y + 25, 50)", foes="[(e.x + 20, e.y + 20, 40) for e in self.enemies]",
            own="[(b.x + 5, b.y + 10) for b in self.player.bullets]",
        ),
        Rule(fights=True, reach=0.25, duel=0.8), "side", "pygalaga, MIT", "pygalaga",
    ),
    PackGame(
        "spaceescape", "pygame", "space_escape.main:main",
        Reading(
            player="self.player", hazards="self.enemies", menu="not hasattr(self, 'enemies')",
            dead="not self.player.alive()", pace="0.6",
        ),
        Rule(fights=False), "pilot", "Space Escape, GPL", "space-escape-raksoiv", begin=("click:400,300", "return", "click:400,250"),
    ),
    PackGame(
        "planetoids", "pygame", "planetoids.main:main",
        Reading(
            player="(game_state.player.x, game_state.player.y, 40)", foes="[(a.x, a.y, 60) for a in game_state.asteroids]",
            own="[(b.x, b.y) for b in game_state.bullets]", menu="'game_state' not in locals()",
            level="game_state.level.level",
        ),
        Rule(fights=True, reach=0.12, duel=0.6), "turner", "Planetoids, MIT", "planetoids-game python-dotenv",
        begin=("return", "space"),
    ),

)  # fmt: skip
_ARCADE: tuple[PackGame, ...] = (
    PackGame(
        "arcadeasteroids", "arcade", "arcade.examples.asteroid_smasher",
        Reading(player="self.player_sprite", foes="self.asteroid_list", own="self.bullet_list", dead="self.game_over"),
        Rule(fights=True, reach=0.12, duel=0.6), "turner", _KENNEY, "arcade",
    ),

    PackGame(
        "slimeinvaders", "arcade", "arcade.examples.slime_invaders",
        Reading(player="self.player_sprite", foes="self.enemy_list", shots="self.enemy_bullet_list",
                own="self.player_bullet_list", dead="self.game_state == GAME_OVER"),
        Rule(fights=True, reach=0.25, duel=0.9), "side", _KENNEY, "arcade", keys=("", "", "", "", "mouse"), begin=("escape",),
    ),
    PackGame(
        "bullets", "arcade", "arcade.examples.sprite_bullets_enemy_aims",
        Reading(player="self.player", foes="self.enemy_list", shots="self.bullet_list"),
        Rule(fights=True, reach=0.2), "pilot", _KENNEY, "arcade", keys=("", "", "", "", "mouse"),
    ),
    PackGame(
        "platformer", "arcade", "arcade.examples.sprite_enemies_in_platformer",
        Reading(player="self.player_sprite", hazards="self.enemy_list", dead="self.game_over"),
        Rule(fights=False), "runner", _KENNEY, "arcade", keys=("left", "right", "up", "", ""), begin=("r",),
    ),
    PackGame(
        "coins", "arcade", "arcade.examples.sprite_collect_coins_move_bouncing",
        Reading(player="self.player_sprite", level="0 if self.coin_list else 1", pace="min(len(self.coin_list) / 60, 0.7)"),
        Rule(fights=False), "pilot", _KENNEY, "arcade", keys=("", "", "", "", "mouse"),
    ),
    PackGame(
        "jumprun", "arcade", "arcade.examples.sprite_tiled_map_with_levels",
        Reading(player="self.player_sprite", dead="self.game_over", level="self.level"),
        Rule(fights=False), "runner", _KENNEY, "arcade", keys=("left", "right", "up", "", ""),
    ),

)  # fmt: skip

_PYXEL: tuple[PackGame, ...] = (
    PackGame(
        "pyxelshooter", "pyxel", "09_shooter.py",
        Reading(player="self.player", foes="enemies", own="bullets", menu="self.scene == SCENE_TITLE",
                dead="self.scene == SCENE_GAMEOVER"),
        Rule(fights=True, reach=0.2, duel=0.9), "pilot", _PYXELS, "pyxel", begin=("return",),
    ),
    PackGame(
        "pyxeljump", "pyxel", "02_jump_game.py",
        Reading(player="(self.player_x, self.player_y, 16)", dead="not self.is_alive", pace="0.45"),
        Rule(fights=False), "side", _PYXELS, "pyxel",
    ),
    PackGame(
        "pyxelplatformer", "pyxel", "10_platformer.py",
        Reading(player="(player.x, player.y, 8)", hazards="[(e.x, e.y, 8) for e in enemies]"),
        Rule(fights=False), "runner", _PYXELS, "pyxel", keys=("left", "right", "space", "", ""),
    ),
    PackGame(
        "pyxelsnake", "pyxel", "07_snake.py",
        Reading(player="tuple(self.snake[0])", dead="self.death", pace="0.4"),
        Rule(fights=False), "walker", _PYXELS, "pyxel", begin=("r",), unit=48, keys=("left", "right", "up", "down", ""),
    ),
    PackGame(
        "pixelinvaders", "pyxel", "../../pixel_invaders/main.py",
        Reading(
            player="self.player", foes="self.enemies_manager.enemies + [b for b in (self.boss, self.boss_2) if b.active]",
            shots="self.enemies_manager.enemy_lasers", own="self.shooting_manager.lasers + self.shooting_manager.missiles",
            menu="self.game_state in ('menu', 'rules', 'show_stats')", dead="self.game_state == 'game_over'",
            health="self.player.lives / 5", level="self.wave",
        ),
        Rule(fights=True, reach=0.2, duel=0.9), "side", "Pixel Invaders, MIT", "pixel-invaders pyxel",
        begin=("return", "space", "e"),
    ),
    PackGame(
        "megawing", "pyxel", "apps/mega_wing.pyxapp",
        Reading(player="self.player", foes="self.enemies", shots="self.enemy_bullets", own="self.player_bullets",
                menu="self.scene == Game.SCENE_TITLE", dead="self.scene == Game.SCENE_GAMEOVER"),
        Rule(fights=True, reach=0.2, duel=0.9), "pilot", "Mega Wing by T. Kitao, MIT", "pyxel", begin=("return",),
    ),
    PackGame(
        "vortexion", "pyxel", "apps/vortexion.pyxapp",
        Reading(
            player="self.game.state.player", foes="self.game.state.enemies + self.game.state.bosses",
            shots="self.game.state.enemy_shots", own="self.game.state.player_shots",
            menu="not hasattr(self.game.state, 'enemies') or self.game.state.state.name == 'PAUSED'",
            dead="self.game.state.state.name in ('PLAYER_DEAD', 'GAME_OVER')", won="self.game.state.state.name == 'STAGE_CLEAR'",
        ),
        Rule(fights=True, reach=0.25, duel=0.9), "pilot", "Vortexion by Adam, MIT", "pyxel", begin=("z", "z", "return"),
        keys=("left", "right", "up", "down", "z"),
    ),
    PackGame(
        "jetman", "pyxel", "apps/laser-jetman.pyxapp",
        Reading(
            player="self.gameplay.player", foes="self.gameplay.enemies", shots="self.gameplay.enemy_bullets",
            own="self.gameplay.lasers", menu="self.gameplay is None or self.state != STATE_GAMEPLAY",
            dead="self.gameplay.state in ('PLAYER_EXPLODE', 'GAME_OVER')", won="self.gameplay.state == 'STAGE_COMPLETE'",
        ),
        Rule(fights=True, reach=0.2, duel=0.6), "pilot", "Laser Jetman by Adam, MIT", "pyxel", begin=("j", "return"),
        keys=("left", "right", "up", "down", "j"),
    ),
    PackGame(
        "daylight", "pyxel", "apps/30sec_of_daylight.pyxapp",
        Reading(
            player="(self.game.world.player.tile_x, self.game.world.player.tile_y)",
            foes="[(e.tile_x, e.tile_y) for e in self.game.world.current_map.entities if e.type == 1]",
            menu="self.game.state == 0", health="self.game.world.player.hp / self.game.world.player.max_hp", dead="self.game.world.player.hp <= 0",
        ),
        Rule(fights=True, reach=0.15), "walker", "30 Seconds of Daylight by Adam, MIT", "pyxel", begin=("return",),
        keys=("left", "right", "up", "down", "z"), unit=15, fps=10,
    ),
    PackGame(
        "caverns", "pyxel", "apps/cursed_caverns.pyxapp",
        Reading(
            player="(self.player.x, self.player.y, 8)", hazards="[(e.x, e.y, 8) for e in self.enemies]",
            menu="self.scene_name == 'title'", dead="self.scene_name == 'gameover'", won="self.scene_name == 'clear'",
        ),
        Rule(fights=False), "runner", "Cursed Caverns by T. Kitao, MIT", "pyxel", begin=("return",),
        keys=("left", "right", "space", "", ""),
    ),
    PackGame(
        "rescue", "pyxel", "apps/space_rescue.pyxapp",
        Reading(player="(self.ship_x, self.ship_y, 8)", hazards="[(x, y, 8) for x, y in self.meteors]", menu="self.is_title",
                dead="self.is_exploding"),
        Rule(fights=False), "flapper", "Space Rescue by T. Kitao, MIT", "pyxel", begin=("return",),
        keys=("", "", "space", "", ""), hop=0.45,
    ),
    PackGame(
        "megaball", "pyxel", "apps/megaball.pyxapp",
        Reading(player="(self.game.stage.player.x, self.game.stage.player.y, 8)",
                hazards="[(s.x, s.y, 8) for s in self.game.stage.spinners]", menu="self.game.main_menu.is_visible"),
        Rule(fights=False), "pilot", "Mega Ball by Adam, MIT", "pyxel", begin=("z", "z"),
        keys=("left", "right", "up", "down", "z"),
    ),
)  # fmt: skip


def _at(*names: str) -> str:
    """Where Griddly's objects of these names are."""
    return f"[tuple(o['Location']) for o in env.get_state()['Objects'] if o['Name'] in {names}]"


def _griddly(name: str, sheet: str, levels: int, reading: Reading, *, fights: bool = False, act: str = "") -> PackGame:
    turn = "1 if x < 0 else 3 if x > 0 else 2 if y < 0 else 4 if y > 0 else 0"
    return PackGame(
        name, "gym",
        f"griddly:GymWrapper('Single-Player/{sheet}.yaml', global_observer_type=gd.ObserverType.SPRITE_2D,"
        f" player_observer_type=gd.ObserverType.SPRITE_2D, level=dice.randrange({levels}))",
        reading, Rule(fights=fights, reach=0.16, duel=0.35), "walker", "Griddly's games after GVGAI, MIT", "griddly gym==0.26.2 pyyaml",
        act=act or turn, look="env.render(observer='global', mode='rgb_array')", unit=10, fps=6,
    )


_GRIDDLY: tuple[PackGame, ...] = (
    _griddly(
        "dungeon", "GVGAI/zelda", 3, Reading(player=_at("avatar"), foes=_at("spider"), own=_at("attack_fire")),
        fights=True,
        act="np.array([1, dice.randint(1, 4)]) if fire else"
            " np.array([0, 1 if x < 0 else 3 if x > 0 else 2 if y < 0 else 4 if y > 0 else 0])",
    ),
    _griddly(
        "butterflies", "GVGAI/butterflies", 10, Reading(player=_at("catcher"), hazards=_at("spider"), pace="0.35"),
    ),
    _griddly("crates", "GVGAI/sokoban", 6, Reading(player=_at("avatar"))),
    _griddly("cooking", "GVGAI/cookmepasta", 6, Reading(player=_at("avatar"))),
    _griddly("labyrinth", "GVGAI/labyrinth", 5, Reading(player=_at("avatar"), hazards=_at("trap"))),
)  # fmt: skip


def _collection(name: str) -> str:
    return f"from game.main import GameCollection\ngames = GameCollection()\ngames.start_game('{name}')\ngames.run()"


_COLLECTION = "Game Collection, MIT"

_MORE: tuple[PackGame, ...] = (
    PackGame(
        "snake", "pygame", _collection("snake"),
        Reading(player="tuple(c * 20 for c in self.current_game.snake[0])", menu="self.current_state == 'menu'",
                hazards="[tuple(20 * c for c in b) for b in [self.current_game.bomb] if b]", pace="0.4"),
        Rule(fights=False), "walker", _COLLECTION, "game-collection",
        keys=("left", "right", "up", "down", ""), begin=("return", "down", "return"),
    ),
    PackGame(
        "bricks", "pygame", _collection("arkanoid"),
        Reading(
            player="(self.current_game.ball_x, self.current_game.ball_y)", menu="self.current_state == 'menu'",
            hazards="[(r['x'], r['y']) for r in self.current_game.rockets]", level="self.current_game.level",
        ),
        Rule(fights=False), "side", _COLLECTION, "game-collection",
        keys=("left", "right", "up", "down", ""), begin=("down", "return"),
    ),
    PackGame(
        "blocks", "pygame", _collection("tetris"),
        Reading(menu="self.current_state == 'menu'", pace="0.3"),
        Rule(fights=False), "puzzler", _COLLECTION, "game-collection",
        keys=("left", "right", "up", "down", ""), begin=("down", "return"),
    ),
    PackGame(
        "pacman", "pygame", _collection("pacman"),
        Reading(
            player="(self.current_game.pacman_x, self.current_game.pacman_y)", menu="self.current_state == 'menu'",
            foes="[(g['x'], g['y']) for g in self.current_game.ghosts if g['mode'] != 'frightened']",
            level="self.current_game.level", health="self.current_game.lives / 3",
        ),
        Rule(fights=True, reach=0.14), "walker", _COLLECTION, "game-collection",
        keys=("left", "right", "up", "down", ""), begin=("down", "return"), unit=21,
    ),
    PackGame(
        "alienonslaught", "pygame",
        "import os, src\nos.chdir(os.path.dirname(src.__path__[0]))\nfrom src.alien_onslaught import AlienOnslaught\n"
        "game = AlienOnslaught(singleplayer=True)\nrun = game.run_game\ngame.run_game = lambda: (game._reset_game(), run())\n"
        "game.start_single_player_game()",
        Reading(
            player="self.thunderbird_ship", foes="self.aliens", shots="self.alien_bullet", hazards="self.asteroids",
            own="[*self.thunderbird_bullets, *self.thunderbird_missiles, *self.thunderbird_laser]",
            menu="self.ui_options.paused or not self.stats.game_active", level="self.stats.level",
            health="self.stats.thunderbird_hp / 3",
        ),
        Rule(fights=True, reach=0.25), "pilot", "Alien Onslaught, MIT", "alien-onslaught",
        keys=("left", "right", "up", "down", "return"), begin=("p", "r"),
    ),
    PackGame(
        "spacewar", "pygame",
        "from pyspacewar.ui import GameUI\nui = GameUI()\nui.sound = ui.music = False\nui.fullscreen = False\nui.init()\n"
        "ui.start_single_player_game()\n"
        "while True:\n    ui.wait_for_tick()\n    ui.interact()\n    ui.draw()",
        Reading(
            player="tuple(self.ships[0].position) if not self.ships[0].dead else None",
            foes="[tuple(s.position) for s in self.ships[1:] if not s.dead]",
            shots="[tuple(m.position) for m in self.game.world.objects if getattr(m, 'launched_by', None) is self.ships[1]]",
            own="[tuple(m.position) for m in self.game.world.objects if getattr(m, 'launched_by', None) is self.ships[0]]",
            health="self.ships[0].health", dead="self.ships[0].dead",
        ),
        Rule(fights=True, reach=0.35, duel=0.8), "turner", "PySpaceWar, GPL-2+", "pyspacewar", keys=("left", "right", "up", "down", "rctrl"),
        unit=700, begin=("return",),
    ),
    PackGame(
        "blobworld", "pygame", "blobworld.main:main",
        Reading(
            player="(world.player.x, world.player.y, 2 * world.player.radius)",
            foes="[(r.x, r.y, 2 * r.radius) for r in world.reds if r.alive]",
            hazards="[(g.x, g.y, 2 * g.radius) for g in world.purples if g.alive]",
            menu="'world' not in globals() or not hasattr(world, 'reds')", level="world.current_level",
            dead="world.game_over and not world.won", won="world.won",
        ),
        Rule(fights=True, reach=0.15), "pilot", "Blob World, GPL-3+", "blobworld", begin=("return", "space"),
    ),


    PackGame(
        "zombieescape", "pygame", "zombie_escape:main",
        Reading(
            player="game_data.player", foes="game_data.groups.zombie_group",
            menu="'game_data' not in globals()", dead="game_data.state.game_over", won="game_data.state.game_won",
        ),
        Rule(fights=True, reach=0.25), "pilot", "Zombie Escape, MIT", "zombie-escape", begin=("return", "return", "down"),
        unit=300,
    ),
    PackGame(
        "solarwolf", "pygame",
        "import os, sys\nos.chdir('/usr/share/games/solarwolf')\nsys.path.insert(0, '/usr/lib/games/solarwolf')\n"
        "sys.argv = ['solarwolf']\nimport game\ngame.DATADIR = '/usr/share/games/solarwolf'\nimport main\nmain.main(['solarwolf'])",
        Reading(
            player="game.handler.player", foes="game.handler.guardobjs", shots="game.handler.shotobjs",
            hazards="game.handler.spikeobjs + game.handler.asteroidobjs",
            menu="not hasattr(game.handler, 'shotobjs')", level="game.handler.levelnum", dead="game.handler.state in ('playdie', 'gameover')",
        ),
        Rule(fights=True, reach=0.0), "walker", "SolarWolf, LGPL-2.1+", "Debian's solarwolf", begin=("return", "return", "return"),
    ),
    PackGame(
        "funnyboat", "pygame", "/usr/share/games/funnyboat/main.py",
        Reading(
            player="self.player", foes="self.sharks + self.pirates + self.seagulls + [t for t in [self.titanic] if t]",
            shots="[c for c in self.cannonballs if c.vect[0] < 0]", own="[c for c in self.cannonballs if c.vect[0] > 0]",
            hazards="self.mines", menu="not hasattr(self, 'pirates') or self.pause", dead="self.gameover",
            health="self.health.hearts_left / 5",
        ),
        Rule(fights=True, reach=0.3, duel=0.9), "runner", "Trip on the Funny Boat, MIT or GPL-2+", "Debian's funnyboat",
        begin=("return", "return"), hop=0.05,
    ),
    PackGame(
        "monsterz", "pygame", "import os, sys\nos.chdir('/usr/share/games/monsterz')\nsys.path.insert(0, '.')\n"
        "sys.argv = ['monsterz']\nimport monsterz\nmonsterz.main()",
        Reading(menu="self.game is None or self.status != STATUS_GAME", pace="0.2"),
        Rule(fights=False), "puzzler", "Monsterz, WTFPL", "Debian's monsterz", begin=("return", "return"),
        keys=("", "", "", "", "mouse"),
    ),
    PackGame(
        "pathological", "pygame", "import os, sys\nos.chdir('/usr/share/games/pathological')\nsys.path.insert(0, '.')\n"
        "sys.argv = ['pathological']\nexec(compile(open('pathological.py', encoding='latin-1').read(), 'pathological.py', 'exec'), {'__name__': '__main__'})",
        Reading(menu="not hasattr(self, 'marbles')", pace="0.1 + 0.05 * len(self.marbles)"),
        Rule(fights=False), "puzzler", "Pathological, GPL-2+", "Debian's pathological", begin=("return", "return"),
        keys=("", "", "", "", "mouse"),
    ),
    PackGame(
        "squidhunt", "gym", "sai_pygame.squid_hunt.squid_hunt:SquidHuntEnv()",
        Reading(player="env.ship", foes="env.squids", own="env.bullets", hazards="env.walls"),
        Rule(fights=True, reach=0.2, duel=0.9), "turner", "SAI: Squid Hunt, MIT", "sai-pygame",
        act="9 if fire else 1 if y else 2 if dice.random() < 0.2 else 3 if x < 0 else 6 if x else 0", skip=2,
    ),
    PackGame(
        "spaceevaders", "gym", "sai_pygame.space_evaders.space_evaders:SpaceEvadersEnv()",
        Reading(player="env.ship", hazards="[a for lane in env.asteroids for a in lane]", pace="0.5"),
        Rule(fights=False), "side", "SAI: Space Evaders, MIT", "sai-pygame", act="1 if x < 0 else 2 if x else 0", skip=2,
    ),
    PackGame(
        "pong", "gym", "sai_pygame.pong.pong:PongEnv()",
        Reading(player="env.ball"),
        Rule(fights=False), "puzzler", "SAI: Pong, MIT", "sai-pygame",
        act="dice.choice((1, 2)) if dice.random() < 0.8 else 0", skip=2,
    ),
)  # fmt: skip

PACK_GAMES: dict[str, PackGame] = {game.name: game for game in _GYM + _PYGAME + _ARCADE + _PYXEL + _GRIDDLY + _MORE}
