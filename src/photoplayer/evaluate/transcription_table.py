"""Transcription scores of several recordings: means with intervals, and a table to read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from photoplayer.evaluate.changes import bootstrap_interval
from photoplayer.evaluate.transcription import TranscriptionScores

Value = Callable[[TranscriptionScores], float]

COLUMNS: dict[str, Value] = {
    "onset50": lambda s: s.raw.onset_50.f1,
    "onset100": lambda s: s.raw.onset_100.f1,
    "on+off50": lambda s: s.raw.offset_50.f1,
    "on+off100": lambda s: s.raw.offset_100.f1,
    "on+off20%": lambda s: s.raw.offset_ratio.f1,
    "lag_ms": lambda s: 1000 * s.lag_s,
    "onset50*": lambda s: s.aligned.onset_50.f1,
    "onset100*": lambda s: s.aligned.onset_100.f1,
    "on+off50*": lambda s: s.aligned.offset_50.f1,
    "frame": lambda s: s.frames.exact["all"].f1,
    "black": lambda s: s.frames.exact["black"].f1,
    "white": lambda s: s.frames.exact["white"].f1,
    "frame~": lambda s: s.frames.tolerant["all"].f1,
    "black~": lambda s: s.frames.tolerant["black"].f1,
    "white~": lambda s: s.frames.tolerant["white"].f1,
    "repeats": lambda s: s.after_release.value,
    "trills": lambda s: s.after_press.value,
    "short": lambda s: s.short.value,
    "false/min": lambda s: s.false_per_minute,
    "vel_corr": lambda s: s.velocity.correlation if s.velocity else math.nan,
    "vel_err": lambda s: s.velocity.error if s.velocity else math.nan,
}
"""What is told of a recording, by column; nan where it has nothing of the kind."""

LEGEND = (
    "* lag taken out; ~ without one frame at each key change; repeats and trills: a key struck less than "
    "150 ms after it was let go, or struck; short: under 120 ms; shares are of those found within 100 ms."
)
_PLAIN = ("lag_ms", "false/min", "vel_err")


@dataclass(frozen=True, slots=True)
class Mean:
    """Of one column over recordings: the mean, and its 95 % bootstrap interval; ``count`` had a value."""

    mean: float
    low: float
    high: float
    count: int


def values(scores: TranscriptionScores) -> dict[str, float]:
    """One recording's row."""
    return {name: value(scores) for name, value in COLUMNS.items()}


def means(rows: Sequence[Mapping[str, float]]) -> dict[str, Mean]:
    """The mean of every column; recordings without a value are left out of it.

    Raises ``ValueError`` where there are no rows.
    """
    found = {}
    for name in COLUMNS:
        known = [row[name] for row in rows if not math.isnan(row[name])]
        if known:
            low, high = bootstrap_interval(known, _mean)
            found[name] = Mean(_mean(known), low, high, len(known))
        else:
            found[name] = Mean(math.nan, math.nan, math.nan, 0)
    return found


def table(rows: Mapping[str, Mapping[str, float]]) -> str:
    """Lines of text: recordings, then mean and interval, in per cent but for lag, rates and errors."""
    width = max([len(name) for name in rows] + [len("95 % from")])
    widths = {name: max(len(name), 6) for name in COLUMNS}
    lines = [" ".join([" " * width, *(name.rjust(widths[name]) for name in COLUMNS)])]

    def line(title: str, cells: Mapping[str, float]) -> str:
        return " ".join(
            [title.ljust(width), *(_cell(name, cells[name]).rjust(widths[name]) for name in COLUMNS)]
        )

    lines += [line(title, row) for title, row in rows.items()]
    if len(rows) > 1:
        overall = means(list(rows.values()))
        lines.append(line("mean", {name: mean.mean for name, mean in overall.items()}))
        lines.append(line("95 % from", {name: mean.low for name, mean in overall.items()}))
        lines.append(line("to", {name: mean.high for name, mean in overall.items()}))
    return "\n".join([*lines, LEGEND])


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _cell(name: str, value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.1f}" if name in _PLAIN else f"{100 * value:.1f}"
