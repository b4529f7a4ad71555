"""Put a checked ``keys`` network among the shipped models, with its card: settings, data, figures.

    photoplayer train keys-check -- --checkpoint RUN/checkpoint.pt --data CACHE/mta CACHE/renders --out ROLLS
    photoplayer train decoder -- --rolls ROLLS/validation --out ROLLS/decoder.json
    photoplayer train keys-ship -- --rolls ROLLS --data-said "…"

The figures are those of the very files that ship, on recordings of ``ROLLS/validation`` and ``ROLLS/test``.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from photoplayer.evaluate.transcription import score_transcription
from photoplayer.evaluate.transcription_table import means, values
from photoplayer.piano.decode import decode
from photoplayer.piano.decoder_settings import CARD_ENTRY, DecoderSettings, settings_from_card
from photoplayer.piano.touch import touched
from photoplayer.train.data.piano_rolls import KnownRoll, known_rolls
from photoplayer.train.nets.keys import SHIFT_S, Hear, Look, Size
from photoplayer.train.ship import write_model

log = logging.getLogger(__name__)

FIGURES = (
    *("onset50", "onset100", "on+off50", "black", "white", "frame~", "repeats", "short"),
    *("false/min", "vel_corr"),
)


@dataclass(frozen=True)
class Config:
    """What ships."""

    rolls: Path
    """What keys-check wrote, with the tuned ``decoder.json``."""
    data_said: str
    """What the weights learned from, in a sentence or two."""
    out: Path = Path(str(resources.files("photoplayer.models")))


def train(config: Config) -> None:
    """Measure and write both models with their cards."""
    entry = json.loads((config.rolls / "decoder.json").read_text(encoding="utf-8"))
    settings = settings_from_card(entry)
    figures = {
        split: figures_of(known_rolls(config.rolls / split), settings) for split in ("validation", "test")
    }
    size = Size()
    common = {"licence": "MIT (the weights; see data)", "data": config.data_said, "figures": figures}
    look = {
        "name": "keys_look",
        "what": "The first half of the keys network: pictures of the strip to a vector per key",
        "inputs": {
            "pictures": "(n + 2, 64, w) uint8 grey strips or stretches of them, one more at both ends",
            "plate": "(64, w) uint8, the keyboard without hands",
            "levels": "(2, w) float32, photoplayer.piano.plate.levels",
            "columns": "(keys, 5) int64, photoplayer.piano.columns.key_columns",
            "classes": "(keys,) int64 pitch classes",
        },
        "outputs": {"keys": f"(n, keys, {size.key}) float32"},
        "parameters": _parameters(Look(size)),
        "made_by": "photoplayer train keys",
    }
    hear = {
        "name": "keys_hear",
        "what": "The second half of the keys network: vectors per key over time to what was played",
        "inputs": {
            "keys": f"(1, frames, 88, {size.key}) float32 from keys_look",
            "gaps_s": "(1, frames, 2) seconds to the frames before and after",
        },
        "outputs": {"heads": "(1, frames, 88, 6): logits of down, onset, offset; shifts / shift_s; velocity"},
        "parameters": _parameters(Hear(size)),
        "made_by": "photoplayer train keys",
        "context_frames": sum(size.dilations),
        "shift_s": SHIFT_S,
        CARD_ENTRY: entry[CARD_ENTRY],
    }
    for card in (look, hear):
        content = (config.rolls / f"{card['name']}.onnx").read_bytes()
        write_model(config.out, str(card["name"]), content, {**card, **common})


def figures_of(rolls: Sequence[KnownRoll], settings: DecoderSettings) -> dict[str, dict[str, Any]]:
    """Means over recordings with their 95 % intervals, by source."""
    result = {}
    for source, group in groupby(sorted(rolls, key=lambda k: (k.source, k.name)), key=lambda k: k.source):
        scored = []
        for known in group:
            found = known.heard(touched(decode([known.roll], settings)))
            scores = score_transcription(
                known.truth, found, times_s=known.roll.times_s, edge_s=known.frame_s,
                duration_s=float(known.roll.times_s[-1]),
            )  # fmt: skip
            scored.append(values(scores))
        told = means(scored)
        log.info("%s: %s", source, told)
        result[source] = {"recordings": len(scored)} | {
            name: f"{m.mean:.3f} [{m.low:.3f}, {m.high:.3f}]" for name in FIGURES if (m := told[name]).count
        }
    return result


def _parameters(net: Any) -> int:
    return sum(p.numel() for p in net.parameters())
