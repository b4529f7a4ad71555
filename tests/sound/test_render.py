from __future__ import annotations

import tracemalloc
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from sounds import band, exact_true_peak_db, joined, one_note, part, rms_db

from photoplayer.errors import OutputError
from photoplayer.music.score import Note, Score, TempoChange, TempoMap
from photoplayer.sound import RATE_HZ, render
from photoplayer.sound.loudness import LoudnessMeter
from photoplayer.sound.synth import EVENT_FRAMES


def samples(score: Score, **how: object) -> np.ndarray:
    with render(score, **how) as playing:  # type: ignore[arg-type]
        return playing.audio().samples


@pytest.mark.parametrize("pitch", [57, 69, 81])
def test_a_note_has_its_pitch(pitch: int) -> None:
    sound = samples(one_note(pitch=pitch))[0, 10_000 : 10_000 + RATE_HZ]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    fundamental = 440 * 2 ** ((pitch - 69) / 12)
    near = slice(round(fundamental * 0.9), round(fundamental * 1.1))
    assert near.start + np.argmax(spectrum[near]) == pytest.approx(fundamental, rel=0.01)
    assert spectrum[near].max() > 0.2 * spectrum.max()


@pytest.mark.parametrize("at", [0.5, 2.0, 4.3])
def test_a_note_begins_at_its_sample(at: float) -> None:
    tempo = TempoMap((TempoChange(0, 120), TempoChange(4, 75)))
    score = Score((part(Note(at, at + 1, 42, 127), is_drum=True),), end=8, tempo_map=tempo)
    began = np.flatnonzero(np.abs(samples(score)).max(axis=0) > 1e-3)[0]
    # FluidSynth's step, and the sample's own attack of less than a millisecond
    assert -EVENT_FRAMES / 2 <= began - tempo.seconds(at) * RATE_HZ <= EVENT_FRAMES / 2 + 40


@pytest.mark.parametrize(("pan", "sign"), [(-1.0, 1), (1.0, -1)])
def test_pan_goes_left_and_right(pan: float, sign: int) -> None:
    left, right = samples(one_note(pan=pan))
    assert sign * (rms_db(left) - rms_db(right)) > 6  # (its samples are stereo)


