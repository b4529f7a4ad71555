"""Planted notes come back from the rolls that a good network would give of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from played import Rows, pieces, play, roll_of

from photoplayer.errors import SetupError
from photoplayer.evaluate.notes import Notes
from photoplayer.evaluate.transcription import score_transcription
from photoplayer.piano.decode import BLOCK_S, Decoder, decode
from photoplayer.piano.decoder_settings import DecoderSettings, card_entry, settings_from_card
from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.piano.roll import HeardNote, Roll

MIDDLE = 60 - LOWEST_PITCH


def rows_of(notes: list[HeardNote]) -> Rows:
    return np.array([(n.onset_s, n.offset_s, n.pitch, n.velocity) for n in notes]).reshape(-1, 4)


def one_key(down: list[float], onset: list[float], offset: list[float], *, fps: float = 30.0) -> Roll:
    """A roll in which middle C alone does something."""

    def curve(values: list[float]) -> np.ndarray:
        full = np.full((len(values), KEY_COUNT), 0.01, dtype=np.float32)
        full[:, MIDDLE] = values
        return full

    return Roll(
        times_s=np.arange(len(down)) / fps,
        down=curve(down),
        onset=curve(onset),
        offset=curve(offset),
        seen=np.ones(KEY_COUNT, dtype=bool),
    )


@pytest.mark.parametrize("fps", [15, 20, 24, 30, 60])
def test_planted_notes_come_back_at_any_frame_rate(fps: float) -> None:
    rows = play(fps, notes=250, shortest_s=max(0.06, 1.6 / fps))
    found = decode(pieces(roll_of(rows, fps=fps, jitter_s=0.003, seed=fps), 64))
    scores = score_transcription(Notes.from_rows(rows), Notes.from_rows(rows_of(found)))
    assert scores.raw.onset_50.f1 > 0.985
    assert scores.raw.offset_50.f1 > 0.97
    assert scores.velocity is not None and scores.velocity.error < 2.0
    assert abs(scores.lag_s) < 0.004


@settings(max_examples=10)
@given(length=st.integers(1, 700), seed=st.integers(0, 3))
def test_how_the_roll_is_cut_changes_nothing(length: int, seed: int) -> None:
    roll = roll_of(play(seed, seconds=50.0), fps=20, seconds=50.0, seed=seed)
    whole, cut = decode([roll]), decode(pieces(roll, length))
    assert np.allclose(rows_of(whole), rows_of(cut), atol=1e-4)


def test_notes_are_told_while_the_video_runs() -> None:
    seconds = 3 * BLOCK_S
    roll = roll_of(play(1, seconds=seconds), fps=20, seconds=seconds)
    decoder = Decoder()
    early = [note for piece in pieces(roll, 20) for note in decoder.feed(piece)]
    assert len(early) > 50
    assert min(note.onset_s for note in decoder.finish()) > BLOCK_S


def test_silence_is_silence() -> None:
    nobody = np.zeros((0, 4))
    assert decode([roll_of(nobody, fps=30, seconds=60.0, noise=0.3)]) == []
    assert decode([]) == []


def test_a_short_dip_without_a_press_does_not_chop_a_note() -> None:
    down = [0.02] * 10 + [0.95] * 10 + [0.3] * 2 + [0.95] * 10 + [0.02] * 10
    onset, offset = [0.01] * 42, [0.01] * 42
    onset[10] = offset[32] = 0.9
    assert len(decode([one_key(down, onset, offset)])) == 1


def test_a_repeat_is_kept_apart_though_the_key_never_looks_free() -> None:
    down = [0.02] * 10 + [0.95] * 20 + [0.02] * 10
    onset, offset = [0.01] * 40, [0.01] * 40
    onset[10] = offset[30] = onset[20] = 0.9
    offset[19] = 0.7
    first, second = decode([one_key(down, onset, offset)])
    assert first.offset_s <= second.onset_s
    assert second.onset_s == pytest.approx(20 / 30, abs=0.01)


def test_a_key_held_without_a_press_that_was_seen_is_a_note_if_it_lasts() -> None:
    nothing = [0.01] * 40
    short = [0.02] * 10 + [0.9] * 1 + [0.02] * 29
    long = [0.02] * 10 + [0.95] * 15 + [0.02] * 15
    assert decode([one_key(short, nothing, nothing)]) == []
    (note,) = decode([one_key(long, nothing, nothing)])
    assert note.onset_s == pytest.approx(9.5 / 30, abs=0.01)
    assert note.offset_s == pytest.approx(24.5 / 30, abs=0.01)


def test_a_tap_within_one_frame_is_a_note() -> None:
    onset, offset = [0.01] * 20, [0.01] * 20
    onset[10] = offset[10] = 0.95
    (note,) = decode([one_key([0.02] * 20, onset, offset, fps=20)])
    assert note.onset_s == pytest.approx(0.5)
    assert note.offset_s > note.onset_s


def test_a_key_held_at_the_start_begins_there_and_is_less_sure() -> None:
    down, onset, offset = [0.95] * 20 + [0.02] * 20, [0.01] * 40, [0.01] * 40
    offset[20] = 0.9
    (note,) = decode([one_key(down, onset, offset)])
    assert note.onset_s == 0.0
    assert note.confidence < 0.5


def test_a_gap_ends_all_notes() -> None:
    down, onset, offset = [0.02] * 5 + [0.95] * 25, [0.01] * 30, [0.01] * 30
    onset[5] = 0.9
    first = one_key(down, onset, offset)
    later = replace(one_key([0.02] * 30, [0.01] * 30, [0.01] * 30), continues=False)
    later = replace(later, times_s=later.times_s + 5.0)
    (note,) = decode([first, later])
    assert note.offset_s == pytest.approx(29 / 30)


def test_keys_out_of_the_picture_say_nothing() -> None:
    roll = roll_of(play(2), fps=20)
    hidden = np.ones(KEY_COUNT, dtype=bool)
    hidden[40:] = False
    notes = decode([replace(roll, seen=hidden)])
    assert notes
    assert max(note.pitch for note in notes) < LOWEST_PITCH + 40


def test_a_network_that_knows_only_held_keys_is_read_too() -> None:
    rows = play(4, shortest_s=0.2)
    roll = replace(roll_of(rows, fps=25), onset=None, onset_s=None, offset=None, offset_s=None, velocity=None)
    scores = score_transcription(Notes.from_rows(rows), Notes.from_rows(rows_of(decode([roll]))))
    assert scores.raw.onset_50.f1 > 0.97


def test_no_note_of_a_key_begins_before_the_one_before_has_ended() -> None:
    roll = roll_of(play(5, notes=300), fps=60, noise=0.4)
    ends: dict[int, float] = {}
    for note in decode([roll]):
        assert note.onset_s >= ends.get(note.pitch, 0.0) - 1e-9
        assert note.offset_s > note.onset_s
        ends[note.pitch] = note.offset_s


def test_settings_go_through_a_card() -> None:
    changed = DecoderSettings(press_bias=-0.5, apart_s=0.06)
    assert settings_from_card({"decoder": card_entry(changed)}) == changed
    assert settings_from_card({}) == DecoderSettings()
    for damaged in ({"nonsense": 1.0}, {"press_bias": "high"}, {"press_bias": float("nan")}, 3):
        with pytest.raises(SetupError):
            settings_from_card({"decoder": damaged})
