"""TrioVAE: MusicVAE's idea in a size that a laptop trains, for trios of 4 and of 16 bars.

As in MusicVAE (Roberts et al., ICML 2018) a window becomes one code, a conductor turns the code into one
code for every bar, and three core decoders write melody, bass and drums of a bar from it, meeting only
through it. What differs is made for few cores and little music:

* A bar is read at once, as the sum of what stands at each of its 16 places, not by 256 steps of an LSTM.
* The levels are bar, phrase (4 bars) and window (16 bars): a 16-bar code is decoded to four phrase codes,
  so both lengths share the bars' encoder and decoder, and the long one is learned on codes.
* A bar's code is laid out over its 16 places before the core decoders run, which are small GRUs of 16
  steps; all bars of all windows run side by side. Where a note goes is in the code, what follows what in
  the GRU.

Tokens are :mod:`photoplayer.music.trio`'s; drums are nine independent bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.music.trio import DRUMS, LINE_TOKENS, STEPS_PER_BAR

EVENTS_PER_BAR = STEPS_PER_BAR * (2 * LINE_TOKENS + len(DRUMS))
"""Places of a bar's multi-hot vector: token of the melody, of the bass, and drums, at each step."""

PHRASE_BARS, PHRASES = 4, 4

Trios = tuple[Tensor, Tensor, Tensor]
"""Melody and bass ``(windows, steps)`` int64, drums ``(windows, steps, 9)`` float 0 or 1."""

Noise = tuple[Tensor, Tensor, Tensor]
"""Added to the logits before the choice: ``(rows, 16, tokens)`` twice and ``(rows, 16, 9)``. Zero chooses the
likeliest; Gumbel and logistic noise sample."""


@dataclass(frozen=True)
class Sizes:
    """Widths of the layers."""

    read: int = 768
    """Of a bar as it is read."""
    bar: int = 384
    """Code of a bar, both ways."""
    mix: int = 768
    """Hidden layer between the bars of a phrase and its code."""
    code: int = 256
    """Code of a phrase."""
    place: int = 64
    """Of what a bar's code says of one step to one core decoder."""
    core: int = 96
    """State of a core decoder."""
    window: int = 512
    """Code of 16 bars."""
    window_mix: int = 768


class Posterior(nn.Module):
    """Mean and deviation of a code."""

    def __init__(self, width: int, code: int) -> None:
        super().__init__()
        self.mean = nn.Linear(width, code)
        self.spread = nn.Linear(width, code)
        nn.init.normal_(self.spread.weight, std=1e-3)
        nn.init.constant_(self.spread.bias, -4.0)  # else noise hides the code before it is learned

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.mean(x), functional.softplus(self.spread(x)) + 1e-3


class BarReader(nn.Module):
    """Bars to their codes."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.events = nn.Parameter(torch.randn(EVENTS_PER_BAR + 1, sizes.read) * 0.1)
        self.start = nn.Parameter(torch.zeros(sizes.read))
        self.code = nn.Linear(sizes.read, sizes.bar)
        self.norm = nn.LayerNorm(sizes.bar)

    def forward(self, trios: Trios) -> Tensor:
        """``(windows, bars, bar)``."""
        places = event_places(trios)
        summed = functional.embedding_bag(
            places.flatten(0, 1), self.events, mode="sum", padding_idx=EVENTS_PER_BAR
        )
        return self._coded(summed).unflatten(0, places.shape[:2])

    def dense(self, events: Tensor) -> Tensor:
        """The same from ``(windows, bars, EVENTS_PER_BAR)`` of zeros and ones."""
        return self._coded(events @ self.events[:-1])

    def _coded(self, summed: Tensor) -> Tensor:
        code: Tensor = self.norm(self.code(functional.relu(summed + self.start)))
        return code


def event_places(trios: Trios) -> Tensor:
    """Where in a bar's multi-hot vector its events stand, ``(windows, bars, 16 * 11)``; its end for none."""
    melody, bass, drums = (t.unflatten(1, (-1, STEPS_PER_BAR)) for t in trios)
    step = torch.arange(STEPS_PER_BAR)
    nothing = torch.tensor(EVENTS_PER_BAR)
    lines = STEPS_PER_BAR * LINE_TOKENS
    first = torch.where(melody > 0, step * LINE_TOKENS + melody, nothing)
    second = torch.where(bass > 0, lines + step * LINE_TOKENS + bass, nothing)
    bits = 2 * lines + step[:, None] * len(DRUMS) + torch.arange(len(DRUMS))
    third = torch.where(drums > 0, bits, nothing).flatten(2)
    return torch.cat([first, second, third], dim=2)


