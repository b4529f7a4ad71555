"""Finding the keyboard in pictures of one camera: look for rows of bars, try each, keep the surest."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from photoplayer.piano.find.candidates import Sighting, sightings
from photoplayer.piano.find.ends import ends_agree, one_less, seen_keys
from photoplayer.piano.find.evidence import Evidence, brightness, evidence
from photoplayer.piano.find.found import CONFIDENT, Found, doubt, sentence
from photoplayer.piano.find.marks import lines_end
from photoplayer.piano.find.octave import with_lowest
from photoplayer.piano.find.pattern import MIDDLE_D, flipped
from photoplayer.piano.find.refine import COARSE, FINE, Fit, refined
from photoplayer.piano.find.stills import Picture, enlarging, shrunk, still_of
from photoplayer.piano.find.which import Placement, Seen, placed
from photoplayer.piano.keyboard import Keyboard, Matrix, apply_homography
from photoplayer.piano.layout import (
    PITCHES,
    PITCHES_PER_OCTAVE,
    WHITES_PER_OCTAVE,
    key_edges,
    key_middle,
)

NOTHING = "no row of black and white keys"

_SIDES_PX = (960, 1920)
"""Longer side of the picture that is searched; the larger where the smaller shows nothing."""
_WHITE_PX = 32
"""Width of a white key that is enough to measure on."""
_CONTRAST = 8
"""Levels of grey between the darkest and the lightest place below which a picture shows nothing."""
_GROWTHS = 8
_CHEEKS = 2
"""Dark edges of the instrument's body that may pass for black keys."""
_MIRROR = np.array([[-1.0, 0.0, 2 * key_middle(MIDDLE_D)], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


@dataclass(frozen=True, eq=False)
class _Reading:
    """A fit of one sighting: pixels are those of a picture shrunk by ``factor``, keys ``lowest`` to
    ``highest`` black ones of an arbitrary octave."""

    fit: Fit
    factor: int
    lowest: int
    highest: int
    shown: Evidence

    @property
    def merit(self) -> tuple[float, int]:
        return self.shown.confidence, self.shown.count

    @property
    def light(self) -> float:
        """Which of two sure readings is the keyboard: lacquer behind the keys mirrors them, darker."""
        return brightness(self.fit.strip) * self.shown.count

    @property
    def sidedness(self) -> float:
        """Which of two readings of a row has the player's side right: lines between keys are there alone."""
        return self.shown.confidence * (0.2 + self.shown.lines)


def find_keyboard(pictures: Sequence[Picture], *, lowest_pitch: int | None = None) -> Found:
    """The keyboard in grey pictures ``(h, w)`` uint8 of one unmoved camera, hands may be in the way.

    A few pictures, seconds apart, are best: what most of them show counts. Where both ends are cut off, or an
    unusual instrument's are seen, the octave is a guess unless ``lowest_pitch`` tells the pitch of the
    lowest key that is wholly in the picture. A mirrored picture is known by the ends of the instrument alone
    (a keyboard's pattern is its own mirror image): cut off at either end it is taken for unmirrored.

    Raises ``ValueError`` for pictures of different sizes or none.
    """
    still = still_of(pictures)
    if int(still.max()) - int(still.min()) < _CONTRAST:
        return Found(None, NOTHING)
    best: _Reading | None = None
    for readings in _searches(still):
        sure = [reading for reading in readings if reading.shown.confidence >= CONFIDENT]
        if sure:
            best = max(sure, key=lambda reading: reading.light)
            break
        best = max([*readings, *([best] if best else [])], key=lambda reading: reading.merit, default=None)
    if best is None or best.shown.confidence <= 0:
        return Found(None, NOTHING)
    return _told(still, _grown(still, best), lowest_pitch)


def _searches(still: Picture) -> Iterator[list[_Reading]]:
    """Readings of the places where a keyboard may lie, search by search, the likely searches first."""
    tried = 0
    for side in _SIDES_PX:
        factor = max(1, math.ceil(max(still.shape) / side))
        if factor == tried:
            return
        tried = factor
        small = shrunk(still, factor)
        for turned in (False, True):
            searched = np.ascontiguousarray(np.rot90(small)) if turned else small
            back = _unturning(small.shape[1]) if turned else np.eye(3)
            readings = (_read(still, sighting, enlarging(factor) @ back) for sighting in sightings(searched))
            yield [reading for reading in readings if reading is not None]


def _unturning(width: int) -> Matrix:
    """From pixels of a picture turned a quarter anticlockwise to its own, ``width`` wide."""
    return np.array([[0.0, -1.0, width - 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def _read(still: Picture, sighting: Sighting, to_full: Matrix) -> _Reading | None:
    """A sighting looked at from both sides; None if it cannot be a picture of a plane."""
    best: _Reading | None = None
    for near_below in (True, False):
        try:
            pose, lowest, highest = sighting.pose(near_below=near_below, mirrored=False)
            pose = to_full @ pose
            factor = _measuring_factor(pose, lowest, highest)
            small = shrunk(still, factor)
            pose = np.linalg.inv(enlarging(factor)) @ pose
            fit = refined(small, pose, lowest, highest, reaches=COARSE[:2])
            if evidence(fit, lowest, highest).whites < 0.2:  # the fallboard where white keys should be
                continue
            fit = refined(small, fit.homography, lowest, highest, bulge=fit.bulge, reaches=COARSE[2:])
        except (ValueError, np.linalg.LinAlgError):
            continue
        reading = _Reading(fit, factor, lowest, highest, evidence(fit, lowest, highest))
        if best is None or reading.sidedness > best.sidedness:
            best = reading
    return best


def _measuring_factor(pose: Matrix, lowest: int, highest: int) -> int:
    left, right = key_middle(lowest), key_middle(highest)
    ends = apply_homography(pose, np.array([(left, 0.5), (right, 0.5)]))
    width_px = float(np.hypot(*(ends[1] - ends[0]))) / (right - left)
    return max(1, int(width_px / _WHITE_PX))


def _grown(still: Picture, reading: _Reading) -> _Reading:
    """The reading taken on to the ends of the row of black keys."""
    small = shrunk(still, reading.factor)
    for _ in range(_GROWTHS):
        seen = seen_keys(reading.fit, reading.lowest, reading.highest)
        if seen is None or (seen.lowest, seen.highest) == (reading.lowest, reading.highest):
            break
        fit = refined(
            small,
            reading.fit.homography,
            seen.lowest,
            seen.highest,
            bulge=reading.fit.bulge,
            reaches=FINE,
        )
        shown = evidence(fit, seen.lowest, seen.highest)
        reading = replace(reading, fit=fit, lowest=seen.lowest, highest=seen.highest, shown=shown)
    return reading


def _told(still: Picture, reading: _Reading, lowest_pitch: int | None) -> Found:
    seen = seen_keys(reading.fit, reading.lowest, reading.highest)
    for _ in range(_CHEEKS):
        if seen is not None and placed(seen) is None and placed(_mirrored(seen)) is None:
            seen = one_less(reading.fit, seen)
    if seen is None:
        return Found(None, doubt(reading.shown, reading.shown.confidence))
    placement, mirror = placed(seen), np.eye(3)
    if placement is not None and not placement.ends_fit:
        less = one_less(reading.fit, seen)
        other = placed(less)
        if other is not None and other.ends_fit and ends_agree(_with_ends(still, reading, other, mirror).fit):
            placement, seen = other, less
    if placement is None or not placement.ends_fit:
        both = seen.ends_low and seen.ends_high
        other = placed(_mirrored(seen)) if both or placement is None else None
        if other is not None and other.octave_known and other.ends_fit:
            ended = _with_ends(still, reading, other, _MIRROR)
            if ends_agree(ended.fit):
                placement, seen, mirror = other, _mirrored(seen), _MIRROR
    if placement is None:
        return Found(None, doubt(reading.shown, reading.shown.confidence))
    reading = _without_rail(still, _with_ends(still, reading, placement, mirror), placement, mirror)
    homography = enlarging(reading.factor) @ reading.fit.homography @ mirror
    keyboard = _keyboard(still, homography, placement, reading)
    remark = ""
    if lowest_pitch is not None:
        keyboard, remark = with_lowest(keyboard, lowest_pitch)
    if keyboard.confidence < CONFIDENT:
        return Found(None, doubt(reading.shown, keyboard.confidence), keyboard)
    said = sentence(keyboard, seen, reading.shown, **_cut(keyboard)) + remark
    return Found(keyboard, said, keyboard)


def _mirrored(seen: Seen) -> Seen:
    return Seen(flipped(seen.highest), flipped(seen.lowest), seen.ends_high, seen.ends_low)


def _with_ends(still: Picture, reading: _Reading, placement: Placement, mirror: Matrix) -> _Reading:
    """Fitted once more, now that it is known where the instrument's keys end."""
    first, last = placement.first_pitch - placement.shift, placement.last_pitch - placement.shift
    edges = np.array([key_edges(first)[0], key_edges(last)[1]])
    left, right = np.sort(edges * mirror[0, 0] + mirror[0, 2])
    fit = refined(
        shrunk(still, reading.factor),
        reading.fit.homography,
        reading.lowest,
        reading.highest,
        bulge=reading.fit.bulge,
        ends=(float(left), float(right)),
        reaches=FINE,
    )
    return replace(reading, fit=fit, shown=evidence(fit, reading.lowest, reading.highest))


def _without_rail(still: Picture, reading: _Reading, placement: Placement, mirror: Matrix) -> _Reading:
    """Fitted again from where the lines between keys end, if that is before the player's edge."""
    end = lines_end(reading.fit.strip, reading.lowest, reading.highest)
    if end == 1.0:
        return reading
    shorter = replace(reading.fit, homography=reading.fit.homography @ np.diag([1.0, end, 1.0]))
    mended = _with_ends(still, replace(reading, fit=shorter), placement, mirror)
    ends_right = lines_end(mended.fit.strip, mended.lowest, mended.highest) == 1.0
    return mended if ends_right else reading


def _keyboard(still: Picture, homography: Matrix, placement: Placement, reading: _Reading) -> Keyboard:
    whites = placement.shift // PITCHES_PER_OCTAVE * WHITES_PER_OCTAVE
    homography = homography @ np.array([[1.0, 0.0, -whites], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    return Keyboard(
        homography=homography / homography[2, 2],
        size=(still.shape[1], still.shape[0]),
        first_pitch=placement.first_pitch,
        last_pitch=placement.last_pitch,
        confidence=reading.shown.confidence,
        octave_known=placement.octave_known,
        bulge=reading.fit.bulge,
    )


def _cut(keyboard: Keyboard) -> dict[str, bool]:
    """Which ends of the instrument the picture cuts off."""
    shown = keyboard.visible
    return {
        "cut_low": not shown[PITCHES.index(keyboard.first_pitch)],
        "cut_high": not shown[PITCHES.index(keyboard.last_pitch)],
    }
