"""A tiny strip cache in which a pressed key is a bright bar."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from photoplayer.piano.layout import KEY_COUNT, key_edges
from photoplayer.piano.strip import MARGIN_WHITES, STRIP_HEIGHT, STRIP_WIDTH, WHITE_WIDTH_PX

RATE_HZ = 20.0


def write_clip(
    folder: Path,
    notes: list[tuple[float, float, int]],
    *,
    split: str = "train",
    duration_s: float = 3.0,
    covered_s: tuple[float, float] | None = None,
    unseen: tuple[int, ...] = (),
) -> None:
    """``notes`` are (onset_s, offset_s, pitch)."""
    folder.mkdir(parents=True)
    times_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    pictures = np.full((len(times_s), STRIP_HEIGHT, STRIP_WIDTH), 100, dtype=np.uint8)
    for onset_s, offset_s, pitch in notes:
        left, right = ((edge + MARGIN_WHITES) * WHITE_WIDTH_PX for edge in key_edges(pitch))
        held = (times_s >= onset_s) & (times_s < offset_s)
        pictures[held, :, int(left) : int(right)] = 255
    np.save(folder / "pictures.npy", pictures)
    np.save(folder / "times.npy", times_s)
    np.save(folder / "plates.npy", np.full((1, STRIP_HEIGHT, STRIP_WIDTH), 100, dtype=np.uint8))
    np.save(folder / "plate_of.npy", np.zeros(len(times_s), dtype=np.int32))
    rows = [(onset_s, offset_s, pitch, np.nan) for onset_s, offset_s, pitch in notes]
    np.save(folder / "notes.npy", np.array(rows, dtype=np.float64).reshape(-1, 4))
    meta = {
        "name": folder.name,
        "group": split,
        "split": split,
        "view": "front",
        "source": "planted",
        "covered_s": list(covered_s or (0.0, duration_s)),
        "seen": [key not in unseen for key in range(KEY_COUNT)],
    }
    (folder / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
