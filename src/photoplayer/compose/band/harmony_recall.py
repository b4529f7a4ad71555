"""Bringing harmony back: a section's chords read again for another length, key or mode."""

from __future__ import annotations

from photoplayer.compose.band.chord_language import ChordLanguage, Numeral, palette
from photoplayer.compose.band.chords import ChordSpan
from photoplayer.music.theory import QUALITIES, Meter, Mode

BAR_QUARTERS = (4.0, 3.0)
"""Bars tried where the earlier section's length is no whole number of the new section's bars."""


def recalled(
    original: tuple[ChordSpan, ...], bar: float, *, meter: Meter, language: ChordLanguage, mode: Mode
) -> Numeral | None:
    """The chord that ``original`` has at ``bar``, as the new language and mode know it.

    A longer section goes through the original again. ``None`` where the palette has no chord on that
    degree.
    """
    total = original[-1].offset
    lengths = (meter.quarters, *BAR_QUARTERS)
    bar_q = next((q for q in lengths if abs(total / q - round(total / q)) < 1e-6), meter.quarters)
    at = round(bar * bar_q, 6) % total
    span = next((span for span in original if span.onset <= at + 1e-6 < span.offset), original[-1])
    return known(span, language, mode)


def known(span: ChordSpan, language: ChordLanguage, mode: Mode) -> Numeral | None:
    """The unborrowed chord of a palette on the same degree, of the same third where there are two."""
    own = [n for n, _ in palette(language, mode) if n.degree == span.degree and not n.borrowed]
    major = 4 in QUALITIES[span.chord.quality]
    return min(own, key=lambda numeral: (numeral.quality == "") != major, default=None)


def kin(numeral: Numeral, language: ChordLanguage, mode: Mode) -> tuple[Numeral, ...]:
    """Chords that can stand in for one: of the same function, neither borrowed nor diminished."""
    return tuple(
        other
        for other, _ in palette(language, mode)
        if other.function == numeral.function
        and other.step != numeral.step
        and not other.borrowed
        and other.quality != "dim"
    )
