"""The shipped ``keys`` network as a beginning: its two ONNX files become weights that can learn on.

Exported convolutions have swallowed the normalisation that followed them. Here each gets one again that
changes nothing of what is said: its mean and spread are those that the first batches bring about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import resources
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from photoplayer.train.data.strip_windows import Window
from photoplayer.train.recipes.keys_export import convolution_before


def begin_with_shipped(
    net: nn.Module, run: Callable[[Sequence[Window]], Tensor], batches: Sequence[Sequence[Window]]
) -> None:
    """Fill ``net`` (:class:`photoplayer.train.recipes.keys.Net`) with the weights that ship.

    ``run`` is a forward pass of ``net``; ``batches`` show the normalisations what they will meet.
    """
    shipped = _weights("keys_look", "", ("look.to_key", "look.mix"))
    shipped |= _weights("keys_hear", "hear.", ("hear.pace",))
    norms = {name: module for name, module in net.named_modules() if isinstance(module, nn.BatchNorm2d)}
    biases = {name: shipped.pop(f"{convolution_before(name)}.bias") for name in norms}
    missing, unknown = net.load_state_dict(shipped, strict=False)
    if unknown or any(name.rpartition(".")[0] not in norms for name in missing):
        raise ValueError(f"the shipped network is of another form: {unknown or missing}")
    moments = _moments(norms, biases, lambda: [run(batch) for batch in batches], net)
    for name, norm in norms.items():
        mean, variance = moments[name]
        _set(
            norm, mean=mean, variance=variance, weight=(variance + norm.eps).sqrt(), bias=biases[name] + mean
        )


def _weights(model: str, prefix: str, linears: Sequence[str]) -> dict[str, Tensor]:
    """A shipped model's weights by their names in the network.

    The exporter keeps the names of all but the factors of products, which stand in the order of ``linears``.
    """
    content = resources.files("photoplayer.models").joinpath(f"{model}.onnx").read_bytes()
    graph = onnx.load_model_from_string(content).graph
    arrays = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    products = [node.input[1] for node in graph.node if node.op_type == "MatMul"]
    found = {name: arrays[name] for name in arrays if name.endswith((".weight", ".bias"))}
    result = {prefix + name: torch.tensor(array) for name, array in found.items()}
    for name, factor in zip(linears, products, strict=True):
        result[f"{name}.weight"] = torch.tensor(arrays[factor].T)
    return result


def _moments(
    norms: dict[str, nn.Module], biases: dict[str, Tensor], run: Callable[[], Any], net: nn.Module
) -> dict[str, tuple[Tensor, Tensor]]:
    """Mean and variance per channel of what each normalisation is given by the network as it ships."""
    given: dict[str, list[tuple[Tensor, Tensor]]] = {name: [] for name in norms}

    def note(name: str, _norm: nn.Module, inputs: tuple[Tensor]) -> None:
        values = inputs[0].float()
        given[name].append((values.mean(dim=(0, 2, 3)), values.square().mean(dim=(0, 2, 3))))

    hooks = []
    for name, norm in norms.items():
        one = torch.ones_like(biases[name])
        _set(norm, mean=0 * one, variance=one - norm.eps, weight=one, bias=biases[name])
        hooks.append(norm.register_forward_pre_hook(partial(note, name)))
    net.eval()
    with torch.no_grad():
        run()
    net.train()
    for hook in hooks:
        hook.remove()
    means = {
        name: [torch.stack(part).mean(dim=0) for part in zip(*told, strict=True)]
        for name, told in given.items()
    }
    return {name: (mean, square - mean.square()) for name, (mean, square) in means.items()}


def _set(norm: nn.Module, *, mean: Tensor, variance: Tensor, weight: Tensor, bias: Tensor) -> None:
    with torch.no_grad():
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_(weight)
        norm.bias.copy_(bias)
