"""Clipping and curvature in both libraries: PyTorch's own clipping, and Hessians by autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dlkit.numpy import clipping as np_clipping
from dlkit.numpy import curvature as np_curvature
from dlkit.numpy import newton as np_newton
from dlkit.torch import clipping, curvature, newton
from dlkit.torch.device import available_devices

every_device = pytest.mark.parametrize("device", available_devices(), ids=str)
every_dtype = pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-11), (torch.float32, 2e-4)], ids=str)


def parameters(dtype, device, scale: float = 4.0) -> tuple[dict[str, np.ndarray], list[torch.Tensor]]:
    rng = np.random.default_rng(0)
    grads = {"W": scale * rng.normal(size=(5, 3)), "b": scale * rng.normal(size=3)}
    found = []
    for g in grads.values():
        p = torch.zeros(g.shape, dtype=dtype, device=device, requires_grad=True)
        p.grad = torch.tensor(g, dtype=dtype, device=device)
        found.append(p)
    return grads, found


def same(tensors, arrays, rtol: float) -> None:
    for tensor, array in zip(tensors, arrays, strict=True):
        np.testing.assert_allclose(tensor.detach().cpu().numpy(), array, rtol=rtol, atol=rtol)


@every_device
@every_dtype
def test_by_value(dtype, tolerance, device):
    grads, params = parameters(dtype, device)
    clipping.clip_by_value(params, 1.5)
    same([p.grad for p in params], [np_clipping.clip_by_value(g, 1.5) for g in grads.values()], tolerance)


@every_device
@every_dtype
@pytest.mark.parametrize("max_norm", [2.0, 1e3])
def test_by_global_norm(dtype, tolerance, device, max_norm):
    grads, params = parameters(dtype, device)
    expected, norm = np_clipping.clip_by_global_norm(grads, max_norm)
    assert clipping.global_norm(params) == pytest.approx(norm, rel=tolerance)
    assert clipping.clip_by_global_norm(iter(params), max_norm) == pytest.approx(norm, rel=tolerance)
    same([p.grad for p in params], expected.values(), max(tolerance, 2e-6))  # PyTorch adds 1e-6 to the norm


@every_device
@every_dtype
def test_by_norm_of_each(dtype, tolerance, device):
    grads, params = parameters(dtype, device)
    norms = clipping.clip_by_norm(params, 5.0)
    assert norms == pytest.approx([np.linalg.norm(g) for g in grads.values()], rel=tolerance)
    same([p.grad for p in params], [np_clipping.clip_by_norm(g, 5.0) for g in grads.values()], max(tolerance, 2e-6))


def test_parameters_without_gradient_and_gradients_that_are_not_finite():
    w, idle = torch.zeros(2, requires_grad=True), torch.zeros(3, requires_grad=True)
    w.grad = torch.tensor([30.0, 40.0])
    assert clipping.clip_by_global_norm([idle, w], 5.0) == 50.0 and idle.grad is None
    assert w.grad.norm().item() == pytest.approx(5.0, rel=1e-5)
    w.grad = torch.tensor([1.0, float("nan")])
    with pytest.raises(RuntimeError, match="non-finite"):
        clipping.clip_by_global_norm([w], 5.0)


@every_device
@every_dtype
def test_second_derivative(dtype, tolerance, device):
    x = torch.linspace(-1.5, 1.5, 11, dtype=dtype, device=device)
    same([curvature.second_derivative(torch.sin, x)], [-np.sin(np.linspace(-1.5, 1.5, 11))], tolerance)
    assert not curvature.second_derivative(lambda t: 3 * t, x).any() and not x.requires_grad


@every_device
@every_dtype
def test_hessians(dtype, tolerance, device):
    rng = np.random.default_rng(1)
    X, w = rng.normal(size=(11, 3)), rng.normal(size=3)
    tX, tw = (torch.tensor(v, dtype=dtype, device=device) for v in (X, w))
    same([curvature.logistic_hessian(tX, tw)], [np_curvature.logistic_hessian(X, w)], tolerance)
    same([curvature.least_squares_hessian(tX)], [np_curvature.least_squares_hessian(X)], tolerance)
    H = np_curvature.logistic_hessian(X, w)
    tH = torch.tensor(H, dtype=dtype, device=device)
    assert newton.condition_number(tH) == pytest.approx(np_newton.condition_number(H), rel=10 * tolerance)
    same([newton.newton_step(tw, tX[0], tH)], [np_newton.newton_step(w, X[0], H)], 10 * tolerance)


def test_numerical_hessian_agrees_with_autograd():
    def wavy(p):
        return p[0] ** 2 * p[1] + (p[1] * p[2]).sin()

    theirs = curvature.hessian(wavy, torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)).numpy()
    ours = np_curvature.hessian(lambda p: p[0] ** 2 * p[1] + np.sin(p[1] * p[2]), [0.5, -1.0, 2.0])
    np.testing.assert_allclose(ours, theirs, atol=2e-6)


@pytest.mark.parametrize("diagonal", [[1, 2], [-1, -2], [1, -2], [1, 0], [-1, 0], [0, 0], [1, -1]])
def test_kinds_of_points_and_flat_directions(diagonal):
    H = np.diag(np.array(diagonal, dtype=float))
    for g in ([0.0, 0.0], [0.0, -1.0]):
        theirs = curvature.second_derivative_test(torch.tensor(g, dtype=torch.float64), torch.from_numpy(H))
        assert theirs == np_curvature.second_derivative_test(g, H)
    if any(diagonal):
        assert newton.condition_number(torch.from_numpy(H)) == np_newton.condition_number(H)
    for condition_number, zero in ((newton.condition_number, torch.zeros(2, 2)), (np_newton.condition_number, np.zeros((2, 2)))):
        with pytest.raises(ValueError, match="zero everywhere"):
            condition_number(zero)


@every_device
def test_newton(device):
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(40, 3)), rng.integers(0, 2, size=40).astype(float)
    tX, ty = (torch.tensor(v, device=device) for v in (X, y))
    theirs = newton.newton(lambda w: torch.nn.functional.binary_cross_entropy_with_logits(tX @ w, ty), tX.new_zeros(3))
    ours = np_newton.newton(lambda w: X.T @ (1 / (1 + np.exp(-X @ w)) - y) / 40, lambda w: np_curvature.logistic_hessian(X, w), np.zeros(3))
    assert (theirs.steps, theirs.converged) == (ours.steps, True)
    np.testing.assert_allclose(theirs.path.cpu().numpy(), ours.path, atol=1e-9)
