"""What PyTorch's exporter leaves in an ONNX file of the machine it ran on."""

from __future__ import annotations

import onnx


def without_traces(content: bytes) -> bytes:
    """A model without source lines and paths of the exporting machine; what it computes stays."""
    model = onnx.load_from_string(content)
    graph = model.graph
    for part in (
        model,
        graph,
        *graph.node,
        *graph.value_info,
        *graph.input,
        *graph.output,
        *graph.initializer,
    ):
        del part.metadata_props[:]
        part.doc_string = ""
    return bytes(model.SerializeToString())
