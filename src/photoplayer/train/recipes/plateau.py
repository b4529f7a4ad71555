"""A learning rate that falls to a tenth when the loss stops falling, as Audeo's recipes have it."""

from __future__ import annotations

from dataclasses import dataclass

FALL = 0.1
LEAST_GAIN = 1e-4
"""A loss lower by less than this share is not lower."""


@dataclass(kw_only=True)
class Plateau:
    """The rate, the lowest loss of an epoch and how many epochs ago it was."""

    rate: float
    lowest_loss: float = float("inf")
    epochs_since: int = 0

    def epoch_ended(self, loss: float, *, patience: int) -> None:
        """Lower the rate when more than ``patience`` epochs brought no lower loss."""
        if loss < self.lowest_loss * (1 - LEAST_GAIN):
            self.lowest_loss, self.epochs_since = loss, 0
            return
        self.epochs_since += 1
        if self.epochs_since > patience:
            self.rate, self.epochs_since = self.rate * FALL, 0
