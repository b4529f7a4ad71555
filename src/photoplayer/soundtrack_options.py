"""What a soundtrack may be asked for: the same fields are options of the commands and keywords of the API."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from photoplayer.compose.fit import Wishes
from photoplayer.compose.moods import MOODS
from photoplayer.compose.plan import MAX_BPM, MIN_BPM
from photoplayer.compose.trio.style import check_axes
from photoplayer.errors import PlanError
from photoplayer.music.theory import Key, Meter
from photoplayer.music.trio_attributes import ATTRIBUTES

_OF_TRIO = ("style", "style_axes", "more")
"""Options that only the trio engine has."""

MOST_MORE = 4.0
"""Standard deviations of an attribute that one may ask for."""

_SAID_BY_A_PLAN = ("mood", "key", "meter", "bpm")
_CHOICES: dict[str, tuple[str | None, ...]] = {
    "engine": ("band", "trio", "melody"),
    "parts": ("band", "trio"),
    "meter": (None, "4/4", "3/4", "6/8"),
}


@dataclass(frozen=True, kw_only=True)
class EngineOptions:
    """What composes, and how: all that needs no picture and no plan."""

    seed: int = 1
    """Another seed gives another piece; the same seed gives the same bytes of MIDI."""
    engine: Literal["band", "trio", "melody"] = "band"
    """What composes: band, the arranger; trio, melody, bass and drums from a learned code of the picture;
    melody, a network that writes a tune to the picture, which the band arranges. Without a picture the
    plan says what the picture would have."""
    parts: Literal["band", "trio"] = "band"
    """Engine melody: who plays beside the tune: the band, which arranges it, or a trio, whose bass and drums
    the network writes along with the tune."""
    bare: bool = False
    """Engine melody: the tune alone, not arranged."""
    melody: Path | None = None
    """A MIDI file whose melody becomes the theme."""
    loop: bool = False
    """Compose a seamless loop: no closing cadence, the last bar leads back to the first."""
    thicken: bool = False
    """With a trio: the arranger's pads join."""
    style: Path | None = None
    """Engine trio: a style of your own tunes, from `photoplayer personalize`."""
    style_axes: str | None = None
    """Engine trio: up to four sliders of the style, in standard deviations, e.g. "0.5,-1,0,0"."""
    more: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Engine trio: more or less of speed, density, syncopation, register or drums, in standard
    deviations, e.g. speed=1.5; may be given several times."""

    def __post_init__(self) -> None:
        for name in ("melody", "style"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, Path(value))
        for name in ("engine", "parts"):
            _check_choice(name, getattr(self, name))
        object.__setattr__(self, "more", tuple(self.more))
        check_axes(self.axes)
        _ = self.wanted_more
        if self.engine != "trio" and (mine := [name for name in _OF_TRIO if getattr(self, name)]):
            raise PlanError(f"{mine[0]} is for the trio engine; add --engine trio, or leave it out")
        if self.thicken and not self.is_trio:
            raise PlanError("thicken is for trios; add --engine trio, or --engine melody --parts trio")
        if self.style_axes and not self.style:
            raise PlanError("style axes move within a style; name one with --style")
        if self.engine == "trio" and self.melody:
            raise PlanError(
                "the trio engine invents its own tune; leave the melody out, or use --engine band"
            )
        if self.parts != "band" and self.engine != "melody":
            raise PlanError("parts are for the engine melody; add --engine melody, or leave them out")
        if self.bare and self.engine != "melody":
            raise PlanError("only a melody can be bare; add --engine melody")
        if self.bare and self.parts != "band":
            raise PlanError("a bare melody has no other parts; leave out --bare, or --parts")
        if self.melody and self.engine == "melody":
            raise PlanError("the engine melody writes its own tune; leave --melody out, or the engine")

    @property
    def is_trio(self) -> bool:
        """Whether melody, bass and drums play and not the band."""
        return self.engine == "trio" or self.parts == "trio"

    @property
    def axes(self) -> tuple[float, ...]:
        """The sliders. Raises :class:`PlanError` where they are no numbers."""
        try:
            return tuple(float(each) for each in self.style_axes.split(",")) if self.style_axes else ()
        except ValueError as problem:
            raise PlanError(f"style axes {self.style_axes!r}; write numbers like 0.5,-1,0,0") from problem

    @property
    def wanted_more(self) -> dict[str, float]:
        """Attributes and how much more of each. Raises :class:`PlanError` for what is no attribute."""
        found = {}
        for wish in self.more:
            name, _, amount = wish.partition("=")
            try:
                found[name] = float(amount)
            except ValueError:
                found[name] = math.nan
            if name not in ATTRIBUTES or not abs(found[name]) <= MOST_MORE:
                raise PlanError(
                    f"more {wish!r}; write one of {', '.join(ATTRIBUTES)} and a number from -{MOST_MORE:g} "
                    f"to {MOST_MORE:g}, like speed=1.5"
                )
        return found


@dataclass(frozen=True, kw_only=True)
class ScoreOptions(EngineOptions):
    """How to score."""

    mood: str = "auto"
    """One of the moods for the whole piece (see `photoplayer moods`), or auto: read from the picture."""
    key: str | None = None
    """Key of the whole piece, e.g. "C", "F# minor", "D dorian"."""
    meter: Literal["4/4", "3/4", "6/8"] | None = None
    """Meter of the whole piece."""
    bpm: float | None = None
    """Tempo of the whole piece; it bends by at most 3 % to meet the picture."""
    timeline: Path | None = None
    """A timeline (JSON) to score instead of looking at the picture; needs no video."""
    plan: Path | None = None
    """A plan (.toml, or a Watson Beat .ini) that says the sections by hand."""

    def __post_init__(self) -> None:
        for name in ("timeline", "plan"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, Path(value))
        if self.mood != "auto" and self.mood not in MOODS:
            raise PlanError(f"there is no mood {self.mood!r}; choose from auto, {', '.join(MOODS)}")
        if self.bpm is not None and not MIN_BPM <= self.bpm <= MAX_BPM:
            raise PlanError(f"{self.bpm:g} bpm cannot be played; choose {MIN_BPM:g} to {MAX_BPM:g}")
        _check_choice("meter", self.meter)
        super().__post_init__()
        if self.plan and (said := [n for n in _SAID_BY_A_PLAN if getattr(self, n) not in (None, "auto")]):
            raise PlanError(f"{self.plan} says the {said[0]} itself; write it there, or leave the plan out")

    @property
    def wishes(self) -> Wishes:
        """What these options ask of the planner; trios are learned in 4/4 and play that if nobody minds.

        Raises :class:`PlanError` for a key that is none.
        """
        try:
            key = Key.parse(self.key) if self.key else None
        except ValueError as problem:
            raise PlanError(f"{problem}; write it like C, F# minor or D dorian") from problem
        usual = Meter(4, 4) if self.is_trio else None
        return Wishes(
            mood=None if self.mood == "auto" else self.mood,
            key=key,
            meter=Meter.parse(self.meter) if self.meter else usual,
            bpm=self.bpm,
            loops=self.loop,
        )


def _check_choice(name: str, value: str | None) -> None:
    """Raise :class:`PlanError` where an option has a value that it does not know."""
    choices = _CHOICES[name]
    if value not in choices:
        raise PlanError(f"there is no {name} {value!r}; choose from {', '.join(filter(None, choices))}")
