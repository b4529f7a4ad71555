#!/usr/bin/env python3
"""Records real gameplay with ground truth, for examples, training and measuring.

Freedoom (BSD-3): bots play it in ViZDoom; human play comes from the demos inside Freedoom's archives, drawn
by dsda-doom. Procgen's sixteen games, Crafter (both MIT), some forty games that come as Python packages and
some of Debian's open games are played by habit.
Every clip NAME.mp4 has its truth NAME.json beside it (format: tools/gameplay/truth.py and moments.py).

Examples:
  python tools/record_gameplay.py bots  --out data/bots --takes 2 --duration-s 60
  python tools/record_gameplay.py bots  --out data/bots --levels freedoom1/E1M1 --full-size
  python tools/record_gameplay.py human --out data/human
  python tools/record_gameplay.py procgen --out data/games
  python tools/record_gameplay.py crafter --out data/games
  python tools/record_gameplay.py packs --out data/games
  python tools/record_gameplay.py debian --out data/games
  python tools/record_gameplay.py join --out data/joined --sources data/bots data/human
  python tools/record_gameplay.py cut --out examples/tour.mp4 --pieces a.mp4:3-20 b.mp4:10-31.5
  python tools/record_gameplay.py splits --out data

Needs: pip install 'photoplayer[record]' (bots); apt install dsda-doom freedoom (human). Procgen and Crafter
pin old packages; each wants an environment of its own: pip install tyro av scipy pillow and
procgen-mirror==0.10.7 (Python 3.11 or older) or crafter==1.8.3. Packages' games share one (Python 3.11): pip
install tyro av scipy pillow greenlet 'numpy<2' and what the tables in gameplay/pack_*.py name (the games
themselves with --no-deps, for their pins quarrel); Griddly wants Debian's mesa-vulkan-drivers, Arcade
libegl1. Debian's games: pip install tyro av scipy pillow, apt install openarena xvfb powermanga alienblaster
starfighter vectoroids noiz2sa moon-lander gcc libc6-dev.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

sys.path.insert(0, str(Path(__file__).resolve().parent))

from gameplay import bots as bot_clips
from gameplay import crafter_clips, joined, openarena_clips, pack_clips, procgen_clips, sound_clips
from gameplay import human as human_clips
from gameplay.errors import RecordError
from gameplay.pack_games import PACK_GAMES
from gameplay.procgen_games import GAMES
from gameplay.sound_games import SOUND_GAMES
from gameplay.splits import LEVELS, SPLITS, split_levels
from gameplay.truth import write_json


@dataclass(frozen=True)
class Bots:
    """Bots of several habits travel and fight through the levels."""

    out: Path
    """Folder for NAME.mp4 and NAME.json."""
    levels: tuple[str, ...] = ()
    """Levels such as freedoom1/E1M1 or freedoom2/MAP07; default: all 68."""
    takes: int = 2
    """Clips per level, each with another habit."""
    duration_s: float = 60.0
    seed: int = 1
    widths: tuple[int, ...] = bot_clips.WIDTHS
    """Widths to draw at, one chosen per clip; small ones are faster."""
    full_size: bool = False
    """Keep 640x480 (or 800x600) at 35 fps rather than 320x240 at 35/3 fps."""

    def run(self) -> None:
        unknown = sorted(set(self.levels) - set(LEVELS))
        if unknown:
            raise RecordError(f"No level is called {unknown[0]}; write freedoom1/E1M1 or freedoom2/MAP07.")
        plan = bot_clips.takes(
            self.levels or LEVELS,
            count=self.takes,
            duration_s=self.duration_s,
            seed=self.seed,
            full_size=self.full_size,
            widths=self.widths,
        )
        # First one take of every level, then the next: a corpus stopped early still covers every place.
        plan = [take for number in range(self.takes) for take in plan[number :: self.takes]]
        for index, take in enumerate(plan):
            if (self.out / f"{take.name}.json").exists():
                continue
            start_s = time.monotonic()
            content = bot_clips.record(take, self.out)
            combat = content["steps"]["combat"]
            print(
                f"{index + 1}/{len(plan)} {take.name}: {time.monotonic() - start_s:.0f} s, "
                f"combat {sum(combat) / len(combat):.0%}",
                flush=True,
            )


@dataclass(frozen=True)
class Human:
    """The human demos inside Freedoom's archives, drawn by dsda-doom."""

    out: Path
    """Folder for NAME.mp4 and NAME.json."""
    names: tuple[str, ...] = ()
    """Only these recordings, e.g. freedoom1_v013_demo1; default: all."""
    full_size: bool = False
    """Keep 640x480 at 35 fps rather than 320x240 at 35/3 fps."""

    def run(self) -> None:
        found = {recording.name: recording for recording in human_clips.recordings()}
        unknown = sorted(set(self.names) - set(found))
        if unknown:
            raise RecordError(f"No recording is called {unknown[0]}; there are {', '.join(found)}.")
        for name in self.names or found:
            suffix = "_full" if self.full_size else ""
            if (self.out / f"{name}{suffix}.json").exists():
                continue
            content = human_clips.record(found[name], self.out, full_size=self.full_size)
            combat = content["steps"]["combat"]
            print(
                f"{name}: {content['duration_s']:.0f} s, combat {sum(combat) / len(combat):.0%}, "
                f"changes {content['changes_s']}",
                flush=True,
            )


