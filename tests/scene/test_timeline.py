"""A game's own timeline: read as it was written, and refused in a sentence where it is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photoplayer.errors import InputError
from photoplayer.scene.timeline import Event, Timeline

HUGE = "9" * 400


def read(folder: Path, text: str) -> Timeline:
    path = folder / "scene.json"
    path.write_text(text, encoding="utf-8")
    return Timeline.load(path)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    curve = np.linspace(0, 1, 9, dtype=np.float32).round(4)
    timeline = Timeline(3.0, curve, curve, -curve, (1.5,), (Event(1.0, "door", 0.5),))
    timeline.save(tmp_path / "t.json")
    assert Timeline.load(tmp_path / "t.json") == timeline


def test_energy_is_the_intensity_where_it_is_left_out(tmp_path: Path) -> None:
    text = '{"duration_s": 1, "intensity": [0.1, 0.5, 0.9]'
    assert read(tmp_path, text + "}").energy.tolist() == pytest.approx([0.1, 0.5, 0.9])
    asked = read(tmp_path, text + ', "energy": [0.9, 2, 0.2]}')
    assert asked.energy.tolist() == pytest.approx([0.9, 1.0, 0.2])
    assert asked.resized(1.4).energy.tolist() == pytest.approx([0.9, 1.0, 0.2, 0.2, 0.2])


def test_curves_left_out_are_neutral_and_strengths_lie_in_bounds(tmp_path: Path) -> None:
    events = '[{"time_s": 1, "kind": "x", "strength": 7}, {"time_s": 99, "kind": "late"}]'
    timeline = read(tmp_path, f'\ufeff{{"duration_s": 2, "changes_s": [-1, 1, 99], "events": {events}}}')
    assert not timeline.intensity.any() and len(timeline.intensity) == 6
    assert timeline.changes_s == (1.0,)
    assert timeline.events == (Event(1.0, "x", 1.0),)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[", "[" * 100_000, "null", "[]", "{}", '{"duration_s": "3"}', '{"duration_s": true}'),
        *('{"duration_s": NaN}', '{"duration_s": Infinity}', '{"duration_s": 0}', '{"duration_s": 1e6}'),
        *(f'{{"duration_s": {HUGE}}}', f'{{"duration_s": 1, "intensity": [{HUGE}, 0, 0]}}'),
        *('{"duration_s": 1, "intensity": "abc"}', '{"duration_s": 1, "intensity": ["0.1", 0, 0]}'),
        *('{"duration_s": 1, "intensity": [NaN, 0, 0]}', '{"duration_s": 1, "intensity": [0]}'),
        *('{"duration_s": 1, "intensity": [[1], [2, 3], 1]}', '{"duration_s": 1, "changes_s": "1"}'),
        *('{"duration_s": 1, "events": [1]}', '{"duration_s": 1, "events": {"a": 1}}'),
        '{"duration_s": 1, "events": [{"time_s": 0, "kind": "x", "strength": NaN}]}',
        '{"duration_s": 1, "events": [{"time_s": 0, "kind": "a\\u0000\\ud800"}]}',
        '{"duration_s": 1, "rate_hz": 30}',
    ],
)
def test_what_is_no_timeline_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"scene\.json") as told:
        read(tmp_path, text)
    assert "\n" not in str(told.value) and len(str(told.value)) < 400
