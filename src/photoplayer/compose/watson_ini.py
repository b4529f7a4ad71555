"""The ``.ini`` files of Watson Beat (cognitive-catalyst/watson-beat), read as sketches.

A file holds movements (one mood each), a movement sections. Most of what the original only promised is
honoured: tempo, meter, seconds, slope and direction. ``rhythmSpeed`` and ``complexity`` belong to the
mood here and are passed over. Where a value reads ``a or b``, the seed decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from photoplayer.compose.chance import chance
from photoplayer.compose.sketch import ENERGY_WORDS, Sketch
from photoplayer.music.theory import Meter

MOODS_OF_WATSON = {
    "anthematic": "march",
    "inspire": "victory",
    "propulsion": "boss",
    "peruvianwaltz": "village",
    "bommarch": "march",
    "popfunk": "dance",
    "reggaepop": "chill",
    "chill": "chill",
    "space": "calm",
    "space_with_drums": "mystery",
    "edm": "dance",
}
"""Their moods, and ours that sound most alike."""

LAYERS_OF_WATSON = {
    "bass1": "bass",
    "bass2": "bass",
    "bass3": "bass",
    "bass": "bass",
    "leftpianobass": "bass",
    "lostrings": "pad",
    "midstrings": "pad",
    "histrings": "pad",
    "pad": "pad",
    "arpstrings": "arpeggio",
    "piano1": "arpeggio",
    "rightpiano": "chords",
    "rightpiano2": "chords",
    "rhythmchords": "chords",
    "chords": "chords",
    "brassrhythms": "brass",
    "mel5": "lead",
    "mel5low": "lead",
    "mel5med": "lead",
    "mel5high": "lead",
    "melody": "lead",
    "drumskit": "drums",
    "drums": "drums",
    "drumsbass": "drums",
    "kick": "drums",
    "snare": "drums-full",
    "fillsfordrums": "drums-fill",
    "drumslatinpop": "percussion",
    "cymswell": "drums-fill",
    "rhythm": "drums",
}
"""Their layers and groups, and the layer of ours that plays that role."""

_SETTING = re.compile(r"(\w+)\s*:\s*('[^']*'|\"[^\"]*\"|[^,'\"\s]+)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LONGEST_NUMBER, _LONGEST_LINE = 12, 4000
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})  # word processors leave these

Settings = dict[str, str]


def read_ini(text: str, *, seed: int) -> list[Sketch]:
    """The sections of all movements, in order. Raises ``ValueError`` for text that is none of theirs."""
    sketches: list[Sketch] = []
    first = 0
    for number, (movement, settings) in enumerate(_sections(text)):
        if settings.get("id", "0").strip() == "0":
            first = len(sketches)
        sketches.append(_sketch(movement, settings, first, chance(seed, "ini", number)))
    if not sketches:
        raise ValueError("it has no line that begins with section:")
    return sketches


def _sections(text: str) -> Iterator[tuple[Settings, Settings]]:
    """Each section's settings with those of the movement it stands in."""
    movement: Settings = {}
    for raw in text.translate(_QUOTES).splitlines():
        line = raw.strip()
        if len(line) > _LONGEST_LINE:
            raise ValueError(f"a line of {len(line)} letters is none of theirs")
        if not line or line.startswith("#"):
            continue
        name, _, rest = line.partition(":")
        name = name.strip().lower()
        if name == "movementid":
            movement = {}
        elif name == "section":
            yield movement, {key.lower(): value.strip("'\"") for key, value in _SETTING.findall(rest)}
        else:
            movement[name] = rest.strip().strip("'\"")


def _sketch(movement: Settings, settings: Settings, first: int, dice: Random) -> Sketch:
    similar_to = settings.get("similarto")
    duration = settings.get("duration")
    energy = _one_of(settings.get("energy", ""), dice)
    slope = _one_of(settings.get("slope", "stay"), dice)
    return Sketch(
        mood=_mood(movement.get("mood")),
        meter=_meter(settings.get("tse"), dice),
        bpm=_first_number(settings.get("bpm") or movement.get("bpm")),
        bars=tuple(int(n) for n in _numbers(settings.get("durationinmeasures"))),
        seconds=_seconds(duration),
        takes_the_rest=duration == "rest",
        energy=(ENERGY_WORDS[energy],) if energy in ENERGY_WORDS else (),
        slope="gradual" if slope == "gradual" else "steep" if slope == "steep" else "stay",
        rises=_one_of(settings.get("direction", "up"), dice) != "down",
        similar_to=None if similar_to is None else first + _index(similar_to),
        must_have=_layers(settings, "musthave"),
        must_not_have=_layers(settings, "mustnothave"),
    )


def _index(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text.strip()):
        raise ValueError(f"similarTo is {text!r:.60}; write the number of an earlier section, from 0")
    return int(text)


def _mood(name: str | None) -> str | None:
    if name is None:
        return None
    ours = MOODS_OF_WATSON.get(name.lower())
    if ours is None:
        raise ValueError(f"there is no Watson Beat mood {name!r}; it has {', '.join(MOODS_OF_WATSON)}")
    return ours


def _meter(text: str | None, dice: Random) -> Meter | None:
    return Meter.parse(_one_of(text, dice)) if text else None


def _one_of(text: str, dice: Random) -> str:
    return dice.choice([word.strip() for word in text.split(" or ")])


def _numbers(text: str | None) -> list[float]:
    found: list[str] = _NUMBER.findall(text or "")
    if any(len(number) > _LONGEST_NUMBER for number in found):
        raise ValueError(f"{text!r:.60} is no sensible number")
    return [float(number) for number in found]


def _first_number(text: str | None) -> float | None:
    return next(iter(_numbers(text)), None)


def _seconds(text: str | None) -> tuple[float, float] | None:
    numbers = _numbers(text)
    return (min(numbers), max(numbers)) if numbers else None


def _layers(settings: Settings, prefix: str) -> frozenset[str]:
    """The layers of all settings like ``mustHaveLayer2`` and ``mustHaveGroup1``."""
    pattern = re.compile(rf"{prefix}(layer|group)\d*$")
    named = (
        value.split()[0].lower() for key, value in settings.items() if pattern.match(key) and value.strip()
    )
    return frozenset(LAYERS_OF_WATSON[name] for name in named if name in LAYERS_OF_WATSON)
