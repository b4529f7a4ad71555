"""Whole files or none: written beside the target under another name, then moved there."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import av.error

from photoplayer.errors import OutputError


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """A path to write to, of the same suffix; becomes ``out`` if the block ends well, vanishes if not.

    Errors of the file system or of FFmpeg inside the block become :class:`OutputError`.
    """
    if out.is_dir():
        raise OutputError(f"{out} is a folder; name a file.")
    if not out.parent.is_dir():
        raise OutputError(f"{out.parent} does not exist; make the folder first.")
    temporary = out.parent / f".{out.stem[:100]}-{secrets.token_hex(4)}.part{out.suffix}"
    try:
        yield temporary
        temporary.replace(out)
    except (av.error.FFmpegError, OSError) as problem:
        raise OutputError(_sentence(out, problem)) from problem
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _sentence(out: Path, problem: Exception) -> str:
    number = getattr(problem, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{out} cannot be written: the disk is full; free some space."
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{out} cannot be written: no permission; choose another folder."
    return f"{out} cannot be written: {getattr(problem, 'strerror', None) or problem}."
