"""Plays games written with Pyxel without a screen: its frames are counted and its buttons answered here."""

from __future__ import annotations

import contextlib
import os
import random
import runpy
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .arena_player import Wish
from .stage import PackGame

_FRAMES_PER_S = 30


class _Begun(BaseException):
    """The game has come to ``pyxel.run``."""


class PyxelStage:
    """One game: ``start`` of the table is a script or ``.pyxapp``, seen from Pyxel's folder of examples.

    Works once in a process."""

    def __init__(self, game: PackGame, seed: int) -> None:
        random.seed(seed)
        np.random.seed(seed % 2**32)
        self._game = game
        self._held: dict[str, int] = {}
        self._let_go: set[str] = set()
        self._frame = 0
        self._fps = _FRAMES_PER_S
        self._update: Callable[[], None] = lambda: None
        self._draw: Callable[[], None] = lambda: None
        import pyxel

        self._pyxel = pyxel
        script = self._script(Path(pyxel.__file__).parent / "examples" / game.start)
        self._patch(script.parent)
        pyxel.rseed(seed % 2**31)
        os.chdir(script.parent)
        sys.path.insert(0, str(script.parent))
        sys.modules.pop("gameplay", None)  # a game may have a module of the recorder's name
        with contextlib.suppress(_Begun):
            runpy.run_path(str(script), run_name="__main__")
        self._look()

    def _script(self, path: Path) -> Path:
        if path.suffix != ".pyxapp":
            return path
        self._folder = tempfile.TemporaryDirectory(prefix="pyxel-")
        with zipfile.ZipFile(path) as archive:
            archive.extractall(self._folder.name)
        (named,) = Path(self._folder.name).glob("*/.pyxapp_startup_script")
        return named.parent / named.read_text().strip()

    def _patch(self, folder: Path) -> None:
        pyxel = self._pyxel
        codes = {getattr(pyxel, n): n for n in dir(pyxel) if n.startswith(("KEY_", "GAMEPAD1", "MOUSE_"))}
        begin = pyxel.init

        def init(width: int, height: int, *_: Any, fps: int = _FRAMES_PER_S, **__: Any) -> None:
            begin(width, height, fps=fps, headless=True)
            self._fps = fps
            pyxel.frame_count = 0
            os.chdir(folder)

        def run(update: Callable[[], None], draw: Callable[[], None]) -> None:
            self._update, self._draw = update, draw
            raise _Begun

        def pressed(key: int, hold: int = 0, repeat: int = 0) -> bool:
            since = self._held.get(codes.get(key, ""), -1)
            return since == 0 or bool(repeat and since >= hold > 0 and (since - hold) % repeat == 0)

        pyxel.init, pyxel.run, pyxel.btnp = init, run, pressed
        pyxel.btn = lambda key: codes.get(key, "") in self._held
        pyxel.btnr = lambda key: codes.get(key, "") in self._let_go
        pyxel.btnv = lambda key: 0
        pyxel.quit = lambda: None

    @property
    def height(self) -> float:
        """The screen's, in Pyxel's pixels."""
        return float(self._pyxel.height)

    def play(self, wish: Wish) -> None:
        """Buttons, then the frames to the next picture."""
        names = self._game.keys
        wanted = {names[0]: wish.x < 0, names[1]: wish.x > 0, names[2]: wish.y < 0, names[3]: wish.y > 0}
        wanted[names[4]] = wish.fire or wanted.get(names[4], False)
        down = {f"KEY_{name.upper()}" for name, held in wanted.items() if held and name}
        for _ in range(max(self._fps // self._game.fps, 1)):
            self._let_go = set(self._held) - down
            self._held = {name: self._held.get(name, -1) + 1 for name in sorted(down)}
            self._update()
            self._frame += 1
            self._pyxel.frame_count = self._frame
        self._look()

    def begin(self, key: str) -> None:
        """Presses one key of a menu."""
        self._held = {}
        self._held[f"KEY_{key.upper()}"] = 0
        self._update()
        self._held = {}
        self.play(Wish())

    def _look(self) -> None:
        pyxel = self._pyxel
        self._draw()
        cells = np.frombuffer(pyxel.screen.data_ptr(), np.uint8).reshape(pyxel.height, pyxel.width)
        palette = np.array([[c >> 16 & 255, c >> 8 & 255, c & 255] for c in list(pyxel.colors)], np.uint8)
        self._picture = palette[cells]

    def picture(self) -> np.ndarray:
        """What is shown, uint8 (height, width, 3)."""
        return self._picture

    def names(self) -> Iterable[Mapping[str, Any]]:
        """``self`` is the object whose ``update`` Pyxel calls."""
        return ({**self._update.__globals__, "self": getattr(self._update, "__self__", None)},)

    def ended(self) -> str:
        """Pyxel's games show their own ends."""
        return ""
