"""What the rows of `operations.py` are made of: inputs to draw, and kinds of operations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import torch

from dlkit.numpy import layers as np_layers
from dlkit.numpy import network as np_network
from dlkit.torch.convert import to_torch

N, D, M, K = 7, 5, 3, 11  # distinct primes: a transposed axis cannot hide

Array = np.ndarray
Rng = np.random.Generator
Maker = Callable[[Rng], Any]
Backward = Callable[[Array], dict[str, Array]]


@dataclass(frozen=True)
class Operation:
    """One row: the same function in both libraries, inputs to call it with, and the hand-written gradient.

    ``numpy(**inputs)`` gives ``(output, backward)`` and ``backward(upstream)`` the gradient of each input
    that has one; ``backward`` is None for what has no hand-written gradient. ``torch(**inputs)`` gives the
    output.
    """

    name: str
    draw: Callable[[Rng], dict[str, Any]]
    numpy: Callable[..., tuple[Any, Backward | None]]
    torch: Callable[..., Any]
    constants: frozenset[str] = field(default_factory=frozenset)  # inputs that are data: no gradient is asked for


class Pair(NamedTuple):
    """The two modules of one name."""

    numpy: ModuleType
    torch: ModuleType

    def functions(self, name: str, **arguments: Any) -> tuple[Callable, Callable]:
        ours, theirs = (partial(getattr(module, name), **arguments) for module in self)
        return ours, theirs


def pair(name: str) -> Pair:
    return Pair(import_module(f"dlkit.numpy.{name}"), import_module(f"dlkit.torch.{name}"))


ACTIVATIONS, SOFTMAX, LINEAR = pair("activations"), pair("softmax"), pair("linear")
REGRESSION, CLASSIFICATION = pair("losses_regression"), pair("losses_classification")
PERCEPTRON, DELTA_RULE, LINEAR_MODELS = pair("perceptron"), pair("delta_rule"), pair("linear_models")
LEAST_SQUARES, PREPROCESSING, METRICS = pair("least_squares"), pair("preprocessing"), pair("metrics")
HIERARCHICAL, AUTOENCODER, SALIENCY = pair("hierarchical_softmax"), pair("autoencoder"), pair("saliency")


# --- What to draw ----------------------------------------------------------------------------------


def normal(*shape: int, scale: float = 2.0) -> Maker:
    return lambda rng: scale * rng.standard_normal(shape)


def distribution(*shape: int) -> Maker:
    return lambda rng: rng.dirichlet(np.ones(shape[-1]), size=shape[:-1])


def signs(*shape: int) -> Maker:
    return lambda rng: rng.choice([-1.0, 1.0], size=shape)


def bits(*shape: int) -> Maker:
    return lambda rng: rng.integers(2, size=shape).astype(float)


def value(number: Any) -> Maker:
    return lambda rng: np.array(number)


def labels(rng: Rng) -> Array:
    return rng.integers(K, size=N)


def one_hot(rng: Rng) -> Array:
    return np.eye(K)[labels(rng)]


extreme = value([[-1000.0, -80.0, -1e-3, 1e-3, 80.0, 1000.0]])


def draw(**makers: Maker) -> Callable[[Rng], dict[str, Any]]:
    return lambda rng: {name: make(rng) for name, make in makers.items()}


def shown(name: str, note: str, arguments: dict[str, Any]) -> str:
    return " ".join(filter(None, [name, note, *(f"{key}={value}" for key, value in arguments.items())]))


# --- Kinds of rows ---------------------------------------------------------------------------------


def activation(name: str, Z: Maker | None = None, note: str = "", **arguments: float) -> Operation:
    def with_backward(Z: Array) -> tuple[Array, Backward]:
        A, cache = getattr(ACTIVATIONS.numpy, f"{name}_forward")(Z, **arguments)
        return A, lambda upstream: {"Z": getattr(ACTIVATIONS.numpy, f"{name}_backward")(upstream, cache)}

    _, theirs = ACTIVATIONS.functions(name, **arguments)
    return Operation(shown(name, note, arguments), draw(Z=Z or normal(N, D)), with_backward, lambda Z: theirs(Z))


def loss(modules: Pair, name: str, first: Maker, second: Maker, note: str = "", **arguments: Any) -> Operation:
    """A loss of (prediction, target): the prediction has a gradient, the target is data."""
    ours, theirs = modules.functions(name, **arguments)

    def with_backward(prediction: Array, target: Array) -> tuple[Any, Backward]:
        result, gradient = ours(prediction, target)

        def backward(upstream: Array) -> dict[str, Array]:
            if arguments["reduction"] != "none":
                return {"prediction": upstream * gradient}
            spread = upstream.reshape(upstream.shape + (1,) * (gradient.ndim - upstream.ndim))
            return {"prediction": spread * gradient}

        return result, backward

    return Operation(
        shown(name, note, arguments),
        draw(prediction=first, target=second),
        with_backward,
        lambda prediction, target: theirs(prediction, target),
        frozenset({"target"}),
    )


def same(modules: Pair, name: str, note: str = "", *, inputs: dict[str, Maker], **arguments: Any) -> Operation:
    """A function without a hand-written gradient: only its values are compared."""
    ours, theirs = modules.functions(name, **arguments)
    return Operation(shown(name, note, {}), draw(**inputs), lambda **given: (ours(**given), None), theirs)


def estimator(modules: Pair, name: str, y: Maker, methods: tuple[str, ...], note: str = "", **arguments: Any) -> Operation:
    """An estimator, fitted by both to the same rows from the same start: attributes and predictions."""

    def results(module: ModuleType, X: Any, y: Any) -> list[Any]:
        model = getattr(module, name)(**arguments).fit(X, y)
        attributes = ("w_", "b_") if hasattr(model, "w_") else ("W_", "b_", "loss_history_")
        return [getattr(model, a) for a in attributes] + [getattr(model, method)(X) for method in methods]

    return Operation(
        shown(name, note, {}),
        draw(X=normal(N, D), y=y),
        lambda X, y: (results(modules.numpy, X, y), None),
        lambda X, y: results(modules.torch, X, y),
    )


def network(note: str, *hidden: Callable[[], np_layers.Layer]) -> Operation:
    """A network: the gradients of its input and of every parameter, through PyTorch's own modules."""
    model = np_network.Sequential(
        *(
            layer
            for make, (i, o) in zip(hidden, ((D, K), (K, M)), strict=True)
            for layer in (np_layers.Dense(i, o, np.random.default_rng(0)), make())
        )
    )
    names = {f"p{key.replace('.', '_')}": key for key in model.params}  # "0.W" cannot be a keyword

    def draw_all(rng: Rng) -> dict[str, Array]:
        parameters = {name: rng.standard_normal(model.params[key].shape) for name, key in names.items()}
        return {"X": rng.standard_normal((N, D)), **parameters}

    def with_backward(X: Array, **parameters: Array) -> tuple[Array, Backward]:
        model.params = {key: parameters[name] for name, key in names.items()}
        output, cache = model.forward(X)

        def backward(upstream: Array) -> dict[str, Array]:
            dX, gradients = model.backward(upstream, cache)
            return {"X": dX, **{name: gradients[key] for name, key in names.items()}}

        return output, backward

    def in_torch(X: torch.Tensor, **parameters: torch.Tensor) -> torch.Tensor:
        module = to_torch(model, device=X.device)
        state = {}
        for name, key in names.items():
            layer, kind = key.split(".")
            is_weight = kind == "W"
            state[f"{layer}.{'weight' if is_weight else 'bias'}"] = parameters[name].T if is_weight else parameters[name]
        return torch.func.functional_call(module, state, (X,))

    return Operation(note, draw_all, with_backward, in_torch)


