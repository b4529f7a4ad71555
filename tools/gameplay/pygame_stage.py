"""Runs games written with pygame as they are: their clock, keys and screen are answered for.

The game runs in its own loop until the clock has come to the next picture; there it stands still while what
it knows is read out of the variables of that very loop. So a slow machine makes no slow game, and the same
seed makes the same clip.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import random
import runpy
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import greenlet
import numpy as np

from .arena_player import Wish
from .errors import RecordError
from .stage import PackGame

_HERE = str(Path(__file__).parent)
_LONGEST_WAIT_MS = 5000
_EPOCH_S = 1.7e9
_FULL_SCREEN = (800, 600)
_LARGEST = 240
"""Pictures are made no wider or higher."""

_SHOWN_MS = 50
"""Only what is shown so shortly before a picture is due is looked at."""

_UNTIMED_FLIPS, _UNTIMED_MS = 3, 1000 / 60
"""A loop that shows so much without asking the clock has none: each time, so much of it passes."""


class PygameStage:
    """One game. ``start`` of the table is ``module:function``, ``module`` (run as a script), a
    file's path, or lines of Python.

    Works once in a process: pygame is patched for good.
    """

    def __init__(self, game: PackGame, seed: int) -> None:
        os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")
        random.seed(seed)
        np.random.seed(seed % 2**32)
        self._game, self._now_ms, self._until_ms = game, 0.0, 0.0
        self._held: set[int] = set()
        self._timers: dict[int, list[Any]] = {}
        self._frame: FrameType | None = None
        self._mouse, self._buttons = (0, 0), [False, False, False]
        self._ended = ""
        self._flips = 0
        self._picture = np.zeros((180, _LARGEST, 3), np.uint8)
        self._recorder = greenlet.getcurrent()
        self._pygame = importlib.import_module("pygame")
        self._answer_time()
        self._answer_keys()
        self._answer_screen()
        self._run = greenlet.greenlet(self._main)
        self._go()

    def _main(self) -> None:
        while True:
            self._begun_ms = self._now_ms
            with contextlib.suppress(SystemExit):
                _start(self._game.start)
            if self._now_ms - self._begun_ms < 100:
                raise RecordError(f"{self._game.name} ended at once.")
            self._ended = "lost"

    def _go(self) -> None:
        self._recorder = greenlet.getcurrent()
        self._until_ms += 1000 / self._game.fps
        self._run.switch()

    def _tick(self, step_ms: float) -> None:
        """Called from the game's own loop: time passes, and at the next picture the recorder has its turn."""
        self._now_ms += step_ms
        for kind, timer in self._timers.items():
            while timer[0] and timer[1] <= self._now_ms:
                timer[1] += timer[0]
                self._pygame.event.post(kind if not isinstance(kind, int) else self._pygame.event.Event(kind))
        self._flips = 0
        if self._now_ms >= self._until_ms:
            self._frame = sys._getframe(1)
            while self._frame is not None and self._frame.f_code.co_filename == __file__:
                self._frame = self._frame.f_back
            self._recorder.switch()

    def play(self, wish: Wish) -> None:
        """Keys go down and up, and the game runs on to the next picture."""
        names = self._game.keys
        wanted = {names[0]: wish.x < 0, names[1]: wish.x > 0, names[2]: wish.y < 0, names[3]: wish.y > 0,
                  names[4]: wish.fire}  # fmt: skip
        surface = self._pygame.display.get_surface()
        if surface is not None:
            self._mouse = (int(wish.aim[0] * surface.get_height()), int(wish.aim[1] * surface.get_height()))
        if "mouse" in names:
            self._press_button(wanted.pop("mouse"))
            self._pygame.event.post(
                self._pygame.event.Event(
                    self._pygame.MOUSEMOTION, pos=self._mouse, rel=(0, 0), buttons=tuple(self._buttons)
                )
            )
        self._hold({self._code(name) for name, down in wanted.items() if down and name})
        self._ended = ""
        self._go()

    def begin(self, key: str) -> None:
        """Presses (and lets go) one key of a menu, or clicks: ``click:X,Y`` in pixels."""
        pygame = self._pygame
        if key.startswith("click:"):
            x, y = (int(value) for value in key[6:].split(","))
            self._mouse = (x, y)
            pygame.event.post(
                pygame.event.Event(pygame.MOUSEMOTION, pos=(x, y), rel=(1, 1), buttons=(0, 0, 0))
            )
            self._press_button(True)
            self._go()
            self._press_button(False)
        else:
            self._hold({self._code(key)})
            self._go()
            self._hold(set())
        self._ended = ""

    def _press_button(self, down: bool) -> None:
        pygame = self._pygame
        if down != self._buttons[0]:
            self._buttons[0] = down
            kind = pygame.MOUSEBUTTONDOWN if down else pygame.MOUSEBUTTONUP
            pygame.event.post(pygame.event.Event(kind, button=1, pos=self._mouse, touch=False))

    def _hold(self, codes: set[int]) -> None:
        pygame = self._pygame
        for kind, changed in ((pygame.KEYUP, self._held - codes), (pygame.KEYDOWN, codes - self._held)):
            for code in sorted(changed):
                text = chr(code) if 32 <= code < 127 else ""
                pygame.event.post(pygame.event.Event(kind, key=code, unicode=text, mod=0, scancode=0))
        self._held = codes

    def _code(self, name: str) -> int:
        return int(getattr(self._pygame, f"K_{name if len(name) == 1 else name.upper()}"))

    @property
    def height(self) -> float:
        """The screen's, in the game's own pixels."""
        surface = self._pygame.display.get_surface()
        return float(surface.get_height()) if surface else 1.0

    def picture(self) -> np.ndarray:
        """What is shown, uint8 (height, width, 3), made smaller where it is large."""
        return self._picture

    def _look(self) -> None:
        """Keeps the picture that the game shows: what it draws after that is not yet one."""
        self._flips += 1
        if self._flips > _UNTIMED_FLIPS:
            self._tick(_UNTIMED_MS)
        surface = self._pygame.display.get_surface()
        if surface is None or self._now_ms + _SHOWN_MS < self._until_ms:
            return
        factor = _LARGEST / max(surface.get_size())
        if factor < 1:
            size = tuple(max(round(length * factor / 2) * 2, 2) for length in surface.get_size())
            surface = self._pygame.transform.smoothscale(surface.convert(24), size)
        self._picture = np.ascontiguousarray(self._pygame.surfarray.array3d(surface).swapaxes(0, 1))

    def names(self) -> Iterable[Mapping[str, Any]]:
        """The variables of the game's loop and of those who called it."""
        frame = self._frame
        while frame is not None and not frame.f_code.co_filename.startswith(_HERE):
            yield {**frame.f_globals, **frame.f_locals, "pygame": self._pygame, "np": np}
            frame = frame.f_back

    def ended(self) -> str:
        """``lost`` when the program has just ended and begun anew, else ""."""
        return self._ended

    def _answer_time(self) -> None:
        """Clocks, timers and waits: what is waited for has passed at once."""
        pygame, stage = self._pygame, self

        class Clock:
            def __init__(self) -> None:
                self._last = stage._now_ms
                self._took = 16

            def tick(self, framerate: float = 0) -> int:
                stage._tick(1000 / framerate if framerate else _UNTIMED_MS)
                self._took, self._last = round(stage._now_ms - self._last), stage._now_ms
                return self._took

            tick_busy_loop = tick

            def get_time(self) -> int:
                return self._took

            get_rawtime = get_time

            def get_fps(self) -> float:
                return 60.0

        def set_timer(event: Any, millis: int = 0, *_: Any, **__: Any) -> None:
            self._timers[event] = [millis, self._now_ms + millis]

        def wait(millis: float) -> int:
            for _ in range(max(round(min(millis, _LONGEST_WAIT_MS) / 20), 1)):
                self._tick(20)
            return int(millis)

        def wait_event(*_: Any) -> Any:
            while not (event := pygame.event.poll()):
                self._tick(10)
            return event

        pygame.time.Clock = pygame.Clock = Clock
        pygame.time.get_ticks = lambda: int(self._now_ms)
        pygame.time.set_timer = set_timer
        pygame.time.wait = pygame.time.delay = wait
        pygame.event.wait = wait_event
        time.time = lambda: _EPOCH_S + self._now_ms / 1000
        time.monotonic = time.perf_counter = lambda: self._now_ms / 1000
        time.sleep = lambda seconds: (wait(1000 * seconds), None)[1]

    def _answer_keys(self) -> None:
        """Keys and mouse are what the recorder holds; their events are posted as they change."""
        pygame, stage = self._pygame, self

        class Held:
            def __getitem__(self, code: int) -> bool:
                return code in stage._held

            def __len__(self) -> int:
                return 512

        pygame.key.get_pressed = Held
        pygame.mouse.get_pos = lambda: self._mouse
        pygame.mouse.get_pressed = lambda *_: tuple(self._buttons)
        pygame.mouse.set_pos = lambda *_: None

    def _answer_screen(self) -> None:
        """A plain screen of the size asked for; what is shown is looked at."""
        display = self._pygame.display
        real_mode = display.set_mode

        def set_mode(size: Any = (0, 0), *_: Any, **__: Any) -> Any:
            return real_mode(size if size and size[0] else _FULL_SCREEN)

        display.set_mode = set_mode
        display.toggle_fullscreen = lambda: 0
        display.flip = display.update = lambda *_: self._look()


def _start(what: str) -> None:
    sys.modules.pop("gameplay", None)  # a game may have a module of the recorder's name
    if "\n" in what:
        exec(what, {"__name__": "start"})
        return
    if what.endswith(".py"):
        path = _file(what)
        os.chdir(path.parent)
        sys.path.insert(0, str(path.parent))
        sys.argv = [str(path)]
        runpy.run_path(str(path), run_name="__main__")
        return
    module, _, function = what.partition(":")
    sys.argv = [module]
    if function:
        getattr(importlib.import_module(module), function)()
    else:
        runpy.run_module(module, run_name="__main__")


def _file(what: str) -> Path:
    """A path, absolute or beginning with the name of an installed package."""
    package, _, rest = what.partition("/")
    spec = importlib.util.find_spec(package) if package else None
    return Path(str(spec.origin)).parent / rest if spec else Path(what)
