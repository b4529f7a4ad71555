from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import one_note, part

from photoplayer.errors import InputError
from photoplayer.music.score import Control, Note, Score, TempoChange, TempoMap
from photoplayer.sound.audio import RATE_HZ
from photoplayer.sound.events import Event, Kind, Orchestra, schedule
from photoplayer.sound.synth import EVENT_FRAMES


def events_of(score: Score, **how: float) -> list[Event]:
    return list(schedule(score, Orchestra.seat(score, by_layer=False), **how))


def notes_of(score: Score, **how: float) -> list[tuple[Kind, int]]:
    return [(e.kind, e.frame) for e in events_of(score, **how) if e.kind is not Kind.CONTROL]


def test_notes_follow_the_tempo_map() -> None:
    tempo = TempoMap((TempoChange(0, 120), TempoChange(4, 60)))
    score = Score((part(Note(1, 6, 60, 80)),), end=8, tempo_map=tempo)
    (on, off) = notes_of(score)
    assert on[0] is Kind.NOTE_ON and abs(on[1] - 0.5 * RATE_HZ) <= EVENT_FRAMES / 2
    assert off[0] is Kind.NOTE_OFF and abs(off[1] - 4.0 * RATE_HZ) <= EVENT_FRAMES / 2


def test_the_part_is_placed_in_the_mix_before_it_plays() -> None:
    events = events_of(one_note(volume=90, pan=-1.0, reverb=1.0, controls=(Control(2, 11, 64),)))
    settings = {e.number: e.value for e in events if e.kind is Kind.CONTROL and e.frame == 0}
    assert settings == {7: 90, 10: 1, 91: 127, 93: 0}
    assert [e.kind for e in events].index(Kind.NOTE_ON) == 4
    assert Event(round(RATE_HZ / EVENT_FRAMES) * EVENT_FRAMES, Kind.CONTROL, 0, 11, 64) in events


def test_a_key_struck_while_it_is_down_is_let_go_once() -> None:
    score = Score((part(Note(0, 4, 60, 80), Note(2, 3, 60, 90), Note(2, 2.5, 60, 99)),), end=4)
    notes = notes_of(score)
    assert [kind for kind, _ in notes] == [Kind.NOTE_ON, Kind.NOTE_OFF, Kind.NOTE_ON, Kind.NOTE_OFF]
    assert notes[1][1] == notes[2][1] == pytest.approx(RATE_HZ, abs=EVENT_FRAMES)
    assert notes[3][1] == pytest.approx(1.5 * RATE_HZ, abs=EVENT_FRAMES)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.integers(60, 62)), min_size=1, max_size=20)
)
def test_every_key_that_goes_down_comes_up(raw: list[tuple[int, int, int]]) -> None:
    notes = [Note(at / 4, (at + length) / 4, pitch, 80) for at, length, pitch in raw]
    down: dict[int, int] = {}
    for event in events_of(Score((part(*notes),), end=16)):
        if event.kind is Kind.NOTE_ON:
            assert event.number not in down
            down[event.number] = event.frame
        elif event.kind is Kind.NOTE_OFF:
            assert down.pop(event.number) < event.frame
    assert not down


def test_pedals_are_lifted_at_the_end() -> None:
    events = events_of(one_note(controls=(Control(0, 64, 127),)))
    assert (events[-1].kind, events[-1].number, events[-1].value) == (Kind.CONTROL, 64, 0)


def test_notes_held_to_the_end_are_released_before_it() -> None:
    assert notes_of(one_note(), release_by_s=1.0)[1][1] == pytest.approx(RATE_HZ, abs=EVENT_FRAMES)
    last = Score((part(Note(3.9, 4.0, 60, 80)),), end=4)
    assert notes_of(last, release_by_s=1.0) == notes_of(last)


def test_every_layer_sits_in_its_own_group() -> None:
    parts = [part(name=str(i), layer=("a", "b", "c")[i % 3]) for i in range(40)]
    score = Score(tuple(parts), end=4)
    seated = Orchestra.seat(score, by_layer=True)
    assert seated.groups == 3 and len(set(seated.channel_of)) == 40
    assert [channel % 3 for channel in seated.channel_of] == [i % 3 for i in range(40)]


def test_more_parts_than_channels() -> None:
    score = Score(tuple(part(name=str(i)) for i in range(257)), end=4)
    with pytest.raises(InputError, match="257 parts"):
        Orchestra.seat(score, by_layer=False)
