"""A network on pictures unlike those it knows says less than it sees: how shy it is, told from its roll.

A key is held or not, and a network that is at home says so: of all moments in which it takes a key for held
at all, it is sure in most. Where it is sure in few, all its words are raised, the more the fewer. Measured
with a network that had learnt one camera for 20 minutes: on left-out pianists before that camera the sure
shares are .47 to .86, and raising changes nothing; on rendered pianos they are .10 to .69, and raising gains
3 points (mean of onset F1 at 50 and 100 ms and onset-and-offset F1 at 50 ms). Nothing is raised before keys
were held for sure for a second in all: hands that rest do not become notes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from photoplayer.piano.decoder_settings import DecoderSettings
from photoplayer.piano.evidence import frame_lengths_s
from photoplayer.piano.roll import Roll

AT_ALL, SURE = 0.2, 0.9
LEAST_SURE_S = 1.0


@dataclass(frozen=True)
class Heard:
    """Seconds of keys taken for held at all, and of those for sure; add two to pool stretches."""

    at_all_s: float = 0.0
    sure_s: float = 0.0

    def __add__(self, other: Heard) -> Heard:
        return Heard(self.at_all_s + other.at_all_s, self.sure_s + other.sure_s)


def heard(roll: Roll) -> Heard:
    """What a stretch holds."""
    frame_s = frame_lengths_s(roll.times_s)[:, None]
    return Heard(
        at_all_s=float(((roll.down > AT_ALL) * frame_s).sum()),
        sure_s=float(((roll.down > SURE) * frame_s).sum()),
    )


def raised(settings: DecoderSettings, so_far: Heard) -> DecoderSettings:
    """The settings for a network that has said so much so far."""
    if so_far.sure_s < LEAST_SURE_S:
        return settings
    lack = settings.sure_share - so_far.sure_s / so_far.at_all_s
    lift = min(max(lack * settings.shy_lift, 0.0), settings.most_lift)
    return replace(
        settings,
        press_bias=settings.press_bias + lift,
        release_bias=settings.release_bias + lift,
        held_bias=settings.held_bias + lift,
    )
