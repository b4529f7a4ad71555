"""Plays Freedoom in ViZDoom with a bot: pictures and truth samples, frame by frame."""

from __future__ import annotations

import math
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np

from .bot import Action, Bot, Enemy, View
from .engine import gamma_table, inside, load_vizdoom
from .errors import RecordError
from .habits import Habit
from .level import Level
from .navigation import NavGrid
from .truth import Monster, Sample
from .wad import Wad

TICS_PER_S = 35
_DAMAGING_SPECIALS = (4, 5, 7, 11, 16)
_MONSTER_KINDS = (3004, 9, 3001, 3002, 58, 3006, 3005, 3003, 69, 65, 68, 71, 66, 67, 64, 7, 16, 84)
_PROJECTILES = frozenset(
    ("DoomImpBall", "CacodemonBall", "BaronBall", "RevenantTracer", "FatShot", "ArachnotronPlasma")
)
_WEAPON_SLOT = {
    "pistol": 2,
    "shotgun": 3,
    "supershotgun": 3,
    "chaingun": 4,
    "rocketlauncher": 5,
    "plasmarifle": 6,
}
_HEAL_BELOW = 50
_AMMO_REFILL_S = 12
_LOST_S, _LOST_UNITS = 12, 256

Hud = Literal["full", "minimal", "none"]
Company = Literal["hostile", "asleep", "none"]
"""Monsters as the level has them; the same but blind to the player until hurt; none at all."""


@dataclass(frozen=True)
class Setup:
    """Everything that decides a recording; written into its truth file."""

    wad: Path
    level: str
    habit: Habit
    seed: int
    duration_s: float
    skill: int = 3
    weapon: str = "pistol"
    hud: Hud = "full"
    width: int = 640
    height: int = 480
    gamma: float = 1.0
    company: Company = "hostile"
    start_anywhere: bool = False
    tics_per_frame: int = 3

    @property
    def fps(self) -> Fraction:
        """Frames per second, exactly."""
        return Fraction(TICS_PER_S, self.tics_per_frame)


def play(setup: Setup) -> Iterator[tuple[np.ndarray, Sample]]:
    """Yields (picture, sample) per frame: uint8 (height, width, 3) and what the game knew then."""
    simulator = _Simulator(setup)
    try:
        yield from simulator.frames()
    finally:
        simulator.close()


