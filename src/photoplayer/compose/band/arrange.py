"""The arranger: a Plan in, a Score out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from photoplayer.compose.band.casting import Seats
from photoplayer.compose.band.guards import guarded
from photoplayer.compose.band.layers import check_layers
from photoplayer.compose.band.maps import keys, markers, meters, tempo_map
from photoplayer.compose.band.melody_seed import theme_from
from photoplayer.compose.band.parallels import without_parallels
from photoplayer.compose.band.parts import moved, parts
from photoplayer.compose.band.passages import set_plan
from photoplayer.compose.band.perform import Played, perform
from photoplayer.compose.band.stingers import STINGER_QUARTERS, play_stingers
from photoplayer.compose.band.swells import swells
from photoplayer.compose.band.theme import Theme
from photoplayer.compose.plan import Plan
from photoplayer.music.score import Note, Score


def compose(
    plan: Plan,
    *,
    seed: int = 1,
    melody: tuple[Note, ...] | None = None,
    themes: Mapping[int, Theme] | None = None,
) -> Score:
    """The music for a plan; the same plan and seed give the same score.

    ``melody`` is a tune to develop, in quarters from its own start; ``themes`` instead gives each section
    that brings no other back (by its number) a theme of its own. The harmony and the tune do not
    depend on the sections' energy, so that plans which differ in energy alone give music that runs in
    step. Raises :class:`~photoplayer.errors.PlanError` for a layer that does not exist, and
    :class:`~photoplayer.errors.InputError` for a melody without notes.
    """
    check_layers(plan.sections)
    theme = None if melody is None else theme_from(melody)
    seats = Seats.cast(plan, seed=seed)
    settings = set_plan(plan, seed=seed, theme=theme, themes=themes, seats=seats)
    lines: Played = defaultdict(list)
    for i, (setting, start) in enumerate(zip(settings, plan.starts_q, strict=True)):
        before = plan.sections[i - 1] if i else None
        for key, notes in perform(setting, seats, before).items():
            lines[key] += [moved(note, start) for note in notes]
    for key, notes in play_stingers(plan, settings).items():
        lines[key] += guarded(notes, program=key[1], until=plan.quarters, bar_quarters=STINGER_QUARTERS)
    without_parallels(lines)
    return Score(
        parts=tuple(parts(lines, swells(settings, plan.starts_q))),
        end=plan.quarters,
        tempo_map=tempo_map(plan),
        meters=meters(plan),
        keys=keys(plan),
        markers=markers(plan),
    )
