"""The moods: what each one feels like, and the tempo, modes and meters it lives in.

Engines share these; how a mood sounds (chords, patterns, instruments) is each engine's own matter.
The affect coordinates follow the working table of scene to music rules: tempo and density rise with
arousal, the mode darkens as valence falls, tension brings drones, low register and dissonance
(Eerola, Friberg & Bresin 2013; Gabrielsson & Lindström 2010). The fight's mood lies where the rule table
(``scene/affect.py``) puts a fight in which danger is near and blood is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from photoplayer.music.theory import Meter, Mode

_4_4, _3_4, _6_8 = Meter(4, 4), Meter(3, 4), Meter(6, 8)


@dataclass(frozen=True)
class Mood:
    """``valence`` -1..1, ``arousal`` and ``tension`` 0..1; ``bpm`` in felt beats; the first mode and
    meter are the usual ones."""

    name: str
    description: str
    valence: float
    arousal: float
    tension: float
    bpm: tuple[float, float]
    modes: tuple[Mode, ...]
    meters: tuple[Meter, ...]


MOODS: dict[str, Mood] = {
    mood.name: mood
    for mood in (
        Mood("calm", "wide and still: menus, meadows, the sky", 0.35, 0.10, 0.10, (60, 88),
             ("lydian", "major"), (_4_4, _3_4, _6_8)),
        Mood("chill", "relaxed groove: building, trading, puzzles", 0.30, 0.35, 0.15, (76, 104),
             ("dorian", "major", "mixolydian"), (_4_4,)),
        Mood("village", "people, markets, home", 0.70, 0.45, 0.10, (92, 126),
             ("major", "mixolydian"), (_3_4, _4_4, _6_8)),
        Mood("march", "setting out, heroes, armies", 0.45, 0.65, 0.35, (100, 126),
             ("major", "mixolydian", "dorian"), (_4_4, _6_8)),
        Mood("mystery", "caves, ruins, the unknown", -0.20, 0.25, 0.50, (66, 96),
             ("dorian", "minor", "phrygian"), (_4_4, _6_8, _3_4)),
        Mood("tense", "stealth, danger near, dungeons", -0.45, 0.50, 0.75, (84, 120),
             ("minor", "phrygian", "dorian"), (_4_4, _6_8, _3_4)),
        Mood("boss", "the fight", -0.50, 0.85, 0.65, (128, 172),
             ("minor", "phrygian"), (_4_4, _6_8)),
        Mood("dance", "racing, neon, rhythm", 0.35, 0.85, 0.35, (118, 138),
             ("minor", "dorian", "major"), (_4_4,)),
        Mood("victory", "won: fanfares and credits", 0.90, 0.75, 0.15, (108, 144),
             ("major", "lydian"), (_4_4, _3_4)),
        Mood("sorrow", "loss, defeat, rain", -0.70, 0.15, 0.30, (56, 80),
             ("minor", "dorian"), (_4_4, _3_4, _6_8)),
    )
}  # fmt: skip
