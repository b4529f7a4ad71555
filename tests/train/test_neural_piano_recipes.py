"""The recipes of the neural piano, a few steps on a tiny grand of three samples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from photoplayer.errors import InputError  # noqa: E402
from photoplayer.models import load, open_model  # noqa: E402
from photoplayer.music.midi_write import write_midi  # noqa: E402
from photoplayer.music.score import Note, Part, Score  # noqa: E402
from photoplayer.sound import RATE_HZ, write_audio  # noqa: E402
from photoplayer.sound.neural.piano import NeuralPiano, played  # noqa: E402
from photoplayer.sound.neural.spectrogram import BINS, MODEL_RATE_HZ, levels, spectra  # noqa: E402
from photoplayer.sound.neural.strokes import KEYS, LOWEST, Strokes  # noqa: E402
from photoplayer.sound.soundfont import find_soundfont  # noqa: E402
from photoplayer.train.data import grand_pairs, transcribed_rolls  # noqa: E402
from photoplayer.train.data.grand import Grand, open_grand  # noqa: E402
from photoplayer.train.nets.perfnet import PerfNet, PerformanceNet  # noqa: E402
from photoplayer.train.nets.spectrogram_unet import SpectrogramUNet  # noqa: E402
from photoplayer.train.recipes import perfnet, perfnet_error, perfnet_tones, spectrogram_unet  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three decaying tones and a piece for each split."""
    folder = tmp_path_factory.mktemp("grand")
    time_s = np.arange(RATE_HZ) / RATE_HZ
    for name, hz in (("A2", 110), ("A4", 440), ("A6", 1760)):
        tone = 0.5 * np.sin(2 * np.pi * hz * time_s) * np.exp(-3 * time_s)
        write_audio(folder / f"{name}v16.ogg", iter([np.stack([tone, tone]).astype(np.float32)]))
    for composer in ("Bach", "Haydn", "Brahms"):
        pitches = np.random.default_rng(1).integers(40, 90, 40)
        notes = tuple(Note(0.5 * i, 0.5 * i + 0.4, int(p), int(p)) for i, p in enumerate(pitches))
        write_midi(Score((Part("piano", 0, notes),), 21.0), folder / f"{composer}_x.mid")
    return folder


