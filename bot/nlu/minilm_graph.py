"""The sentence encoder's computation as an ONNX graph, written node by node from its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from bot.nlu.encoder import LAYERS_TOLD

LAYERS = 6
HEADS = 12
WIDTH = 384
OPSET = 17  # the first with LayerNormalization
LAYER_NORM_EPSILON = 1e-12
# Keeps a vector of zeros from being divided by zero.
LENGTH_EPSILON = 1e-12

Weights = Mapping[str, NDArray[np.float32]]


@dataclass
class _Graph:
    """Nodes and constants collected while the graph is written; each step returns a name."""

    nodes: list[NodeProto] = field(default_factory=list)
    constants: dict[str, TensorProto] = field(default_factory=dict)

    def constant(self, name: str, values: Any) -> str:
        """Add a constant once and return its name."""
        if name not in self.constants:
            array = np.array(values, order="C")
            self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def step(self, operator: str, *inputs: str, name: str, **attributes: Any) -> str:
        """Add one operation whose only output carries the given name."""
        self.nodes.append(
            helper.make_node(operator, list(inputs), [name], name=name + ".node", **attributes)
        )
        return name


def sentence_graph(weights: Weights) -> ModelProto:
    """Build the model: token numbers and their mask in, one unit vector a sentence out.

    Inputs `input_ids` and `attention_mask` are int64 of shape (sentences, tokens); the output
    `vector` is float32 of shape (sentences, 4 × 384): the mean of the last layer, which is the
    published vector, then those of the layers before it, each of length 1. Raises KeyError when a
    weight is missing.
    """
    graph = _Graph()
    hidden = _embeddings(graph, weights)
    bias = _attention_bias(graph)
    means: list[str] = []
    for layer in range(LAYERS):
        hidden = _layer(graph, weights, f"encoder.layer.{layer}.", hidden, bias)
        if layer >= LAYERS - LAYERS_TOLD:
            means.insert(0, _pooled(graph, hidden, f"layer.{layer}."))
    graph.step("Concat", *means, name="vector", axis=-1)
    shape: list[str | int] = ["sentences", "tokens"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info(
        "vector", TensorProto.FLOAT, ["sentences", LAYERS_TOLD * WIDTH]
    )
    body = helper.make_graph(
        graph.nodes, "sentence_encoder", inputs, [output], list(graph.constants.values())
    )
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 8
    return model


def _embeddings(graph: _Graph, weights: Weights) -> str:
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    # Every token is of the first kind, so that kind's vector is part of each position's.
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    places = graph.constant("places", weights["embeddings.position_embeddings.weight"] + kind)
    shape = graph.step("Shape", "input_ids", name="ids_shape")
    count = graph.step(
        "Gather", shape, graph.constant("one_scalar", np.int64(1)), name="token_count", axis=0
    )
    positions = graph.step(
        "Range",
        graph.constant("zero_scalar", np.int64(0)),
        count,
        "one_scalar",
        name="positions",
    )
    summed = graph.step(
        "Add",
        graph.step("Gather", words, "input_ids", name="word_vectors", axis=0),
        graph.step("Gather", places, positions, name="place_vectors", axis=0),
        name="embedded",
    )
    return _normalised(graph, weights, "embeddings.LayerNorm", summed)


def _attention_bias(graph: _Graph) -> str:
    """A large negative number wherever the mask is 0, so that padding gets no attention."""
    mask = graph.step("Cast", "attention_mask", name="mask", to=TensorProto.FLOAT)
    absent = graph.step("Sub", graph.constant("one", np.float32(1)), mask, name="absent")
    wide = graph.step(
        "Unsqueeze", absent, graph.constant("middle_axes", np.array([1, 2])), name="absent_wide"
    )
    return graph.step("Mul", wide, graph.constant("far", np.float32(-1e4)), name="bias")


def _layer(graph: _Graph, weights: Weights, prefix: str, hidden: str, bias: str) -> str:
    attended = _attention(graph, weights, prefix + "attention.", hidden, bias)
    wide = _dense(graph, weights, prefix + "intermediate.dense", attended)
    active = _gelu(graph, prefix, wide)
    narrow = _dense(graph, weights, prefix + "output.dense", active)
    summed = graph.step("Add", narrow, attended, name=prefix + "output.sum")
    return _normalised(graph, weights, prefix + "output.LayerNorm", summed)


def _attention(graph: _Graph, weights: Weights, prefix: str, hidden: str, bias: str) -> str:
    query = _heads(graph, weights, prefix + "self.query", hidden, [0, 2, 1, 3])
    key = _heads(graph, weights, prefix + "self.key", hidden, [0, 2, 3, 1])
    value = _heads(graph, weights, prefix + "self.value", hidden, [0, 2, 1, 3])
    scale = graph.constant("scale", np.float32((WIDTH // HEADS) ** -0.5))
    likeness = graph.step(
        "Mul",
        graph.step("MatMul", query, key, name=prefix + "likeness"),
        scale,
        name=prefix + "scaled",
    )
    share = graph.step(
        "Softmax",
        graph.step("Add", likeness, bias, name=prefix + "masked"),
        name=prefix + "share",
        axis=-1,
    )
    mixed = graph.step("MatMul", share, value, name=prefix + "mixed")
    turned = graph.step("Transpose", mixed, name=prefix + "turned", perm=[0, 2, 1, 3])
    joined = graph.step(
        "Reshape",
        turned,
        graph.constant("joined_shape", np.array([0, 0, WIDTH])),
        name=prefix + "joined",
    )
    dense = _dense(graph, weights, prefix + "output.dense", joined)
    summed = graph.step("Add", dense, hidden, name=prefix + "output.sum")
    return _normalised(graph, weights, prefix + "output.LayerNorm", summed)


def _heads(graph: _Graph, weights: Weights, name: str, hidden: str, order: list[int]) -> str:
    dense = _dense(graph, weights, name, hidden)
    shape = graph.constant("heads_shape", np.array([0, 0, HEADS, WIDTH // HEADS]))
    split = graph.step("Reshape", dense, shape, name=name + ".split")
    return graph.step("Transpose", split, name=name + ".heads", perm=order)


def _dense(graph: _Graph, weights: Weights, name: str, hidden: str) -> str:
    matrix = graph.constant(name + ".weight", weights[name + ".weight"].T)
    product = graph.step("MatMul", hidden, matrix, name=name + ".product")
    offset = graph.constant(name + ".bias", weights[name + ".bias"])
    return graph.step("Add", product, offset, name=name + ".out")


def _gelu(graph: _Graph, prefix: str, hidden: str) -> str:
    root = graph.constant("root_two", np.float32(np.sqrt(2.0)))
    error = graph.step(
        "Erf", graph.step("Div", hidden, root, name=prefix + "gelu.in"), name=prefix + "gelu.erf"
    )
    shifted = graph.step("Add", error, graph.constant("one", np.float32(1)), name=prefix + "gelu.1")
    product = graph.step("Mul", hidden, shifted, name=prefix + "gelu.product")
    return graph.step(
        "Mul", product, graph.constant("half", np.float32(0.5)), name=prefix + "gelu.out"
    )


def _normalised(graph: _Graph, weights: Weights, name: str, hidden: str) -> str:
    return graph.step(
        "LayerNormalization",
        hidden,
        graph.constant(name + ".weight", weights[name + ".weight"]),
        graph.constant(name + ".bias", weights[name + ".bias"]),
        name=name + ".out",
        axis=-1,
        epsilon=LAYER_NORM_EPSILON,
    )


def _pooled(graph: _Graph, hidden: str, prefix: str) -> str:
    """The mean over the tokens that are really there, brought to length 1."""
    axis = graph.constant("token_axis", np.array([1]))
    mask, count = _mask_and_count(graph, axis)
    kept = graph.step("Mul", hidden, mask, name=prefix + "kept")
    total = graph.step("ReduceSum", kept, axis, name=prefix + "total", keepdims=0)
    mean = graph.step("Div", total, count, name=prefix + "mean")
    length = graph.step("ReduceL2", mean, name=prefix + "length", axes=[-1], keepdims=1)
    floor = graph.constant("length_floor", np.float32(LENGTH_EPSILON))
    safe = graph.step("Max", length, floor, name=prefix + "safe_length")
    return graph.step("Div", mean, safe, name=prefix + "vector")


def _mask_and_count(graph: _Graph, axis: str) -> tuple[str, str]:
    if not any(node.output[0] == "mask_wide" for node in graph.nodes):
        last = graph.constant("last_axis", np.array([-1]))
        graph.step("Unsqueeze", "mask", last, name="mask_wide")
        graph.step("ReduceSum", "mask_wide", axis, name="count", keepdims=0)
    return "mask_wide", "count"
