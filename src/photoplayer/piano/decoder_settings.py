"""What the default decoder is told: weights and prices, found on validation recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any

from photoplayer.errors import SetupError

CARD_ENTRY = "decoder"


@dataclass(frozen=True, kw_only=True)
class DecoderSettings:
    """Evidence is in natural-logarithm odds: 0 says nothing, +2.2 says 9 to 1 for.

    The three ``..._bias`` are added to what the network says of a press, a release and of a key being held;
    a network that was trained to say yes too readily needs negative ones. ``held_weight`` is how much a
    40 ms frame of a held (or free) key counts beside a press. ``again_bias`` is for a strike of a key that
    was not seen to come up, ``tap_bias`` for a key pressed and let go within one frame.

    A press where the onset curve has no peak costs ``press_floor``, a release without one
    ``release_floor``; a key already held when a stretch begins ``start_floor``. Curves are gathered over
    ``spread_s`` around a frame, and peaks stand at least ``apart_s`` apart, both a little more than a frame
    if that is longer. A release is placed by the offset curve and by where the held curve falls through
    even odds, the latter with weight ``fall_share``. ``onset_shift_s`` and ``offset_shift_s`` are added to
    all onsets and offsets.

    Where a network is sure of less than ``sure_share`` of the keys it hears, the three biases are raised by
    ``shy_lift`` times what is missing, by ``most_lift`` at most (:mod:`photoplayer.piano.shyness`).
    """

    press_bias: float = -1.4
    release_bias: float = -0.8
    held_bias: float = -0.8
    held_weight: float = 0.5
    again_bias: float = 1.6
    tap_bias: float = 0.0
    press_floor: float = -5.0
    release_floor: float = -3.0
    start_floor: float = -3.0
    spread_s: float = 0.06
    apart_s: float = 0.055
    fall_share: float = 0.25
    onset_shift_s: float = 0.0
    offset_shift_s: float = 0.0
    sure_share: float = 0.5
    shy_lift: float = 6.0
    most_lift: float = 2.4


def settings_from_card(card: Mapping[str, Any]) -> DecoderSettings:
    """The settings in a model card's ``"decoder"`` entry; the defaults where it has none.

    Raises :class:`SetupError` where the entry is not what :func:`card_entry` writes.
    """
    entry = card.get(CARD_ENTRY, {})
    known = {field.name for field in fields(DecoderSettings)}
    if not isinstance(entry, Mapping) or not all(
        name in known and isinstance(value, (int, float)) and isfinite(value) for name, value in entry.items()
    ):
        raise SetupError("a model's card has decoder settings that are not known; install photoplayer again.")
    return DecoderSettings(**{name: float(value) for name, value in entry.items()})


def card_entry(settings: DecoderSettings) -> dict[str, float]:
    """What a model's card holds under ``"decoder"``."""
    return asdict(settings)