class Core(nn.Module):
    """Writes one line of a bar, step after step, from what the bar's code says of each step."""

    def __init__(self, sizes: Sizes, tokens: int, *, bits: bool) -> None:
        super().__init__()
        self.bits = bits
        self.place = nn.Linear(sizes.bar, STEPS_PER_BAR * sizes.place)
        self.token = nn.Linear(tokens, sizes.place, bias=False) if bits else nn.Embedding(tokens, sizes.place)
        self.gru = nn.GRU(2 * sizes.place, sizes.core, batch_first=True)
        self.said = nn.Linear(sizes.core, tokens)
        self.shown = nn.Linear(sizes.place, tokens, bias=False)
        self.tokens = tokens

    def forward(self, bar: Tensor, truth: Tensor, forget: Tensor | None = None) -> Tensor:
        """Logits ``(rows, 16, tokens)`` where every step has been told the true step before it.

        ``forget (rows, 16)`` is 0 where it is not told.
        """
        places = self.place(bar).unflatten(1, (STEPS_PER_BAR, -1))
        told = self.token(truth)
        before = functional.pad(told[:, :-1], (0, 0, 1, 0))
        if forget is not None:
            before = before * forget[:, :, None]
        states, _ = self.gru(torch.cat([places, before], dim=2))
        logits: Tensor = self.said(states) + self.shown(places)
        return logits

    def write(self, bar: Tensor, noise: Tensor) -> Tensor:
        """What it chooses by itself: tokens ``(rows, 16)``, or bits ``(rows, 16, 9)``."""
        places = self.place(bar).unflatten(1, (STEPS_PER_BAR, -1))
        shown = self.shown(places) + noise
        told = torch.zeros_like(places[:, 0])
        state = bar.new_zeros(bar.shape[0], self.gru.hidden_size)
        chosen = []
        for step in range(STEPS_PER_BAR):
            state = self._next(torch.cat([places[:, step], told], dim=1), state)
            logits = self.said(state) + shown[:, step]
            choice = (logits > 0).float() if self.bits else logits.argmax(dim=1)
            told = self.token(choice)
            chosen.append(choice)
        return torch.stack(chosen, dim=1)

    def _next(self, x: Tensor, state: Tensor) -> Tensor:
        """One step of the GRU."""
        gru = self.gru
        given = functional.linear(x, gru.weight_ih_l0, gru.bias_ih_l0).chunk(3, dim=1)
        kept = functional.linear(state, gru.weight_hh_l0, gru.bias_hh_l0).chunk(3, dim=1)
        reset = torch.sigmoid(given[0] + kept[0])
        update = torch.sigmoid(given[1] + kept[1])
        new = torch.tanh(given[2] + reset * kept[2])
        return new + update * (state - new)


