"""Games written with pygame, from the Python package index and from Debian, run as they are."""

from __future__ import annotations

from .arena import Rule
from .stage import PackGame, Reading

PYGAME_GAMES: tuple[PackGame, ...] = (
    PackGame(
        name="aliens",
        engine="pygame",
        start="pygame.examples.aliens:main",
        reading=Reading(
            player="player",
            foes="aliens",
            shots="bombs",
            own="shots",
            dead="not player.alive()",
        ),
        rule=Rule(fights=True),
        style="side",
        licence="pygame-ce's example Aliens, public domain",
        needs="pygame-ce",
        fps=10,
    ),
    PackGame(
        name="zelda",
        engine="pygame",
        start="gym_zelda_pygame/game/code/main.py",
        reading=Reading(
            player="self.level.player",
            foes=(
                "[s for s in self.level.attackable_sprites if getattr(s, 'sprite_type', '') == "
                "'enemy' and s.status != 'idle']"
            ),
            own="[s for s in self.level.attack_sprites]",
            health="self.level.player.health / self.level.player.stats['health']",
        ),
        rule=Rule(fights=True, reach=0.15, duel=0.3),
        style="walker",
        licence="gym-zelda-pygame, MIT; pictures CC0",
        needs="gym-zelda-pygame",
    ),
    PackGame(
        name="pygalaga",
        engine="pygame",
        start="pygalaga.game:main",
        reading=Reading(
            player="(self.player.x + 25, self.player.y + 25, 50)",
            foes="[(e.x + 20, e.y + 20, 40) for e in self.enemies]",
            own="[(b.x + 5, b.y + 10) for b in self.player.bullets]",
        ),
        rule=Rule(fights=True, reach=0.25, duel=0.8),
        style="side",
        licence="pygalaga, MIT",
        needs="pygalaga",
    ),
    PackGame(
        name="spaceescape",
        engine="pygame",
        start="space_escape.main:main",
        reading=Reading(
            player="self.player",
            hazards="self.enemies",
            pace="0.6",
            menu="not hasattr(self, 'enemies')",
            dead="not self.player.alive()",
        ),
        rule=Rule(fights=False),
        style="pilot",
        licence="Space Escape, GPL-3",
        needs="space-escape-raksoiv",
        begin=("click:400,300", "return", "click:400,250"),
    ),
    PackGame(
        name="planetoids",
        engine="pygame",
        start="planetoids.main:main",
        reading=Reading(
            player="(game_state.player.x, game_state.player.y, 40)",
            foes="[(a.x, a.y, 60) for a in game_state.asteroids]",
            own="[(b.x, b.y) for b in game_state.bullets]",
            menu="'game_state' not in locals()",
            level="game_state.level.level",
        ),
        rule=Rule(fights=True, reach=0.12, duel=0.6),
        style="turner",
        licence="Planetoids, MIT",
        needs="planetoids-game python-dotenv",
        begin=("return", "space"),
    ),
    PackGame(
        name="alienonslaught",
        engine="pygame",
        start=(
            "import os, src\nos.chdir(os.path.dirname(src.__path__[0]))\n"
            "from src.alien_onslaught import AlienOnslaught\n"
            "game = AlienOnslaught(singleplayer=True)\nrun = game.run_game\n"
            "game.run_game = lambda: (game._reset_game(), run())\ngame.start_single_player_game()"
        ),
        reading=Reading(
            player="self.thunderbird_ship",
            foes="self.aliens",
            shots="self.alien_bullet",
            own="[*self.thunderbird_bullets, *self.thunderbird_missiles, *self.thunderbird_laser]",
            hazards="self.asteroids",
            health="self.stats.thunderbird_hp / 3",
            menu="self.ui_options.paused or not self.stats.game_active",
            level="self.stats.level",
        ),
        rule=Rule(fights=True, reach=0.25),
        style="pilot",
        licence="Alien Onslaught, MIT",
        needs="alien-onslaught",
        keys=("left", "right", "up", "down", "return"),
        begin=("p", "r"),
    ),
    PackGame(
        name="spacewar",
        engine="pygame",
        start=(
            "from pyspacewar.ui import GameUI\nui = GameUI()\nui.sound = ui.music = False\n"
            "ui.fullscreen = False\nui.init()\nui.start_single_player_game()\nwhile True:\n"
            "    ui.wait_for_tick()\n    ui.interact()\n    ui.draw()"
        ),
        reading=Reading(
            player="tuple(self.ships[0].position) if not self.ships[0].dead else None",
            foes="[tuple(s.position) for s in self.ships[1:] if not s.dead]",
            shots=(
                "[tuple(m.position) for m in self.game.world.objects if getattr(m, 'launched_by', "
                "None) is self.ships[1]]"
            ),
            own=(
                "[tuple(m.position) for m in self.game.world.objects if getattr(m, 'launched_by', "
                "None) is self.ships[0]]"
            ),
            health="self.ships[0].health",
            dead="self.ships[0].dead",
        ),
        rule=Rule(fights=True, reach=0.35, duel=0.8),
        style="turner",
        licence="PySpaceWar, GPL-2+",
        needs="pyspacewar",
        keys=("left", "right", "up", "down", "rctrl"),
        begin=("return",),
        unit=700,
    ),
    PackGame(
        name="blobworld",
        engine="pygame",
        start="blobworld.main:main",
        reading=Reading(
            player="(world.player.x, world.player.y, 2 * world.player.radius)",
            foes="[(r.x, r.y, 2 * r.radius) for r in world.reds if r.alive]",
            hazards="[(g.x, g.y, 2 * g.radius) for g in world.purples if g.alive]",
            menu="'world' not in globals() or not hasattr(world, 'reds')",
            won="world.won",
            dead="world.game_over and not world.won",
            level="world.current_level",
        ),
        rule=Rule(fights=True, reach=0.15),
        style="pilot",
        licence="Blob World, GPL-3+",
        needs="blobworld",
        begin=("return", "r"),
    ),
    PackGame(
        name="solarwolf",
        engine="pygame",
        start=(
            "import os, sys\nos.chdir('/usr/share/games/solarwolf')\n"
            "sys.path.insert(0, '/usr/lib/games/solarwolf')\nsys.argv = ['solarwolf']\nimport game\n"
            "game.DATADIR = '/usr/share/games/solarwolf'\nimport main\nmain.main(['solarwolf'])"
        ),
        reading=Reading(
            player="game.handler.player",
            foes="game.handler.guardobjs",
            shots="game.handler.shotobjs",
            hazards="game.handler.spikeobjs + game.handler.asteroidobjs",
            menu="not hasattr(game.handler, 'shotobjs')",
            dead="game.handler.state in ('playdie', 'gameover')",
            level="game.handler.levelnum",
        ),
        rule=Rule(fights=True, reach=0.0),
        style="walker",
        licence="SolarWolf, LGPL-2.1",
        needs="Debian's solarwolf",
        begin=("return", "return", "return"),
    ),
    PackGame(
        name="funnyboat",
        engine="pygame",
        start="/usr/share/games/funnyboat/main.py",
        reading=Reading(
            player="self.player",
            foes="self.sharks + self.pirates + self.seagulls + [t for t in [self.titanic] if t]",
            shots="[c for c in self.cannonballs if c.vect[0] < 0]",
            own="[c for c in self.cannonballs if c.vect[0] > 0]",
            hazards="self.mines",
            health="self.health.hearts_left / 5",
            menu="not hasattr(self, 'pirates') or self.pause",
            dead="self.gameover",
        ),
        rule=Rule(fights=True, reach=0.3, duel=0.9),
        style="runner",
        licence="Trip on the Funny Boat, GPL-2; pictures MIT",
        needs="Debian's funnyboat",
        begin=("return", "return"),
        hop=0.05,
    ),
    PackGame(
        name="pathological",
        engine="pygame",
        start=(
            "import os, sys\nos.chdir('/usr/share/games/pathological')\nsys.path.insert(0, '.')\n"
            "sys.argv = ['pathological']\n"
            "exec(compile(open('pathological.py', encoding='latin-1').read(), 'pathological.py', "
            "'exec'), {'__name__': '__main__'})"
        ),
        reading=Reading(
            pace="0.1 + 0.05 * len(self.marbles)",
            menu="not hasattr(self, 'marbles')",
        ),
        rule=Rule(fights=False),
        style="puzzler",
        licence="Pathological, GPL-2+",
        needs="Debian's pathological",
        keys=("", "", "", "", "mouse"),
        begin=("return", "return"),
    ),
)
