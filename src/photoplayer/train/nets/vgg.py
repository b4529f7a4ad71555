"""The network of Game Music Generation From Video (2020), as far as it is told: VGG-like, one frame.

Pairs of 3 x 3 convolutions with max pooling, dense layers, and a head each for tempo, energy and meter. The
source names no sizes; these are VGG's pattern at the size of our pictures. It is here to be compared with.
"""

from __future__ import annotations

from torch import Tensor, nn

from photoplayer.scene.affect import LEVELS, METERS

HEADS = {"bpm": 1, "energy": len(LEVELS), "meter": len(METERS), "fight": 1, "intensity": 1}
"""What it says: the source's three, and two more to compare the ears with."""

_CHANNELS = (16, 32, 64, 96)


class SingleFrame(nn.Module):
    """Pictures ``(batch, 60, 80, 3)``, uint8 -> ``(batch, 9)``, columns as :data:`HEADS`."""

    def __init__(self, *, dropout: float = 0.5) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 3
        for outputs in _CHANNELS:
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
            layers += [nn.Conv2d(outputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            inputs = outputs
        self.layers = nn.Sequential(*layers)
        self.dense = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(dropout),
            nn.Linear(_CHANNELS[-1] * 3 * 5, 256),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(256, sum(HEADS.values())),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits; tempo and intensity are places in 0..1 before the sigmoid."""
        values = pictures.permute(0, 3, 1, 2).float() / 255 - 0.4
        said: Tensor = self.dense(self.layers(values))
        return said
