"""Roll2Midi: its published sizes, its losses, its export, and that it learns to mend."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra")
onnxruntime = pytest.importorskip("onnxruntime")

from audeo_cache import write_clip  # noqa: E402

from photoplayer.errors import InputError  # noqa: E402
from photoplayer.piano.layout import KEY_COUNT  # noqa: E402
from photoplayer.piano.roll import Roll  # noqa: E402
from photoplayer.piano.roll2midi import WINDOW  # noqa: E402
from photoplayer.train.data.roll_windows import RollWindows  # noqa: E402
from photoplayer.train.nets.roll2midi import Discriminator, Generator  # noqa: E402
from photoplayer.train.recipes import roll2midi as recipe  # noqa: E402
from photoplayer.train.recipes.roll2midi import (  # noqa: E402
    Config,
    discriminator_loss,
    generator_loss,
    start,
    teach_epoch,
)
from photoplayer.train.recipes.roll2midi_export import to_onnx  # noqa: E402

SOURCE_KEYS = 51


def parameters(net: object) -> int:
    return sum(p.numel() for p in net.parameters())  # type: ignore[attr-defined]


def test_both_have_as_many_parameters_as_published() -> None:
    assert parameters(Generator()) == pytest.approx(25.1e6, abs=5e4)
    assert parameters(Discriminator()) == pytest.approx(1.55e6, abs=1e4)
    assert parameters(Generator(width=0.25)) == pytest.approx(25.1e6 / 16, rel=0.01)


def test_the_generator_keeps_the_size_and_the_critic_judges_patches() -> None:
    with torch.inference_mode():
        for keys in (SOURCE_KEYS, KEY_COUNT):
            mended = Generator(width=1 / 16).eval()(torch.rand(1, 1, keys, WINDOW))
            assert tuple(mended.shape) == (1, 1, keys, WINDOW)
            assert float(mended.min()) >= 0 and float(mended.max()) <= 1
        assert tuple(Discriminator()(torch.rand(1, 1, SOURCE_KEYS, WINDOW)).shape) == (1, 1, 7, 13)


def test_losses_by_hand() -> None:
    """A critic that calls every cell what the roll says: real rolls of ones 1, mended ones of a half 0.5."""
    critic = torch.nn.Identity()
    held, mended = torch.ones(2, 1, 8, 8), torch.full((2, 1, 8, 8), 0.5)
    assert float(generator_loss(critic, mended, held)) == pytest.approx(0.25)
    assert float(discriminator_loss(critic, mended, held)) == pytest.approx(0.125)
    assert float(generator_loss(critic, mended, mended)) == pytest.approx(0.001 * 0.25)


def test_onnx_says_what_torch_says() -> None:
    pytest.importorskip("onnxscript")
    torch.manual_seed(1)
    generator = Generator(width=1 / 16).eval()
    session = onnxruntime.InferenceSession(to_onnx(generator), providers=["CPUExecutionProvider"])
    for count in (1, 2):
        roll = torch.rand(count, 1, KEY_COUNT, WINDOW)
        (said,) = session.run(None, {"roll": roll.numpy()})
        with torch.inference_mode():
            np.testing.assert_allclose(said, generator(roll).numpy(), atol=1e-4)


def chopped(count: int, keys: int, columns: int) -> RollWindows:
    """Notes of ten columns; what was said of them has holes and ghosts."""
    dice = np.random.default_rng(1)
    held = np.zeros((count, keys, columns), dtype=np.float32)
    for window in held:
        for key in dice.integers(0, keys, keys // 4):
            first = dice.integers(0, columns - 10)
            window[key, first : first + 10] = 1
    flipped = dice.random(held.shape) < 0.1
    return RollWindows(np.abs(held - flipped.astype(np.float32)), held)


def test_a_short_training_mends_holes_and_ghosts() -> None:
    config = Config((), width=1 / 16, batch=8, learning_rate=5e-3, bf16=False)
    pair, taught = start(config), chopped(16, 16, 24)
    for _ in range(80):
        teach_epoch(pair, taught, config)
    pair.generator.eval()
    with torch.inference_mode():
        mended = pair.generator(torch.from_numpy(taught.said)[:, None])[:, 0].numpy()
    before, after = (((roll - taught.held) ** 2).mean() for roll in (taught.said, mended))
    assert after < 0.7 * before


def test_the_recipe_goes_on_writes_and_refuses_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for split in ("train", "validation"):
        write_clip(tmp_path / "cache" / split, [(1.0, 3.0, 60)], split=split, duration_s=5.0)

    class Says:
        def read(self, strips):  # type: ignore[no-untyped-def]
            for strip in strips:
                down = np.full((len(strip.times_s), KEY_COUNT), 0.25, dtype=np.float32)
                yield Roll(times_s=strip.times_s, down=down, seen=strip.seen)

    monkeypatch.setattr(recipe, "AudeoNet", Says)
    monkeypatch.setattr(recipe, "_model_bytes", lambda _reads: b"planted")

    def run(**changed: object) -> None:
        settings = {"width": 1 / 32, "epochs": 1, "out": tmp_path / "out", **changed}
        recipe.train(Config((tmp_path / "cache",), **settings))  # type: ignore[arg-type]

    run()
    run(epochs=2)
    content = torch.load(tmp_path / "training" / "roll2midi.pt", weights_only=True)
    assert [entry["epoch"] for entry in content["progress"]["history"]] == [1, 2]
    assert (tmp_path / "out" / "roll2midi.onnx").is_file()
    assert (tmp_path / "out" / "roll2midi.json").is_file()
    with pytest.raises(InputError, match=r"roll2midi\.pt is of other settings"):
        run(batch=2)
