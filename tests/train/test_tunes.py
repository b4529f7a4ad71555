"""Copies are found and kept together; whole composers are left out; credits are read."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from photoplayer.errors import InputError
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.score import Note, Part, Score
from photoplayer.train.data.tune_credits import read_credits
from photoplayer.train.data.tunes import UNKNOWN, Tune, runs_of, tunes

CREDITS = """--Phase 1--

Title: "Fight by Day" by Korp, based on "Old" by Tyler "Picklehammer" P.
	E1M1: "Steel" by J.Astartes and Mr795
	E1M2: other.mid by Ralph "Ralphis" Vickers
	E1M3: "Alone" by Kevin "Velvetic" Martins & Jonathan Martins

--Previously Featured--

E1M1: "Moved" by Anthony "Ajanddino" Pierce
"""


def tune(seed: int, *, name: str = "lead", shift: int = 0, notes: int = 80) -> Score:
    random = Random(seed)
    pitches = [random.randint(50, 75) + shift for _ in range(notes)]
    return Score(
        (Part(name, 0, tuple(Note(i / 2, (i + 1) / 2, p, 80) for i, p in enumerate(pitches))),), notes / 2
    )


def write(folder: Path, scores: dict[str, Score]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, score in scores.items():
        (folder / f"{name}.mid").write_bytes(to_bytes(score))
    return folder


def by_name(found: list[Tune]) -> dict[str, Tune]:
    return {tune.path.stem: tune for tune in found}


def test_the_composer_stands_after_by_whatever_the_title_says(tmp_path: Path) -> None:
    folder = write(tmp_path / "game", {})
    (folder / "SOURCE_CREDITS-MUSIC").write_text(CREDITS)
    credits = read_credits(folder)
    assert credits.of_file(folder / "d_introa.mid") == "Korp"
    assert credits.of_file(folder / "d_e1m1.mid") == "J.Astartes"
    assert credits.of_file(folder / "d_e1m2.mid") == 'Ralph "Ralphis" Vickers'
    assert credits.of_file(folder / "d_e1m4.mid") is None
    assert credits.named_in(["made by ajanddino"]) == 'Anthony "Ajanddino" Pierce'


def test_transposed_copies_are_one_group_and_others_are_not(tmp_path: Path) -> None:
    folder = write(tmp_path / "game", {"a": tune(1), "b": tune(2), "copy of a": tune(1, shift=3)})
    found = by_name(tunes([folder]))
    assert found["copy of a"].group == found["a"].group == "a"
    assert found["b"].group == "b"
    assert found["a"].composer == UNKNOWN and found["a"].split == "train" and found["a"].tier == "unknown"


def test_composers_and_groups_are_never_torn_and_some_are_left_out(tmp_path: Path) -> None:
    names = [f"d_e{e}m{m}" for e in range(1, 5) for m in range(1, 10)]
    folder = write(tmp_path / "freedoom", {name: tune(i) for i, name in enumerate(names)})
    write(folder, {f"remix {i}": tune(i, shift=2) for i in range(9)})
    lines = [f'{name[2:].upper()}: "T{i}" by Composer {i // 2:02d}' for i, name in enumerate(names)]
    (folder / "SOURCE_CREDITS-MUSIC").write_text("\n".join(lines))
    found = tunes([folder])
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        splits[each.group].add(each.split)
        splits[each.composer].add(each.split)
    assert all(len(of) == 1 for of in splits.values())
    assert {each.split for each in found} == {"train", "val", "test"}
    assert {each.tier for each in found} == {"green"}


def test_what_is_kept_is_the_same_and_is_made_anew_for_other_files(tmp_path: Path) -> None:
    folder, cache = write(tmp_path / "game", {"a": tune(1)}), tmp_path / "tunes.json"
    first = tunes([folder], cache=cache)
    assert tunes([folder], cache=cache) == first
    write(folder, {"b": tune(2)})
    assert len(tunes([folder], cache=cache)) == 2


def test_files_that_are_no_music_are_left_out_and_nothing_is_an_error(tmp_path: Path) -> None:
    folder = write(tmp_path / "game", {"a": tune(1)})
    (folder / "broken.mid").write_bytes(b"MThd no more")
    assert [each.path.stem for each in tunes([folder])] == ["a"]
    with pytest.raises(InputError, match="no MIDI file with notes"):
        tunes([tmp_path / "nowhere"])


def test_runs_forget_the_key_and_leave_common_property_out() -> None:
    assert runs_of(tune(1)) == runs_of(tune(1, shift=5))
    scale = Score((Part("p", 0, tuple(Note(i, i + 1, 40 + i, 80) for i in range(40))),), 40)
    assert runs_of(scale) == frozenset()
