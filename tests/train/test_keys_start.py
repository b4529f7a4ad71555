"""Learning goes on from the network that ships: what it says is what the shipped one says."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from photoplayer.models import load  # noqa: E402
from photoplayer.piano.columns import key_columns  # noqa: E402
from photoplayer.piano.strip import MARGIN_WHITES, STRIP_WIDTH, WHITE_WIDTH_PX  # noqa: E402
from photoplayer.train.nets.keys import Size, stacked  # noqa: E402
from photoplayer.train.recipes.keys import Net  # noqa: E402
from photoplayer.train.recipes.keys_start import begin_with_shipped  # noqa: E402


def test_the_network_begins_as_the_shipped_one_and_may_learn_on() -> None:
    dice = np.random.default_rng(3)
    pictures = dice.integers(0, 255, (8, 64, STRIP_WIDTH), dtype=np.uint8)
    grey = np.stack([np.zeros(STRIP_WIDTH), np.full(STRIP_WIDTH, 255.0)]).astype(np.float32)
    _, columns, classes = key_columns(-MARGIN_WHITES, STRIP_WIDTH // WHITE_WIDTH_PX)
    gaps = np.full((1, 6, 2), 0.04, dtype=np.float32)
    net = Net(Size())

    def run(scaled: torch.Tensor) -> torch.Tensor:
        stack = stacked(scaled, scaled[0].expand(6, -1, -1))
        seen = net.look(stack, torch.from_numpy(columns), torch.from_numpy(classes))
        return net.hear(seen[None], torch.from_numpy(gaps))

    scaled = torch.from_numpy(pictures).float() / 255
    begin_with_shipped(net, run, [scaled])
    net.eval()
    with torch.no_grad():
        ours = run(scaled).numpy()
    look = {
        "pictures": pictures,
        "plate": pictures[0],
        "levels": grey,
        "columns": columns,
        "classes": classes,
    }
    seen = load("keys_look").session.run(None, look)[0]
    theirs = load("keys_hear").session.run(None, {"keys": seen[None], "gaps_s": gaps})[0]
    assert np.allclose(ours, theirs, atol=2e-3)
    net.train()
    run(scaled).square().mean().backward()
    assert all(torch.isfinite(p.grad).all() for p in net.parameters() if p.grad is not None)
