"""The picture of a transcription: the keyboard as it was found, and the roll with how sure every note is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon

from photoplayer import video
from photoplayer.charts import (
    FAINT,
    INK,
    PAPER,
    ROLL_COLUMNS,
    WIDTH_IN,
    headline,
    octave_axis,
    png,
    sheet,
    time_axis,
)
from photoplayer.clock import clock
from photoplayer.music.theory import pitch_name
from photoplayer.piano.layout import LOWEST_PITCH, PITCHES, PITCHES_PER_OCTAVE, is_black, key_middle
from photoplayer.piano.overview import Overview
from photoplayer.transcription_summary import keyboard_words

if TYPE_CHECKING:
    from photoplayer.piano.keyboard import Keyboard, Shot
    from photoplayer.piano.roll import HeardNote
    from photoplayer.transcription import Transcription

_HAND_COLOURS: dict[str | None, str] = {"left": "#2a6fbb", "right": "#e07a1f", None: "#2a9d8f"}
_DOUBT, _HEAT, _UNSEEN = "#c1121f", "#6a4c93", "#e4e2dc"
_MOST_PICTURES = 3
_BINS = 300
_NAME_AT = 0.85
"""Where on a key its name stands, from its far end 0 to the player's 1."""
_ROLL_IN, _SURENESS_IN, _REMARK_IN, _TITLE_IN = 5.2, 0.8, 0.2, 0.35
_LEAST_IN, _MOST_IN = 1.0, 3.6
_BESIDE, _AROUND = 0.02, 0.5
"""Shown around a keyboard, as shares of its width and height."""
_UNSURE = 0.5
"""Notes of less confidence are drawn in the colour of doubt."""

Layer = npt.NDArray[np.float32]


def to_png(heard: Transcription) -> bytes:
    """The report of a transcription as a PNG file's bytes."""
    return png(draw(heard))


def draw(heard: Transcription) -> Figure:
    """The figure: the keyboards found, the confidence, the roll, and sentences on what is partial."""
    close_ups = [_close_up(heard, shot) for shot in _shown(heard.shots)]
    rows = {f"keyboard {i}": close_up.height_in for i, close_up in enumerate(close_ups)}
    rows |= {"sureness": _SURENESS_IN, "roll": _ROLL_IN}
    if heard.remarks:
        rows["remarks"] = _REMARK_IN * len(heard.remarks) + 0.5
    figure, axes = sheet(rows, above_in=0.85)
    for i, close_up in enumerate(close_ups):
        _keyboard(axes[f"keyboard {i}"], close_up)
    _sureness(axes["sureness"], heard)
    _roll(axes["roll"], heard)
    for name in ("sureness", "roll"):
        time_axis(axes[name], heard.overview.start_s, heard.overview.end_s, labelled=name == "roll")
    if heard.remarks:
        _remarks(axes["remarks"], heard.remarks)
    headline(figure, _title(heard))
    return figure


def _title(heard: Transcription) -> str:
    options = heard.options
    how = f"{options.model}, {options.decoder} decoder"
    return f"{heard.video.name}: {clock(heard.duration_s)} · {len(heard.notes)} notes · {how}"


def _shown(shots: Sequence[Shot]) -> list[Shot]:
    """The longest shots, in order of time."""
    longest = sorted(shots, key=lambda shot: shot.start_s - shot.end_s)[:_MOST_PICTURES]
    return sorted(longest, key=lambda shot: shot.start_s)


@dataclass(frozen=True, eq=False)
class _CloseUp:
    """A picture out of the middle of a shot, and the part of it to show: left, right, top, bottom."""

    shot: Shot
    picture: video.Image
    part: tuple[float, float, float, float]

    @property
    def height_in(self) -> float:
        """Of its row: as wide as the sheet, where that is not too high."""
        left, right, top, bottom = self.part
        height_in = 0.915 * WIDTH_IN * (bottom - top) / (right - left)
        return min(max(height_in, _LEAST_IN), _MOST_IN) + _TITLE_IN


