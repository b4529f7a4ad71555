"""Rolls with notes are read back, and tuning finds its way."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from photoplayer.errors import InputError
from photoplayer.evaluate.notes import Notes
from photoplayer.piano.decoder_settings import DecoderSettings, settings_from_card
from photoplayer.piano.layout import KEY_COUNT
from photoplayer.piano.roll import HeardNote, Roll
from photoplayer.train.data.piano_rolls import KnownRoll, known_rolls, read_known_roll
from photoplayer.train.recipes.decoder import Config, objective, search, train


def hesitant_roll() -> tuple[Roll, np.ndarray]:
    """Eight notes a second apart, by a network that never goes beyond 0.3; others are quiet."""
    times_s = np.arange(200) / 20
    down, onset, offset = (np.full((200, KEY_COUNT), 0.02, np.float32) for _ in range(3))
    rows = np.array([(1.0 + i, 1.25 + i, 40.0 + i, np.nan) for i in range(8)])
    for press_s, release_s, pitch, _ in rows:
        key, first, last = int(pitch) - 21, round(press_s * 20), round(release_s * 20)
        down[first:last, key] = 0.3
        onset[first, key] = offset[last, key] = 0.3
    return Roll(times_s=times_s, down=down, onset=onset, offset=offset, seen=np.ones(KEY_COUNT, bool)), rows


def write(path: Path, roll: Roll, rows: np.ndarray, **more: object) -> Path:
    arrays = {f.name: getattr(roll, f.name) for f in fields(Roll) if getattr(roll, f.name) is not None}
    np.savez(path, notes=rows, **arrays, **more)  # type: ignore[arg-type]
    return path


def test_rolls_come_back_with_their_notes(tmp_path: Path) -> None:
    roll, rows = hesitant_roll()
    write(tmp_path / "a.npz", roll, rows, covered_s=np.array([0.0, 5.5]), view=np.array("front"))
    (known,) = known_rolls(tmp_path)
    assert (known.name, known.view, known.frame_s) == ("a", "front", pytest.approx(0.05))
    assert len(known.truth) == 5  # those after 5.5 s are not known
    heard = known.heard([HeardNote(1.0, 1.2, 60, 64), HeardNote(7.0, 7.2, 60, 64)])
    assert len(heard) == 1
    assert np.array_equal(known.roll.down, roll.down)


def test_a_broken_roll_is_told(tmp_path: Path) -> None:
    roll, rows = hesitant_roll()
    with pytest.raises(InputError, match="no rolls"):
        known_rolls(tmp_path)
    (tmp_path / "a.npz").write_bytes(b"PK nonsense")
    with pytest.raises(InputError, match=r"a\.npz"):
        known_rolls(tmp_path)
    write(tmp_path / "a.npz", replace(roll, times_s=roll.times_s[:-1]), rows)
    with pytest.raises(InputError, match=r"a\.npz has curves"):
        read_known_roll(tmp_path / "a.npz")


def test_tuning_learns_to_believe_a_hesitant_network(tmp_path: Path) -> None:
    roll, rows = hesitant_roll()
    known = KnownRoll(name="a", roll=roll, truth=Notes.from_rows(rows), covered_s=(0.0, 10.0))
    assert objective([known], DecoderSettings()) < 0.2
    write(tmp_path / "a.npz", roll, rows)
    train(Config(rolls=tmp_path, out=tmp_path / "decoder.json", rounds=2))
    tuned = settings_from_card(json.loads((tmp_path / "decoder.json").read_text()))
    assert objective([known], tuned) > 0.99


def test_the_search_goes_where_it_is_better_and_stays_within_limits() -> None:
    def worth(settings: DecoderSettings) -> float:
        return -abs(settings.press_bias - 2.0) + settings.fall_share

    found = search(worth, DecoderSettings(), rounds=6)
    assert found.press_bias == pytest.approx(2.0, abs=0.2)
    assert found.fall_share == 1.0
