"""What a section asks of a trio's attributes, in standard deviations of training music.

The working rules are those of the arranger (Eerola, Friberg & Bresin 2013; Gabrielsson & Lindström 2010):
more arousal is more and faster notes and more drums, valence lifts the tune, tension lowers it and unsettles
the rhythm. A mood speaks through its affect. What the picture itself says
(:mod:`.eyes`) is weighed in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import Section

_RULES = np.array(
    [
        # valence, arousal, tension
        (0.0, 1.6, 0.2),  # speed
        (0.0, 1.6, 0.0),  # density
        (-0.1, 0.3, 0.6),  # syncopation
        (0.6, 0.2, -0.8),  # register
        (0.0, 1.8, 0.2),  # drums
    ],
    dtype=np.float32,
)
_MIDDLE = np.array([0.1, 0.5, 0.35], dtype=np.float32)
"""The affect in the middle of the moods, which asks for what is usual."""

_FARTHEST = 1.8
"""Beyond this codes are rare, and what they decode to is poor."""

_SEEN_SHARE = 0.5

Array = NDArray[np.float32]


def asked_for(affects: NDArray[np.floating]) -> Array:
    """``(n, attributes)`` by the rules for ``(n, 3)`` affects: valence -1..1, arousal and tension 0..1."""
    return np.asarray(np.clip((affects - _MIDDLE) @ _RULES.T, -_FARTHEST, _FARTHEST), np.float32)


def targets_of(section: Section, seen: Array | None = None) -> Array:
    """``(attributes,)`` for a section; ``seen (attributes,)`` is what its pictures ask for.

    Energy has no say: it changes from bar to bar, and versions of one piece at several energies shall have
    the same notes.
    """
    mood = MOODS[section.mood]
    affect = np.array([[(mood.valence + section.valence) / 2, mood.arousal, mood.tension]])
    asked = asked_for(affect)[0]
    if seen is not None:
        asked = (1 - _SEEN_SHARE) * asked + _SEEN_SHARE * seen
    return np.asarray(np.clip(asked, -_FARTHEST, _FARTHEST), np.float32)