class _Simulator:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._random = random.Random(f"{setup.seed}/{setup.level}/{setup.habit.name}")
        self._level = Level.read(Wad.read(setup.wad), setup.level)
        self._vizdoom = load_vizdoom()
        self._variables = self._vizdoom.GameVariable
        # The engine leaves its settings where it is started.
        self._folder = tempfile.TemporaryDirectory(prefix="vizdoom-")
        self._game = self._start_game()
        self._seen: dict[int, tuple[float, float]] = {}
        self._awake: set[int] = set()
        self._place = 0
        self._tic = 0
        self._anchor = View(0, 0.0, 0.0, 0.0, ())
        self._gamma_table = gamma_table(setup.gamma)

    def close(self) -> None:
        self._game.close()
        self._folder.cleanup()

    def _start_game(self) -> Any:
        z, setup = self._vizdoom, self._setup
        game = z.DoomGame()
        game.set_doom_game_path(str(setup.wad.resolve()))
        game.set_doom_map(setup.level)
        size = f"RES_{setup.width}X{setup.height}"
        if not hasattr(z.ScreenResolution, size):
            raise RecordError(
                f"ViZDoom has no picture size {setup.width}x{setup.height}; try 640x480 or 800x600."
            )
        game.set_screen_resolution(getattr(z.ScreenResolution, size))
        game.set_screen_format(z.ScreenFormat.RGB24)
        game.set_window_visible(False)
        game.set_mode(z.Mode.PLAYER)
        game.set_labels_buffer_enabled(True)
        game.set_render_hud(setup.hud != "none")
        game.set_render_minimal_hud(setup.hud == "minimal")
        game.set_render_crosshair(False)
        game.set_render_messages(False)
        game.set_render_particles(True)
        game.set_render_decals(True)
        game.set_doom_skill(setup.skill)
        game.set_episode_timeout(0)
        game.set_seed(setup.seed)
        # The engine's clock of centred messages stands still between frames: they would never go away.
        game.add_game_args("+cl_showsecretmessage 0")
        if setup.company == "none":
            game.add_game_args("-nomonsters")
        button = z.Button
        game.set_available_buttons(
            [
                button.ATTACK,
                button.USE,
                button.MOVE_FORWARD_BACKWARD_DELTA,
                button.MOVE_LEFT_RIGHT_DELTA,
                button.TURN_LEFT_RIGHT_DELTA,
            ]
            + [getattr(button, f"SELECT_WEAPON{slot}") for slot in range(2, 7)]
        )
        try:
            with inside(self._folder.name):
                game.init()
        except Exception as error:
            raise RecordError(f"ViZDoom cannot play {setup.level} of {setup.wad}: {error}") from error
        return game

    def frames(self) -> Iterator[tuple[np.ndarray, Sample]]:
        total = round(self._setup.duration_s * self._setup.fps)
        bot = self._new_life()
        action = Action()
        for index in range(total):
            if self._game.is_episode_finished():
                self._place += 1
                bot = self._new_life()
                action = Action()
            state = self._game.get_state()
            picture = state.screen_buffer
            if self._setup.gamma != 1.0:
                picture = self._gamma_table[picture]
            sample, view = self._observe(state, index, action)
            yield picture, sample
            action = bot.act(view, tics=self._setup.tics_per_frame)
            self._game.make_action(self._buttons(action), self._setup.tics_per_frame)
            self._tic += self._setup.tics_per_frame
            self._supply(sample)
            self._rescue(view)

    def _new_life(self) -> Bot:
        """Starts the level anew, with keys for every door."""
        self._game.new_episode()
        self._seen, self._awake = {}, set()
        self._game.send_game_command("give keys")
        if self._setup.weapon != "pistol":
            self._game.send_game_command(f"give {self._setup.weapon}")
        self._game.send_game_command("give ammo")
        if self._setup.company == "asleep":
            self._game.send_game_command("notarget")
        select = [0.0] * 10
        select[5 + _WEAPON_SLOT[self._setup.weapon] - 2] = 1.0
        grid = NavGrid.build(self._level)
        if self._setup.start_anywhere:
            self._warp(grid)
        # Weapons take about a second to come up; a clip should not start with an empty hand.
        self._game.make_action(select, 2)
        self._game.make_action([0.0] * 10, 33)
        things = self._level.things
        prey = things[np.isin(things["kind"], _MONSTER_KINDS)]
        prey_points = np.stack([prey["x"], prey["y"]], axis=1).astype(float)
        return Bot(self._setup.habit, grid, self._random, prey=prey_points)

    def _warp(self, grid: NavGrid) -> None:
        """Puts the player somewhere that can be walked to, with room to turn."""
        costs, _ = grid.routes(grid.free_cell_near(self._value("POSITION_X"), self._value("POSITION_Y")))
        roomy = np.flatnonzero(np.isfinite(costs) & (grid.clearance.ravel() > 48))
        if len(roomy):
            x, y = grid.centre(int(roomy[self._random.randrange(len(roomy))]))
            self._game.send_game_command(f"warp {x:.0f} {y:.0f}")

    def _buttons(self, action: Action) -> list[float]:
        return [
            float(action.attack),
            float(action.use),
            action.forward,
            action.side,
            action.turn_deg_per_tic,
        ] + [0.0] * 5

    def _supply(self, sample: Sample) -> None:
        """Keeps a clip going: health when nearly dead (unless mortal), ammunition now and then."""
        if self._setup.habit.heals and sample.health is not None and 0 < sample.health < _HEAL_BELOW:
            self._game.send_game_command("give health")
        if self._tic % (_AMMO_REFILL_S * TICS_PER_S) < self._setup.tics_per_frame:
            self._game.send_game_command("give ammo")

    def _rescue(self, view: View) -> None:
        """Puts a player who has long been in one spot where some thing of the level stands: a teleport."""
        if math.hypot(view.x - self._anchor.x, view.y - self._anchor.y) > _LOST_UNITS:
            self._anchor = view
        elif view.tic - self._anchor.tic > _LOST_S * TICS_PER_S:
            thing = self._level.things[self._random.randrange(len(self._level.things))]
            self._game.send_game_command(f"warp {thing['x']} {thing['y']}")
            self._anchor = view

    def _observe(self, state: Any, index: int, action: Action) -> tuple[Sample, View]:
        x, y, z, angle = (self._value(name) for name in ("POSITION_X", "POSITION_Y", "POSITION_Z", "ANGLE"))
        monsters, enemies, projectiles = [], [], []
        for label in state.labels:
            distance = math.hypot(label.object_position_x - x, label.object_position_y - y)
            if label.object_name in _PROJECTILES:
                projectiles.append(distance)
            elif label.object_category == "Monster" and not label.object_name.startswith("Dead"):
                awake = self._is_awake(label)
                monsters.append(
                    Monster(label.object_name, distance, label.height / self._setup.height, awake)
                )
                if awake or self._setup.company == "hostile":
                    enemies.append(Enemy(label.object_id, label.object_position_x, label.object_position_y))
        sector = self._level.sector_at(x, y)
        sample = Sample(
            time_s=float(index / self._setup.fps),
            attack=action.attack,
            health=int(self._value("HEALTH")),
            armor=int(self._value("ARMOR")),
            ammo=int(self._value("SELECTED_WEAPON_AMMO")),
            weapon=int(self._value("SELECTED_WEAPON")),
            damage_dealt_total=int(self._value("DAMAGECOUNT")),
            damage_taken_total=int(self._value("DAMAGE_TAKEN")),
            kills_total=int(self._value("KILLCOUNT")),
            items_total=int(self._value("ITEMCOUNT")),
            position=(x, y, z),
            angle_deg=angle,
            monsters=tuple(monsters),
            projectile_units=tuple(projectiles),
            place=self._place,
            on_damaging_floor=int(self._level.sectors["special"][sector]) in _DAMAGING_SPECIALS,
            outdoors=self._level.is_outdoors(sector),
            light=int(np.clip(self._level.sectors["light"][sector], 0, 255)),
            dead=bool(self._game.is_player_dead()),
        )
        return sample, View(self._tic, x, y, angle, tuple(enemies))

    def _is_awake(self, label: Any) -> bool:
        """Doom's monsters stand still until they notice the player; once moved, they are awake."""
        here = (label.object_position_x, label.object_position_y)
        before = self._seen.setdefault(label.object_id, here)
        if math.dist(here, before) > 1.0:
            self._awake.add(label.object_id)
        return label.object_id in self._awake

    def _value(self, name: str) -> float:
        return float(self._game.get_game_variable(getattr(self._variables, name)))
