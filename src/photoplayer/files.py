"""Results appear on disk whole or not at all."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from photoplayer.errors import InputError, OutputError

_READABLE_BY_ALL = 0o644


@contextmanager
def finished(target: Path) -> Iterator[Path]:
    """A temporary path beside ``target`` to write to; it becomes ``target`` when the block ends well.

    It has the target's suffix, since many writers choose their format by it. A reader never sees half
    a file; on any exception, an interruption included, the temporary file goes and an older target
    stays. Raises :class:`OutputError` where the system refuses.
    """
    if target.is_dir():
        raise OutputError(f"{target} cannot be written: it is a folder; name a file.")
    if not target.parent.is_dir():
        raise OutputError(f"{target} cannot be written: its folder is not there; make the folder first.")
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{target.stem[:40]}.", suffix=target.suffix or ".part", dir=target.parent
        )
        os.close(handle)
    except OSError as problem:
        raise cannot_write(target, problem) from problem
    temporary = Path(name)
    try:
        with _interruptions_kept():
            yield temporary
        temporary.chmod(_READABLE_BY_ALL)  # mkstemp makes files that only their owner may read
        temporary.replace(target)
    except OSError as problem:
        raise cannot_write(target, problem) from problem
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def _interruptions_kept() -> Iterator[None]:
    """Raise, at the end, an interruption that came while C had called back into Python.

    There it cannot be raised but only reported, and what the callback should have written is missing.
    """
    swallowed = False
    usual = sys.unraisablehook

    def keep(report: sys.UnraisableHookArgs) -> None:
        nonlocal swallowed
        if issubclass(report.exc_type, KeyboardInterrupt):
            swallowed = True
        else:
            usual(report)

    sys.unraisablehook = keep
    try:
        yield
    finally:
        sys.unraisablehook = usual
        if swallowed:
            raise KeyboardInterrupt


def read_small(path: Path, *, most_bytes: int, wanted: str) -> bytes:
    """The bytes of a regular file of at most ``most_bytes``; a pipe or a device is never waited for.

    ``wanted`` ("a MIDI file") is the remedy in the sentence. Raises :class:`InputError`.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise InputError(f"{path} is not a regular file; give {wanted}")
        with path.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except (OSError, ValueError) as problem:  # ValueError: a name with a zero byte
        reason = getattr(problem, "strerror", None) or problem
        raise InputError(f"cannot read {path}: {reason}; give {wanted}") from problem
    if len(content) > most_bytes:
        raise InputError(f"{path} is larger than {most_bytes >> 20} MB; give {wanted}")
    return content


@contextmanager
def folders_made(folders: Iterable[Path]) -> Iterator[None]:
    """Make the folders that are missing; if the block fails, those it left empty go again.

    Raises :class:`OutputError` where one cannot be made.
    """
    made: list[Path] = []
    try:
        for folder in folders:
            for missing in reversed([p for p in (folder, *folder.parents) if not p.exists()]):
                _make(missing)
                made.append(missing)
        yield
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as problem:
        raise OutputError(
            f"cannot make the folder {folder}: {problem.strerror}; choose another place"
        ) from problem


def cannot_write(target: Path, problem: Exception) -> OutputError:
    """The sentence for a write the system (or FFmpeg, whose errors carry its numbers too) refused."""
    number = getattr(problem, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return OutputError(f"{target} cannot be written: the disk is full; free some space.")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(f"{target} cannot be written: no permission; choose another folder.")
    reason = getattr(problem, "strerror", None) or problem
    return OutputError(f"{target} cannot be written: {reason}; choose another place.")
