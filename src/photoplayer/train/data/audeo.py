"""The data of Audeo (Su, Liu, Shlizerman, NeurIPS 2020): cropped frames of one pianist's videos, pseudo MIDI.

Layout as its repository (shlizee/Audeo, README of 2021) describes its shared folder::

    input_images/{training,testing}/NAME/frameN.jpg    25 a second, cropped to the whole keyboard
    midi/{training,testing}/NAME/A-B.npz               "midi" (50, 88): which keys sound in frames A .. B - 1

``labels/`` holds the same truth as Python pickles, which are not opened. The frames of a take become a video,
``videos/SPLIT/NAME.mp4``, the first time they are asked for, 40 ms a frame number, so that they are read like
any other. The truth comes from Onsets and Frames on that grid: a note begins half a frame before the first in
which it sounds, velocities are unknown, offsets follow the string. Every eighth take in training is for
validation; all are one pianist's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from photoplayer.errors import InputError
from photoplayer.files import finished
from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.train.data.piano_clip import NoteRows, PianoClip, Split, homography_of_corners, note_rows

FPS = 25
GROUP = "Paul Barton"
VALIDATION_EVERY = 8
_HALVES: tuple[tuple[str, Split], ...] = (("training", "train"), ("testing", "test"))
_FRAME = re.compile(r"frame(\d{1,7})\.jpg")
_SEGMENT = re.compile(r"(\d{1,7})-(\d{1,7})\.npz")
_MOST_FRAMES = 1_000_000

Sounds = npt.NDArray[np.bool_]


def clips(folder: Path, *, split: Split | None = None) -> list[PianoClip]:
    """The takes in order, those of ``split`` alone if given; their videos are made where they are missing.

    Raises :class:`InputError` where the folder holds no takes or one is broken.
    """
    found = []
    for half, default in _HALVES:
        takes = [take for take in sorted((folder / "input_images" / half).glob("*")) if take.is_dir()]
        for number, take in enumerate(takes, start=1):
            own: Split = "validation" if default == "train" and number % VALIDATION_EVERY == 0 else default
            if split in (None, own):
                found.append(_clip(folder, half, take, own))
    if not found:
        raise InputError(f"{folder} holds no takes in input_images; give the folder of Audeo's data.")
    return found


def _clip(folder: Path, half: str, take: Path, split: Split) -> PianoClip:
    pictures = _numbered(take, _FRAME)
    first, sounds = read_roll(folder / "midi" / half / take.name)
    first -= pictures[0][0]  # the video begins with the first picture there is
    film = folder / "videos" / half / f"{take.name}.mp4"
    if not film.is_file():
        film.parent.mkdir(parents=True, exist_ok=True)
        _make_video(pictures, film)
    width, height = _size(pictures[0][1])
    edges = np.array([(0, 0), (width, 0), (width, height), (0, height)]) - 0.5
    return PianoClip(
        name=take.name,
        video=film,
        notes=_notes(first, sounds, take),
        group=GROUP,
        split=split,
        covered_s=(max(first, 0) / FPS, (first + len(sounds)) / FPS),
        homography=homography_of_corners(edges),
    )


def read_roll(folder: Path) -> tuple[int, Sounds]:
    """Number of the first frame, and ``(frames, 88)``: which keys sound. Raises :class:`InputError`."""
    segments = _numbered(folder, _SEGMENT)
    first = segments[0][0]
    last = max(int(name[2]) for _, path in segments if (name := _SEGMENT.fullmatch(path.name)))
    if not 0 <= last - first <= _MOST_FRAMES:
        raise InputError(f"{folder} has segments {first} to {last}; correct their names.")
    sounds = np.zeros((last - first, KEY_COUNT), dtype=bool)
    for number, path in segments:
        rows = _segment(path)[: last - number]
        sounds[number - first : number - first + len(rows)] = rows
    return first, sounds


def _segment(path: Path) -> Sounds:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            rows = np.asarray(arrays["midi"])
    except Exception as problem:  # whatever a damaged archive makes NumPy and zipfile say
        raise InputError(f"{path} holds no array midi; download it again.") from problem
    if rows.ndim != 2 or rows.shape[1] != KEY_COUNT:
        raise InputError(f"{path} has a roll of shape {rows.shape}, not (frames, {KEY_COUNT}).")
    return np.asarray(rows > 0)


def _notes(first: int, sounds: Sounds, take: Path) -> NoteRows:
    edges = np.diff(sounds.astype(np.int8), axis=0, prepend=0, append=0)

    def notes() -> Iterator[tuple[float, float, float, float]]:
        for key in range(KEY_COUNT):
            begins, ends = np.flatnonzero(edges[:, key] > 0), np.flatnonzero(edges[:, key] < 0)
            for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
                onset_s, offset_s = (first + begin - 0.5) / FPS, (first + end - 0.5) / FPS
                yield max(onset_s, 0.0), offset_s, LOWEST_PITCH + key, math.nan

    return note_rows(notes(), name=str(take))


def _numbered(folder: Path, pattern: re.Pattern[str]) -> list[tuple[int, Path]]:
    """The files of a folder with the number in their names, in that order."""
    files = [(int(name[1]), path) for path in folder.glob("*") if (name := pattern.fullmatch(path.name))]
    if not files:
        raise InputError(f"{folder} holds no files named like {pattern.pattern}; give Audeo's data whole.")
    return sorted(files)


def _size(picture: Path) -> tuple[int, int]:
    image = _read(picture)
    return image.width, image.height


def _make_video(pictures: list[tuple[int, Path]], film: Path) -> None:
    """H.264 of almost the frames' own quality, at sizes that are even."""
    width, height = _size(pictures[0][1])
    with finished(film) as temporary, av.open(str(temporary), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "12", "preset": "fast"})
        stream.width, stream.height, stream.pix_fmt = width - width % 2, height - height % 2, "yuv420p"
        for number, path in pictures:
            frame = _read(path).reformat(stream.width, stream.height, format="yuv420p")
            frame.pts, frame.time_base = number - pictures[0][0], Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _read(picture: Path) -> av.VideoFrame:
    try:
        with av.open(str(picture), format="jpeg_pipe") as container:
            return next(container.decode(video=0))
    except (OSError, StopIteration, ValueError) as problem:
        raise InputError(f"{picture} is no picture; download it again.") from problem
