"""TrioVAE as the four networks that ship: ``trio-read``, ``trio-gather``, ``trio-unfold``, ``trio-write``;
and back from these to the networks that are taught."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.export import Dim

from photoplayer.errors import SetupError
from photoplayer.music.trio import DRUMS, LINE_TOKENS, STEPS_PER_BAR
from photoplayer.train.half import halved
from photoplayer.train.nets.trio_vae import EVENTS_PER_BAR, PHRASE_BARS, PHRASES, PhraseVAE, Sizes, WindowVAE
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


_NOT_SHIPPED = "posterior.spread"
"""What tells the deviation of a code is of use in teaching alone."""


def read_shipped(folder: Path) -> tuple[PhraseVAE, WindowVAE]:
    """The two networks with the weights of the four models of ``folder``, frozen.

    Weights are those in 16 bits; the deviations of codes did not ship and are as before any teaching. Raises
    :class:`SetupError` where a model is missing or of other sizes.
    """
    phrase, window = PhraseVAE(Sizes()), WindowVAE(Sizes())
    try:
        tables = [_tables(folder / f"{name}.onnx") for name in NAMES]
        for net, prefix in ((phrase, "phrase."), (window, "window.")):
            for named, unnamed in tables:
                own = {key.removeprefix(prefix): t for key, t in named.items() if key.startswith(prefix)}
                if own:
                    _fill(net, own, unnamed)
    except (OSError, ValueError, RuntimeError, StopIteration) as problem:
        raise SetupError(f"the trio models in {folder} cannot be read ({problem}); train them.") from problem
    phrase.eval().requires_grad_(False)
    window.eval().requires_grad_(False)
    return phrase, window


def _tables(path: Path) -> tuple[dict[str, Tensor], list[Tensor]]:
    """Tables of a model that kept the names of their parameters, and, in order, those that were turned over
    in the export and so lost them."""
    named, unnamed = dict[str, Tensor](), list[Tensor]()
    tables = {table.name.removesuffix("_half"): table for table in onnx.load(path).graph.initializer}
    for name in sorted(tables, key=_number):
        values = numpy_helper.to_array(tables[name])
        if values.dtype.kind == "f":
            table = torch.from_numpy(values.astype("float32"))
            if not name.startswith("val_"):
                named[name] = table
            elif table.ndim == 2:
                unnamed.append(table)
    return named, unnamed


def _number(name: str) -> int:
    last = name.rpartition("_")[2]
    return int(last) if last.isdecimal() else 0


def _fill(net: nn.Module, own: dict[str, Tensor], unnamed: list[Tensor]) -> None:
    """Give ``net`` its tables; a layer whose weight lost its name takes the first turned table that fits."""
    parts = {key.rpartition(".")[0] for key in own}
    state = net.state_dict()
    for name, table in state.items():
        if name in own:
            table.copy_(own[name])
        elif _NOT_SHIPPED not in name and (name.rpartition(".")[0] in parts or name.endswith("shown.weight")):
            fitting = (i for i, other in enumerate(unnamed) if other.T.shape == table.shape)
            at = next(fitting, None)
            if at is not None:
                table.copy_(unnamed.pop(at).T)
    net.load_state_dict(state)