def _close_up(heard: Transcription, shot: Shot) -> _CloseUp:
    picture = video.still(heard.video, (shot.start_s + shot.end_s) / 2)
    height, width = picture.shape[:2]
    whole = (-0.5, width - 0.5, -0.5, height - 0.5)
    if shot.keyboard is None:
        return _CloseUp(shot, picture, whole)
    corners = shot.keyboard.corners * _scale(picture, shot.keyboard)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    side, above = _BESIDE * (right - left), _AROUND * (bottom - top)
    part = (
        max(float(left - side), whole[0]),
        min(float(right + side), whole[1]),
        max(float(top - above), whole[2]),
        min(float(bottom + above), whole[3]),
    )
    return _CloseUp(shot, picture, part)


def _scale(picture: video.Image, keyboard: Keyboard) -> tuple[float, float]:
    return picture.shape[1] / keyboard.size[0], picture.shape[0] / keyboard.size[1]


def _keyboard(axis: Axes, close_up: _CloseUp) -> None:
    """The keys outlined, every C named."""
    shot, picture = close_up.shot, close_up.picture
    left, right, top, bottom = close_up.part
    rows, columns = slice(int(top + 0.5), int(bottom + 1)), slice(int(left + 0.5), int(right + 1))
    shown = picture[rows, columns]
    place = (columns.start - 0.5, columns.stop - 0.5, rows.stop - 0.5, rows.start - 0.5)
    axis.imshow(shown, extent=place, interpolation="bilinear")
    axis.set_xticks([])
    axis.set_yticks([])
    words = "no keyboard"
    if shot.keyboard:
        words = keyboard_words(shot.keyboard)
        _outlines(axis, shot.keyboard, _scale(picture, shot.keyboard))
    axis.set_xlim(left, right)
    axis.set_ylim(bottom, top)
    span = f"{clock(shot.start_s)}-{clock(shot.end_s)}"
    axis.set_title(f"{span}: {words}", fontsize=8, color=INK, loc="left", pad=4)


def _outlines(axis: Axes, keyboard: Keyboard, scale: tuple[float, float]) -> None:
    for pitch, outline, visible in zip(PITCHES, keyboard.polygons, keyboard.visible, strict=True):
        if not visible:
            continue
        points = outline * scale
        colour = "#ffb703" if is_black(pitch) else "#219ebc"
        axis.add_patch(Polygon(points, closed=True, fill=False, edgecolor=colour, lw=0.7))
        if pitch % PITCHES_PER_OCTAVE == 0:
            ((x, y),) = keyboard.to_picture(np.array([(key_middle(pitch), _NAME_AT)])) * scale
            axis.text(
                x, y, pitch_name(pitch), fontsize=6, color="white", ha="center", va="center", clip_on=True,
                bbox={"boxstyle": "round,pad=0.15", "fc": INK, "ec": "none", "alpha": 0.75},
            )  # fmt: skip


def _sureness(axis: Axes, heard: Transcription) -> None:
    """Mean and least confidence of the notes that begin in each stretch of time."""
    edges = np.linspace(heard.overview.start_s, heard.overview.end_s, _BINS + 1)
    onsets = np.array([note.onset_s for note in heard.notes])
    sure = np.array([note.confidence for note in heard.notes])
    which = np.clip(np.searchsorted(edges, onsets, side="right") - 1, 0, _BINS - 1)
    counts = np.bincount(which, minlength=_BINS)
    means = np.bincount(which, weights=sure, minlength=_BINS) / np.maximum(counts, 1)
    least = np.ones(_BINS)
    np.minimum.at(least, which, sure)
    least[counts == 0] = np.nan
    axis.stairs(means, edges, fill=True, color=_HEAT, alpha=0.25)
    axis.plot((edges[1:] + edges[:-1]) / 2, least, ".", color=_DOUBT, ms=2.5)
    axis.axhline(_UNSURE, color=FAINT, lw=0.6, ls=(0, (2, 2)))
    axis.set_ylim(0, 1.05)
    axis.set_yticks([0, 1], ["", "sure"])


