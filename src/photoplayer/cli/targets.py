"""Which files a command reads, and where each result goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from photoplayer.cli.output import Output, placed
from photoplayer.errors import InputError, OutputError
from photoplayer.results import split_format

VIDEO_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".gif", ".flv", ".mpg", ".mpeg", ".ts", ".ogv"}
)


@dataclass(frozen=True)
class Target:
    """One input and the stem (path without suffix) its results are named by."""

    source: Path
    stem: Path


def gather(inputs: Sequence[Path], suffixes: Iterable[str], *, results: str | tuple[str, ...]) -> list[Path]:
    """The files named, and in named folders those with one of ``suffixes``, in order of name.

    Hidden files and earlier results (names that end in one of ``results``) are passed over in folders.
    Raises :class:`InputError` where a path is not there or a folder holds no such file.
    """
    wanted = frozenset(suffixes)
    found: list[Path] = []
    for path in inputs:
        if path.is_dir():
            inside = sorted(
                p
                for p in path.iterdir()
                if p.suffix.lower() in wanted
                and not p.name.startswith(".")
                and not p.stem.endswith(results)
                and p.is_file()
            )
            if not inside:
                raise InputError(f"{path} holds no file of a kind that is read here")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise InputError(f"{path} is not there; check the name")
    return list(dict.fromkeys(found))


def plan_targets(sources: Sequence[Path], output: Output | None, *, ending: str) -> list[Target]:
    """Pair inputs with output stems: ``output`` names the result of one input, a folder for many.

    With none, results lie beside their input as ``NAME{ending}``.
    Raises :class:`OutputError` if two inputs would write the same files.
    """
    if output is not None and len(sources) > 1:
        output = Output(output.path, is_folder=True)
    targets = [Target(s, placed(output, s.with_name(s.stem + ending))) for s in sources]
    stems = [t.stem for t in targets]
    for target in targets:
        if stems.count(target.stem) > 1:
            raise OutputError(f"two inputs would be written to {target.stem}.*; give them other names")
    return targets


def named_output(
    output: Output | None, formats: Collection[str], *, inputs: int
) -> tuple[Output | None, str | None]:
    """``-o music.mid`` names a stem and a format; a folder, or a name that ends in none, names no format.

    Raises :class:`OutputError` where one file is named for several inputs.
    """
    if output is None or output.is_folder:
        return output, None
    stem, ending = split_format(output.path, formats)
    if ending and inputs > 1:
        raise OutputError(f"{output.path} names one file for {inputs} inputs; name a folder with -o")
    return Output(stem), ending


def all_there(files: Collection[Path]) -> bool:
    """Whether an input's results are on the disk already, every one of them."""
    return bool(files) and all(path.exists() for path in files)
