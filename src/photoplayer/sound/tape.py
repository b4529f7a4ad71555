"""A scratch file of float32 samples, for sound that is too long to hold in memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType

import numpy as np

from photoplayer.errors import OutputError
from photoplayer.sound.audio import Samples

_BYTES = 4


class Tape:
    """``rows`` of ``frames`` samples, zero until written. A context manager.

    The file has no name (or is deleted when closed, where the system wants a name), so that it
    vanishes however the process ends. Raises :class:`OutputError` when the disk is full.
    """

    def __init__(self, rows: int, frames: int, *, folder: Path | None = None) -> None:
        self.rows, self.frames = rows, frames
        self._folder = folder or Path(tempfile.gettempdir())
        try:
            # Unbuffered: reads and writes are large, and a full disk shows at once, not on closing.
            self._file = tempfile.TemporaryFile(buffering=0, dir=folder)  # noqa: SIM115
        except OSError as error:
            raise self._full(error) from error

    def __enter__(self) -> Tape:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, start: int, block: Samples, *, row: int = 0) -> None:
        """Store ``block`` of shape ``(k, n)`` in rows ``row`` to ``row + k`` from sample ``start`` on."""
        for i, samples in enumerate(block):
            self._seek(row + i, start)
            left = np.ascontiguousarray(samples, dtype=np.float32).view(np.uint8).data
            while left:
                try:
                    left = left[self._file.write(left) :]
                except OSError as error:
                    raise self._full(error) from error

    def read(self, start: int, frames: int, *, row: int = 0, rows: int | None = None) -> Samples:
        """``(rows, n)`` samples from ``start`` on; ``n`` is less than ``frames`` at the end."""
        frames = max(min(frames, self.frames - start), 0)
        block = np.zeros((self.rows - row if rows is None else rows, frames), np.float32)
        for i, samples in enumerate(block):
            self._seek(row + i, start)
            left = samples.view(np.uint8).data
            while left and (count := self._file.readinto(left)):  # nothing: never written, so zero
                left = left[count:]
        return block

    def _seek(self, row: int, start: int) -> None:
        self._file.seek((row * self.frames + start) * _BYTES)

    def _full(self, error: OSError) -> OutputError:
        return OutputError(
            f"{self._folder}: cannot hold the sound while it is made ({error.strerror}); "
            "free some space there, or set TMPDIR to a larger folder."
        )