def test_volume_and_reverb_are_heard() -> None:
    def ending(**how: float) -> float:
        return rms_db(samples(one_note(program=115, **how), gain_db=0.0)[:, RATE_HZ // 2 : RATE_HZ])

    assert ending(reverb=0.6) > ending(reverb=0.0) + 10
    assert ending(reverb=0.6) > ending(reverb=0.6, volume=60) + 3


def sparse_piano() -> Score:
    soft = [Note(2.0 * i, 2 * i + 3, 60 + (0, 4, 7)[i % 3], 25) for i in range(8)]
    return Score((part(*soft, Note(8, 9, 36, 127), Note(8, 9, 43, 127)),), end=18)


@pytest.mark.parametrize(
    "score",
    [
        band(),
        sparse_piano(),
        Score((part(*(Note(i / 4, i / 4 + 0.4, 84 + i % 5, 80) for i in range(8)), program=11),), end=4),
        Score(band().parts[2:], end=8),
    ],
    ids=["band", "sparse piano with a loud hit", "jingle", "drums alone"],
)
@pytest.mark.parametrize("loop", [False, True])
def test_loudness_and_true_peak(score: Score, loop: bool) -> None:
    with render(score, loop=loop) as playing:
        sound = playing.audio().samples
    meter = LoudnessMeter()
    meter.add(sound)
    assert meter.lufs() == pytest.approx(-16, abs=1)
    assert meter.lufs() == pytest.approx(playing.loudness_lufs, abs=0.01)
    assert exact_true_peak_db(sound) <= -1
    assert exact_true_peak_db(sound) == pytest.approx(playing.true_peak_db, abs=0.2)


def test_silence_stays_silent_and_whispers_stay_soft() -> None:
    with render(Score((part(),), end=4), duration_s=2.0) as nothing:
        assert nothing.loudness_lufs == float("-inf")
        assert np.abs(nothing.audio().samples).max() < 1e-6
    whisper = one_note(velocity=6, volume=50)
    with render(whisper) as playing:
        assert playing.gain_db == 30
        assert -80 < playing.loudness_lufs < -17


def test_a_given_gain_plays_two_versions_equally() -> None:
    with render(band()) as full:
        gain_db = full.gain_db
    calm = Score(band().parts[:1], end=8)
    np.testing.assert_allclose(
        samples(calm, gain_db=gain_db), samples(calm, gain_db=gain_db - 6) * 10 ** (6 / 20), atol=1e-5
    )


@pytest.mark.parametrize("duration_s", [3.0, 4.123456, 0.01])
def test_the_length_is_exact(duration_s: float) -> None:
    with render(band(), duration_s=duration_s) as playing:
        assert joined(playing.blocks()).shape == (2, round(duration_s * RATE_HZ))
        assert playing.duration_s == pytest.approx(duration_s, abs=1 / RATE_HZ)


def test_without_a_duration_the_last_note_rings_out() -> None:
    sound = samples(one_note(program=48, reverb=0.5))
    assert sound.shape[1] == round(5.0 * RATE_HZ)
    assert rms_db(sound[:, : 2 * RATE_HZ]) > rms_db(sound[:, -RATE_HZ // 4 :]) + 40


@pytest.mark.parametrize("program", [0, 19, 48])
def test_the_end_rings_out_without_a_click(program: int) -> None:
    """Also where the notes last to the very end."""
    sound = samples(one_note(program=program, reverb=0.4), duration_s=2.0)
    levels = [rms_db(part) for part in np.array_split(sound[:, -RATE_HZ // 2 :], 10, axis=1)]
    assert levels[-1] < levels[0] - 10
    assert np.abs(sound[:, -1]).max() < 1e-4
    steps = np.abs(np.diff(sound, axis=1))
    assert steps[:, -5000:].max() <= steps[:, :-5000].max()


def test_stems_add_up_to_the_mix() -> None:
    with render(band(), stems=True) as playing:
        assert playing.layers == ("piano", "bass", "drums")
        mix = joined(playing.blocks())
        stems = [joined(playing.stem_blocks(layer)) for layer in playing.layers]
    assert rms_db(sum(stems) - mix) < rms_db(mix) - 90
    assert all(rms_db(stem) > -60 for stem in stems)
    # Every stem has its own instrument alone: nothing of the drums is in the bass.
    alone = samples(Score(band().parts[1:2], end=8), gain_db=playing.gain_db, duration_s=playing.duration_s)
    assert rms_db(stems[1]) == pytest.approx(rms_db(alone), abs=1)


def test_stems_share_the_limiter() -> None:
    with render(sparse_piano(), stems=True) as playing:
        assert joined(playing.stem_blocks("part")).shape == joined(playing.blocks()).shape
        np.testing.assert_allclose(joined(playing.stem_blocks("part")), joined(playing.blocks()), atol=1e-6)


def test_stems_or_not_is_the_same_mix() -> None:
    plain, summed = samples(band()), samples(band(), stems=True)
    assert rms_db(plain - summed) < rms_db(plain) - 60


def test_more_parts_than_sixteen_channels() -> None:
    parts = tuple(part(Note(i / 2, i / 2 + 0.4, 60 + i, 100), name=str(i), program=11) for i in range(24))
    sound = samples(Score(parts, end=12))
    heard = [rms_db(piece) for piece in np.array_split(sound[:, : 6 * RATE_HZ], 24, axis=1)]
    assert min(heard) > -30


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    """An hour's tape would be 600 MB in memory; here the blocks of a minute are never together."""

    def peak(minutes: float) -> int:
        tracemalloc.start()
        with render(one_note(), duration_s=60 * minutes, scratch_folder=tmp_path) as playing:
            for _ in playing.blocks():
                pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(1.0) < 1.1 * peak(0.25) < 20e6


def test_progress_rises_to_one() -> None:
    told: list[float] = []
    samples(band(), progress=told.append)
    assert told == sorted(told) and told[-1] == 1


def test_nothing_is_left_in_the_scratch_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), render(band(), scratch_folder=tmp_path) as playing:
        list(islice(playing.blocks(), 1))
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_scratch_folder_that_is_not_there(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(OutputError, match="missing: cannot hold"), render(band(), scratch_folder=missing):
        pass


def test_a_loop_has_no_duration() -> None:
    with pytest.raises(ValueError, match="whole bars"), render(band(), loop=True, duration_s=3):
        pass
