"""Boosted trees on what the looks say of a step and around it -> ``watch_trees.onnx``.

What was the Watcher's baseline (hand features with gradient boosting) is also a good second opinion: it
errs elsewhere. With SceneNet's answer among its numbers it also knows when to believe that, in shooters.
Recordings count as they are long, windows changed in look together half as much as all recordings: fewer, and
games never seen are read worse; more, and levels are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from photoplayer.errors import InputError
from photoplayer.scene.surroundings import VIEWS, surroundings
from photoplayer.scene.trees import TREE_HEADS
from photoplayer.scene.watcher import LOOKED, SEEN
from photoplayer.train.data.watching import TARGETS

ROUNDS, RATE = 120, 0.08
"""Trees a head (and class), and how much of each is taken."""

WINDOWS_SHARE = 0.5
"""What all windows weigh beside all recordings."""

Rows = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Grown:
    """Trees for every head: what scikit-learn made of them."""

    models: dict[str, Any]

    def say(self, looks: Rows) -> dict[str, npt.NDArray[np.float64]]:
        """What the exported trees will say, ``(steps,)`` or ``(steps, classes)``."""
        rows = surroundings(looks)
        return {
            name: model.decision_function(rows)
            if hasattr(model, "decision_function")
            else model.predict(rows)
            for name, model in self.models.items()
        }


def grow(plain: Sequence[tuple[Rows, Rows]], windows: Sequence[tuple[Rows, Rows]], *, seed: int) -> Grown:
    """Trees taught on what was read, ``(steps, 113)``, and what is true, of recordings and of windows.

    Raises ``InputError`` where a class is never true: there would be no trees for it.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    rows = np.concatenate([surroundings(read[:, SEEN:]) for read, _ in (*plain, *windows)])
    truth = np.concatenate([true for _, true in (*plain, *windows)])
    recorded = sum(len(true) for _, true in plain)
    weights = np.ones(len(truth))
    weights[recorded:] = WINDOWS_SHARE * recorded / max(len(truth) - recorded, 1)
    options = {"max_iter": ROUNDS, "learning_rate": RATE, "l2_regularization": 1.0, "random_state": seed}
    options |= {"early_stopping": False}  # which would hold out single steps, not games
    models = {}
    for name in TREE_HEADS:
        values = truth[:, TARGETS.index(name)]
        if name in ("fight", "energy"):
            if len(set(values)) != max(TREE_HEADS[name], 2):
                raise InputError(f"the recordings do not show every class of {name}; record more games.")
            model = HistGradientBoostingClassifier(**options).fit(rows, values.astype(int), weights)
        else:
            model = HistGradientBoostingRegressor(**options).fit(rows, values, weights)
        models[name] = model
    return Grown(models)


def trees_onnx(grown: Grown) -> bytes:
    """All trees as one ONNX model: rows ``(steps, 245)`` -> ``(steps, 7)``, columns as ``TREE_HEADS``."""
    table = _Table()
    base: list[float] = []
    for name in TREE_HEADS:
        model = grown.models[name]
        start = np.ravel(model._baseline_prediction)
        for round_of_trees in model._predictors:
            for column, tree in enumerate(round_of_trees):
                table.add(tree.nodes, target=len(base) + column)
        base += [float(value) for value in start]
    node = helper.make_node(
        "TreeEnsembleRegressor",
        ["rows"],
        ["said"],
        domain="ai.onnx.ml",
        n_targets=len(base),
        base_values=base,
        aggregate_function="SUM",
        post_transform="NONE",
        **table.attributes,
    )
    graph = helper.make_graph(
        [node],
        "watch_trees",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["steps", VIEWS * LOOKED])],
        [helper.make_tensor_value_info("said", TensorProto.FLOAT, ["steps", len(base)])],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


class _Table:
    """Nodes of all trees as the lists that ONNX wants."""

    def __init__(self) -> None:
        names = ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids")
        self._nodes: dict[str, list[Any]] = {f"nodes_{name}": [] for name in names}
        self._leaves: dict[str, list[Any]] = {
            f"target_{name}": [] for name in ("treeids", "nodeids", "ids", "weights")
        }
        self._count = 0

    @property
    def attributes(self) -> dict[str, list[Any]]:
        return {**self._nodes, **self._leaves}

    def add(self, nodes: npt.NDArray[Any], *, target: int) -> None:
        """A tree of scikit-learn, whose leaves add to column ``target``."""
        for number, node in enumerate(nodes):
            leaf = bool(node["is_leaf"])
            row = {
                "treeids": self._count,
                "nodeids": number,
                "featureids": 0 if leaf else int(node["feature_idx"]),
                "modes": "LEAF" if leaf else "BRANCH_LEQ",
                "values": 0.0 if leaf else float(node["num_threshold"]),
                "truenodeids": 0 if leaf else int(node["left"]),
                "falsenodeids": 0 if leaf else int(node["right"]),
            }
            for name, value in row.items():
                self._nodes[f"nodes_{name}"].append(value)
            if leaf:
                its = {
                    "treeids": self._count,
                    "nodeids": number,
                    "ids": target,
                    "weights": float(node["value"]),
                }
                for name, value in its.items():
                    self._leaves[f"target_{name}"].append(value)
        self._count += 1
