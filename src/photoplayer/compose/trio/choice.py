"""Which code each section gets: one that its scene asks for, akin to the first, walking into the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from photoplayer.compose.band.passages import models_of
from photoplayer.compose.plan import Plan
from photoplayer.compose.trio.codec import PHRASE_BARS, PHRASES, WINDOW_BARS, Codes, between, decode, unfold
from photoplayer.compose.trio.eyes import Seen
from photoplayer.compose.trio.known import shipped_known
from photoplayer.compose.trio.space import Space
from photoplayer.compose.trio.style import Style
from photoplayer.compose.trio.targets import targets_of

OFFERS = 1000
"""Codes drawn for a section, of which one is taken."""

HEARD = 6
"""Of those, so many are decoded and heard."""

CORRECTIONS, CORRECTION = 3, 0.7
"""Times that what was heard corrects what is aimed at, and by what share of what it missed: the critics
foretell most of an attribute, the ears the rest."""

TEMPERATURE = 0.8
"""Of the draw: nearer to what is usual than training music is."""

KIN = 0.2
"""How far a new section goes towards the first one, so that a piece is one piece."""

RETURN_CHANGE = 0.08
"""How far a section that comes back goes from what it was, each time."""

WINDOW_CHANGE = 0.25
"""How far the later sixteen bars of a long section go from its first."""

STEP = 0.4
"""How far a section's last phrase goes towards the first of the next."""

FEWEST_WALKING = 3
"""Phrases of a section that has room to walk."""

_UNREAL_COST, _FAR_COST = 0.5, 2.0
Array = NDArray[np.float32]


def section_codes(
    plan: Plan,
    space: Space,
    *,
    seed: int,
    seen: Seen | None = None,
    style: Style | None = None,
    axes: Sequence[float] = (),
    more: Mapping[str, float] | None = None,
) -> list[Codes]:
    """For every section the codes of its windows of sixteen bars, ``(windows, 512)``."""
    models = models_of(plan)
    found: list[Codes] = []
    for i, section in enumerate(plan.sections):
        windows = -(-section.bars // WINDOW_BARS)
        if models[i] != i:
            statement = sum(models[j] == models[i] for j in range(i))
            first = found[models[i]][0]
            code = between(first, _drawn(space, style, axes, (seed, i))[0], RETURN_CHANGE * min(statement, 3))
        else:
            targets = targets_of(section, None if seen is None else seen.attributes[i])
            code = suited(
                space,
                _drawn(space, style, axes, (seed, i)),
                targets,
                wanted=None if seen is None else seen.codes[i],
                free=style is None,
            )
            code = space.more(code[None], more or {})[0]
            if found:
                code = between(code, found[0][0], KIN)
        others = _drawn(space, style, axes, (seed, i, 1))[: windows - 1]
        found.append(np.stack([code, *(between(code, other, WINDOW_CHANGE) for other in others)]))
    return found


def phrase_codes(plan: Plan, windows: Sequence[Codes]) -> list[Codes]:
    """The codes of every section's phrases of four bars, ``(phrases, 256)``; where there is room the last
    phrase of a section walks towards the first of the next, in a loop from the end to the beginning."""
    unfolded = np.split(unfold(np.concatenate(windows)), np.cumsum([len(w) for w in windows])[:-1])
    phrases = [
        each.reshape(len(each) * PHRASES, -1)[: -(-section.bars // PHRASE_BARS)]
        for each, section in zip(unfolded, plan.sections, strict=True)
    ]
    walked = []
    for i, own in enumerate(phrases):
        after = phrases[i + 1] if i + 1 < len(phrases) else phrases[0] if plan.loops else None
        if after is not None and len(own) >= FEWEST_WALKING:
            own = np.concatenate([own[:-1], between(own[-1], after[0], STEP)[None]])
        walked.append(own)
    return walked


def suited(
    space: Space, offers: Codes, targets: Array, *, wanted: Array | None = None, free: bool = True
) -> Array:
    """Of many drawn codes the one whose music has attributes nearest to ``targets (attributes,)``.

    The critics pick :data:`HEARD` of them, also near the code that is ``wanted``. Where they are ``free`` to
    move, they are moved to where the critics agree, decoded and heard, and moved again towards what was
    missed, :data:`CORRECTIONS` times. One whose tune is a training tune's is taken only where all are such.
    """
    cost = ((space.foretold(offers) - targets) ** 2).sum(axis=1)
    cost -= _UNREAL_COST * np.log(space.realness(offers) + 1e-6)
    if wanted is not None:
        cost += _FAR_COST * (((offers - wanted) / space.scale) ** 2).mean(axis=1)
    codes = offers[np.argsort(cost, kind="stable")[:HEARD]]
    aims = np.tile(targets, (len(codes), 1))
    found: list[tuple[bool, float, Array]] = []
    for _ in range(1 + CORRECTIONS if free else 1):
        codes = space.constrained(codes, aims) if free else codes
        made = decode(codes)
        missed = targets - space.measured(made)
        costs = (missed**2).sum(axis=1)
        found += [
            (shipped_known().has(trio), float(c), code)
            for trio, c, code in zip(made, costs, codes, strict=True)
        ]
        aims = aims + CORRECTION * missed
    return min(found, key=lambda each: each[:2])[2]


def _drawn(space: Space, style: Style | None, axes: Sequence[float], seed: tuple[int, ...]) -> Codes:
    if style is None:
        return space.sample(OFFERS, seed=seed, temperature=TEMPERATURE)
    return style.sample(OFFERS, seed=seed, axes=axes)
