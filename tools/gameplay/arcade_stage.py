"""Plays games written with Arcade (its own examples, Kenney's art) without a screen: updates are called for,
and only the pictures that are kept are drawn."""

from __future__ import annotations

import importlib
import os
import random
import time
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .arena_player import Wish
from .stage import PackGame

_UPDATES_PER_S = 60
_MOUSE_PER_S = 0.8
"""How fast a mouse is moved, picture heights a second."""


class ArcadeStage:
    """One game: ``start`` of the table is the module whose ``main`` opens the window. Needs EGL."""

    def __init__(self, game: PackGame, seed: int) -> None:
        os.environ["ARCADE_HEADLESS"] = "True"
        random.seed(seed)
        np.random.seed(seed % 2**32)
        import arcade
        from arcade.clock import GLOBAL_CLOCK
        from pyglet.event import EventDispatcher

        self._clock = GLOBAL_CLOCK
        self._dispatch = EventDispatcher.dispatch_event
        self._arcade, self._game = arcade, game
        self._now_s = 0.0
        arcade.run = lambda *_, **__: None
        time.time = time.perf_counter = time.monotonic = lambda: self._now_s
        self._module = importlib.import_module(game.start)
        self._module.main()
        self._window = arcade.get_window()
        self._held: set[int] = set()
        self._fires = False
        self._mouse = np.array([self._window.width / 2, self._window.height / 4])
        self._clock.tick(1 / _UPDATES_PER_S)
        self._draw()

    @property
    def height(self) -> float:
        """The window's."""
        return float(self._window.height)

    def play(self, wish: Wish) -> None:
        """Keys and mouse, then the updates to the next picture."""
        names = self._game.keys
        wanted = {names[0]: wish.x < 0, names[1]: wish.x > 0, names[2]: wish.y < 0, names[3]: wish.y > 0,
                  names[4]: wish.fire}  # fmt: skip
        if names[4] == "mouse":
            self._point(wish, aims=bool(names[0]))
        self._hold(
            {
                getattr(self._arcade.key, n.upper())
                for n, down in wanted.items()
                if down and n not in ("", "mouse")
            }
        )
        for _ in range(_UPDATES_PER_S // self._game.fps):
            self._now_s += 1 / _UPDATES_PER_S
            self._clock.tick(1 / _UPDATES_PER_S)
            self._tell("on_update", 1 / _UPDATES_PER_S)
        self._draw()

    def begin(self, key: str) -> None:
        """Presses one key of a menu, or clicks in the middle of the window."""
        code = getattr(self._arcade.key, key.upper())
        self._tell("on_key_press", code, 0)
        self._tell("on_key_release", code, 0)
        middle = self._window.width // 2, self._window.height // 2
        self._tell("on_mouse_press", *middle, 1, 0)
        self.play(Wish())

    def _point(self, wish: Wish, *, aims: bool) -> None:
        """Where keys move the player the mouse aims, else it is what moves."""
        before, height = self._mouse.copy(), self.height
        if aims:
            self._mouse[:] = wish.aim[0] * height, abs(wish.aim[1]) * height
        else:
            self._mouse += np.array([wish.x, -wish.y]) * _MOUSE_PER_S * height / self._game.fps
        self._mouse[:] = self._mouse.clip(0, [self._window.width, height])
        x, y = (int(value) for value in self._mouse)
        self._tell("on_mouse_motion", x, y, int(x - before[0]), int(y - before[1]))
        if wish.fire != self._fires:
            self._fires = wish.fire
            self._tell("on_mouse_press" if wish.fire else "on_mouse_release", x, y, 1, 0)

    def _hold(self, codes: set[int]) -> None:
        for event, changed in (("on_key_release", self._held - codes), ("on_key_press", codes - self._held)):
            for code in sorted(changed):
                self._tell(event, code, 0)
        self._held = codes

    def _tell(self, event: str, *values: float) -> None:
        # The window's own would keep events until its loop runs.
        self._dispatch(self._window, event, *values)

    def _draw(self) -> None:
        self._window.clear()
        self._tell("on_draw")
        self._picture = np.asarray(self._arcade.get_image().convert("RGB"))

    def picture(self) -> np.ndarray:
        """What is shown, uint8 (height, width, 3)."""
        return self._picture

    def names(self) -> Iterable[Mapping[str, Any]]:
        """``self`` is the view that is shown, or the window."""
        return ({**vars(self._module), "self": self._window.current_view or self._window},)

    def ended(self) -> str:
        """Arcade's games show their own ends."""
        return ""
