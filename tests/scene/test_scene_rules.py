"""The model-free deciders, on numbers planted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.scene.affect import energy_asked
from photoplayer.scene.changes import GAP_S, THRESHOLD, changes
from photoplayer.scene.curves import CALM, curves, smooth
from photoplayer.scene.events import GAP_S as EVENT_GAP_S
from photoplayer.scene.events import impacts
from photoplayer.scene.features import GIST_VALUES, SCALARS, Features
from photoplayer.scene.looks import ANALYSIS_RATE_HZ
from photoplayer.scene.watcher import HEADS, Watched, per_step

COUNT = 40 * ANALYSIS_RATE_HZ


def features(**columns: np.ndarray | float) -> Features:
    """40 s of an ordinary calm picture, with some columns replaced."""
    plain = {
        **dict.fromkeys(SCALARS, 0.02),
        "brightness": 0.3,
        "contrast": 0.1,
        "colourful": 0.4,
        "fight": -3.0,
        "cut": -6.0,
        **columns,
    }
    full = {name: np.broadcast_to(np.asarray(value, float), (COUNT,)) for name, value in plain.items()}
    scalars = np.stack([full[name] for name in SCALARS], axis=1)
    gists = np.zeros((COUNT, GIST_VALUES), np.float32)
    return Features(np.arange(COUNT) / ANALYSIS_RATE_HZ, scalars, full["fight"], full["cut"], gists)


def spikes(at_s: dict[float, float], rest: float) -> np.ndarray:
    values = np.full(COUNT, rest)
    for moment, height in at_s.items():
        values[round(moment * ANALYSIS_RATE_HZ)] = height
    return values


def test_of_two_near_peaks_the_higher_stays() -> None:
    height = THRESHOLD + 1
    cut = spikes({10: height, 10 + GAP_S / 2: height + 1, 20: height, 30: THRESHOLD - 0.5}, -6)
    found = changes(features(cut=cut), duration_s=40)
    assert found == pytest.approx((10 + GAP_S / 2, 20), abs=0.1)


def test_the_ends_of_a_clip_are_no_changes() -> None:
    assert changes(features(cut=spikes({0.3: 9, 39.7: 9}, -6)), duration_s=40) == ()


def test_intensity_follows_the_fight_and_stays_in_range() -> None:
    fight = np.where(np.arange(COUNT) < COUNT // 2, -4.0, 4.0)
    intensity, tension, valence, energy = curves(features(fight=fight), duration_s=40)
    assert intensity[:50].max() < 0.4 and intensity[70:].min() > 0.7
    assert tension[57] > tension[20], "tension rises before the fight"
    assert valence[:50].mean() > valence[70:].mean()
    assert energy[:50].max() < 0.45 and energy[70:].min() > 0.7
    assert np.array_equal(intensity, np.round(intensity, 3))


def test_dark_is_tense_and_bright_is_glad() -> None:
    bright = np.where(np.arange(COUNT) < COUNT // 2, 0.08, 0.6)
    _, tension, valence, _ = curves(features(brightness=bright), duration_s=40)
    assert tension[:50].mean() > tension[70:].mean() + 0.2
    assert valence[:50].mean() < -0.2 < 0.2 < valence[70:].mean()


def test_motion_alone_lifts_intensity() -> None:
    moving = np.where(np.arange(COUNT) < COUNT // 2, 0.01, 0.2)
    intensity = curves(features(change=moving), duration_s=40).intensity
    assert intensity[70:].mean() > intensity[:50].mean() + 0.05


def test_impacts_are_sparse_and_not_changes() -> None:
    flash = spikes({5: 0.6, 6: 0.5, 15: 0.9, 25: 0.7, 30: 0.1}, 0.0)
    found = impacts(features(flash=flash), (25.2,))
    assert [event.time_s for event in found] == pytest.approx([5, 15])
    assert found[1].time_s - found[0].time_s >= EVENT_GAP_S
    assert found[1].strength == pytest.approx(0.9)


def test_steps_without_pictures_repeat_the_one_before() -> None:
    rows = per_step(np.array([0.4, 1.4]), np.array([[1.0], [3.0]]), steps=6)
    assert rows[:, 0].tolist() == [1, 1, 1, 1, 3, 3]


def test_smoothing_keeps_a_level() -> None:
    assert smooth(np.full(9, 0.4), 1.5) == pytest.approx(np.full(9, 0.4))


def said(**columns: np.ndarray | float) -> Watched:
    """40 s of the Watcher's answers, all 0 but for some."""
    steps, parts = 120, []
    for name, width in HEADS.items():
        value = np.broadcast_to(np.asarray(columns.get(name, 0.0), float), (steps,))
        parts.append(np.repeat(value[:, None], width, axis=1))
    return Watched(np.concatenate(parts, axis=1))


def test_the_watchers_share_of_the_curves_is_as_asked() -> None:
    rising = np.linspace(0.15, 0.95, 120)
    surely = np.log((rising - 0.149) / (0.951 - rising))
    alone = curves(features(), duration_s=40)[0]
    its = curves(features(), said(intensity=rising, fight=surely), duration_s=40, watcher_share=1.0)[0]
    half = curves(features(), said(intensity=rising, fight=surely), duration_s=40, watcher_share=0.5)[0]
    assert its[6:-6] == pytest.approx(rising[6:-6], abs=0.01)
    assert half == pytest.approx((alone + its) / 2, abs=0.01)
    assert curves(features(), said(intensity=1.0), duration_s=40, watcher_share=0.0)[0] == pytest.approx(
        alone
    )


def test_energy_is_the_watchers_and_without_it_the_rule_tables() -> None:
    busy = said()
    busy.table[:, 5:8] = (-9.0, -9.0, 9.0)
    assert curves(features(), busy, duration_s=40).energy == pytest.approx(1.0, abs=0.01)
    alone = curves(features(), duration_s=40)
    assert alone.energy == pytest.approx(energy_asked(alone.intensity, alone.tension), abs=0.02)
    assert np.array_equal(curves(features(), busy, duration_s=40, watcher_share=0.0).energy, alone.energy)


def test_a_menu_a_loading_screen_and_black_are_calm_whatever_the_networks_say() -> None:
    change = np.full(COUNT, 0.05)
    change[20 * ANALYSIS_RATE_HZ : 30 * ANALYSIS_RATE_HZ] = 0.0
    black = np.ones(COUNT)
    black[: 8 * ANALYSIS_RATE_HZ] = 0.0
    fighting = features(
        fight=4.0,
        change=change,
        uneven=change,
        brightness=0.3 * black,
        contrast=0.1 * black,
        texture=0.02 * black,
    )
    intensity = curves(fighting, said(intensity=1.0), duration_s=40)[0]
    assert intensity[3:21].max() < 0.1, "black"
    assert intensity[66:84].max() <= CALM + 0.01, "a still picture"
    assert intensity[36:54].min() > 0.6 and intensity[100:].min() > 0.6, "the fight around them"


def test_small_figures_before_black_space_are_neither_still_nor_black() -> None:
    """Asteroids of thin lines: the picture is nearly black, and its mean hardly changes."""
    space = features(fight=4.0, change=0.002, uneven=0.006, brightness=0.01, contrast=0.015, texture=0.005)
    assert curves(space, said(intensity=1.0), duration_s=40)[0].min() > 0.6


def test_the_watcher_ending_early_holds_its_last_answer() -> None:
    short = Watched(said(intensity=0.55).table[:60])  # its fight is one half, as certain as not
    assert curves(features(), short, duration_s=40, watcher_share=1.0)[0][70:] == pytest.approx(
        0.55, abs=0.01
    )
