"""Video2Roll Net of Audeo: five grey pictures of the keyboard -> which keys are held in the middle one.

Su, Liu and Shlizerman, "Audeo: Audio Generation for a Silent Performance Video", NeurIPS 2020, section 3.1.
A ResNet-18 whose first layer takes five pictures, and three modules on top of it: feature transform (every
depth brought to one size), feature refinement (the shallower map is gated by the deeper one) and correlation
learning (the two shallow maps say where to look in the deep one). Written anew after the paper's description
and the measured sizes; the source has 51 keys, here it is all of them.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from photoplayer.piano.audeo import STACK
from photoplayer.piano.layout import KEY_COUNT

Variant = Literal["full", "resnet18"]
"""``resnet18`` is the paper's ablation: the trunk alone, without the three modules."""

REFINED = 128
"""Channels of every map that the modules work on."""
CONTEXT = 64
"""Channels of the deepest map, which gates the one before it."""


class Video2Roll(nn.Module):
    """``(batch, 5, 100, 900)`` grey pictures in 0..1 -> ``(batch, keys)`` logits of the middle picture.

    12.71 million parameters at the source's 51 keys.
    """

    def __init__(self, *, keys: int = KEY_COUNT, variant: Variant = "full") -> None:
        super().__init__()
        self.trunk = Trunk()
        self.modules_on_top = Refinement() if variant == "full" else None
        self.head = nn.Linear(REFINED if variant == "full" else 512, keys)
        self.apply(_start)

    def forward(self, frames: Tensor) -> Tensor:
        return self.head(self.features(frames).mean(dim=(2, 3)))

    def features(self, frames: Tensor) -> Tensor:
        """The last map, ``(batch, 128 or 512, 4, 29)``: what the keys are read from."""
        maps = self.trunk(frames)
        return maps[-1] if self.modules_on_top is None else self.modules_on_top(*maps)


class Trunk(nn.Module):
    """ResNet-18 (He et al., 2016) with an 11 x 11 first layer over the stack; gives the last three stages."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(STACK, 64, 11, stride=2, padding=4, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, stride=2, padding=1),
        )
        self.layer1 = _stage(64, 64, stride=1)
        self.layer2 = _stage(64, 128, stride=2)
        self.layer3 = _stage(128, 256, stride=2)
        self.layer4 = _stage(256, 512, stride=2)

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x2 = self.layer2(self.layer1(self.stem(frames)))
        x3 = self.layer3(x2)
        return x2, x3, self.layer4(x3)


class Block(nn.Module):
    """ResNet's basic block: two 3 x 3 convolutions beside a way around them."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.around = (
            nn.Identity()
            if inputs == outputs
            else nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        inner = functional.relu(self.first_norm(self.first(x)))
        return functional.relu(self.second_norm(self.second(inner)) + self.around(x))


class Refinement(nn.Module):
    """The three modules: maps of the last three stages -> one map ``(batch, 128, 4, 29)``."""

    def __init__(self) -> None:
        super().__init__()
        self.top = nn.Sequential(nn.Conv2d(512, CONTEXT, 1), nn.BatchNorm2d(CONTEXT), nn.ReLU(inplace=True))
        halve, same = nn.AvgPool2d(2, stride=2), nn.AvgPool2d(3, stride=1)
        self.transform2 = nn.Sequential(FeatureTransform(128, halve), FeatureTransform(REFINED, halve))
        self.transform3 = FeatureTransform(256, halve)
        self.transform4 = FeatureTransform(512, same)
        self.refine2 = FeatureRefinement(REFINED)
        self.refine3 = FeatureRefinement(REFINED)
        self.refine4 = FeatureRefinement(CONTEXT)
        self.correlation = Correlation()

    def forward(self, x2: Tensor, x3: Tensor, x4: Tensor) -> Tensor:
        p4 = self.refine4(self.transform4(x4), self.top(x4))
        p3 = self.refine3(self.transform3(x3), p4)
        p2 = self.refine2(self.transform2(x2), p3)
        return self.correlation(p2, p3, p4)


class FeatureTransform(nn.Module):
    """Brings a stage's map to 128 channels; its 1 x 1 convolution pads, so the pooling ends at 4 x 29."""

    def __init__(self, inputs: int, pool: nn.Module) -> None:
        super().__init__()
        self.enter = nn.Conv2d(inputs, REFINED, 1, padding=1, bias=False)
        self.inner = nn.Sequential(
            nn.Conv2d(REFINED, REFINED, 3, padding=1, bias=False),
            nn.BatchNorm2d(REFINED),
            nn.ReLU(inplace=True),
            nn.Conv2d(REFINED, REFINED, 3, padding=1, bias=False),
        )
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        entered = self.enter(x)
        return self.pool(self.inner(entered) + entered)


class FeatureRefinement(nn.Module):
    """Gates the channels of a shallow map by what it and a deeper one hold on average."""

    def __init__(self, deep: int) -> None:
        super().__init__()
        self.gate = nn.Sequential(
            nn.Linear(REFINED + deep, REFINED),
            nn.ReLU(inplace=True),
            nn.Linear(REFINED, REFINED),
            nn.Sigmoid(),
        )

    def forward(self, shallow: Tensor, deep: Tensor) -> Tensor:
        gates = self.gate(torch.cat((shallow.mean(dim=(2, 3)), deep.mean(dim=(2, 3))), dim=1))
        return shallow * gates[:, :, None, None]


class Correlation(nn.Module):
    """Where the two shallow maps agree, the deep one counts more: a softmax over places, a channel each."""

    def __init__(self) -> None:
        super().__init__()
        self.leave = nn.Conv2d(REFINED, REFINED, 1)

    def forward(self, p2: Tensor, p3: Tensor, p4: Tensor) -> Tensor:
        agreement = (p2 * p3).flatten(2).softmax(dim=2).reshape(p4.shape)
        return self.leave(agreement * p4) + p4


def _stage(inputs: int, outputs: int, *, stride: int) -> nn.Sequential:
    return nn.Sequential(Block(inputs, outputs, stride), Block(outputs, outputs, 1))


def _start(module: nn.Module) -> None:
    """He et al.'s start for what ReLUs follow; the heads keep PyTorch's."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
