"""Times as people write them."""

from __future__ import annotations

import re

_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)")


def clock(seconds: float) -> str:
    """``1:04.5``, without the tenths where there are none."""
    minutes, tenths = divmod(round(seconds * 10), 600)
    return f"{minutes}:{tenths / 10:04.1f}".replace(".0", "")


def parse_clock(text: str) -> float:
    """The seconds in ``90``, ``1:30`` or ``0:01:30.0``. Raises ``ValueError`` for what is no time."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no time")
    hours, minutes, seconds = found.groups(default="0")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
