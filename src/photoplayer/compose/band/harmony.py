"""The harmony of a section: its phrases in, chords in time out.

Phrase by phrase the agent walks through the slots of the harmonic rhythm a few times and the reward
table keeps the best walk that closes as the phrase asks. Phrases of the same role share their chords up
to the cadence; a section that brings another back shares that one's. Energy is never looked at, so the
same music can be rendered at several intensities.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import accumulate

from photoplayer.compose.band.chord_agent import shipped_agent
from photoplayer.compose.band.chord_language import (
    ChordLanguage,
    Numeral,
    cadence_words,
    flavoured,
    home,
)
from photoplayer.compose.band.chord_reward import is_home
from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.form import Cadence, Phrase
from photoplayer.compose.band.harmony_choice import best_walk
from photoplayer.compose.band.harmony_colour import Held, colour, pedal_bass
from photoplayer.compose.band.harmony_melody import Profile, melody_fit, profile
from photoplayer.compose.band.harmony_recall import kin, recalled
from photoplayer.compose.band.harmony_slots import Slot, lay_slots
from photoplayer.compose.band.harmony_walk import Policy, Task, unrest_level
from photoplayer.compose.chance import chance
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note
from photoplayer.music.theory import Mode

OPENS_AT_HOME = 0.85
SUBSTITUTES = 0.5
"""Chances that a section begins on the tonic, and that a phrase brought back has one chord exchanged."""

GOOD_FIT, BEARABLE_FIT = 0.25, -0.15
"""Fit to the melody from which a chord taken over may stay; the second is for the tonic."""

TAIL = 2
"""Slots before a phrase's end that are found anew when its cadence is another."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What later phrases of a role take over: where its chords stood, and how tense its bars were."""

    chords: tuple[tuple[Slot, Numeral], ...]
    tension: tuple[float, ...]
    cadence: Cadence


@dataclass(frozen=True, slots=True)
class _Request:
    """All that one section asks for."""

    section: Section
    language: ChordLanguage
    seed: int
    path: tuple[str | int, ...]
    melody: tuple[Note, ...]
    original: tuple[ChordSpan, ...]
    agent: Policy

    def dice(self, *path: str | int) -> random.Random:
        return chance(self.seed, *self.path, "harmony", *path)


def harmonise(
    section: Section,
    phrases: tuple[Phrase, ...],
    *,
    language: ChordLanguage,
    seed: int,
    path: tuple[str | int, ...],
    melody: tuple[Note, ...] = (),
    original: tuple[ChordSpan, ...] = (),
    loops: bool = False,
) -> tuple[ChordSpan, ...]:
    """Chords for a section, from its first quarter to its last.

    Spans follow each other without a gap and never cross the end of a phrase. ``melody`` (onsets in
    quarters from the section's start) is what the chords have to suit; ``original`` are the chords of
    the section that this one brings back; ``loops`` turns a final cadence into a half one that leads
    back to the start. Only ``section``'s meter, key, bars and tension count, never its energy.

    Raises ``ValueError`` if the phrases do not cover the section's bars one after another.
    """
    ends = tuple(accumulate(phrase.bars for phrase in phrases))
    if tuple(p.start_bar for p in phrases) != (0, *ends[:-1]) or not ends or ends[-1] != section.bars:
        raise ValueError(f"the phrases do not cover the section's {section.bars} bars one after another")
    language = flavoured(language, section.key.mode, chance(seed, *path, "harmony", "taste"))
    request = _Request(section, language, seed, path, melody, original, shipped_agent())
    roles: dict[str, _Known] = {}
    before: tuple[Numeral, ...] = (home(section.key.mode),)
    spans: list[ChordSpan] = []
    for index, phrase in enumerate(phrases):
        if loops and phrase.cadence == "final":
            phrase = replace(phrase, cadence="half")
        slots, numerals, tension = _compose(request, phrase, index, before, roles.get(_letter(phrase)))
        chords = tuple(zip(slots, numerals, strict=True))
        roles.setdefault(_letter(phrase), _Known(chords, tension, phrase.cadence))
        before = (*before, *numerals)
        spans += _spell(request, phrase, chords)
    return tuple(spans)


def _letter(phrase: Phrase) -> str:
    """The material of a phrase: A for A, A' and A''."""
    return phrase.role.rstrip("'")


