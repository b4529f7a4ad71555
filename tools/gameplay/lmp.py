"""Reads Doom demos (LMP, engine versions 1.4-1.10): what the player's hands did at every tic.

Layout: a 13-byte header (version, skill, episode, map, deathmatch, respawn, fast, no monsters, point of
view, four flags of who plays), then per tic 4 bytes for every playing player in order (forward, side, turn,
buttons), then 0x80. Source: the Unofficial Doom Specs 1.666, chapter 9-6; d_ticcmd.h and g_game.c of Doom's
source.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .errors import RecordError

TICS_PER_S = 35
_HEADER_BYTES = 13
_TIC_BYTES = 4
_END_MARK = 0x80
_ATTACK_BIT, _USE_BIT, _SPECIAL_BIT = 1, 2, 128


@dataclass(frozen=True)
class Demo:
    """A demo seen through the eyes of one player; arrays have one value per tic."""

    version: int
    skill: int
    episode: int
    mission: int
    player_count: int
    own_index: int
    """Which of the players the eyes are, from 0."""
    forward: np.ndarray
    """int8, positive forwards."""
    side: np.ndarray
    """int8, positive to the right."""
    turn: np.ndarray
    """int8, in 256ths of a circle, positive to the left."""
    attack: np.ndarray
    """bool"""
    use: np.ndarray
    """bool"""

    @property
    def tic_count(self) -> int:
        """How many tics the demo lasts."""
        return len(self.forward)

    @property
    def duration_s(self) -> float:
        """How long the demo lasts."""
        return self.tic_count / TICS_PER_S


def read_demo(data: bytes) -> Demo:
    """Parses a demo lump. Raises RecordError when it is cut short or of another format."""
    if len(data) < _HEADER_BYTES + 1:
        raise RecordError(f"A demo of {len(data)} bytes is too short to have a header.")
    version, skill, episode, mission = data[:4]
    if not 104 <= version <= 110:
        raise RecordError(f"Demo version {version} is not known; versions 104 to 110 are.")
    point_of_view = data[8]
    playing = [player for player in range(4) if data[9 + player]]
    if point_of_view not in playing:
        raise RecordError(f"The demo is seen by player {point_of_view}, who does not play.")
    tic_bytes = _TIC_BYTES * len(playing)
    tics = _tics(data[_HEADER_BYTES:], tic_bytes)
    own = tics[:, playing.index(point_of_view)]
    moves = own[:, :3].astype(np.uint8).view(np.int8)
    buttons = own[:, 3]
    ordinary = (buttons & _SPECIAL_BIT) == 0
    return Demo(
        version=version,
        skill=skill + 1,
        episode=episode,
        mission=mission,
        player_count=len(playing),
        own_index=playing.index(point_of_view),
        forward=moves[:, 0],
        side=moves[:, 1],
        turn=moves[:, 2],
        attack=(buttons & _ATTACK_BIT > 0) & ordinary,
        use=(buttons & _USE_BIT > 0) & ordinary,
    )


def _tics(body: bytes, tic_bytes: int) -> np.ndarray:
    """Tics as uint8 (tics, players, 4); they end at the end mark, which stands where a tic would begin."""
    count = len(body) // tic_bytes
    for index in range(count + 1):
        if body[index * tic_bytes : index * tic_bytes + 1] == bytes([_END_MARK]):
            count = index
            break
    else:
        raise RecordError("The demo has no end mark: it is cut short.")
    tics = np.frombuffer(body[: count * tic_bytes], np.uint8)
    return tics.reshape(count, -1, _TIC_BYTES)
