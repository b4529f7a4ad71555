"""Several players from one keyboard's score: who sits where, and how the notes are shared out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from photoplayer.music.instruments import instrument
from photoplayer.sound.timbre.sounding import Line, Sounding
from photoplayer.sound.timbre.voices import Home, separate


@dataclass(frozen=True, slots=True)
class Player:
    """One player of an ensemble; ``program`` is General MIDI's, ``home`` the pitch around which the voice
    lies in most music, ``pan`` (-1..1) the seat as one hears it."""

    name: str
    program: int
    home: int
    pan: float


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Players from the highest voice to the lowest."""

    name: str
    players: tuple[Player, ...]


ENSEMBLES = (
    Ensemble(
        "String Trio",
        (Player("Violin", 40, 72, -0.4), Player("Viola", 41, 62, 0.1), Player("Cello", 42, 50, 0.4)),
    ),
    Ensemble(
        "String Quartet",
        (
            Player("Violin I", 40, 76, -0.5),
            Player("Violin II", 40, 69, -0.2),
            Player("Viola", 41, 62, 0.2),
            Player("Cello", 42, 50, 0.45),
        ),
    ),
    Ensemble(
        "String Quintet",
        (
            Player("Violin I", 40, 76, -0.5),
            Player("Violin II", 40, 69, -0.25),
            Player("Viola", 41, 62, 0.1),
            Player("Cello", 42, 50, 0.35),
            Player("Contrabass", 43, 38, 0.5),
        ),
    ),
    Ensemble(
        "Brass Quintet",
        (
            Player("Trumpet I", 56, 73, -0.45),
            Player("Trumpet II", 56, 67, 0.45),
            Player("French Horn", 60, 60, -0.2),
            Player("Trombone", 57, 53, 0.25),
            Player("Tuba", 58, 41, 0.0),
        ),
    ),
    Ensemble(
        "Woodwind Quintet",
        (
            Player("Flute", 73, 79, -0.45),
            Player("Oboe", 68, 74, -0.2),
            Player("Clarinet", 71, 67, 0.2),
            Player("French Horn", 60, 60, 0.0),
            Player("Bassoon", 70, 48, 0.4),
        ),
    ),
    Ensemble(
        "Saxophone Quartet",
        (
            Player("Soprano Sax", 64, 74, -0.45),
            Player("Alto Sax", 65, 67, -0.15),
            Player("Tenor Sax", 66, 60, 0.15),
            Player("Baritone Sax", 67, 50, 0.45),
        ),
    ),
)


def shared_out(notes: Sequence[Sounding], ensemble: Ensemble) -> list[Line]:
    """A line for each player, the highest first; ``notes`` are in order of their onsets."""
    return separate(notes, len(ensemble.players), [_home(player) for player in ensemble.players])


def _home(player: Player) -> Home:
    reach = instrument(player.program)
    return Home(player.home, reach.lowest, reach.highest)
