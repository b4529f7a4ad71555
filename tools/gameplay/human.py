"""Records the human demos inside Freedoom's archives, with what the demo and the screen tell.

Every demo is drawn twice: once as a player sees it, for the clip, and once with dsda-doom's extended
display (position, time, totals), which is read off the screen. The attack button comes from the demo
itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .dsda import draw_demo, engine_wad, system_wad, to_screen
from .engine import bundled_wads
from .errors import RecordError
from .level import Level
from .lmp import Demo, read_demo
from .splits import split_of
from .status_bar import Reading, ScreenReader
from .truth import Sample, truth, write_json
from .video import ClipWriter
from .wad import Wad

_TICS_PER_S = 35
_SHOT_REACH_TICS = 12
_READ_EVERY_TICS = 3
_DAMAGING_SPECIALS = (4, 5, 7, 11, 16)
_LUMPS = ("DEMO1", "DEMO2", "DEMO3", "DEMO4")


@dataclass(frozen=True)
class Recording:
    """One demo lump of one archive."""

    name: str
    archive: str
    version: str
    wad: Wad
    lump: str
    demo: Demo

    @property
    def level(self) -> str:
        """The level it starts in, e.g. ``freedoom2/MAP10``."""
        demo = self.demo
        name = f"E{demo.episode}M{demo.mission}" if self.archive == "freedoom1" else f"MAP{demo.mission:02d}"
        return f"{self.archive}/{name}"


def recordings() -> list[Recording]:
    """All demos: those of Debian's Freedoom 0.12.1 and, where ViZDoom is installed, of its Freedoom 0.13."""
    sources = [("0.12.1", {name: system_wad(name) for name in ("freedoom1", "freedoom2")})]
    with contextlib.suppress(RecordError):
        sources.append(("0.13", bundled_wads()))
    found = []
    for version, paths in sources:
        for archive, path in paths.items():
            wad = Wad.read(path)
            for lump in _LUMPS:
                name = f"{archive}_v{version.replace('.', '')}_{lump.lower()}"
                found.append(Recording(name, archive, version, wad, lump, read_demo(wad.lump(lump))))
    return found


def readings(recording: Recording) -> list[Reading]:
    """What the screen says at every tic of a demo; read every third tic, which stands for the next two."""
    reader = ScreenReader(recording.wad, Wad.read(engine_wad()))
    pictures = draw_demo(recording.wad.path, recording.wad.lump(recording.lump), numbers=True)
    result: list[Reading] = []
    for tic, picture in enumerate(pictures):
        result.append(result[-1] if tic % _READ_EVERY_TICS else reader.read(to_screen(picture)))
    return result


def samples(recording: Recording, read: Sequence[Reading]) -> list[Sample]:
    """One truth sample per tic."""
    demo = recording.demo
    count = min(len(read), demo.tic_count)
    shots = spent_shots(demo.attack[:count], [r.ammo for r in read[:count]])
    surroundings = _Surroundings(recording)
    result: list[Sample] = []
    place, level_time_s, damage, health = 0, 0.0, 0, None
    for tic in range(count):
        now = read[tic]
        if now.level_time_s is not None:
            if now.level_time_s < level_time_s - 0.5:
                place, health = place + 1, None
            level_time_s = now.level_time_s
        if now.health is not None:
            damage += max((health or 0) - now.health, 0)
            health = now.health
        outdoors, light, damaging = surroundings.at(now.position, place)
        result.append(
            Sample(
                time_s=tic / _TICS_PER_S,
                attack=bool(demo.attack[tic]),
                health=now.health,
                armor=now.armor,
                ammo=now.ammo,
                weapon=None,
                damage_dealt_total=None,
                damage_taken_total=damage,
                kills_total=_own(now.kills, demo.own_index),
                items_total=now.items,
                position=now.position,
                angle_deg=now.angle_deg,
                monsters=None,
                projectile_units=None,
                place=place,
                shot=bool(shots[tic]),
                on_damaging_floor=damaging,
                outdoors=outdoors,
                light=light,
                dead=now.health == 0,
                menu=now.health is None and now.position is None,
            )
        )
    return result


def _own(kills: tuple[int, ...] | None, index: int) -> int | None:
    return kills[index] if kills is not None and index < len(kills) else None


def spent_shots(attack: np.ndarray, ammo: Sequence[int | None]) -> np.ndarray:
    """Tics at which the trigger is held and a shot is spent within a third of a second.

    A weapon that needs no ammunition shows no number; with it, holding the trigger counts.
    """
    falls = np.zeros(len(attack), bool)
    for tic in range(1, len(attack)):
        before, now = ammo[tic - 1], ammo[tic]
        falls[tic] = now is None or (before is not None and now < before)
    reach = np.ones(2 * _SHOT_REACH_TICS + 1)
    return np.asarray(attack & (np.convolve(falls, reach, mode="same") > 0.5))


class _Surroundings:
    """Sky, light and floor under a position, while the level is known (the first one of the demo)."""

    def __init__(self, recording: Recording) -> None:
        self._level = Level.read(recording.wad, recording.level.split("/")[1])

    def at(
        self, position: tuple[float, float, float] | None, place: int
    ) -> tuple[bool | None, int | None, bool]:
        if position is None or place != 0:
            return None, None, False
        sector = self._level.sector_at(position[0], position[1])
        record = self._level.sectors[sector]
        light = int(np.clip(record["light"], 0, 255))
        return self._level.is_outdoors(sector), light, int(record["special"]) in _DAMAGING_SPECIALS


def record(
    recording: Recording, folder: Path, *, full_size: bool = False, on_frame: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Draws a demo into ``folder/NAME.mp4`` and ``NAME.json``; returns the truth."""
    step = 1 if full_size else 3
    fps = Fraction(_TICS_PER_S, step)
    name = f"{recording.name}_full" if full_size else recording.name
    width, height = (640, 480) if full_size else (320, 240)
    clip = folder / f"{name}.mp4"
    every = samples(recording, readings(recording))
    with ClipWriter(clip, fps=fps, width=width, height=height, crf=23 if full_size else 26) as writer:
        for tic, picture in enumerate(_plain_pictures(recording)):
            if tic >= len(every):
                break
            if tic % step == 0:
                writer.write(picture)
            if on_frame is not None:
                on_frame()
    content = truth(every[: writer.frame_count * step], fps=Fraction(_TICS_PER_S), source=_source(recording))
    content |= {"fps": str(fps), "frames": writer.frame_count}
    content["duration_s"] = round(float(writer.frame_count / fps), 4)
    write_json(clip.with_suffix(".json"), content)
    return content


def _plain_pictures(recording: Recording) -> Iterator[np.ndarray]:
    return draw_demo(recording.wad.path, recording.wad.lump(recording.lump))


def _source(recording: Recording) -> dict[str, Any]:
    return {
        "kind": "human",
        "level": recording.level,
        "split": split_of(recording.level),
        "content": f"Freedoom {recording.version}, {recording.lump}",
        "skill": recording.demo.skill,
        "players": recording.demo.player_count,
        "hud": "full",
        "rendered": [640, 480],
        "gamma": 1.0,
    }
