"""What the instruments of General MIDI can play.

Ranges are sounding MIDI pitches. ``lowest`` to ``highest`` is what a good player reaches (Adler, *The
Study of Orchestration*, tables of ranges; Samuel Adler's professional ranges where he gives two);
``comfortable`` is where an arranger writes without a reason to leave. Synthetic sounds have no player;
their range is where their GM patches still sound like themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

Articulation = Literal["sustained", "plucked", "struck"]

Family = Literal[
    "piano",
    "chromatic percussion",
    "organ",
    "guitar",
    "bass",
    "strings",
    "ensemble",
    "brass",
    "reed",
    "pipe",
    "synth lead",
    "synth pad",
    "synth effects",
    "ethnic",
    "percussive",
    "sound effects",
]


@dataclass(frozen=True, slots=True)
class Instrument:
    """One General MIDI program (0..127).

    ``most_notes`` is how many a player can begin at once. ``lasts_s`` depends on the articulation: a
    plucked or struck note in the middle of the range rings so long wherever its key comes up (0: it is
    damped then), a sustained one must end when so much breath is spent (0: bow, bellows or electricity
    never run out). ``pan`` (-1..1) is its usual seat, as the audience sees it, and
    ``reverb`` (0..1) its usual share.
    """

    program: int
    name: str
    family: Family
    lowest: int
    highest: int
    comfortable: tuple[int, int]
    most_notes: int
    articulation: Articulation
    lasts_s: float
    pan: float = 0.0
    reverb: float = 0.3

    @property
    def is_polyphonic(self) -> bool:
        """Whether more than one note can be played at once."""
        return self.most_notes > 1

    @property
    def ring_s(self) -> float:
        """Seconds a note rings of itself; 0 where it ends with its key."""
        return 0.0 if self.articulation == "sustained" else self.lasts_s

    @property
    def breath_s(self) -> float:
        """Seconds a breath lasts; 0 where none is needed."""
        return self.lasts_s if self.articulation == "sustained" else 0.0

    def can_play(self, pitch: int) -> bool:
        """Whether ``pitch`` is within what the instrument reaches."""
        return self.lowest <= pitch <= self.highest


PROGRAMS = range(128)
"""The programs of General MIDI, as MIDI files number them."""


@cache
def instrument(program: int) -> Instrument:
    """The instrument of a GM program. Raises ``ValueError`` outside 0..127."""
    if program not in PROGRAMS:
        raise ValueError(f"program {program} is outside 0..127")
    return _INSTRUMENTS[program]


def program_name(program: int) -> str:
    """The GM name of a program, e.g. ``"Acoustic Grand Piano"`` for 0."""
    return instrument(program).name


# name | lowest highest comfortable-low comfortable-high | most notes at once, s(ustained) p(lucked)
# k (struck), seconds it lasts | pan reverb ; one family a block.
_TABLE = """
piano
Acoustic Grand Piano | 21 108 33 96 | 88 k 0 | 0 .3
Bright Acoustic Piano | 21 108 33 96 | 88 k 0 | 0 .3
Electric Grand Piano | 21 108 33 96 | 88 k 0 | 0 .3
Honky-tonk Piano | 21 108 36 96 | 88 k 0 | 0 .25
Electric Piano 1 | 28 103 36 91 | 88 k 0 | 0 .3
Electric Piano 2 | 28 103 36 91 | 88 k 0 | 0 .3
Harpsichord | 29 89 36 84 | 10 p 0 | .1 .35
Clavinet | 29 89 36 84 | 10 p 0 | .1 .2
chromatic percussion
Celesta | 60 108 60 103 | 10 k 0 | .3 .4
Glockenspiel | 79 108 79 103 | 2 k 2.0 | .3 .4
Music Box | 60 108 60 96 | 8 k 1.5 | .2 .4
Vibraphone | 53 89 55 86 | 4 k 0 | .25 .4
Marimba | 45 96 48 91 | 4 k 0.8 | .25 .3
Xylophone | 65 108 67 103 | 4 k 0.4 | .3 .3
Tubular Bells | 60 77 60 77 | 2 k 5.0 | .35 .5
Dulcimer | 50 86 55 84 | 2 p 1.5 | .2 .35
organ
Drawbar Organ | 36 96 36 91 | 12 s 0 | 0 .3
Percussive Organ | 36 96 36 91 | 12 s 0 | 0 .3
Rock Organ | 36 96 36 91 | 12 s 0 | 0 .25
Church Organ | 24 108 36 96 | 12 s 0 | 0 .6
Reed Organ | 36 96 36 91 | 12 s 0 | 0 .35
Accordion | 41 93 53 89 | 12 s 0 | .15 .3
Harmonica | 60 96 60 91 | 4 s 8 | .15 .3
Tango Accordion | 41 93 53 89 | 12 s 0 | .15 .3
guitar
Acoustic Guitar (nylon) | 40 88 40 79 | 6 p 2.5 | -.25 .3
Acoustic Guitar (steel) | 40 88 40 79 | 6 p 3.0 | -.25 .3
Electric Guitar (jazz) | 40 86 40 81 | 6 p 3.0 | -.25 .25
Electric Guitar (clean) | 40 86 40 81 | 6 p 3.5 | -.3 .25
Electric Guitar (muted) | 40 86 40 76 | 6 p 0.4 | -.3 .15
Overdriven Guitar | 38 86 40 81 | 6 s 0 | -.3 .2
Distortion Guitar | 38 86 40 81 | 6 s 0 | .3 .2
Guitar Harmonics | 40 91 52 88 | 6 p 2.5 | -.2 .35
bass
Acoustic Bass | 28 67 28 55 | 1 p 0 | 0 .15
Electric Bass (finger) | 28 67 28 55 | 1 p 0 | 0 .1
Electric Bass (pick) | 28 67 28 55 | 1 p 0 | 0 .1
Fretless Bass | 28 67 28 55 | 1 p 0 | 0 .15
Slap Bass 1 | 28 67 28 55 | 1 p 0 | 0 .1
Slap Bass 2 | 28 67 28 55 | 1 p 0 | 0 .1
Synth Bass 1 | 24 72 28 60 | 1 p 0 | 0 .1
Synth Bass 2 | 24 72 28 60 | 1 p 0 | 0 .1
strings
Violin | 55 103 55 93 | 1 s 0 | -.4 .4
Viola | 48 91 48 81 | 1 s 0 | .2 .4
Cello | 36 76 36 69 | 1 s 0 | .35 .4
Contrabass | 28 67 28 55 | 1 s 0 | .45 .35
Tremolo Strings | 28 103 36 96 | 12 s 0 | 0 .45
Pizzicato Strings | 28 103 36 91 | 12 p 0.6 | 0 .4
Orchestral Harp | 24 103 31 96 | 8 p 3.5 | -.5 .45
Timpani | 38 57 40 55 | 2 k 2.0 | .2 .45
ensemble
String Ensemble 1 | 28 103 36 96 | 12 s 0 | 0 .45
String Ensemble 2 | 28 103 36 96 | 12 s 0 | 0 .45
Synth Strings 1 | 28 103 36 96 | 12 s 0 | 0 .4
Synth Strings 2 | 28 103 36 96 | 12 s 0 | 0 .4
Choir Aahs | 40 84 43 79 | 8 s 9 | 0 .5
Voice Oohs | 40 84 43 79 | 8 s 9 | 0 .5
Synth Voice | 40 91 43 84 | 8 s 0 | 0 .45
Orchestra Hit | 36 84 48 72 | 4 k 1.0 | 0 .35
brass
Trumpet | 52 87 55 82 | 1 s 9 | .25 .35
Trombone | 34 77 40 70 | 1 s 7 | .35 .35
Tuba | 26 65 28 58 | 1 s 5 | .4 .3
Muted Trumpet | 52 87 55 82 | 1 s 9 | .25 .35
French Horn | 34 77 41 72 | 1 s 9 | -.3 .45
Brass Section | 34 87 41 82 | 8 s 8 | .2 .35
Synth Brass 1 | 34 91 41 84 | 8 s 0 | .2 .3
Synth Brass 2 | 34 91 41 84 | 8 s 0 | .2 .3
reed
Soprano Sax | 56 87 58 84 | 1 s 10 | .15 .3
Alto Sax | 49 81 52 78 | 1 s 9 | .15 .3
Tenor Sax | 44 76 46 73 | 1 s 8 | .15 .3
Baritone Sax | 36 69 39 66 | 1 s 7 | .2 .3
Oboe | 58 93 60 86 | 1 s 14 | .1 .4
English Horn | 52 84 54 79 | 1 s 12 | .15 .4
Bassoon | 34 75 36 67 | 1 s 10 | .15 .4
Clarinet | 50 94 52 87 | 1 s 11 | -.1 .4
pipe
Piccolo | 74 108 76 103 | 1 s 7 | -.15 .4
Flute | 59 98 62 91 | 1 s 7 | -.1 .4
Recorder | 60 98 65 91 | 1 s 9 | -.1 .4
Pan Flute | 60 96 62 91 | 1 s 6 | -.15 .45
Blown Bottle | 60 96 60 84 | 1 s 5 | -.15 .45
Shakuhachi | 55 91 57 86 | 1 s 8 | -.15 .5
Whistle | 62 98 67 93 | 1 s 7 | -.1 .4
Ocarina | 60 91 62 84 | 1 s 7 | -.1 .4
synth lead
Lead 1 (square) | 36 103 48 91 | 1 s 0 | 0 .3
Lead 2 (sawtooth) | 36 103 48 91 | 1 s 0 | 0 .3
Lead 3 (calliope) | 48 103 55 91 | 1 s 0 | 0 .35
Lead 4 (chiff) | 48 103 55 91 | 1 s 0 | 0 .3
Lead 5 (charang) | 36 96 48 86 | 1 s 0 | 0 .3
Lead 6 (voice) | 40 96 48 86 | 1 s 0 | 0 .4
Lead 7 (fifths) | 36 96 48 84 | 1 s 0 | 0 .3
Lead 8 (bass + lead) | 28 96 40 84 | 1 s 0 | 0 .25
synth pad
Pad 1 (new age) | 36 96 43 84 | 10 s 0 | 0 .5
Pad 2 (warm) | 36 96 43 84 | 10 s 0 | 0 .5
Pad 3 (polysynth) | 36 96 43 84 | 10 s 0 | 0 .4
Pad 4 (choir) | 36 96 43 84 | 10 s 0 | 0 .5
Pad 5 (bowed) | 36 96 43 84 | 10 s 0 | 0 .5
Pad 6 (metallic) | 36 96 43 84 | 10 s 0 | 0 .45
Pad 7 (halo) | 36 96 43 84 | 10 s 0 | 0 .5
Pad 8 (sweep) | 36 96 43 84 | 10 s 0 | 0 .45
synth effects
FX 1 (rain) | 36 96 48 84 | 10 s 0 | 0 .5
FX 2 (soundtrack) | 36 96 40 84 | 10 s 0 | 0 .5
FX 3 (crystal) | 48 103 55 96 | 10 k 3.0 | 0 .5
FX 4 (atmosphere) | 36 96 43 84 | 10 p 3.0 | 0 .5
FX 5 (brightness) | 36 96 48 84 | 10 s 0 | 0 .45
FX 6 (goblins) | 36 96 43 84 | 10 s 0 | 0 .5
FX 7 (echoes) | 36 96 48 84 | 10 s 0 | 0 .5
FX 8 (sci-fi) | 36 96 48 84 | 10 s 0 | 0 .5
ethnic
Sitar | 48 84 50 79 | 2 p 3.0 | -.2 .35
Banjo | 48 86 50 81 | 5 p 1.0 | -.25 .25
Shamisen | 48 84 50 79 | 3 p 0.8 | -.2 .3
Koto | 43 91 48 86 | 4 p 2.5 | -.2 .35
Kalimba | 55 91 57 88 | 2 p 1.2 | .2 .35
Bagpipe | 55 81 57 79 | 1 s 0 | .1 .35
Fiddle | 55 103 55 93 | 1 s 0 | -.3 .35
Shanai | 58 91 60 84 | 1 s 9 | .1 .4
percussive
Tinkle Bell | 60 108 72 103 | 2 k 2.0 | .3 .45
Agogo | 48 84 55 79 | 2 k 0.5 | .3 .3
Steel Drums | 52 91 55 86 | 4 k 0.8 | .2 .35
Woodblock | 48 84 55 79 | 2 k 0.2 | .3 .3
Taiko Drum | 28 72 36 60 | 2 k 1.5 | 0 .45
Melodic Tom | 36 72 41 67 | 2 k 0.7 | 0 .35
Synth Drum | 36 72 41 67 | 2 k 0.7 | 0 .3
Reverse Cymbal | 0 127 48 72 | 1 s 0 | 0 .4
sound effects
Guitar Fret Noise | 0 127 48 72 | 4 p 0 | -.2 .2
Breath Noise | 0 127 48 72 | 4 s 0 | 0 .2
Seashore | 0 127 48 72 | 4 s 0 | 0 .4
Bird Tweet | 0 127 48 72 | 4 s 0 | 0 .4
Telephone Ring | 0 127 48 72 | 4 s 0 | 0 .2
Helicopter | 0 127 48 72 | 4 s 0 | 0 .3
Applause | 0 127 48 72 | 4 s 0 | 0 .3
Gunshot | 0 127 48 72 | 4 k 0 | 0 .3
"""

_ARTICULATIONS: dict[str, Articulation] = {"s": "sustained", "p": "plucked", "k": "struck"}


def _read_table(text: str) -> tuple[Instrument, ...]:
    found: list[Instrument] = []
    family = ""
    for line in text.strip().splitlines():
        if "|" not in line:
            family = line
            continue
        name, ranges, playing, place = (cell.strip() for cell in line.split("|"))
        lowest, highest, low, high = map(int, ranges.split())
        most_notes, articulation, lasts_s = playing.split()
        pan, reverb = place.split()
        found.append(
            Instrument(
                program=len(found),
                name=name,
                family=family,  # type: ignore[arg-type]  # the table's blocks are the literals above
                lowest=lowest,
                highest=highest,
                comfortable=(low, high),
                most_notes=int(most_notes),
                articulation=_ARTICULATIONS[articulation],
                lasts_s=float(lasts_s),
                pan=float(pan),
                reverb=float(reverb),
            )
        )
    return tuple(found)


_INSTRUMENTS = _read_table(_TABLE)
