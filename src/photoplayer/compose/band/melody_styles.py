"""How the tune of each mood moves: its rhythms, its reach, its touch.

Rhythms are written as a player reads them: ``w h q e s`` for whole to sixteenth, a dot after for half
as long again, ``r`` before for a rest; ``|`` parts one bar from the next possible bar. A bar of 6/8 holds
six eighths. Other meters are recast from these (:func:`photoplayer.compose.band.theme.recast`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from photoplayer.compose.band.theme import BEAT
from photoplayer.music.theory import Meter

Cell = tuple[tuple[int, int], ...]
"""One bar of rhythm: (onset, length) in pulses."""

HOME_METERS = (Meter(4, 4), Meter(3, 4), Meter(6, 8))
"""The meters that rhythms are written for."""

_QUARTERS = {"w": 4.0, "h": 2.0, "q": 1.0, "e": 0.5, "s": 0.25}


@dataclass(frozen=True)
class Rhythms:
    """The possible bars of one home meter, and the possible last bars of a phrase."""

    meter: Meter
    bars: str
    endings: str

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(read_cell(text, self.meter) for text in self.bars.split("|"))

    @cached_property
    def closes(self) -> tuple[Cell, ...]:
        return tuple(read_cell(text, self.meter) for text in self.endings.split("|"))


@dataclass(frozen=True)
class MelodyStyle:
    """``density``: notes a felt beat that bars are chosen near. ``span``: semitones from lowest to highest.

    ``leaps``, ``upbeat``, ``chromatic``: how readily (0..1) it leaps, leads into a phrase before its
    downbeat, and raises a neighbouring tone out of the scale.
    ``touch``: the part of a note's written length that sounds. ``accent``: how much louder strong
    beats are, in velocity. ``rhythms``: one entry per home meter, in their order.
    """

    density: float
    span: int
    leaps: float
    upbeat: float
    touch: float
    accent: int
    rhythms: tuple[Rhythms, Rhythms, Rhythms]
    chromatic: float = 0.0

    def rhythms_for(self, meter: Meter) -> Rhythms:
        """The vocabulary of the home meter nearest to ``meter``."""
        if meter.is_compound or meter.beats == 2:
            return self.rhythms[2]
        return self.rhythms[1] if meter.beats % 3 == 0 else self.rhythms[0]


def read_cell(text: str, meter: Meter) -> Cell:
    """Read one bar of rhythm. Raises ``ValueError`` if it does not fill the bar exactly."""
    cell: list[tuple[int, int]] = []
    at = 0
    for word in text.split():
        rest = word.startswith("r")
        value = _QUARTERS[word.strip("r.")] * (1.5 if word.endswith(".") else 1)
        length = round(value * BEAT / meter.beat_quarters)
        if not rest:
            cell.append((at, length))
        at += length
    if at != meter.beats * BEAT:
        raise ValueError(f"{text!r} does not fill a bar of {meter}")
    return tuple(cell)


def _rhythms(
    four: str, ends4: str, three: str, ends3: str, six: str, ends6: str
) -> tuple[Rhythms, Rhythms, Rhythms]:
    """Vocabularies of 4/4, 3/4 and 6/8."""
    four_four, three_four, six_eight = HOME_METERS
    return (
        Rhythms(four_four, four, ends4),
        Rhythms(three_four, three, ends3),
        Rhythms(six_eight, six, ends6),
    )


MELODY_STYLES: dict[str, MelodyStyle] = {
    "calm": MelodyStyle(
        density=0.7, span=16, leaps=0.30, upbeat=0.1, touch=0.97, accent=5,
        rhythms=_rhythms(
            "h. q | h q q | q q h | q. e h | h q e e | rq q h | q q q q | h h", "h. rq | h rh | q h rq",
            "h q | q q q | q. e q | q h | q q e e | h.", "h rq | h. ",
            "q. q. | q e q. | h. | q. q e | q e q e", "h re re | q. rq. | h rq",
        ),
    ),
    "chill": MelodyStyle(
        density=1.1, span=14, leaps=0.22, upbeat=0.15, touch=0.90, accent=6,
        rhythms=_rhythms(
            "re e q q q | q. e q q | e e q rq q | q. q. q | re q e q. e | q e e re e q | e q e h",
            "q. e rh | e q. rh | h rh | e e q rh",
            "re e q q | q. e q | e q e q | h re e", "q. re rq | h rq",
            "q e rq e | q. q e | q e q. | re q q e", "q. rq. | q e rq.",
        ),
    ),
    "village": MelodyStyle(
        density=1.3, span=14, leaps=0.25, upbeat=0.5, touch=0.88, accent=8,
        rhythms=_rhythms(
            "q q q q | e e q q q | q e e q q | q. e q q | e e e e q q | q. e e e q | h q q",
            "q q h | h. rq | q q q rq",
            "q q q | q. e q | h q | q e e q | e e q q | q q e e", "h rq | q q rq | q h",
            "q e q e | e e e q e | q. q e | q e e e e | q e q.", "q. q re | q e q re | q. rq.",
        ),
    ),
    "march": MelodyStyle(
        density=1.1, span=16, leaps=0.40, upbeat=0.5, touch=0.86, accent=12,
        rhythms=_rhythms(
            "q. e q q | h q. e | q e. s q q | h e. s q | q. e e. s q | e. s q q q | q. e h",
            "h. rq | q q h | q. e q rq",
            "q. e q | h e. s | q e. s q | q q e. s", "h rq | q. e q",
            "q. q e | q e q e | q. e e e | e. s e q e | q e q.", "q. q re | q e q re",
        ),
    ),
    "mystery": MelodyStyle(
        density=0.8, span=13, leaps=0.28, upbeat=0.2, touch=0.93, accent=6, chromatic=0.40,
        rhythms=_rhythms(
            "rq q h | q. e h | h re e q | q q h | e e q h | rq e e h | h. e e", "h. rq | h rh | w",
            "rq q q | q. e q | h re e | h q | e e h", "h rq | h.",
            "q e q. | rq e q e | q. q e | e e e q. | q. e e e", "q. rq. | h re re",
        ),
    ),
    "tense": MelodyStyle(
        density=1.1, span=12, leaps=0.18, upbeat=0.15, touch=0.80, accent=10, chromatic=0.40,
        rhythms=_rhythms(
            "e e q re e q | re e e e q q | q re e e e q | e e q. e q | q q re e q | s s e q q rq | q. e rq q",
            "q. e rh | h rh | e e q rh",
            "e e q q | re e e e q | q re e q | q. e q", "q. re rq | h rq",
            "e e e q. | re e e q e | q e re e e | q. e e e", "q. rq. | q e rq.",
        ),
    ),
    "boss": MelodyStyle(
        density=2.0, span=19, leaps=0.30, upbeat=0.25, touch=0.84, accent=14, chromatic=0.30,
        rhythms=_rhythms(
            "e e e e e e e e | q. q. e e | e s s e e e s s e e | q e e q e e | e. e. e q q | e e e e h | "
            "q. e e e e e | e e q e e q",
            "h. rq | q. e q rq | e e q h",
            "e e e e e e | q. q. | q e e e e | e s s e e q", "h rq | q q rq",
            "e e e e e e | q e e e e | q. e e e | e s s e q e | q e q e", "q. q re | q. rq.",
        ),
    ),
    "dance": MelodyStyle(
        density=1.7, span=15, leaps=0.28, upbeat=0.25, touch=0.80, accent=8,
        rhythms=_rhythms(
            "e. e. e e. e. e | e. e. e q q | re e re e q e e | q. e re e q | e e re e e e q | e. e. q. e e | "
            "q. q. q | s s e re e e e q",
            "e. e. e h | q. e rh | h. rq",
            "q. q. | e. e. e. e. | q e e q | e e re e q", "h rq | q. e rq",
            "q e q e | e e e q. | q q q | e q e q", "q. rq. | q e rq.",
        ),
    ),
    "victory": MelodyStyle(
        density=1.4, span=17, leaps=0.45, upbeat=0.5, touch=0.87, accent=12,
        rhythms=_rhythms(
            "q e e q q | q. e q q | e. s q h | e e e e h | q q q e e | h e. s q | q. s s h",
            "h. rq | q q h | e e q h",
            "q e e q | e. s q q | q. e q | h e e | e e e e q", "h rq | q h",
            "q e q e | q. e e e | q e q. | e e e q e", "q. q re | q e q re",
        ),
    ),
    "sorrow": MelodyStyle(
        density=0.8, span=15, leaps=0.28, upbeat=0.4, touch=0.98, accent=5, chromatic=0.20,
        rhythms=_rhythms(
            "h q q | q. e h | h q e e | rq q q q | q q h | q. e q q | q e e h | h. q | rq q h",
            "h. rq | h rh | w",
            "h q | q. e q | q q q | q q e e | q h | rq q q | h.", "h rq | h.",
            "q. q e | q e q. | q. q. | h. | q e q e", "h re re | q. rq. | h rq",
        ),
    ),
}  # fmt: skip
"""By mood's name."""
