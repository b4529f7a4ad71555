"""The reward by hand, the sizes of jump, the palettes, and the shipped agent against untrained ones."""

from pathlib import Path

import numpy as np
import pytest

from photoplayer.compose.band.chord_agent import (
    TABLE_SHAPE,
    GreedyAgent,
    RandomAgent,
    read_tables,
    shipped_agent,
)
from photoplayer.compose.band.chord_language import (
    BORROWED,
    HOME_MAJOR,
    LANGUAGES,
    Numeral,
    forms,
    palette,
    triad_quality,
)
from photoplayer.compose.band.chord_reward import Moment, closes, reward, verdict
from photoplayer.compose.band.harmony_distance import JUMPS, distance, jump, voice_motion
from photoplayer.compose.band.harmony_walk import STATE_SHAPE, state_index, unrest_level
from photoplayer.compose.moods import MOODS
from photoplayer.errors import InputError
from photoplayer.music.theory import MODE_STEPS, MODES, QUALITIES
from photoplayer.train.recipes.chords import compare

I = HOME_MAJOR  # noqa: E741
II, III, IV = Numeral(2, "m", 1, "S"), Numeral(4, "m", 2, "T"), Numeral(5, "", 3, "S")
V, VI, VII = Numeral(7, "", 4, "D"), Numeral(9, "m", 5, "T"), Numeral(11, "dim", 6, "D")


def test_sizes_of_jump() -> None:
    named: dict[str, list[str]] = {name: [] for name in JUMPS}
    for name, other in zip("1234567", (I, II, III, IV, V, VI, VII), strict=True):
        named[JUMPS[jump(I, other)]].append(name)
    assert named == {"stay": ["1"], "small": ["3", "6"], "medium": ["4", "5"], "big": ["2", "7"]}
    assert JUMPS[jump(IV, V)] == "big" and JUMPS[jump(II, V)] == "medium"


def test_distance_by_hand() -> None:
    assert voice_motion(I, IV) == 3  # E to F, G to A
    assert distance(I, IV) == pytest.approx((3 - 1) + 1 / 2 + 3 / 3)
    assert distance(I, VI) == pytest.approx((3 - 2) + 3 / 2 + 2 / 3)
    assert distance(I, I) == 0


def test_reward_of_an_authentic_cadence_by_hand() -> None:
    moment = Moment((I, IV, V), I, to_go=0, cadence="authentic", unrest=1, idiom=1.0)
    assert verdict(moment).terms == pytest.approx(
        {
            "function": 1.0,  # D to T
            "cadence": 4.0,
            "loop": 0.0,
            "jump": 0.7,  # medium asked for, medium given
            "home": 0.0,  # the tonic was among the last three
            "melody": 0.0,
            "idiom": 0.6,
            "smooth": 0.3 * (1 - 3 / 4),
        }
    )
    assert reward(moment) == pytest.approx(verdict(moment).total)


def test_reward_of_a_retrogression_that_misses_the_cadence_by_hand() -> None:
    terms = verdict(Moment((II, IV, V), IV, to_go=0, cadence="authentic", unrest=0)).terms
    assert terms["function"] == -1.0 and terms["cadence"] == -4.0
    assert terms["jump"] == pytest.approx(0.7 * -0.5)  # big where small to medium is asked
    assert terms["home"] == pytest.approx(-0.8)  # a fourth chord without the tonic
    assert terms["smooth"] == pytest.approx(0.3 * (1 - 6 / 4))


def test_stale_loops_cost() -> None:
    held = Moment((I, I), I, to_go=3, cadence="half", unrest=1)
    swing = Moment((I, IV, I), IV, to_go=3, cadence="half", unrest=1, vamp=1)
    liked = swing._replace(vamp=2)
    assert [verdict(m).terms["loop"] for m in (held, swing, liked)] == [-1.5, -1.5, 0.0]


@pytest.mark.parametrize(
    ("before", "last", "cadence", "plagal", "right"),
    [
        (IV, V, "half", False, True),
        (IV, VII, "half", False, False),
        (V, I, "authentic", False, True),
        (IV, I, "authentic", False, False),
        (IV, I, "authentic", True, True),
        (V, VI, "open", False, True),
        (V, I, "open", False, False),
        (I, BORROWED["bVI"], "open", False, False),
    ],
)
def test_what_closes_a_phrase(before, last, cadence, plagal, right) -> None:
    assert closes(before, last, cadence, plagal) is right


def test_every_mood_has_a_language_for_its_modes() -> None:
    assert list(LANGUAGES) == list(MOODS)
    for name, mood in MOODS.items():
        assert set(LANGUAGES[name].weights) == set(mood.modes)


@pytest.mark.parametrize("mode", MODES)
def test_words_lie_in_the_mode_unless_borrowed(mode) -> None:
    for language in LANGUAGES.values():
        for numeral, weight in palette(language, mode):
            assert weight > 0
            scale = {*MODE_STEPS[mode], *([11] if mode == "minor" else [])}
            for quality, _ in forms(language, mode, numeral):
                notes = {(numeral.step + up) % 12 for up in QUALITIES[quality]}
                assert numeral.borrowed or notes <= scale, (language.name, numeral, quality)


def test_triads_of_the_modes() -> None:
    assert [triad_quality("major", d) for d in range(7)] == ["", "m", "m", "", "", "m", "dim"]
    assert [triad_quality("phrygian", d) for d in range(7)] == ["m", "", "", "m", "dim", "", "m"]


def test_states_are_numbered_without_collision() -> None:
    seen = {
        state_index(cadence, place, to_go, unrest, degree)
        for cadence in ("open", "half", "authentic")
        for place in (0, 1, 4)
        for to_go in range(STATE_SHAPE[2])
        for unrest in range(3)
        for degree in range(7)
    }
    assert seen == set(range(TABLE_SHAPE[0]))
    assert [unrest_level(t, 0.4) for t in (0.1, 0.4, 0.9)] == [0, 1, 2]


def test_the_shipped_agent_beats_untrained_ones_by_far() -> None:
    learned, random_, greedy = (
        compare(policy, trials=600, seed=77) for policy in (shipped_agent(), RandomAgent(), GreedyAgent())
    )
    for other in (random_, greedy):
        assert learned.reward.mean - learned.reward.margin > other.reward.mean + other.reward.margin + 2
        assert learned.cadence.mean > other.cadence.mean + 0.25
        assert learned.order.mean > other.order.mean


@pytest.mark.parametrize("damage", ["text", "shape", "missing", "infinite"])
def test_damaged_tables_are_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "chords.npz"
    tables = {mode: np.zeros(TABLE_SHAPE, np.float32) for mode in MODES}
    if damage == "text":
        path.write_text("no tables")
    else:
        if damage == "shape":
            tables["major"] = tables["major"][:-1]
        elif damage == "missing":
            del tables["minor"]
        else:
            tables["major"][0, 0] = np.inf
        np.savez(path, **tables)
    with pytest.raises(InputError, match=r"chords\.npz.*photoplayer train chords"):
        read_tables(path)
