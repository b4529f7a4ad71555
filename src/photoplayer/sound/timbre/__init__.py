"""A score as players of other instruments would play it."""

from photoplayer.sound.timbre.choice import choose
from photoplayer.sound.timbre.ensembles import ENSEMBLES, Ensemble
from photoplayer.sound.timbre.transform import transform

__all__ = ["ENSEMBLES", "Ensemble", "choose", "transform"]
