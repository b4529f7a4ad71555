"""The harmony of a section: its phrases in, chords in time out."""

from __future__ import annotations

from photoplayer.compose.band.chord_language import ChordLanguage, Numeral, cadence_words, palette
from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.form import Phrase
from photoplayer.compose.chance import chance
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note


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

    Spans follow each other without a gap and never cross the end of a phrase.
    """
    home, dominant = cadence_words(language, section.key.mode)
    words = [(n, w) for n, w in palette(language, section.key.mode) if not n.borrowed and n.quality != "dim"]
    spans: list[ChordSpan] = []
    bar_q = section.meter.quarters
    shared: dict[str, list[Numeral]] = {}
    for phrase in phrases:
        dice = chance(seed, *path, "harmony", phrase.role)
        drawn = shared.setdefault(phrase.role, [])
        while len(drawn) < phrase.bars:
            drawn.append(dice.choices([n for n, _ in words], [w for _, w in words])[0] if drawn else home)
        bars = drawn[: phrase.bars]
        if phrase.cadence == "half":
            bars[-1] = dominant
        elif phrase.cadence in ("authentic", "final"):
            bars[-2:] = [dominant, home][-phrase.bars :]
        for i, numeral in enumerate(bars):
            start = (phrase.start_bar + i) * bar_q
            spans.append(
                ChordSpan(start, start + bar_q, numeral.chord(section.key), numeral.degree, numeral.function)
            )
    return tuple(spans)
