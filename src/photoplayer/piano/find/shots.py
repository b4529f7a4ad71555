"""A clip cut into shots: stretches of one still camera, each with its keyboard or none.

A few samples tell the views; which sample is of which view is asked of the keys themselves, since overlays
and hands change more of the picture than a bumped camera does. Where two neighbouring samples differ, the
stretch between is decoded and the change found to the picture. A shot shorter than the samples' distance (one
to five seconds; more in clips beyond ten minutes) can be missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.piano.find.finder import find_keyboard
from photoplayer.piano.find.stills import Picture, enlarging
from photoplayer.piano.find.survey import Sample, kept_factor, runs, small, surveyed
from photoplayer.piano.find.view import FITS, View, view_of
from photoplayer.piano.keyboard import Keyboard, Shot
from photoplayer.video import probe
from photoplayer.video.glimpse import stretch

_TRIES = 10
"""Groups of like pictures that are searched for a keyboard."""
_FAILURES = 4
"""Groups in vain after which the rest is not searched: a film, most likely, or a game."""
_HIDDEN = 0.3
"""Share of marks that will do for a view where all else looks alike."""
_SURVEYED, _FOUND = 0.5, 0.9
"""Progress: shares of the work."""

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Sorted:
    """Samples, the views found, and each sample's view (index; -1: no keyboard)."""

    samples: Sequence[Sample]
    views: Sequence[View]
    labels: Sequence[int]


def find_shots(
    path: Path,
    *,
    lowest_pitch: int | None = None,
    start_s: float = 0.0,
    end_s: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[Shot, ...]:
    """The shots of a video from ``start_s`` to ``end_s``, in order and without gaps.

    A keyboard is found once for each camera position and shared by all shots of it; boundaries are exact to a
    picture. ``lowest_pitch``: see :func:`find_keyboard`. ``progress`` is told the share done, 0..1. Memory
    does not grow with length.

    Raises :class:`photoplayer.errors.InputError` if the file is no readable video.
    """
    info = probe(path)
    end_s = info.duration_s if end_s is None else min(end_s, info.duration_s)
    tell = progress or (lambda share: None)
    size = (info.width, info.height)
    samples = surveyed(path, size, start_s, end_s)
    tell(_SURVEYED)
    if not samples:
        return (Shot(start_s, end_s, None),)
    found = _sorted(samples, lowest_pitch)
    tell(_FOUND)
    cuts = _cuts(path, found, kept_factor(size))
    tell(1.0)
    keyboards = [_enlarged(view.keyboard, kept_factor(size), size) for view in found.views]
    edges = [start_s, *(time_s for time_s, _ in cuts), end_s]
    labels = [found.labels[0], *(label for _, label in cuts)]
    return tuple(
        Shot(begin, end, None if label < 0 else keyboards[label])
        for begin, end, label in zip(edges[:-1], edges[1:], labels, strict=True)
        if end > begin
    )


def _sorted(samples: Sequence[Sample], lowest_pitch: int | None) -> _Sorted:
    """Views found one after another, in the largest group of samples that none of them explains."""
    shares = np.zeros((0, len(samples)))
    views: list[View] = []
    hopeless: set[int] = set()
    failures = 0
    for _ in range(_TRIES):
        open_ = [i for i in range(len(samples)) if i not in hopeless and not (shares[:, i] >= FITS).any()]
        if not open_:
            break
        group = [open_[i] for i in runs([samples[i] for i in open_])[0]]
        view = _view([samples[i].picture for i in group], lowest_pitch)
        told = _shares(view, samples)
        fitting = [i for i in open_ if told[i] >= FITS]
        if view is None or not fitting:
            hopeless.update(group)
            failures += 1
            if failures >= _FAILURES:
                break
            continue
        if len(fitting) > len(group):  # more pictures, fewer hands
            better = _view([samples[i].picture for i in fitting], lowest_pitch)
            if better is not None:
                view, told = better, _shares(better, samples)
        views.append(view)
        shares = np.vstack([shares, told])
    labels = [-1] * len(samples)
    if views:
        labels = np.where(shares.max(axis=0) >= FITS, shares.argmax(axis=0), -1).tolist()
    return _Sorted(samples, views, _smoothed(samples, labels, shares))


def _shares(view: View | None, samples: Sequence[Sample]) -> Shares:
    """How much of the view's keyboard each sample shows."""
    return np.array([0.0 if view is None else view.share(sample.picture) for sample in samples])


def _view(pictures: Sequence[Picture], lowest_pitch: int | None) -> View | None:
    keyboard = find_keyboard(pictures, lowest_pitch=lowest_pitch).keyboard
    return None if keyboard is None else view_of(keyboard, pictures)


def _smoothed(samples: Sequence[Sample], labels: list[int], shares: Shares) -> list[int]:
    """A sample that looks like its neighbours of one view, and shows some of its keys, is of it too: an arm
    lay over the others."""
    smooth = list(labels)
    for i, label in enumerate(labels):
        near = [j for j in (i - 1, i + 1) if 0 <= j < len(labels)]
        views = {smooth[j] for j in near}
        if label >= 0 or len(views) != 1 or (view := views.pop()) < 0:
            continue
        if shares[view, i] >= _HIDDEN and any(samples[i].alike(samples[j]) for j in near):
            smooth[i] = view
    return smooth


def _cuts(path: Path, found: _Sorted, factor: int) -> list[tuple[float, int]]:
    """When a new shot begins, and its view."""
    cuts = []
    pairs = zip(found.samples[:-1], found.samples[1:], found.labels[:-1], found.labels[1:], strict=True)
    for before, after, old, new in pairs:
        if old != new:
            cuts.append((_cut(path, found, factor, (before, old), (after, new)), new))
    return cuts


def _cut(
    path: Path, found: _Sorted, factor: int, before: tuple[Sample, int], after: tuple[Sample, int]
) -> float:
    """The first picture's time that fits the later sample better than the earlier: the moment at which
    pictures before speak most for the one and pictures after for the other."""
    times, leanings = [], []
    for picture in stretch(path, before[0].time_s, after[0].time_s):
        kept = small(picture.grey, factor)
        old, new = (found.views[label].share(kept) if label >= 0 else FITS for _, label in (before, after))
        times.append(picture.time_s)
        leanings.append(old - new)
    times.append(after[0].time_s)
    if not leanings:
        return times[-1]
    return times[int(np.argmax(np.concatenate([[0.0], np.cumsum(leanings)])))]


def _enlarged(keyboard: Keyboard, factor: int, size: tuple[int, int]) -> Keyboard:
    """A keyboard of kept samples, in the video's own pixels."""
    homography = enlarging(factor) @ keyboard.homography
    return replace(keyboard, homography=homography / homography[2, 2], size=size)
