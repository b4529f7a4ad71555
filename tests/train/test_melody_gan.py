"""The melody GAN: what its networks see, that its stages run and go on, and what it ships."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from photoplayer.compose.tune import write as runtime  # noqa: E402
from photoplayer.compose.tune.asked import Asked  # noqa: E402
from photoplayer.evaluate.melody_controls import random_walk  # noqa: E402
from photoplayer.models import open_model  # noqa: E402
from photoplayer.music.melody_code import TOKENS, grid_of, grid_of_pairs, notes_of  # noqa: E402
from photoplayer.music.midi_read import read_midi  # noqa: E402
from photoplayer.train.data.clip_windows import ClipWindows, clip_windows  # noqa: E402
from photoplayer.train.data.melodies import Melodies, Phrase, gather  # noqa: E402
from photoplayer.train.data.pairs import Pair, write_pairs  # noqa: E402
from photoplayer.train.nets.melody import Critic, Shape, Writer, past_of, places  # noqa: E402
from photoplayer.train.nets.melody_clip import ClipEncoder, Committee  # noqa: E402
from photoplayer.train.nets.melody_source import EVENTS  # noqa: E402
from photoplayer.train.recipes import melody_clip, melody_gan, melody_ours, melody_source  # noqa: E402
from photoplayer.train.recipes.melody_export import export_eyes, export_writer  # noqa: E402
from photoplayer.train.recipes.melody_made import Made  # noqa: E402

SMALL = Shape((TOKENS,), hidden=16, embedding=4, critic=8)


def melodies(count: int) -> Melodies:
    walks = [grid_of(random_walk(Random(i), bars=16), bars=16) for i in range(count)]
    splits = ("train", "train", "val", "test")
    return gather([(Phrase(g, i % 2 == 0), f"t{i}", "c", "game", splits[i % 4]) for i, g in enumerate(walks)])


def windows(folder: Path, counts: dict[str, int]) -> ClipWindows:
    """Windows of clips of noise, as many of each split as asked for."""
    dice = np.random.default_rng(2)
    rows = []
    for split, count in counts.items():
        for number in range(count):
            frames = folder / f"{split}{number}.npy"
            np.save(frames, dice.integers(0, 255, (48, 60, 80, 3), np.uint8))
            scene = (float(dice.random()), float(dice.random()), float(dice.uniform(-1, 1)))
            rows.append(
                Pair(frames, 0, 48, folder / "a.mid", 0, 16, "g", str(number), "t", split,  # type: ignore[arg-type]
                     scene=scene, bpm=100.0, energy=0.5, mode="minor" if number % 2 else "major")
            )  # fmt: skip
    write_pairs(folder, rows)
    return clip_windows(folder)


def wanted(count: int) -> torch.Tensor:
    return torch.zeros(count, 16, 5)


def test_the_writer_sees_the_past_it_made_as_it_sees_a_known_one() -> None:
    torch.manual_seed(1)
    writer = Writer(SMALL).eval()
    with torch.no_grad():
        music = writer.write(wanted(2), melody_ours.draw)
        logits = writer.read(music, wanted(2))
        past, place, state = past_of(music, SMALL.streams), places(256)[0], torch.zeros(2, 16)
        for step in range(16):
            said, state = writer(past[:, step], place[step].expand(2, -1), wanted(2)[:, 0], state)
            assert torch.allclose(said, logits[:, step], atol=1e-5)


def test_the_past_by_hand() -> None:
    grid = np.full(256, 0, np.int64)
    grid[0], grid[4], grid[16] = 14, 18, 21
    past = past_of(melody_ours.one_hot(grid[None, :, None], SMALL), SMALL.streams)[0].argmax(2)
    assert past[1].tolist()[:2] == [14, 14]
    assert past[3].tolist()[:2] == [0, 14]  # held: the token before is a hold, the note goes on
    assert past[20].tolist()[:3] == [0, 21, 18]  # a bar ago a note began here


def test_gradients_of_the_critic_reach_the_writer_through_its_draws() -> None:
    torch.manual_seed(1)
    writer, critic = Writer(SMALL), Critic(SMALL)
    music = writer.write(wanted(2), melody_ours.draw)
    assert (music.sum(2) == 1).all()
    critic(music, wanted(2)).sum().backward()
    gradient = writer.cell.weight_hh.grad
    assert gradient is not None and float(gradient.abs().sum()) > 0


def test_what_a_melody_was_asked_for_is_read_off_it() -> None:
    known = melodies(8)
    asked = melody_ours.asked_by(known)
    assert asked.shape == (8, 16, 3)
    assert list(asked[:, 0, 2]) == [-1.0, 1.0] * 4
    manner = melody_ours.manner_of(known)
    assert manner.shape == (8, 16, 2) and (manner[:, :1] == manner).all()


def test_long_tunes_and_large_sources_are_not_drawn_in_proportion() -> None:
    one = melodies(4)
    of = (("a", "songs"), ("a", "songs"), ("a", "songs"), ("b", "game"))
    rows = [
        (Phrase(g, False), tune, "c", source, "train")
        for g, (tune, source) in zip(one.grids, of, strict=True)
    ]
    share = melody_ours.corpus_of(gather(rows)).share
    assert share == pytest.approx([1 / 6] * 3 + [1 / 2])


def test_ours_learns_goes_on_and_resumes(tmp_path: Path) -> None:
    known = melodies(40)
    schedule = melody_ours.Schedule(
        warm_steps=16, critic_steps=1, steps=19, batch=8, rate=2e-2, check_every=19
    )
    taught = melody_ours.corpus_of(known.of("train"))
    arguments = {"shape": SMALL, "schedule": schedule, "seed": 1}
    writer = melody_ours.teach(tmp_path, taught, known.of("val"), **arguments)
    rows = [json.loads(row) for row in (tmp_path / "melody.jsonl").read_text().splitlines()]
    assert rows[-1]["likelihood"] < 3.5 < np.log(TOKENS)
    again = melody_ours.teach(tmp_path, taught, known.of("val"), **arguments)
    assert all(torch.equal(a, b) for a, b in zip(writer.parameters(), again.parameters(), strict=True))
    grids = melody_ours.written(writer, torch.zeros(3, 16, 3), temperature=0.9)
    assert grids.shape == (3, 256, 1)


def test_melodies_as_the_source_writes_them_are_cut_or_filled_up() -> None:
    known = melodies(2)
    events = melody_source.events_of(known.grids)
    assert events.shape == (2, EVENTS, 2) and float(events.abs().max()) <= 1
    back = grid_of_pairs(events[0].numpy(), bars=16)
    assert notes_of(back) == notes_of(known.grids[0])


@pytest.mark.parametrize("trained_encoder", [True, False])
def test_the_source_is_taught_in_two_stages(tmp_path: Path, trained_encoder: bool) -> None:
    known = melodies(6)
    shown = windows(tmp_path, {"train": 6}).of("train").at(np.arange(6))
    schedule = melody_source.Schedule(first=2, second=3, batch=4)
    untaught = {name: value.clone() for name, value in _encoder(1).state_dict().items()}
    gan = melody_source.teach(
        tmp_path, shown, known.grids, schedule=schedule, seed=1, trained_encoder=trained_encoder
    )
    same = all(torch.equal(value, untaught[name]) for name, value in gan.encoder.state_dict().items())
    assert same is not trained_encoder
    assert (tmp_path / "first.jsonl").is_file() is trained_encoder
    assert '"spread"' in (tmp_path / "second.jsonl").read_text()
    assert gan.write(gan.see(shown), seed=2).shape == (6, 256)


def _encoder(seed: int) -> ClipEncoder:
    torch.manual_seed(seed)
    return ClipEncoder(melody_source.CLIP)


def test_the_recipe_ships_both_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = melodies(24)
    known.save(tmp_path / "melodies.npz")
    windows(tmp_path, {"train": 6, "val": 3, "test": 4})
    monkeypatch.setattr(melody_gan, "_LIKENED", 3)
    config = melody_gan.Config(
        midi=(),
        pairs=tmp_path,
        work=tmp_path,
        out=tmp_path / "models",
        writer=melody_ours.Schedule(warm_steps=2, critic_steps=1, steps=4, batch=4, check_every=2),
        clip=melody_clip.Schedule(steps=2, batch=2, check_every=1),
    )
    melody_gan.train(config)
    made = Made.load(tmp_path / "ours_1" / "made.npz")
    assert made.clips.shape == made.shuffled.shape == (4, 256)
    assert made.one.shape == (100, 256) and made.likened.shape == (3, 256)
    see, write = (open_model(tmp_path / "models" / f"melody_{name}.onnx") for name in ("see", "write"))
    shown = clip_windows(tmp_path).of("test").pictures()
    assert see.session.run(None, {"pictures": shown})[0].shape == (4, 3)
    assert set(write.card["figures"]["overlap with validation melodies"]) >= {"overlap", "phrase"}
    melody_gan.train(replace(config, committee=(1, 2)))
    assert (tmp_path / "ours_committee_1" / "made.npz").is_file()
    monkeypatch.setattr(runtime.models, "load", lambda name: write)
    grids = runtime.write([Asked(0.0, 0.0, 1.0)] * 2, [Random(1)])
    assert grids.shape == (1, 32) and set(np.unique(grids)) <= set(range(TOKENS))


def test_the_network_that_ships_says_what_the_taught_one_says(tmp_path: Path) -> None:
    torch.manual_seed(3)
    writer, encoder = Writer(Shape((TOKENS,), hidden=24)).eval(), Committee([ClipEncoder(3)])
    export_eyes(tmp_path, encoder, figures={})
    export_writer(
        tmp_path, "melody_write", writer, what="a test", data="nothing", temperature=0.9, figures={}
    )
    inputs = {
        "past": torch.rand(3, 5, TOKENS),
        "place": torch.rand(3, 32),
        "asked": torch.rand(3, 5),
        "state": torch.rand(3, 24),
    }
    with torch.no_grad():
        logits, state = writer(*inputs.values())
    said = open_model(tmp_path / "melody_write.onnx").session.run(
        None, {name: value.numpy() for name, value in inputs.items()}
    )
    assert np.allclose(said[0], logits, atol=1e-4) and np.allclose(said[1], state, atol=1e-4)


def test_a_trio_is_learned_left_as_midi_and_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = melodies(12)
    known.save(tmp_path / "trio_melodies.npz")
    known.save(tmp_path / "melodies.npz")
    beside = np.stack([np.roll(known.grids, 1, 0), known.grids % 8], axis=2)
    np.save(tmp_path / "trio_others.npy", beside)
    windows(tmp_path, {"train": 4, "val": 2, "test": 3})
    monkeypatch.setattr(melody_gan, "_LIKENED", 3)
    config = melody_gan.Config(
        midi=(),
        pairs=tmp_path,
        work=tmp_path,
        out=tmp_path / "models",
        variant="trio",
        writer=melody_ours.Schedule(warm_steps=2, critic_steps=1, steps=4, batch=4, check_every=2),
        clip=melody_clip.Schedule(steps=2, batch=2, check_every=1),
    )
    melody_gan.train(config)
    trios = np.load(tmp_path / "trio_1" / "trios.npy")
    assert trios.shape == (3, 256, 3)
    assert trios[..., 2].max() < 8
    assert Made.load(tmp_path / "trio_1" / "made.npz").clips.shape == (3, 256)
    assert [part.is_drum for part in read_midi(tmp_path / "trio_1" / "trio_1.mid").parts][-1]
    shipped = open_model(tmp_path / "models" / "melody_trio.onnx")
    monkeypatch.setattr(runtime.models, "load", lambda name: shipped)
    grids = runtime.write_trios([Asked(0.0, 0.0, 1.0)] * 2, [Random(1), Random(2)])
    assert grids.shape == (2, 32, 3) and grids[..., 2].max() < 8
