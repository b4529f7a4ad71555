"""From a video of a piano to its notes: find the keyboard, read the keys, write a score.

Its ways out are in :mod:`photoplayer.transcription_export`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from photoplayer import video
from photoplayer.errors import InputError
from photoplayer.files import finished, folders_made
from photoplayer.music.score import Score
from photoplayer.piano.hands import with_hands
from photoplayer.piano.keyboard import Shot
from photoplayer.piano.layout import PITCHES
from photoplayer.piano.listen import listen
from photoplayer.piano.overview import Overview
from photoplayer.piano.roll import HeardNote
from photoplayer.piano.sustain import fade
from photoplayer.piano.written import to_score
from photoplayer.progress import Progress, stage
from photoplayer.results import split_format
from photoplayer.transcription_export import FORMATS, TranscriptOptions, export
from photoplayer.transcription_options import LEAST_FPS, TranscribeOptions
from photoplayer.transcription_summary import remarks
from photoplayer.video.glimpse import glimpses

_LOOKS = 9
"""Pictures looked at once more, to say why there is no keyboard."""


@dataclass(frozen=True)
class Stats:
    """How much was read, and how fast: seconds on the wall to find the keyboard and to read the keys."""

    pictures: int
    duration_s: float
    find_s: float
    read_s: float

    @property
    def speed(self) -> float:
        """Seconds of video a second."""
        return self.duration_s / max(self.find_s + self.read_s, 1e-9)


@dataclass(frozen=True, eq=False)
class Transcription:
    """What was heard in a video, and how.

    ``notes`` end when their keys come up; ``score`` holds the same notes as they sound. Times count from the
    video's first picture, wherever listening began. ``remarks`` are sentences on what is partial or unsure.
    """

    video: Path
    duration_s: float
    options: TranscribeOptions
    notes: tuple[HeardNote, ...]
    score: Score
    shots: tuple[Shot, ...]
    overview: Overview
    stats: Stats
    remarks: tuple[str, ...] = ()

    @property
    def keys_seen(self) -> npt.NDArray[np.bool_]:
        """``(88,)``: which keys were in the picture at least once."""
        seen = [shot.keyboard.visible for shot in self.shots if shot.keyboard]
        return np.asarray(np.logical_or.reduce(seen), dtype=bool)

    @property
    def keys_never_seen(self) -> tuple[int, ...]:
        """Pitches of the keys that nothing can be said of."""
        return tuple(int(pitch) for pitch in np.array(PITCHES)[~self.keys_seen])

    def save(
        self, path: str | os.PathLike[str], *, progress: Progress | None = None, **options: Any
    ) -> list[Path]:
        """Write results named after ``path``; ``options`` are the fields of :class:`TranscriptOptions`.

        An ending that names a format (``"music.mid"``) writes that format alone, unless ``format`` says
        otherwise. Returns the files. Raises :class:`OutputError` where one cannot be written.
        """
        stem, ending = split_format(Path(path), FORMATS)
        if ending:
            options.setdefault("format", ending)
        return export(self, stem, TranscriptOptions(**options), progress=progress)


class NoKeyboardError(InputError):
    """No keyboard, or none to be sure of. ``picture`` ``(height, width, 3)`` shows what was seen."""

    def __init__(self, message: str, picture: video.Image) -> None:
        super().__init__(message)
        self.picture = picture

    def saved(self, path: Path, *, overwrite: bool) -> NoKeyboardError:
        """Write the picture (PNG) and return the error that also says where it is.

        A file that is already there is kept unless ``overwrite``. Raises :class:`OutputError`.
        """
        from PIL import Image as Drawing  # Pillow is needed here alone

        if path.exists() and not overwrite:
            return self
        with folders_made([path.parent]), finished(path) as temporary:
            Drawing.fromarray(self.picture).save(temporary, format="PNG")
        return NoKeyboardError(f"{self} ({path} shows what was seen)", self.picture)


def transcribe(
    path: str | os.PathLike[str], *, progress: Progress | None = None, **options: Any
) -> Transcription:
    """Read the notes off a silent video of a piano; ``options`` are the fields of :class:`TranscribeOptions`.

    >>> photoplayer.transcribe("clip.mp4", hands=True).save("clip_transcribed")  # doctest: +SKIP

    Raises :class:`NoKeyboardError` where no keyboard is seen, :class:`PhotoplayerError` where the file
    cannot be used or an option cannot be met.
    """
    return transcribe_video(Path(path), TranscribeOptions(**options), progress=progress)


def transcribe_video(
    clip: Path, options: TranscribeOptions, *, progress: Progress | None = None
) -> Transcription:
    """As :func:`transcribe`, with the options already made."""
    info = video.probe(clip)
    start_s, end_s = _span(info, options)
    begun_s = time.perf_counter()
    shots = _shots(info, options, start_s, end_s, stage(progress, "find", end_s - start_s))
    found_s = time.perf_counter()
    heard = listen(
        clip, shots, start_s=start_s, end_s=end_s, max_fps=options.fps, model=options.model,
        decoder=options.decoder, progress=stage(progress, "read", end_s - start_s),
    )  # fmt: skip
    read_s = time.perf_counter()
    notes = tuple(note for note in heard.notes if note.confidence >= options.min_confidence)
    if options.hands:
        notes = with_hands(notes)
    return Transcription(
        video=clip,
        duration_s=info.duration_s,
        options=options,
        notes=notes,
        score=_score(notes, options, info.duration_s),
        shots=shots,
        overview=heard.overview,
        stats=Stats(heard.pictures, end_s - start_s, found_s - begun_s, read_s - found_s),
        remarks=remarks(
            shots, notes, fps=heard.fps, lowest_pitch=None if options.keyboard else options.lowest_pitch
        ),
    )


def _span(info: video.VideoInfo, options: TranscribeOptions) -> tuple[float, float]:
    """The seconds to read. Raises :class:`InputError` where the clip has none or too few pictures."""
    if info.fps is not None and info.fps < LEAST_FPS:
        raise InputError(
            f"{info.path} has {float(info.fps):.3g} pictures a second, too few to see keys go down; "
            "give a video of 15 or more"
        )
    if options.start_s >= info.duration_s:
        raise InputError(f"{info.path} lasts {info.duration_s:.1f} s; begin before its end")
    return options.start_s, min(options.end_s or info.duration_s, info.duration_s)


def _shots(
    info: video.VideoInfo,
    options: TranscribeOptions,
    start_s: float,
    end_s: float,
    progress: Callable[[float], None],
) -> tuple[Shot, ...]:
    """Where the keyboard is, found or as given. Raises :class:`NoKeyboardError` where it nowhere is."""
    from photoplayer.piano import find  # SciPy takes a while to load, and other commands do without

    if (corners := options.corners) is not None:
        lowest, highest = options.pitches
        size = (info.width, info.height)
        keyboard = find.keyboard_from_corners(corners, size, first_pitch=lowest, last_pitch=highest)
        if not keyboard.visible.any():
            raise InputError(
                f"{info.path} has {info.width} x {info.height} pixels, and no key lies in them by --keyboard "
                f"{options.keyboard}; name its four corners again"
            )
        return (Shot(start_s, end_s, keyboard),)
    shots = find.find_shots(
        info.path,
        lowest_pitch=options.lowest_pitch,
        start_s=start_s,
        end_s=end_s,
        progress=lambda share: progress(share * (end_s - start_s)),
    )
    if not any(shot.keyboard for shot in shots):
        raise _not_found(info.path, start_s, end_s)
    return shots


def _not_found(path: Path, start_s: float, end_s: float) -> NoKeyboardError:
    """What was seen instead, in a sentence and a picture."""
    from photoplayer.piano import find

    step_s = (end_s - start_s) / _LOOKS
    pictures = [
        look.grey
        for look in glimpses(path, start_s=start_s, end_s=end_s, step_s=step_s, patience_s=2 * step_s)
    ]
    if not pictures:
        raise InputError(f"{path} shows no picture from {start_s:g} s on; begin earlier")
    found = find.find_keyboard(pictures)
    said = found.said if found.keyboard is None else "a keyboard for a moment only"
    return NoKeyboardError(
        f"{path} shows no keyboard to be sure of ({said}); say where it is with --keyboard, and which key is "
        "its lowest with --lowest-key",
        find.annotated(pictures[len(pictures) // 2], found.guess, said),
    )


def _score(notes: Sequence[HeardNote], options: TranscribeOptions, duration_s: float) -> Score:
    """As they sound, over the whole clip."""
    sounding = fade(notes) if options.sustain == "sound" else notes
    return to_score(sounding, hands=options.hands, end_s=duration_s)
