"""The keyboard is found where the drawing has it, in the octave it has, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn import Camera, Look, Piano, draw, worst_error

from photoplayer.errors import InputError
from photoplayer.piano.find import CONFIDENT, annotated, find_keyboard, keyboard_from_corners
from photoplayer.piano.find.evidence import Evidence
from photoplayer.piano.find.marks import lines_end
from photoplayer.piano.find.unroll import unrolled
from photoplayer.piano.find.which import Seen, placed
from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH, PITCHES

_CLOSE = 0.15
"""White-key widths."""


@pytest.mark.parametrize(
    ("camera", "size"),
    [
        (Camera(), (640, 360)),
        (Camera(tilt_deg=30, distance=50), (1280, 720)),
        (Camera(turn_deg=8, tilt_deg=-15, distance=60, width_whites=60), (640, 360)),
        (Camera(roll_deg=180, turn_deg=5), (640, 360)),
        (Camera(roll_deg=90), (360, 640)),
        (Camera(width_whites=110, shift=(0.15, 0.1)), (1280, 720)),
    ],
    ids=["straight", "tilted", "turned", "piano's side", "quarter turn", "small in a corner"],
)
def test_whole_piano(camera: Camera, size: tuple[int, int]) -> None:
    drawn = draw(camera, size)
    found = find_keyboard([drawn.picture]).keyboard
    assert found is not None and found.confidence >= CONFIDENT
    assert (found.first_pitch, found.last_pitch, found.octave_known) == (LOWEST_PITCH, HIGHEST_PITCH, True)
    assert found.size == size and found.view == drawn.truth.view and not found.mirrored
    assert worst_error(found, drawn.truth) < _CLOSE


@pytest.mark.parametrize("bulge", [-0.015, 0.02, 0.04])
def test_a_bent_lens_is_found_with_its_bulge(bulge: float) -> None:
    drawn = draw(Camera(bulge=bulge, shift=(0.0, 0.08)), (1280, 720))
    found = find_keyboard([drawn.picture]).keyboard
    assert found is not None and found.bulge == pytest.approx(bulge, abs=0.003)
    assert worst_error(found, drawn.truth) < _CLOSE
    straight = replace(found, bulge=0.0)
    assert worst_error(straight, drawn.truth) > _CLOSE


def test_a_straight_lens_is_left_straight() -> None:
    found = find_keyboard([draw(Camera(tilt_deg=20), (1280, 720)).picture]).keyboard
    assert found is not None and abs(found.bulge) < 0.002


@pytest.mark.parametrize(
    "look",
    [
        Look(shade=0.12),
        Look(shade=0.25, body=0.05),
        Look(rim=True),
        Look(glow=True, body=0.03, around=0.03, white=0.5),
    ],
    ids=["shade", "deep shade", "dark line before a bright body", "line of light"],
)
@pytest.mark.parametrize("tilt_deg", [0, 20])
def test_the_far_edge_is_where_the_keys_end(look: Look, tilt_deg: float) -> None:
    drawn = draw(Camera(tilt_deg=tilt_deg), (1280, 720), look=look)
    found = find_keyboard([drawn.picture]).keyboard
    assert found is not None and worst_error(found, drawn.truth) < _CLOSE


@pytest.mark.parametrize("shift", [0.11, -0.12], ids=["near edge", "far edge"])
def test_an_edge_that_the_picture_cuts_off_follows_from_the_rest(shift: float) -> None:
    drawn = draw(Camera(at_x=24, width_whites=16, distance=60, shift=(0.0, shift)), (640, 360))
    down = drawn.truth.corners[:, 1]
    assert down.min() < -20 or down.max() > 370
    found = find_keyboard([drawn.picture]).keyboard
    assert found is not None and worst_error(found, drawn.truth, any_octave=True) < _CLOSE


@pytest.mark.parametrize("roll_deg", [0, 180], ids=["player's side", "piano's side"])
def test_a_bright_rail_before_the_keys_is_no_part_of_them(roll_deg: float) -> None:
    drawn = draw(Camera(roll_deg=roll_deg, tilt_deg=10), (1280, 720), look=Look(rail=True))
    found = find_keyboard([drawn.picture]).keyboard
    assert found is not None and worst_error(found, drawn.truth) < _CLOSE


def test_lines_end_where_they_do() -> None:
    drawn = draw(Camera(), (1280, 720), look=Look(rail=True))
    straight = drawn.truth.homography
    too_long = straight @ np.diag([1.0, 1.1, 1.0])
    ends = [lines_end(unrolled(drawn.picture, matrix, 0, 52), 22, 106) for matrix in (straight, too_long)]
    assert ends[0] == 1.0 and ends[1] == pytest.approx(1 / 1.1, abs=0.03)


def test_dim_with_glow_and_hands() -> None:
    look = Look(white=0.25, black=0.03, body=0.03, around=0.02, glow=True, hands=2)
    drawn = draw(Camera(), (1280, 720), look=look)
    found = find_keyboard([drawn.picture]).keyboard
    assert found is not None and worst_error(found, drawn.truth) < 2 * _CLOSE


@pytest.mark.parametrize(("first", "last"), [(28, 103), (36, 96), (41, 100), (36, 84)])
def test_smaller_instruments(first: int, last: int) -> None:
    middle = (PITCHES.index(first) + PITCHES.index(last)) / 2 * 7 / 12
    drawn = draw(Camera(at_x=middle, width_whites=(last - first) * 0.7), piano=Piano(first, last))
    found = find_keyboard([drawn.picture]).keyboard
    assert found is not None
    assert (found.first_pitch, found.last_pitch) == (first, last)
    assert worst_error(found, drawn.truth) < _CLOSE


def test_cut_off_keeps_pitch_classes_and_says_that_the_octave_is_a_guess() -> None:
    drawn = draw(Camera(at_x=30, width_whites=20, distance=40))
    result = find_keyboard([drawn.picture])
    assert result.keyboard is not None and not result.keyboard.octave_known
    assert "guess" in result.said
    assert worst_error(result.keyboard, drawn.truth, any_octave=True) < _CLOSE


def test_lowest_pitch_settles_the_octave() -> None:
    drawn = draw(Camera(at_x=16, width_whites=20, distance=40))
    lowest = 36  # the lowest key wholly in the picture: C2 lies at 16 - 10 = 6 white keys and more
    plain = find_keyboard([drawn.picture]).keyboard
    told = find_keyboard([drawn.picture], lowest_pitch=lowest).keyboard
    assert plain is not None and told is not None and told.octave_known
    assert worst_error(told, drawn.truth) < _CLOSE


def test_mirrored_is_known_by_the_ends() -> None:
    drawn = draw(Camera(mirrored=True))
    found = find_keyboard([drawn.picture]).keyboard
    assert found is not None and found.mirrored
    assert worst_error(found, drawn.truth) < _CLOSE


def _plain(**told: float) -> Evidence:
    shares = {"blacks": 1.0, "bare": 1.0, "whites": 1.0, "sides": 1.0, "edges": 1.0, "lines": 1.0}
    return Evidence(**{**shares, "count": 21, "outshone": 0.8, **told})  # type: ignore[arg-type]


def test_without_lines_between_keys_all_else_must_be_plain() -> None:
    assert _plain(lines=0.05).confidence == 1
    assert _plain(lines=0.05, whites=0.72, edges=0.52).confidence < CONFIDENT  # an instrument's white body


def test_an_image_in_lacquer_is_outshone_by_the_keyboard() -> None:
    assert _plain(lines=0.28, outshone=2.2).confidence < CONFIDENT
    assert _plain(outshone=2.2).confidence == 1  # a white table


def test_hands_are_cleared_by_the_median() -> None:
    pictures = [draw(Camera(), look=Look(hands=2, seed=seed)).picture for seed in range(5)]
    found = find_keyboard(pictures).keyboard
    assert found is not None and worst_error(found, draw(Camera()).truth) < _CLOSE


def _stripes(period: int) -> np.ndarray:
    picture = np.full((360, 640), 210, np.uint8)
    picture[120:260, (np.arange(640) % period) < period * 0.45] = 25
    return picture


def _stripes_between() -> np.ndarray:
    picture = np.full((360, 640), 200, np.uint8)
    picture[120:240] = np.where((np.arange(640) % 30) < 15, 20, 230)
    return picture


def _barcode() -> np.ndarray:
    dice = np.random.default_rng(3)
    picture = np.full((360, 640), 230, np.uint8)
    x = 60
    while x < 580:
        wide = int(dice.integers(3, 12))
        picture[100:280, x : x + wide] = 15
        x += wide + int(dice.integers(3, 14))
    return picture


def _books() -> np.ndarray:
    dice = np.random.default_rng(4)
    picture = np.full((360, 640), 60, np.uint8)
    x = 20
    while x < 600:
        wide, tall = int(dice.integers(8, 30)), int(dice.integers(120, 200))
        picture[300 - tall : 300, x : x + wide] = int(dice.integers(20, 240))
        x += wide + int(dice.integers(0, 4))
    return picture


def _books_on_a_shelf() -> np.ndarray:
    dice = np.random.default_rng(2)
    picture = np.full((360, 640), int(dice.integers(10, 220)), np.uint8)
    x = 20
    while x < 610:
        wide, tall = int(dice.integers(6, 26)), int(dice.integers(90, 150))
        picture[240 - tall : 240, x : x + wide - 1] = int(dice.choice([30, 60, 120, 200, 235]))
        x += wide
    picture[240:260] = 180
    return picture


def _facade() -> np.ndarray:
    picture = np.full((360, 640), 180, np.uint8)
    for top in range(30, 330, 60):
        for left in range(20, 620, 36):
            picture[top : top + 36, left : left + 16] = 40
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((360, 640), np.uint8),
        np.full((360, 640), 200, np.uint8),
        np.random.default_rng(1).integers(0, 256, (360, 640)).astype(np.uint8),
        _stripes(14),
        _stripes(40),
        _stripes(40).T.copy(),
        _stripes_between(),
        _barcode(),
        _books(),
        _books_on_a_shelf(),
        _facade(),
        np.zeros((3, 4), np.uint8),
    ],
    ids=[
        "black",
        "white",
        "noise",
        "blinds",
        "zebra",
        "zebra upright",
        "fence",
        "barcode",
        "books",
        "shelf",
        "facade",
        "tiny",
    ],
)
def test_what_is_no_keyboard(picture: np.ndarray) -> None:
    result = find_keyboard([picture])
    assert result.keyboard is None and result.said


def test_pictures_of_one_size() -> None:
    with pytest.raises(ValueError, match="one size"):
        find_keyboard([np.zeros((9, 9), np.uint8), np.zeros((8, 9), np.uint8)])
    with pytest.raises(ValueError, match="one size"):
        find_keyboard([])


def test_by_hand() -> None:
    drawn = draw(Camera(tilt_deg=20))
    keyboard = keyboard_from_corners(drawn.truth.corners, (640, 360))
    assert worst_error(keyboard, drawn.truth) < 1e-6


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (100, 0), (0, 50), (100, 50)],
        [(0, 0), (10, 0), (20, 0), (30, 0)],
        [(0, 0), (100, 0), (100, float("nan")), (0, 50)],
    ],
    ids=["crossed", "on a line", "not numbers"],
)
def test_by_hand_refuses(corners: list[tuple[float, float]]) -> None:
    with pytest.raises(InputError, match="corners"):
        keyboard_from_corners(np.array(corners, float), (640, 360))


@pytest.mark.parametrize(
    ("seen", "shift", "known"),
    [
        (Seen(22, 106, True, True), 0, True),
        (Seen(10, 94, False, False), 12, True),  # 36 black keys lie in one way only
        (Seen(49, 94, True, True), -12, True),  # 49 keys, C to C
        (Seen(61, 75, False, False), 0, False),
    ],
)
def test_placement(seen: Seen, shift: int, known: bool) -> None:
    placement = placed(seen)
    assert placement is not None
    assert (placement.shift, placement.octave_known) == (shift, known)


def test_annotated_draws_and_keeps_size() -> None:
    drawn = draw(Camera())
    plain, marked = (annotated(drawn.picture, keyboard, "x") for keyboard in (None, drawn.truth))
    assert marked.shape == (360, 640, 3) and marked.dtype == np.uint8
    assert (plain != marked).any()