# --- Functions whose two sides are not called alike ------------------------------------------------

TREE = HIERARCHICAL.numpy.huffman_tree(np.arange(1, K + 1))


def softmax(Z: Array) -> tuple[Array, Backward]:
    P, cache = SOFTMAX.numpy.softmax_forward(Z)
    return P, lambda upstream: {"Z": SOFTMAX.numpy.softmax_backward(upstream, cache)}


def prelu(Z: Array, slope: Array) -> tuple[Array, Backward]:
    A, cache = ACTIVATIONS.numpy.prelu_forward(Z, slope)
    return A, lambda upstream: dict(zip(("Z", "slope"), ACTIVATIONS.numpy.prelu_backward(upstream, cache), strict=True))


def dense(X: Array, W: Array, b: Array) -> tuple[Array, Backward]:
    Z, cache = LINEAR.numpy.dense_forward(X, W, b)
    return Z, lambda upstream: dict(zip("XWb", LINEAR.numpy.dense_backward(upstream, cache), strict=True))


def tree_loss(h: Array, V: Array, label: Any) -> tuple[float, Backward]:
    result, dh, dV = HIERARCHICAL.numpy.hierarchical_softmax_loss(h, V, TREE, label)
    return result, lambda upstream: {"h": upstream * dh, "V": upstream * dV}


