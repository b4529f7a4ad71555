"""Drum kits and drums of General MIDI by name."""

from __future__ import annotations

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


def drum_kit_name(program: int) -> str:
    """The GM 2 name of the drum kit that a program selects on the drum channel."""
    return _DRUM_KITS.get(program, "Drums")


def drum_name(pitch: int) -> str:
    """The GM name of a drum, e.g. ``"Bass Drum 1"`` for 36; a number for pitches GM leaves free."""
    if DRUM_LOWEST <= pitch <= DRUM_HIGHEST:
        return _DRUM_NAMES[pitch - DRUM_LOWEST]
    return f"Drum {pitch}"
