"""What may be asked for by name: an instrument of General MIDI, or an ensemble."""

from __future__ import annotations

from photoplayer.errors import PlanError
from photoplayer.music.instrument_names import find_instrument, nearest_names, same_name
from photoplayer.music.instruments import Instrument
from photoplayer.sound.timbre.ensembles import ENSEMBLES, Ensemble


def choose(wanted: int | str) -> Instrument | Ensemble:
    """What a name, number or family means. Raises :class:`PlanError` for an unknown one, with the nearest."""
    text = str(wanted)
    for ensemble in ENSEMBLES:
        if same_name(text, ensemble.name):
            return ensemble
    try:
        found = find_instrument(text)
    except ValueError as problem:
        raise PlanError(str(problem)) from problem
    if found is None:
        near = nearest_names(text, (ensemble.name for ensemble in ENSEMBLES))
        nearest = f"the nearest are {', '.join(near)}; " if near else ""
        raise PlanError(f"there is no instrument {text!r}; {nearest}`photoplayer instruments` lists all")
    return found
