"""What a mood's harmony may do: one table of chord languages, keyed by the names of ``MOODS``.

A language is a palette, not a progression: weights of the seven degrees in each mode, the colours its
triads take, what it borrows and how often, how fast its chords change. Which chord comes next is the
agent's matter (:mod:`photoplayer.compose.band.chord_agent`).

A :class:`Numeral` is one chord of the palette before colour, written above the tonic, so that the same
choice serves every key.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from photoplayer.compose.band.chords import Function
from photoplayer.music.theory import MODE_STEPS, QUALITIES, Chord, Key, Mode

FUNCTIONS: dict[Mode, str] = {
    "major": "TSTSDTD",
    "lydian": "TSTSDTD",
    "mixolydian": "TSTSDTD",
    "dorian": "TSTSDTD",
    "minor": "TSTSDSD",
    "phrygian": "TDTSDSD",
}
"""Function of each degree. The subtonic (bVII) leads home in the modes that have no leading tone, and
so does the phrygian bII."""

LEADING_STEP = 11
BORROWED_WEIGHT = 5.0


@dataclass(frozen=True, slots=True)
class Numeral:
    """A chord above the tonic: root ``step`` semitones up, triad ``quality``, and what it stands for.

    ``borrowed`` chords hold a note that the mode lacks (the raised seventh of minor is not counted).
    """

    step: int
    quality: str
    degree: int
    function: Function
    borrowed: bool = False

    def chord(self, key: Key, quality: str | None = None, bass: int | None = None) -> Chord:
        """This chord in ``key``, in another ``quality`` (colour) where one is given."""
        return Chord((key.tonic + self.step) % 12, self.quality if quality is None else quality, bass)


HOME_MAJOR = Numeral(0, "", 0, "T")
HOME_MINOR = Numeral(0, "m", 0, "T")

BORROWED: dict[str, Numeral] = {
    "V": Numeral(7, "", 4, "D", borrowed=True),
    "bVII": Numeral(10, "", 6, "S", borrowed=True),
    "bVI": Numeral(8, "", 5, "S", borrowed=True),
    "iv": Numeral(5, "m", 3, "S", borrowed=True),
    "bII": Numeral(1, "", 1, "S", borrowed=True),
    "V/V": Numeral(2, "", 1, "S", borrowed=True),
}
"""What a language may borrow from a neighbouring mode."""

LENT_TO: dict[str, tuple[Mode, ...]] = {
    "bVII": ("major", "lydian"),
    "bVI": ("major", "mixolydian", "dorian"),
    "iv": ("major", "mixolydian"),
    "bII": ("minor", "dorian"),
    "V/V": ("major", "mixolydian"),
}
"""The modes in which each borrowing is idiomatic. The raised V is lent by cadences alone."""

COLOURS: dict[str, tuple[str, ...]] = {
    "triad": ("", "m", "dim"),
    "add9": ("add9", "madd9"),
    "sus2": ("sus2",),
    "sus4": ("sus4",),
    "seventh": ("7", "maj7", "m7", "m7b5"),
    "sixth": ("6", "m6"),
    "fifth": ("5",),
}
"""The qualities that each colour can mean; the mode decides which of them it is."""


@dataclass(frozen=True, eq=False)
class ChordLanguage:
    """What a mood's harmony may do. All shares and chances are 0..1.

    ``weights``: how welcome each degree 0..6 is, by mode; ``colours``: weights of the names in
    :data:`COLOURS`; ``borrowed``: names in :data:`BORROWED`, used in a share ``spice`` of phrases, once;
    ``rhythm``: chords in two bars (1, 2 or 3), at rest and under high tension; ``pedal``: chance of a tonic
    pedal under a phrase; ``plagal``: chance that a phrase may come home from the subdominant;
    ``leading_tone``: share of dominants with a raised third where the mode has a minor one;
    ``dominant_seventh``: share of cadence dominants with a seventh; ``adventure``: the size of jump it
    likes; ``vamp``: how many times two chords may swing before it tires.
    """

    name: str
    weights: Mapping[Mode, tuple[float, ...]]
    colours: Mapping[str, float]
    borrowed: tuple[str, ...] = ()
    spice: float = 0.0
    rhythm: tuple[int, int] = (2, 2)
    pedal: float = 0.0
    plagal: float = 0.2
    leading_tone: float = 0.5
    dominant_seventh: float = 0.4
    adventure: float = 0.4
    vamp: int = 1


USUAL_WEIGHTS: dict[Mode, tuple[float, ...]] = {
    "major": (6, 3, 2, 5, 5, 4, 0),
    "lydian": (6, 5, 2, 0, 4, 4, 2),
    "mixolydian": (6, 2, 0, 5, 2, 3, 5),
    "dorian": (6, 3, 3, 5, 3, 0, 4),
    "minor": (6, 1, 3, 4, 4, 5, 4),
    "phrygian": (6, 5, 3, 2, 0, 3, 4),
}
"""For a mode that a mood's own table does not name (a plan written by hand may ask for any)."""