def _roll(axis: Axes, heard: Transcription) -> None:
    """What the network saw in faint, the notes that were read from it above; pictures, not shapes, so that
    an hour takes no more memory than a minute."""
    overview = heard.overview
    place = (overview.start_s, overview.end_s, PITCHES[0] - 0.5, PITCHES[-1] + 0.5)
    for layer in (_chances(overview, heard.shots), _notes(overview, heard.notes)):
        axis.imshow(
            layer.transpose(1, 0, 2), extent=place, origin="lower", aspect="auto", interpolation="nearest"
        )
    lowest, highest = _range(heard)
    octave_axis(axis, lowest - 1.5, highest + 1.5)
    for shot in heard.shots[1:]:
        axis.axvline(shot.start_s, color=INK, lw=0.8, ls=(0, (2, 2)))
    axis.legend(
        handles=_legend(heard.notes), loc="upper right", ncols=6, fontsize=8, labelcolor=INK,
        facecolor=PAPER, edgecolor="none", framealpha=0.85,
    )  # fmt: skip


def _chances(overview: Overview, shots: Sequence[Shot]) -> Layer:
    """``(columns, 88, 4)``: chances of being held, and when a key was not in the picture."""
    layer = np.zeros((*overview.down.shape, 4), dtype=np.float32)
    layer[...] = (*to_rgb(_HEAT), 0.0)
    layer[..., 3] = 0.4 * overview.down
    for shot in shots:
        first, last = overview.columns(np.array([shot.start_s, shot.end_s]))
        hidden = ~shot.keyboard.visible if shot.keyboard else np.ones(len(PITCHES), dtype=bool)
        layer[first : last + 1, hidden] = (*to_rgb(_UNSEEN), 1.0)
    return layer


def _notes(overview: Overview, notes: Sequence[HeardNote]) -> Layer:
    """``(columns, 88, 4)``: a bar for each note, as opaque as it is sure, its beginning dark."""
    layer = np.zeros((ROLL_COLUMNS, len(PITCHES), 4), dtype=np.float32)
    per_s = ROLL_COLUMNS / (overview.end_s - overview.start_s)
    colours = {hand: to_rgb(colour) for hand, colour in _HAND_COLOURS.items()}
    for note in notes:
        first = int((note.onset_s - overview.start_s) * per_s)
        last = max(int((note.offset_s - overview.start_s) * per_s), first + 1)
        colour = to_rgb(_DOUBT) if note.confidence < _UNSURE else colours[note.hand]
        opacity = 0.35 + 0.65 * note.confidence
        layer[first:last, note.pitch - LOWEST_PITCH] = (*colour, opacity)
        layer[first : first + 1, note.pitch - LOWEST_PITCH] = (*(0.5 * c for c in colour), 1.0)
    return layer


def _range(heard: Transcription) -> tuple[int, int]:
    """The keys that are drawn: those played, and an octave at least."""
    played = [note.pitch for note in heard.notes] or [60]
    lowest, highest = min(played) - 3, max(played) + 3
    missing = max(2 * PITCHES_PER_OCTAVE - (highest - lowest), 0)
    return lowest - missing // 2, highest + missing - missing // 2


def _legend(notes: Sequence[HeardNote]) -> list[Patch]:
    hands = sorted({note.hand for note in notes}, key=str) or [None]
    patches = [Patch(color=_HAND_COLOURS[hand], label=f"{hand} hand" if hand else "note") for hand in hands]
    return [
        *patches,
        Patch(color=_DOUBT, label="unsure note"),
        Patch(color=_HEAT, alpha=0.4, label="chance that a key is down"),
        Patch(color=_UNSEEN, label="key not in the picture"),
    ]


def _remarks(axis: Axes, said: Sequence[str]) -> None:
    axis.axis("off")
    axis.text(
        0, 0, "\n".join(f"Partial: {remark}" for remark in said), fontsize=9, color=_DOUBT, va="bottom",
        transform=axis.transAxes, parse_math=False,
    )  # fmt: skip
