"""Joins pieces of recorded clips: hard cuts and fades whose times are known exactly.

Used for measuring how well a change of place is found, and for making examples. Pieces come from one split
only, neighbours from different levels, and no piece holds a change of its own.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from .errors import RecordError
from .splits import Split
from .truth import FORMAT, STEPS_PER_S, step_of
from .video import ClipWriter

_PIECES = (4, 9)
_PIECE_S = (6.0, 25.0)
_TOTAL_S = (60.0, 150.0)
_FADE_SHARE = 0.25
_FADE_S = (0.3, 0.5)
_HUMAN_SHARE = 0.3
_EDGE_S = 1.0


@dataclass(frozen=True)
class Clip:
    """A recorded clip and its truth."""

    path: Path
    truth: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Clip:
        """``path`` is the truth file or the clip. Raises RecordError when either is missing or malformed."""
        try:
            truth = json.loads(path.with_suffix(".json").read_text())
            complete = truth["format"] == FORMAT and path.with_suffix(".mp4").is_file()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RecordError(f"{path} has no readable truth beside it.") from error
        if not complete:
            raise RecordError(f"{path} is not a clip of this recorder.")
        return cls(path=path.with_suffix(".mp4"), truth=truth)

    @property
    def level(self) -> str:
        """The level it was recorded in."""
        return str(self.truth["source"]["level"])

    @property
    def fps(self) -> Fraction:
        """Frames per second, exactly."""
        return Fraction(self.truth["fps"])


@dataclass(frozen=True)
class Piece:
    """Frames [first, first + count) of a clip; ``fade_frames`` of it are black or half so at its start."""

    clip: Clip
    first: int
    count: int
    fade_frames: int = 0


def plan(clips: Sequence[Clip], dice: random.Random) -> list[Piece]:
    """Draws pieces for one joined clip. Raises RecordError when fewer than two levels are there."""
    if len({clip.level for clip in clips}) < 2:
        raise RecordError(
            "Joining needs recorded clips of at least two levels of one split; record more first."
        )
    by_kind = {
        kind: [clip for clip in clips if clip.truth["source"]["kind"] == kind] for kind in ("bot", "human")
    }
    count = dice.randint(*_PIECES)
    pieces: list[Piece] = []
    while len(pieces) < count:
        kind = "human" if by_kind["human"] and dice.random() < _HUMAN_SHARE else "bot"
        clip = dice.choice(by_kind[kind] or list(clips))
        if pieces and pieces[-1].clip.level == clip.level:
            continue
        piece = _draw_piece(clip, dice, first=not pieces)
        total = sum(p.count for p in pieces) + (piece.count if piece else 0)
        if piece is not None and total / clip.fps <= _TOTAL_S[1]:
            pieces.append(piece)
        elif total / clip.fps > _TOTAL_S[1] and len(pieces) >= _PIECES[0]:
            break
        count = max(count, _PIECES[0])
        if (
            len(pieces) == count
            and sum(p.count for p in pieces) / clip.fps < _TOTAL_S[0]
            and count < _PIECES[1]
        ):
            count += 1
    return pieces


def _draw_piece(clip: Clip, dice: random.Random, *, first: bool) -> Piece | None:
    """A piece free of changes, deaths and menus; None where the draw hit one."""
    fps = clip.fps
    frames = int(clip.truth["frames"])
    count = min(round(dice.uniform(*_PIECE_S) * fps), frames - 2)
    start = dice.randrange(max(frames - count, 1))
    low, high = start / fps - _EDGE_S, (start + count) / fps + _EDGE_S
    steps = clip.truth["steps"]
    bad = any(low <= time_s < high for time_s in clip.truth["changes_s"]) or any(
        low <= time_s < high and (dead or menu)
        for time_s, dead, menu in zip(steps["t_s"], steps["dead"], steps["menu"], strict=True)
    )
    if bad or count < _PIECE_S[0] * fps:
        return None
    fade = round(dice.uniform(*_FADE_S) * fps) if not first and dice.random() < _FADE_SHARE else 0
    return Piece(clip, start, count, fade)


def join(
    pieces: Sequence[Piece], path: Path, *, width: int, height: int, crf: int, preset: str
) -> dict[str, Any]:
    """Writes the joined clip; returns its truth. All pieces must have one frame rate."""
    rates = {piece.clip.fps for piece in pieces}
    if len(rates) != 1:
        raise RecordError("Pieces of different frame rates cannot be joined.")
    fps = rates.pop()
    with ClipWriter(path, fps=fps, width=width, height=height, crf=crf, preset=preset) as writer:
        for index, piece in enumerate(pieces):
            following = pieces[index + 1].fade_frames if index + 1 < len(pieces) else 0
            for number, picture in enumerate(_frames(piece)):
                writer.write(_faded(picture, number, piece, following))
    return joined_truth(pieces, fps)


def _frames(piece: Piece) -> Iterator[np.ndarray]:
    with av.open(str(piece.clip.path)) as container:
        stream = container.streams.video[0]
        stream.thread_count = 1
        for index, frame in enumerate(container.decode(stream)):
            if index >= piece.first + piece.count:
                return
            if index >= piece.first:
                yield frame.to_ndarray(format="rgb24")


def _faded(picture: np.ndarray, number: int, piece: Piece, following_fade: int) -> np.ndarray:
    """A fade of n frames: the last n/2 of one piece go dark, the first n/2 of the next come back."""
    brightness = 1.0
    if piece.fade_frames:
        brightness = min(brightness, (number + 0.5) / (piece.fade_frames / 2))
    if following_fade:
        brightness = min(brightness, (piece.count - number - 0.5) / (following_fade / 2))
    return picture if brightness >= 1.0 else np.round(picture * brightness).astype(np.uint8)


def joined_truth(pieces: Sequence[Piece], fps: Fraction) -> dict[str, Any]:
    """Steps looked up in each piece's own truth; ``changes_s`` are the joins and the pieces' own changes."""
    starts = np.cumsum([0] + [piece.count for piece in pieces])
    joins = [round(float(start / fps), 3) for start in starts[1:-1]]
    total = int(starts[-1])
    names = list(pieces[0].clip.truth["steps"])
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for step in range(math.ceil(total / fps * STEPS_PER_S)):
        middle = min(int((step + 0.5) / STEPS_PER_S * fps), total - 1)
        index = int(np.searchsorted(starts, middle, side="right")) - 1
        piece = pieces[index]
        source = piece.clip.truth["steps"]
        local = int((piece.first + middle - starts[index]) / piece.clip.fps * STEPS_PER_S)
        local = min(local, len(source["t_s"]) - 1)
        for name in names:
            columns[name].append(source[name][local])
        columns["t_s"][-1] = round(step / STEPS_PER_S, 4)
        columns["place"][-1] = index
    own = [shifted for i, p in enumerate(pieces) for shifted in _shifted(p, "changes_s", int(starts[i]))]
    soft = [
        shifted for i, p in enumerate(pieces) for shifted in _shifted(p, "soft_changes_s", int(starts[i]))
    ]
    changes = sorted(joins + own)
    changed = {step_of(change) for change in changes}
    columns["place_change"] = [step in changed for step in range(len(columns["t_s"]))]
    return {
        "format": FORMAT,
        "source": _source(pieces, joins),
        "fps": str(fps),
        "frames": total,
        "duration_s": round(float(total / fps), 4),
        "step_s": "1/3",
        "changes_s": changes,
        "soft_changes_s": soft,
        "steps": columns,
    }


def _shifted(piece: Piece, key: str, start: int) -> list[float]:
    fps = piece.clip.fps
    low, high = float(piece.first / fps), float((piece.first + piece.count) / fps)
    offset = float(start / fps) - low
    return [round(t + offset, 3) for t in piece.clip.truth[key] if low < t < high]


def _source(pieces: Sequence[Piece], joins: Sequence[float]) -> dict[str, Any]:
    return {
        "kind": "joined",
        "split": pieces[0].clip.truth["source"]["split"],
        "joins_s": list(joins),
        "fade_s": [round(float(p.fade_frames / p.clip.fps), 3) for p in pieces[1:]],
        "pieces": [
            {
                "clip": p.clip.path.stem,
                "start_s": round(float(p.first / p.clip.fps), 3),
                "duration_s": round(float(p.count / p.clip.fps), 3),
                "source": p.clip.truth["source"],
            }
            for p in pieces
        ],
    }


def clips_of(folders: Sequence[Path], split: Split, games: Sequence[str] = ()) -> list[Clip]:
    """Recorded clips of one split (and of some games) at the corpus's small size, in name order."""
    clips = [Clip.read(path) for folder in folders for path in sorted(folder.glob("*.json"))]
    if games:
        clips = [c for c in clips if c.truth["source"].get("game") in games]
    return [c for c in clips if c.truth["source"]["split"] == split and not c.path.stem.endswith("_full")]
