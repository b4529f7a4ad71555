"""What goes with the lead: the counter-melody, the barer and the richer line."""

from __future__ import annotations

import itertools

import pytest
from melody_cases import METERS, ODE, make_phrases, make_section, make_spans, tune

from photoplayer.compose.band.counterline import counter
from photoplayer.compose.band.melody_vary import ornament, thin
from photoplayer.music.score import Note
from photoplayer.music.theory import Key, Meter

HOLDING = tune("c5:4 e5:1 d5:1 e5:1 f5:1 g5:2 r:2 e5:1 d5:1 c5:2")


def against(melody: tuple[Note, ...], *, meter: Meter = METERS[0], bars: int = 4) -> tuple[Note, ...]:
    section = make_section(bars=bars, meter=meter)
    spans = make_spans(section, make_phrases(bars))
    return counter(melody, spans, section, low=48, high=67, seed=1, path=())


def test_the_counter_moves_where_the_lead_holds_or_rests() -> None:
    voice = against(HOLDING)
    assert len([n for n in voice if 0 < n.onset < 4]) >= 3
    assert len([n for n in voice if 4 < n.onset < 8]) == 0
    assert [n for n in voice if 10 <= n.onset < 12]


@pytest.mark.parametrize("meter", METERS, ids=str)
def test_the_counter_is_in_range_consonant_and_never_parallel(meter: Meter) -> None:
    voice = against(ODE, meter=meter, bars=8)
    assert all(48 <= note.pitch <= 67 for note in voice)
    assert all(a.offset <= b.onset + 1e-9 for a, b in itertools.pairwise(voice))
    assert voice[-1].offset <= 8 * meter.quarters
    together = [(n.pitch, _lead_at(n.onset)) for n in voice if n.onset < ODE[-1].onset]
    assert sum((lead - own) % 12 in (0, 3, 4, 5, 7, 8, 9) for own, lead in together) >= 0.85 * len(together)
    for (own, lead), (own_next, lead_next) in itertools.pairwise(together):
        if own != own_next and lead != lead_next:
            assert not ((lead - own) % 12 == (lead_next - own_next) % 12 and (lead - own) % 12 in (0, 7))


def _lead_at(onset: float) -> int:
    return [note.pitch for note in ODE if note.onset <= onset + 1e-6][-1]


def test_a_counter_to_silence_still_sings() -> None:
    assert len(against(())) >= 8


def test_thinning_leaves_onsets_pitches_and_the_first_note() -> None:
    assert thin(ODE, 0, meter=METERS[0]) == ODE
    full = {(note.onset, note.pitch) for note in ODE}
    sizes = []
    for amount in (0.0, 0.34, 0.67, 1.0):
        kept = thin(ODE, amount, meter=METERS[0])
        assert {(note.onset, note.pitch) for note in kept} <= full
        assert all(a.offset <= b.onset + 1e-9 for a, b in itertools.pairwise(kept))
        sizes.append(len(kept))
    assert sizes == sorted(sizes, reverse=True)
    assert {note.onset for note in thin(ODE, 1, meter=METERS[0])} >= {bar * 4 for bar in range(8)}
    assert thin((), 1, meter=METERS[0]) == ()


def test_ornaments_keep_the_line_and_the_range() -> None:
    section = make_section(bars=8, key=Key(0))
    spans = make_spans(section, make_phrases(8))
    rich = ornament(ODE, spans, section, low=60, high=67, amount=1.0, seed=1, path=())
    assert len(rich) > len(ODE)
    assert {(n.onset, n.pitch) for n in ODE} <= {(n.onset, n.pitch) for n in rich}
    assert all(60 <= note.pitch <= 67 for note in rich)
    assert all(a.offset <= b.onset + 1e-9 for a, b in itertools.pairwise(rich))
    assert ornament(ODE, spans, section, low=60, high=67, amount=0.0, seed=1, path=()) == ODE
