"""The mix: how loud, where and how far each layer stands."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Place:
    """``volume`` is MIDI's 0..127 for an instrument of middling loudness, ``pan`` -1 (left) .. 1,
    ``reverb`` 0..1."""

    volume: int
    pan: float
    reverb: float


DRUMS_PLACE = Place(94, 0.0, 0.15)
"""All drums share one channel of a MIDI file, hence one place; the kit's own sounds are spread in it."""

PLACES: dict[str, Place] = {
    "pad": Place(72, -0.35, 0.6),
    "bass": Place(94, 0.0, 0.08),
    "pulse": Place(84, 0.25, 0.2),
    "chords": Place(74, 0.35, 0.3),
    "arpeggio": Place(94, -0.5, 0.4),
    "lead": Place(112, 0.08, 0.35),
    "double": Place(80, -0.15, 0.4),
    "counter": Place(88, -0.3, 0.4),
    "brass": Place(76, 0.3, 0.35),
    "sparkle": Place(76, 0.55, 0.5),
    "riser": Place(92, -0.2, 0.5),
    "stingers": Place(98, 0.0, 0.4),
}

LOUDNESS_DB: dict[int, int] = {
    0: -5,
    2: -2,
    4: 2,
    5: -3,
    6: -2,
    8: -2,
    9: -5,
    10: -1,
    11: -2,
    12: -4,
    13: -10,
    14: 1,
    16: -1,
    20: 1,
    21: -1,
    24: -2,
    25: -3,
    26: 1,
    27: -2,
    28: -6,
    30: 5,
    32: -1,
    33: 0,
    34: -2,
    35: 1,
    38: -3,
    39: 2,
    40: 2,
    42: 2,
    43: -2,
    44: 2,
    45: -4,
    46: 0,
    47: -6,
    48: 2,
    49: 1,
    50: 2,
    52: 0,
    54: -1,
    56: 0,
    57: 2,
    58: 0,
    60: 5,
    61: 0,
    62: 1,
    65: 3,
    68: 2,
    69: -1,
    70: 0,
    71: 3,
    72: 3,
    73: 2,
    74: 1,
    75: 1,
    77: 2,
    78: 5,
    79: 4,
    80: 4,
    81: 4,
    83: 0,
    87: 3,
    88: 2,
    89: -6,
    90: -1,
    91: 2,
    92: -1,
    94: 1,
    95: -1,
    98: 0,
    105: -3,
    108: -5,
    110: 1,
    112: -4,
}
"""How much louder than the middle of them all a program sounds at the same velocity and volume: eight
quarter notes measured by BS.1770, mean of FluidR3 GM and TimGM6mb. Programs not listed count as 0."""

CORRECTED = 0.75
"""Share of that which the mix takes back; soundfonts differ, so not all of it."""

_VOLUME_EXPONENT_DB = 40
"""MIDI's volume is 40 log10(v / 127) decibels (General MIDI level 1 recommendation)."""


def place_of(layer: str, program: int | None) -> Place:
    """The place of a part: its layer's, the volume evened out for the instrument; None means drums."""
    if program is None:
        return DRUMS_PLACE
    place = PLACES[layer]
    louder_db = LOUDNESS_DB.get(program, 0) * CORRECTED
    return replace(place, volume=min(127, round(place.volume * 10 ** (-louder_db / _VOLUME_EXPONENT_DB))))
