"""The renderer's pictures: keys where the homography says, motion where the labels say, nothing elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from photoplayer.errors import SetupError
from photoplayer.music.midi_read import read_midi
from photoplayer.piano.keyboard import Keyboard, apply_homography
from photoplayer.piano.layout import BLACK, BLACK_LENGTH, LOWEST_PITCH, key_edges, key_middle
from photoplayer.train.data.piano_renderer import (
    CameraLook,
    KeyPress,
    Look,
    Presence,
    frames_of,
    perform,
    render_clip,
)
from photoplayer.train.data.piano_renderer.camera import place_camera
from photoplayer.train.data.piano_renderer.engine import Stage
from photoplayer.train.data.piano_renderer.lighting import openness
from photoplayer.train.data.piano_renderer.look import OverlayLook, PianoLook, SensorLook
from photoplayer.train.data.piano_renderer.opengl import context
from photoplayer.train.data.piano_renderer.scene_pass import NOTHING
from photoplayer.train.data.piano_renderer.sheet import sheet

SIZE = (320, 180)
LOOK = Look(piano=PianoLook(ageing=0.0), sensor=SensorLook(fps=10, noise=0.0, blur_px=0.0, vignette=0.0))
ABOVE = CameraLook(size=SIZE, height_deg=88, span=(14, 36), middle=(0.5, 0.4))
CAMERAS = {
    "above": ABOVE,
    "tilted": replace(ABOVE, height_deg=55),
    "piano side": replace(ABOVE, height_deg=75, turn_deg=176),
    "corner": replace(ABOVE, height_deg=65, turn_deg=30),
    "mirrored": replace(ABOVE, mirrored=True),
    "barrel": replace(ABOVE, bulge=0.03),
}


@pytest.fixture(scope="module", autouse=True)
def _opengl() -> None:
    try:
        context()
    except SetupError as problem:
        pytest.skip(f"no picture can be drawn here: {problem}")


def still(camera: CameraLook, down: dict[int, float] | None = None, look: Look = LOOK) -> np.ndarray:
    """``(height, width) float`` brightness of the keyboard without hands."""
    depths = np.zeros(len(BLACK))
    for pitch, depth in (down or {}).items():
        depths[pitch - LOWEST_PITCH] = depth
    stage = Stage(look, place_camera(camera, length_mm=look.piano.length_mm))
    stage.draw([replace(NOTHING, down=depths)], frame=0)
    return stage.read().astype(float).mean(axis=2)


def keyboard(camera: CameraLook, look: Look = LOOK) -> Keyboard:
    length = look.piano.length_mm
    return Keyboard(homography=place_camera(camera, length_mm=length).homography(length), size=camera.size)


@pytest.mark.parametrize("name", CAMERAS)
def test_the_homography_lands_on_the_drawn_keys(name: str) -> None:
    camera = CAMERAS[name]
    look = replace(LOOK, piano=replace(LOOK.piano, style="digital", felt_rgb=None, black_gloss=0.0))
    picture, seen = still(camera, look=look), keyboard(camera, look)
    checked = 0
    for pitch in np.flatnonzero(seen.visible & BLACK) + LOWEST_PITCH:
        middle, (left, right) = key_middle(int(pitch)), key_edges(int(pitch))
        y = BLACK_LENGTH + 0.04  # white keys begin before the black key's foot
        on = np.array([(middle, BLACK_LENGTH - 0.06), (left - 0.2, y + 0.1), (right + 0.2, y + 0.1)])
        pixels = np.round(seen.to_picture(on)).astype(int)
        if (pixels < 1).any() or (pixels >= np.array(SIZE) - 1).any():
            continue
        dark, *bright = (picture[v, u] for u, v in pixels)
        assert dark < 0.5 * min(bright), f"{name}: key {pitch}"
        checked += 1
    assert checked >= 8
    assert seen.mirrored == camera.mirrored
    assert seen.view == ("piano" if name == "piano side" else "player")


def test_key_edges_are_right_to_a_seventh_of_a_key() -> None:
    wide = replace(ABOVE, size=(640, 180), span=(20, 32))
    picture, seen = still(wide), keyboard(wide)
    for pitch in (61, 63, 66, 68, 70):
        xs = np.linspace(key_edges(pitch)[0] - 0.4, key_edges(pitch)[1] + 0.4, 200)
        pixels = np.round(seen.to_picture(np.stack([xs, np.full(200, 0.6)], axis=1))).astype(int)
        inside = xs[picture[pixels[:, 1], pixels[:, 0]] < 90]
        assert (inside.min() + inside.max()) / 2 == pytest.approx(key_middle(pitch), abs=0.1)
        assert np.ptp(inside) == pytest.approx(np.diff(key_edges(pitch))[0], abs=0.28)


@pytest.mark.parametrize("bulge", [-0.015, 0.015])
def test_the_best_fit_is_within_a_seventh_of_a_key_of_a_bent_picture(bulge: float) -> None:
    camera = replace(ABOVE, size=(640, 360), span=(-1, 53), bulge=bulge)
    bent = place_camera(camera, length_mm=LOOK.piano.length_mm)
    straight = place_camera(replace(camera, bulge=0.0), length_mm=LOOK.piano.length_mm)
    points = np.array([(x, y) for x in np.linspace(0, 52, 27) for y in (0.0, 1.0)])
    truth = bent.bent(apply_homography(straight.homography(LOOK.piano.length_mm), points) + 0.5) - 0.5
    fitted = apply_homography(bent.homography(LOOK.piano.length_mm), points)
    assert np.linalg.norm(truth - fitted, axis=1).max() < 640 / 54 / 7


@pytest.mark.parametrize("pitch", [60, 61, 65, 70])
def test_a_pressed_key_shows_there_and_nowhere_far(pitch: int) -> None:
    change = np.abs(still(ABOVE, {pitch: 1.0}) - still(ABOVE))
    x, y = keyboard(ABOVE).to_picture(
        np.array([(key_middle(pitch), 0.55 if BLACK[pitch - LOWEST_PITCH] else 0.8)])
    )[0]
    width = SIZE[0] / 22
    across = np.abs(np.arange(SIZE[0]) - x)
    assert change[:, across < 0.8 * width].max() > 25
    assert (change[:, across < 0.8 * width] > 8).sum() > 12
    assert change[:, across > 3 * width].max() <= 2
    assert 0 < y < SIZE[1]


def test_deeper_is_darker_beside_the_neighbours() -> None:
    views = [still(ABOVE, {64: depth}) for depth in (0.0, 0.5, 1.0)]
    u, v = np.round(keyboard(ABOVE).to_picture(np.array([(key_middle(64), 0.85)]))[0]).astype(int)
    levels = [view[v - 2 : v + 3, u - 6 : u + 7].mean() for view in views]
    assert levels[0] > levels[1] + 1 > levels[2] + 2


def played_frames(
    look: Look = LOOK, camera: CameraLook = ABOVE, seconds: float = 0.6, seed: int = 5
) -> list[np.ndarray]:
    presses = [KeyPress(0.1, 0.45, 60, 80), KeyPress(0.1, 0.3, 64, 70), KeyPress(0.3, 0.5, 51, 60)]
    return list(frames_of(perform(presses, duration_s=seconds, look=look, seed=seed), camera, seed=seed))


def test_the_same_seed_draws_the_same_bytes() -> None:
    look = replace(LOOK, sensor=replace(LOOK.sensor, noise=0.03, steps=2))
    first, second = played_frames(look), played_frames(look)
    assert len(first) == 6
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[0], first[3])


def test_drawing_only_what_changed_changes_nothing() -> None:
    presses = [KeyPress(0.1, 0.45, 60, 80), KeyPress(0.2, 0.4, 76, 70)]
    made = perform(presses, duration_s=0.6, look=LOOK, seed=1)
    camera = place_camera(ABOVE, length_mm=LOOK.piano.length_mm)
    running, fresh = Stage(LOOK, camera), Stage(LOOK, camera)
    for frame in range(5):
        running.draw([made.moment(frame)], frame=0)
    kept = running.read().astype(int)
    fresh.draw([made.moment(4)], frame=0)
    whole = fresh.read().astype(int)
    assert np.abs(kept - whole).max() <= 4  # of 255: faint shade beyond the margin
    assert (kept != whole).mean() < 0.02


def test_hands_cover_keys_and_cast_shadows() -> None:
    empty, frames = still(ABOVE), played_frames()
    change = np.abs(frames[3].astype(float).mean(axis=2) - empty)
    assert 0.03 < (change > 20).mean() < 0.6


def test_an_overlay_lies_above_the_keys() -> None:
    green = (0.0, 1.0, 0.0)
    overlay = OverlayLook(bars=True, line=1.0, sparks=4, dark_above=True, bar_rgb=green, bar_rgb_left=green)
    bars = replace(LOOK, overlay=overlay)
    with_bars, without = (
        played_frames(bars, seconds=0.2)[0].astype(int),
        played_frames(seconds=0.2)[0].astype(int),
    )
    top = round(float(keyboard(ABOVE).to_picture(np.array([(25.0, 0.0)]))[0, 1]))
    assert (with_bars[: top - 8].max(axis=2) < 5).mean() > 0.6
    assert with_bars[: top - 8, :, 1].max() > 200
    assert np.abs(with_bars[top + 30 :] - without[top + 30 :]).max() <= 1


def test_score_watermark_and_letterbox_are_drawn() -> None:
    marked = replace(LOOK, overlay=OverlayLook(score_share=0.2, watermark=True, letterbox=0.1))
    frame = played_frames(marked, seconds=0.1)[0]
    assert frame[:18].max() == 0 and frame[-18:].max() == 0
    assert frame[20:34].mean() > 150


def test_a_clip_on_disk_tells_the_truth(tmp_path: Path) -> None:
    presses = [KeyPress(0.2, 0.5, 60, 90), KeyPress(0.4, 0.7, 67, 40), KeyPress(0.3, 0.6, 48, 64)]
    out = tmp_path / "one.mp4"
    done = render_clip(presses, LOOK, ABOVE, out=out, duration_s=0.8, facts={"split": "test"})
    facts = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert (
        facts["plays"]
        and facts["split"] == "test"
        and facts["view"] == "player"
        and facts["size"] == list(SIZE)
    )
    assert np.allclose(facts["homography"], done.homography)
    with av.open(str(out)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == 8 and (frames[0].width, frames[0].height) == SIZE
    score = read_midi(out.with_suffix(".mid"))
    heard = sorted((n.onset / 2, n.offset / 2, n.pitch, n.velocity) for n in score.notes())
    assert np.allclose(heard, facts["notes"], atol=0.003)


def test_a_sheet_shows_every_picture() -> None:
    pictures = [np.full((90, 160, 3), 10 * i, np.uint8) for i in range(1, 4)] + [
        np.full((160, 90, 3), 200, np.uint8)
    ]
    made = sheet(pictures, columns=2, cell=(64, 36))
    assert made.shape == (72, 128, 3)
    assert [int(made[18, 32, 0]), int(made[18, 96, 0]), int(made[54, 96, 0])] == [10, 20, 200]


def test_a_clip_in_which_nobody_plays(tmp_path: Path) -> None:
    out = tmp_path / "rest.mp4"
    done = render_clip([], LOOK, ABOVE, out=out, duration_s=0.3, presence=Presence(homes={0: 18, 1: 30}))
    facts = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert not done.played and not facts["plays"] and facts["notes"] == []


def test_contact_darkens_what_is_near() -> None:
    near = openness(np.array([(100.0, 80.0, 8.0, 8.0)]), (0.0, 0.0, 200.0, 160.0), (50, 40)).astype(int)
    assert near[20, 25] < 180
    assert near[20, 25] < near[20, 29] < near[20, 40]
    assert near[0, 0] == 255
