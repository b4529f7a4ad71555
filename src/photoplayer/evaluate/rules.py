"""Faults that a player or a theory teacher would mark, counted from the notes alone.

Each check gives a :class:`Rate`: how many, of how many that could have been. All look at a Score, so
they judge any MIDI file; the keys they judge by are the score's own, and where it has none, the major
or minor scale that holds most of its notes.

* **Out of key**: not in the mode's scale (in minor modes the raised sixth and seventh belong to it),
  and no passing or neighbour tone: short, with a note of the key a step before and a step after in
  the same part.
* **Parallels**: melody and bass both move, the same way, from one perfect fifth (or octave) to another.
* **Empty bars**: nothing sounds from bar line to bar line, between the first note and the last.
* **Stuck notes**: longer than four bars of their meter, or sounding after the score's end.
* **Out of range**: a pitch that the part's instrument does not have.
* **Unended notes**: of the bytes of a MIDI file, which a synthesiser would hold or cut (a Score has none).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from photoplayer.evaluate.symbolic import pitched_notes
from photoplayer.music.bars import bars
from photoplayer.music.instruments import instrument
from photoplayer.music.melody import find_melody, skyline
from photoplayer.music.midi_parse import parse_midi
from photoplayer.music.score import Note, Part, Score
from photoplayer.music.theory import MODE_STEPS, Key

STUCK_BARS = 4
"""A note longer than this many bars counts as stuck."""

_LONGEST_ORNAMENT_QUARTERS = 1.0
_SLACK_QUARTERS = 1e-3  # a tick of 960 is 0.00104
_GM2_DRUMS = range(27, 88)
_OCTAVE, _FIFTH = 0, 7


@dataclass(frozen=True, slots=True)
class Rate:
    """``count`` faults of ``of`` possible ones; rates of several pieces add up."""

    count: int = 0
    of: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.count + other.count, self.of + other.of)

    @property
    def share(self) -> float:
        """``count / of``; 0 where nothing was possible."""
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Faults:
    """All checks of one score or, added up, of many."""

    out_of_key: Rate = Rate()
    parallel_fifths: Rate = Rate()
    parallel_octaves: Rate = Rate()
    empty_bars: Rate = Rate()
    stuck_notes: Rate = Rate()
    out_of_range: Rate = Rate()

    def __add__(self, other: Faults) -> Faults:
        return Faults(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def find_faults(score: Score) -> Faults:
    """Every check on one score."""
    melody, bass = melody_line(score), bass_line(score)
    return Faults(
        out_of_key=out_of_key_notes(score),
        parallel_fifths=parallel_moves(melody, bass, _FIFTH),
        parallel_octaves=parallel_moves(melody, bass, _OCTAVE),
        empty_bars=empty_bars(score),
        stuck_notes=stuck_notes(score),
        out_of_range=out_of_range_notes(score),
    )


def out_of_key_notes(score: Score) -> Rate:
    """Pitched notes outside the key that are no passing or neighbour tones."""
    in_key = _key_test(score)
    rate = Rate()
    for part in score.parts:
        if part.is_drum:
            continue
        chords = _by_onset(part.notes)
        for index, chord in enumerate(chords):
            before = chords[index - 1] if index else ()
            after = chords[index + 1] if index + 1 < len(chords) else ()
            for note in chord:
                wrong = not in_key(note) and not _is_ornament(note, before, after, in_key)
                rate += Rate(int(wrong), 1)
    return rate


def parallel_moves(melody: Sequence[Note], bass: Sequence[Note], interval: int) -> Rate:
    """Moves of two single lines together, out of those in the same direction or not, that keep
    ``interval`` (7 fifth, 0 octave and unison; modulo 12) while both change pitch class the same way.

    A move is two notes that begin together, each after another note of its line.
    """
    bass_at = {_grid(note.onset): i for i, note in enumerate(bass)}
    rate = Rate()
    for previous, note in pairwise(melody):
        i = bass_at.get(_grid(note.onset), 0)
        if i == 0 or note.pitch == previous.pitch or bass[i].pitch == bass[i - 1].pitch:
            continue
        below, now_below = bass[i - 1], bass[i]
        same_way = (note.pitch > previous.pitch) == (now_below.pitch > below.pitch)
        moved = note.pitch % 12 != previous.pitch % 12
        kept = (previous.pitch - below.pitch) % 12 == (note.pitch - now_below.pitch) % 12 == interval
        rate += Rate(int(same_way and moved and kept), 1)
    return rate


def empty_bars(score: Score) -> Rate:
    """Bars without any sound, out of the bars from the first note to the end of the last."""
    notes = list(score.notes())
    if not notes:
        return Rate()
    first, last = min(note.onset for note in notes), max(note.offset for note in notes)
    inside = [bar for bar in bars(score) if bar.end > first and bar.start < last - _SLACK_QUARTERS]
    silent = _silences(notes)
    empty = [
        bar
        for bar in inside
        if any(
            start <= bar.start + _SLACK_QUARTERS and bar.end <= end + _SLACK_QUARTERS for start, end in silent
        )
    ]
    return Rate(len(empty), len(inside))


def stuck_notes(score: Score) -> Rate:
    """Notes longer than :data:`STUCK_BARS` bars of the meter they begin in, or past the score's end."""
    onsets = [change.onset for change in score.meters]
    rate = Rate()
    for note in score.notes():
        meter = score.meters[max(bisect_right(onsets, note.onset) - 1, 0)].meter
        too_long = note.length > STUCK_BARS * meter.quarters + _SLACK_QUARTERS
        rate += Rate(int(too_long or note.offset > score.end + _SLACK_QUARTERS), 1)
    return rate


