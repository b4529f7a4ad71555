"""Written music: every bar is full, every sign exists, and what was played can be read again."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoplayer.errors import OutputError
from photoplayer.music.musicxml import spell, to_musicxml, write_musicxml
from photoplayer.music.notation import Layout, write_bars
from photoplayer.music.score import (
    KeyChange,
    Marker,
    MeterChange,
    Note,
    Part,
    Score,
    TempoChange,
    TempoMap,
)
from photoplayer.music.theory import Key, Meter


def part_of(*notes: tuple[float, float, int], **kwargs: object) -> Part:
    return Part("P", 0, tuple(Note(on, off, pitch, 80) for on, off, pitch in notes), **kwargs)  # type: ignore[arg-type]


def document(score: Score) -> ElementTree.Element:
    return ElementTree.fromstring(to_musicxml(score))


def signs(score: Score) -> list[list[str]]:
    """For each bar of the first part: type, dots and r for rest, t for triplet, + for chord, ~ for tie."""
    bars = []
    part = document(score).find("part")
    assert part is not None
    for measure in part.iter("measure"):
        bar = []
        for note in measure.iter("note"):
            text = (note.findtext("type") or "bar") + "." * len(note.findall("dot"))
            text += "r" if note.find("rest") is not None else ""
            text += "t" if note.find("time-modification") is not None else ""
            text += "+" if note.find("chord") is not None else ""
            text += "~" if any(tie.get("type") == "start" for tie in note.findall("tie")) else ""
            bar.append(text)
        bars.append(bar)
    return bars


def test_plain_lengths_chords_and_rests() -> None:
    part = part_of((0, 1, 60), (0, 1, 64), (1, 2.5, 62), (2.5, 3, 60), (4, 8, 60))
    expected = [["quarter", "quarter+", "quarter.", "eighth", "quarterr"], ["whole"], ["barr"]]
    assert signs(Score((part,), 12.0)) == expected


def test_a_note_over_the_bar_line_is_tied() -> None:
    assert signs(Score((part_of((3, 5, 60), (5, 8, 60)),), 8.0)) == [
        ["half.r", "quarter~"],
        ["quarter", "half."],
    ]


def test_triplets_are_found_beside_sixteenths() -> None:
    part = part_of((0, 1 / 3, 60), (1 / 3, 2 / 3, 62), (2 / 3, 1, 64), (1, 1.25, 60), (1.25, 2, 62))
    assert signs(Score((part,), 2.0, meters=(MeterChange(0, Meter(2, 4)),))) == [
        ["eightht", "eightht", "eightht", "16th", "eighth."]
    ]
    tuplets = [t.get("type") for t in document(Score((part,), 2.0)).iter("tuplet")]
    assert tuplets == ["start", "stop"]


def test_swung_eighths_are_a_triplet_of_quarter_and_eighth() -> None:
    part = part_of((0, 0.66, 60), (0.67, 1, 62), (1, 4, 60))
    assert signs(Score((part,), 4.0))[0] == ["quartert", "eightht", "half."]


def test_compound_meter_keeps_to_dotted_quarters() -> None:
    part = part_of((0, 1.5, 60), (1.5, 2, 62), (2, 3, 64), (3, 6, 60))
    score = Score((part,), 6.0, meters=(MeterChange(0, Meter(6, 8)),))
    assert signs(score) == [["quarter.", "eighth", "quarter"], ["half."]]


def test_overlaps_are_cut_and_tied() -> None:
    part = part_of((0, 4, 48), (1, 2, 60))
    assert signs(Score((part,), 4.0)) == [["quarter~", "quarter~", "quarter+", "half"]]


def test_meter_key_tempo_and_marker_stand_where_they_begin() -> None:
    score = Score(
        (part_of((0, 1, 60)), part_of((0, 1, 36), is_drum=True)),
        10.0,
        tempo_map=TempoMap((TempoChange(0, 100), TempoChange(4, 80))),
        meters=(MeterChange(0, Meter(4, 4)), MeterChange(4, Meter(6, 8))),
        keys=(KeyChange(0, Key(2)), KeyChange(4, Key(0, "minor"))),
        markers=(Marker(4, "B"),),
    )
    first, second = list(document(score).iter("part"))
    measures = list(first.iter("measure"))
    assert [m.findtext("attributes/key/fifths") for m in measures] == ["2", "-3", None]
    assert [m.findtext("attributes/time/beats") for m in measures] == ["4", "6", None]
    assert [s.get("tempo") for m in measures for s in m.iter("sound")] == ["100.000000", "80.000000"]
    assert measures[1].findtext("direction/direction-type/rehearsal") == "B"
    assert second.find("measure/note/unpitched") is not None
    assert second.find(".//sound") is None


@pytest.mark.parametrize(
    ("pitch", "key", "spelling"),
    [
        (61, Key(0), ("C", 1, 4)),
        (63, Key(0), ("E", -1, 4)),
        (68, Key(9, "minor"), ("G", 1, 4)),
        (66, Key(1), ("G", -1, 4)),
        (59, Key(6), ("B", 0, 3)),
        (65, Key(6), ("E", 1, 4)),
        (71, Key(1), ("C", -1, 5)),
    ],
)
def test_spelling(pitch: int, key: Key, spelling: tuple[str, int, int]) -> None:
    assert spell(pitch, key) == spelling


RAW_NOTES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 200), st.integers(40, 44)), min_size=1, max_size=20
)
METERS = st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(7, 8), Meter(5, 16), Meter(12, 8)])


@settings(max_examples=100, deadline=None)
@given(RAW_NOTES, METERS, st.booleans())
def test_every_bar_is_full_and_every_tie_has_its_end(
    raw: list[tuple[int, int, int]], meter: Meter, is_drum: bool
) -> None:
    part = part_of(*((on / 24, (on + size) / 24, pitch) for on, size, pitch in raw), is_drum=is_drum)
    score = Score((part,), 24.0, meters=(MeterChange(0, meter),))
    document(score)
    open_ties: set[int] = set()
    for bar in write_bars(part, Layout(score)):
        assert sum(symbol.units for symbol in bar.symbols) == bar.units
        for symbol in bar.symbols:
            assert open_ties == {tone.pitch for tone in symbol.tones if tone.tied_from_before}
            open_ties = {tone.pitch for tone in symbol.tones if tone.tied_to_next}
    assert not open_ties


def test_it_is_written_whole_or_refused(tmp_path: Path) -> None:
    score = Score((part_of((0, 1, 60)),), 4.0)
    assert write_musicxml(score, tmp_path / "x.musicxml").read_bytes() == to_musicxml(score)
    with pytest.raises(OutputError):
        write_musicxml(score, tmp_path / "no" / "x.musicxml")


def test_control_characters_in_names_do_not_break_the_file() -> None:
    part = Part("a\x00b<&>", 0, (Note(0, 1, 60, 80),))
    assert document(Score((part,), 4.0)).findtext("part-list/score-part/part-name") == "ab<&>"


@pytest.mark.filterwarnings("ignore:ignoring direction type")
def test_another_reader_finds_the_same_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fluidsynth", None)  # with it, partitura downloads a soundfont
    partitura = pytest.importorskip("partitura")
    notes = [(0, 1 / 3, 60), (1 / 3, 1, 62), (1, 4.5, 64), (1, 2, 67), (4.5, 7, 66), (7, 7.25, 61)]
    score = Score((part_of(*notes),), 8.0, keys=(KeyChange(0, Key(7)),))
    read = partitura.load_musicxml(str(write_musicxml(score, tmp_path / "x.musicxml")))
    found = {
        (Fraction(float(on)).limit_denominator(12), Fraction(float(size)).limit_denominator(12), int(pitch))
        for on, size, pitch in read.parts[0].note_array()[["onset_quarter", "duration_quarter", "pitch"]]
    }
    expected = {
        (Fraction(on).limit_denominator(12), Fraction(off - on).limit_denominator(12), p)
        for on, off, p in notes
    }
    assert found == expected
