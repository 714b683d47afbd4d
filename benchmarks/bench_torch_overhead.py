"""dlkit.torch against the plain PyTorch module it stands for, on the CPU and on the GPU when there is one.

examples:
  python benchmarks/bench_torch_overhead.py
  python benchmarks/bench_torch_overhead.py --json
"""

from __future__ import annotations

from collections.abc import Callable

import harness
import torch
import torch.nn.functional as F
from torch import nn

from dlkit.torch import losses_classification, losses_regression
from dlkit.torch.device import available_devices
from dlkit.torch.hierarchical_softmax import HierarchicalSoftmax, balanced_tree
from dlkit.torch.network import mlp
from dlkit.torch.training import fit

GOAL = "at most 1.05"
SIZES, BATCH, EPOCHS, CLIP_NORM = (784, 256, 10), 128, 5, 1.0


def finished(call: Callable[[], object], device: torch.device) -> Callable[[], object]:
    """The call, and on a GPU the wait until it is done."""
    if device.type == "cpu":
        return call
    return lambda: (call(), torch.cuda.synchronize())


def plain(sizes: tuple[int, int, int]) -> nn.Sequential:
    hidden = [module for i, o in zip(sizes[:-2], sizes[1:-1], strict=True) for module in (nn.Linear(i, o), nn.Tanh())]
    return nn.Sequential(*hidden, nn.Linear(*sizes[-2:]))


def training_step(model: nn.Module, X: torch.Tensor, y: torch.Tensor, loss: Callable) -> Callable[[], object]:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step() -> None:
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()

    return step


def training_loop(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, batch_size: int, *, full: bool = False
) -> Callable[[], object]:
    """The loop that people write by hand, which reads the loss of every batch; in full, with clipping and a schedule."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    rng = torch.Generator().manual_seed(0)

    def epoch(number: int) -> float:
        model.train()
        total = 0.0
        if full:
            for group in optimizer.param_groups:
                group["lr"] = schedule(number)
        for rows in torch.randperm(len(X), generator=rng).to(X.device).split(batch_size):
            optimizer.zero_grad()
            value = F.cross_entropy(model(X[rows]), y[rows])
            value.backward()
            if full:
                nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM)
            optimizer.step()
            total += value.item() * len(rows)
        return total / len(X)

    return lambda: [epoch(number) for number in range(EPOCHS)]


def fit_loop(
    model: nn.Module, X: torch.Tensor, y: torch.Tensor, batch_size: int, *, full: bool = False
) -> Callable[[], object]:
    """The same by `fit`, all that it does before and after included."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    rng = torch.Generator().manual_seed(0)
    options = {"clip_norm": CLIP_NORM, "schedule": schedule} if full else {}
    return lambda: fit(
        model, X, y, losses_classification.cross_entropy, optimizer, EPOCHS, batch_size, rng, device=X.device, **options
    )


def schedule(epoch: int) -> float:
    return 0.01 / (1 + epoch)


def run(quick: bool) -> list[harness.Comparison]:
    torch.set_num_threads(1)
    comparisons = []
    for device in available_devices():
        rng = torch.Generator().manual_seed(0)
        X = torch.randn(BATCH * 8, SIZES[0], generator=rng).to(device)
        y = torch.randint(SIZES[-1], (BATCH * 8,), generator=rng).to(device)
        ours, theirs = mlp(SIZES, rng).to(device), plain(SIZES).to(device)
        scores, target = torch.randn(2, BATCH, 10, generator=rng).to(device)
        few, labels = X[:BATCH], y[:BATCH]
        cases = {
            "forward": (lambda m=theirs, x=few: m(x), lambda m=ours, x=few: m(x)),
            "training step": (
                training_step(theirs, few, labels, F.cross_entropy),
                training_step(ours, few, labels, losses_classification.cross_entropy),
            ),
            f"fit, {EPOCHS} epochs of 8 batches": (training_loop(theirs, X, y, BATCH), fit_loop(ours, X, y, BATCH)),
            f"fit, {EPOCHS} epochs of 128 small batches": (training_loop(theirs, X, y, 8), fit_loop(ours, X, y, 8)),
            f"fit with clipping and schedule, {EPOCHS} epochs of 8 batches": (
                training_loop(theirs, X, y, BATCH, full=True),
                fit_loop(ours, X, y, BATCH, full=True),
            ),
            "mse": (
                lambda s=scores, t=target: F.mse_loss(s, t),
                lambda s=scores, t=target: losses_regression.mse(s, t),
            ),
            "cross-entropy": (
                lambda s=scores, t=labels: F.cross_entropy(s, t),
                lambda s=scores, t=labels: losses_classification.cross_entropy(s, t),
            ),
        }
        for name, (plain_call, own_call) in cases.items():
            comparisons.append(
                harness.compare(
                    f"dlkit.torch, {name}, {device}",
                    {"PyTorch": finished(plain_call, device), "dlkit.torch": finished(own_call, device)},
                    baseline="PyTorch",
                    quick=quick,
                    goal=GOAL,
                )
            )
        comparisons.append(tree_against_softmax(device, quick))
    return comparisons


def tree_against_softmax(device: torch.device, quick: bool, classes: int = 20_000) -> harness.Comparison:
    """What the hierarchical softmax is for: the loss of one batch with many classes, forward and backward."""
    rng = torch.Generator().manual_seed(0)
    h = torch.randn(32, 64, generator=rng).to(device)
    labels = torch.randint(classes, (32,), generator=rng).to(device)
    tree = HierarchicalSoftmax(balanced_tree(classes), 64).to(device)
    flat = nn.Linear(64, classes).to(device)
    return harness.compare(
        f"hierarchical softmax against softmax, {classes} classes, {device}",
        {
            "softmax": finished(lambda: F.cross_entropy(flat(h), labels).backward(), device),
            "hierarchical softmax": finished(lambda: tree(h, labels).backward(), device),
        },
        baseline="softmax",
        quick=quick,
        goal="below 1",
    )


if __name__ == "__main__":
    harness.main(run, __doc__)
