"""What is in the bytes: channels, order of events, maps, and that they never change."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.errors import OutputError
from photoplayer.music.midi_write import assign_channels, to_bytes, to_pretty_midi, write_midi
from photoplayer.music.score import (
    Control,
    KeyChange,
    Marker,
    MeterChange,
    Note,
    Part,
    Score,
    TempoChange,
    TempoMap,
)
from photoplayer.music.theory import Key, Meter

SMALL = Score(
    parts=(
        Part("Flöte", 73, (Note(0, 1, 72, 80), Note(1, 2, 72, 90)), layer="lead", pan=-1.0, reverb=0.5),
        Part("Kit", 0, (Note(0, 0.25, 36, 100),), is_drum=True, layer="drums"),
    ),
    end=7.0,
    tempo_map=TempoMap((TempoChange(0, 100), TempoChange(4, 90))),
    meters=(MeterChange(0, Meter(4, 4)), MeterChange(4, Meter(6, 8))),
    keys=(KeyChange(0, Key(2, "dorian")),),
    markers=(Marker(0, "A calm"), Marker(4, "B boss")),
)


def parse(score: Score) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(to_bytes(score)), charset="utf-8")


def absolute(track: mido.MidiTrack) -> list[tuple[int, mido.Message]]:
    now, events = 0, []
    for message in track:
        now += message.time
        events.append((now, message))
    return events


def test_the_bytes_of_a_score_never_change() -> None:
    # A golden number: a change here changes the MIDI of every seed, and must be meant.
    digest = hashlib.sha256(to_bytes(SMALL)).hexdigest()
    assert digest == "d0af9944034f618af0d55b1f021caf713e64d6928f612902215eee6f54d6dde3"


def test_first_track_holds_the_maps() -> None:
    midi = parse(SMALL)
    assert (midi.type, midi.ticks_per_beat, len(midi.tracks)) == (1, 960, 3)
    events = absolute(midi.tracks[0])
    tempos = [(tick, m.tempo) for tick, m in events if m.type == "set_tempo"]
    assert tempos == [(0, 600_000), (3840, 666_667)]
    meters = [(t, m.numerator, m.denominator) for t, m in events if m.type == "time_signature"]
    assert meters == [(0, 4, 4), (3840, 6, 8)]
    assert [m.key for _, m in events if m.type == "key_signature"] == ["Am"]  # D dorian: no accidentals
    assert [(t, m.text) for t, m in events if m.type == "marker"] == [(0, "A calm"), (3840, "B boss")]


def test_every_track_ends_with_the_score() -> None:
    for track in parse(SMALL).tracks:
        tick, message = absolute(track)[-1]
        assert (message.type, tick) == ("end_of_track", 7 * 960)


def test_a_part_has_name_program_and_mix() -> None:
    track = parse(SMALL).tracks[1]
    assert track.name == "Flöte"
    assert next(m.program for m in track if m.type == "program_change") == 73
    controls = {m.control: m.value for m in track if m.type == "control_change"}
    assert controls == {7: 100, 10: 1, 91: 64}


def test_a_note_ends_before_the_next_of_its_pitch_begins() -> None:
    events = [(t, m.type) for t, m in absolute(parse(SMALL).tracks[1]) if m.type.startswith("note")]
    assert events == [(0, "note_on"), (960, "note_off"), (960, "note_on"), (1920, "note_off")]


def test_drums_are_on_the_drum_channel_and_nothing_else_is() -> None:
    parts = (*(Part(f"P{i}", i, ()) for i in range(12)), Part("Kit", 0, (), is_drum=True))
    channels = [slot.channel for slot in assign_channels(parts)]
    assert channels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 9]


def test_parts_of_one_program_and_mix_share_only_when_channels_run_out() -> None:
    fifteen = tuple(Part(f"P{i}", 48, ()) for i in range(15))
    assert len({slot.channel for slot in assign_channels(fifteen)}) == 15
    mixed = (*fifteen, Part("soft", 48, (), volume=50))
    channels = [slot.channel for slot in assign_channels(mixed)]
    assert channels == [0] * 15 + [1]
    assert [slot.owner for slot in assign_channels(mixed)] == [True] + [False] * 14 + [True]


def test_parts_of_one_program_share_before_a_second_port_is_used() -> None:
    loud = tuple(Part(f"P{i}", i, (), volume=100) for i in range(10))
    soft = tuple(Part(f"p{i}", i, (), volume=50) for i in range(10))
    slots = assign_channels(loud + soft)
    assert {slot.port for slot in slots} == {0}
    assert [s.channel for s in slots[:10]] == [s.channel for s in slots[10:]]


def test_twenty_programs_need_a_second_port() -> None:
    parts = tuple(Part(f"P{i}", i, (Note(0, 1, 60, 80),)) for i in range(20))
    slots = assign_channels(parts)
    assert [slot.port for slot in slots] == [0] * 15 + [1] * 5
    assert len({(slot.port, slot.channel) for slot in slots}) == 20
    ports = [m.port for track in parse(Score(parts, 4.0)).tracks for m in track if m.type == "midi_port"]
    assert ports == [0] * 15 + [1] * 5


def test_title_and_controls_are_written() -> None:
    part = Part("Piano", 0, (Note(0, 4, 60, 80),), controls=(Control(1, 64, 127), Control(3, 64, 0)))
    midi = mido.MidiFile(file=io.BytesIO(to_bytes(Score((part,), 4.0), title="Höhle")), charset="utf-8")
    assert midi.tracks[0].name == "Höhle"
    pedal = [(t, m.value) for t, m in absolute(midi.tracks[1]) if m.is_cc(64)]
    assert pedal == [(960, 127), (2880, 0)]


NOTES = st.builds(
    lambda onset, length, pitch, velocity: Note(onset / 7, (onset + length) / 7, pitch, velocity),
    st.integers(0, 60),
    st.integers(1, 40),
    st.integers(58, 62),
    st.integers(1, 127),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(NOTES, max_size=12), min_size=1, max_size=17))
def test_no_channel_ever_sounds_a_pitch_twice_and_every_note_ends(lines: list[list[Note]]) -> None:
    parts = tuple(Part(f"P{i}", 0, tuple(line)) for i, line in enumerate(lines))
    events = []
    for index, track in enumerate(parse(Score(parts, 20.0)).tracks):
        events += [
            (t, m.type == "note_on", index, m) for t, m in absolute(track) if m.type.startswith("note")
        ]
    sounding: set[tuple[int, int]] = set()
    for _, is_on, _, message in sorted(events, key=lambda e: e[:3]):
        key = (message.channel, message.note)
        assert (key in sounding) != is_on
        sounding ^= {key}
    assert not sounding


def test_pretty_midi_sees_the_same_music() -> None:
    pretty = to_pretty_midi(SMALL)
    flute = next(i for i in pretty.instruments if not i.is_drum)
    assert flute.program == 73
    assert [round(n.start, 3) for n in flute.notes] == [0.0, 0.6]


def test_an_unwritable_place_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"x\.mid cannot be written"):
        write_midi(SMALL, tmp_path / "missing" / "x.mid")


def test_nothing_is_left_beside_the_result(tmp_path: Path) -> None:
    target = write_midi(SMALL, tmp_path / "x.mid")
    assert [p.name for p in tmp_path.iterdir()] == ["x.mid"]
    assert target.read_bytes() == to_bytes(SMALL)
