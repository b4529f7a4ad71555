"""``photoplayer instruments``: what can be played on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from photoplayer.music.instruments import PROGRAMS, Instrument, instrument
from photoplayer.music.theory import pitch_name
from photoplayer.sound.timbre import ENSEMBLES


@dataclass(frozen=True)
class Instruments:
    """List the instruments of General MIDI with number, range and what a player can do, and the ensembles.

    The number is the program as MIDI files hold it (0 to 127).
    """

    json: bool = False
    """Print one JSON line per instrument and ensemble."""

    def run(self) -> int:
        """Print the list."""
        if self.json:
            for program in PROGRAMS:
                print(json.dumps(_plain(instrument(program))))
            for ensemble in ENSEMBLES:
                players = [{"name": player.name, "program": player.program} for player in ensemble.players]
                print(json.dumps({"ensemble": ensemble.name, "players": players}))
            return 0
        family = ""
        for program in PROGRAMS:
            it = instrument(program)
            if it.family != family:
                family = it.family
                print(f"{family}" if not program else f"\n{family}")
            reach = f"{pitch_name(it.lowest)}-{pitch_name(it.highest)}"
            print(f"{program:5}  {it.name:24} {reach:8}  {_player(it)}")
        print("\nensembles")
        for ensemble in ENSEMBLES:
            print(f"       {ensemble.name:24} {', '.join(player.name for player in ensemble.players)}")
        return 0


def _player(it: Instrument) -> str:
    """What a player does: ``6 notes at once, plucked, rings 2.5 s``."""
    notes = "1 note" if it.most_notes == 1 else f"{it.most_notes} notes"
    if it.ring_s:
        lasts = f", rings {it.ring_s:g} s"
    else:
        lasts = f", a breath is {it.breath_s:g} s" if it.breath_s else ""
    return f"{notes}, {it.articulation}{lasts}"


def _plain(it: Instrument) -> dict[str, Any]:
    return {
        "program": it.program,
        "name": it.name,
        "family": it.family,
        "lowest": it.lowest,
        "highest": it.highest,
        "comfortable": list(it.comfortable),
        "most_notes": it.most_notes,
        "articulation": it.articulation,
        "ring_s": it.ring_s,
        "breath_s": it.breath_s,
    }
