"""Gradient descent in both libraries: the line, mini-batches, averages, schedules against PyTorch's own schedulers."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch

from dlkit.numpy import averages as np_averages
from dlkit.numpy import batches as np_batches
from dlkit.numpy import line_descent as np_line
from dlkit.numpy import schedules as np_schedules
from dlkit.torch import averages, line_descent, schedules
from dlkit.torch.batches import minibatches, steps_per_epoch
from dlkit.torch.device import available_devices

every_device = pytest.mark.parametrize("device", available_devices(), ids=str)
every_dtype = pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-11), (torch.float32, 2e-4)], ids=str)


def cloud(dtype: torch.dtype, device: torch.device) -> tuple[np.ndarray, np.ndarray, torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(3)
    x = rng.normal(1.0, 1.5, size=13)
    y = 2 * x - 1 + rng.normal(size=13)
    return x, y, *(torch.tensor(v, dtype=dtype, device=device) for v in (x, y))


@every_device
@every_dtype
def test_the_line(dtype, tolerance, device):
    x, y, tx, ty = cloud(dtype, device)
    assert line_descent.ssr(0.7, -1.3, tx, ty).item() == pytest.approx(np_line.ssr(0.7, -1.3, x, y), rel=tolerance)
    ours, theirs = np_line.ssr_gradient(0.7, -1.3, x, y), line_descent.ssr_gradient(0.7, -1.3, tx, ty)
    assert [g.item() for g in theirs] == pytest.approx(ours, rel=tolerance)
    assert all(g.dtype == dtype and g.device.type == device.type for g in theirs)
    H = line_descent.ssr_hessian(tx)
    np.testing.assert_allclose(H.cpu().numpy(), np_line.ssr_hessian(x), rtol=tolerance)
    limit = np_line.largest_stable_rate(np_line.ssr_hessian(x))
    assert line_descent.largest_stable_rate(H) == pytest.approx(limit, rel=tolerance)


@every_device
@pytest.mark.parametrize("rule", ["each", "length"])
def test_both_walk_the_same_path_and_stop_at_the_same_step(rule, device):
    x, y, tx, ty = cloud(torch.float64, device)
    ours, theirs = np_line.descend_line(x, y, 0.01, rule=rule), line_descent.descend_line(tx, ty, 0.01, rule=rule)
    assert (ours.steps, ours.converged) == (theirs.steps, theirs.converged) and ours.steps > 10
    np.testing.assert_allclose(theirs.path.cpu().numpy(), ours.path, rtol=1e-10)
    assert (theirs.slope, theirs.intercept) == pytest.approx((ours.slope, ours.intercept), rel=1e-10)
    with pytest.raises(ValueError, match="rule is 'any', expected one of 'each', 'length'"):
        line_descent.descend_line(tx, ty, 0.01, rule="any")


@every_device
def test_stochastic_paths(device):
    x, y, tx, ty = cloud(torch.float64, device)
    whole = np_line.stochastic_line_path(x, y, 0.05, 6, None, np.random.default_rng(0))
    theirs = line_descent.stochastic_line_path(tx, ty, 0.05, 6, None, torch.Generator().manual_seed(0))
    np.testing.assert_allclose(theirs.cpu().numpy(), whole, rtol=1e-10)
    in_order = line_descent.stochastic_line_path(tx, ty, 0.05, 1, 1, None).cpu().numpy()
    line = np.array([1.0, 0.0])
    for i in range(13):
        line = line - 0.05 * np.array(np_line.ssr_gradient(*line, x[i : i + 1], y[i : i + 1]))
        np.testing.assert_allclose(in_order[i + 1], line, rtol=1e-10)


def test_no_bowl_no_rate():
    with pytest.raises(ValueError, match="hessian has -1 as its largest eigenvalue"):
        line_descent.largest_stable_rate(torch.tensor([[-1.0]]))


@every_device
@pytest.mark.parametrize("size", [1, 4, 17, 20, None])
def test_minibatches(size, device):
    X, y = torch.arange(34.0, device=device).reshape(17, 2), torch.arange(17, device=device)
    found = list(minibatches(X, y, size, torch.Generator().manual_seed(1)))
    again = list(minibatches(X, y, size, torch.Generator().manual_seed(1)))
    assert len(found) == steps_per_epoch(17, size)
    assert torch.equal(torch.cat([targets for _, targets in found]).sort().values, y)
    assert all(torch.equal(rows[:, 0], 2.0 * targets) and rows.device == X.device for rows, targets in found)
    assert all(torch.equal(a, b) for (_, a), (_, b) in zip(found, again, strict=True))
    other = list(minibatches(X, y, size, torch.Generator().manual_seed(2)))
    assert not torch.equal(torch.cat([targets for _, targets in found]), torch.cat([targets for _, targets in other]))


@every_device
@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("size", [1, 4, 17, 20, None])
def test_unshuffled_minibatches_are_those_of_numpy(size, drop_last, device):
    X, y = np.arange(34.0).reshape(17, 2), np.arange(17)
    tX, ty = (torch.as_tensor(v, device=device) for v in (X, y))
    theirs = list(minibatches(tX, ty, size, drop_last=drop_last))
    ours = list(np_batches.minibatches(X, y, size, drop_last=drop_last))
    assert len(theirs) == len(ours) == steps_per_epoch(17, size, drop_last=drop_last)
    for pair, expected in zip(theirs, ours, strict=True):
        for rows, right in zip(pair, expected, strict=True):
            np.testing.assert_array_equal(rows.cpu().numpy(), right)
            assert rows.cpu().numpy().dtype == right.dtype and rows.device.type == device.type
    for rows, targets in theirs:
        rows.zero_()
        targets.zero_()
    assert np.array_equal(tX.cpu().numpy(), X) and np.array_equal(ty.cpu().numpy(), y)  # copies were changed, no table


@pytest.mark.parametrize(
    "arguments, message",
    [((torch.zeros(3, 1), torch.zeros(2), 1), r"y has shape \(2,\) and X \(3, 1\)"), ((torch.zeros(3), torch.zeros(3), 0), "batch_size is 0")],
)
def test_messages_of_minibatches(arguments, message):
    with pytest.raises(ValueError, match=message):
        minibatches(*arguments)
    with pytest.raises(TypeError, match="rng is int, expected a torch.Generator"):
        minibatches(torch.zeros(3), torch.zeros(3), 1, 0)


@every_device
@every_dtype
@pytest.mark.parametrize("shape", [(11,), (7, 3)])
def test_averages(shape, dtype, tolerance, device):
    x = np.random.default_rng(2).normal(3.0, 1.0, size=shape)
    tensor = torch.tensor(x, dtype=dtype, device=device)
    for name, arguments, options in (
        ("ewma", (0.9,), {}),
        ("ewma", (0.7,), {"bias_correction": True}),
        ("ewm_mean", (0.2,), {}),
        ("ewm_mean", (0.2,), {"adjust": False}),
    ):
        theirs = getattr(averages, name)(tensor, *arguments, **options)
        np.testing.assert_allclose(theirs.cpu().numpy(), getattr(np_averages, name)(x, *arguments, **options), rtol=tolerance)
        assert theirs.dtype == dtype and theirs.device.type == device.type
    np.testing.assert_allclose(averages.ewma_weights(9, 0.8).numpy(), np_averages.ewma_weights(9, 0.8), rtol=1e-14)


def test_messages_of_averages():
    with pytest.raises(ValueError, match="beta is 1, expected at least 0 and less than 1"):
        averages.ewma(torch.ones(2), 1)
    with pytest.raises(ValueError, match="alpha is 0, expected more than 0"):
        averages.ewm_mean(torch.ones(2), 0)


def rates_of(make, epochs: int, lr: float = 0.3) -> list[float]:
    """The rates that PyTorch uses in the epochs, one scheduler step after each."""
    sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler, rates = make(sgd), []
    for _ in range(epochs):
        rates.append(sgd.param_groups[0]["lr"])
        sgd.step()
        scheduler.step()
    return rates


CASES = {
    "inverse_time_decay": ((0.7,), 12),
    "step_decay": ((3, 0.5), 12),
    "exponential_decay": ((0.8,), 12),
    "cosine_annealing": ((12, 0.01), 12),
    "linear_warmup": ((4,), 12),
    "linear_warmup once": ((1,), 5),
    "warmup_cosine": ((3, 12, 0.01), 12),
    "warmup_cosine once": ((1, 7), 7),
    "warmup_cosine none": ((0, 7), 7),
}


@pytest.mark.parametrize("case", CASES)
def test_schedules_are_those_of_pytorch(case):
    name, (arguments, epochs) = case.split()[0], CASES[case]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        theirs = rates_of(lambda sgd: getattr(schedules, name)(sgd, *arguments), epochs)
    ours = getattr(np_schedules, name)(0.3, *arguments)
    assert theirs == pytest.approx([ours(epoch) for epoch in range(epochs)], rel=1e-9, abs=1e-12)


def test_inverse_time_is_the_lambda_of_the_notes():
    rates = rates_of(lambda sgd: torch.optim.lr_scheduler.LambdaLR(sgd, lambda e: 1 / (1 + e)), 5, lr=0.2)
    assert rates == pytest.approx([0.2, 0.1, 0.2 / 3, 0.05, 0.04])
    assert rates_of(lambda sgd: schedules.inverse_time_decay(sgd, 1.0), 5, lr=0.2) == pytest.approx(rates)


def test_plateau_is_that_of_pytorch():
    losses = np.concatenate([np.linspace(5.0, 1.0, 6), np.full(9, 0.99995), [0.5] * 8])
    sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    theirs = schedules.ReduceOnPlateau(sgd, factor=0.5, patience=2, min_lr=0.1)
    ours = np_schedules.ReduceOnPlateau(0.3, factor=0.5, patience=2, lr_min=0.1)
    for epoch, loss in enumerate(losses):
        theirs.step(loss)
        ours.update(loss)
        assert ours(epoch + 1) == pytest.approx(sgd.param_groups[0]["lr"])
    assert ours(0) == pytest.approx(0.1)


def test_no_epoch_after_the_warmup():
    sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    with pytest.raises(ValueError, match="epochs is 3, expected more than warmup = 3"):
        schedules.warmup_cosine(sgd, 3, 3)
