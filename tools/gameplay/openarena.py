"""Runs OpenArena (GPL-2+) under a virtual screen: a bot is followed, the log tells how it fares.

The engine is asked for fixed steps of time, so that a slow machine makes no slow game. After every picture it
prints where the eye stands (``viewpos``); whenever somebody is hurt, who, and what health was left
(``g_debugDamage``). Two bots at most play, so who is hurt was mostly hurt by the other.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from .errors import RecordError

PERIOD_MS = 80
"""From one picture to the next: two steps of the engine."""

_STEP_MS = 40
_WAIT = 2 * PERIOD_MS // _STEP_MS
"""Turns of the command buffer that make a period: it is read twice a step."""

_WARM_UP_PICTURES = 25
_PATIENCE_S = 240
FOLLOWED = 1
"""The number of the bot that is followed: the watcher is 0."""

_POSITION = re.compile(r"^\((-?\d+) (-?\d+) (-?\d+)\) : -?\d+")
_HURT = re.compile(r"^\d+: client:(\d+) health:(-?\d+) damage:(\d+)")


@dataclass(frozen=True)
class Match:
    """One game: its map, its bots (one or two), how good they are (1..5), and how it is shown."""

    map: str
    bots: tuple[str, ...]
    skill: int
    hud: bool
    third_person: bool
    seconds: float


@dataclass(frozen=True)
class Look:
    """What the log says at one picture: where the eye stands, and who was hurt since the one before, with the
    health that was left."""

    position: tuple[int, int, int]
    hurt: tuple[tuple[int, int], ...]


def looks(lines: Iterable[str]) -> list[Look]:
    """The pictures of a log, in order; other lines are passed over."""
    found: list[Look] = []
    hurt: list[tuple[int, int]] = []
    for line in lines:
        if match := _HURT.match(line):
            client, health, damage = (int(value) for value in match.groups())
            hurt.append((client, health - damage))
        elif match := _POSITION.match(line):
            x, y, z = (int(value) for value in match.groups())
            found.append(Look((x, y, z), tuple(hurt)))
            hurt = []
    return found


def play(match: Match) -> tuple[Iterator[np.ndarray], list[Look]]:
    """Plays a match to its end; pictures (480, 640 or less, 3) and what the log says of each.

    Raises RecordError where OpenArena or Xvfb is missing, or the match does not begin.
    """
    program = shutil.which("openarena", path=f"{os.environ.get('PATH', '')}:/usr/games")
    if program is None or shutil.which("Xvfb") is None:
        raise RecordError("OpenArena or its virtual screen is missing: apt install openarena xvfb.")
    wanted = round(match.seconds * 1000 / PERIOD_MS)
    with tempfile.TemporaryDirectory(prefix="openarena-") as name, _screen() as display:
        home = Path(name)
        data = home / ".openarena" / "baseoa"
        data.mkdir(parents=True)
        (data / "record.cfg").write_text(_script(match))
        lines = _run(program, home, display, wanted + _WARM_UP_PICTURES)
        shots = sorted((data / "screenshots").glob("*.jpg"))
        found = looks(lines)
        count = min(len(found), len(shots))
        if count < wanted + _WARM_UP_PICTURES:
            raise RecordError(f"OpenArena showed {count} pictures of {match.map}; does it have that map?")
        kept = slice(_WARM_UP_PICTURES, _WARM_UP_PICTURES + wanted)
        pictures = [path.read_bytes() for path in shots[kept]]
        return (_decoded(content) for content in pictures), found[kept]


def _script(match: Match) -> str:
    bots = "".join(f"addbot {bot} {match.skill}\nwait 20\n" for bot in match.bots)
    return (
        f'set look "screenshotJPEG silent; viewpos; wait {_WAIT}; vstr look"\n'
        "set con_notifytime -1\nset cg_lagometer 0\n"
        f"set cg_draw2D {int(match.hud)}\nset cg_thirdPerson {int(match.third_person)}\n"
        f"devmap {match.map}\nwait 40\nteam s\nwait 10\n{bots}"
        f"wait 120\nfollow {FOLLOWED}\nwait 10\nvstr look\n"
    )


_SETTINGS = {
    "r_mode": "-1", "r_customwidth": "320", "r_customheight": "240", "r_fullscreen": "0",
    "r_swapInterval": "0", "cl_renderer": "opengl1", "s_initsound": "0", "ttycon": "0",
    "com_introplayed": "1", "com_maxfps": "0",
    "fixedtime": str(_STEP_MS), "sv_pure": "0", "g_gametype": "0", "g_debugDamage": "1", "g_doWarmup": "0",
    "bot_enable": "1", "bot_minplayers": "0", "timelimit": "0", "fraglimit": "0", "cg_drawFPS": "0",
    "name": "watcher",
}  # fmt: skip


def _run(program: str, home: Path, display: str, wanted: int) -> list[str]:
    """The log, until so many pictures were shown or patience ends."""
    command = ["timeout", str(_PATIENCE_S), program]
    for name, value in _SETTINGS.items():
        command += ["+set", name, value]
    quiet = {"DISPLAY": display, "HOME": str(home), "SDL_AUDIODRIVER": "dummy", "LIBGL_ALWAYS_SOFTWARE": "1"}
    lines: list[str] = []
    shown = 0
    with subprocess.Popen(
        [*command, "+exec", "record.cfg"],
        env={**os.environ, **quiet},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            shown += _POSITION.match(line) is not None
            if shown > wanted:
                break
        process.terminate()
        process.stdout.read()
    return lines


@contextmanager
def _screen() -> Iterator[str]:
    """A virtual screen for a while; its name."""
    reading, telling = os.pipe()
    command = ["Xvfb", "-displayfd", str(telling), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
    process = subprocess.Popen(
        command, pass_fds=(telling,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(telling)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise RecordError("Xvfb did not start.")
        yield f":{number}"
    finally:
        process.terminate()
        process.wait()


def _decoded(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