class PhraseVAE(nn.Module):
    """Four bars: to a code, and back."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.reader = BarReader(sizes)
        self.mixed = nn.Sequential(nn.Linear(PHRASE_BARS * sizes.bar, sizes.mix), nn.ReLU())
        self.posterior = Posterior(PHRASE_BARS * sizes.bar + sizes.mix, sizes.code)
        self.conductor = nn.Sequential(nn.Linear(sizes.code, sizes.mix), nn.ReLU())
        self.bars = nn.Linear(sizes.code + sizes.mix, PHRASE_BARS * sizes.bar)
        self.norm = nn.LayerNorm(sizes.bar)
        self.cores = nn.ModuleList(
            [
                Core(sizes, LINE_TOKENS, bits=False),
                Core(sizes, LINE_TOKENS, bits=False),
                Core(sizes, len(DRUMS), bits=True),
            ]
        )
        spread_out(self)

    def encode(self, trios: Trios) -> tuple[Tensor, Tensor]:
        """Mean and deviation of the code, ``(windows, code)`` each."""
        return self.code_of(self.reader(trios))

    def code_of(self, bars: Tensor) -> tuple[Tensor, Tensor]:
        """The same from the codes of the bars, ``(windows, 4, bar)``."""
        flat = bars.flatten(1)
        mean, spread = self.posterior(torch.cat([flat, self.mixed(flat)], dim=1))
        return mean, spread

    def conduct(self, code: Tensor) -> Tensor:
        """The codes of the bars, ``(windows * 4, bar)``."""
        bars = self.bars(torch.cat([code, self.conductor(code)], dim=1))
        normed: Tensor = self.norm(bars.unflatten(1, (PHRASE_BARS, -1)).flatten(0, 1))
        return normed

    def logits(self, code: Tensor, trios: Trios, told: float = 1.0) -> tuple[Tensor, ...]:
        """Logits of each line under teacher forcing, ``(windows * 4, 16, tokens)``; a step is told the one
        before it with probability ``told``."""
        bars = self.conduct(code)
        rows = [by_bar(t) for t in trios]
        forget = None
        if told < 1:
            forget = (torch.rand(bars.shape[0], STEPS_PER_BAR) < told).float()
        return tuple(core(bars, row, forget) for core, row in zip(self.cores, rows, strict=True))

    def write(self, code: Tensor, noise: Noise) -> Trios:
        """What the decoder writes by itself."""
        bars = self.conduct(code)
        steps = PHRASE_BARS * STEPS_PER_BAR
        melody, bass, drums = (core.write(bars, n) for core, n in zip(self.cores, noise, strict=True))
        return melody.view(-1, steps), bass.view(-1, steps), drums.view(-1, steps, len(DRUMS))


class WindowVAE(nn.Module):
    """Sixteen bars: four phrase codes to one code, and back."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        flat = PHRASES * sizes.code
        self.mixed = nn.Sequential(
            nn.Linear(flat, sizes.window_mix),
            nn.ReLU(),
            nn.Linear(sizes.window_mix, sizes.window_mix),
            nn.ReLU(),
        )
        self.posterior = Posterior(flat + sizes.window_mix, sizes.window)
        self.conductor = nn.Sequential(
            nn.Linear(sizes.window, sizes.window_mix), nn.ReLU(),
            nn.Linear(sizes.window_mix, sizes.window_mix), nn.ReLU(),
        )  # fmt: skip
        self.phrases = nn.Linear(sizes.window + sizes.window_mix, flat)
        spread_out(self)

    def encode(self, phrases: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and deviation of the code of ``(windows, 4, code)``."""
        flat = phrases.flatten(1)
        mean, spread = self.posterior(torch.cat([flat, self.mixed(flat)], dim=1))
        return mean, spread

    def conduct(self, code: Tensor) -> Tensor:
        """The phrase codes, ``(windows, 4, code)``."""
        flat: Tensor = self.phrases(torch.cat([code, self.conductor(code)], dim=1))
        return flat.unflatten(1, (PHRASES, -1))


def spread_out(net: nn.Module) -> None:
    """Start linear layers so that what passes through keeps its size (Glorot & Bengio, 2010): PyTorch's own
    start makes it a third at every layer, and a code that passes seven of them takes long to be heard."""
    for name, layer in net.named_modules():
        if isinstance(layer, nn.Linear) and not name.endswith("spread"):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def by_bar(tokens: Tensor) -> Tensor:
    """``(windows, steps, …)`` as ``(windows * bars, 16, …)``."""
    return tokens.unflatten(1, (-1, STEPS_PER_BAR)).flatten(0, 1)


def drum_bits(sets: Tensor) -> Tensor:
    """Sets of drums ``(…)`` as ``(…, 9)`` float 0 or 1."""
    return (sets[..., None] >> torch.arange(len(DRUMS)) & 1).float()


def line_losses(logits: tuple[Tensor, ...], trios: Trios) -> tuple[Tensor, Tensor, Tensor]:
    """Cross-entropy of melody, bass and drums in nats a bar, the mean over rows."""
    melody, bass, drums = (by_bar(t) for t in trios)
    rows = melody.shape[0]
    lines = [
        functional.cross_entropy(each.flatten(0, 1), truth.flatten(), reduction="sum") / rows
        for each, truth in zip(logits[:2], (melody, bass), strict=True)
    ]
    strokes = functional.binary_cross_entropy_with_logits(logits[2], drums, reduction="sum") / rows
    return lines[0], lines[1], strokes


def divergence(mean: Tensor, spread: Tensor) -> Tensor:
    """KL of the posterior from a standard normal in nats a window, the mean over windows."""
    each = 0.5 * (mean**2 + spread**2 - 1) - torch.log(spread)
    return each.sum(dim=1).mean()
