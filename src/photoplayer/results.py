"""Result files of a run: their formats and names, whether their places are free, and their writing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from photoplayer.errors import OutputError, PlanError
from photoplayer.files import finished, folders_made

Files = dict[str, Path]
"""What is written where: by format, or by another name for files that go beyond one a format."""

_VERSIONED = ("photoplayer", "numpy", "av", "onnxruntime")

AUDIO_FORMATS = ("wav", "flac", "ogg", "mp3")

_NOT_WRITTEN = frozenset(
    (
        *("mov", "m4v", "mkv", "webm", "avi", "wmv", "gif", "flv", "mpg", "mpeg", "ts", "ogv"),
        *("midi", "xml", "aac", "m4a", "opus", "aif", "aiff", "jpg", "jpeg", "svg", "pdf", "ini"),
    )
)
"""Endings a person may ask for in vain. Which container holds a clip's picture follows from that picture."""


def audio_ending(formats: Iterable[str]) -> str:
    """Stems and versions are written in the first audio format asked for, else as wav."""
    return next((f".{name}" for name in formats if name in AUDIO_FORMATS), ".wav")


def chosen_formats(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The formats in a list with commas, each once. Raises :class:`PlanError` for an unknown one."""
    names = tuple(dict.fromkeys(f.strip().lower().lstrip(".") for f in text.split(",") if f.strip()))
    for name in names:
        if name not in known:
            raise PlanError(f"there is no format {name!r}; choose from {', '.join(known)}")
    return names


def split_format(path: Path, known: Collection[str]) -> tuple[Path, str | None]:
    """A path as stem and format, where its ending is one that can be written: ``a.mid`` → ``a``, ``mid``.

    Other endings belong to the stem (``v1.2``), but for those that mean a kind of file which is not
    written here. Raises :class:`PlanError` for these.
    """
    ending = path.suffix.lower().lstrip(".")
    if ending in known:
        return path.with_suffix(""), ending
    if ending in _NOT_WRITTEN:
        raise PlanError(f"{path} cannot be written: .{ending} is no format; choose from {', '.join(known)}")
    return path, None


def with_ending(stem: Path, ending: str) -> Path:
    """``stem`` with ``ending`` put behind it, dots in its name left alone."""
    return stem.with_name(stem.name + ending)


def check_free(paths: Iterable[Path], *, overwrite: bool, inputs: Sequence[Path] = ()) -> None:
    """Raise :class:`OutputError` where a result is already there, or would replace one of the inputs."""
    for path in paths:
        if path.is_dir():
            raise OutputError(f"{path} cannot be written: a folder has that name; choose another")
        if not path.exists():
            continue
        if any(given.exists() and path.samefile(given) for given in inputs):
            raise OutputError(f"{path} is an input of this run; choose another name for the result")
        if not overwrite:
            raise OutputError(f"{path} is already there; move it away or say --overwrite")


def beside(files: Files, path: Path) -> dict[str, str]:
    """The other files of a run as a manifest at ``path`` names them."""
    return {name: os.path.relpath(file, path.parent) for name, file in files.items() if file != path}


def versions() -> dict[str, str]:
    """What a result was made with."""
    return {name: version(name) for name in _VERSIONED}


def json_bytes(plain: Mapping[str, Any]) -> bytes:
    """Plain values as a JSON file; what is no text in file names is escaped, as is right there too."""
    text = json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", errors="backslashreplace")


def write_all(
    files: Files,
    silent: Mapping[str, Callable[[Path], bytes]],
    perform: Callable[[Files], None],
    *,
    aside: str | None = None,
) -> list[Path]:
    """Write every file, making its folder; ``silent`` gives bytes for a path, ``perform`` writes the rest.

    What sounds is written first: without a synthesiser nothing is. The ``silent`` file named ``aside`` is
    drawn meanwhile, as FluidSynth needs no interpreter; where memory counts more, leave it out.
    """
    with folders_made(path.parent for path in files.values()), ThreadPoolExecutor(1) as thread:
        drawn = thread.submit(silent[aside], files[aside]) if aside in files else None
        if sounding := {name: path for name, path in files.items() if name not in silent}:
            perform(sounding)
        for name, path in files.items():
            if name in silent:
                content = drawn.result() if drawn and name == aside else silent[name](path)
                with finished(path) as temporary:
                    temporary.write_bytes(content)
    return list(files.values())
