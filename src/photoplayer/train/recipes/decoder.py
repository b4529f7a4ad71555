"""The default decoder's settings, tuned on rolls of validation recordings.

    photoplayer train decoder -- --rolls ROLLS/validation --out ROLLS/decoder.json

A coordinate search: the network's word as a whole, then one setting after the other is moved up and down by
its step, twice and four times that; what helps most is kept, and steps are halved when nothing helps. What is
sought is told at :func:`objective`. It needs no PyTorch. The result goes to the card of the model that made
the rolls, under "decoder".
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from photoplayer.evaluate.changes import Matching
from photoplayer.evaluate.notes import match
from photoplayer.evaluate.transcription import (
    TIGHT_S,
    WIDE_S,
    Share,
    is_repeat,
    is_short,
    share_found,
)
from photoplayer.files import finished
from photoplayer.piano.decode import decode
from photoplayer.piano.decoder_settings import DecoderSettings, card_entry, settings_from_card
from photoplayer.train.data.piano_rolls import KnownRoll, known_rolls

log = logging.getLogger(__name__)

STEPS: dict[str, float] = {
    "press_bias": 0.8,
    "press_floor": 1.0,
    "held_bias": 0.8,
    "held_weight": 0.2,
    "release_bias": 0.8,
    "release_floor": 1.0,
    "again_bias": 1.0,
    "tap_bias": 1.0,
    "spread_s": 0.01,
    "apart_s": 0.01,
    "fall_share": 0.25,
    "onset_shift_s": 0.004,
    "offset_shift_s": 0.004,
}
LIMITS: dict[str, tuple[float, float]] = {
    "held_weight": (0.05, 3.0),
    "spread_s": (0.02, 0.12),
    "apart_s": (0.03, 0.12),
    "fall_share": (0.0, 1.0),
    "press_floor": (-12.0, -1.0),
    "release_floor": (-12.0, 0.0),
}
BIASES = ("press_bias", "held_bias", "release_bias")
"""Moved together: a network may be too shy, or too bold, in all it says."""
MULTIPLES = (-4, -2, -1, 1, 2, 4)
HARD_PART = 0.1
_LEAST_GAIN = 1e-4
_STEP_PRICE = 3e-4
"""What one step away from the defaults must gain: a few recordings do not say all."""


@dataclass(frozen=True)
class Config:
    """Which rolls, and where the settings go."""

    rolls: Path
    """A folder of CLIP.npz with rolls and notes."""
    out: Path
    """A JSON file; if it is there, the search goes on from it."""
    rounds: int = 3
    """Times that all settings are gone through."""


def train(config: Config) -> None:
    """Tune and write."""
    start = DecoderSettings()
    if config.out.is_file():
        start = settings_from_card(json.loads(config.out.read_text(encoding="utf-8")))
    tuned = tune(known_rolls(config.rolls), start=start, rounds=config.rounds)
    with finished(config.out) as temporary:
        temporary.write_text(json.dumps({"decoder": card_entry(tuned)}, indent=1) + "\n", encoding="utf-8")


def tune(
    rolls: Sequence[KnownRoll], *, start: DecoderSettings | None = None, rounds: int = 3
) -> DecoderSettings:
    """The settings with which the rolls are decoded best."""
    return search(lambda settings: objective(rolls, settings), start or DecoderSettings(), rounds=rounds)


def search(
    worth: Callable[[DecoderSettings], float], start: DecoderSettings, *, rounds: int
) -> DecoderSettings:
    """Coordinate search for the settings of the greatest worth."""
    best, best_worth = start, worth(start) - _price(start)
    log.info("start %.4f", best_worth)
    directions = [(BIASES, STEPS[BIASES[0]]), *(((name,), step) for name, step in STEPS.items())]
    share = 1.0
    for _ in range(rounds):
        before = best_worth
        for names, step in directions:
            around = {_moved(best, names, times * share * step) for times in MULTIPLES} - {best}
            for tried in sorted(around, key=repr):
                tried_worth = worth(tried) - _price(tried)
                if tried_worth > best_worth + _LEAST_GAIN:
                    best, best_worth = tried, tried_worth
        log.info("steps x %.2f: %.4f %s", share, best_worth, best)
        if best_worth - before < 10 * _LEAST_GAIN:
            share /= 2
    return best


def _moved(settings: DecoderSettings, names: Sequence[str], by: float) -> DecoderSettings:
    """Some settings moved by the same, within their limits."""
    values = {}
    for name in names:
        low, high = LIMITS.get(name, (-float("inf"), float("inf")))
        values[name] = round(min(max(getattr(settings, name) + by, low), high), 5)
    return replace(settings, **values)


def _price(settings: DecoderSettings) -> float:
    usual = DecoderSettings()
    steps = [abs(getattr(settings, name) - getattr(usual, name)) / step for name, step in STEPS.items()]
    return _STEP_PRICE * float(sum(steps))


def objective(rolls: Sequence[KnownRoll], settings: DecoderSettings) -> float:
    """What the settings are worth, 0..1.

    The mean over recordings of onset F1 at 50 and at 100 ms and onset-and-offset F1 at 50 ms; and, for a
    tenth each, the shares of short notes and of repeats that are found, of all recordings together: they are
    few, and the mean would give them up for a little precision.
    """
    f1, short, repeats = 0.0, Share(), Share()
    for known in rolls:
        found = known.heard(decode([known.roll], settings))
        wide = match(known.truth, found, onset_s=WIDE_S)
        tight = match(known.truth, found, onset_s=TIGHT_S)
        whole = match(known.truth, found, onset_s=TIGHT_S, offset_s=TIGHT_S)
        f1 += sum(Matching(len(pairs), len(found), len(known.truth)).f1 for pairs in (wide, tight, whole)) / (
            3 * len(rolls)
        )
        short += share_found(is_short(known.truth), wide)
        repeats += share_found(is_repeat(known.truth, since_release=True), wide)
    hard = [share.value for share in (short, repeats) if share.true]
    return f1 * (1 - HARD_PART * len(hard)) + HARD_PART * sum(hard)
