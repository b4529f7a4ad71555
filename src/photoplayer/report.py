"""The report: film strip, curves, sections, layers and piano roll on one time axis, as a PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from photoplayer.charts import FAINT, INK, PAPER, ROLL_COLUMNS, headline, octave_axis, png, sheet, time_axis
from photoplayer.scene.timeline import RATE_HZ, Timeline

if TYPE_CHECKING:
    from photoplayer.compose.plan import Section
    from photoplayer.music.score import Score
    from photoplayer.soundtrack import Soundtrack

_LEAST_BAR = 0.003  # bars narrower than this share of the width are not ticked
_CURVES = {"intensity": "#d1495b", "tension": "#6a4c93", "valence": "#1b998b", "energy": "#edae49"}

MOOD_COLOURS = {
    "calm": "#a8dadc", "chill": "#84c3be", "village": "#f4d58d", "march": "#e9a23b", "mystery": "#9d8ec7",
    "tense": "#7d6b91", "boss": "#c8553d", "dance": "#f28fad", "victory": "#ffd166", "sorrow": "#8d99ae",
}  # fmt: skip

_LAYER_COLOURS = (
    "#1d3557", "#e63946", "#2a9d8f", "#e9c46a", "#f4a261", "#6a4c93", "#8ac926", "#1982c4", "#ff595e",
    "#588157", "#b5838d", "#577590", "#bc6c25", "#3d405b", "#ef476f",
)  # fmt: skip


def to_png(track: Soundtrack) -> bytes:
    """The report of a soundtrack as a PNG file's bytes."""
    return png(draw(track))


def draw(track: Soundtrack) -> Figure:
    """The figure, one row for every thing there is to show."""
    layers = track.score.layers
    rows = {"strip": 1.15, "curves": 1.7, "sections": 0.75, "layers": 0.26 * len(layers) + 0.3, "roll": 3.4}
    if not track.pictures:
        del rows["strip"]
    if track.timeline is None:
        del rows["curves"]
    figure, axes = sheet(rows)
    if track.pictures:
        _strip(axes["strip"], track)
    if track.timeline is not None:
        _curves(axes["curves"], track.timeline)
    _sections(axes["sections"], track)
    colours = {layer: _LAYER_COLOURS[i % len(_LAYER_COLOURS)] for i, layer in enumerate(layers)}
    _layers(axes["layers"], track.score, colours)
    _roll(axes["roll"], track.score, colours)
    for axis in axes.values():
        time_axis(axis, 0, track.duration_s, labelled=axis is axes["roll"])
    headline(figure, _title(track))
    return figure


def _title(track: Soundtrack) -> str:
    name = track.video.name if track.video else "a plan"
    moods = ", ".join(dict.fromkeys(section.mood for section in track.plan.sections))
    return f"{name}: {track.duration_s:.1f} s · {moods} · seed {track.options.seed}"


def _strip(axis: Axes, track: Soundtrack) -> None:
    width_s = track.duration_s / len(track.pictures)
    for i, picture in enumerate(track.pictures):
        axis.imshow(
            picture, extent=(i * width_s, (i + 1) * width_s, 0, 1), aspect="auto", interpolation="bilinear"
        )
    axis.set_ylim(0, 1)
    axis.set_yticks([])


def _curves(axis: Axes, timeline: Timeline) -> None:
    times = (np.arange(len(timeline.intensity)) + 0.5) / RATE_HZ
    axis.fill_between(times, timeline.intensity, color=_CURVES["intensity"], alpha=0.18, lw=0)
    for name, colour in _CURVES.items():
        axis.plot(times, getattr(timeline, name), color=colour, lw=1.4, label=name)
    for change_s in timeline.changes_s:
        axis.axvline(change_s, color=INK, lw=1, ls=(0, (2, 2)))
    for event in timeline.events:
        axis.plot(event.time_s, 1.12, marker="v", color=INK, ms=4, clip_on=False)
    axis.axhline(0, color=FAINT, lw=0.6)
    axis.set_ylim(min(-0.05, float(timeline.valence.min()) - 0.05), 1.4)
    axis.set_yticks([0, 1])
    axis.legend(loc="upper right", ncols=4, fontsize=8, frameon=False, labelcolor=INK)


