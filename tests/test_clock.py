"""Times as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoplayer.clock import clock, parse_clock


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("1:30", 90), ("0:01:30.5", 90.5), (" 2:05 ", 125), (".5", 0.5), ("3.", 3), ("1e", None)],
)
def test_times_are_read(text: str, seconds: float | None) -> None:
    if seconds is None:
        with pytest.raises(ValueError, match="no time"):
            parse_clock(text)
    else:
        assert parse_clock(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (64.5, "1:04.5"), (59.96, "1:00"), (3600, "60:00")]
)
def test_times_are_written(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@given(st.floats(0, 1e5))
def test_what_is_written_is_read_to_a_tenth(seconds: float) -> None:
    assert parse_clock(clock(seconds)) == pytest.approx(seconds, abs=0.051)


@pytest.mark.parametrize("text", ["", "-1", "nan", "1:2:3:4", "one", "1:-2", "inf", "1 30"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="no time"):
        parse_clock(text)
