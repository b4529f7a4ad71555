"""The keys network: windows that match their truth, both halves exported, a few steps that learn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from drawn_piano import keyboard, picture_of

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from photoplayer.piano.keys import _Fixed  # noqa: E402
from photoplayer.piano.layout import KEY_COUNT, LOWEST_PITCH  # noqa: E402
from photoplayer.piano.plate import levels  # noqa: E402
from photoplayer.piano.stir import WHITES, Stretch, stretches  # noqa: E402
from photoplayer.piano.warp import Warp  # noqa: E402
from photoplayer.train.data import strip_augment, strip_windows  # noqa: E402
from photoplayer.train.data.strip_cache import caches  # noqa: E402
from photoplayer.train.data.strip_windows import Source  # noqa: E402
from photoplayer.train.nets.keys import FULL, HEADS, Size, key_columns, stacked  # noqa: E402
from photoplayer.train.recipes import keys  # noqa: E402
from photoplayer.train.recipes.keys import Config, Net, train, weights_of  # noqa: E402
from photoplayer.train.recipes.keys_check import export, read_net  # noqa: E402

HELD = 64
FRAMES = 40


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """One clip of 40 pictures in which one key is held in the middle."""
    folder = tmp_path / "cache" / "clip"
    folder.mkdir(parents=True)
    warp = Warp(keyboard())
    free, held = (warp.straighten(picture_of(keyboard(), pressed)[..., 0]) for pressed in ((), (HELD,)))
    np.save(folder / "pictures.npy", np.stack([held if 15 <= k < 25 else free for k in range(FRAMES)]))
    np.save(folder / "times.npy", np.arange(FRAMES) / 20)
    np.save(folder / "plates.npy", free[None])
    np.save(folder / "plate_of.npy", np.zeros(FRAMES, dtype=np.int32))
    np.save(folder / "notes.npy", np.array([[0.74, 1.24, HELD, 90.0]]))
    meta = {"name": "clip", "group": "g", "split": "train", "view": "", "source": "drawn"}
    meta |= {"covered_s": [0.0, 2.0], "seen": [True] * KEY_COUNT}  # type: ignore[dict-item]
    (folder / "meta.json").write_text(json.dumps(meta))
    return folder.parent


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures as they are: what is seen of each key can be compared with its truth."""

    def unmoved(pictures: torch.Tensor, width: int, _dice: torch.Generator) -> torch.Tensor:
        rim = (pictures.shape[-1] - width) // 2
        return pictures[..., rim : rim + width]

    monkeypatch.setattr(strip_augment, "warped", unmoved)
    for name in ("coarsened", "smeared", "relit", "with_overlays", "with_noise"):
        monkeypatch.setattr(strip_augment, name, lambda pictures, _dice: pictures)
    monkeypatch.setattr(strip_augment, "with_ghost", lambda plate, _pictures, _dice: plate)


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("mirror", [False, True])
def test_the_key_that_changes_is_the_key_that_is_held(
    cache: Path, mirror: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strip_windows, "happens", lambda _dice, chance: mirror and chance == 0.5)
    source = Source(caches(cache)[0])
    met = 0
    for seed in range(12):
        window = source.cut(24, torch.Generator().manual_seed(seed))
        changed = window.stack[:, 0].abs().amax(dim=1)  # (frames, w): against the plate, over a key's length
        for key in range(len(window.counts)):
            middle = int(window.columns[key, 2]) * 4 + 2
            shows = changed[:, max(middle - 2, 0) : middle + 3].amax(dim=1) > 0.15
            if window.down[:, key].any():
                met += 1
                assert (shows == window.down[:, key]).float().mean() > 0.9
            elif shows.any():  # a neighbour may touch it, no other
                around = window.down[:, max(key - 2, 0) : key + 3]
                assert around.any()
    assert met >= 3


def test_every_key_of_the_full_strip_has_its_columns_and_pitch_class() -> None:
    which, columns, classes = key_columns(*FULL)
    assert which.tolist() == list(range(KEY_COUNT))
    assert (columns.diff(dim=1) == 1).all() and (columns[:, 2].diff() > 0).all()
    assert classes.tolist() == [(LOWEST_PITCH + k) % 12 for k in range(KEY_COUNT)]


def test_training_steps_learn_and_go_on_where_they_stopped(cache: Path, tmp_path: Path) -> None:
    config = Config(data=(cache,), out=tmp_path / "run", steps=4, windows=2, frames=12, threads=1)
    train(config)
    first = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)
    assert first["step"] == 4
    train(Config(**{**vars(config), "steps": 6}))
    second = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)
    assert second["step"] == 6
    name = "look.to_key.weight"
    assert not torch.equal(first["net"][name], second["net"][name])
    assert weights_of(tmp_path / "run" / "checkpoint.pt").keys() == Net(Size()).state_dict().keys()


def test_the_exported_halves_say_what_the_network_says(cache: Path, tmp_path: Path) -> None:
    train(Config(data=(cache,), out=tmp_path, steps=2, windows=2, frames=12, threads=1))
    export([tmp_path / "checkpoint.pt"] * 2, tmp_path)
    clip = caches(cache)[0]
    (roll,) = read_net(tmp_path).read(clip.as_strips())
    net = Net(Size())
    net.load_state_dict(weights_of(tmp_path / "checkpoint.pt"))
    net.eval()
    black, white = (torch.from_numpy(row) for row in levels(clip.plates[0]))
    scaled = (torch.from_numpy(np.array(clip.pictures)).float() - black) / (white - black)
    padded = torch.cat([scaled[:1], scaled, scaled[-1:]])
    plate = ((torch.from_numpy(clip.plates[0]).float() - black) / (white - black)).expand(FRAMES, -1, -1)
    _, columns, classes = key_columns(*FULL)
    with torch.no_grad():
        seen = net.look(stacked(padded, plate), columns, classes)
        heads = net.hear(seen[None], torch.full((1, FRAMES, 2), 0.05))[0]
    expected = dict(zip(HEADS, heads.unbind(-1), strict=True))
    assert np.allclose(roll.down, expected["down"].sigmoid().numpy(), atol=1e-4)
    assert roll.onset is not None and roll.onset_s is not None
    assert np.allclose(roll.onset, expected["onset"].sigmoid().numpy(), atol=1e-4)
    assert np.allclose(roll.onset_s, 0.05 * expected["onset_s"].numpy(), atol=1e-4)


def test_a_stretch_of_strip_says_what_the_whole_strip_says(cache: Path, tmp_path: Path) -> None:
    train(Config(data=(cache,), out=tmp_path, steps=2, windows=2, frames=12, threads=1))
    export([tmp_path / "checkpoint.pt"], tmp_path)
    net = read_net(tmp_path)
    clip = caches(cache)[0]
    fixed = _Fixed(clip.plates[0], levels(clip.plates[0]))
    pictures = np.array(clip.pictures[12:20])
    whole = net._vectors(pictures, fixed, Stretch(slice(0, KEY_COUNT), 0, WHITES))
    stirs = np.zeros(KEY_COUNT, dtype=bool)
    stirs[[0, 5, 40, 41, 87]] = True
    for stretch in stretches(stirs):
        part = net._vectors(pictures, fixed, stretch)
        assert np.allclose(part, whole[:, stretch.keys], atol=1e-4)


def test_labels_stand_at_the_nearest_frame() -> None:
    gap = torch.tensor([[[0.05]]])
    near = keys._near(torch.tensor([[[0.0], [0.025], [-0.05], [0.1]]]), gap)
    assert near.flatten().tolist() == pytest.approx([1.0, 0.75, 0.25, 0.0])
