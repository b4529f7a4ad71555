"""The way in and out of the command line: signals, errors, exit status. Light, to be there at once."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from photoplayer.errors import PhotoplayerError, told

INTERRUPTED = 130


def main() -> None:
    """Run the command line. Exit status 0; 1 if any input failed; 2 usage; 130 interrupted."""
    _prepare_streams()
    logging.basicConfig(format="photoplayer: %(message)s", level=logging.WARNING)
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        from photoplayer.cli import commands  # a second of imports, which Ctrl-C may meet too

        status = commands.run()
    except PhotoplayerError as problem:
        print(f"photoplayer: {problem}", file=sys.stderr)
        status = 1
    except BrokenPipeError:  # who read our lines has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except OSError as problem:
        print(f"photoplayer: {told(problem)}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        print("photoplayer: interrupted", file=sys.stderr)
        status = INTERRUPTED
    sys.exit(status)


def _prepare_streams() -> None:
    """Streams the caller closed lead nowhere (else the next file would get their number), and names of
    files that are no text are printed as the bytes they are."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape" if os.name == "posix" else "backslashreplace")


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Being told to stop is handled like Ctrl-C: what is half-written is cleaned up."""
    raise KeyboardInterrupt
