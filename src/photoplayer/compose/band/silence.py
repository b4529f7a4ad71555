"""No bar is silent by accident, and no layer that was asked for: where players rest, one plays a note."""

from __future__ import annotations

from photoplayer.compose.band.drums import STROKE_QUARTERS
from photoplayer.compose.band.energy import velocity
from photoplayer.compose.band.layers import LAYERS
from photoplayer.compose.band.passage import Bar, Passage
from photoplayer.compose.band.players import nearest
from photoplayer.compose.band.styles.drum_grids import KICK
from photoplayer.music.instruments import instrument
from photoplayer.music.score import Note


def fill_silence(passage: Passage, lines: dict[tuple[str, int | None], list[Note]]) -> None:
    """Add a note to every bar in which nothing sounds though some layer may play, and to every layer
    that the section must have but whose player found nothing to play."""
    for (layer, program), notes in lines.items():
        if layer in passage.section.must_have and not notes:
            notes.append(_stopgap(passage, passage.bars[0], program))
    sounding = _sounding_bars(passage, lines)
    for bar in passage.bars:
        if bar.index in sounding:
            continue
        free = [key for key in lines if key[0] in bar.layers]
        free.sort(key=lambda key: (key[1] is None, list(LAYERS).index(key[0])))
        if free:
            layer, program = free[0]
            lines[layer, program].append(_stopgap(passage, bar, program))


def _sounding_bars(passage: Passage, lines: dict[tuple[str, int | None], list[Note]]) -> set[int]:
    found: set[int] = set()
    for notes in lines.values():
        for note in notes:
            last = passage.bar_at(max(note.onset, note.offset - 1e-3)).index
            found.update(range(passage.bar_at(note.onset).index, last + 1))
    return found


def _stopgap(passage: Passage, bar: Bar, program: int | None) -> Note:
    loud = velocity(bar.energy, accent=-6)
    if program is None:
        return Note(bar.onset, bar.onset + STROKE_QUARTERS, KICK, loud)
    low, high = instrument(program).comfortable
    span = passage.span_at(bar.onset)
    pitch = nearest([span.chord.root], (low + high) // 2, low, high)
    return Note(bar.onset, min(span.offset, bar.onset + passage.bar_quarters), pitch, loud)
