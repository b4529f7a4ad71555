"""The shipped networks write again what they read, and corrections help on music they do not know."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.compose.trio.codec import decode, encode
from photoplayer.music.score import Note
from photoplayer.music.trio import Trio, encode_drums, encode_line, home_shift
from photoplayer.music.trio_match import Matched, match, mean_f1

BARS = 4


def walk(seed: int) -> Trio:
    """White keys in eighths over long basses and a beat: no music that was taught."""
    dice = np.random.default_rng(seed)
    tune = [
        Note(i / 2, i / 2 + 0.5, int(dice.choice((60, 62, 64, 65, 67, 69, 71, 72))), 80)
        for i in range(8 * BARS)
    ]
    bass = [Note(4.0 * bar, 4.0 * bar + 3, int(dice.choice((36, 41, 43))), 80) for bar in range(BARS)]
    kit = [Note(float(q), q + 0.1, 38 if q % 2 else 36, 90) for q in range(4 * BARS)]
    return Trio(
        encode_line(tune, start=0.0, bars=BARS),
        encode_line(bass, start=0.0, bars=BARS),
        encode_drums(kit, start=0.0, bars=BARS),
    )


@pytest.fixture(scope="module")
def trios() -> list[Trio]:
    return [trio.transposed(home_shift(trio)) for trio in map(walk, range(6))]


def f1(trios: list[Trio], rounds: int) -> float:
    each = [match(a, b) for a, b in zip(trios, decode(encode(trios, rounds=rounds)), strict=True)]
    return mean_f1([sum((lines[i] for lines in each), Matched()) for i in range(3)])


def test_what_is_read_is_written_again_and_corrections_help(trios: list[Trio]) -> None:
    plain, corrected = f1(trios, 0), f1(trios, 8)
    assert plain > 0.8 and corrected > 0.9 and corrected > plain


def test_a_batch_says_what_each_says_alone(trios: list[Trio]) -> None:
    together = encode(trios, rounds=0)
    assert together[2] == pytest.approx(encode(trios[2:3], rounds=0)[0], abs=1e-4)


def test_a_temperature_draws_and_its_seed_draws_again(trios: list[Trio]) -> None:
    codes = encode(trios[:2], rounds=0)
    a, b, c = (decode(codes, temperature=1.0, seed=seed)[0].melody for seed in (1, 1, 2))
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_trios_of_other_lengths_have_no_code(trios: list[Trio]) -> None:
    with pytest.raises(ValueError, match="bars"):
        encode([trios[0].cut(0, 2)])
    with pytest.raises(ValueError, match="bars"):
        encode([])