def tied_loss(X: Array, W: Array) -> tuple[float, Backward]:
    result, dW = AUTOENCODER.numpy.tied_linear_autoencoder_gradient(X, W)
    return result, lambda upstream: {"W": upstream * dW}


def loss_with_gradients(function: Callable) -> Callable[..., tuple[float, Backward]]:
    def with_backward(X: Array, y: Array, W: Array, b: Array) -> tuple[float, Backward]:
        result, dW, db = function(X, y, W, b)
        return result, lambda upstream: {"W": upstream * dW, "b": upstream * np.asarray(db, dtype=W.dtype)}

    return with_backward


def torch_loss(name: str) -> Callable[..., torch.Tensor]:
    function = getattr(CLASSIFICATION.torch, name)
    return lambda X, y, W, b: function(LINEAR_MODELS.torch.linear_scores(X, W, b), y)


def mlp_delta_step(x: Array, W1: Array, W2: Array, b1: Array, b2: Array, t: Array) -> tuple[list[Array], None]:
    step = DELTA_RULE.numpy.mlp_delta_step(x, (W1, W2), (b1, b2), 0.8, t)
    return [*step.weights, *step.biases], None


def torch_delta_step(x, W1, W2, b1, b2, t) -> list[torch.Tensor]:
    """The delta rule is one step of gradient descent on half the squared error."""
    W1, W2, b1, b2 = parameters = [p.clone().requires_grad_() for p in (W1, W2, b1, b2)]
    output = torch.sigmoid(torch.sigmoid(x @ W1 + b1) @ W2 + b2)
    REGRESSION.torch.half_squared_error(output, t).backward()
    return [(p - 0.8 * p.grad).detach() for p in parameters]


def saliencies(X: Array, y: Array) -> tuple[list[Array], None]:
    model = saliency_model(X.dtype)
    rank = SALIENCY.numpy.saliency_feature_ranking
    return [SALIENCY.numpy.saliency(model, X, y), rank(model, X, y), rank(model, X, y, per_class=True)], None


def torch_saliencies(X: torch.Tensor, y: torch.Tensor) -> list[torch.Tensor]:
    model = to_torch(saliency_model(str(X.dtype).removeprefix("torch."))).to(X.device)
    rank = SALIENCY.torch.saliency_feature_ranking
    return [SALIENCY.torch.saliency(model, X, y), rank(model, X, y), rank(model, X, y, per_class=True)]


def saliency_model(dtype: Any) -> np_network.Sequential:
    model = np_network.mlp([D, M, 2], np.random.default_rng(3))
    model.params = {key: array.astype(dtype) for key, array in model.params.items()}
    return model
