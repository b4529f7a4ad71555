"""Runs a game that uses SDL and SDL_mixer on a clock of its own, sees its pictures and overhears its sounds.

A small library (``overhear.c``, built with gcc) is loaded before the game. It answers for SDL's clock, keys
and sounds, so that the game needs no screen, runs as fast as it can, and is the same for the same keys. What
the game plays to its player, shots, explosions, the music of menus and of levels, is what it knows of itself:
no picture is looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np

from .errors import RecordError

_SOURCE = Path(__file__).with_name("overhear.c")


@dataclass(frozen=True)
class Key:
    """A key by SDL's symbol and scancode; SDL 1.2 knows symbols only."""

    symbol: int
    scancode: int = 0


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture ``(height, width, 3)``, uint8; the ``sounds`` begun since the one before and the ``music``
    that plays (a file's name, "" before the first)."""

    picture: np.ndarray
    sounds: tuple[str, ...]
    music: str


class Overheard:
    """A running game: :meth:`see` and :meth:`press` in turn. A context manager, which ends it."""

    def __init__(
        self,
        program: Path,
        *,
        sdl: Literal[1, 2],
        seed: int,
        period_ms: int,
        files: Mapping[str, Path] | None = None,
    ) -> None:
        """``files`` are laid (folders copied) in the folder that the game runs in, its home as well.

        Raises RecordError where the game or gcc is missing.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="overheard-")
        home = Path(self._folder.name)
        for name, source in (files or {}).items():
            shutil.copytree(source, home / name)
        # A copy has none of the rights of its group (setgid), with which nothing can be loaded before it.
        own = Path(shutil.copy(program, home / program.name))
        told, telling = os.pipe()
        reading, keys = os.pipe()
        environment = {
            **os.environ,
            "LD_PRELOAD": str(_library(home, sdl)),
            "OVERHEAR_OUT": str(telling),
            "OVERHEAR_IN": str(reading),
            "OVERHEAR_MS": str(period_ms),
            "OVERHEAR_SEED": str(seed),
            "SDL_VIDEODRIVER": "dummy",
            "SDL_AUDIODRIVER": "dummy",
            "SDL_RENDER_DRIVER": "software",
            "HOME": str(home),
        }
        self._process = subprocess.Popen(
            [own],
            cwd=home,
            env=environment,
            pass_fds=(telling, reading),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(telling)
        os.close(reading)
        self._told, self._keys = os.fdopen(told, "rb"), os.fdopen(keys, "w")
        self._music = ""

    def see(self) -> Shot:
        """The next picture. Raises RecordError where the game has ended."""
        sounds: list[str] = []
        while line := self._told.readline():
            what, *rest = line.decode("utf-8", "replace").split()
            if what == "sound":
                sounds.append(rest[0])
            elif what == "music":
                self._music = rest[0]
            else:
                width, height = int(rest[0]), int(rest[1])
                rows = self._told.read(3 * width * height)
                if len(rows) == 3 * width * height:
                    picture = np.frombuffer(rows, np.uint8).reshape(height, width, 3)
                    return Shot(picture, tuple(sounds), self._music)
        raise RecordError(f"{self._process.args[0].name} ended by itself.")  # type: ignore[index,union-attr]

    def press(self, keys: Iterable[Key]) -> None:
        """What is held until the next picture; wanted after every one that was seen."""
        self._keys.write(" ".join(f"{key.symbol}:{key.scancode}" for key in keys) + "\n")
        self._keys.flush()

    def __enter__(self) -> Overheard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._told.close()
        self._keys.close()
        self._folder.cleanup()


def _library(folder: Path, sdl: int) -> Path:
    """``overhear.c`` built into a folder. Raises RecordError where gcc is missing or fails."""
    built = folder / "overhear.so"
    command = ["gcc", "-shared", "-fPIC", "-O2", f"-DSDL_MAJOR={sdl}", str(_SOURCE), "-o", str(built), "-ldl"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RecordError(f"overhear.c cannot be built ({error}); apt install gcc libc6-dev.") from error
    return built