@dataclass(frozen=True)
class Procgen:
    """Procgen's sixteen games, several habits each; some games are held out whole."""

    out: Path
    """Folder for NAME.mp4 and NAME.json."""
    games: tuple[str, ...] = ()
    """Only these; default: all sixteen."""
    takes: int = 6
    """Clips per game, each of other levels."""
    duration_s: float = 60.0
    seed: int = 1

    def run(self) -> None:
        plan = procgen_clips.takes(
            self.games or tuple(GAMES), count=self.takes, duration_s=self.duration_s, seed=self.seed
        )
        for take in sorted(plan, key=lambda take: take.number):  # one of each game first
            if not (self.out / f"{take.name}.json").exists():
                _tell(take.name, procgen_clips.record(take, self.out))


@dataclass(frozen=True)
class Crafter:
    """Crafter: gathering, building, day and night, zombies and skeletons."""

    out: Path
    """Folder for NAME.mp4 and NAME.json."""
    takes: int = 12
    """Clips, each of another world."""
    duration_s: float = 75.0
    seed: int = 1

    def run(self) -> None:
        for take in crafter_clips.takes(count=self.takes, duration_s=self.duration_s, seed=self.seed):
            if not (self.out / f"{take.name}.json").exists():
                _tell(take.name, crafter_clips.record(take, self.out))


