"""How long a held note is heard: ``--sustain sound``.

Labels made from sound, such as the pseudo-MIDI that Audeo trains with, end a held note where the string has
faded; the picture shows only when the key comes up. A piano's partials fade exponentially, at rates measured
between 1 and 100 dB a second "as a function principally of frequency" and independent of how hard the key
was struck (Martin, J. Acoust. Soc. Am. 19, 1947; Cheng, Dixon and Mauch, ICASSP 2015), while the level they
begin at is proportional to the hammer's speed (Palmer and Brown, J. Acoust. Soc. Am. 90, 1991). So a note is
taken to be heard for

    (RANGE_DB + 40 log10(velocity / 127)) / rate,    rate = 3 dB/s at the lowest key, 80 at the highest,

the rate growing by the same factor from key to key. The numbers are those of the fast first stage of the two
in which strings fade (Weinreich, J. Acoust. Soc. Am. 62, 1977), which is the one that speaks above other
notes; 40 log10 is how General MIDI 2 and DLS instruments answer to velocity. Middle C struck at 64 is heard
for 2.9 s, at 127 for 3.8 s.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from photoplayer.piano.layout import HIGHEST_PITCH, LOWEST_PITCH
from photoplayer.piano.roll import HeardNote

RANGE_DB = 50.0
"""From the loudest note to where it is lost among others."""
LOWEST_DB_PER_S, HIGHEST_DB_PER_S = 3.0, 80.0
SHORTEST_S = 0.15
"""However soft and high: the knock itself is heard so long."""


def fade(notes: Iterable[HeardNote]) -> tuple[HeardNote, ...]:
    """The notes in their order, each ending when its key comes up or, if that is earlier, has faded."""
    return tuple(
        replace(note, offset_s=min(note.offset_s, note.onset_s + heard_s(note.pitch, note.velocity)))
        for note in notes
    )


def heard_s(pitch: int, velocity: int) -> float:
    """Seconds for which a note that is held is heard."""
    share = (pitch - LOWEST_PITCH) / (HIGHEST_PITCH - LOWEST_PITCH)
    rate = LOWEST_DB_PER_S * math.pow(HIGHEST_DB_PER_S / LOWEST_DB_PER_S, share)
    level_db = RANGE_DB + 40.0 * math.log10(max(velocity, 1) / 127)
    return max(level_db / rate, SHORTEST_S)
