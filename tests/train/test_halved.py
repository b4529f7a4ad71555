"""Tables in 16 bits: the file is half as large, and nearly the same comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from photoplayer.models import open_model  # noqa: E402
from photoplayer.train.halved import halved  # noqa: E402
from photoplayer.train.ship import onnx_bytes, write_model  # noqa: E402


def test_a_large_table_takes_half_the_room(tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = torch.nn.Linear(500, 500)
    given = torch.randn(3, 500)
    whole = onnx_bytes(net, (given,), inputs=("x",), outputs=("y",))
    half = halved(whole)
    assert len(half) < 0.55 * len(whole)
    write_model(tmp_path, "half", half, {"name": "half"})
    (made,) = open_model(tmp_path / "half.onnx").session.run(None, {"x": given.numpy()})
    assert np.abs(made - net(given).detach().numpy()).max() < 1e-3
