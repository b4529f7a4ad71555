"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float, float], None]
"""Called with the stage (``watch``, ``render`` …), the seconds of media done, and the seconds in all."""


def stage(progress: Progress | None, name: str, total_s: float) -> Callable[[float], None]:
    """For one stage: told the seconds done."""
    if progress is None:
        return lambda _done_s: None
    return lambda done_s: progress(name, done_s, total_s)
