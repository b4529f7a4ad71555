"""A network that is sure of little is believed more, one that is at home or silent is not."""

from __future__ import annotations

import numpy as np
import pytest

from photoplayer.piano.decode import decode
from photoplayer.piano.decoder_settings import DecoderSettings
from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH
from photoplayer.piano.roll import Roll
from photoplayer.piano.shyness import Heard, heard, raised

USUAL = DecoderSettings()


def playing(level: float, *, sure_every: int, notes: int = 40) -> Roll:
    """Notes of half a second, one a second; one in so many for sure, the others at ``level``."""
    times_s = np.arange(20 * (notes + 1)) / 20
    down, onset, offset = (np.full((len(times_s), KEY_COUNT), 0.01, np.float32) for _ in range(3))
    for note in range(notes):
        first = 20 * note + 10
        said = 0.99 if sure_every and note % sure_every == 0 else level
        down[first : first + 10, note + 20] = said
        onset[first, note + 20] = offset[first + 10, note + 20] = said
    return Roll(times_s=times_s, down=down, onset=onset, offset=offset, seen=np.ones(KEY_COUNT, bool))


def test_seconds_of_keys_are_counted() -> None:
    found = heard(playing(0.3, sure_every=4))
    assert (found.at_all_s, found.sure_s) == (pytest.approx(20.0), pytest.approx(5.0))
    assert heard(playing(0.1, sure_every=4)).at_all_s == pytest.approx(5.0)


def test_the_fewer_sure_the_more_is_raised_up_to_a_limit() -> None:
    shares = (80.0, 50.0, 30.0, 2.0)
    lifts = [raised(USUAL, Heard(100.0, sure)).press_bias - USUAL.press_bias for sure in shares]
    assert lifts == [0.0, 0.0, pytest.approx(0.2 * USUAL.shy_lift), pytest.approx(USUAL.most_lift)]


def test_hands_that_rest_raise_nothing() -> None:
    assert raised(USUAL, Heard(at_all_s=50.0, sure_s=0.5)) == USUAL
    assert raised(USUAL, Heard()) == USUAL
    assert decode([playing(0.35, sure_every=0)]) == []


def test_notes_of_a_shy_network_are_found_where_some_are_sure() -> None:
    roll = playing(0.45, sure_every=5)
    assert len(decode([roll], DecoderSettings(most_lift=0.0))) == 8
    pitches = [note.pitch for note in decode([roll])]
    assert pitches == [LOWEST_PITCH + 20 + note for note in range(40)]
