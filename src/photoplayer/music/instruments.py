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

    ``pan`` (-1..1) is its usual seat, as the audience sees it, and ``reverb`` (0..1) its usual share.
    """

    program: int
    name: str
    family: Family
    lowest: int
    highest: int
    comfortable: tuple[int, int]
    is_polyphonic: bool
    articulation: Articulation
    pan: float = 0.0
    reverb: float = 0.3

    def can_play(self, pitch: int) -> bool:
        """Whether ``pitch`` is within what the instrument reaches."""
        return self.lowest <= pitch <= self.highest


@cache
def instrument(program: int) -> Instrument:
    """The instrument of a GM program. Raises ``ValueError`` outside 0..127."""
    if not 0 <= program < len(_INSTRUMENTS):
        raise ValueError(f"program {program} is outside 0..127")
    return _INSTRUMENTS[program]


def program_name(program: int) -> str:
    """The GM name of a program, e.g. ``"Acoustic Grand Piano"`` for 0."""
    return instrument(program).name


def drum_kit_name(program: int) -> str:
    """The GM 2 name of the drum kit that a program selects on the drum channel."""
    return _DRUM_KITS.get(program, "Drums")


def drum_name(pitch: int) -> str:
    """The GM name of a drum, e.g. ``"Bass Drum 1"`` for 36; a number for pitches GM leaves free."""
    if DRUM_LOWEST <= pitch <= DRUM_HIGHEST:
        return _DRUM_NAMES[pitch - DRUM_LOWEST]
    return f"Drum {pitch}"


DRUM_LOWEST, DRUM_HIGHEST = 35, 81
"""The drums that General MIDI names; players of MIDI files may be silent on others."""

_DRUM_KITS = {
    0: "Standard Kit",
    8: "Room Kit",
    16: "Power Kit",
    24: "Electronic Kit",
    25: "Analog Kit",
    32: "Jazz Kit",
    40: "Brush Kit",
    48: "Orchestra Kit",
    56: "Effects Kit",
}

_DRUM_NAMES = """
Acoustic Bass Drum|Bass Drum 1|Side Stick|Acoustic Snare|Hand Clap|Electric Snare|Low Floor Tom|
Closed Hi-Hat|High Floor Tom|Pedal Hi-Hat|Low Tom|Open Hi-Hat|Low-Mid Tom|Hi-Mid Tom|Crash Cymbal 1|
High Tom|Ride Cymbal 1|Chinese Cymbal|Ride Bell|Tambourine|Splash Cymbal|Cowbell|Crash Cymbal 2|
Vibraslap|Ride Cymbal 2|Hi Bongo|Low Bongo|Mute Hi Conga|Open Hi Conga|Low Conga|High Timbale|
Low Timbale|High Agogo|Low Agogo|Cabasa|Maracas|Short Whistle|Long Whistle|Short Guiro|Long Guiro|
Claves|Hi Wood Block|Low Wood Block|Mute Cuica|Open Cuica|Mute Triangle|Open Triangle
""".replace("\n", "").split("|")

# name | lowest highest comfortable-low comfortable-high | P(olyphonic) or M(onophonic) |
# s(ustained) p(lucked) k (struck) | pan | reverb ; one family a block.
_TABLE = """
piano
Acoustic Grand Piano | 21 108 33 96 | P k 0 .3
Bright Acoustic Piano | 21 108 33 96 | P k 0 .3
Electric Grand Piano | 21 108 33 96 | P k 0 .3
Honky-tonk Piano | 21 108 36 96 | P k 0 .25
Electric Piano 1 | 28 103 36 91 | P k 0 .3
Electric Piano 2 | 28 103 36 91 | P k 0 .3
Harpsichord | 29 89 36 84 | P p .1 .35
Clavinet | 29 89 36 84 | P p .1 .2
chromatic percussion
Celesta | 60 108 60 103 | P k .3 .4
Glockenspiel | 79 108 79 103 | P k .3 .4
Music Box | 60 108 60 96 | P k .2 .4
Vibraphone | 53 89 55 86 | P k .25 .4
Marimba | 45 96 48 91 | P k .25 .3
Xylophone | 65 108 67 103 | P k .3 .3
Tubular Bells | 60 77 60 77 | P k .35 .5
Dulcimer | 50 86 55 84 | P p .2 .35
organ
Drawbar Organ | 36 96 36 91 | P s 0 .3
Percussive Organ | 36 96 36 91 | P s 0 .3
Rock Organ | 36 96 36 91 | P s 0 .25
Church Organ | 24 108 36 96 | P s 0 .6
Reed Organ | 36 96 36 91 | P s 0 .35
Accordion | 41 93 53 89 | P s .15 .3
Harmonica | 60 96 60 91 | P s .15 .3
Tango Accordion | 41 93 53 89 | P s .15 .3
guitar
Acoustic Guitar (nylon) | 40 88 40 79 | P p -.25 .3
Acoustic Guitar (steel) | 40 88 40 79 | P p -.25 .3
Electric Guitar (jazz) | 40 86 40 81 | P p -.25 .25
Electric Guitar (clean) | 40 86 40 81 | P p -.3 .25
Electric Guitar (muted) | 40 86 40 76 | P p -.3 .15
Overdriven Guitar | 38 86 40 81 | P s -.3 .2
Distortion Guitar | 38 86 40 81 | P s .3 .2
Guitar Harmonics | 40 91 52 88 | P p -.2 .35
bass
Acoustic Bass | 28 67 28 55 | M p 0 .15
Electric Bass (finger) | 28 67 28 55 | M p 0 .1
Electric Bass (pick) | 28 67 28 55 | M p 0 .1
Fretless Bass | 28 67 28 55 | M p 0 .15
Slap Bass 1 | 28 67 28 55 | M p 0 .1
Slap Bass 2 | 28 67 28 55 | M p 0 .1
Synth Bass 1 | 24 72 28 60 | M p 0 .1
Synth Bass 2 | 24 72 28 60 | M p 0 .1
strings
Violin | 55 103 55 93 | M s -.4 .4
Viola | 48 91 48 81 | M s .2 .4
Cello | 36 76 36 69 | M s .35 .4
Contrabass | 28 67 28 55 | M s .45 .35
Tremolo Strings | 28 103 36 96 | P s 0 .45
Pizzicato Strings | 28 103 36 91 | P p 0 .4
Orchestral Harp | 24 103 31 96 | P p -.5 .45
Timpani | 38 57 40 55 | P k .2 .45
ensemble
String Ensemble 1 | 28 103 36 96 | P s 0 .45
String Ensemble 2 | 28 103 36 96 | P s 0 .45
Synth Strings 1 | 28 103 36 96 | P s 0 .4
Synth Strings 2 | 28 103 36 96 | P s 0 .4
Choir Aahs | 40 84 43 79 | P s 0 .5
Voice Oohs | 40 84 43 79 | P s 0 .5
Synth Voice | 40 91 43 84 | P s 0 .45
Orchestra Hit | 36 84 48 72 | P k 0 .35
brass
Trumpet | 52 87 55 82 | M s .25 .35
Trombone | 34 77 40 70 | M s .35 .35
Tuba | 26 65 28 58 | M s .4 .3
Muted Trumpet | 52 87 55 82 | M s .25 .35
French Horn | 34 77 41 72 | M s -.3 .45
Brass Section | 34 87 41 82 | P s .2 .35
Synth Brass 1 | 34 91 41 84 | P s .2 .3
Synth Brass 2 | 34 91 41 84 | P s .2 .3
reed
Soprano Sax | 56 87 58 84 | M s .15 .3
Alto Sax | 49 81 52 78 | M s .15 .3
Tenor Sax | 44 76 46 73 | M s .15 .3
Baritone Sax | 36 69 39 66 | M s .2 .3
Oboe | 58 93 60 86 | M s .1 .4
English Horn | 52 84 54 79 | M s .15 .4
Bassoon | 34 75 36 67 | M s .15 .4
Clarinet | 50 94 52 87 | M s -.1 .4
pipe
Piccolo | 74 108 76 103 | M s -.15 .4
Flute | 59 98 62 91 | M s -.1 .4
Recorder | 60 98 65 91 | M s -.1 .4
Pan Flute | 60 96 62 91 | M s -.15 .45
Blown Bottle | 60 96 60 84 | M s -.15 .45
Shakuhachi | 55 91 57 86 | M s -.15 .5
Whistle | 62 98 67 93 | M s -.1 .4
Ocarina | 60 91 62 84 | M s -.1 .4
synth lead
Lead 1 (square) | 36 103 48 91 | M s 0 .3
Lead 2 (sawtooth) | 36 103 48 91 | M s 0 .3
Lead 3 (calliope) | 48 103 55 91 | M s 0 .35
Lead 4 (chiff) | 48 103 55 91 | M s 0 .3
Lead 5 (charang) | 36 96 48 86 | M s 0 .3
Lead 6 (voice) | 40 96 48 86 | M s 0 .4
Lead 7 (fifths) | 36 96 48 84 | M s 0 .3
Lead 8 (bass + lead) | 28 96 40 84 | M s 0 .25
synth pad
Pad 1 (new age) | 36 96 43 84 | P s 0 .5
Pad 2 (warm) | 36 96 43 84 | P s 0 .5
Pad 3 (polysynth) | 36 96 43 84 | P s 0 .4
Pad 4 (choir) | 36 96 43 84 | P s 0 .5
Pad 5 (bowed) | 36 96 43 84 | P s 0 .5
Pad 6 (metallic) | 36 96 43 84 | P s 0 .45
Pad 7 (halo) | 36 96 43 84 | P s 0 .5
Pad 8 (sweep) | 36 96 43 84 | P s 0 .45
synth effects
FX 1 (rain) | 36 96 48 84 | P s 0 .5
FX 2 (soundtrack) | 36 96 40 84 | P s 0 .5
FX 3 (crystal) | 48 103 55 96 | P k 0 .5
FX 4 (atmosphere) | 36 96 43 84 | P p 0 .5
FX 5 (brightness) | 36 96 48 84 | P s 0 .45
FX 6 (goblins) | 36 96 43 84 | P s 0 .5
FX 7 (echoes) | 36 96 48 84 | P s 0 .5
FX 8 (sci-fi) | 36 96 48 84 | P s 0 .5
ethnic
Sitar | 48 84 50 79 | P p -.2 .35
Banjo | 48 86 50 81 | P p -.25 .25
Shamisen | 48 84 50 79 | P p -.2 .3
Koto | 43 91 48 86 | P p -.2 .35
Kalimba | 55 91 57 88 | P p .2 .35
Bagpipe | 55 81 57 79 | M s .1 .35
Fiddle | 55 103 55 93 | M s -.3 .35
Shanai | 58 91 60 84 | M s .1 .4
percussive
Tinkle Bell | 60 108 72 103 | P k .3 .45
Agogo | 48 84 55 79 | P k .3 .3
Steel Drums | 52 91 55 86 | P k .2 .35
Woodblock | 48 84 55 79 | P k .3 .3
Taiko Drum | 28 72 36 60 | P k 0 .45
Melodic Tom | 36 72 41 67 | P k 0 .35
Synth Drum | 36 72 41 67 | P k 0 .3
Reverse Cymbal | 0 127 48 72 | P s 0 .4
sound effects
Guitar Fret Noise | 0 127 48 72 | P p -.2 .2
Breath Noise | 0 127 48 72 | P s 0 .2
Seashore | 0 127 48 72 | P s 0 .4
Bird Tweet | 0 127 48 72 | P s 0 .4
Telephone Ring | 0 127 48 72 | P s 0 .2
Helicopter | 0 127 48 72 | P s 0 .3
Applause | 0 127 48 72 | P s 0 .3
Gunshot | 0 127 48 72 | P k 0 .3
"""

_ARTICULATIONS: dict[str, Articulation] = {"s": "sustained", "p": "plucked", "k": "struck"}


def _read_table(text: str) -> tuple[Instrument, ...]:
    found: list[Instrument] = []
    family = ""
    for line in text.strip().splitlines():
        if "|" not in line:
            family = line
            continue
        name, ranges, rest = (cell.strip() for cell in line.split("|"))
        lowest, highest, low, high = map(int, ranges.split())
        voices, articulation, pan, reverb = rest.split()
        found.append(
            Instrument(
                program=len(found),
                name=name,
                family=family,  # type: ignore[arg-type]  # the table's blocks are the literals above
                lowest=lowest,
                highest=highest,
                comfortable=(low, high),
                is_polyphonic=voices == "P",
                articulation=_ARTICULATIONS[articulation],
                pan=float(pan),
                reverb=float(reverb),
            )
        )
    return tuple(found)


_INSTRUMENTS = _read_table(_TABLE)
