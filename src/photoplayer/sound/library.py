"""FluidSynth's shared library, found and bound through ctypes (and where others are found).

The system's own library comes first; where there is none, the copy that travels inside the
``pygame-ce`` wheel does the same work (wheels carry hashed file names, hence the globbing).
Only the functions that rendering needs are bound. Every FluidSynth 2.x offers them.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import logging
import os
import sys
from collections.abc import Iterator
from ctypes import CFUNCTYPE, c_char_p, c_double, c_int, c_void_p
from functools import cache
from pathlib import Path

from photoplayer.errors import SetupError

log = logging.getLogger(__name__)

_SYSTEM_FOLDERS = {
    "win32": (r"C:\tools\fluidsynth\bin", r"C:\Program Files\FluidSynth\bin"),
    "darwin": ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib"),
}.get(sys.platform, ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"))

_REMEDY = (
    "FluidSynth 2 was not found: install it (Debian: apt install libfluidsynth3, macOS: brew install "
    "fluid-synth) or reinstall the pygame-ce package, which carries a copy."
)

_LogFunction = CFUNCTYPE(None, c_int, c_char_p, c_void_p)

_FUNCTIONS: dict[str, tuple[type | None, list[type]]] = {
    "fluid_version_str": (c_char_p, []),
    "fluid_set_log_function": (c_void_p, [c_int, _LogFunction, c_void_p]),
    "fluid_is_soundfont": (c_int, [c_char_p]),
    "new_fluid_settings": (c_void_p, []),
    "delete_fluid_settings": (None, [c_void_p]),
    "fluid_settings_setint": (c_int, [c_void_p, c_char_p, c_int]),
    "fluid_settings_setnum": (c_int, [c_void_p, c_char_p, c_double]),
    "new_fluid_synth": (c_void_p, [c_void_p]),
    "delete_fluid_synth": (None, [c_void_p]),
    "fluid_synth_sfload": (c_int, [c_void_p, c_char_p, c_int]),
    "fluid_synth_set_channel_type": (c_int, [c_void_p, c_int, c_int]),
    "fluid_synth_bank_select": (c_int, [c_void_p, c_int, c_int]),
    "fluid_synth_program_change": (c_int, [c_void_p, c_int, c_int]),
    "fluid_synth_cc": (c_int, [c_void_p, c_int, c_int, c_int]),
    "fluid_synth_noteon": (c_int, [c_void_p, c_int, c_int, c_int]),
    "fluid_synth_noteoff": (c_int, [c_void_p, c_int, c_int]),
    "fluid_synth_get_active_voice_count": (c_int, [c_void_p]),
    "fluid_synth_process": (c_int, [c_void_p, c_int, c_int, c_void_p, c_int, c_void_p]),
}


def _pass_on(level: int, message: bytes, _data: int) -> None:
    """FluidSynth talks to stderr by itself; here its words go where Python's logging sends them."""
    log.debug("FluidSynth (%d): %s", level, message.decode(errors="replace"))


_log_function = _LogFunction(_pass_on)  # kept here, as FluidSynth keeps only its address


def system_libraries(name: str = "fluidsynth", major: int = 3) -> Iterator[str]:
    """Names and paths under which the operating system may know a library."""
    found = ctypes.util.find_library(name) or ctypes.util.find_library(f"lib{name}-{major}")
    if found:
        yield found
    # find_library needs a compiler or ldconfig on Linux; the loader does not
    yield {"win32": f"lib{name}-{major}.dll", "darwin": f"lib{name}.{major}.dylib"}.get(
        sys.platform, f"lib{name}.so.{major}"
    )
    for folder in map(Path, _SYSTEM_FOLDERS):
        yield from (str(path) for path in sorted(folder.glob(f"lib{name}*")) if path.is_file())


def bundled_libraries(name: str = "fluidsynth") -> Iterator[str]:
    """The same library inside the installed pygame-ce wheel, wherever its platform puts them."""
    spec = importlib.util.find_spec("pygame")
    for home in map(Path, spec.submodule_search_locations or () if spec else ()):
        for folder in (home.parent / "pygame_ce.libs", home / ".dylibs", home):
            yield from (str(path) for path in sorted(folder.glob(f"lib{name}*")))


def load(name: str) -> ctypes.CDLL:
    """Load a shared library by name or path. Raises ``OSError``."""
    if sys.platform == "win32" and Path(name).is_absolute():
        # Its own dependencies lie beside it, where Windows does not look unasked.
        with os.add_dll_directory(str(Path(name).parent)):
            return ctypes.CDLL(name)
    return ctypes.CDLL(name)


def open_library(name: str) -> ctypes.CDLL:
    """Load FluidSynth from ``name`` and declare its functions.

    Raises ``OSError`` if it cannot be loaded and ``AttributeError`` if it lacks a function.
    """
    library = load(name)
    for function, (result, arguments) in _FUNCTIONS.items():
        bound = getattr(library, function)
        bound.restype, bound.argtypes = result, arguments
    if version(library)[0] < 2:
        raise OSError(f"{name} is FluidSynth {version(library)}, older than 2")
    for level in range(5):  # panic, error, warning, info, debug
        library.fluid_set_log_function(level, _log_function, None)
    return library


@cache
def load_library() -> ctypes.CDLL:
    """The first FluidSynth that loads: the system's, else the wheel's. Raises :class:`SetupError`."""
    for names in (system_libraries(), bundled_libraries()):
        for name in names:
            try:
                return open_library(name)
            except (OSError, AttributeError) as error:
                log.debug("FluidSynth at %s: %s", name, error)
    raise SetupError(_REMEDY)


def version(library: ctypes.CDLL) -> tuple[int, ...]:
    """FluidSynth's version, e.g. ``(2, 3, 1)``."""
    text: bytes = library.fluid_version_str()
    return tuple(int(part) for part in text.decode().split(".") if part.isdigit())
