"""OpenArena's log, and what is made of it."""

from __future__ import annotations

import pytest

from gameplay.errors import RecordError
from gameplay.openarena import Look, looks
from gameplay.openarena_clips import FPS, MAPS, moments, takes

LOG = """\
(100 200 50) : 90
addbot sarge 3
5350: client:1 health:109 damage:2 armor:5
5400: client:2 health:30 damage:40 armor:0
Grism^7 was machinegunned by Sarge^7
(110 200 50) : -12
(1100 200 50) : 3
"""


def test_a_log_is_read_picture_by_picture() -> None:
    assert looks(LOG.splitlines(keepends=True)) == [
        Look((100, 200, 50), ()),
        Look((110, 200, 50), ((1, 107), (2, -10))),
        Look((1100, 200, 50), ()),
    ]


def run(count: int, **hurt: tuple[tuple[int, int], ...]) -> list[Look]:
    """Somebody who runs 32 units a picture; ``p7=`` says who was hurt there."""
    return [Look((32 * i, 0, 0), hurt.get(f"p{i}", ())) for i in range(count)]


def test_hits_are_fights_and_health_is_what_is_left() -> None:
    told = moments(run(100, p20=((2, 60),), p60=((1, 40),)))
    assert not told[19].fighting and told[20].fighting and not told[20 + 2 * int(FPS) + 3].fighting
    assert told[20].danger == 0.5 and told[60].danger == 1 and told[70].danger < 1
    assert [round(m.health, 2) for m in (told[59], told[60], told[99])] == [1.0, 0.4, 0.4]
    assert told[50].pace == pytest.approx(1.0) and told[0].pace == 0


def test_death_lasts_until_a_new_life_elsewhere() -> None:
    seen = [*run(30, p10=((1, -5),)), *(Look((5000 + i, 0, 0), ()) for i in range(5))]
    told = moments(seen)
    assert not told[9].dead and told[10].dead and told[29].dead and not told[30].dead
    assert told[29].shown == 0 and told[30].shown == 1
    assert told[29].pace == told[30].pace == 0 and (told[29].health, told[30].health) == (0, 1)


def test_every_clip_has_a_map_of_its_own() -> None:
    plan = takes(count=24, duration_s=60, seed=1)
    assert len({take.match.map for take in plan}) == 24
    assert [take.split for take in plan] == ["train"] * 16 + ["val"] * 4 + ["test"] * 4
    assert {len(take.match.bots) for take in plan} == {1, 2}
    assert plan == takes(count=24, duration_s=60, seed=1)
    with pytest.raises(RecordError, match="maps"):
        takes(count=len(MAPS) + 1, duration_s=60, seed=1)
