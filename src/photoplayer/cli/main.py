"""The way in and out of the command line: signals, errors, exit status. Light, to be there at once."""

from __future__ import annotations

import logging
import signal
import sys
from types import FrameType
from typing import NoReturn

from photoplayer.errors import PhotoplayerError

INTERRUPTED = 130


def main() -> None:
    """Run the command line. Exit status 0; 1 if any input failed; 2 usage; 130 interrupted."""
    logging.basicConfig(format="photoplayer: %(message)s", level=logging.WARNING)
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        from photoplayer.cli import commands  # a second of imports, which Ctrl-C may meet too

        status = commands.run()
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
