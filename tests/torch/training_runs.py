"""A run with everything in it that has a state, and scripts that train it: one to be killed, one for several processes."""

from __future__ import annotations

import faulthandler
import importlib.util
import os
import sys
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn

from dlkit.torch.distributed import process_group, rank
from dlkit.torch.layers import Dense
from dlkit.torch.losses_classification import cross_entropy
from dlkit.torch.losses_regression import mse
from dlkit.torch.metrics import accuracy
from dlkit.torch.network import Sequential, mlp
from dlkit.torch.training import EarlyStopping, History, fit

EPOCHS = 8


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def points(rows: int = 90) -> tuple[torch.Tensor, torch.Tensor]:
    X = torch.randn(rows, 2, generator=generator(1))
    return X, (X[:, 0] * X[:, 1] > 0).long()


def everything(path: Path | None, epochs: int = EPOCHS, **changes: Any) -> tuple[Sequential, History]:
    """Train a model with dropout and batch normalisation; ``optimizer`` and ``schedule`` may be functions that make them."""
    torch.manual_seed(changes.pop("seed", 3))  # dropout draws from the global generator
    rng = generator(2)
    model = Sequential(Dense(2, 16, rng), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), Dense(16, 2, rng))
    optimizer = changes.pop("optimizer", lambda p: torch.optim.Adam(p, lr=0.02))(model.parameters())
    schedule = changes.pop("schedule", lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=10))
    X, y = points()
    options = {
        "validation_data": (X[60:], y[60:]),
        "metrics": {"accuracy": accuracy},
        "schedule": schedule and schedule(optimizer),
        "clip_norm": 1.0,
        "early_stopping": EarlyStopping(patience=50),
        "checkpoint": path,
        "device": "cpu",
    }
    arguments = {"X": X[:60], "y": y[:60], "batch_size": 16, "rng": rng}
    options |= {name: value for name, value in changes.items() if name not in arguments}
    arguments |= {name: value for name, value in changes.items() if name in arguments}
    history = model.fit(loss=cross_entropy, optimizer=optimizer, epochs=epochs, **arguments, **options)
    return model, history


def train_slowly(checkpoint: str) -> None:
    """Say after each epoch that it is done, and never come to the end."""

    def tell(epoch: int, record: dict[str, float]) -> None:
        print(epoch, flush=True)
        time.sleep(0.05 if epoch < EPOCHS - 1 else 60)

    everything(Path(checkpoint), callback=tell)


def regression(rows: int) -> tuple[torch.Tensor, torch.Tensor]:
    X = torch.randn(rows, 3, generator=generator(5), dtype=torch.float64)
    return X, torch.sin(X @ torch.ones(3, 2, dtype=torch.float64))


def together(name: str, **changes: Any) -> dict[str, Any]:
    """One of the trainings that must come out the same in one process and in several."""
    rng = generator(7 if rank() == 0 else 8)  # `fit` must not rely on equal generators
    model = mlp([3, 8, 2], generator(11 + rank()), dtype=torch.float64)  # nor on equal weights
    optimizer, epochs, batch_size, X, y = torch.optim.SGD(model.parameters(), lr=0.2), 4, 10, *regression(25)
    options: dict[str, Any] = {"validation_data": (X[:9], y[:9]), "device": "cpu"}
    if name == "everything":
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.05)
        options |= {"clip_norm": 0.1, "schedule": torch.optim.lr_scheduler.StepLR(optimizer, 2)}
        options |= {"early_stopping": EarlyStopping(1, min_delta=10.0), "metrics": {"largest": lambda out, y: (out - y).abs().max()}}
    elif name == "fewer rows than processes":
        batch_size = 3  # 25 rows: a last batch of one, whose second share is empty
    elif name == "loader":
        loading = torch.Generator().manual_seed(9 + rank())
        X = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), 10, shuffle=True, generator=loading)
        y = batch_size = None
    options |= changes
    history = fit(model, X, y, mse, optimizer, epochs, batch_size, rng, **options)
    return {"parameters": [p.detach().clone() for p in model.parameters()], "history": history.records}


TOGETHER = ("plain", "everything", "fewer rows than processes", "loader")


def train_together(folder: str) -> None:
    """All of them, one after the other, by each process of a group; and one that is interrupted and resumed."""
    calls = []
    with process_group(timeout=60) as device:
        result: dict[str, Any] = {name: together(name) for name in TOGETHER}
        logs = Path(folder) / "logs" if importlib.util.find_spec("tensorboard") else None
        stop = {"callback": lambda epoch, record: calls.append(epoch) or epoch == 2, "checkpoint": Path(folder) / "run.pt"}
        for _ in range(2):
            resumed = together("plain", **stop, resume=True, log_dir=logs)
            stop["callback"] = lambda epoch, record: calls.append(epoch)
        result |= {"resumed": resumed, "calls": calls, "device": str(device), "written": sorted(os.listdir(folder))}
        dropped, draws = [], []
        for parts in ([5], [3, 5]):  # in one go, and resumed; dropout: each process draws masks of its own
            for epochs in parts:
                model, _ = everything(Path(folder) / f"dropout {len(parts)}.pt", epochs, seed=3 + rank(), resume=True)
            dropped.append([p.detach().clone() for p in model.parameters()])
            draws.append(torch.rand(3))
        result |= {"dropped": dropped, "draws": draws, "buffers": list(model.buffers())}
    torch.save(result, Path(folder) / f"result{os.environ['RANK']}.pt")


if __name__ == "__main__":
    faulthandler.dump_traceback_later(100, exit=True)  # nobody waits for ever, not even when its parent is gone
    torch.set_num_threads(1)
    {"slowly": train_slowly, "together": train_together}[sys.argv[1]](sys.argv[2])
