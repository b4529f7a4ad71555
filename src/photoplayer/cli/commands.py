"""The commands and how they are parsed."""

from __future__ import annotations

from typing import Annotated

import tyro

from photoplayer.cli.compose import Compose
from photoplayer.cli.data import Data
from photoplayer.cli.doctor import Doctor
from photoplayer.cli.evaluate import Evaluate
from photoplayer.cli.identify import Identify
from photoplayer.cli.instruments import Instruments
from photoplayer.cli.interpolate import Interpolate
from photoplayer.cli.moods import Moods
from photoplayer.cli.personalize import Personalize
from photoplayer.cli.render import Render
from photoplayer.cli.sample import Sample
from photoplayer.cli.score import Score
from photoplayer.cli.train import Train
from photoplayer.cli.transcribe import Transcribe

Command = (
    Annotated[Score, tyro.conf.subcommand("score")]
    | Annotated[Transcribe, tyro.conf.subcommand("transcribe")]
    | Annotated[Render, tyro.conf.subcommand("render")]
    | Annotated[Compose, tyro.conf.subcommand("compose")]
    | Annotated[Sample, tyro.conf.subcommand("sample")]
    | Annotated[Interpolate, tyro.conf.subcommand("interpolate")]
    | Annotated[Personalize, tyro.conf.subcommand("personalize")]
    | Annotated[Evaluate, tyro.conf.subcommand("evaluate")]
    | Annotated[Identify, tyro.conf.subcommand("identify")]
    | Annotated[Moods, tyro.conf.subcommand("moods")]
    | Annotated[Instruments, tyro.conf.subcommand("instruments")]
    | Annotated[Data, tyro.conf.subcommand("data")]
    | Annotated[Train, tyro.conf.subcommand("train")]
    | Annotated[Doctor, tyro.conf.subcommand("doctor")]
)


def run() -> int:
    """Parse the command line and run its command; the exit status. ``SystemExit`` 2 for wrong usage."""
    command = tyro.cli(
        Command,
        prog="photoplayer",
        description="Turns silent video into music. `photoplayer COMMAND --help` shows examples.",
        config=(tyro.conf.OmitArgPrefixes, tyro.conf.FlagCreatePairsOff),
    )
    return command.run()
