"""``photoplayer COMMAND …``: parse, run, exit code."""

from __future__ import annotations

import logging
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import tyro

from photoplayer.cli.compose import Compose
from photoplayer.cli.doctor import Doctor
from photoplayer.cli.moods import Moods
from photoplayer.cli.score import Score
from photoplayer.cli.train import Train
from photoplayer.errors import PhotoplayerError

INTERRUPTED = 130

Command = (
    Annotated[Score, tyro.conf.subcommand("score")]
    | Annotated[Compose, tyro.conf.subcommand("compose")]
    | Annotated[Moods, tyro.conf.subcommand("moods")]
    | Annotated[Train, tyro.conf.subcommand("train")]
    | Annotated[Doctor, tyro.conf.subcommand("doctor")]
)


def main() -> None:
    """Run the command line. Exit status 0; 1 if any input failed; 2 usage; 130 interrupted."""
    logging.basicConfig(format="photoplayer: %(message)s", level=logging.WARNING)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        command = tyro.cli(
            Command,  # type: ignore[arg-type]
            prog="photoplayer",
            description=__doc__,
            config=(tyro.conf.OmitArgPrefixes, tyro.conf.FlagCreatePairsOff),
        )
        status = command.run()
    except PhotoplayerError as problem:
        print(f"photoplayer: {problem}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        print("photoplayer: interrupted", file=sys.stderr)
        status = INTERRUPTED
    sys.exit(status)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Being told to stop is handled like Ctrl-C: what is half-written is cleaned up."""
    raise KeyboardInterrupt