def test_the_sampler_plays_keys_between_its_samples_in_tune(folder: Path) -> None:
    sound = Grand(folder).play(np.array([[0.5, 1.5, 71, 127]]), 2.0)
    assert not sound[: MODEL_RATE_HZ // 2].any()
    loud = np.abs(np.fft.rfft(sound[MODEL_RATE_HZ // 2 : 3 * MODEL_RATE_HZ // 2]))
    assert abs(int(loud.argmax()) - 493.9) <= 2


def test_a_folder_without_samples_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no samples"):
        Grand(tmp_path)


def test_both_recipes_learn_and_ship(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = perfnet.begin_from_tones
    monkeypatch.setattr(perfnet, "begin_from_tones", lambda net, grand: begin(net, grand, keys=range(1)))
    monkeypatch.setattr(grand_pairs, "STRETCH_S", 6.0)
    small = {"midi": folder, "grand": folder, "work": tmp_path, "out": tmp_path, "steps": 2}
    perfnet.train(perfnet.Config(**small, stretches=1, checked=1, frames=16))
    net = open_model(tmp_path / "perfnet.onnx")
    sound = played(np.array([[0.1, 0.4, 60, 80]]), 0.5, NeuralPiano(perfnet=net))
    assert np.isfinite(sound).all() and len(sound) == MODEL_RATE_HZ // 2
    spectrogram_unet.train(spectrogram_unet.Config(**small, stretches=1, checked=1, frames=16))
    unet = open_model(tmp_path / "spectrogram_unet.onnx")
    levels, phases = NeuralPiano(perfnet=net, unet=unet).levels(np.zeros((0, 4)), -3, 9)
    assert levels.shape == phases.shape == (9, BINS)
    card = json.loads((tmp_path / "spectrogram_unet.json").read_text())
    assert card["figures"]


def test_an_untaught_unet_leaves_levels_as_they_are() -> None:
    levels, keys = torch.randn(8, BINS) - 12, torch.randint(KEYS, (8, BINS))
    roll = torch.rand(3, 8, KEYS)
    assert torch.equal(SpectrogramUNet()(levels, keys, roll, torch.ones(1)), levels)


def test_gains_are_spread_evenly_and_semitones_are_in_order() -> None:
    net = SpectrogramUNet()
    assert torch.allclose(net.spread.sum(0), torch.ones(BINS), atol=1e-5)
    assert (net.bands.argmax(0).diff() >= 0).all()


def test_loudness_alone_is_forgiven() -> None:
    levels = torch.randn(8, BINS) - 6
    same = perfnet_error.off_by(perfnet_error.matched(levels + 3, levels), levels)
    assert max(float(error) for error in same) < 1e-3
    other = perfnet_error.off_by(levels.flip(0), levels)
    assert min(float(error) for error in other) > 0.1


def test_of_a_silent_crop_little_is_asked() -> None:
    silent = torch.full((8, BINS), -30.0)
    mel_db, convergence = perfnet_error.off_by(silent + 1, silent, grand_pairs.Loudness(-1.5, 3e-3))
    assert mel_db == 0 and convergence < 0.01


def test_a_net_that_begins_from_tones_plays_them(folder: Path) -> None:
    grand, net, key = Grand(folder), PerfNet(), 69 - LOWEST
    perfnet_tones.begin_from_tones(net, grand, keys=range(key, key + 1))
    row = np.array([[0.1, 0.8, 69, 90]])
    wanted = torch.from_numpy(levels(spectra(grand.play(row, 0.8))))
    with torch.no_grad():
        made, _ = net(*perfnet_tones.tensors(Strokes.of(row, 0, len(wanted))))
    mel_db, convergence = perfnet_error.off_by(made, wanted)
    assert mel_db < 3 and convergence < 0.3


def test_a_soundfont_is_a_grand_too() -> None:
    grand = open_grand(find_soundfont())
    sound = grand.play(np.array([[0.5, 1.0, 69, 100]]), 1.5)
    assert len(sound) == round(1.5 * MODEL_RATE_HZ)
    before, after = sound[: MODEL_RATE_HZ // 2 - 64], sound[MODEL_RATE_HZ // 2 :]
    assert np.abs(before).max() < 1e-4 < 1e-2 < np.abs(after).max()
    assert np.allclose(sound, grand.play(np.array([[0.5, 1.0, 69, 100]]), 1.5), atol=1e-3)


def test_the_published_network_learns_a_spectrogram() -> None:
    torch.manual_seed(1)
    net = PerformanceNet(width=8, bands=(2, 4))
    roll, wanted = torch.rand(1, 128, 16), torch.rand(1, BINS, 16)
    optimiser = torch.optim.Adam(net.parameters(), lr=3e-3)
    losses = []
    for _ in range(12):
        made = net(roll, roll.diff(dim=2, prepend=roll[..., :1]))
        loss = (made - wanted).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert made.shape == wanted.shape and losses[-1] < losses[0]


def test_transcribed_rolls_keep_most_notes_in_order_and_lose_their_velocities() -> None:
    dice = np.random.default_rng(3)
    onsets = np.arange(200) * 0.12
    rows = np.stack([onsets, onsets + 0.5, dice.integers(40, 80, 200), dice.integers(20, 120, 200)], 1)
    rows = grand_pairs.within_keys(rows)
    left = transcribed_rolls.transcribed(rows, dice, touch=load("touch"))
    assert 0.8 * len(rows) < len(left) < 1.2 * len(rows)
    assert (np.diff(left[:, 0]) >= 0).all() and (left[:, 1] > left[:, 0]).all()
    assert left[:, 3].std() < rows[:, 3].std()
