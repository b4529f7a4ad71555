"""Keys, fingers and arms without a picture: labels are what the keys do, and hands do what hands can."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.piano.layout import BLACK, LOWEST_PITCH, key_middle
from photoplayer.train.data.piano_renderer import KeyPress, Look, Presence, perform
from photoplayer.train.data.piano_renderer.action import (
    SHORTEST_GAP_S,
    SHORTEST_S,
    attack_s,
    key_depths,
    playable,
    press_depth,
    start_s,
)
from photoplayer.train.data.piano_renderer.fingering import finger
from photoplayer.train.data.piano_renderer.keys import WHITE_MM, lay_keys
from photoplayer.train.data.piano_renderer.look import SensorLook

LOOK = Look(sensor=SensorLook(fps=100))
PRESSES = st.builds(
    lambda at, held, pitch, velocity: KeyPress(at, at + held, pitch, velocity),
    st.floats(0.1, 5),
    st.floats(0.01, 2),
    st.integers(21, 108),
    st.integers(1, 127),
)


@given(held=st.floats(0.2, 2.0), velocity=st.integers(1, 127))
def test_a_label_is_the_moment_of_half_travel(held: float, velocity: int) -> None:
    press = KeyPress(1.0, 1.0 + held, 60, velocity)
    times = np.linspace(0.8, 1.4 + held, 20_001)
    down = press_depth(press, times) > 0.5
    assert times[down.argmax()] == pytest.approx(press.onset_s, abs=1e-3)
    assert times[len(down) - 1 - down[::-1].argmax()] == pytest.approx(press.offset_s, abs=1e-3)


def test_hard_notes_go_down_faster() -> None:
    assert 0.015 <= attack_s(127) < attack_s(64) < attack_s(10) <= 0.066


def test_a_bounce_is_small() -> None:
    times = np.linspace(0.9, 1.3, 2000)
    press = KeyPress(1.0, 2.0, 60, 127)
    depth = press_depth(press, times)
    landed = times > start_s(press) + attack_s(127)
    assert depth.max() == pytest.approx(1.0)
    assert 0.94 < depth[landed].min() < 0.995


@given(st.lists(PRESSES, max_size=30))
def test_a_key_comes_up_between_two_notes(presses: list[KeyPress]) -> None:
    by_key: dict[int, list[KeyPress]] = defaultdict(list)
    for press in playable(presses):
        by_key[press.pitch].append(press)
    for notes in by_key.values():
        assert all(n.offset_s - n.onset_s >= SHORTEST_S - 1e-9 for n in notes)
        assert all(b.onset_s - a.offset_s >= SHORTEST_GAP_S - 1e-9 for a, b in pairwise(notes))


def test_fast_repeats_part_in_the_motion() -> None:
    presses = [KeyPress(1 + 0.08 * i, 1.045 + 0.08 * i, 60, 80) for i in range(5)]
    down = key_depths(presses, np.arange(0.9, 1.6, 0.001))[:, 60 - LOWEST_PITCH] > 0.5
    assert np.sum(np.diff(down.astype(int)) == 1) == 5


@given(st.lists(PRESSES, max_size=25))
def test_a_finger_holds_one_key_and_labels_survive_fingering(presses: list[KeyPress]) -> None:
    played = finger(presses)
    given_onsets = {(p.onset_s, p.pitch) for p in presses}
    for note in played:
        assert (note.press.onset_s, note.press.pitch) in given_onsets
        others = [
            n
            for n in played
            if n is not note
            and (n.hand, n.finger) == (note.hand, note.finger)
            and n.press.pitch != note.press.pitch
        ]
        for other in others:
            if other.press.onset_s > note.press.onset_s:
                late = max(note.press.onset_s + SHORTEST_S, other.press.onset_s)
                assert note.press.offset_s <= late + 1e-6


def test_fingers_of_a_chord_are_in_order_and_in_reach() -> None:
    chord = [KeyPress(1, 2, p, 60) for p in (36, 43, 48, 64, 67, 72)]
    played = finger(chord)
    assert len(played) == 6
    for hand, order in ((0, -1), (1, 1)):
        own = sorted((n for n in played if n.hand == hand), key=lambda n: n.press.pitch)
        fingers = [n.finger for n in own]
        assert fingers == sorted(fingers)[::order]
        assert key_middle(own[-1].press.pitch) - key_middle(own[0].press.pitch) < 9


def test_a_hand_cannot_fly() -> None:
    leap = [KeyPress(1.0, 1.2, 40, 60), KeyPress(1.06, 1.3, 100, 60)]
    assert [n.press.pitch for n in finger(leap, hands=(1,))] == [40]
    assert len(finger(leap)) == 2


def test_what_a_hand_must_leave_is_let_go() -> None:
    held = [KeyPress(1.0, 4.0, 48, 60), KeyPress(2.0, 2.5, 72, 60)]
    first = finger(held, hands=(1,))[0]
    assert first.press.offset_s < 2.0


@pytest.mark.parametrize("pitches", [range(60, 73), (60, 61, 63, 66, 70), (28, 30, 33), (100, 103, 106)])
def test_fingertips_are_on_the_keys_they_press(pitches: range) -> None:
    presses = [KeyPress(0.5 + 0.3 * i, 0.75 + 0.3 * i, p, 70) for i, p in enumerate(pitches)]
    made = perform(presses, duration_s=5, look=LOOK, seed=1)
    keys = lay_keys(LOOK.piano)
    poses = dict(made.poses)
    assert len(made.played) == len(presses)
    for note in made.played:
        frame = round((note.press.onset_s + 0.08) * 100)
        x, y, z = poses[note.hand].fingers[frame, note.finger, 3]
        key = note.press.pitch - LOWEST_PITCH
        left, right = keys.edges[key, :2]
        assert left - 2 < x < right + 2
        assert 20 < y < LOOK.piano.length_mm
        top = LOOK.piano.black_height_mm if BLACK[key] else 0.0
        assert z == pytest.approx(top - 7.5 + 5.5, abs=5)  # down by most of the travel, plus the pad


def test_idle_fingers_press_nothing() -> None:
    made = perform([], duration_s=1, look=LOOK, presence=Presence(homes={0: 15, 1: 35}), seed=2)
    assert not made.played
    assert not made.depths.any()
    for hand, pose in made.poses:
        assert pose.fingers[:, :, 3, 2].min() > 2
        assert abs(pose.fingers[:, 2, 3, 0].mean() / WHITE_MM - (35 if hand else 15)) < 1.5


def test_hands_move_smoothly() -> None:
    presses = [KeyPress(0.5 + 0.2 * i, 0.68 + 0.2 * i, 40 + 3 * i, 70) for i in range(16)]
    made = perform(presses, duration_s=5, look=LOOK, seed=3)
    for _, pose in made.poses:
        speed_mm_s = np.abs(np.diff(pose.wrist, axis=0)).max() * 100
        assert speed_mm_s < 3000


def test_what_begins_after_the_end_is_no_label() -> None:
    presses = [KeyPress(0.5, 1.0, 60, 70), KeyPress(1.2, 1.5, 62, 70)]
    assert [f.press.pitch for f in perform(presses, duration_s=1, look=LOOK).played] == [60]


def test_one_hand_and_none() -> None:
    presses = [KeyPress(0.5, 1.0, 60, 70)]
    assert [h for h, _ in perform(presses, duration_s=1, look=LOOK, presence=Presence(hands=(0,))).poses] == [
        0
    ]
    nobody = perform(presses, duration_s=1, look=LOOK, presence=Presence(hands=()))
    assert not nobody.played and not nobody.poses
