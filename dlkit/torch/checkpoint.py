"""Checkpoints: a model in the middle of its training, as one file; written atomically and loaded without pickle's risks."""

from __future__ import annotations

import os
from typing import Any

import torch
from torch import nn

from dlkit.numpy.checkpoint import write_atomically

__all__ = ["load_checkpoint", "save_checkpoint"]


def save_checkpoint(
    path: str | os.PathLike,
    model: nn.Module,
    optimizer: torch.optim.Optimizer | None = None,
    rng: torch.Generator | None = None,
    **notes: Any,
) -> None:
    """Write what is needed to go on training as if nothing had happened.

    Parameters
    ----------
    path : str or path
        A file, by custom with the suffix ".pt"; an old one is replaced in one step.
    model : nn.Module
        Its ``state_dict``: parameters and buffers such as running means.
    optimizer : torch.optim.Optimizer, optional
    rng : torch.Generator, optional
        The next shuffle will be the one that would have come.
    **notes
        Numbers, strings, lists and dicts of them, tensors: the epoch, the history, hyperparameters.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> import tempfile
    >>> model = nn.Linear(2, 1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(os.path.join(folder, "a.pt"), model, epoch=7)
    ...     other = nn.Linear(2, 1)
    ...     notes = load_checkpoint(os.path.join(folder, "a.pt"), other)
    >>> notes, torch.equal(model.weight, other.weight)
    ({'epoch': 7}, True)
    """
    contents = {
        "model": model.state_dict(),
        "optimizer": None if optimizer is None else optimizer.state_dict(),
        "rng": None if rng is None else rng.get_state(),
        "notes": notes,
    }
    write_atomically(path, lambda file: torch.save(contents, file))


def load_checkpoint(
    path: str | os.PathLike,
    model: nn.Module,
    optimizer: torch.optim.Optimizer | None = None,
    rng: torch.Generator | None = None,
) -> dict[str, Any]:
    """Put model, optimizer and rng back into the state of the checkpoint, whatever device they are on.

    Parameters
    ----------
    path : str or path
        What `save_checkpoint` wrote. Only tensors and plain values are read (``weights_only``): a file from a
        stranger runs no code.
    model : nn.Module
        Built as it was then.
    optimizer : torch.optim.Optimizer, optional
    rng : torch.Generator, optional

    Returns
    -------
    dict
        The notes.

    Raises
    ------
    ValueError
        If the file lacks what is asked for.
    RuntimeError
        If names or shapes of the model differ (from ``load_state_dict``).
    """
    contents = torch.load(path, map_location="cpu", weights_only=True)
    for name, wanted in (("optimizer", optimizer), ("rng", rng)):
        if wanted is not None and contents[name] is None:
            raise ValueError(f"{os.fspath(path)} holds no {name}, expected one")
    model.load_state_dict(contents["model"])
    if optimizer is not None:
        optimizer.load_state_dict(contents["optimizer"])
    if rng is not None:
        rng.set_state(contents["rng"])
    return contents["notes"]