def _sections(axis: Axes, track: Soundtrack) -> None:
    axis.set_ylim(0, 1)
    axis.set_yticks([0.5], ["sections"])
    for section, start_s in zip(track.plan.sections, track.plan.starts_s, strict=True):
        colour = MOOD_COLOURS.get(section.mood, FAINT)
        axis.barh(0.5, section.duration_s, left=start_s, height=0.9, color=colour, edgecolor=PAPER, lw=2)
        if section.bar_s > _LEAST_BAR * track.duration_s:
            bar_lines = [start_s + bar * section.bar_s for bar in range(1, section.bars)]
            axis.vlines(bar_lines, 0.05, 0.15, color=INK, lw=0.5)
        if text := _section_text(section, section.duration_s / track.duration_s):
            left_s = start_s + 0.004 * track.duration_s
            axis.text(left_s, 0.55, text, va="center", fontsize=8, color=INK, clip_on=True, parse_math=False)


def _section_text(section: Section, share: float) -> str:
    """As much as fits a section that takes this share of the width."""
    if share > 0.11:
        return f"{section.label}  {section.mood}\n{section.key} {section.meter} {section.bpm:.0f}"
    if share > 0.06:
        return f"{section.label}  {section.mood}\n{section.meter} {section.bpm:.0f}"
    return section.label if share > 0.012 else ""


def _layers(axis: Axes, score: Score, colours: dict[str, str]) -> None:
    """A row a layer; a picture like the piano roll, for the same reason."""
    rows = len(colours)
    picture = np.zeros((rows, ROLL_COLUMNS, 4), dtype=np.float32)
    for row, (layer, colour) in enumerate(colours.items()):
        for start_s, end_s in _sounding(score, layer):
            picture[row, _columns(score, start_s, end_s)] = (*to_rgb(colour), 1.0)
    place = (0.0, score.duration_s, rows - 0.5, -0.5)
    axis.imshow(picture, extent=place, aspect="auto", interpolation="nearest")
    axis.hlines(np.arange(rows + 1) - 0.5, 0, score.duration_s, color=PAPER, lw=5)
    axis.set_ylim(rows - 0.4, -0.6)
    axis.set_yticks(range(rows), list(colours))


def _columns(score: Score, start_s: float, end_s: float) -> slice:
    """The columns of a picture as wide as the score between two times, at least one."""
    per_s = ROLL_COLUMNS / max(score.duration_s, 1e-3)
    first = int(start_s * per_s)
    return slice(first, max(int(end_s * per_s), first + 1))


def _sounding(score: Score, layer: str) -> list[tuple[float, float]]:
    """Stretches in seconds in which a layer plays, gaps of less than two quarters closed."""
    notes = sorted((n.onset, n.offset) for part in score.parts if part.layer == layer for n in part.notes)
    spans: list[list[float]] = []
    for onset, offset in notes:
        if spans and onset - spans[-1][1] < 2:
            spans[-1][1] = max(spans[-1][1], offset)
        else:
            spans.append([onset, offset])
    seconds = score.tempo_map.seconds
    return [(seconds(onset), seconds(offset)) for onset, offset in spans]


def _roll(axis: Axes, score: Score, colours: dict[str, str]) -> None:
    """Notes as a picture, not as shapes: a piece of an hour takes no more memory than one of a minute."""
    seconds = score.tempo_map.seconds
    picture = np.zeros((128, ROLL_COLUMNS, 4), dtype=np.float32)
    for part in score.parts:
        if part.is_drum:
            continue
        rgb = to_rgb(colours[part.layer])
        for note in part.notes:
            sounding = _columns(score, seconds(note.onset), seconds(note.offset))
            picture[note.pitch, sounding] = (*rgb, 0.35 + 0.65 * note.velocity / 127)
    place = (0.0, score.duration_s, -0.5, 127.5)
    axis.imshow(picture, extent=place, origin="lower", aspect="auto", interpolation="nearest", zorder=2)
    heard = np.flatnonzero(picture[..., 3].any(axis=1))
    lowest, highest = (int(heard[0]), int(heard[-1])) if len(heard) else (48, 72)
    octave_axis(axis, lowest - 2, highest + 2)
    for marker in score.markers:
        axis.axvline(seconds(marker.onset), color=FAINT, lw=0.8)
