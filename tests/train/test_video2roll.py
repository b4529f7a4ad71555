"""Video2Roll Net: its published sizes, its export, and a recipe that learns and goes on where it stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra")
onnxruntime = pytest.importorskip("onnxruntime")

from audeo_cache import write_clip  # noqa: E402

from photoplayer.errors import InputError  # noqa: E402
from photoplayer.piano.audeo import PICTURE_HEIGHT, PICTURE_WIDTH, STACK  # noqa: E402
from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH  # noqa: E402
from photoplayer.train.data.audeo_frames import Frames  # noqa: E402
from photoplayer.train.data.strip_cache import caches  # noqa: E402
from photoplayer.train.nets.video2roll import Variant, Video2Roll  # noqa: E402
from photoplayer.train.recipes import video2roll as recipe  # noqa: E402
from photoplayer.train.recipes import video2roll_export as exporting  # noqa: E402
from photoplayer.train.recipes.plateau import Plateau  # noqa: E402
from photoplayer.train.recipes.video2roll import Config, checkpoint_of, prepared, start, teach  # noqa: E402
from photoplayer.train.recipes.video2roll_check import figures  # noqa: E402
from photoplayer.train.recipes.video2roll_export import stacks_of, to_onnx  # noqa: E402

SOURCE_KEYS = 51
HIGH = LOWEST_PITCH + 60


def parameters(net: object) -> int:
    return sum(p.numel() for p in net.parameters())  # type: ignore[attr-defined]


def test_it_has_as_many_parameters_as_published() -> None:
    assert parameters(Video2Roll(keys=SOURCE_KEYS)) == pytest.approx(12.71e6, abs=5e3)
    more = parameters(Video2Roll()) - parameters(Video2Roll(keys=SOURCE_KEYS))
    assert more == 129 * (KEY_COUNT - SOURCE_KEYS)
    assert parameters(Video2Roll(variant="resnet18")) == pytest.approx(11.25e6, abs=5e3)


def test_every_stage_is_as_large_as_published() -> None:
    net = Video2Roll(keys=SOURCE_KEYS).eval()
    frames = torch.rand(1, STACK, PICTURE_HEIGHT, PICTURE_WIDTH)
    with torch.inference_mode():
        x2, x3, x4 = net.trunk(frames)
        on_top = net.modules_on_top
        sizes = [tuple(x.shape[1:]) for x in (net.trunk.stem(frames), x2, x3, x4)]
        branches = [on_top.transform2(x2), on_top.transform3(x3), on_top.transform4(x4), net.features(frames)]
        assert sizes == [(64, 25, 225), (128, 13, 113), (256, 7, 57), (512, 4, 29)]
        assert tuple(on_top.top(x4).shape) == (1, 64, 4, 29)
        assert [tuple(b.shape) for b in branches] == [(1, 128, 4, 29)] * 4
        assert tuple(net(frames).shape) == (1, SOURCE_KEYS)


@pytest.mark.parametrize("variant", ["full", "resnet18"])
def test_every_parameter_learns(variant: Variant) -> None:
    net = Video2Roll(variant=variant)
    net(torch.rand(2, STACK, PICTURE_HEIGHT, PICTURE_WIDTH)).square().sum().backward()
    assert [name for name, p in net.named_parameters() if p.grad is None or not p.grad.any()] == []


@pytest.mark.parametrize("variant", ["full", "resnet18"])
def test_onnx_says_what_torch_says(variant: Variant) -> None:
    pytest.importorskip("onnxscript")
    torch.manual_seed(1)
    net = Video2Roll(variant=variant).eval()
    session = onnxruntime.InferenceSession(to_onnx(net), providers=["CPUExecutionProvider"])
    for count in (1, 3):
        frames = torch.rand(count, STACK, PICTURE_HEIGHT, PICTURE_WIDTH)
        (said,) = session.run(None, {"frames": frames.numpy()})
        with torch.inference_mode():
            np.testing.assert_allclose(said, net(frames).numpy(), atol=1e-4)


def test_training_and_runtime_prepare_pictures_alike() -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (2, STACK, 64, 864)).astype(np.uint8)
    np.testing.assert_allclose(
        prepared(pictures, torch.device("cpu")).numpy(), stacks_of(pictures), atol=1e-4
    )


@pytest.fixture
def config(tmp_path: Path) -> Config:
    write_clip(tmp_path / "cache" / "a", [(0.5, 1.5, LOWEST_PITCH), (2.0, 2.8, HIGH)])
    write_clip(tmp_path / "cache" / "b", [(0.2, 2.0, HIGH)], split="validation")
    write_clip(tmp_path / "cache" / "c", [(0.2, 2.0, HIGH)], split="test")
    data = (tmp_path / "cache",)
    return Config(data, out=tmp_path / "out", variant="resnet18", epochs=2, epoch_samples=8, batch=4)


@pytest.fixture
def frames(config: Config) -> Frames:
    return Frames(caches(config.data[0], split="train"))


def unchecked(net: object) -> object:
    none = np.zeros((1, KEY_COUNT), dtype=bool)
    return figures(np.zeros((1, KEY_COUNT), dtype=np.float32), none, ~none)


def test_a_few_steps_lower_the_loss(config: Config, frames: Frames) -> None:
    losses = []

    def check(net: object) -> object:
        losses.append(teaching.progress.loss_sum)
        return unchecked(net)

    longer = replace(config, epochs=4)
    teaching = start(longer)
    teach(teaching, frames, longer, check=check, stop=lambda: False)  # type: ignore[arg-type]
    taught = [entry["taught_loss"] for entry in teaching.progress.history]
    assert len(taught) == 4 and taught[-1] < taught[0] / 2


def test_a_run_that_was_stopped_ends_as_one_that_was_not(config: Config, frames: Frames) -> None:
    config = replace(config, epoch_samples=4, batch=2, bf16=False)
    whole, broken = (replace(config, work=config.out / name) for name in ("whole", "broken"))
    once = start(whole)
    teach(once, frames, whole, check=unchecked, stop=lambda: False)  # type: ignore[arg-type]
    calls = iter([False, True])
    teach(start(broken), frames, broken, check=unchecked, stop=lambda: next(calls))  # type: ignore[arg-type]
    again = start(broken)
    assert again.progress.samples == 2
    teach(again, frames, broken, check=unchecked, stop=lambda: False)  # type: ignore[arg-type]
    assert again.progress == once.progress
    for name, value in once.net.state_dict().items():
        torch.testing.assert_close(again.net.state_dict()[name], value)


def test_a_checkpoint_of_other_settings_is_refused(config: Config) -> None:
    start(config).save(_made(checkpoint_of(config)), recipe.identity_of(config))
    with pytest.raises(InputError, match=r"video2roll_resnet18\.pt is of other settings"):
        start(replace(config, batch=3))


def test_without_clips_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no clips of split train.*photoplayer train strips"):
        recipe.train(Config((tmp_path,)))


def test_the_recipe_writes_model_and_card(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "to_int8", lambda content, _: content)
    monkeypatch.setattr(exporting, "CHECKED_FRAMES", 4)
    monkeypatch.setattr(exporting, "CALIBRATION_FRAMES", 2)
    config.out.mkdir()
    (config.out / "video2roll_resnet18.json").write_text('{"data": "planted", "bits": 1}')
    recipe.train(replace(config, epochs=1, checks=4))
    card = json.loads((config.out / "video2roll_resnet18.json").read_text())
    assert card["data"] == "planted" and card["bits"] == 8
    assert card["taught_on"] == "8 samples drawn from 56 frames of 1 clips"
    assert card["history"][0]["samples"] == 8 and card["history"][0]["frames"] == 4
    session = onnxruntime.InferenceSession(config.out / "video2roll_resnet18.onnx")
    assert session.get_inputs()[0].name == "frames"


def test_the_rate_falls_after_three_epochs_without_a_lower_loss() -> None:
    plateau = Plateau(rate=1.0)
    rates = []
    for loss in (5.0, 4.0, 4.0, 4.1, 4.0, 3.0, 3.5):
        plateau.epoch_ended(loss, patience=2)
        rates.append(plateau.rate)
    assert rates == pytest.approx([1.0, 1.0, 1.0, 1.0, 0.1, 0.1, 0.1])


def test_a_cooled_run_ends_at_nothing(config: Config, frames: Frames) -> None:
    cooled = replace(config, cooldown=0.5, epoch_samples=2, batch=1)
    teaching = start(cooled)
    teach(teaching, frames, cooled, check=unchecked, stop=lambda: False)  # type: ignore[arg-type]
    (group,) = teaching.optimiser.param_groups
    assert group["lr"] == pytest.approx(config.learning_rate / 2)  # of the last of four batches


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
