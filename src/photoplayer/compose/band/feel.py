"""Feel: the swing that bends the grid."""

from __future__ import annotations

from collections.abc import Iterable

from photoplayer.music.score import Note
from photoplayer.music.theory import Meter


def swung(notes: Iterable[Note], meter: Meter, *, share: float, pair_quarters: float) -> list[Note]:
    """Notes with the first half of every pair of ``pair_quarters`` stretched to ``share`` of it.

    Pairs begin on the beat, so beats, bars and whatever ends on them stay where they are. Compound
    meters have a lilt of their own and are left alone.
    """
    if meter.is_compound or share == 0.5:
        return list(notes)

    def bend(at: float) -> float:
        start = at // pair_quarters * pair_quarters
        inside = (at - start) / pair_quarters
        bent = inside * 2 * share if inside < 0.5 else share + (inside - 0.5) * 2 * (1 - share)
        return start + bent * pair_quarters

    return [Note(bend(n.onset), bend(n.offset), n.pitch, n.velocity) for n in notes]
