"""Themes: meters, rhythms, inventing and developing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from melody_cases import METERS, ODD_METERS

from photoplayer.compose.band.melody_styles import HOME_METERS, MELODY_STYLES, read_cell
from photoplayer.compose.band.motif import develop, invent, resample
from photoplayer.compose.band.theme import BEAT, SHORTEST, Line, Theme, Tone, legal, recast, strength
from photoplayer.compose.moods import MOODS
from photoplayer.music.theory import Meter


def rhythm(theme: Theme) -> list[tuple[int, int]]:
    return [(tone.onset, tone.length) for tone in theme.lines[0].tones]


def said(meter: Meter, *cell: tuple[int, int]) -> Theme:
    """One bar of one line, all on the tonic."""
    return Theme(meter, (Line("A", 1, tuple(Tone(onset, length, 0) for onset, length in cell)),))


def test_every_mood_has_a_style_with_rhythms_that_fill_their_bars() -> None:
    assert set(MELODY_STYLES) == set(MOODS)
    for style in MELODY_STYLES.values():
        for meter, rhythms in zip(HOME_METERS, style.rhythms, strict=True):
            assert rhythms.meter == meter
            assert len(rhythms.cells) >= 4
            assert len(rhythms.closes) >= 2


def test_a_bar_of_rhythm_that_does_not_fill_its_bar_is_refused() -> None:
    assert read_cell("q. e rq q", Meter(4, 4)) == ((0, 36), (36, 12), (72, 24))
    with pytest.raises(ValueError, match="does not fill"):
        read_cell("q q q", Meter(4, 4))


def test_metrical_weights() -> None:
    assert [strength(beat * BEAT, Meter(4, 4)) for beat in range(5)] == [3, 1, 2, 1, 3]
    assert [strength(beat * BEAT, Meter(6, 8)) for beat in range(3)] == [3, 2, 3]
    assert strength(BEAT // 2, Meter(3, 4)) == 0


def test_quarters_of_common_time_become_two_bars_of_six_eight() -> None:
    theme = recast(said(Meter(4, 4), (0, 24), (24, 12), (36, 12), (48, 48)), Meter(6, 8))
    assert theme.lines[0].bars == 2
    assert rhythm(theme) == [(0, 24), (24, 16), (40, 8), (48, 48)]


def test_common_time_to_waltz_presses_the_end_and_back_draws_out_the_start() -> None:
    quarters = said(Meter(4, 4), (0, 24), (24, 24), (48, 48))
    assert rhythm(recast(quarters, Meter(3, 4))) == [(0, 24), (24, 24), (48, 24)]
    waltz = said(Meter(3, 4), (0, 24), (24, 24), (48, 24))
    assert rhythm(recast(waltz, Meter(4, 4))) == [(0, 48), (48, 24), (72, 24)]


def test_waltz_to_six_eight_is_long_short_long_and_back() -> None:
    waltz = said(Meter(3, 4), (0, 24), (24, 24), (48, 24))
    jig = recast(waltz, Meter(6, 8))
    assert rhythm(jig) == [(0, 16), (16, 8), (24, 24)]
    assert recast(jig, Meter(3, 4)) == waltz


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    mood=st.sampled_from(sorted(MOODS)),
    meter=st.sampled_from((*METERS, *ODD_METERS)),
    other=st.sampled_from((*METERS, *ODD_METERS)),
)
def test_themes_are_whole_in_every_meter(seed: int, mood: str, meter: Meter, other: Meter) -> None:
    theme = recast(invent(meter=meter, style=MELODY_STYLES[mood], seed=seed, path=()), other)
    assert theme.meter == other
    assert [line.letter for line in theme.lines] == ["A", "B"]
    for line in theme.lines:
        end = line.bars * other.beats * BEAT
        assert legal(line.tones) == line.tones
        assert all(-BEAT * 2 <= tone.onset < end and tone.length >= SHORTEST for tone in line.tones)
        assert len({tone.step for tone in line.tones}) >= 2


def test_an_invented_line_has_one_climax_and_a_rhythm_said_twice() -> None:
    for seed in range(30):
        theme = invent(meter=Meter(4, 4), style=MELODY_STYLES["march"], seed=seed, path=())
        line = theme.lines[0]
        top = max(tone.step for tone in line.tones)
        assert sum(tone.step == top for tone in line.tones) == 1
        bars = [tuple(tone.onset % 96 for tone in line.tones if tone.onset // 96 == bar) for bar in range(4)]
        assert bars.count(bars[0]) >= 2


def test_denser_moods_have_denser_themes() -> None:
    def density(mood: str) -> float:
        themes = (
            invent(meter=Meter(4, 4), style=MELODY_STYLES[mood], seed=seed, path=()) for seed in range(30)
        )
        return sum(len(theme.lines[0].tones) for theme in themes) / 30 / 16

    calm, village, boss = density("calm"), density("village"), density("boss")
    assert calm < 0.8 * village < 0.8 * boss


def test_developing_by_nothing_is_the_theme_itself() -> None:
    theme = invent(meter=Meter(4, 4), style=MELODY_STYLES["village"], seed=2, path=())
    assert develop(theme, degree_of_change=0, style=MELODY_STYLES["boss"], seed=2, path=()) is theme


def test_a_developed_theme_is_related_but_not_the_same() -> None:
    style = MELODY_STYLES["village"]
    for seed in range(20):
        theme = invent(meter=Meter(4, 4), style=style, seed=seed, path=())
        near = develop(theme, degree_of_change=0.3, style=style, seed=seed, path=("n",))
        first_bar = [tone for tone in theme.lines[0].tones if tone.onset < 96]
        assert [tone for tone in near.lines[0].tones if tone.onset < 96] == first_bar
        assert near != theme
        far = develop(theme, degree_of_change=0.6, style=MELODY_STYLES["boss"], seed=seed, path=("f",))
        assert far != near
        assert far.lines[0].tones[0].step == theme.lines[0].tones[0].step


def test_resampling_keeps_the_ends() -> None:
    assert resample((0, 2, 4), 3) == (0, 2, 4)
    assert resample((0, 2, 4), 5) == (0, 1, 2, 3, 4)
    assert resample((0, 1, 2, 3, 4), 2) == (0, 4)
    assert resample((3,), 2) == (3, 3)
    assert resample((1, 2), 1) == (1,)
