"""The screen reader: digits drawn by the test must be read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from wads import patch_bytes, wad_bytes

from gameplay.status_bar import FONT_COLOURS, SCREEN_SHAPE, ScreenReader
from gameplay.wad import Wad

INK, SHADOW = 176, 0


def glyph(seed: int, shape: tuple[int, int]) -> np.ndarray:
    """A shape of its own for every seed: ink or hole."""
    dice = np.random.RandomState(seed)
    return np.where(dice.rand(*shape) < 0.5, INK, -1).astype(np.int16)


@pytest.fixture
def reader(tmp_path: Path) -> ScreenReader:
    palette = np.repeat(np.arange(256, dtype=np.uint8), 3).tobytes()
    digits = [(f"STTNUM{n}", patch_bytes(glyph(n, (16, 13)))) for n in range(10)]
    game = tmp_path / "game.wad"
    game.write_bytes(wad_bytes([("PLAYPAL", palette), *digits]))
    font = [(f"DIG{code:03d}", patch_bytes(glyph(code, (6, 4)))) for code in range(33, 91)]
    tables = [(name, bytes(range(256))) for name in FONT_COLOURS]
    engine = tmp_path / "engine.wad"
    engine.write_bytes(wad_bytes([*font, *tables]))
    return ScreenReader(Wad.read(game), Wad.read(engine))


def put(screen: np.ndarray, picture: np.ndarray, left: int, top: int) -> None:
    rows, columns = np.nonzero(picture >= 0)
    screen[top + rows, left + columns] = picture[rows, columns][:, None]


def background() -> np.ndarray:
    return np.random.RandomState(1).randint(0, 120, SCREEN_SHAPE).astype(np.uint8)


@pytest.mark.parametrize("health", [0, 7, 31, 100, 200])
def test_status_bar_numbers(reader: ScreenReader, health: int) -> None:
    screen = background()
    for place, digit in enumerate(reversed(str(health))):
        put(screen, glyph(int(digit), (16, 13)), 90 - 13 * (place + 1), 171)
    reading = reader.read(screen)
    assert reading.health == health
    assert reading.ammo is None
    assert reading.position is None


def write(screen: np.ndarray, text: str, top: int) -> None:
    for index, character in enumerate(text):
        if character != " ":
            put(screen, glyph(ord(character), (6, 4)), 2 + 5 * index, top)


def test_extended_display(reader: ScreenReader) -> None:
    screen = background()
    for top, text in (
        (8, "X: -142.43562"),
        (16, "Y: 392.34708"),
        (24, "Z: -8"),
        (32, "A: 254"),
        (152, "TIME 1:08.60"),
        (160, "K 12/48 I 3/64"),
    ):
        write(screen, text, top)
    reading = reader.read(screen)
    assert reading.position == (-142.43562, 392.34708, -8.0)
    assert reading.angle_deg == 254
    assert reading.level_time_s == pytest.approx(68.6)
    assert (reading.kills, reading.items) == ((12,), 3)


def test_kills_of_every_player(reader: ScreenReader) -> None:
    screen = background()
    write(screen, "K 6+8+4 18/319 I 2/111", 160)
    reading = reader.read(screen)
    assert (reading.kills, reading.items) == ((6, 8, 4), 2)


def test_nothing_is_read_off_a_plain_picture(reader: ScreenReader) -> None:
    reading = reader.read(background())
    assert set(vars(reading).values()) == {None}
