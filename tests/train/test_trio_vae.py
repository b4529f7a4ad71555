"""TrioVAE and MusicVAE learn, write, and say the same in ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")

from photoplayer import models  # noqa: E402
from photoplayer.compose.trio.codec import decode, encode, unfold  # noqa: E402
from photoplayer.compose.trio.space import shipped_space  # noqa: E402
from photoplayer.music.trio import DRUM_TOKENS, DRUMS, LINE_TOKENS, home_shift  # noqa: E402
from photoplayer.train.nets.music_vae import (  # noqa: E402
    FLAT,
    PUBLISHED,
    MusicSizes,
    MusicVAE,
    set_losses,
)
from photoplayer.train.nets.small_vae import SmallVAE  # noqa: E402
from photoplayer.train.nets.trio_vae import (  # noqa: E402
    EVENTS_PER_BAR,
    PHRASE_BARS,
    PhraseVAE,
    Sizes,
    Trios,
    WindowVAE,
    by_bar,
    divergence,
    drum_bits,
    event_places,
    line_losses,
)
from photoplayer.train.recipes.music_vae import as_phrases, as_windows, phrase_codes  # noqa: E402
from photoplayer.train.recipes.music_vae_check import no_noise, sampling_noise, tensors  # noqa: E402
from photoplayer.train.recipes.personalize import learn  # noqa: E402
from photoplayer.train.recipes.trio_export import NAMES, export, read_shipped  # noqa: E402

TINY = Sizes(read=32, bar=24, mix=32, code=16, place=8, core=12, window=20, window_mix=32)


def some(windows: int = 3, bars: int = PHRASE_BARS, seed: int = 0) -> Trios:
    dice = np.random.default_rng(seed)
    shape = (windows, bars * 16)
    lines = [np.where(dice.random(shape) < 0.3, dice.integers(1, LINE_TOKENS, shape), 0) for _ in range(2)]
    drums = np.where(dice.random(shape) < 0.4, dice.integers(0, DRUM_TOKENS, shape), 0)
    return tensors((*lines, drums))


def dense(trios: Trios) -> torch.Tensor:
    """A bar's events as zeros and ones, from their places."""
    places = event_places(trios)
    hot = torch.zeros(*places.shape[:2], EVENTS_PER_BAR + 1)
    return hot.scatter_(2, places, 1.0)[:, :, :-1]


def test_a_phrase_network_learns_by_heart_what_it_sees_often() -> None:
    torch.manual_seed(0)
    net, trios = PhraseVAE(TINY), some()
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-2)
    losses = []
    for _ in range(60):
        mean, spread = net.encode(trios)
        loss = torch.stack(line_losses(net.logits(mean, trios, 0.5), trios)).sum()
        losses.append(float(loss.detach()))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert losses[-1] < 0.5 * losses[0]
    assert float(divergence(mean, spread).detach()) > 0


def test_what_it_writes_is_what_it_says_step_by_step() -> None:
    """The unrolled decoder of ONNX and the one that is taught agree, once told their own tokens."""
    torch.manual_seed(1)
    net = PhraseVAE(TINY).eval()
    code = torch.randn(2, TINY.code)
    with torch.inference_mode():
        written = net.write(code, no_noise(2 * PHRASE_BARS))
        melody, bass, drums = net.logits(code, written)
    assert torch.equal(melody.argmax(-1), by_bar(written[0]))
    assert torch.equal(bass.argmax(-1), by_bar(written[1]))
    assert torch.equal((drums > 0).float(), by_bar(written[2]))


def test_noise_samples_and_comes_back_with_its_seed() -> None:
    net, code = PhraseVAE(TINY).eval(), torch.zeros(1, TINY.code)
    with torch.inference_mode():
        a, b, c = (net.write(code, sampling_noise(PHRASE_BARS, 1.0, seed=s))[0] for s in (1, 1, 2))
    assert torch.equal(a, b) and not torch.equal(a, c)


def test_windows_are_phrases_and_back() -> None:
    trios = some(2, bars=16)
    back = as_windows(as_phrases(trios))
    assert all(torch.equal(x, y) for x, y in zip(trios, back, strict=True))
    phrase, window = PhraseVAE(TINY).eval(), WindowVAE(TINY).eval()
    codes, spreads = phrase_codes(phrase, trios)
    first = tuple(line[:, : 16 * PHRASE_BARS] for line in trios)
    assert torch.allclose(codes[:, 0], phrase.encode(first)[0], atol=1e-5)
    assert window.conduct(window.encode(codes)[0]).shape == codes.shape == spreads.shape


