"""The neural piano: spectrogram and back, what it plays from, phases, stretches, its place among others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import joined

from photoplayer.errors import PlanError, SetupError
from photoplayer.music.score import Control, Note, Part, Score, TempoMap
from photoplayer.performance import RenderOptions
from photoplayer.sound import RATE_HZ, library, render, synth
from photoplayer.sound.neural.choice import MicrophonesName, PianoSound
from photoplayer.sound.neural.parts import is_piano
from photoplayer.sound.neural.phase import inconsistency_db, inverted, locked, random_phases
from photoplayer.sound.neural.piano import NeuralPiano, played
from photoplayer.sound.neural.rooms import impulse
from photoplayer.sound.neural.space import Doubler, Place
from photoplayer.sound.neural.spectrogram import (
    BINS,
    FRAMES_PER_S,
    HOP,
    MODEL_RATE_HZ,
    levels,
    samples,
    spectra,
)
from photoplayer.sound.neural.strokes import KEYS, LONG_AGO_FRAMES, LOWEST, MOST, Strokes, sounded, strokes

ROWS = np.array([[0.1, 0.9, 57, 80], [0.5, 1.5, 64, 70], [0.5, 1.2, 69, 90], [1.0, 2.5, 45, 60]])
PIANO = Part("piano", 0, tuple(Note(2 * a, 2 * b, int(p), int(v)) for a, b, p, v in ROWS), layer="keys")
SCORE = Score((PIANO,), end=6.0)


def sine(hz: float, seconds: float = 1.0) -> np.ndarray:
    return np.cos(2 * np.pi * hz * np.arange(int(seconds * MODEL_RATE_HZ)) / MODEL_RATE_HZ).astype(np.float32)


@pytest.fixture(scope="module")
def piano() -> NeuralPiano:
    return NeuralPiano()


def test_samples_come_back_from_their_spectrogram() -> None:
    noise = np.random.default_rng(1).normal(size=20 * HOP).astype(np.float32)
    assert np.allclose(samples(spectra(noise)), noise, atol=1e-5)


def test_a_full_sinusoid_has_level_0_and_one_phase_across_its_peak() -> None:
    frame = spectra(sine(1000.3))[40]
    peak = int(np.abs(frame).argmax())
    assert levels(frame[None])[0, peak] == pytest.approx(0, abs=0.4)
    turns = np.angle(frame[peak - 1 : peak + 2] / frame[peak])
    assert np.abs(turns).max() < 0.1


def test_strokes_count_frames_since_a_note_began_and_was_damped() -> None:
    heard = Strokes.of(ROWS[:1], 10, 5)
    assert heard.keys.tolist() == [57 - LOWEST]
    assert heard.ages[0, 0] == pytest.approx(10 - 0.1 * FRAMES_PER_S)
    assert heard.releases[0, 4] == pytest.approx(14 - 0.9 * FRAMES_PER_S, abs=1e-4)


def test_every_key_is_told_its_last_stroke() -> None:
    again = np.array([[0.1, 0.5, 57, 80], [0.5, 0.9, 57, 40]])
    first = round(0.5 * FRAMES_PER_S)
    age, release, velocity = sounded(Strokes.of(again, first - 20, 40))
    key = 57 - LOWEST
    assert velocity[0, key] == pytest.approx(80 / 127) and velocity[-1, key] == pytest.approx(40 / 127)
    assert age[20, key] == pytest.approx(0, abs=1) and release[5, key] < 0
    assert not velocity[:, key + 1].any() and age[0, key + 1] == LONG_AGO_FRAMES


@given(st.integers(-2000, 2000), st.integers(0, 300))
def test_there_is_always_a_stroke_and_never_too_many(first: int, count: int) -> None:
    dice = np.random.default_rng(count)
    onsets = np.sort(dice.uniform(0, 2, count))
    rows = np.stack([onsets, onsets + 1, dice.integers(21, 109, count), np.full(count, 64)], 1)
    assert 1 <= len(Strokes.of(rows, first, 8).keys) <= MOST


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0.05, 4), st.integers(0, 127)), max_size=30))
def test_rows_are_in_order_and_on_the_keyboard(notes: list[tuple[float, float, int]]) -> None:
    part = Part("p", 0, tuple(Note(a, a + length, pitch, 64) for a, length, pitch in notes))
    rows = strokes(part, TempoMap(), end_s=12, release_by_s=9)
    assert (np.diff(rows[:, 0]) >= 0).all() and (rows[:, 1] > rows[:, 0]).all()
    assert ((rows[:, 2] >= LOWEST) & (rows[:, 2] < LOWEST + KEYS)).all()


def test_the_pedal_holds_a_string() -> None:
    part = Part("p", 0, (Note(0, 1, 60, 64),), controls=(Control(0.5, 64, 127), Control(4, 64, 0)))
    assert strokes(part, TempoMap(), end_s=4)[0, 1] == pytest.approx(2.0)


def test_locked_phases_are_the_same_wherever_a_stretch_begins() -> None:
    owners = np.random.default_rng(2).integers(0, len(ROWS), (20, BINS))
    whole = locked(Strokes.of(ROWS, 90, 20), owners, 90)
    later = locked(Strokes.of(ROWS, 95, 15), owners[5:], 95)
    assert np.allclose(whole[5:], later, atol=1e-4)


def test_inversion_comes_nearer_and_leaves_what_is_held() -> None:
    wanted = levels(spectra(sine(440) * np.linspace(1, 0, MODEL_RATE_HZ, dtype=np.float32)))
    begun = random_phases(wanted.shape)
    off = [
        inconsistency_db(wanted, inverted(wanted, begun, iterations=n, momentum=m)[0])
        for n, m in ((0, 0), (8, 0), (8, 0.99))
    ]
    assert off[0] > off[1] > off[2]
    _, kept = inverted(wanted, begun, iterations=2, held=7)
    assert np.array_equal(kept[:7], begun[:7]) and not np.allclose(kept[7:], begun[7:])


def test_notes_sound_at_their_pitch_when_they_are_struck(piano: NeuralPiano) -> None:
    sound = played(np.array([[1.0, 2.0, 69, 90]]), 2.5, piano)
    loud = np.abs(np.fft.rfft(sound[MODEL_RATE_HZ : 2 * MODEL_RATE_HZ]))
    assert abs(int(loud[:1200].argmax()) % 440) <= 3 or int(loud[:1200].argmax()) % 440 >= 436
    before, after = sound[: int(0.9 * MODEL_RATE_HZ)], sound[MODEL_RATE_HZ : int(1.5 * MODEL_RATE_HZ)]
    assert np.square(before).mean() < 1e-3 * np.square(after).mean()


def test_louder_strokes_are_louder(piano: NeuralPiano) -> None:
    power = [np.square(played(np.array([[0.1, 1, 60, v]]), 1.0, piano)).mean() for v in (30, 60, 90, 120)]
    assert power == sorted(power)


def test_many_stretches_are_as_one(piano: NeuralPiano) -> None:
    size = 3 * MODEL_RATE_HZ
    whole = np.concatenate(list(piano.blocks(ROWS, size, stretch=400)))[:size]
    many = np.concatenate(list(piano.blocks(ROWS, size, stretch=64)))[:size]
    assert np.corrcoef(whole, many)[0, 1] > 0.9


def test_the_same_notes_are_the_same_bytes(piano: NeuralPiano) -> None:
    assert played(ROWS, 1.0, piano).tobytes() == played(ROWS, 1.0, NeuralPiano()).tobytes()


def test_doubling_in_blocks_is_doubling_at_once() -> None:
    tone = sine(440, 0.2)
    whole = Doubler().doubled(tone)
    parts = Doubler()
    assert np.array_equal(np.concatenate([parts.doubled(x) for x in np.split(tone, [30, 900])]), whole)
    expected = np.cos(2 * np.pi * 440 * np.arange(len(whole)) / RATE_HZ)
    assert np.abs(whole - expected)[200:].max() < 0.01


def test_pan_and_volume_place_a_part() -> None:
    tone = np.ones(1000, np.float32)
    left = Place(replace(PIANO, pan=-1.0, reverb=0.0), TempoMap()).placed(tone)
    assert np.abs(left[1]).max() < 1e-6 < np.abs(left[0]).max()
    soft = Place(replace(PIANO, pan=-1.0, reverb=0.0, volume=50), TempoMap()).placed(tone)
    assert soft[0, 500] / left[0, 500] == pytest.approx(0.25)


def test_a_room_rings_on_across_blocks() -> None:
    click = np.zeros(4000, np.float32)
    click[0] = 1
    whole = Place(PIANO, TempoMap()).placed(click)
    parts = Place(PIANO, TempoMap())
    assert np.allclose(np.hstack([parts.placed(x) for x in np.split(click, [100, 700])]), whole, atol=1e-6)


def test_far_microphones_hear_more_room_and_less_treble() -> None:
    def parts(microphones: MicrophonesName) -> tuple[float, float]:
        heard = impulse("hall", microphones)[0]
        begun, treble = heard[:200], np.diff(heard[:200])
        return np.square(heard[400:]).sum() / np.square(begun).sum(), np.square(treble).sum()

    (close, bright), (middle, _), (far, dull) = map(parts, ("close", "middle", "far"))
    assert close < middle < far and dull < bright


def test_a_dry_room_is_none_and_a_church_rings_longest() -> None:
    assert np.array_equal(impulse("dry", "middle"), np.ones((2, 1), np.float32))
    lengths = [impulse(room, "middle").shape[1] for room in ("chamber", "hall", "church")]
    assert lengths == sorted(lengths)
    assert np.array_equal(impulse("church", "far"), impulse("church", "far"))


def test_a_room_is_left_out_where_a_part_wants_no_reverb() -> None:
    click = np.ones(100, np.float32)
    there = PianoSound(room="church")
    assert Place(replace(PIANO, reverb=0.0), TempoMap(), there).placed(click).shape == (2, 100)
    assert impulse("church", "middle", reverb=0.0).shape[1] == 1


def test_another_piano_plays_the_same_notes_otherwise() -> None:
    sounds = [played(ROWS, 1.5, NeuralPiano.of(name)) for name in ("salamander", "splendid")]
    loud = [float(np.sqrt(np.square(sound).mean())) for sound in sounds]
    assert 0.25 < loud[0] / loud[1] < 4
    assert np.corrcoef(*sounds)[0, 1] < 0.99


def test_an_unknown_piano_is_said() -> None:
    with pytest.raises(PlanError, match="there is no room 'cellar'; choose from dry"):
        PianoSound(room="cellar")  # type: ignore[arg-type]


def test_a_piano_alone_needs_no_fluidsynth(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise SetupError("none")

    monkeypatch.setattr(synth, "load_library", missing)
    monkeypatch.setattr(library, "load_library", missing)
    with render(SCORE, synth="neural", duration_s=3.0) as playing:
        assert playing.frames == 3 * RATE_HZ
        assert playing.loudness_lufs == pytest.approx(-16, abs=0.5)


def test_a_church_rings_on_where_a_dry_piano_is_silent() -> None:
    def left(sound: PianoSound) -> float:
        with render(SCORE, synth="neural", duration_s=5.5, gain_db=0.0, piano=sound) as playing:
            return float(np.square(playing.audio().samples[:, int(4.5 * RATE_HZ) :]).mean())

    assert left(PianoSound(room="dry")) < 0.01 * left(PianoSound(room="church"))


def test_other_parts_stay_with_fluidsynth_and_stems_are_the_mix() -> None:
    bass = Part("bass", 33, (Note(0, 2, 40, 90),), layer="bass")
    score = Score((PIANO, bass), end=6.0)
    with render(score, stems=True, gain_db=-20, duration_s=3) as playing:
        told = joined(playing.stem_blocks("bass"))
    with render(score, stems=True, gain_db=-20, duration_s=3, synth="neural") as playing:
        stems = [joined(playing.stem_blocks(layer)) for layer in playing.layers]
        mix = joined(playing.blocks())
    assert np.allclose(stems[1], told, atol=1e-6)
    assert np.allclose(sum(stems), mix, atol=1e-5)
    assert np.abs(stems[0]).max() > 1e-4


def test_drums_and_harpsichords_are_no_pianos() -> None:
    assert is_piano(PIANO)
    assert not is_piano(replace(PIANO, is_drum=True)) and not is_piano(replace(PIANO, program=6))


def test_an_unknown_synth_is_said() -> None:
    with pytest.raises(PlanError, match="fluidsynth, neural"):
        RenderOptions(synth="organ")  # type: ignore[arg-type]
