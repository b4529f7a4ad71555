"""Which soundfont to play with."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

from photoplayer.errors import InputError, SetupError

ENVIRONMENT = "PHOTOPLAYER_SOUNDFONT"
"""Environment variable that names a soundfont for all renderings."""

_FOLDERS = (
    "/usr/share/sounds/sf2",
    "/usr/share/soundfonts",
    "/usr/local/share/soundfonts",
    "/usr/local/share/sounds/sf2",
    "/opt/homebrew/share/soundfonts",
    "~/.local/share/soundfonts",
    "~/Library/Audio/Sounds/Banks",
    r"C:\soundfonts",
)
_NAMES = ("FluidR3_GM.sf2", "FluidR3_GM2-2.sf2", "MuseScore_General.sf2")


def find_soundfont(soundfont: str | Path | None = None) -> Path:
    """The soundfont to use: the given one, else the environment's, else the best that is installed.

    Raises :class:`InputError` for a named file that is missing or is no soundfont, and
    :class:`SetupError` if nothing is named and none is installed.
    """
    named = soundfont or os.environ.get(ENVIRONMENT)
    if named:
        return _checked(Path(named).expanduser())
    for path in _installed():
        if _is_soundfont(path):
            return path
    raise SetupError(
        f"No soundfont was found: name one with --soundfont or {ENVIRONMENT}, "
        "or reinstall the pretty_midi package, which carries one."
    )


def _installed() -> Iterator[Path]:
    for name in _NAMES:
        for folder in _FOLDERS:
            yield Path(folder).expanduser() / name
    spec = importlib.util.find_spec("pretty_midi")  # found, not imported: that would take a second
    for home in spec.submodule_search_locations or () if spec else ():
        yield Path(home) / "TimGM6mb.sf2"


def _checked(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"{path}: there is no such soundfont file; give the path of an .sf2 file.")
    if not _is_soundfont(path):
        raise InputError(f"{path}: this is no whole soundfont, or it cannot be read; give another .sf2 file.")
    return path


def _is_soundfont(path: Path) -> bool:
    """Whether the file is RIFF/sfbk and as long as it says; the synthesiser reads the rest."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
            size = file.seek(0, os.SEEK_END)
    except OSError:
        return False
    return head[:4] == b"RIFF" and head[8:12] == b"sfbk" and size >= int.from_bytes(head[4:8], "little") + 8
