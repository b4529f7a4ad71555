"""sample, interpolate and personalize write what they say and refuse what they cannot do; so does the API."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from shell import fails_in_one_sentence, run

from photoplayer import trios
from photoplayer.errors import InputError, PlanError
from photoplayer.music.midi_read import read_midi
from photoplayer.music.midi_write import write_midi
from photoplayer.music.score import Note, Part, Score, TempoChange, TempoMap
from photoplayer.music.trio import home_shift
from photoplayer.soundtrack_options import ScoreOptions


def tune(seed: int, *, qpm: float = 120.0, bars: int = 20) -> Score:
    """A walk over a bass and a beat."""
    dice = Random(seed)
    scale = (60, 62, 64, 65, 67, 69, 71, 72)
    lead = tuple(Note(i / 2, i / 2 + 0.5, dice.choice(scale), 80) for i in range(8 * bars))
    low = tuple(Note(4.0 * b, 4.0 * b + 3, dice.choice((36, 41, 43)), 80) for b in range(bars))
    kit = tuple(Note(float(q), q + 0.1, 36 if q % 2 == 0 else 38, 90) for q in range(4 * bars))
    parts = (Part("lead", 73, lead), Part("bass", 33, low), Part("kit", 0, kit, is_drum=True))
    return Score(parts, 4.0 * bars, TempoMap((TempoChange(0.0, qpm),)))


@pytest.fixture
def tunes(tmp_path: Path) -> list[Path]:
    return [write_midi(tune(i, qpm=100 + 40 * i), tmp_path / f"tune{i}.mid") for i in range(2)]


def test_samples_are_numbered_files_of_sixteen_bars(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = ("sample", "--n", "2", "--seed", "3", "-o", tmp_path / "new" / "idea")
    assert run(*wish) == 0
    paths = [tmp_path / "new" / f"idea_0{i}.mid" for i in (1, 2)]
    assert capsys.readouterr().out.split() == [str(path) for path in paths]
    scores = [read_midi(path) for path in paths]
    assert all(any(part.notes for part in score.parts) for score in scores)
    assert paths[0].read_bytes() != paths[1].read_bytes()
    assert run(*wish) == 1
    fails_in_one_sentence(capsys, "idea_01.mid", "--overwrite")


def test_a_walk_begins_at_one_tune_and_ends_at_the_other(tunes: list[Path], tmp_path: Path) -> None:
    assert run("interpolate", *tunes, "--steps", "3", "-o", tmp_path / "walk") == 0
    paths = sorted(tmp_path.glob("walk_*.mid"))
    assert len(paths) == 3
    qpms = [round(read_midi(path).tempo_map.changes[0].qpm) for path in paths]
    assert qpms[0] == 100 and qpms[2] == 140 and 100 < qpms[1] < 140
    a = trios.windows(tunes[0]).trios[0]
    (first, *_) = trios.interpolate(tunes[0], tunes[1], steps=2)
    shift = -home_shift(a)
    assert [n.pitch for n in first.parts[0].notes] == [
        n.pitch + shift for n in trios.decode(trios.encode(tunes[0])[:1])[0].parts[0].notes
    ]


@pytest.mark.parametrize(
    ("call", "needle"),
    [
        (lambda: trios.sample(0), "samples"),
        (lambda: trios.sample(1, temperature=9.0), "temperature"),
        (lambda: trios.interpolate(tune(1), tune(2), steps=1), "steps"),
        (lambda: ScoreOptions(more=("loudness=1",)), "loudness"),
        (lambda: ScoreOptions(engine="trio", more=("speed=x",)), "speed"),
        (lambda: ScoreOptions(engine="trio", more=("speed=40",)), "speed"),
        (lambda: ScoreOptions(more=("speed=1",)), "--engine trio"),
        (lambda: ScoreOptions(thicken=True), "--engine trio"),
        (lambda: ScoreOptions(engine="melody", thicken=True), "--parts trio"),
        (lambda: ScoreOptions(parts="trio"), "--engine melody"),
        (lambda: ScoreOptions(engine="melody", parts="choir"), "choir"),
        (lambda: ScoreOptions(engine="melody", parts="trio", bare=True), "--bare"),
        (lambda: ScoreOptions(engine="trio", style_axes="0.5"), "--style"),
        (lambda: ScoreOptions(engine="trio", style="a", style_axes="a,b"), "0.5,-1"),
        (lambda: ScoreOptions(engine="trio", melody="a.mid"), "--engine band"),
    ],
)
def test_impossible_wishes_are_told(call: object, needle: str) -> None:
    with pytest.raises(PlanError, match=needle):
        call()  # type: ignore[operator]


def test_music_without_a_melody_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drums = Score(tune(1).parts[2:], 80.0)
    path = write_midi(drums, tmp_path / "drums.mid")
    with pytest.raises(InputError, match=r"drums\.mid has no melody"):
        trios.encode(path)
    assert run("interpolate", path, path) == 1
    fails_in_one_sentence(capsys, "drums.mid", "has no melody")


def test_codes_are_of_sixteen_or_of_four_bars() -> None:
    assert trios.encode(tune(1)).shape == (1, 512)
    assert trios.encode(tune(1), bars=4).shape == (5, 256)
    assert trios.encode(tune(1, bars=3)).shape == (1, 512), "what is short is repeated"
    with pytest.raises(ValueError, match="512"):
        trios.decode(np.zeros((1, 100), np.float32))


def test_a_piece_in_another_key_has_the_same_code() -> None:
    score = tune(1)
    higher = Score(
        tuple(
            replace(
                part,
                notes=tuple(replace(note, pitch=note.pitch + 3 * (not part.is_drum)) for note in part.notes),
            )
            for part in score.parts
        ),
        score.end,
    )
    assert trios.encode(higher) == pytest.approx(trios.encode(score), abs=1e-4)


def test_a_style_is_learned_and_used(tunes: list[Path], tmp_path: Path) -> None:
    pytest.importorskip("torch")
    style = tmp_path / "my.style"
    assert run("personalize", *tunes, "-o", style) == 0
    mine, others = trios.sample(2, style=style), trios.sample(2)
    assert mine != others
    assert run("sample", "--style", style, "-o", tmp_path / "mine") == 0
    assert (tmp_path / "mine_01.mid").is_file()
