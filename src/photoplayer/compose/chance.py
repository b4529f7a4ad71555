"""Randomness with a name: the same seed and path give the same stream on every machine.

``random.Random`` is used rather than NumPy's generators because its sequences are promised to stay
the same from release to release; the path (section, phrase, layer …) keeps a change in one layer from
disturbing the others.
"""

from __future__ import annotations

import hashlib
import random


def chance(seed: int, *path: str | int) -> random.Random:
    """A generator for one decision, e.g. ``chance(seed, "drums", section)``."""
    text = "/".join(map(str, (seed, *path)))
    return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