def out_of_range_notes(score: Score) -> Rate:
    """Notes that their instrument, or the General MIDI (level 2) drum kit, does not have."""
    rate = Rate()
    for part in score.parts:
        for note in part.notes:
            playable = (
                note.pitch in _GM2_DRUMS if part.is_drum else instrument(part.program).can_play(note.pitch)
            )
            rate += Rate(int(not playable), 1)
    return rate


def unended_notes(data: bytes) -> Rate:
    """Note-ons in a MIDI file that no note-off follows, or that strike a key which still sounds.

    Raises ``InputError`` if ``data`` cannot be read.
    """
    _, messages = parse_midi(data, name="the MIDI data")
    ports: dict[int, int] = {}
    events = []
    for timed in messages:
        message = timed.message
        if message.type == "midi_port":
            ports[timed.track] = message.port
        elif message.type in ("note_on", "note_off"):
            is_on = message.type == "note_on" and message.velocity > 0
            key = (ports.get(timed.track, 0), message.channel, message.note)
            events.append((timed.tick, is_on, key))
    sounding: set[tuple[int, int, int]] = set()
    struck_again = total = 0
    for _, is_on, key in sorted(events):  # at one tick, ends come before beginnings
        if is_on:
            struck_again += key in sounding
            total += 1
            sounding.add(key)
        else:
            sounding.discard(key)
    return Rate(struck_again + len(sounding), total)


def melody_line(score: Score) -> tuple[Note, ...]:
    """The highest line of the ``lead`` layer, or of the part most like a melody; empty if none."""
    lead = [note for part in score.parts if part.layer == "lead" for note in part.notes]
    if lead:
        return skyline(lead)
    if not pitched_notes(score):
        return ()
    return skyline(find_melody(score).notes)


def bass_line(score: Score) -> tuple[Note, ...]:
    """The lowest line of the ``bass`` layer, or of the bass instruments; empty if there are none."""
    notes = [note for part in score.parts if part.layer == "bass" for note in part.notes]
    if not notes:
        notes = [note for part in score.parts if _is_bass(part) for note in part.notes]
    return _lowest_line(notes)


def _is_bass(part: Part) -> bool:
    return not part.is_drum and instrument(part.program).family == "bass"


def _lowest_line(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The skyline seen from below."""
    mirrored = [Note(n.onset, n.offset, 127 - n.pitch, n.velocity) for n in notes]
    return tuple(Note(n.onset, n.offset, 127 - n.pitch, n.velocity) for n in skyline(mirrored))


def _key_test(score: Score) -> Callable[[Note], bool]:
    """A function that tells whether a note is in the key of its moment."""
    if not score.keys:
        classes = _best_scale(score)
        return lambda note: note.pitch % 12 in classes
    onsets = [change.onset for change in score.keys]
    scales = [_allowed_classes(change.key) for change in score.keys]

    def in_key(note: Note) -> bool:
        index = max(bisect_right(onsets, note.onset + _SLACK_QUARTERS) - 1, 0)
        return note.pitch % 12 in scales[index]

    return in_key


def _allowed_classes(key: Key) -> frozenset[int]:
    raised = {(key.tonic + 9) % 12, (key.tonic + 11) % 12} if key.is_minor else set()
    return frozenset(key.pitch_classes) | raised


def _best_scale(score: Score) -> frozenset[int]:
    """The major scale (and so its relative minor) that holds most notes."""
    classes = [note.pitch % 12 for note in pitched_notes(score)]
    scales = [frozenset((tonic + step) % 12 for step in MODE_STEPS["major"]) for tonic in range(12)]
    return max(scales, key=lambda scale: sum(c in scale for c in classes))


def _by_onset(notes: Iterable[Note]) -> list[tuple[Note, ...]]:
    groups: dict[int, list[Note]] = {}
    for note in sorted(notes):
        groups.setdefault(_grid(note.onset), []).append(note)
    return [tuple(group) for _, group in sorted(groups.items())]


def _is_ornament(
    note: Note, before: Iterable[Note], after: Iterable[Note], in_key: Callable[[Note], bool]
) -> bool:
    """Whether a note is a short passing or neighbour tone between notes of the key."""
    if note.length > _LONGEST_ORNAMENT_QUARTERS + _SLACK_QUARTERS:
        return False
    return all(
        any(1 <= abs(other.pitch - note.pitch) <= 2 and in_key(other) for other in side)
        for side in (before, after)
    )


def _silences(notes: Iterable[Note]) -> list[tuple[float, float]]:
    """Stretches between the first and the last note in which nothing sounds."""
    gaps = []
    reached: float | None = None
    for note in sorted(notes):
        if reached is not None and note.onset > reached:
            gaps.append((reached, note.onset))
        reached = note.offset if reached is None else max(reached, note.offset)
    return gaps


def _grid(quarters: float) -> int:
    """A position that notes which begin together share, whatever the last bits of their onsets."""
    return round(quarters * 96)
