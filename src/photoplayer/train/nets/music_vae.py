"""MusicVAE as published (Roberts et al., ICML 2018; ``hierdec-trio_16bar`` and ``flat-trio_16bar``).

A bidirectional LSTM reads all steps; its last states give mean and deviation of the code. Hierarchical: a
conductor LSTM, begun from the code and fed nothing, writes a code for every bar, and from each of these three
LSTMs write melody, bass and drums of the bar, beginning with the last event of the bar before. Flat: one LSTM
writes all three, step after step, fed the code. Drums are one of 512 sets. Here to be compared with: at the
published size it has 231 million parameters, and a step of its decoder waits for the one before.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.music.trio import DRUM_TOKENS, DRUMS, LINE_TOKENS, STEPS_PER_BAR
from photoplayer.train.nets.trio_vae import Posterior, Trios, drum_bits

TOKENS = (LINE_TOKENS, LINE_TOKENS, DRUM_TOKENS)


@dataclass(frozen=True)
class MusicSizes:
    """Units of the layers; ``conductor`` 0 is the flat decoder."""

    encoder: int
    encoder_layers: int
    code: int
    conductor: int
    conductor_layers: int
    decoder: int
    decoder_layers: int


PUBLISHED = MusicSizes(2048, 2, 512, 1024, 2, 1024, 2)
FLAT = MusicSizes(2048, 2, 512, 0, 0, 2048, 3)
SMALL = MusicSizes(256, 1, 256, 256, 1, 256, 1)
SMALL_FLAT = MusicSizes(256, 1, 256, 0, 0, 448, 1)


class MusicVAE(nn.Module):
    """Trios of ``bars`` bars to a code and back."""

    def __init__(self, sizes: MusicSizes, bars: int) -> None:
        super().__init__()
        self.sizes, self.bars = sizes, bars
        self.read = nn.LSTM(
            2 * LINE_TOKENS + len(DRUMS),
            sizes.encoder,
            sizes.encoder_layers,
            bidirectional=True,
            batch_first=True,
        )
        self.posterior = Posterior(2 * sizes.encoder, sizes.code)
        self.hierarchical = sizes.conductor > 0
        told = sizes.conductor or sizes.code
        if self.hierarchical:
            self.begin = nn.Linear(sizes.code, 2 * sizes.conductor_layers * sizes.conductor)
            self.conductor = nn.LSTM(1, sizes.conductor, sizes.conductor_layers, batch_first=True)
        groups = [(t,) for t in TOKENS] if self.hierarchical else [TOKENS]
        self.groups = groups
        self.starts = nn.ModuleList(nn.Linear(told, 2 * sizes.decoder_layers * sizes.decoder) for _ in groups)
        self.cores = nn.ModuleList(
            nn.LSTM(sum(g) + told, sizes.decoder, sizes.decoder_layers, batch_first=True) for g in groups
        )
        self.says = nn.ModuleList(nn.Linear(sizes.decoder, sum(g)) for g in groups)

    def encode(self, trios: Trios) -> tuple[Tensor, Tensor]:
        """Mean and deviation of the code, ``(windows, code)`` each."""
        melody, bass, drums = trios
        hot = [functional.one_hot(line, LINE_TOKENS).float() for line in (melody, bass)]
        _, (last, _) = self.read(torch.cat([*hot, drums], dim=2))
        mean, spread = self.posterior(torch.cat([last[-2], last[-1]], dim=1))
        return mean, spread

    def logits(self, code: Tensor, trios: Trios) -> tuple[Tensor, ...]:
        """Under teacher forcing: ``(windows, steps, tokens)`` of melody, bass and sets of drums."""
        lines = _as_tokens(trios)
        told = self._told(code)
        found: list[Tensor] = []
        for number, group in enumerate(self.groups):
            own = lines[number : number + 1] if self.hierarchical else lines
            hot = torch.cat(
                [functional.one_hot(x, n).float() for x, n in zip(own, group, strict=True)], dim=2
            )
            before = functional.pad(hot[:, :-1], (0, 0, 1, 0))
            rows = self._rows(torch.cat([before, told], dim=2))
            states, _ = self.cores[number](rows, self._start(number, told))
            said = self.says[number](states).reshape(len(code), self.bars * STEPS_PER_BAR, -1)
            found += list(said.split(list(group), dim=2))
        return tuple(found)

    def write(self, code: Tensor) -> Trios:
        """What it writes by itself, the likeliest token at every step."""
        told = self._told(code)
        steps = self.bars * STEPS_PER_BAR
        found: list[Tensor] = []
        for number, group in enumerate(self.groups):
            hot = told.new_zeros(len(code), sum(group))
            state = None
            chosen = []
            for step in range(steps):
                if state is None or (self.hierarchical and step % STEPS_PER_BAR == 0):
                    state = self._start_of(number, told[:, step])
                x = torch.cat([hot, told[:, step]], dim=1)[:, None]
                out, state = self.cores[number](x, state)
                parts = self.says[number](out[:, 0]).split(list(group), dim=1)
                tokens = [part.argmax(dim=1) for part in parts]
                hot = torch.cat(
                    [functional.one_hot(t, n).float() for t, n in zip(tokens, group, strict=True)], dim=1
                )
                chosen.append(torch.stack(tokens, dim=1))
            found += list(torch.stack(chosen, dim=1).unbind(dim=2))
        return found[0], found[1], drum_bits(found[2])

    def _told(self, code: Tensor) -> Tensor:
        """What the cores are told at every step: the bar's code, or the window's, ``(windows, steps, …)``."""
        if not self.hierarchical:
            return code[:, None].expand(-1, self.bars * STEPS_PER_BAR, -1)
        state, cell = torch.tanh(self.begin(code)).chunk(2, dim=1)
        layers = self.sizes.conductor_layers
        shape = (len(code), layers, self.sizes.conductor)
        nothing = code.new_zeros(len(code), self.bars, 1)
        given = tuple(s.reshape(shape).transpose(0, 1).contiguous() for s in (state, cell))
        bars, _ = self.conductor(nothing, given)
        return bars.repeat_interleave(STEPS_PER_BAR, dim=1)

    def _rows(self, x: Tensor) -> Tensor:
        """The hierarchical cores begin anew at every bar, so bars are rows."""
        return x.reshape(-1, STEPS_PER_BAR, x.shape[2]) if self.hierarchical else x

    def _start(self, number: int, told: Tensor) -> tuple[Tensor, Tensor]:
        first = told[:, ::STEPS_PER_BAR].flatten(0, 1) if self.hierarchical else told[:, 0]
        return self._start_of(number, first)

    def _start_of(self, number: int, told: Tensor) -> tuple[Tensor, Tensor]:
        state, cell = torch.tanh(self.starts[number](told)).chunk(2, dim=1)
        shape = (len(told), self.sizes.decoder_layers, self.sizes.decoder)
        return (
            state.reshape(shape).transpose(0, 1).contiguous(),
            cell.reshape(shape).transpose(0, 1).contiguous(),
        )


def set_losses(logits: tuple[Tensor, ...], trios: Trios, bars: int) -> tuple[Tensor, Tensor, Tensor]:
    """Cross-entropy of melody, bass and drums in nats a bar, the mean over windows."""
    found = [
        functional.cross_entropy(each.flatten(0, 1), truth.flatten(), reduction="sum") / (len(truth) * bars)
        for each, truth in zip(logits, _as_tokens(trios), strict=True)
    ]
    return found[0], found[1], found[2]


def _as_tokens(trios: Trios) -> list[Tensor]:
    """The three lines as tokens, drums as one of 512 sets."""
    bits = (trios[2].long() << torch.arange(len(DRUMS))).sum(dim=-1)
    return [trios[0], trios[1], bits]
