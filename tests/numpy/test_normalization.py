"""Normalisation: backward passes against central differences, what it promises, and the text of the errors."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy import normalization as norms
from dlkit.numpy.gradient_check import check_gradients
from dlkit.numpy.layers import Dense, Tanh
from dlkit.numpy.losses_classification import cross_entropy
from dlkit.numpy.network import Sequential
from dlkit.numpy.normalization_layers import BatchNorm, GroupNorm, InstanceNorm, LayerNorm
from dlkit.numpy.optim import GradientDescent

ROWS, IMAGES, SEQUENCES = (7, 5), (5, 6, 3, 7), (5, 7, 3)


def spread(rng, shape):
    """Channels with means and spreads of their own."""
    column = (1, shape[1], *[1] * (len(shape) - 2))
    return rng.standard_normal(shape) * rng.uniform(0.5, 3, column) + 5 * rng.standard_normal(column)


# -- gradients: random upstream, prime dimensions, for X, gamma and beta -------------------------------------------------

CHECKED = {
    "batch, rows": (norms.batch_norm_forward, norms.batch_norm_backward, ROWS, (5,)),
    "batch, images": (norms.batch_norm_forward, norms.batch_norm_backward, IMAGES, (6,)),
    "layer, rows": (norms.layer_norm_forward, norms.layer_norm_backward, ROWS, (5,)),
    "layer, sequences": (norms.layer_norm_forward, norms.layer_norm_backward, SEQUENCES, (3,)),
    "layer, two axes": (norms.layer_norm_forward, norms.layer_norm_backward, SEQUENCES, (7, 3)),
    "group, rows": (lambda X, g, b, eps: norms.group_norm_forward(X, 2, g, b, eps), norms.group_norm_backward, (5, 6), (6,)),
    "group, images": (lambda X, g, b, eps: norms.group_norm_forward(X, 3, g, b, eps), norms.group_norm_backward, IMAGES, (6,)),
    "instance": (norms.instance_norm_forward, norms.instance_norm_backward, IMAGES, (6,)),
}


@pytest.mark.parametrize("eps", [1e-5, 0.7])
@pytest.mark.parametrize("name", CHECKED)
def test_backward_passes(name, eps):
    forward, backward, shape, affine = CHECKED[name]
    rng = np.random.default_rng(76)
    inputs = {"X": spread(rng, shape), "gamma": rng.standard_normal(affine), "beta": rng.standard_normal(affine)}
    for value in inputs.values():
        value.flags.writeable = False
    check_gradients(lambda *args: forward(*args, eps), backward, inputs, rng, tolerance=1e-6)


@pytest.mark.parametrize("shape", [ROWS, IMAGES, (1, 5)])
def test_backward_pass_with_fixed_statistics(shape):
    rng, C = np.random.default_rng(77), shape[1]
    mean, var = rng.standard_normal(C), rng.uniform(0.5, 4, C)
    check_gradients(lambda X, gamma, beta: norms.batch_norm_inference_forward(X, gamma, beta, mean, var),
                    norms.batch_norm_inference_backward,
                    {"X": spread(rng, shape), "gamma": rng.standard_normal(C), "beta": rng.standard_normal(C)}, rng, tolerance=1e-7)


def test_a_check_with_an_upstream_of_ones_would_accept_a_backward_pass_of_zeros():
    """Why the checks above draw their upstream: the mean of what batch norm gives out cannot be moved."""
    rng = np.random.default_rng(78)
    _, cache = norms.batch_norm_forward(rng.standard_normal(ROWS), np.ones(5), np.zeros(5))
    assert np.abs(norms.batch_norm_backward(np.ones(ROWS), cache)[0]).max() < 1e-14
    assert np.abs(norms.batch_norm_backward(rng.standard_normal(ROWS), cache)[0]).max() > 0.1


@pytest.mark.parametrize("name", CHECKED)
def test_gradients_of_the_input_have_mean_zero_where_the_statistics_were_taken(name):
    """Adding a constant changes nothing, so no gradient points that way."""
    forward, backward, shape, affine = CHECKED[name]
    rng = np.random.default_rng(79)
    _, cache = forward(spread(rng, shape), rng.standard_normal(affine), rng.standard_normal(affine), 1e-5)
    dX = backward(rng.standard_normal(shape), cache)[0]
    axes = {"batch": (0, *range(2, len(shape))), "layer": tuple(range(len(shape) - len(affine), len(shape)))}
    kind = name.split(",")[0]
    if kind == "group":
        dX = dX.reshape(shape[0], 2 if "rows" in name else 3, -1)
    means = dX.mean(axis=axes.get(kind, (2, 3) if kind == "instance" else 2))
    assert np.abs(means).max() < 1e-12


# -- what comes out ------------------------------------------------------------------------------------------------------


def test_batch_norm_gives_each_channel_mean_beta_and_std_gamma():
    rng = np.random.default_rng(80)
    gamma, beta = np.arange(1.0, 7.0), np.arange(11.0, 17.0)
    Y, cache = norms.batch_norm_forward(spread(rng, IMAGES), gamma, beta, eps=0.0)
    np.testing.assert_allclose(Y.mean(axis=(0, 2, 3)), beta)
    np.testing.assert_allclose(Y.std(axis=(0, 2, 3)), gamma)
    np.testing.assert_allclose(cache.var, cache.X.var(axis=(0, 2, 3)))


def test_layer_norm_of_a_row_does_not_know_the_other_rows():
    rng = np.random.default_rng(81)
    X, gamma, beta = spread(rng, ROWS), rng.standard_normal(5), rng.standard_normal(5)
    together = norms.layer_norm_forward(X, gamma, beta)[0]
    np.testing.assert_allclose(norms.layer_norm_forward(X[2:3], gamma, beta)[0], together[2:3])
    alone = norms.batch_norm_forward(X[:2], gamma, beta)[0]
    assert not np.allclose(alone, norms.batch_norm_forward(X, gamma, beta)[0][:2])


def test_group_norm_is_a_bridge_from_layer_norm_to_instance_norm():
    X, one, zero = spread(np.random.default_rng(82), IMAGES), np.ones(6), np.zeros(6)
    layer = norms.layer_norm_forward(X, np.ones(IMAGES[1:]), np.zeros(IMAGES[1:]))[0]
    np.testing.assert_allclose(norms.group_norm_forward(X, 1, one, zero)[0], layer)
    instance = norms.instance_norm_forward(X, one, zero)[0]
    np.testing.assert_array_equal(norms.group_norm_forward(X, 6, one, zero)[0], instance)
    np.testing.assert_allclose(instance.mean(axis=(2, 3)), 0, atol=1e-12)
    groups = norms.group_norm_forward(X, 2, one, zero)[0].reshape(5, 2, -1)
    np.testing.assert_allclose(groups.std(axis=2), 1, rtol=1e-4)


def test_a_constant_channel_becomes_beta():
    X = np.array([[0.1, 1.0], [0.1, 3.0]])
    np.testing.assert_allclose(norms.batch_norm_forward(X, [5.0, 1.0], [7.0, 0.0])[0][:, 0], [7, 7], rtol=1e-12)


def test_no_digits_are_lost_far_from_zero():
    X = np.random.default_rng(83).standard_normal((50, 3))
    near, far = (norms.batch_norm_forward(X + shift, np.ones(3), np.zeros(3))[0] for shift in (0.0, 2.0**20))
    np.testing.assert_allclose(far, near, atol=1e-8)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_dtype_is_kept_and_whole_numbers_become_float64(dtype):
    X = np.arange(12).reshape(6, 2).astype(dtype)
    for Y, cache in (norms.batch_norm_forward(X, [1, 2], [3, 4]), norms.layer_norm_forward(X, [1, 2], [3, 4]),
                     norms.group_norm_forward(X, 1, [1, 2], [3, 4]), norms.instance_norm_forward(np.stack([X, -X], axis=2), [1, 2], [3, 4]),
                     norms.batch_norm_inference_forward(X, [1, 2], [3, 4], [0, 0], [1, 1])):
        assert Y.dtype == cache[0].dtype == dtype
    assert norms.batch_norm_forward(np.arange(12).reshape(6, 2), [1, 2], [3, 4])[0].dtype == "float64"
    mean, var = norms.running_statistics(X, np.zeros(2), np.ones(2))
    assert mean.dtype == var.dtype == dtype


def test_a_transposed_view_is_as_good_as_a_copy():
    X = np.random.default_rng(84).standard_normal((3, 7, 6, 5)).T
    Y, cache = norms.batch_norm_forward(X, np.ones(6), np.zeros(6))
    Y2, cache2 = norms.batch_norm_forward(X.copy(), np.ones(6), np.zeros(6))
    np.testing.assert_allclose(Y, Y2)
    for a, b in zip(norms.batch_norm_backward(X, cache), norms.batch_norm_backward(X.copy(), cache2), strict=True):
        np.testing.assert_allclose(a, b)


# -- running statistics --------------------------------------------------------------------------------------------------


def test_running_statistics_approach_those_of_the_data():
    rng, layer = np.random.default_rng(85), BatchNorm(3)
    for _ in range(400):
        layer.forward(rng.normal([1, -2, 30], [1, 2, 3], size=(64, 3)), training=True)
    np.testing.assert_allclose(layer.running_mean, [1, -2, 30], atol=0.4)
    np.testing.assert_allclose(layer.running_var, [1, 4, 9], rtol=0.3)


def test_the_running_variance_is_unbiased_in_the_mean_over_many_batches():
    rng, momentum = np.random.default_rng(86), 0.001
    mean, var = np.zeros(1), np.ones(1)
    for _ in range(20_000):
        mean, var = norms.running_statistics(rng.standard_normal((2, 1)), mean, var, momentum)
    assert abs(var[0] - 1) < 0.15  # the biased variance of two values would settle at 1/2


def test_inference_leaves_everything_as_it_is():
    layer = BatchNorm(2)
    X = np.array([[1.0, 2.0], [3.0, 5.0]])
    layer.forward(X, training=True)
    before = {name: value.copy() for name, value in (*layer.params.items(), ("mean", layer.running_mean), ("var", layer.running_var))}
    mean = layer.running_mean
    first = layer.forward(X)[0]
    np.testing.assert_array_equal(layer.forward(X[:1])[0], first[:1])
    assert layer.running_mean is mean
    for name, value in (*layer.params.items(), ("mean", layer.running_mean), ("var", layer.running_var)):
        np.testing.assert_array_equal(value, before[name])


def test_training_makes_new_running_arrays():
    layer = BatchNorm(2)
    old = layer.running_mean
    layer.forward(np.array([[1.0, 2.0], [3.0, 5.0]]), training=True)
    assert old.tolist() == [0, 0] and layer.running_mean is not old


# -- layers in a network -------------------------------------------------------------------------------------------------

MAKERS = {
    "batch": (lambda: BatchNorm(5), (7, 5)),
    "batch, images": (lambda: BatchNorm(3), (5, 3, 2, 7)),
    "layer": (lambda: LayerNorm(5), (7, 5)),
    "layer, two axes": (lambda: LayerNorm((3, 5)), (7, 3, 5)),
    "group": (lambda: GroupNorm(3, 6), (5, 6, 7)),
    "instance": (lambda: InstanceNorm(3), (5, 3, 7)),
}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", MAKERS)
def test_contract_of_layers(name, training):
    make, shape = MAKERS[name]
    layer, rng = make(), np.random.default_rng(87)
    X = spread(rng, shape)
    X.flags.writeable = False
    names = list(layer.params)

    def forward(X, *params):
        layer.params = dict(zip(names, params, strict=True))
        return layer.forward(X, training=training)

    def backward(dout, cache):
        dX, grads = layer.backward(dout, cache)
        assert list(grads) == names
        for key, value in layer.parameter_gradients(dout, cache).items():
            np.testing.assert_array_equal(value, grads[key])
        return dX, *grads.values()

    start = {key: rng.standard_normal(value.shape) for key, value in layer.params.items()}
    check_gradients(forward, backward, {"X": X, **start}, rng, tolerance=1e-6)
    if not name.startswith("batch"):
        np.testing.assert_array_equal(layer.forward(X)[0], layer.forward(X, training=True)[0])


def test_fit_trains_with_batch_norm_and_predicts_row_by_row():
    rng = np.random.default_rng(88)
    X = rng.normal([100, -5], [30, 0.1], size=(120, 2))  # badly scaled on purpose
    y = (X[:, 0] - 100 > 0).astype(int)
    network = Sequential(BatchNorm(2), Dense(2, 8, rng), BatchNorm(8), Tanh(), Dense(8, 2, rng))
    assert sorted(network.params) == ["0.beta", "0.gamma", "1.W", "1.b", "2.beta", "2.gamma", "4.W", "4.b"]
    history = network.fit(X, y, cross_entropy, GradientDescent(lr=0.5), 30, 24, rng, validation_data=(X, y))
    assert history["val_loss"][-1] < 0.15 < history["val_loss"][0]
    together = network.predict(X)
    np.testing.assert_allclose(np.vstack([network.predict(X[i:i + 1]) for i in range(5)]), together[:5], rtol=1e-10)


def test_how_layers_show_themselves():
    assert list(map(repr, (BatchNorm(5), LayerNorm(5), LayerNorm((3, 5)), GroupNorm(2, 6), InstanceNorm(3)))) == [
        "BatchNorm(5)", "LayerNorm(5)", "LayerNorm(3, 5)", "GroupNorm(2, 6)", "InstanceNorm(3)"]


# -- errors --------------------------------------------------------------------------------------------------------------

ONE, ZERO = np.ones(3), np.zeros(3)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: norms.batch_norm_forward(np.ones(3), ONE, ZERO), r"X has shape \(3,\), expected \(N, C\) or \(N, C, ...\)"),
    (lambda: norms.batch_norm_forward(np.ones((4, 3)), np.ones(4), ZERO), r"gamma has shape \(4,\), expected \(3,\) to match X \(4, 3\)"),
    (lambda: norms.batch_norm_forward(np.ones((4, 3)), ONE, np.zeros((1, 3))), r"beta has shape \(1, 3\), expected \(3,\)"),
    (lambda: norms.batch_norm_forward(np.ones((1, 3)), ONE, ZERO), r"X has shape \(1, 3\), expected at least two values for each channel"),
    (lambda: norms.batch_norm_forward(np.ones((0, 3)), ONE, ZERO), r"X has shape \(0, 3\), expected at least two values"),
    (lambda: norms.batch_norm_forward(np.ones((4, 3)), ONE, ZERO, eps=-1e-5), "eps is -1e-05, expected 0 or a small positive number"),
    (lambda: norms.batch_norm_forward(np.ones((4, 3)), ONE, ZERO, eps=float("nan")), "eps is nan"),
    (lambda: norms.batch_norm_backward(np.ones((4, 1)), norms.batch_norm_forward(np.eye(4, 3), ONE, ZERO)[1]),
     r"dY has shape \(4, 1\), expected \(4, 3\) to match X \(4, 3\)"),
    (lambda: norms.batch_norm_inference_forward(np.ones((4, 3)), ONE, ZERO, np.zeros(2), ONE), r"running_mean has shape \(2,\), expected \(3,\)"),
    (lambda: norms.batch_norm_inference_forward(np.ones((4, 3)), ONE, ZERO, ZERO, np.ones((3, 1))), r"running_var has shape \(3, 1\)"),
    (lambda: norms.batch_norm_inference_backward(np.ones(4), norms.batch_norm_inference_forward(np.ones((4, 3)), ONE, ZERO, ZERO, ONE)[1]),
     r"dY has shape \(4,\), expected \(4, 3\)"),
    (lambda: norms.running_statistics(np.ones((1, 3)), ZERO, ONE), "at least two values for each channel"),
    (lambda: norms.running_statistics(np.ones((4, 3)), np.zeros(2), ONE), r"running_mean has shape \(2,\), expected \(3,\)"),
    (lambda: norms.running_statistics(np.ones((4, 3)), ZERO, ONE, momentum=1.5), "momentum is 1.5, expected 0 to 1"),
    (lambda: norms.layer_norm_forward(np.ones(3), ONE, ZERO), r"gamma has shape \(3,\), expected the last axes of X \(3,\), without the first"),
    (lambda: norms.layer_norm_forward(np.ones((4, 5)), ONE, ZERO), r"gamma has shape \(3,\), expected \(5,\) to match X \(4, 5\)"),
    (lambda: norms.layer_norm_forward(np.ones((4, 3)), ONE, np.zeros(4)), r"beta has shape \(4,\), expected \(3,\) to match gamma"),
    (lambda: norms.layer_norm_backward(np.ones((3, 4)), norms.layer_norm_forward(np.eye(4, 3), ONE, ZERO)[1]), r"dY has shape \(3, 4\)"),
    (lambda: norms.group_norm_forward(np.ones((4, 3)), 2, ONE, ZERO), r"num_groups is 2, expected a divisor of the 3 channels of X \(4, 3\)"),
    (lambda: norms.group_norm_forward(np.ones((4, 3)), 0, ONE, ZERO), "num_groups is 0"),
    (lambda: norms.instance_norm_forward(np.ones((4, 3)), ONE, ZERO), r"X has shape \(4, 3\), expected \(N, C, ...\) with at least two positions"),
    (lambda: norms.instance_norm_forward(np.ones((4, 3, 1)), ONE, ZERO), r"X has shape \(4, 3, 1\)"),
    (lambda: BatchNorm(3, momentum=-0.1), "momentum is -0.1, expected 0 to 1"),
    (lambda: GroupNorm(2, 5), "num_groups is 2, expected a divisor of num_channels 5"),
    (lambda: BatchNorm(3).forward(np.ones((1, 3)), training=True), "does the last batch of an epoch hold a single row"),
])
def test_errors_say_what_was_expected_and_what_came(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_words_are_no_numbers():
    with pytest.raises(TypeError, match="X has dtype <U1, expected real numbers"):
        norms.batch_norm_forward([["a"]], [1.0], [0.0])
