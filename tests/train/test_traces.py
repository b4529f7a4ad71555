"""Shipped models tell nothing of the machine they were exported on."""

from __future__ import annotations

from importlib import resources

import pytest

MODELS = sorted(
    (file for file in resources.files("photoplayer.models").iterdir() if file.name.endswith(".onnx")),
    key=lambda file: file.name,
)


@pytest.mark.parametrize("model", MODELS, ids=lambda file: file.name)
def test_no_source_lines_in_shipped_models(model: object) -> None:
    content = model.read_bytes()  # type: ignore[attr-defined]
    assert b"photoplayer/" not in content and b"site-packages" not in content
    assert len(content) < 15_000_000


def test_traces_are_taken_out_and_the_model_stays() -> None:
    onnx = pytest.importorskip("onnx")
    from photoplayer.train.traces import without_traces

    node = onnx.helper.make_node("Relu", ["x"], ["y"], doc_string="File /home/someone/net.py, line 3")
    ends = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in ("x", "y")]
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "net", ends[:1], ends[1:]))
    cleaned = onnx.load_from_string(without_traces(model.SerializeToString()))
    assert cleaned.graph.node[0].op_type == "Relu" and cleaned.graph.node[0].doc_string == ""
