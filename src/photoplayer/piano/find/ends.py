"""Where the row of black keys ends: which of those read are truly there, and whether the picture goes on."""

from __future__ import annotations

from photoplayer.piano.find.evidence import black_aside, brightness, stands_out
from photoplayer.piano.find.refine import Fit
from photoplayer.piano.find.which import Seen
from photoplayer.piano.layout import is_black, key_middle

_THERE, _STILL_THERE = 0.2, 0.1
"""How much a black key must stand out; less where a bar was read as one already."""
_BEYOND = 2
"""Black keys looked for past the outermost, and places there that must be shown bare to call it an end."""


def seen_keys(fit: Fit, lowest: int, highest: int) -> Seen | None:
    """The outermost black keys truly there; None if hardly one is.

    Hands hide keys in the middle, so only from the ends on what does not stand out is taken away.
    """
    light = brightness(fit.strip)
    aside = black_aside(fit)

    def out(pitch: int) -> float | None:
        x = key_middle(pitch)
        return stands_out(fit.strip, x + aside(x), light)

    there = [
        pitch
        for pitch in range(lowest - 5, highest + 6)
        if is_black(pitch) and (share := out(pitch)) is not None and share > (_STILL_THERE if lowest <= pitch <= highest else _THERE)
    ]
    there = _without_stragglers(there)
    if len(there) < 4:
        return None
    return Seen(there[0], there[-1], _ends(out, there[0], -1), _ends(out, there[-1], 1))


def one_less(fit: Fit, seen: Seen) -> Seen:
    """Without the outermost key that stands out less: where one more was seen than any piano has."""
    light = brightness(fit.strip)
    low, high = (stands_out(fit.strip, key_middle(p), light) or 0.0 for p in (seen.lowest, seen.highest))
    step = 1 if low < high else -1
    pitch = (seen.lowest if low < high else seen.highest) + step
    while not is_black(pitch):
        pitch += step
    if low < high:
        return Seen(pitch, seen.highest, True, seen.ends_high)
    return Seen(seen.lowest, pitch, seen.ends_low, True)


def _ends(out, pitch: int, step: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether the next black keys would be in the picture and are not."""
    beyond = []
    while len(beyond) < _BEYOND:
        pitch += step
        if is_black(pitch):
            beyond.append(out(pitch))
    return beyond[0] is not None and all(share is None or share <= _THERE for share in beyond)


def _without_stragglers(there: list[int]) -> list[int]:
    """Without keys at the ends that two or more missing ones part from the rest."""
    blacks = [p for p in range(there[0], there[-1] + 1) if is_black(p)] if there else []
    place = {pitch: i for i, pitch in enumerate(blacks)}
    while len(there) > 4 and place[there[1]] - place[there[0]] > 2:
        there = there[1:]
    while len(there) > 4 and place[there[-1]] - place[there[-2]] > 2:
        there = there[:-1]
    return there