LANGUAGES: dict[str, ChordLanguage] = {
    language.name: language
    for language in (
        ChordLanguage("calm",
            weights={"lydian": (7, 6, 1.5, 0, 3, 4, 0.5), "major": (7, 4, 1, 6, 3, 5, 0)},
            colours={"triad": 5, "add9": 4, "sus2": 2, "seventh": 2},
            rhythm=(2, 1), pedal=0.30, plagal=0.6, leading_tone=0.0, dominant_seventh=0.1,
            adventure=0.1, vamp=2),
        ChordLanguage("chill",
            weights={"dorian": (6, 4, 3, 6, 3, 0, 3), "major": (5, 5, 1.5, 6, 4, 5, 0),
                     "mixolydian": (6, 3, 0, 5, 3, 3, 5)},
            colours={"triad": 2, "seventh": 6, "add9": 3, "sus2": 1},
            borrowed=("iv",), spice=0.15, rhythm=(2, 1), plagal=0.5, leading_tone=0.1,
            dominant_seventh=0.7, adventure=0.3, vamp=2),
        ChordLanguage("village",
            weights={"major": (7, 4, 1, 6, 6, 4, 0), "mixolydian": (7, 2, 0, 5, 3, 3, 5)},
            colours={"triad": 8, "sus4": 0.5, "sixth": 0.5, "seventh": 0.5},
            rhythm=(2, 2), plagal=0.2, leading_tone=0.0, dominant_seventh=0.6, adventure=0.3),
        ChordLanguage("march",
            weights={"major": (7, 3, 1, 6, 6, 4, 0), "mixolydian": (7, 2, 0, 5, 3, 2, 6),
                     "dorian": (7, 2, 4, 5, 3, 0, 5)},
            colours={"triad": 8, "sus4": 1, "fifth": 1},
            borrowed=("bVI", "bVII", "V/V"), spice=0.25, rhythm=(2, 2), plagal=0.2, leading_tone=0.5,
            dominant_seventh=0.4, adventure=0.4),
        ChordLanguage("mystery",
            weights={"dorian": (6, 4, 3, 5, 2, 0, 3), "minor": (6, 2, 3, 5, 3, 5, 2),
                     "phrygian": (7, 5, 3, 3, 0, 3, 3)},
            colours={"triad": 4, "add9": 3, "sus2": 3, "sus4": 1, "seventh": 3},
            borrowed=("bII", "bVI"), spice=0.2, rhythm=(2, 1), pedal=0.35, plagal=0.5,
            leading_tone=0.3, dominant_seventh=0.2, adventure=0.7, vamp=2),
        ChordLanguage("tense",
            weights={"minor": (7, 3, 2, 4, 4, 5, 2), "phrygian": (8, 6, 2, 3, 0, 3, 4),
                     "dorian": (7, 4, 3, 4, 3, 0, 3)},
            colours={"triad": 5, "fifth": 2, "sus2": 2, "sus4": 1, "seventh": 2},
            borrowed=("bII",), spice=0.25, rhythm=(2, 1), pedal=0.5, plagal=0.3, leading_tone=0.6,
            dominant_seventh=0.3, adventure=0.7, vamp=2),
        ChordLanguage("boss",
            weights={"minor": (7, 1, 3, 4, 4, 6, 5), "phrygian": (8, 6, 3, 3, 0, 4, 4)},
            colours={"triad": 6, "fifth": 4, "sus4": 1},
            borrowed=("bII",), spice=0.25, rhythm=(3, 2), pedal=0.2, plagal=0.1, leading_tone=0.7,
            dominant_seventh=0.4, adventure=0.8),
        ChordLanguage("dance",
            weights={"minor": (6, 0, 4, 4, 2, 6, 6), "dorian": (6, 2, 4, 5, 3, 0, 5),
                     "major": (6, 2, 2, 5, 5, 6, 0)},
            colours={"triad": 6, "add9": 2, "sus2": 1, "seventh": 2, "sus4": 1},
            rhythm=(2, 2), plagal=0.4, leading_tone=0.2, dominant_seventh=0.2, adventure=0.5, vamp=2),
        ChordLanguage("victory",
            weights={"major": (7, 3, 1, 6, 7, 4, 0), "lydian": (7, 5, 1, 0, 6, 4, 1)},
            colours={"triad": 8, "sus4": 1.5, "add9": 1},
            borrowed=("bVI", "bVII"), spice=0.3, rhythm=(3, 2), plagal=0.2, leading_tone=0.5,
            dominant_seventh=0.4, adventure=0.5),
        ChordLanguage("sorrow",
            weights={"minor": (7, 3, 3, 6, 4, 5, 2), "dorian": (7, 3, 3, 5, 4, 0, 3)},
            colours={"triad": 6, "add9": 3, "sus2": 1, "sus4": 1, "seventh": 2},
            borrowed=("bII",), spice=0.2, rhythm=(2, 1), pedal=0.15, plagal=0.5, leading_tone=0.6,
            dominant_seventh=0.5, adventure=0.3),
    )
}  # fmt: skip