def test_onnx_says_what_torch_says(tmp_path: Path) -> None:
    """But for the writer, whose export takes a minute; tests of the codec run the one that ships."""
    torch.manual_seed(2)
    phrase, window = PhraseVAE(TINY).eval(), WindowVAE(TINY).eval()
    for parameter in (*phrase.parameters(), *window.parameters()):
        parameter.data = parameter.data.half().float()  # what ships has 16 bits
    export(phrase, window, tmp_path, {}, names=NAMES[:3])
    run = {name: onnxruntime.InferenceSession((tmp_path / f"{name}.onnx").read_bytes()) for name in NAMES[:3]}
    trios = some(5)
    with torch.inference_mode():
        codes = phrase.encode(trios)[0]
        gathered = window.encode(codes[:4].unflatten(0, (1, 4)))[0]
        unfolded = window.conduct(gathered)
    (found,) = run["trio-read"].run(None, {"events": dense(trios).numpy()})
    assert found == pytest.approx(codes.numpy(), abs=1e-4)
    (found,) = run["trio-gather"].run(None, {"phrases": codes[:4].numpy()[None]})
    assert found == pytest.approx(gathered.numpy(), abs=1e-4)
    (found,) = run["trio-unfold"].run(None, {"code": gathered.numpy()})
    assert found == pytest.approx(unfolded.numpy(), abs=1e-4)


@pytest.mark.parametrize("conductor", [24, 0])
def test_musicvae_learns_and_writes_hierarchical_and_flat(conductor: int) -> None:
    torch.manual_seed(0)
    net, trios = MusicVAE(MusicSizes(24, 1, 16, conductor, 1, 32, 1), PHRASE_BARS), some()
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-2)
    losses = []
    for _ in range(25):
        mean, _ = net.encode(trios)
        loss = torch.stack(set_losses(net.logits(mean, trios), trios, PHRASE_BARS)).sum()
        losses.append(float(loss.detach()))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert losses[-1] < 0.8 * losses[0]
    with torch.inference_mode():
        melody, _, drums = net.write(mean.detach())
    assert melody.shape == (3, 64) and drums.shape == (3, 64, len(DRUMS))


def test_the_published_sizes_are_those_of_the_paper() -> None:
    with torch.device("meta"):
        hierarchical, flat = MusicVAE(PUBLISHED, 16), MusicVAE(FLAT, 16)
    count = sum(p.numel() for p in hierarchical.parameters())
    assert 0.85 < count / 231.0e6 < 1.15
    assert sum(p.numel() for p in flat.parameters()) > count


def test_drum_sets_are_bits() -> None:
    assert drum_bits(torch.tensor([0b101]))[0, :3].tolist() == [1, 0, 1]


def test_a_style_stays_near_its_codes_and_is_no_single_point() -> None:
    dice = np.random.default_rng(0)
    directions = dice.normal(size=(2, 512))
    codes = (5 + dice.normal(size=(40, 2)) @ directions).astype(np.float32)
    style = learn(codes)
    made = style.sample(30, seed=1)
    away = np.linalg.norm(made - codes.mean(axis=0), axis=1).mean()
    assert away < 2 * np.linalg.norm(codes - codes.mean(axis=0), axis=1).mean()
    assert made.std(axis=0).mean() > 0.2 * codes.std(axis=0).mean()
    assert np.array_equal(learn(codes).sample(2, seed=1), style.sample(2, seed=1))
    assert style.tunes == 40 and SmallVAE().mean.out_features == 4


def test_the_shipped_models_come_back_as_the_networks_that_were_taught() -> None:
    phrase, window = read_shipped(Path(models.__file__).parent)
    codes = shipped_space().sample(3, seed=1)
    unfolded = window.conduct(torch.from_numpy(codes))
    assert np.allclose(unfolded.numpy(), unfold(codes), atol=1e-5)
    rows = unfolded.flatten(0, 1)
    melody, _, _ = phrase.write(rows, no_noise(len(rows) * PHRASE_BARS))
    trios = decode(codes)
    assert np.array_equal(melody.view(3, -1).numpy(), np.stack([trio.melody for trio in trios]))
    lines = [np.stack([getattr(trio, name) for trio in trios]) for name in ("melody", "bass", "drums")]
    read = tensors((lines[0].astype(np.int64), lines[1].astype(np.int64), lines[2].astype(np.int64)))
    again = window.encode(phrase_codes(phrase, read)[0])[0].numpy()
    at_home = [home_shift(trio) == 0 for trio in trios]
    assert any(at_home) and np.allclose(again[at_home], encode(trios, rounds=0)[at_home], atol=1e-4)
