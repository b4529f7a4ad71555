"""TrioVAE as the four networks that ship: ``trio-read``, ``trio-gather``, ``trio-unfold``, ``trio-write``."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.export import Dim

from photoplayer.music.trio import DRUMS, LINE_TOKENS, STEPS_PER_BAR
from photoplayer.train.half import halved
from photoplayer.train.nets.trio_vae import EVENTS_PER_BAR, PHRASE_BARS, PHRASES, PhraseVAE, WindowVAE
from photoplayer.train.ship import onnx_bytes, write_model


class _Read(nn.Module):
    def __init__(self, phrase: PhraseVAE) -> None:
        super().__init__()
        self.phrase = phrase

    def forward(self, events: Tensor) -> Tensor:
        mean, _ = self.phrase.code_of(self.phrase.reader.dense(events))
        return mean


class _Gather(nn.Module):
    def __init__(self, window: WindowVAE) -> None:
        super().__init__()
        self.window = window

    def forward(self, phrases: Tensor) -> Tensor:
        return self.window.encode(phrases)[0]


class _Unfold(nn.Module):
    def __init__(self, window: WindowVAE) -> None:
        super().__init__()
        self.window = window

    def forward(self, code: Tensor) -> Tensor:
        return self.window.conduct(code)


class _Write(nn.Module):
    def __init__(self, phrase: PhraseVAE) -> None:
        super().__init__()
        self.phrase = phrase

    def forward(
        self, code: Tensor, melody_noise: Tensor, bass_noise: Tensor, drums_noise: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The tokens choose themselves; noise adds to what they are chosen by."""
        bars = self.phrase.conduct(code)
        noise = (melody_noise, bass_noise, drums_noise)
        made = [core.write(bars, each) for core, each in zip(self.phrase.cores, noise, strict=True)]
        return made[0], made[1], made[2]


NAMES = ("trio-read", "trio-gather", "trio-unfold", "trio-write")


def export(
    phrase: PhraseVAE,
    window: WindowVAE,
    folder: Path,
    card: dict[str, Any],
    *,
    names: Collection[str] = NAMES,
) -> None:
    """Write the four models (or those of ``names``) with half-size weights; ``card`` goes into each beside
    what it is. The writer, unrolled over sixteen steps, takes a minute."""
    code, flat = phrase.sizes.code, window.sizes.window
    some = Dim("windows", min=1)
    kits = torch.zeros(2 * PHRASE_BARS, STEPS_PER_BAR, len(DRUMS))
    lines = torch.zeros(2 * PHRASE_BARS, STEPS_PER_BAR, LINE_TOKENS)
    models: tuple[tuple[Any, ...], ...] = (
        ("trio-read", _Read(phrase), (torch.zeros(2, PHRASE_BARS, EVENTS_PER_BAR),), ["events"], ["code"],
         {"events": {0: some}}, "four bars of a trio, as zeros and ones at 16 places a bar, to their code"),
        ("trio-gather", _Gather(window), (torch.zeros(2, PHRASES, code),), ["phrases"], ["code"],
         {"phrases": {0: some}}, "the codes of four phrases to the code of their 16 bars"),
        ("trio-unfold", _Unfold(window), (torch.zeros(2, flat),), ["code"], ["phrases"],
         {"code": {0: some}}, "the code of 16 bars to the codes of its four phrases"),
        ("trio-write", _Write(phrase), (torch.zeros(2, code), lines, lines.clone(), kits),
         ["code", "melody_noise", "bass_noise", "drums_noise"], ["melody", "bass", "drums"],
         {"code": {0: Dim.AUTO}, "melody_noise": {0: Dim.AUTO}, "bass_noise": {0: Dim.AUTO},
          "drums_noise": {0: Dim.AUTO}},
         "the code of four bars to melody and bass tokens and drum bits, a row a bar"),
    )  # fmt: skip
    for name, module, example, inputs, outputs, dynamic, what in models:
        if name not in names:
            continue
        content = halved(onnx_bytes(module, example, inputs=inputs, outputs=outputs, dynamic=dynamic))
        write_model(folder, name, content, {"what": what, **card})
