"""Writes small H.264 clips through PyAV."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np

from .errors import RecordError


class ClipWriter:
    """H.264, yuv420p, faststart, no sound; appears under its name only when it is complete.

    Frames are uint8 RGB arrays (height, width, 3) of any size: they are averaged down to the clip's.
    """

    def __init__(
        self, path: Path, *, fps: Fraction, width: int, height: int, crf: int = 26, preset: str = "veryfast"
    ) -> None:
        self._path = path
        self._unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
        self.frame_count = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(
                str(self._unfinished), "w", format="mp4", options={"movflags": "+faststart"}
            )
        except OSError as error:
            raise RecordError(f"Cannot write {path}: {error.strerror}.") from error
        self._stream = self._container.add_stream("libx264", rate=fps)
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        self._stream.thread_count = 1
        self._stream.options = {"crf": str(crf), "preset": preset}

    def write(self, picture: np.ndarray) -> None:
        """Appends one frame."""
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame = frame.reformat(
            width=self._stream.width, height=self._stream.height, format="yuv420p", interpolation="AREA"
        )
        frame.pts = self.frame_count
        self.frame_count += 1
        self._container.mux(self._stream.encode(frame))

    def __enter__(self) -> ClipWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()
            if kind is None:
                self._unfinished.replace(self._path)
            else:
                self._unfinished.unlink(missing_ok=True)
