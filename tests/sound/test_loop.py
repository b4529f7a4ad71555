from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sounds import band, joined, part, rms_db

from photoplayer.music.score import MeterChange, Note, Score, TempoChange, TempoMap
from photoplayer.music.theory import Meter
from photoplayer.sound import RATE_HZ, render
from photoplayer.sound.record import bar_end
from photoplayer.sound.synth import EVENT_FRAMES

# 64 * 344 samples a quarter, so that every repeat falls on the synthesiser's own steps
STEADY = TempoMap((TempoChange(0, 60 * RATE_HZ / (EVENT_FRAMES * 344)),))


def repeated(score: Score, times: int) -> Score:
    parts = tuple(
        replace(
            p,
            notes=tuple(
                replace(n, onset=n.onset + i * score.end, offset=n.offset + i * score.end)
                for i in range(times)
                for n in p.notes
            ),
        )
        for p in score.parts
    )
    return replace(score, parts=parts, end=score.end * times)


def looped(score: Score, **how: object) -> np.ndarray:
    with render(score, loop=True, **how) as playing:  # type: ignore[arg-type]
        return joined(playing.blocks())


def test_a_loop_lasts_whole_bars_to_the_sample() -> None:
    score = replace(band(), tempo_map=TempoMap((TempoChange(0, 97.3),)))
    assert looped(score).shape[1] == round(8 * 60 / 97.3 * RATE_HZ)


@pytest.mark.parametrize(("end", "bars_end"), [(8.0, 8.0), (8.5, 11.0), (9.0, 11.0), (11.0000000001, 11.0)])
def test_the_end_is_the_next_bar_line(end: float, bars_end: float) -> None:
    meters = (MeterChange(0, Meter(4, 4)), MeterChange(8, Meter(6, 8)))
    assert bar_end(Score((), end=end, meters=meters)) == bars_end


def test_played_twice_it_is_the_music_played_on() -> None:
    """The second and third time around of continuous playing are the loop, tails and all."""
    score = replace(band(bars=1), tempo_map=STEADY)
    loop = looped(score, gain_db=-12.0)
    with render(repeated(score, 3), gain_db=-12.0) as playing:
        played_on = playing.audio().samples
    first, second, third = (played_on[:, i * loop.shape[1] :][:, : loop.shape[1]] for i in range(3))
    # 30 dB, not more, as the hall's delays wander a little all the time
    assert rms_db(second - loop) < rms_db(loop) - 30
    assert rms_db(third - loop) < rms_db(loop) - 30
    assert rms_db(first - loop) > rms_db(second - loop) + 6  # the first time lacks the tail


def test_there_is_no_click_at_the_seam() -> None:
    """A chord held over the bar line: the jump from last to first sample is like any other."""
    pad = part(*(Note(0, 4.5, p, 90) for p in (60, 64, 67)), program=48, reverb=0.6)
    sound = looped(Score((pad,), end=4))
    seam = np.abs(sound[:, 0] - sound[:, -1]).max()
    assert np.abs(sound[:, -100:]).max() > 0.01
    assert seam <= np.abs(np.diff(sound, axis=1)).max()
    twice = np.concatenate([sound, sound], axis=1)[0]
    bends = np.abs(np.diff(twice, 2))
    assert bends[sound.shape[1] - 3 : sound.shape[1] + 1].max() <= 1.5 * np.sort(bends)[-10]


def test_the_limiter_does_not_jump_at_the_seam() -> None:
    """The loudest hit stands on the first beat: its gain is down before the loop begins again."""
    hits = [Note(0, 1, p, 127) for p in (36, 43, 48)]
    soft = [Note(i, i + 1, 72, 40) for i in range(1, 8)]
    with render(Score((part(*hits, *soft, reverb=0.3),), end=8), loop=True, loudness_lufs=-9) as playing:
        gains = playing._gains(0, playing.frames)[0]
    assert gains.min() < 0.8 * gains.max()
    assert abs(gains[0] - gains[-1]) < 0.01 * gains.max()


def test_a_tail_longer_than_the_loop_goes_around_again() -> None:
    bell = part(Note(0, 1, 72, 100), program=14, reverb=0.8)
    score = replace(Score((bell,), end=4), tempo_map=TempoMap((TempoChange(0, 400),)))
    sound = looped(score)
    assert sound.shape[1] == round(0.6 * RATE_HZ)
    assert rms_db(sound[:, -2000:]) > rms_db(sound[:, :2000]) - 12


def test_stems_of_a_loop_add_up() -> None:
    with render(band(), loop=True, stems=True) as playing:
        mix = joined(playing.blocks())
        total = sum(joined(playing.stem_blocks(layer)) for layer in playing.layers)
    assert rms_db(total - mix) < rms_db(mix) - 90
