"""The band: an arranger that turns a plan into a score by rule and chance."""

from photoplayer.compose.band.arrange import compose
from photoplayer.compose.band.layers import LAYERS

__all__ = ["LAYERS", "compose"]
