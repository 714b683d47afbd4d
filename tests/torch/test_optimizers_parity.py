"""50 steps of every optimizer, `dlkit.numpy` against PyTorch: the same problem, gradients of ordinary and of tiny size.

Epsilon is 1e-8 throughout. With gradients near 1e-4 an epsilon that stands inside the root instead of outside changes a step
by a third, so such an optimizer could not stay within 1e-10.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from dlkit.numpy import adam as np_adam
from dlkit.numpy import adaptive as np_adaptive
from dlkit.numpy import momentum as np_momentum
from dlkit.numpy.optim import Optimizer
from dlkit.numpy.optimizers import optimizer_path as np_path
from dlkit.torch import adam, adaptive, momentum
from dlkit.torch.device import available_devices
from dlkit.torch.optimizers import optimizer_path

STEPS = 50
START = np.random.default_rng(7).normal(size=(5, 3))
TARGET = np.random.default_rng(8).normal(size=(5, 3))
WEIGHTS = np.linspace(0.5, 4.0, 15).reshape(5, 3)

Make = Callable[[list[torch.Tensor]], torch.optim.Optimizer]

# name: ours, PyTorch's, and ours from the torch side
PAIRS: dict[str, tuple[Callable[[], Optimizer], Make, Make]] = {
    "SGD": (
        lambda: np_momentum.SGD(0.1),
        lambda p: torch.optim.SGD(p, lr=0.1),
        lambda p: momentum.SGD(p, lr=0.1),
    ),
    "SGD weight decay": (
        lambda: np_momentum.SGD(0.1, weight_decay=0.3),
        lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.3),
        lambda p: momentum.SGD(p, lr=0.1, weight_decay=0.3),
    ),
    "momentum": (
        lambda: np_momentum.Momentum(0.05, 0.8, "pytorch"),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8),
        lambda p: momentum.Momentum(p, 0.05, 0.8, "pytorch"),
    ),
    "momentum classical": (
        lambda: np_momentum.Momentum(0.05, 0.8, "classical"),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8),
        lambda p: momentum.Momentum(p, 0.05, 0.8, "classical"),
    ),
    "momentum averaged": (
        lambda: np_momentum.Momentum(0.25, 0.8, "averaged"),
        lambda p: torch.optim.SGD(p, lr=0.25 * (1 - 0.8), momentum=0.8),
        lambda p: momentum.Momentum(p, 0.25, 0.8, "averaged"),
    ),
    "Nesterov": (
        lambda: np_momentum.Nesterov(0.05, 0.8),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
        lambda p: momentum.Nesterov(p, 0.05, 0.8),
    ),
    "AdaGrad": (
        lambda: np_adaptive.AdaGrad(0.1, eps=1e-8),
        lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-8),
        lambda p: adaptive.AdaGrad(p, lr=0.1, eps=1e-8),
    ),
    "RMSProp": (
        lambda: np_adaptive.RMSProp(0.005, 0.9, 1e-8),
        lambda p: torch.optim.RMSprop(p, lr=0.005, alpha=0.9, eps=1e-8),
        lambda p: adaptive.RMSProp(p, lr=0.005, alpha=0.9, eps=1e-8),
    ),
    "Adam": (
        lambda: np_adam.Adam(0.03, (0.85, 0.98), 1e-8),
        lambda p: torch.optim.Adam(p, lr=0.03, betas=(0.85, 0.98), eps=1e-8),
        lambda p: adam.Adam(p, lr=0.03, betas=(0.85, 0.98), eps=1e-8),
    ),
    "Adam weight decay": (
        lambda: np_adam.Adam(0.03, weight_decay=0.2),
        lambda p: torch.optim.Adam(p, lr=0.03, weight_decay=0.2),
        lambda p: adam.Adam(p, lr=0.03, weight_decay=0.2),
    ),
    "AdamW": (
        lambda: np_adam.AdamW(0.03, weight_decay=0.2),
        lambda p: torch.optim.AdamW(p, lr=0.03, weight_decay=0.2),
        lambda p: adam.AdamW(p, lr=0.03, weight_decay=0.2),
    ),
}
SIZES = {"ordinary": 1.0, "tiny": 1e-4}

every_pair = pytest.mark.parametrize("name", PAIRS)
every_size = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
every_device = pytest.mark.parametrize("device", available_devices(), ids=str)


def gradient_of(size: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: size * (WEIGHTS * (x - TARGET) + np.sin(x))


def loss_of(size: float, device: torch.device) -> Callable[[torch.Tensor], torch.Tensor]:
    weights, target = torch.tensor(WEIGHTS, device=device), torch.tensor(TARGET, device=device)
    return lambda x: size * (weights * (x - target) ** 2 / 2 - torch.cos(x)).sum()


@every_device
@every_size
@every_pair
def test_fifty_steps_are_the_same(name: str, size: float, device: torch.device) -> None:
    ours, pytorchs, aliases = PAIRS[name]
    path = np_path(ours(), gradient_of(size), START, STEPS)
    start = torch.tensor(START, device=device)
    for make in (pytorchs, aliases):
        theirs = optimizer_path(make, loss_of(size, device), start, STEPS).cpu().numpy()
        np.testing.assert_allclose(path, theirs, rtol=1e-10, atol=1e-10 * size)
    assert np.abs(path[-1] - path[0]).max() > 1e-3 * size  # it moved


@pytest.mark.parametrize("name", ["AdaGrad", "RMSProp", "Adam"])
def test_tiny_gradients_tell_where_epsilon_stands(name: str) -> None:
    optimizer = PAIRS[name][0]()
    optimizer.eps_inside = True
    start, steps = torch.tensor(START), 10
    for size, apart in ((1.0, False), (1e-4, True)):
        path = np_path(optimizer, gradient_of(size), START, steps)
        theirs = optimizer_path(PAIRS[name][1], loss_of(size, start.device), start, steps).numpy()
        assert (np.abs(path - theirs).max() > 1e-2) == apart
        optimizer = PAIRS[name][0]()
        optimizer.eps_inside = True


def test_textbook_nesterov_is_where_pytorchs_comes_from() -> None:
    textbook = np_path(np_momentum.Nesterov(0.05, 0.8, "textbook"), gradient_of(1.0), START, STEPS)
    theirs = optimizer_path(PAIRS["Nesterov"][1], loss_of(1.0, torch.device("cpu")), torch.tensor(START), STEPS).numpy()
    ahead = textbook[1:] + 0.8 * np.diff(textbook, axis=0)  # theta - beta v, with v = -(last move)
    np.testing.assert_allclose(theirs[1:], ahead, rtol=1e-10, atol=1e-12)


ROWS: dict[str, tuple[Any, Any, int, dict[str, Any]]] = {
    **{f"momentum_step {form}": (np_momentum.momentum_step, momentum.momentum_step, 1, {"lr": 0.3, "form": form})
       for form in np_momentum.FORMS},
    **{f"adagrad_step {inside}": (np_adaptive.adagrad_step, adaptive.adagrad_step, 1, {"lr": 0.3, "eps_inside": inside})
       for inside in (False, True)},
    **{f"rmsprop_step {inside}": (np_adaptive.rmsprop_step, adaptive.rmsprop_step, 1, {"lr": 0.3, "eps_inside": inside})
       for inside in (False, True)},
    **{f"adam_step {inside}": (np_adam.adam_step, adam.adam_step, 2, {"t": 3, "lr": 0.3, "eps_inside": inside})
       for inside in (False, True)},
    "adamw_step": (np_adam.adamw_step, adam.adamw_step, 2, {"t": 3, "lr": 0.3, "weight_decay": 0.2}),
}


@every_device
@every_size
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", ROWS)
def test_single_steps(name: str, dtype: str, size: float, device: torch.device) -> None:
    ours, theirs, states, arguments = ROWS[name]
    rng = np.random.default_rng(9)
    theta, gradient = rng.normal(size=(5, 3)), size * rng.normal(size=(5, 3))
    past = [size**2 * rng.uniform(0.5, 2.0, size=(5, 3)) for _ in range(states)]
    arrays = [array.astype(dtype) for array in (theta, *past, gradient)]
    tensors = [torch.tensor(array, device=device) for array in arrays]
    tolerance = 1e-12 if dtype == "float64" else 2e-5
    for a, b in zip(ours(*arrays, **arguments), theirs(*tensors, **arguments), strict=True):
        assert str(a.dtype) == dtype and str(b.dtype) == f"torch.{dtype}"
        np.testing.assert_allclose(a, b.cpu().numpy(), rtol=tolerance, atol=tolerance * np.abs(a).max())


def test_nesterov_step_on_both_sides() -> None:
    theta, v = np.array([1.0, -2.0]), np.array([0.5, 0.25])
    ours = np_momentum.nesterov_step(theta, v, lambda x: x**3, 0.1, 0.7)
    theirs = momentum.nesterov_step(torch.tensor(theta), torch.tensor(v), lambda x: x**3, 0.1, 0.7)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b.numpy(), rtol=1e-14)


def test_own_momentum_follows_a_schedule_as_its_numpy_form_does() -> None:
    for form in np_momentum.FORMS:
        optimizer, w = np_momentum.Momentum(0.1, form=form), {"w": np.array([1.0])}
        tensor = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
        other = momentum.Momentum([tensor], 0.1, form=form)
        for lr in (0.1, 0.02, 0.05):
            optimizer.lr = other.param_groups[0]["lr"] = lr
            w = optimizer.step(w, {"w": 2 * w["w"]})
            other.zero_grad()
            (tensor**2).sum().backward()
            other.step()
        np.testing.assert_allclose(w["w"], tensor.detach().numpy(), rtol=1e-14)


def test_own_momentum_skips_what_has_no_gradient_and_takes_a_closure() -> None:
    used, unused = (torch.tensor([1.0], requires_grad=True) for _ in range(2))
    optimizer = momentum.Momentum([used, unused], 0.1)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        value = (used**2).sum()
        value.backward()
        return value

    assert optimizer.step(closure).item() == 1.0
    assert used.item() < 1.0 and unused.item() == 1.0


def test_messages() -> None:
    w = [torch.tensor([1.0], requires_grad=True)]
    with pytest.raises(ValueError, match="form is 'heavy', expected one of 'averaged', 'classical', 'pytorch'"):
        momentum.Momentum(w, 0.1, form="heavy")
    with pytest.raises(ValueError, match="beta is 1, expected at least 0 and less than 1"):
        momentum.Momentum(w, 0.1, beta=1)
    with pytest.raises(ValueError, match="lr is 0, expected a positive number"):
        momentum.Momentum(w, 0)
    with pytest.raises(ValueError, match="t is 0, expected a step number from 1 upwards"):
        adam.adam_step(w[0], w[0], w[0], w[0], 0)
