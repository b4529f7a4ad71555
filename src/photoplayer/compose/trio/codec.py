"""Trios to codes and back, with the shipped networks.

Four networks stand in line: ``trio-read`` makes a phrase of 4 bars a code, ``trio-gather`` four such codes
one of 16 bars; ``trio-unfold`` and ``trio-write`` go the other way. Codes are of music in C major or A minor;
a trio in another key is brought home before it is read, and comes back at home.

The decoders choose inside the network: what makes a sample of the likeliest choice is noise, drawn here from
NumPy's generator, so a seed gives the same trio wherever the networks' last bits are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from photoplayer.models import load
from photoplayer.music.trio import DRUMS, LINE_TOKENS, STEPS_PER_BAR, Trio, home_shift
from photoplayer.music.trio_match import match, mean_f1

PHRASE_BARS, PHRASES = 4, 4
WINDOW_BARS = PHRASE_BARS * PHRASES

PHRASE_CODE, WINDOW_CODE = 256, 512
"""Lengths of the two kinds of code, by which a code says how many bars it is of."""

Codes = NDArray[np.float32]

ROUNDS = 8
"""Corrections of a code: onset F1 of four bars by composers of validation rises from .84 to .89 by them."""

_CORRECTION = 0.5
_AT_ONCE = 64
"""Phrases decoded together: 30 MB of noise and logits."""


def encode(trios: Sequence[Trio], *, rounds: int = ROUNDS) -> Codes:
    """The codes of trios that all have 4 bars, or all 16: ``(trios, 256)`` or ``(trios, 512)``.

    What the encoder says at once is corrected ``rounds`` times: the code is decoded, what comes out is read
    again, and the code moves by half of what the two readings differ. Of all codes on the way a trio keeps
    the one that decodes to the most of its notes. The encoder is taught on little music; on composers it does
    not know this finds the notes it missed at first. Raises ``ValueError`` for other lengths.
    """
    lengths = {trio.bars for trio in trios}
    if len(lengths) != 1 or not lengths <= {PHRASE_BARS, WINDOW_BARS}:
        raise ValueError(f"trios of {sorted(lengths)} bars; a code is of {PHRASE_BARS} or of {WINDOW_BARS}")
    truth = [trio.transposed(home_shift(trio)) for trio in trios]
    first = _read(truth)
    codes, best = first.copy(), first.copy()
    likeness = np.full(len(truth), -1.0)
    for turn in range(rounds + 1 if rounds else 0):
        written = decode(codes)
        now = np.array([mean_f1(match(a, b)) for a, b in zip(truth, written, strict=True)])
        best = np.where((now > likeness)[:, None], codes, best)
        likeness = np.maximum(now, likeness)
        if turn < rounds:
            codes = codes + _CORRECTION * (first - _read(written))
    return best


def _read(trios: Sequence[Trio]) -> Codes:
    """What the encoder says of trios at home."""
    bars = np.concatenate([_events(trio) for trio in trios])
    phrases = _run("trio-read", bars.reshape(-1, PHRASE_BARS, bars.shape[1]))
    return phrases if trios[0].bars == PHRASE_BARS else gather(phrases.reshape(-1, PHRASES, PHRASE_CODE))


def gather(phrases: Codes) -> Codes:
    """Four phrases' codes ``(windows, 4, 256)`` as one, ``(windows, 512)``."""
    return _run("trio-gather", phrases)


def unfold(windows: Codes) -> Codes:
    """The reverse of :func:`gather`."""
    return _run("trio-unfold", windows)


def decode(codes: Codes, *, temperature: float = 0.0, seed: int = 1) -> list[Trio]:
    """The trios of ``(n, 256)`` or ``(n, 512)`` codes, of 4 or 16 bars in C major or A minor.

    ``temperature`` 0 takes the likeliest token at every step, 1 samples as the network would. Raises
    ``ValueError`` for codes of another length.
    """
    codes = np.asarray(codes, np.float32)
    if codes.ndim != 2 or codes.shape[1] not in (PHRASE_CODE, WINDOW_CODE):
        raise ValueError(f"codes of shape {codes.shape}; they are (n, {PHRASE_CODE}) or (n, {WINDOW_CODE})")
    is_long = codes.shape[1] == WINDOW_CODE
    phrases = unfold(codes).reshape(-1, PHRASE_CODE) if is_long else codes
    dice = np.random.default_rng(seed)
    melody, bass, drums = (
        np.concatenate(lines)
        for lines in zip(
            *(
                _written(phrases[i : i + _AT_ONCE], temperature, dice)
                for i in range(0, len(phrases), _AT_ONCE)
            ),
            strict=True,
        )
    )
    steps = (WINDOW_BARS if is_long else PHRASE_BARS) * STEPS_PER_BAR
    rows = zip(melody.reshape(-1, steps), bass.reshape(-1, steps), drums.reshape(-1, steps), strict=True)
    return [Trio(*row) for row in rows]


def between(a: Codes, b: Codes, share: float) -> Codes:
    """The code at ``share`` (0..1) of the way from ``a`` to ``b``, both ``(code,)``, along the sphere.

    A straight line would pass nearer to the middle of all music, where it is plain (White, 2016). Codes that
    point the same or opposite ways are joined by a line.
    """
    long_a, long_b = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    if min(long_a, long_b) == 0:
        return cast("Codes", a + share * (b - a))
    cosine = float(np.clip(a @ b / (long_a * long_b), -1, 1))
    angle = float(np.arccos(cosine))
    if np.sin(angle) < 1e-3:
        return cast("Codes", a + share * (b - a))
    turned = np.sin((1 - share) * angle) * a / long_a + np.sin(share * angle) * b / long_b
    length = (1 - share) * long_a + share * long_b
    return cast("Codes", (turned / np.sin(angle) * length).astype(np.float32))


def _written(
    codes: Codes, temperature: float, dice: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint16]]:
    rows = len(codes) * PHRASE_BARS
    line, kit = (rows, STEPS_PER_BAR, LINE_TOKENS), (rows, STEPS_PER_BAR, len(DRUMS))
    if temperature:
        noise = [dice.gumbel(size=line), dice.gumbel(size=line), dice.logistic(size=kit)]
    else:
        noise = [np.zeros(line), np.zeros(line), np.zeros(kit)]
    session = load("trio-write").session
    fed = {"code": codes}
    for name, values in zip(("melody_noise", "bass_noise", "drums_noise"), noise, strict=True):
        fed[name] = (temperature * values).astype(np.float32)
    melody, bass, bits = session.run(["melody", "bass", "drums"], fed)
    sets = (bits.astype(np.uint16) << np.arange(len(DRUMS), dtype=np.uint16)).sum(-1, dtype=np.uint16)
    return melody.astype(np.uint8), bass.astype(np.uint8), sets


def _events(trio: Trio) -> NDArray[np.float32]:
    """A trio's bars as zeros and ones, ``(bars, 16 * (90 + 90 + 9))``: what happens at every step."""
    lines = []
    for tokens in (trio.melody, trio.bass):
        hot = tokens[:, None] == np.arange(LINE_TOKENS)
        hot[:, 0] = False  # that nothing happens is no event
        lines.append(hot.reshape(trio.bars, -1))
    bits = np.asarray(trio.drums, np.int64)[:, None] >> np.arange(len(DRUMS)) & 1
    return np.concatenate([*lines, bits.reshape(trio.bars, -1)], axis=1).astype(np.float32)


def _run(name: str, given: Codes) -> Codes:
    session = load(name).session
    (found,) = session.run(None, {session.get_inputs()[0].name: np.asarray(given, np.float32)})
    return cast("Codes", found)
