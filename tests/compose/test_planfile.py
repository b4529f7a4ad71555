"""Plan files: written and read back as the same plan; what cannot be played is told in a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photoplayer.compose.fit import fit
from photoplayer.compose.planfile import load, save
from photoplayer.errors import InputError, PlanError
from photoplayer.music.theory import Key, Meter
from photoplayer.scene.timeline import Event, Timeline, steps_in


def write(folder: Path, text: str, name: str = "plan.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    curve = np.linspace(0, 1, steps_in(47.3), dtype=np.float32)
    plan = fit(Timeline(47.3, curve, curve, curve, (13.2, 31.0), (Event(5.0, 'a "door"', 0.5),)), seed=4)
    save(plan, tmp_path / "plan.toml")
    assert load(tmp_path / "plan.toml", seed=99) == plan
    assert load(tmp_path / "plan.toml", seed=99, duration_s=47.3) == plan


def test_a_short_plan_by_hand(tmp_path: Path) -> None:
    text = """
        [[section]]
        mood = "tense"
        meter = "6/8"
        key = "D phrygian"
        seconds = 20
        energy = "low"
        slope = "steep"
        [[section]]
        mood = "boss"
        bars = 8
        bpm = 150
        energy = [0.8, 1.0]
        must_have = ["lead"]
        [[section]]
        similar_to = 1
    """
    plan = load(write(tmp_path, text), seed=1)
    quiet, loud, back = plan.sections
    assert (quiet.meter, quiet.key) == (Meter(6, 8), Key(2, "phrygian"))
    assert quiet.duration_s == pytest.approx(20)
    assert quiet.energy[0] == pytest.approx(0.2) and quiet.energy[-1] == pytest.approx(0.7)
    assert loud.energy == (0.8,) * 4 + (1.0,) * 4
    assert loud.must_have == {"lead"}
    assert (back.mood, back.bars, back.key, back.similar_to) == ("tense", quiet.bars, quiet.key, 0)


def test_a_plan_is_fitted_to_its_clip(tmp_path: Path) -> None:
    text = '[[section]]\nmood = "chill"\nbars = 8\nbpm = 96\n' * 2
    near = load(write(tmp_path, text), seed=1, duration_s=40.5)
    assert [s.bars for s in near.sections] == [8, 8]
    assert near.duration_s == pytest.approx(40.5)
    far = load(write(tmp_path, text), seed=1, duration_s=60.0)
    assert far.sections[0].bars == 8 and far.sections[1].bars == 16
    assert far.duration_s == pytest.approx(60.0)


def test_the_rest_is_taken_by_the_section_that_says_so(tmp_path: Path) -> None:
    text = '[[section]]\nseconds = "rest"\nmeter = "4/4"\nbpm = 120\n[[section]]\nbars = 4\n'
    plan = load(write(tmp_path, text), seed=1, duration_s=40.0)
    assert plan.sections[1].bars == 4
    assert plan.sections[0].bars == 16


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("", "section"),
        ("[[section]]\nmood = 'grim'", "grim"),
        ("[[section]]\nbpm = 4000", "bpm"),
        ("[[section]]\nbars = 0", "bars"),
        ("[[section]]\nbars = true", "bars"),
        ("[[section]]\ntempo = 100", "tempo"),
        ("[[section]]\nmeter = '4'", "4"),
        ("[[section]]\nkey = 'H'", "H"),
        ("[[section]]\nenergy = 7", "energy"),
        ("[[section]]\nenergy = nan", "energy"),
        ("[[section]]\nsimilar_to = 1", "similar_to"),
        ("[[section]]\nseconds = [9, 3]", "seconds"),
        ("section = 3", "section"),
        ("[[section]]\n[[stinger]]\nkind = 'x'", "time_s"),
    ],
)
def test_what_cannot_be_played_is_told_with_the_file(tmp_path: Path, text: str, needle: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(PlanError) as told:
        load(path, seed=1)
    assert str(path) in str(told.value) and needle in str(told.value)
    assert "\n" not in str(told.value)


def test_a_plan_longer_than_its_clip_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "[[section]]\nbars = 32\nbpm = 100\n" * 2)
    with pytest.raises(PlanError, match="shorten"):
        load(path, seed=1, duration_s=20.0)


@pytest.mark.parametrize("content", [b"[[section", b"\xff\xfe\x00", b"a = 1\na = 2"])
def test_what_is_no_toml_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"plan\.toml"):
        load(path, seed=1)


def test_a_missing_plan_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        load(tmp_path / "none.toml", seed=1)


WATSON = """
#composition settings
numMovements: 2
movementId: 0
mood: reggaepop
rhythmSpeed: medium
complexity: super_simple
#section:  id:9, energy:'high', duration: 'rest'
section:  id:0, tse:'4/4', bpm:65, energy:'low', duration:'15 to 20 seconds', slope:'gradual or steep', \
direction: 'down', mustHaveLayer2: 'bass3', mustHaveLayer3: 'drumsKit'
section:  id:1, tse:'4/4', bpm:75, energy:'medium', duration: '9 to 11 seconds', direction: 'up' \
mustHaveGroup1: 'rhythm heavy', mustNotHaveLayer1: 'melody'
#end movement
movementId: 1
mood: space
section:  id:0, tse:‘3/4’, energy:'high', durationInMeasures: '8 or 12'
section:  id:1, similarTo:0
"""


def test_a_watson_beat_file_is_read(tmp_path: Path) -> None:
    plan = load(write(tmp_path, WATSON, "song.ini"), seed=2)
    low, medium, high, again = plan.sections
    assert [s.mood for s in plan.sections] == ["chill", "chill", "calm", "calm"]
    assert 15 <= low.duration_s <= 20 and low.bpm == 65
    assert low.energy[0] > low.energy[-1]
    assert low.must_have == {"bass", "drums"}
    assert 9 <= medium.duration_s <= 11
    assert (medium.must_have, medium.must_not_have) == ({"drums"}, {"lead"})
    assert high.bars in (8, 12) and high.meter == Meter(3, 4)
    assert again.similar_to == 2 and again.bars == high.bars and again.energy == high.energy


@pytest.mark.parametrize("text", ["mood: chill\n", "mood: polka\nsection: id:0\n", "\x00\x01"])
def test_an_ini_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PlanError, match=r"song\.ini"):
        load(write(tmp_path, text, "song.ini"), seed=1)


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("seconds = 1e9", "1e\\+09"),
        ("seconds = [1, 1e9]", "14400"),
        ("bars = 99999999999999999999", "20000"),
        ("bpm = " + "9" * 400, "bpm"),
        ("bpm = 0", "0 bpm"),
        ("bpm = nan", "nan"),
        ('meter = "1/16"', "1/16"),
        ('meter = "32/1"', "32/1"),
        ('label = "two\\nlines"', "label"),
        ('must_have = ["kazoo"]', "kazoo"),
        ('must_have = ["lead"]\nmust_not_have = ["lead"]', "lead"),
        ("bars = 8\n" + "[[section]]\nseconds = 7000\n" * 3, "section 4"),
        ("[[section]]\n" * 6000, "6001 sections"),
    ],
)
def test_what_would_never_end_or_sound_is_refused(tmp_path: Path, text: str, needle: str) -> None:
    with pytest.raises(PlanError, match=rf"plan\.toml.*{needle}"):
        load(write(tmp_path, "[[section]]\n" + text), seed=1)


@pytest.mark.parametrize(
    ("section", "needle"),
    [
        ("similarTo:'x'", "similarTo"),
        ("duration:'0 to 0 seconds'", "0 s"),
        ("bpm:" + "9" * 400, "number"),
        ("a" * 200_000, "letters"),
    ],
)
def test_odd_ini_files_are_told(tmp_path: Path, section: str, needle: str) -> None:
    with pytest.raises(PlanError, match=rf"odd\.ini.*{needle}"):
        load(write(tmp_path, f"mood:'Chill'\nsection: id:0, {section}", "odd.ini"), seed=1)


def test_an_ini_of_another_system_is_read(tmp_path: Path) -> None:
    text = "\ufeffmood:'Chill'\r\nsection: id:0, energy:‘low’, mustHaveLayer1:'  ', tse:'4/4 or 3/4'\r\n"
    (section,) = load(write(tmp_path, text, "their.ini"), seed=1).sections
    assert section.mood == "chill" and section.energy[0] == pytest.approx(0.2)
