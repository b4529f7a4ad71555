"""Ours: a recurrent writer that looks back by whole bars, and a critic that compares bars.

The writer says one token per sixteenth and stream (:mod:`photoplayer.music.melody_code`; a trio has three
streams). Beside the token before it sees what stood at this place of the bar one, four and eight bars ago
(the lookback of Magenta's melody network, Waite 2016), which is what lets a phrase return. Its noise is
the manner it is given and the draw of every token. It is asked for something bar by bar: density, register
and mode.

The critic sees one-hot tokens, brings them to bars, multiplies each bar with the ones 1, 2, 4 and 8 before
it, and weighs the bars against what was asked for (projection, Miyato & Koyama 2018); spectral norm
throughout (Miyato et al. 2018), and against collapse the spread of the batch is a feature (Karras et al.
2018).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from photoplayer.music.melody_code import HOLD, STEPS_PER_BAR

BARS = 16
ASKED, MANNER = 3, 2
"""Numbers asked for in every bar (density, register, mode; about -1..1), and numbers of the manner, which are
drawn: how wide the melody leaps, and how much its bars return (mean 0, deviation 1)."""

WANTED = ASKED + MANNER

LOOKBACK_BARS = (1, 4, 8)
_COMPARED_BARS = (1, 2, 4, 8)

Draw = Callable[[Tensor], Tensor]
"""Logits ``(n, tokens)`` → one-hot ``(n, tokens)``."""


@dataclass(frozen=True)
class Shape:
    """How many tokens each stream has; the sizes of the networks."""

    streams: tuple[int, ...]
    hidden: int = 192
    embedding: int = 24
    critic: int = 64


class Writer(nn.Module):
    """One-hot tokens of the past and what is asked for → logits of the next token of every stream."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        seen = 2 + len(LOOKBACK_BARS)
        self.embed = nn.ModuleList(
            nn.ModuleList(nn.Linear(tokens, shape.embedding, bias=False) for _ in range(seen))
            for tokens in shape.streams
        )
        places = STEPS_PER_BAR + BARS
        self.cell = nn.GRUCell(len(shape.streams) * seen * shape.embedding + places + WANTED, shape.hidden)
        self.say = nn.Linear(shape.hidden, sum(shape.streams))

    def forward(self, past: Tensor, place: Tensor, asked: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """One step. ``past (n, 5, tokens of all streams)`` (see :func:`past_of`), ``place (n, 32)``,
        ``asked (n, 5)``, ``state (n, hidden)`` → logits ``(n, tokens)``, state."""
        state = self.cell(self._inputs(past, place, asked), state)
        return self.say(state), state

    def read(self, music: Tensor, asked: Tensor) -> Tensor:
        """Logits ``(n, steps, tokens)`` for every step of known one-hot ``music (n, steps, tokens)``;
        ``asked (n, bars, 5)``."""
        n, steps, _ = music.shape
        place = places(steps).expand(n, -1, -1)
        wanted = asked.repeat_interleave(STEPS_PER_BAR, 1)[:, :steps]
        inputs = self._inputs(past_of(music, self.shape.streams), place, wanted)
        # the fused kernel over all steps, with the cell's own weights
        weights = [self.cell.weight_ih, self.cell.weight_hh, self.cell.bias_ih, self.cell.bias_hh]
        start = music.new_zeros(1, n, self.shape.hidden)
        states, _ = torch.gru(inputs, start, weights, True, 1, 0.0, False, False, True)
        logits: Tensor = self.say(states)
        return logits

    def write(self, asked: Tensor, draw: Draw) -> Tensor:
        """New music ``(n, bars * 16, tokens)`` as ``asked (n, bars, 5)``; ``draw`` chooses each token."""
        n, bars, _ = asked.shape
        steps = bars * STEPS_PER_BAR
        place = places(steps)[0]
        state = asked.new_zeros(n, self.shape.hidden)
        silence = asked.new_zeros(n, sum(self.shape.streams))
        written: list[Tensor] = []
        sounding = silence
        for step in range(steps):
            back = [
                written[step - b * STEPS_PER_BAR] if step >= b * STEPS_PER_BAR else silence
                for b in LOOKBACK_BARS
            ]
            past = torch.stack([written[-1] if written else silence, sounding, *back], 1)
            logits, state = self(past, place[step].expand(n, -1), asked[:, step // STEPS_PER_BAR], state)
            token = torch.cat([draw(part) for part in logits.split(self.shape.streams, 1)], 1)
            sounding = _sounding(token, sounding, self.shape.streams)
            written.append(token)
        return torch.stack(written, 1)

    def _inputs(self, past: Tensor, place: Tensor, asked: Tensor) -> Tensor:
        parts = past.split(self.shape.streams, -1)
        seen = [
            layer(part[..., kind, :])
            for part, layers in zip(parts, self.embed, strict=True)
            for kind, layer in enumerate(layers)
        ]
        return torch.cat([*seen, place, asked], -1)


class Critic(nn.Module):
    """``music (n, steps, tokens)``, ``asked (n, bars, 5)`` → ``(n,)``: above 0 for what looks real."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.critic
        self.embed = spectral_norm(nn.Conv1d(sum(shape.streams), width, 1))
        self.beats = spectral_norm(nn.Conv1d(width, width, 4, 2, padding=1))
        self.halves = spectral_norm(nn.Conv1d(width, width, 4, 2, padding=1))
        self.bars = spectral_norm(nn.Conv1d(width, 2 * width, 4, 4))
        self.mix = spectral_norm(nn.Linear(2 * width * (1 + len(_COMPARED_BARS)), 2 * width))
        self.judge = spectral_norm(nn.Linear(2 * width + 1, 1))
        self.match = spectral_norm(nn.Linear(WANTED, 2 * width, bias=False))

    def forward(self, music: Tensor, asked: Tensor) -> Tensor:
        heard = self.embed(music.transpose(1, 2))
        for layer in (self.beats, self.halves, self.bars):
            heard = layer(functional.leaky_relu(heard, 0.2))
        bars = functional.leaky_relu(heard, 0.2).transpose(1, 2)  # (n, bars, 2 * width)
        earlier = [functional.pad(bars, (0, 0, lag, 0))[:, : bars.shape[1]] * bars for lag in _COMPARED_BARS]
        mixed = functional.leaky_relu(self.mix(torch.cat([bars, *earlier], 2)), 0.2)
        whole = mixed.mean(1)
        spread = whole.std(0, unbiased=False).mean().expand(len(whole), 1)
        judged = self.judge(torch.cat([whole, spread], 1))[:, 0]
        matched: Tensor = (self.match(asked) * mixed).sum(2).mean(1)
        return judged + matched


def places(steps: int) -> Tensor:
    """``(1, steps, 32)``: one-hot place in the bar, and number of the bar, which begins again after 16."""
    step = torch.arange(steps)
    within = functional.one_hot(step % STEPS_PER_BAR, STEPS_PER_BAR)
    bar = functional.one_hot(step // STEPS_PER_BAR % BARS, BARS)
    return torch.cat([within, bar], 1).float()[None]


def past_of(music: Tensor, streams: Sequence[int]) -> Tensor:
    """``(n, steps, 5, tokens)``: for each step of one-hot ``music (n, steps, tokens)`` the token before it,
    what sounds, and what stood 1, 4 and 8 bars ago; zeros where the music has not begun."""
    seen = [_shifted(music, 1), _shifted(_sounding_all(music, streams), 1)]
    seen += [_shifted(music, bars * STEPS_PER_BAR) for bars in LOOKBACK_BARS]
    return torch.stack(seen, 2)


def _shifted(music: Tensor, by: int) -> Tensor:
    return functional.pad(music, (0, 0, by, 0))[:, : music.shape[1]]


def _sounding_all(music: Tensor, streams: Sequence[int]) -> Tensor:
    """For every step the token that began last, holds aside, for known music."""
    parts = []
    steps = torch.arange(music.shape[1])
    for part in music.split(tuple(streams), 2):
        begins = torch.where(part[..., HOLD] > 0.5, -1, steps).cummax(1).values
        taken = part.gather(1, begins.clamp(min=0)[..., None].expand_as(part))
        parts.append(taken * (begins >= 0)[..., None])
    return torch.cat(parts, 2)


def _sounding(token: Tensor, before: Tensor, streams: Sequence[int]) -> Tensor:
    """The same for one step of music in the making, which gradients go through."""
    pairs = zip(token.split(tuple(streams), 1), before.split(tuple(streams), 1), strict=True)
    return torch.cat(
        [old * new[:, HOLD : HOLD + 1] + new * (1 - new[:, HOLD : HOLD + 1]) for new, old in pairs], 1
    )
