"""The look that all reports share: paper, ink, a time axis, and notes as a picture."""

from __future__ import annotations

import io

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from photoplayer.clock import clock

WIDTH_IN, DPI = 15.0, 110
ROLL_COLUMNS = 1500  # about the pixels an axis has
INK, FAINT, PAPER = "#22242a", "#9aa0ab", "#fbfaf7"


def sheet(rows: dict[str, float], *, above_in: float = 0.6) -> tuple[Figure, dict[str, Axes]]:
    """A figure with a row of its own height (inches) for each name, one below the other, a title above."""
    figure = Figure(figsize=(WIDTH_IN, sum(rows.values()) + 0.6 + above_in), facecolor=PAPER)
    FigureCanvasAgg(figure)
    grid = figure.subplots(len(rows), 1, height_ratios=list(rows.values()), squeeze=False)
    height = figure.get_figheight()
    figure.subplots_adjust(left=0.07, right=0.985, top=1 - above_in / height, bottom=0.07, hspace=0.07)
    axes = dict(zip(rows, grid[:, 0], strict=True))
    for axis in axes.values():
        clean(axis)
    return figure, axes


def headline(figure: Figure, text: str) -> None:
    """The title. A file's name in it may be no text."""
    readable = text.encode("utf-8", errors="replace").decode()
    figure.suptitle(
        readable, x=0.07, ha="left", y=1 - 0.28 / figure.get_figheight(), color=INK, fontsize=13,
        parse_math=False,
    )  # fmt: skip


def clean(axis: Axes) -> None:
    axis.set_facecolor(PAPER)
    axis.tick_params(colors=INK, labelsize=8, length=0)
    for side in axis.spines.values():
        side.set_visible(False)


def time_axis(axis: Axes, start_s: float, end_s: float, *, labelled: bool) -> None:
    """Let an axis run along the clip."""
    axis.set_xlim(start_s, end_s)
    axis.tick_params(axis="x", length=3 * labelled, labelbottom=labelled)
    axis.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: clock(seconds)))


def octave_axis(axis: Axes, lowest: float, highest: float) -> None:
    """Label an axis of pitches at every C, from ``lowest`` to ``highest``."""
    octaves = range(12, 121, 12)
    axis.set_yticks(list(octaves), [f"C{o // 12 - 1}" for o in octaves])
    axis.set_ylim(lowest, highest)
    axis.grid(axis="y", color=FAINT, lw=0.4, alpha=0.5)


def png(figure: Figure) -> bytes:
    """The figure as a PNG file's bytes."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": "Photoplayer"})
    return stream.getvalue()