@dataclass(frozen=True)
class Packs:
    """Games that come as Python packages, fights and calm ones; half of them are held out whole."""

    out: Path
    """Folder for NAME.mp4 and NAME.json."""
    games: tuple[str, ...] = ()
    """Only these; default: all of the table."""
    takes: int = 4
    """Clips of each."""
    duration_s: float = 60.0
    seed: int = 1

    def run(self) -> None:
        plan = pack_clips.takes(
            self.games or tuple(PACK_GAMES), count=self.takes, duration_s=self.duration_s, seed=self.seed
        )
        for take in plan:
            if not (self.out / f"{take.name}.json").exists():
                try:
                    _tell(take.name, pack_clips.record(take, self.out))
                except RecordError as error:  # one game that is not installed keeps none of the others
                    print(f"left out: {error}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Debian:
    """Debian's open games: some that are overheard, and OpenArena's bots on many maps."""

    out: Path
    """Folder for NAME.mp4 and NAME.json."""
    games: tuple[str, ...] = (*SOUND_GAMES, "openarena")
    takes: int = 6
    """Clips of each; of OpenArena twice as many, each of another map."""
    duration_s: float = 60.0
    seed: int = 1

    def run(self) -> None:
        unknown = sorted(set(self.games) - {*SOUND_GAMES, "openarena"})
        if unknown:
            raise RecordError(
                f"No such game is recorded: {unknown[0]}; there are {', '.join(SOUND_GAMES)}, openarena."
            )
        heard = [game for game in self.games if game in SOUND_GAMES]
        plan = sound_clips.takes(heard, count=self.takes, duration_s=self.duration_s, seed=self.seed)
        for take in plan:
            if not (self.out / f"{take.name}.json").exists():
                _tell(take.name, sound_clips.record(take, self.out))
        if "openarena" in self.games:
            maps = openarena_clips.takes(count=2 * self.takes, duration_s=self.duration_s, seed=self.seed)
            for match in maps:
                if not (self.out / f"{match.name}.json").exists():
                    _tell(match.name, openarena_clips.record(match, self.out))


def _tell(name: str, content: dict[str, Any]) -> None:
    combat = content["steps"]["combat"]
    print(f"{name}: {content['duration_s']:.0f} s, combat {sum(combat) / len(combat):.0%}", flush=True)


@dataclass(frozen=True)
class Join:
    """Clips joined from pieces of different levels of one split; the joins are the changes to find."""

    out: Path
    sources: tuple[Path, ...]
    """Folders with recorded clips."""
    train: int = 40
    val: int = 15
    test: int = 40
    games: tuple[str, ...] = ()
    """Only pieces of these games, which must have one frame rate; default: all there is."""
    seed: int = 1

    def run(self) -> None:
        for split in SPLITS:
            clips = joined.clips_of(self.sources, split, self.games) if getattr(self, split) else []
            for number in range(getattr(self, split)):
                path = self.out / f"{split}_{self.seed}{number:03d}.mp4"
                if path.with_suffix(".json").exists():
                    continue
                pieces = joined.plan(clips, random.Random(f"join/{self.seed}/{split}/{number}"))
                content = joined.join(pieces, path, width=320, height=240, crf=26, preset="veryfast")
                write_json(path.with_suffix(".json"), content)
                print(f"{path.stem}: {content['duration_s']:.0f} s, {len(pieces)} pieces", flush=True)


@dataclass(frozen=True)
class Cut:
    """One clip out of chosen pieces of recorded clips, e.g. an example to ship."""

    out: Path
    """NAME.mp4; the truth goes to NAME.truth.json."""
    pieces: tuple[str, ...]
    """CLIP.mp4:START-END in seconds, in order."""
    width: int = 640
    height: int = 480
    crf: int = 27

    def run(self) -> None:
        chosen = [_piece(text) for text in self.pieces]
        content = joined.join(
            chosen, self.out, width=self.width, height=self.height, crf=self.crf, preset="medium"
        )
        write_json(self.out.with_suffix(".truth.json"), content)
        print(f"{self.out}: {content['duration_s']:.1f} s, {self.out.stat().st_size / 1e6:.2f} MB")


def _piece(text: str) -> joined.Piece:
    name, _, times = text.rpartition(":")
    try:
        start_s, end_s = (float(time) for time in times.split("-"))
    except ValueError as error:
        raise RecordError(f"'{text}' is not CLIP.mp4:START-END, e.g. tour.mp4:3-21.5.") from error
    clip = joined.Clip.read(Path(name))
    first, last = round(start_s * clip.fps), min(round(end_s * clip.fps), int(clip.truth["frames"]))
    if last - first < 2:
        raise RecordError(f"'{text}' holds no frames; the clip lasts {clip.truth['duration_s']} s.")
    return joined.Piece(clip, first, last - first)


@dataclass(frozen=True)
class Splits:
    """Writes splits.json: which levels train, validate and test."""

    out: Path

    def run(self) -> None:
        write_json(self.out / "splits.json", {"levels": split_levels()})


Command = Bots | Human | Procgen | Crafter | Packs | Debian | Join | Cut | Splits


def main() -> int:
    """Runs one command; returns the exit status."""
    command = tyro.cli(Command, description=__doc__)
    try:
        command.run()
    except RecordError as error:
        print(f"record_gameplay: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("record_gameplay: interrupted; finished clips are kept.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
