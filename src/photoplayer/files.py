"""Results appear on disk whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from photoplayer.errors import OutputError

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
        yield temporary
        temporary.chmod(_READABLE_BY_ALL)  # mkstemp makes files that only their owner may read
        temporary.replace(target)
    except OSError as problem:
        raise cannot_write(target, problem) from problem
    finally:
        with suppress(OSError):
            temporary.unlink()


def cannot_write(target: Path, problem: Exception) -> OutputError:
    """The sentence for a write the system (or FFmpeg, whose errors carry its numbers too) refused."""
    number = getattr(problem, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return OutputError(f"{target} cannot be written: the disk is full; free some space.")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(f"{target} cannot be written: no permission; choose another folder.")
    reason = getattr(problem, "strerror", None) or problem
    return OutputError(f"{target} cannot be written: {reason}; choose another place.")