def _compose(
    request: _Request, phrase: Phrase, index: int, before: tuple[Numeral, ...], role: _Known | None
) -> tuple[tuple[Slot, ...], tuple[Numeral, ...], tuple[float, ...]]:
    """Slots and chords of one phrase, and the tension that shaped them."""
    section, language, mode = request.section, request.language, request.section.key.mode
    dice = request.dice("phrase", index)
    own = section.tension[phrase.start_bar : phrase.start_bar + phrase.bars]
    tension = own if role is None else (role.tension * phrase.bars)[: phrase.bars]
    slots = lay_slots(tension, phrase.cadence, language=language, meter=section.meter)
    profiles = tuple(_profile(request, phrase, slot) for slot in slots)
    given = _given(request, phrase, slots, role, dice)
    if index == 0 and not request.original and dice.random() < OPENS_AT_HOME:
        given[0] = home(mode)
    given = [
        numeral if numeral is not None and _suits(numeral, heard) else None
        for numeral, heard in zip(given, profiles, strict=True)
    ]
    task = Task(
        language=language,
        mode=mode,
        cadence=phrase.cadence,
        unrest=tuple(unrest_level(tension[int(slot.start)], language.adventure) for slot in slots),
        before=before,
        given=_settled_close(given, phrase.cadence, language, request),
        melody=profiles if request.melody else (),
        plagal=request.dice("plagal", _letter(phrase)).random() < language.plagal,
        spiced=request.dice("spice", _letter(phrase)).random() < language.spice,
    )
    return slots, best_walk(task, request.agent, dice).numerals, tension


def _suits(numeral: Numeral, heard: Profile) -> bool:
    """Whether a chord taken over may stay under the melody of its new place."""
    least = BEARABLE_FIT if is_home(numeral) else GOOD_FIT
    return not heard or melody_fit(heard, numeral.step, numeral.quality) >= least


def _profile(request: _Request, phrase: Phrase, slot: Slot) -> Profile:
    section = request.section
    bar_q = section.meter.quarters
    onset = (phrase.start_bar + slot.start) * bar_q
    return profile(request.melody, onset, onset + slot.length * bar_q, section.key, section.meter)


def _given(
    request: _Request, phrase: Phrase, slots: tuple[Slot, ...], role: _Known | None, dice: random.Random
) -> list[Numeral | None]:
    """The chords a phrase takes over from its role or from the original, ``None`` where it is free."""
    language, mode, meter = request.language, request.section.key.mode, request.section.meter
    if role is not None:
        old = {slot.start: numeral for slot, numeral in role.chords}
        given = [old.get(slot.start) for slot in slots]
        if role.cadence == phrase.cadence and len(old) == len(slots):
            return _with_substitute(given, language, mode, dice)
    elif request.original:
        at = [phrase.start_bar + slot.start for slot in slots]
        given = [recalled(request.original, bar, meter=meter, language=language, mode=mode) for bar in at]
        given = _with_substitute(given, language, mode, dice)
    else:
        return [None] * len(slots)
    given[-TAIL:] = [None] * min(TAIL, len(given))
    return given


def _with_substitute(
    given: list[Numeral | None], language: ChordLanguage, mode: Mode, dice: random.Random
) -> list[Numeral | None]:
    """``given``, perhaps with one chord before its tail exchanged for another of the same function."""
    middle = range(1, len(given) - TAIL)
    if not middle or dice.random() >= SUBSTITUTES:
        return given
    place = dice.choice(middle)
    old = given[place]
    others = [other for other in kin(old, language, mode) if other not in given] if old else []
    return [*given[:place], dice.choice(others) if others else old, *given[place + 1 :]]


def _settled_close(
    given: list[Numeral | None], cadence: Cadence, language: ChordLanguage, request: _Request
) -> tuple[Numeral | None, ...]:
    """``given`` with the final cadence written in: the mode's dominant, then home."""
    if cadence != "final":
        return tuple(given)
    tonic, dominant = cadence_words(language, request.section.key.mode)
    return (*given[:-2], *(dominant, tonic)[-len(given) :])


def _spell(request: _Request, phrase: Phrase, chords: tuple[tuple[Slot, Numeral], ...]) -> list[ChordSpan]:
    """Spans in quarters: repeated chords joined, coloured, and set over their bass."""
    section, language = request.section, request.language
    line = tuple(
        Held(
            start=slot.start,
            length=slot.length,
            numeral=numeral,
            tension=section.tension[phrase.start_bar + int(slot.start)],
            melody=_profile(request, phrase, slot),
        )
        for slot, numeral in _joined(chords)
    )
    dice = request.dice("colour", _letter(phrase))
    qualities = colour(line, phrase.cadence, language=language, mode=section.key.mode, dice=dice)
    on_pedal = request.dice("pedal", _letter(phrase)).random() < language.pedal
    basses = pedal_bass(line, section.key.tonic) if on_pedal else (None,) * len(line)
    bar_q = section.meter.quarters
    return [
        ChordSpan(
            onset=(phrase.start_bar + each.start) * bar_q,
            offset=(phrase.start_bar + each.start + each.length) * bar_q,
            chord=each.numeral.chord(section.key, quality, bass),
            degree=each.numeral.degree,
            function=each.numeral.function,
        )
        for each, quality, bass in zip(line, qualities, basses, strict=True)
    ]


def _joined(chords: tuple[tuple[Slot, Numeral], ...]) -> list[tuple[Slot, Numeral]]:
    """The same chords with repeated ones held through."""
    joined: list[tuple[Slot, Numeral]] = []
    for slot, numeral in chords:
        if joined and joined[-1][1] == numeral:
            start = joined.pop()[0].start
            slot = Slot(start, slot.start + slot.length - start)
        joined.append((slot, numeral))
    return joined
