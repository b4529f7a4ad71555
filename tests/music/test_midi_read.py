"""MIDI from anywhere: what we write comes back, what others write is understood, garbage is refused."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import mido
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from photoplayer.errors import InputError
from photoplayer.music.midi_read import read_melody, read_midi, score_from_bytes
from photoplayer.music.midi_write import to_bytes, write_midi
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

WHOLE = Score(
    parts=(
        Part(
            "Flöte",
            73,
            (Note(0, 1, 72, 80), Note(1.5, 2.25, 74, 1)),
            layer="lead",
            volume=90,
            pan=1.0,
            reverb=1.0,
            controls=(Control(1, 11, 64),),
        ),
        Part("Pad", 88, (Note(0, 4, 60, 80), Note(0, 4, 64, 80)), layer="pad", pan=-1.0, reverb=0.0),
        Part("Kit", 0, (Note(0, 0.25, 36, 127),), is_drum=True, layer="drums", pan=0.0, reverb=0.0),
    ),
    end=8.0,
    tempo_map=TempoMap((TempoChange(0, 100), TempoChange(4, 75))),
    meters=(MeterChange(0, Meter(4, 4)), MeterChange(4, Meter(6, 8))),
    keys=(KeyChange(0, Key(2, "dorian")), KeyChange(4, Key(8, "major"))),
    markers=(Marker(0, "A"), Marker(4, "B")),
)


def midi_bytes(*tracks: list[mido.Message | mido.MetaMessage], kind: int = 1, resolution: int = 480) -> bytes:
    stream = io.BytesIO()
    midi = mido.MidiFile(type=kind, ticks_per_beat=resolution, tracks=[mido.MidiTrack(t) for t in tracks])
    midi.save(file=stream)
    return stream.getvalue()


def on(note: int, time: int = 0, channel: int = 0, velocity: int = 80) -> mido.Message:
    return mido.Message("note_on", note=note, time=time, channel=channel, velocity=velocity)


def off(note: int, time: int = 0, channel: int = 0) -> mido.Message:
    return mido.Message("note_off", note=note, time=time, channel=channel)


def test_our_own_files_come_back_whole(tmp_path: Path) -> None:
    assert read_midi(write_midi(WHOLE, tmp_path / "x.mid")) == WHOLE


NOTE_LISTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 300), st.integers(0, 127), st.integers(1, 127)), max_size=20
)


@settings(max_examples=60, deadline=None)
@given(NOTE_LISTS)
def test_what_was_read_is_written_and_read_the_same(raw: list[tuple[int, int, int, int]]) -> None:
    notes = tuple(Note(on / 96, (on + length) / 96, pitch, velocity) for on, length, pitch, velocity in raw)
    once = score_from_bytes(to_bytes(Score((Part("P", 5, notes),), 10.0)))
    assert score_from_bytes(to_bytes(once)) == once


def test_format_0_falls_apart_into_instruments() -> None:
    track = [
        mido.Message("program_change", channel=0, program=40),
        on(60),
        on(36, channel=9),
        off(60, 480),
        off(36, channel=9),
        mido.Message("program_change", channel=0, program=56),
        on(62),
        off(62, 480),
    ]
    score = score_from_bytes(midi_bytes(track, kind=0))
    found = [(part.name, part.program, part.is_drum, len(part.notes)) for part in score.parts]
    assert found == [
        ("Violin", 40, False, 1),
        ("Trumpet", 56, False, 1),
        ("Standard Kit", 0, True, 1),
    ]
    assert score.end == 2.0


def test_programs_set_in_another_track_are_heard() -> None:
    setup = [mido.Message("program_change", channel=3, program=11)]
    score = score_from_bytes(midi_bytes(setup, [on(60, channel=3), off(60, 10, channel=3)]))
    assert score.parts[0].program == 11


def test_notes_never_ended_end_with_the_file() -> None:
    score = score_from_bytes(midi_bytes([on(60), on(64, 480), off(64, 480)]))
    assert [(n.pitch, n.onset, n.offset) for n in score.parts[0].notes] == [(60, 0.0, 2.0), (64, 1.0, 2.0)]


def test_a_note_struck_again_ends_there_and_zero_length_is_dropped() -> None:
    score = score_from_bytes(midi_bytes([on(60), on(60, 480), off(60, 480), on(62), off(62)]))
    assert [(n.pitch, n.onset, n.offset) for n in score.parts[0].notes] == [(60, 0.0, 1.0), (60, 1.0, 2.0)]


def test_running_status_and_velocity_0_as_note_off() -> None:
    events = bytes([0, 0x90, 60, 80, 96, 60, 0, 0, 62, 80, 96, 62, 0, 0, 0xFF, 0x2F, 0])
    data = b"MThd" + struct.pack(">LHHH", 6, 0, 1, 96) + b"MTrk" + struct.pack(">L", len(events)) + events
    notes = score_from_bytes(data).parts[0].notes
    assert [(n.pitch, n.onset, n.offset) for n in notes] == [(60, 0.0, 1.0), (62, 1.0, 2.0)]


def test_an_enveloped_file_is_unwrapped() -> None:
    data = midi_bytes([on(60), off(60, 480)])
    riff = b"RIFF" + struct.pack("<L", len(data) + 12) + b"RMIDdata" + struct.pack("<L", len(data)) + data
    assert len(score_from_bytes(riff).parts[0].notes) == 1


def test_a_foreign_key_text_does_not_change_the_signature() -> None:
    track = [
        mido.MetaMessage("key_signature", key="G"),
        mido.MetaMessage("text", text="Key: of life"),
        mido.MetaMessage("text", text="Key: Db major"),
        on(60),
        off(60, 480),
    ]
    assert score_from_bytes(midi_bytes(track)).keys == (KeyChange(0, Key(7, "major")),)


REFUSED = {
    "empty": (b"", "not a MIDI file"),
    "text": (b"Once upon a time", "not a MIDI file"),
    "header alone": (b"MThd", "damaged"),
    "film frames": (b"MThd" + struct.pack(">LHHH", 6, 1, 0, 0xE728), "film frames"),
    "no ticks": (b"MThd" + struct.pack(">LHHH", 6, 1, 0, 0), "film frames"),
    "format 2": (midi_bytes([on(60), off(60, 9)], kind=2), "format 2"),
    "too large": (b"MThd" + bytes(3 << 20), "larger than 2 MB"),
    "endless number": (
        b"MThd" + struct.pack(">LHHH", 6, 0, 1, 96) + b"MTrk\x00\x10\x00\x00" + b"\xff" * (1 << 20),
        "damaged",
    ),
    "absurd length": (
        midi_bytes(*[[on(60, 0x0FFFFFFF), off(60, 0x0FFFFFFF)]], resolution=96),
        "longer than",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    data, words = REFUSED[case]
    path = tmp_path / "song.mid"
    path.write_bytes(data)
    with pytest.raises(InputError, match=words) as caught:
        read_midi(path)
    assert "song.mid" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_truncation_is_refused_or_read(tmp_path: Path) -> None:
    data = to_bytes(WHOLE)
    refused = 0
    for size in range(0, len(data), 7):
        try:
            score_from_bytes(data[:size])
        except InputError:
            refused += 1
    assert refused > len(data) // 7 * 0.9


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_midi(tmp_path / "none.mid")
    with pytest.raises(InputError, match="cannot read"):
        read_midi(tmp_path)


HEADER = b"MThd" + struct.pack(">LHHH", 6, 1, 2, 96)


@settings(max_examples=300, deadline=2000)
@given(st.binary(max_size=300), st.booleans())
@example(b"\xff\x51\x03\x00\x00\x00", True)
@example(b"\x00\xff\x59\x02\x63\x63", True)
def test_garbage_never_crashes(garbage: bytes, in_track: bool) -> None:
    data = HEADER + (b"MTrk" + struct.pack(">L", len(garbage)) if in_track else b"") + garbage
    try:
        score = score_from_bytes(data)
    except InputError:
        return
    to_bytes(score)


@settings(max_examples=200, deadline=2000)
@given(st.data())
def test_flipped_bytes_never_crash(data: st.DataObject) -> None:
    damaged = bytearray(to_bytes(WHOLE))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        score = score_from_bytes(bytes(damaged))
    except InputError:
        return
    to_bytes(score)


def test_the_melody_is_the_named_line_as_one_voice(tmp_path: Path) -> None:
    tune = tuple(Note(i, i + 1, 72 + p, 80) for i, p in enumerate((0, 2, 4, 5, 7, 5, 4, 2)))
    thirds = tuple(Note(n.onset, n.offset, n.pitch - 3, 80) for n in tune)
    chords = tuple(Note(i, i + 4, p, 80) for i in (0, 4) for p in (48, 52, 55))
    bass = tuple(Note(i, i + 1, 36 + i % 3, 80) for i in range(8))
    parts = (
        Part("Kit", 0, tuple(Note(i, i + 0.5, 38, 80) for i in range(8)), is_drum=True),
        Part("Bass", 33, bass),
        Part("Chords", 0, chords),
        Part("Tune", 73, tuple(sorted(tune + thirds))),
    )
    melody = read_melody(write_midi(Score(parts, 8.0), tmp_path / "x.mid"))
    assert melody.parts[0].notes == tune


def test_drums_alone_are_no_melody(tmp_path: Path) -> None:
    drums = Part("Kit", 0, (Note(0, 1, 36, 80),), is_drum=True)
    with pytest.raises(InputError, match="no melody"):
        read_melody(write_midi(Score((drums,), 4.0), tmp_path / "x.mid"))
