"""Weights at half the size: an ONNX model whose large tables are float16, and which computes in float32."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

FEWEST = 1024
"""Smaller tables stay as they are."""


def halved(content: bytes) -> bytes:
    """The model with every large float32 table stored as float16 and cast back where it is used.

    ONNX Runtime does the casts once, while loading. Weights lose all but 11 bits; what that costs, a recipe
    measures.
    """
    model = onnx.load_from_string(content)
    graph = model.graph
    casts = []
    for table in list(graph.initializer):
        values = numpy_helper.to_array(table)
        if table.data_type != onnx.TensorProto.FLOAT or values.size < FEWEST:
            continue
        if np.abs(values).max() > np.finfo(np.float16).max:
            continue
        small = numpy_helper.from_array(values.astype(np.float16), f"{table.name}_half")
        casts.append(helper.make_node("Cast", [small.name], [table.name], to=onnx.TensorProto.FLOAT))
        graph.initializer.remove(table)
        graph.initializer.append(small)
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
