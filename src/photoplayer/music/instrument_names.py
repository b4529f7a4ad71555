"""Finding an instrument of General MIDI by what people call it.

A name is taken as it stands in the list, whatever its capitals, spaces and hyphens; then as a family, which
stands for the member that can play most music; then by words of its own: "nylon guitar", "harp". A number is
the program as MIDI files hold it, 0 to 127; General MIDI's printed list counts from 1, and ``#1`` or ``GM 1``
is its first.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache

from photoplayer.music.instruments import PROGRAMS, Instrument, instrument

_OF_FAMILY: dict[str, int] = {
    "piano": 0,
    "chromatic percussion": 12,
    "organ": 19,
    "guitar": 24,
    "bass": 32,
    "strings": 48,
    "ensemble": 48,
    "brass": 61,
    "reed": 71,
    "pipe": 73,
    "synth lead": 80,
    "synth pad": 89,
    "synth effects": 99,
    "ethnic": 107,
    "percussive": 114,
    "sound effects": 122,
}

_ALSO_CALLED = {
    "acoustic piano": 0,
    "cembalo": 6,
    "chimes": 14,
    "choir": 52,
    "cor anglais": 69,
    "double bass": 43,
    "electric bass": 33,
    "electric piano": 4,
    "keyboard": 0,
    "pizzicato": 45,
    "sax": 65,
    "saxophone": 65,
    "string section": 48,
    "upright bass": 32,
    "voice": 52,
    "woodwind": 71,
}
"""Names that the list does not have, or has for several."""

_NUMBER = re.compile(r"(#|gm ?)?(\d{1,4})")


def find_instrument(text: str) -> Instrument | None:
    """The instrument that a name, family or number means; None if none. Raises ``ValueError`` for a number
    outside the list."""
    wanted = text.strip().lower()
    if number := _NUMBER.fullmatch(wanted):
        return _numbered(int(number[2]), counts_from_one=bool(number[1]))
    words = _words(wanted)
    return _named().get(words) or _by_some_words(words)


def nearest_names(text: str, others: Iterable[str] = (), *, count: int = 4) -> list[str]:
    """Names most like ``text``, of instruments, families and ``others``, for a sentence about a wrong one."""
    names = [*others, *_OF_FAMILY, *_ALSO_CALLED, *(instrument(program).name for program in PROGRAMS)]
    by_lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(text.strip().lower(), by_lower, n=count, cutoff=0.4)
    return [by_lower[name] for name in near]


def same_name(one: str, other: str) -> bool:
    """Whether two names differ in capitals, hyphens, spaces or the plural alone."""
    return _words(one.lower()) == _words(other.lower())


def _numbered(number: int, *, counts_from_one: bool) -> Instrument:
    program = number - counts_from_one
    if program in PROGRAMS:
        return instrument(program)
    if counts_from_one:
        raise ValueError(f"General MIDI's list has no #{number}; it counts from #1 to #{len(PROGRAMS)}")
    raise ValueError(
        f"there is no program {number}; choose 0 to {len(PROGRAMS) - 1}, or write #{number} to count from 1"
    )


_Words = tuple[str, ...]


def _words(text: str) -> _Words:
    """``acoustic guitar (nylon)`` → acoustic, guitar, nylon; an s at the end of a word is left out."""
    return tuple(word.removesuffix("s") or word for word in re.findall(r"[a-z0-9]+", text))


@cache
def _named() -> dict[_Words, Instrument]:
    """Instruments by their whole name; where names meet, that of the list wins."""
    names = _ALSO_CALLED | _OF_FAMILY | {instrument(program).name: program for program in PROGRAMS}
    return {_words(name.lower()): instrument(program) for name, program in names.items()}


def _by_some_words(words: _Words) -> Instrument | None:
    """The first instrument that has all these words, not all of them numbers, in its name."""
    if all(word.isdigit() for word in words):
        return None
    for program in PROGRAMS:
        if set(words) <= set(_words(instrument(program).name.lower())):
            return instrument(program)
    return None
