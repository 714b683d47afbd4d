"""A complete training script: three spirals, learned by one process or by several.

    python -m dlkit.torch.train_example
    python -m torch.distributed.run --nproc-per-node 2 -m dlkit.torch.train_example --checkpoint spirals.pt

The second line trains the same network with two processes, each on half of every batch: on two GPUs if there are, else
on the CPU. Cut it off and start it again with --resume, and it goes on as if nothing had happened.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence

import torch
from torch import nn

from dlkit.torch.distributed import is_main, process_group, rank, world_size
from dlkit.torch.layers import Dense
from dlkit.torch.losses_classification import cross_entropy
from dlkit.torch.metrics import accuracy
from dlkit.torch.network import History, Sequential, mlp
from dlkit.torch.training import EarlyStopping

__all__ = ["main", "spirals"]


def spirals(rows: int, rng: torch.Generator, classes: int = 3, noise: float = 0.05) -> tuple[torch.Tensor, torch.Tensor]:
    """Points on spirals that wind around each other, one for each class.

    Parameters
    ----------
    rows : int
        How many points.
    rng : torch.Generator
    classes : int
        How many spirals.
    noise : float
        Standard deviation of what is added to each coordinate.

    Returns
    -------
    X : torch.Tensor
        Shape (rows, 2), float32.
    y : torch.Tensor
        Shape (rows,), the number of the spiral.

    Examples
    --------
    >>> X, y = spirals(5, torch.Generator().manual_seed(0))
    >>> X.shape, y.tolist()
    (torch.Size([5, 2]), [0, 1, 2, 0, 1])
    """
    y = torch.arange(rows) % classes
    radius = torch.rand(rows, generator=rng)
    angle = 2 * math.pi * (radius + y / classes)
    X = radius.unsqueeze(1) * torch.stack([angle.cos(), angle.sin()], dim=1)
    return X + noise * torch.randn(rows, 2, generator=rng), y


def main(arguments: Sequence[str] | None = None) -> History:
    """Train as the arguments say, print what came out, and return the history.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line when not given; ``--help`` lists them.

    Returns
    -------
    History

    Examples
    --------
    >>> history = main(["--epochs", "30", "--device", "cpu"])  # doctest: +ELLIPSIS
    1 process on cpu, 30 epochs: loss 0..., accuracy 9...%
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--batch-size", type=int, default=64, help="rows of a step, of all processes together")
    parser.add_argument("--lr", type=float, default=0.01, help="of Adam in the first epoch; falls along a cosine")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", help="cpu, cuda, ...: the best there is when not given")
    parser.add_argument("--amp", action="store_true", help="automatic mixed precision")
    parser.add_argument("--compile", action="store_true", help="torch.compile")
    parser.add_argument("--progress", action="store_true", help="a bar with the time left")
    parser.add_argument("--log-dir", help="curves for TensorBoard")
    parser.add_argument("--checkpoint", help="a file that holds the whole state of the run")
    parser.add_argument("--resume", action="store_true", help="continue from the checkpoint if there is one")
    options = parser.parse_args(arguments)

    with process_group() as device:
        rng = torch.Generator().manual_seed(options.seed)
        torch.manual_seed(options.seed + rank())  # dropout: other masks in each process
        X, y = spirals(900, rng)
        model = Sequential(mlp([2, 64, 64], rng, nn.ReLU, nn.ReLU), nn.Dropout(0.1), Dense(64, 3, rng))
        adam = torch.optim.Adam(model.parameters(), lr=options.lr)
        history = model.fit(
            X[:600], y[:600], cross_entropy, adam, options.epochs, options.batch_size, rng,
            validation_data=(X[600:], y[600:]), metrics={"accuracy": accuracy},
            schedule=lambda epoch: options.lr * (1 + math.cos(math.pi * epoch / options.epochs)) / 2,
            clip_norm=1.0, amp=options.amp, compile=options.compile, device=options.device or device,
            early_stopping=EarlyStopping(patience=20), progress=options.progress, log_dir=options.log_dir,
            checkpoint=options.checkpoint, resume=options.resume,
        )  # fmt: skip
        if is_main():
            judged = model.evaluate(X[600:], y[600:], cross_entropy, {"accuracy": accuracy})
            processes = "1 process" if world_size() == 1 else f"{world_size()} processes"
            print(
                f"{processes} on {model.device.type}, {len(history)} epochs: "
                f"loss {judged['loss']:.3f}, accuracy {judged['accuracy']:.1%}"
            )
    return history


if __name__ == "__main__":
    main()
