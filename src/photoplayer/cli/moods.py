"""``photoplayer moods``: what can be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from photoplayer.compose.band.layers import LAYERS
from photoplayer.compose.moods import MOODS


@dataclass(frozen=True)
class Moods:
    """List the moods, with their tempi, modes and meters, and the layers a plan may name."""

    def run(self) -> int:
        """Print both lists."""
        for mood in MOODS.values():
            low, high = mood.bpm
            meters = " ".join(map(str, mood.meters))
            print(f"{mood.name:8}  {mood.description}")
            print(f"{'':8}  {low:g}-{high:g} bpm; {', '.join(mood.modes)}; {meters}")
        print()
        for layer, what in LAYERS.items():
            print(f"{layer:11} {what}")
        return 0
