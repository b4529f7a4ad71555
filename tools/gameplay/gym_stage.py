"""Plays games that are stepped from outside: Gymnasium's environments, PettingZoo's, Griddly's."""

from __future__ import annotations

import importlib
import random
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .arena_player import Wish
from .stage import PackGame


class GymStage:
    """One environment. ``start`` of the table is ``MODULES:EXPRESSION``, which makes it out of ``seed``,
    ``dice`` and what the last of the modules has. Episodes that end by their own clock begin anew without a
    loss."""

    def __init__(self, game: PackGame, seed: int) -> None:
        self._dice = random.Random(f"gym/{seed}")
        random.seed(seed)
        np.random.seed(seed % 2**32)
        module, _, make = game.start.partition(":")
        modules = [importlib.import_module(name) for name in module.split(",")]
        space = {**vars(modules[-1]), "seed": seed, "dice": self._dice}
        self._env = eval(make, space)
        self._act = compile(game.act, f"<{game.name} act>", "eval")
        self._many = hasattr(self._env, "possible_agents")
        self._ended = ""
        self._look = game.look
        self._cut, self._skip = False, game.skip
        self._reset(seed)

    def _reset(self, seed: int) -> None:
        try:
            self._env.reset(seed=seed % 2**31)
        except TypeError:  # older ones
            self._env.reset()
        self._picture = self._render()

    def _render(self) -> np.ndarray:
        if self._look:
            return np.asarray(eval(self._look, {"env": self._env.unwrapped}))
        picture = self._env.render()
        return np.asarray(picture[0] if isinstance(picture, list) else picture)[..., :3]

    def play(self, wish: Wish) -> None:
        """One step; a new episode where the last one has ended."""
        if self._ended or self._cut:
            self._reset(self._dice.randrange(2**31))
            self._ended, self._cut = "", False
            return
        for _ in range(self._skip):
            reward, terminated = self._step(wish)
            if terminated:
                self._ended = "won" if reward > 0 else "lost"
            if terminated or self._cut:
                break
        self._picture = self._render()

    def _step(self, wish: Wish) -> tuple[float, bool]:
        names = {"x": wish.x, "y": wish.y, "fire": wish.fire, "aim": wish.aim, "dice": self._dice, "np": np,
                 "env": self._env.unwrapped, "along": _along}  # fmt: skip
        if self._many:
            actions = {
                agent: eval(self._act, {**names, "me": index == 0})
                for index, agent in enumerate(self._env.agents)
            }
            _, rewards, ends, cuts, _ = self._env.step(actions)
            self._cut = not self._env.agents or any(cuts.values())
            return sum(rewards.values()), bool(ends) and all(ends.values())
        _, reward, terminated, cut, *_ = self._env.step(eval(self._act, names))
        self._cut = cut is True  # older ones give what they know instead
        return float(reward), bool(terminated)

    @property
    def height(self) -> float:
        """The picture's."""
        return float(self._picture.shape[0])

    def picture(self) -> np.ndarray:
        """What is shown, uint8 (height, width, 3)."""
        return self._picture

    def names(self) -> Iterable[Mapping[str, Any]]:
        """``env`` is the environment itself, without wrappers."""
        return ({"env": self._env.unwrapped, "np": np},)

    def ended(self) -> str:
        """ "won" or "lost" when an episode has just ended, else ""."""
        return self._ended


def _along(env: Any, dice: random.Random) -> float:
    """Steering, -1..1, towards the road some way ahead of a Car Racing car."""
    hull = env.car.hull
    places = np.array([(tile[2], tile[3]) for tile in env.track])
    nearest = int(np.hypot(*(places - (hull.position.x, hull.position.y)).T).argmin())
    ahead = places[(nearest + dice.randint(3, 7)) % len(places)] - (hull.position.x, hull.position.y)
    error = np.arctan2(-ahead[0], ahead[1]) - hull.angle
    return float(np.clip(-1.2 * ((error + np.pi) % (2 * np.pi) - np.pi), -1, 1))
