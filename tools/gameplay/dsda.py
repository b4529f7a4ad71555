"""Draws demos with dsda-doom and hands out the pictures, one per tic, without a display."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .errors import RecordError

WIDTH, HEIGHT = 640, 480
_PLACES = ("/usr/games", "/usr/local/bin", "/usr/local/games")
_ENGINE_WADS = ("/usr/share/dsda-doom/dsda-doom.wad", "/usr/share/games/doom/dsda-doom.wad")
_GAME_FOLDERS = ("/usr/share/games/doom", "/usr/local/share/games/doom")
_INSTALL = "apt install dsda-doom freedoom"
_START_PATIENCE_S = 60.0

_PLAIN = {
    "videomode": '"Software"',
    "screen_resolution": f'"{WIDTH}x{HEIGHT}"',
    "use_fullscreen": "0",
    "screenblocks": "10",
    "show_messages": "0",
    "hudadd_demoprogressbar": "0",
    "hudadd_crosshair": "0",
    "dsda_show_level_splits": "0",
    "cap_soundcommand": '"cat > /dev/null"',
    "cap_muxcommand": '"true"',
    "cap_remove_tempfiles": "0",
    "cap_wipescreen": "0",
    "cap_fps": "35",
}
_WITH_NUMBERS = {
    # At twice 320x200 every one of the game's pixels is whole; the window stretches the picture to 640x480.
    "screen_resolution": '"640x400"',
    "dsda_exhud": "1",
    "dsda_strict_mode": "0",
    "dsda_coordinate_display": "1",
    # Flashes tint the whole screen; digits would no longer match.
    "palette_ondamage": "0",
    "palette_onbonus": "0",
    "palette_onpowers": "0",
}


def program() -> Path:
    """Where dsda-doom is. Raises RecordError when it is not installed."""
    found = shutil.which("dsda-doom", path=os.pathsep.join((os.environ.get("PATH", ""), *_PLACES)))
    if found is None:
        raise RecordError(f"Human demos need dsda-doom, which is not installed: {_INSTALL}.")
    return Path(found)


def engine_wad() -> Path:
    """The archive that comes with dsda-doom. Raises RecordError when it is missing."""
    return _first_of(_ENGINE_WADS, "dsda-doom.wad")


def system_wad(name: str) -> Path:
    """Debian's copy of freedoom1 or freedoom2. Raises RecordError when it is missing."""
    return _first_of([f"{folder}/{name}.wad" for folder in _GAME_FOLDERS], f"{name}.wad")


def _first_of(candidates: tuple[str, ...] | list[str], name: str) -> Path:
    for candidate in candidates:
        if Path(candidate).is_file():
            return Path(candidate)
    raise RecordError(f"{name} is missing: {_INSTALL}.")


def draw_demo(wad: Path, demo: bytes, *, numbers: bool = False) -> Iterator[np.ndarray]:
    """Yields a picture per tic, uint8 (480, 640, 3), with position, time and totals on it if ``numbers``."""
    executable = program()
    with tempfile.TemporaryDirectory(prefix="demo-") as name:
        folder = Path(name)
        (folder / "demo.lmp").write_bytes(demo)
        pictures = folder / "pictures"
        os.mkfifo(pictures)
        settings = {**_PLAIN, **(_WITH_NUMBERS if numbers else {})}
        settings["cap_videocommand"] = f'"cat > {pictures}"'
        config = folder / "config.cfg"
        config.write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
        command = [str(executable), "-config", str(config), "-iwad", str(wad)]
        command += ["-timedemo", str(folder / "demo.lmp"), "-viddump", str(folder / "dump")]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=folder, env=_environment(folder), stdout=log, stderr=log)
            try:
                yield from _pictures(pictures, process)
            finally:
                # Asked politely to end, it may wait for ever in a dialogue nobody sees.
                process.kill()
                process.wait()


def _environment(folder: Path) -> dict[str, str]:
    quiet = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
    return {**os.environ, **quiet, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}


def _pictures(fifo: Path, process: subprocess.Popen[bytes]) -> Iterator[np.ndarray]:
    descriptor = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        waited_s = 0.0
        while not select.select([descriptor], [], [], 0.5)[0]:
            waited_s += 0.5
            if process.poll() is not None or waited_s > _START_PATIENCE_S:
                raise RecordError("dsda-doom drew nothing; does the demo belong to this archive?")
        os.set_blocking(descriptor, True)
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            while len(data := stream.read(WIDTH * HEIGHT * 3)) == WIDTH * HEIGHT * 3:
                yield np.frombuffer(data, np.uint8).reshape(HEIGHT, WIDTH, 3)
    finally:
        os.close(descriptor)


def to_screen(picture: np.ndarray) -> np.ndarray:
    """The game's own 320x200 pixels out of a 640x480 picture, uint8 (200, 320, 3)."""
    rows = ((np.arange(200) + 0.5) * HEIGHT / 200).astype(int)
    return np.ascontiguousarray(picture[rows, 1::2])
