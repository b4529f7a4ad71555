"""One style for each mood: its roles from the first to enter to the last.

The order of the roles is the layer stack, which energy turns on from the first (:mod:`..layers`).
Programs are General MIDI's, counted from 0; one of each role's is drawn for a piece.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """One layer of a style.

    ``lines`` names families of :mod:`.bass_lines`, :mod:`.chord_lines` or grids of :mod:`.drum_grids`, one of
    which is drawn for each kind of section. ``low`` to ``high`` is where it plays; ``accent`` is added to
    its velocities; ``voices`` counts the notes of its chords.
    """

    layer: str
    programs: tuple[int, ...]
    lines: tuple[str, ...] = ()
    low: int = 0
    high: int = 127
    accent: float = 0.0
    voices: int = 3


@dataclass(frozen=True)
class Style:
    """``swing`` is the share of a pair that its first half takes (.5 = straight), ``swing_quarters`` the
    length of that pair; ``staccato`` the share of its length that a note keeps at full energy. ``fewest``
    layers play even at none: a quiet mood is not to wait for its tune until it is loud. Where it ``pumps``,
    held chords duck under the kick. ``risers`` are the programs that may run up into a jump."""

    roles: tuple[Role, ...]
    swing: float = 0.5
    swing_quarters: float = 0.5
    staccato: float = 0.6
    fewest: int = 1
    pumps: bool = False
    risers: tuple[int, ...] = (48, 46)

    def role(self, layer: str) -> Role | None:
        """The role that plays a layer, if the style has it."""
        return next((role for role in self.roles if role.layer == layer), None)

    @property
    def stack(self) -> tuple[str, ...]:
        """The layers, first to enter first."""
        return tuple(role.layer for role in self.roles)


def _pad(*programs: int, low: int = 50, high: int = 72, voices: int = 3, accent: float = -10) -> Role:
    return Role("pad", programs, ("pad",), low, high, accent, voices)


def _bass(lines: str, *programs: int, low: int = 28, high: int = 50) -> Role:
    return Role("bass", programs, tuple(lines.split()), low, high, 2)


def _pulse(lines: str, *programs: int, low: int = 43, high: int = 62) -> Role:
    return Role("pulse", programs, tuple(lines.split()), low, high, -12)


def _chords(lines: str, *programs: int, low: int = 53, high: int = 73, voices: int = 3) -> Role:
    return Role("chords", programs, tuple(lines.split()), low, high, -11, voices)


def _arpeggio(lines: str, *programs: int, low: int = 55, high: int = 81) -> Role:
    return Role("arpeggio", programs, tuple(lines.split()), low, high, -13, 3)


def _lead(*programs: int, low: int = 64, high: int = 86) -> Role:
    return Role("lead", programs, (), low, high, 6)


def _double(*programs: int, low: int = 52, high: int = 98) -> Role:
    return Role("double", programs, (), low, high, -6)


def _counter(*programs: int, low: int = 52, high: int = 74) -> Role:
    return Role("counter", programs, (), low, high, -6)


def _brass(lines: str, *programs: int, low: int = 46, high: int = 69) -> Role:
    return Role("brass", programs, tuple(lines.split()), low, high, -5, 3)


def _sparkle(*programs: int, low: int = 74, high: int = 100) -> Role:
    return Role("sparkle", programs, ("glints", "chimes", "twinkle"), low, high, -18, 3)


def _kit(layer: str, lines: str, *, accent: float = 0) -> Role:
    return Role(layer, (), tuple(lines.split()), accent=accent)


STYLES: dict[str, Style] = {
    "calm": Style(
        (
            _pad(89, 88, 49, 94, voices=4),
            _arpeggio("wide rolling gapped", 46, 0, 11, 24),
            _lead(73, 68, 75, 11, 79),
            _bass("drone ballad", 43, 35, 32),
            _sparkle(8, 10, 98),
            _counter(42, 60, 71),
            _chords("held syncopated", 4, 24, 0),
            _kit("percussion", "shaker", accent=-10),
            _kit("drums", "soft", accent=-8),
            _double(40, 73, 48),
        ),
        fewest=3,
    ),
    "chill": Style(
        (
            _pad(89, 90, 50),
            _bass("soft-funk pop ballad", 33, 35, 38, 32),
            _kit("drums", "backbeat soft broken"),
            _lead(11, 65, 4, 27, 80),
            _chords("syncopated slips strum", 4, 5, 26, 24, voices=4),
            _kit("percussion", "shaker congas", accent=-8),
            _arpeggio("gapped rolling falling", 28, 46, 11, 108),
            _kit("drums-full", "brushes snare", accent=-4),
            _counter(71, 61, 52),
            _sparkle(11, 98, 8),
        ),
        fewest=3,
        swing=0.57,
        risers=(46, 11),
    ),
    "village": Style(
        (
            _chords("oompah strum offbeat", 24, 25, 21, 6),
            _bass("oompah walking pop", 32, 58, 33),
            _lead(73, 110, 21, 74, 71),
            _kit("percussion", "tambourine shaker", accent=-10),
            _arpeggio("alberti rolling turning", 46, 24, 105, 0),
            _pad(48, 49, 20),
            _counter(71, 70, 42),
            _kit("drums", "soft march"),
            _double(72, 40, 78),
            _kit("drums-full", "snare field-drum", accent=-4),
            _sparkle(9, 13, 10),
        ),
        swing=0.54,
        risers=(46, 13),
    ),
    "march": Style(
        (
            _pad(48, 49, 52),
            _kit("drums", "march backbeat march"),
            _lead(56, 60, 61, 68, 72, low=60, high=82),
            _bass("march fanfare pop", 58, 43, 32),
            _chords("military stabs offbeat", 48, 61, 45),
            _brass("fanfare swell", 61, 62),
            _kit("drums-full", "field-drum"),
            _counter(60, 57, 42, 70),
            _kit("percussion", "taiko tambourine", accent=-10),
            _double(72, 56, 73, 40),
            _arpeggio("rolling turning", 48, 45, 46),
        )
    ),
    "mystery": Style(
        (
            _pad(92, 91, 52, 95),
            _pulse("creeping ostinato creeping", 46, 12, 45, 11, low=48, high=69),
            _lead(71, 68, 11, 77, 79),
            _bass("drone creep", 43, 35, 32),
            _arpeggio("gapped turning falling", 8, 46, 11, 108),
            _kit("percussion", "woods shaker", accent=-8),
            _sparkle(98, 8, 14),
            _counter(70, 42, 69),
            _chords("held tremolo", 44, 4, 92),
            _kit("drums", "deep soft", accent=-4),
        ),
        fewest=2,
    ),
    "tense": Style(
        (
            _pad(44, 92, 50, 95, low=48, high=70),
            _pulse("creeping heartbeat creeping ticking", 45, 12, 47, 38, low=40, high=57),
            _bass("creep drone pump", 43, 39, 34),
            _lead(69, 40, 71, 60, 81, low=60, high=82),
            _kit("drums", "deep drive half-time"),
            _kit("percussion", "taiko woods", accent=-10),
            _chords("stabs tremolo slips", 48, 45, 44),
            _arpeggio("rolling turning", 12, 45, 6, 81),
            _kit("drums-full", "toms heavy snare late"),
            _brass("hits swell", 61, 62),
            _counter(42, 70, 57),
            _double(48, 40, 81),
        )
    ),
    "boss": Style(
        (
            _pad(48, 52, 50, low=48, high=70),
            _bass("pump gallop", 34, 39, 38),
            _pulse("creeping ticking creeping morse", 30, 87, 81, 45, low=40, high=60),
            _lead(81, 61, 30, 56, low=62, high=84),
            _kit("drums", "drive half-time drive"),
            _chords("stabs slips syncopated", 48, 30, 62),
            _kit("drums-full", "heavy snare late"),
            _brass("hits swell", 61, 62),
            _arpeggio("rolling turning falling", 81, 48, 16, 6),
            _kit("percussion", "taiko", accent=-12),
            _double(48, 52, 80),
            _counter(60, 57, 42),
        ),
        staccato=0.55,
        risers=(48, 44),
    ),
    "dance": Style(
        (
            _pad(90, 50, 95, 91),
            _bass("synth octaves pump", 38, 39, 87),
            _kit("drums", "four-floor four-floor broken"),
            _lead(80, 81, 83, 62),
            _chords("house slips syncopated", 90, 62, 2, 50),
            _arpeggio("rolling turning gapped", 81, 80, 98),
            _kit("drums-full", "claps"),
            _kit("percussion", "shaker tambourine", accent=-14),
            _pulse("ticking morse", 87, 28, 38),
            _counter(81, 54, 11),
            _double(81, 80, 50),
            _sparkle(98, 9, 112),
        ),
        pumps=True,
        risers=(81, 90),
    ),
    "victory": Style(
        (
            _pad(48, 49, 52),
            _lead(56, 61, 72, 80, low=62, high=84),
            _bass("fanfare pop march", 58, 33, 32),
            _kit("drums", "march backbeat"),
            _chords("offbeat stabs slips", 61, 48, 0),
            _brass("fanfare swell", 61, 62),
            _arpeggio("rolling alberti turning", 46, 48, 0),
            _kit("drums-full", "snare field-drum"),
            _counter(60, 42, 57),
            _double(72, 40, 73),
            _kit("percussion", "tambourine", accent=-12),
            _sparkle(9, 14, 8, low=72),
        )
    ),
    "sorrow": Style(
        (
            _pad(49, 48, 89, 92, voices=4, low=48, high=70),
            _lead(68, 42, 40, 69, 0, low=58, high=80),
            _arpeggio("wide rolling gapped", 0, 46, 24),
            _bass("drone ballad", 43, 32, 35),
            _counter(42, 71, 60),
            _chords("held", 48, 0, 52),
            _sparkle(8, 10, 11),
            _kit("percussion", "shaker", accent=-12),
            _kit("drums", "soft deep", accent=-8),
            _double(48, 73, 40),
        ),
        fewest=2,
    ),
}


def role_for(mood: str, layer: str) -> Role | None:
    """The role that plays ``layer`` in ``mood``: its own, or one lent by the first mood that has it."""
    if layer == "riser":
        return Role(layer, STYLES[mood].risers, (), 55, 96)
    own = STYLES[mood].role(layer)
    return own or next((role for style in STYLES.values() if (role := style.role(layer))), None)
