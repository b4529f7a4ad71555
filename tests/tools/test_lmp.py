"""The demo parser, on demos written by hand."""

from __future__ import annotations

import pytest

from gameplay.errors import RecordError
from gameplay.lmp import read_demo


def header(*, view: int = 0, playing: tuple[int, ...] = (0,), version: int = 109) -> bytes:
    flags = bytes(int(player in playing) for player in range(4))
    return bytes([version, 3, 1, 10, 0, 0, 0, 0, view]) + flags


def test_single_player_tics_keep_order_and_sign() -> None:
    tics = bytes([50, 0, 0, 1, 0xCE, 40, 0xFF, 2, 0, 0, 5, 0])
    demo = read_demo(header() + tics + b"\x80")
    assert demo.forward.tolist() == [50, -50, 0]
    assert demo.side.tolist() == [0, 40, 0]
    assert demo.turn.tolist() == [0, -1, 5]
    assert demo.attack.tolist() == [True, False, False]
    assert demo.use.tolist() == [False, True, False]
    assert (demo.skill, demo.episode, demo.mission) == (4, 1, 10)
    assert demo.duration_s == pytest.approx(3 / 35)


def test_cooperative_demo_is_seen_by_its_point_of_view() -> None:
    tics = bytes([1, 0, 0, 1, 2, 0, 0, 0, 3, 0, 0, 1, 4, 0, 0, 0])
    demo = read_demo(header(view=2, playing=(0, 2)) + tics + b"\x80")
    assert (demo.player_count, demo.own_index) == (2, 1)
    assert demo.forward.tolist() == [2, 4]
    assert not demo.attack.any()


def test_a_side_step_of_minus_128_is_no_end_mark() -> None:
    demo = read_demo(header() + bytes([0, 0x80, 0, 0]) + b"\x80")
    assert demo.side.tolist() == [-128]


def test_special_buttons_are_no_attack() -> None:
    demo = read_demo(header() + bytes([0, 0, 0, 0x81]) + b"\x80")
    assert not demo.attack.any()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "too short"),
        (header(version=203) + b"\x80", "version 203"),
        (header() + bytes(8), "end mark"),
        (header(view=1) + b"\x80", "player 1"),
    ],
)
def test_bad_demos_are_named(data: bytes, says: str) -> None:
    with pytest.raises(RecordError, match=says):
        read_demo(data)
