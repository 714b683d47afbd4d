"""Initialisers, signals, residual blocks and floating point: PyTorch does what `dlkit.numpy` does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dlkit.numpy import activations as np_activations
from dlkit.numpy import floating_point as np_floats
from dlkit.numpy import initializers as np_init
from dlkit.numpy import layers as np_layers
from dlkit.numpy import network as np_network
from dlkit.numpy import residual as np_residual
from dlkit.numpy import signal_propagation as np_signals
from dlkit.numpy import softmax as np_softmax
from dlkit.torch import activations, floating_point, initializers, signal_propagation, softmax
from dlkit.torch.convert import to_torch
from dlkit.torch.device import available_devices
from dlkit.torch.residual import Residual

every_device = pytest.mark.parametrize("device", available_devices(), ids=str)
every_dtype = pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 2e-5)])


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# -- initialisers ----------------------------------------------------------------------------------


DRAWN = [
    ("uniform", {}),
    ("normal", {}),
    ("xavier_uniform", {}),
    ("xavier_normal", {"gain": 1.7}),
    ("he_uniform", {"negative_slope": 0.3}),
    ("he_normal", {}),
    ("lecun_uniform", {}),
    ("lecun_normal", {}),
    ("orthogonal", {"gain": 1.7}),
]


@pytest.mark.parametrize(("name", "options"), DRAWN)
@pytest.mark.parametrize("shape", [(7, 5), (5, 7), (5, 3, 2, 2)], ids=str)
def test_distributions_are_the_same(name, options, shape):
    """Two samples of the same law: their distribution functions differ by less than 2.9 / sqrt(n / 2), with a false alarm
    below 1e-6 for independent entries; both are drawn from fixed seeds."""
    rng, count = np.random.default_rng(51), 1000
    ours = np.array([getattr(np_init, name)(shape, rng, **options) for _ in range(count)]).ravel()
    theirs = torch.stack(
        [getattr(initializers, name)(shape, g, dtype=torch.float64, **options) for g in [generator(1)] for _ in range(count)]
    ).numpy().ravel()  # fmt: skip
    grid = np.linspace(min(ours.min(), theirs.min()), max(ours.max(), theirs.max()), 400)
    gap = np.abs(np.searchsorted(np.sort(ours), grid) - np.searchsorted(np.sort(theirs), grid)).max() / ours.size
    assert gap < 2.9 / np.sqrt(ours.size / 2)
    assert ours.var() == pytest.approx(theirs.var(), rel=0.04)


@pytest.mark.parametrize("name", ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"])
def test_gains_are_those_of_pytorch(name):
    assert np_init.calculate_gain(name) == pytest.approx(nn.init.calculate_gain(name), rel=1e-12)
    assert initializers.calculate_gain("leaky_relu", 0.2) == pytest.approx(nn.init.calculate_gain("leaky_relu", 0.2))


def test_layout_of_a_dense_layer_and_of_a_convolution():
    W = initializers.he_normal((300, 20), generator(), dtype=torch.float64)
    assert W.shape == (300, 20) and W.var().item() == pytest.approx(2 / 300, rel=0.1)
    K = initializers.he_normal((64, 12, 5, 5), generator(), dtype=torch.float64)
    assert K.shape == (64, 12, 5, 5) and K.var().item() == pytest.approx(2 / 300, rel=0.1)
    assert initializers.fans((64, 12, 5, 5)) == (300, 1600)


def test_a_linear_layer_of_pytorch_starts_with_a_third_of_lecuns_variance():
    torch.manual_seed(0)
    weight = nn.Linear(300, 200).weight.detach()
    assert weight.var().item() == pytest.approx(1 / (3 * 300), rel=0.03)
    assert np_init.lecun_uniform((300, 200), np.random.default_rng(0)).var() == pytest.approx(1 / 300, rel=0.03)


# -- log-sum-exp -----------------------------------------------------------------------------------


@every_device
@every_dtype
def test_log_sum_exp(dtype, tolerance, device):
    Z = 300 * np.random.default_rng(52).standard_normal((7, 5, 3)).astype(dtype)
    for axis in (0, 1, -1):
        for keep in (False, True):
            theirs = softmax.log_sum_exp(torch.tensor(Z, device=device), axis, keep)
            ours = np_softmax.log_sum_exp(Z, axis, keep)
            assert ours.dtype == dtype and ours.shape == tuple(theirs.shape)
            np.testing.assert_allclose(ours, theirs.cpu().numpy(), rtol=tolerance)
    masked = np.array([[-np.inf, 1.0], [-np.inf, -np.inf]], dtype=dtype)
    np.testing.assert_array_equal(np_softmax.log_sum_exp(masked), softmax.log_sum_exp(torch.tensor(masked)).numpy())


def test_the_gradient_of_log_sum_exp_is_softmax():
    Z = torch.randn(7, 5, dtype=torch.float64, generator=generator(), requires_grad=True)
    upstream = torch.randn(7, dtype=torch.float64, generator=generator(1))
    softmax.log_sum_exp(Z).backward(upstream)
    expected = upstream.numpy()[:, None] * np_softmax.softmax(Z.detach().numpy())
    np.testing.assert_allclose(Z.grad.numpy(), expected, rtol=1e-12)


# -- residual blocks -------------------------------------------------------------------------------


def both_blocks(dtype, device):
    rng = np.random.default_rng(53)
    ours = np_residual.Residual(np_layers.Dense(5, 3, rng), np_layers.Tanh(), np_layers.Dense(3, 5, rng))
    ours.params = {name: rng.standard_normal(value.shape).astype(dtype) for name, value in ours.params.items()}
    return ours, Residual(*to_torch(ours.branch)).to(device)


@every_device
@every_dtype
def test_residual_forward_and_backward(dtype, tolerance, device):
    ours, theirs = both_blocks(dtype, device)
    rng = np.random.default_rng(54)
    X, upstream = (rng.standard_normal((7, 5)).astype(dtype) for _ in range(2))
    Y, cache = ours.forward(X)
    dX, grads = ours.backward(upstream, cache)
    tracked = torch.tensor(X, device=device, requires_grad=True)
    output = theirs(tracked)
    output.backward(torch.tensor(upstream, device=device))
    assert Y.dtype == dX.dtype == dtype
    np.testing.assert_allclose(output.detach().cpu().numpy(), Y, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(tracked.grad.cpu().numpy(), dX, rtol=tolerance, atol=tolerance)
    for i in (0, 2):
        np.testing.assert_allclose(theirs.branch[i].weight.grad.T.cpu().numpy(), grads[f"{i}.W"], rtol=tolerance, atol=10 * tolerance)
        np.testing.assert_allclose(theirs.branch[i].bias.grad.cpu().numpy(), grads[f"{i}.b"], rtol=tolerance, atol=10 * tolerance)


def test_residual_errors():
    with pytest.raises(ValueError, match="Residual got no layers"):
        Residual()
    with pytest.raises(ValueError, match=r"F\(X\) has shape \(2, 1\), expected \(2, 5\) to match X"):
        Residual(nn.Linear(5, 1))(torch.ones(2, 5))


# -- signals ---------------------------------------------------------------------------------------


@every_device
@pytest.mark.parametrize("make", [np_layers.Tanh, np_layers.ReLU])
def test_traces_agree(make, device):
    rng = np.random.default_rng(55)
    ours = np_network.mlp([5, 7, 3, 2], rng, hidden=make)
    theirs = to_torch(ours, device=device)
    X, upstream = rng.standard_normal((11, 5)), rng.standard_normal((11, 2))
    ours_trace = np_signals.trace(ours, X, upstream)
    T, U = (torch.tensor(a, device=device) for a in (X, upstream))
    theirs_trace = signal_propagation.trace(theirs, T, U)
    for mine, other in ((ours_trace.outputs, theirs_trace.outputs), (ours_trace.gradients, theirs_trace.gradients)):
        for a, b in zip(mine, other, strict=True):
            np.testing.assert_allclose(b.cpu().numpy(), a, rtol=1e-10, atol=1e-13)
    for a, b in zip(ours_trace.parameter_gradients, theirs_trace.parameter_gradients, strict=True):
        assert len(a) == len(b)
        if a:
            np.testing.assert_allclose(b["weight"].T.cpu().numpy(), a["W"], rtol=1e-10, atol=1e-13)
    norms = signal_propagation.grad_norms_by_layer(theirs, T, U)
    np.testing.assert_allclose(norms.cpu().numpy(), np_signals.grad_norms_by_layer(ours, X, upstream), rtol=1e-10)
    for a, b in zip(np_signals.signal_statistics(ours_trace.outputs), signal_propagation.signal_statistics(theirs_trace.outputs), strict=True):
        np.testing.assert_allclose(b.cpu().numpy(), a, rtol=1e-10, atol=1e-14)
    assert all(p.grad is None for p in theirs.parameters())
    assert signal_propagation.trace(theirs, T).gradients == []


@pytest.mark.parametrize("residual", [False, True])
def test_deep_networks_are_built_alike(residual):
    ours = np_signals.deep_network(4, 5, np.random.default_rng(0), residual=residual)
    theirs = signal_propagation.deep_network(4, 5, generator(), residual=residual, dtype=torch.float64)
    assert len(ours.layers) == len(theirs) == 4
    assert sum(p.numel() for p in theirs.parameters()) == ours.count_parameters()
    X = torch.randn(3, 5, dtype=torch.float64, generator=generator(2))
    assert len(signal_propagation.trace(theirs, X, torch.ones(3, 5, dtype=torch.float64)).gradients) == 4


@pytest.mark.parametrize("name", ["relu", "tanh", "selu", "swish"])
def test_predictions_for_wide_layers_agree(name):
    f, slope = getattr(np_activations, name), getattr(np_activations, f"{name}_derivative")
    g = getattr(activations, name)
    assert signal_propagation.mean_square(g, 2.5) == pytest.approx(np_signals.mean_square(f, 2.5), rel=1e-9)
    assert signal_propagation.preserving_gain(g) == pytest.approx(np_signals.preserving_gain(f), rel=1e-9)
    np.testing.assert_allclose(signal_propagation.variance_path(g, 1.3, 5).numpy(), np_signals.variance_path(f, 1.3, 5), rtol=1e-9)
    theirs = signal_propagation.gradient_factor(lambda z: activations.derivative(g, z), 1.3, 2.0)
    assert theirs == pytest.approx(np_signals.gradient_factor(slope, 1.3, 2.0), rel=1e-9)


def test_signal_errors():
    network = signal_propagation.deep_network(1, 3, generator())
    for call, message in (
        (lambda: signal_propagation.deep_network(0, 3, generator()), "depth is 0"),
        (lambda: signal_propagation.trace(network, torch.ones(2, 3), torch.ones(2, 1)), r"upstream has shape \(2, 1\)"),
        (lambda: signal_propagation.signal_statistics([]), "signals has 0 tensors"),
        (lambda: signal_propagation.mean_square(torch.tanh, -1.0), "variance is -1.0"),
    ):
        with pytest.raises(ValueError, match=message):
            call()


# -- floating point --------------------------------------------------------------------------------


FORMATS = ["float16", "bfloat16", "float32", "float64"]


@pytest.mark.parametrize("name", FORMATS)
def test_formats_and_rounding_are_those_of_pytorch(name):
    assert np_floats.float_format(name) == floating_point.float_format(name)
    rng = np.random.default_rng(56)
    x = np.concatenate([rng.standard_normal(5000) * 10.0 ** rng.integers(-44, 39, 5000), [0.0, np.inf, 3.4e38, 1 + 2.0**-8, 65519.0, 65520.0]])
    x = np.clip(x, -3.4e38, np.inf).astype(np.float32)
    ours, theirs = np_floats.round_to(x, name), floating_point.round_to(torch.tensor(x), name)
    np.testing.assert_array_equal(ours, theirs.numpy())


def test_the_scaler_follows_that_of_pytorch():
    """The same run of good and bad steps: the same scales."""
    ours = np_floats.LossScaler(scale=16.0, growth_interval=2)
    theirs = floating_point.LossScaler("cpu", init_scale=16.0, growth_interval=2)
    p = nn.Parameter(torch.ones(1))
    sgd = torch.optim.SGD([p], lr=0.0)
    for finite in (True, True, True, False, True, False, False, True, True, True):
        p.grad = torch.full((1,), 1.0 if finite else float("inf"))
        theirs.scale(torch.ones(1))
        theirs.step(sgd)
        theirs.update()
        ours.update(finite)
        assert theirs.get_scale() == ours.scale


@every_device
def test_training_in_mixed_precision(device):
    rng = generator(3)
    X = torch.randn(256, 8, generator=rng).to(device)
    y = (X[:, :1] * X[:, 1:2] > 0).float()
    model = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 1)).to(device)
    scaler = floating_point.LossScaler(device.type) if device.type == "cuda" else None
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    seen = []
    model[0].register_forward_hook(lambda module, args, output: seen.append(output.dtype))
    losses = [
        floating_point.mixed_precision_step(model, X, y, nn.functional.binary_cross_entropy_with_logits, optimizer, scaler=scaler)
        for _ in range(150)
    ]
    assert losses[-1] < 0.5 * losses[0]
    assert set(seen) == {torch.float16 if device.type == "cuda" else torch.bfloat16}
    assert all(p.dtype == torch.float32 for p in model.parameters())


def test_float16_on_the_cpu_with_a_scaler_and_not_without():
    model = nn.Linear(3, 1)
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    X, y = torch.ones(4, 3), torch.zeros(4, 1)
    with pytest.raises(ValueError, match=r"dtype is torch.float16 and scaler is None"):
        floating_point.mixed_precision_step(model, X, y, nn.functional.mse_loss, sgd, dtype=torch.float16)
    scaler = floating_point.LossScaler("cpu", init_scale=2.0**40)  # too large: the first steps are skipped
    start = model.weight.detach().clone()
    floating_point.mixed_precision_step(model, X, y, nn.functional.mse_loss, sgd, scaler=scaler, dtype=torch.float16)
    assert torch.equal(model.weight, start) and scaler.get_scale() == 2.0**39
    for _ in range(60):
        last = floating_point.mixed_precision_step(model, X, y, nn.functional.mse_loss, sgd, scaler=scaler, dtype=torch.float16)
    assert last < 1e-3 and not torch.equal(model.weight, start)
    with pytest.raises(ValueError, match="name is 'half'"):
        floating_point.round_to(X, "half")
