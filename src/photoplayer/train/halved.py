"""Large tables of an ONNX model stored in 16 bits and used in 32: half the file, the same sums."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_LARGE = 200_000
"""Numbers from which a table is stored so."""


def halved(content: bytes) -> bytes:
    """The model with its large tables in 16 bits, each widened where it is used."""
    model = onnx.load_from_string(content)
    graph = model.graph
    widened = []
    for table in graph.initializer:
        if table.data_type == TensorProto.FLOAT and np.prod(table.dims) >= _LARGE:
            name, stored = table.name, f"{table.name}_half"
            half = numpy_helper.to_array(table).astype(np.float16)
            table.CopyFrom(numpy_helper.from_array(half, stored))
            widened.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
    nodes = [*widened, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    found: bytes = model.SerializeToString()
    return found