def triad_quality(mode: Mode, degree: int) -> str:
    """Quality of the triad that a mode builds on a degree: ``""``, ``"m"``, ``"dim"`` or ``"aug"``."""
    steps = MODE_STEPS[mode]
    root = steps[degree]
    shape = tuple(sorted((steps[(degree + up) % 7] - root) % 12 for up in (0, 2, 4)))
    return next(name for name in ("", "m", "dim", "aug") if QUALITIES[name] == shape)


def home(mode: Mode) -> Numeral:
    """The tonic triad of a mode."""
    return HOME_MINOR if MODE_STEPS[mode][2] == 3 else HOME_MAJOR


@lru_cache(maxsize=256)
def palette(language: ChordLanguage, mode: Mode) -> tuple[tuple[Numeral, float], ...]:
    """The chords a language uses in a mode, each with its weight (> 0); borrowed ones come last."""
    weights = language.weights.get(mode, USUAL_WEIGHTS[mode])
    chords: list[tuple[Numeral, float]] = []
    for degree, weight in enumerate(weights):
        function: Function = FUNCTIONS[mode][degree]  # type: ignore[assignment]
        natural = Numeral(MODE_STEPS[mode][degree], triad_quality(mode, degree), degree, function)
        raised = language.leading_tone if (mode, degree) == ("minor", 4) else 0.0
        if weight * (1 - raised) > 0:
            chords.append((natural, weight * (1 - raised)))
        if weight * raised > 0:
            chords.append((Numeral(7, "", 4, "D"), weight * raised))
    chords += [(BORROWED[name], BORROWED_WEIGHT) for name in language.borrowed if mode in LENT_TO[name]]
    return tuple(chords)


TASTE = 1.2
"""Octaves of weight (powers of two) by which one section's taste may differ from its mood's."""


def flavoured(language: ChordLanguage, mode: Mode, dice: random.Random) -> ChordLanguage:
    """The language with a taste of its own: the same words, each degree more or less welcome.

    So sections of one mood differ by more than chance from chord to chord does, and each is of a piece.
    """
    weights = language.weights.get(mode, USUAL_WEIGHTS[mode])
    tilted = tuple(round(weight * 2 ** dice.uniform(-TASTE, TASTE), 6) for weight in weights)
    return replace(language, weights={mode: tilted})


def _fits(step: int, quality: str, scale: frozenset[int]) -> bool:
    return all((step + interval) % 12 in scale for interval in QUALITIES[quality])


@lru_cache(maxsize=4096)
def forms(language: ChordLanguage, mode: Mode, numeral: Numeral) -> tuple[tuple[str, float], ...]:
    """The qualities in which a language may sound a numeral, with weights; the plain triad is first.

    A colour is taken only where its notes lie in the mode (with the leading tone for a raised dominant);
    a borrowed chord stays plain, but that a dominant may have its seventh.
    """
    plain = (numeral.quality, language.colours.get("triad", 0.0) or 1e-3)
    if numeral.borrowed:
        seventh = (("7", language.dominant_seventh),) if numeral.function == "D" else ()
        return (plain, *((q, w) for q, w in seventh if w > 0))
    scale = frozenset(MODE_STEPS[mode])
    if (numeral.step + 4) % 12 == LEADING_STEP and numeral.quality == "":
        scale = (scale - {10}) | {LEADING_STEP}
    third = QUALITIES[numeral.quality][1]
    found = [plain]
    for colour, weight in language.colours.items():
        for quality in COLOURS.get(colour, ()) if weight > 0 and colour != "triad" else ():
            keeps_third = third in QUALITIES[quality] or colour in ("sus2", "sus4", "fifth")
            if keeps_third and _fits(numeral.step, quality, scale) and _keeps_fifth(numeral, quality):
                found.append((quality, weight))
    return tuple(found)


def _keeps_fifth(numeral: Numeral, quality: str) -> bool:
    return QUALITIES[numeral.quality][2] in QUALITIES[quality]


def allows(language: ChordLanguage, key: Key, chord: Chord) -> bool:
    """Whether ``chord`` (its bass aside) is a word of the language in ``key``, cadences included."""
    step = (chord.root - key.tonic) % 12
    words = [numeral for numeral, _ in palette(language, key.mode)] + list(cadence_words(language, key.mode))
    return any(
        numeral.step == step
        and chord.quality in {quality for quality, _ in forms(language, key.mode, numeral)}
        for numeral in words
    )


def cadence_words(language: ChordLanguage, mode: Mode) -> tuple[Numeral, ...]:
    """The tonic and the dominants with which a language closes in a mode, whatever its weights say.

    Major and lydian close with V, minor with the raised V. Dorian and mixolydian borrow the raised V
    where the language leads by semitone, and close with their own minor v (as a sus4) where it does
    not. Phrygian, whose fifth degree is diminished, closes with bII.
    """
    own = Numeral(MODE_STEPS[mode][4], triad_quality(mode, 4), 4, "D")
    if mode == "phrygian":
        dominant = Numeral(1, "", 1, "D")
    elif mode == "minor":
        dominant = Numeral(7, "", 4, "D")
    elif own.quality == "m" and language.leading_tone > 0:
        dominant = BORROWED["V"]
    else:
        dominant = own
    return (home(mode), dominant)
