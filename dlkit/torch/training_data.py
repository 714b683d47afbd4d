"""Where training data comes from: tensors that lie on the device, or a `DataLoader`; and what of it is this process's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, DistributedSampler, RandomSampler

from dlkit.torch.device import to_tensor
from dlkit.torch.distributed import rank, share, world_size

__all__ = ["LoaderBatches", "RowBatches", "model_device", "model_dtype", "pair"]

Batch = tuple[torch.Tensor, torch.Tensor, int, int]  # inputs, targets, rows of this process, rows of the whole batch


def model_device(model: nn.Module) -> torch.device:
    """Where the parameters of a model are; the CPU if it has none.

    Parameters
    ----------
    model : nn.Module

    Returns
    -------
    torch.device

    Examples
    --------
    >>> model_device(nn.Linear(2, 1))
    device(type='cpu')
    """
    first = next(model.parameters(), None)
    return torch.device("cpu") if first is None else first.device


def model_dtype(model: nn.Module) -> torch.dtype:
    """The dtype of the parameters, to which floating inputs are converted; PyTorch's default if there are none.

    Parameters
    ----------
    model : nn.Module

    Returns
    -------
    torch.dtype

    Examples
    --------
    >>> model_dtype(nn.Linear(2, 1, dtype=torch.float64))
    torch.float64
    """
    first = next((p for p in model.parameters() if p.is_floating_point()), None)
    return torch.get_default_dtype() if first is None else first.dtype


def pair(model: nn.Module, X: Any, y: Any, X_name: str = "X", y_name: str = "y") -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs and targets as tensors on the device of the model; floating values in its dtype, labels as they are.

    Parameters
    ----------
    model : nn.Module
    X, y : torch.Tensor or array_like
        Shapes (N, ...); X has one axis more at least.
    X_name, y_name : str
        What they are called, for the errors.

    Returns
    -------
    (torch.Tensor, torch.Tensor)

    Raises
    ------
    TypeError
        If they are not numbers.
    ValueError
        If the lengths differ or there are no rows.

    Examples
    --------
    >>> pair(nn.Linear(2, 1), [[1.0, 2.0]], [1])
    (tensor([[1., 2.]]), tensor([1]))
    """
    device, dtype = model_device(model), model_dtype(model)
    X = to_tensor(X_name, X, dtype=dtype, device=device)
    y = to_tensor(y_name, y, dtype=dtype, device=device)
    if X.ndim < 2:
        raise ValueError(f"{X_name} has shape {tuple(X.shape)}, expected (N, ...) with one row for each example")
    if y.ndim == 0 or len(y) != len(X):
        raise ValueError(f"{y_name} has shape {tuple(y.shape)}, expected ({len(X)}, ...) to match {X_name}")
    if len(X) == 0:
        raise ValueError(f"{X_name} has no rows")
    return X, y


class RowBatches:
    """Batches of tensors, their rows in a new random order each time; of each batch, the share of this process.

    Parameters
    ----------
    X, y : torch.Tensor
        Shapes (N, ...), on the device.
    batch_size : int or None
        Rows of a batch, the last may be smaller; None takes all at once.
    rng : torch.Generator
        A CPU generator, in the same state in all processes.

    Attributes
    ----------
    count : int or None
        How many batches there are, if that is known.
    generators : list of torch.Generator
        What the order of the rows depends on.

    Examples
    --------
    >>> X, rng = torch.arange(5).reshape(5, 1), torch.Generator().manual_seed(0)
    >>> batches = RowBatches(X, X[:, 0], 2, rng)
    >>> batches.count, [rows for inputs, targets, share, rows in batches]
    (3, [2, 2, 1])
    >>> sorted(torch.cat([targets for inputs, targets, share, rows in batches]).tolist())
    [0, 1, 2, 3, 4]
    """

    def __init__(self, X: torch.Tensor, y: torch.Tensor, batch_size: int | None, rng: torch.Generator) -> None:
        self.X, self.y, self.rng = X, y, rng
        self.batch_size = min(batch_size or len(X), len(X))
        self.generators = [rng]
        self.count: int | None = -(-len(X) // self.batch_size)

    def describe(self) -> dict[str, Any]:
        """What must be the same when a run is resumed."""
        return {"rows": len(self.X), "batch_size": self.batch_size}

    def __iter__(self) -> Iterator[Batch]:
        X, y, me, processes = self.X, self.y, rank(), world_size()
        for rows in torch.randperm(len(X), generator=self.rng).to(X.device).split(self.batch_size):
            whole = count = len(rows)
            if processes > 1:
                mine, count = _own_part(whole, me, processes)
                rows = rows[mine]
            yield X[rows], y[rows], count, whole


class LoaderBatches:
    """Batches of a `DataLoader`, moved to the device of the model; of each batch, the share of this process.

    All processes load the same batches, so a loader that shuffles needs a generator there, which `fit`
    gives the same state everywhere.

    Parameters
    ----------
    loader : DataLoader
        Of pairs (inputs, targets).
    model : nn.Module
        Gives the device and the dtype.
    rng : torch.Generator
        For all that is random but the order of the rows.

    Raises
    ------
    ValueError
        With several processes, if their loaders would give different batches.

    Examples
    --------
    >>> X = torch.zeros(5, 2)
    >>> loader = DataLoader(torch.utils.data.TensorDataset(X, X), batch_size=4)
    >>> [(tuple(inputs.shape), rows) for inputs, _, _, rows in LoaderBatches(loader, nn.Linear(2, 2), torch.Generator())]
    [((4, 2), 4), ((1, 2), 1)]
    """

    def __init__(self, loader: DataLoader, model: nn.Module, rng: torch.Generator) -> None:
        if isinstance(loader.sampler, DistributedSampler):
            raise ValueError("X has a DistributedSampler, expected whole batches: fit takes the share of each process itself")
        if world_size() > 1 and isinstance(loader.sampler, RandomSampler) and loader.generator is None:
            raise ValueError("X shuffles without a generator, expected DataLoader(..., generator=...) with several processes")
        self.loader, self.model = loader, model
        self.generators = [rng] if loader.generator in (None, rng) else [rng, loader.generator]
        try:
            self.count: int | None = len(loader)
        except TypeError:  # an iterable data set does not know
            self.count = None

    def describe(self) -> dict[str, Any]:
        """What must be the same when a run is resumed."""
        return {"batches": self.count, "batch_size": self.loader.batch_size}

    def __iter__(self) -> Iterator[Batch]:
        me, processes = rank(), world_size()
        for inputs, targets in loaded(self.loader, self.model):
            whole = count = len(inputs)
            if processes > 1:
                mine, count = _own_part(whole, me, processes)
                inputs, targets = inputs[mine], targets[mine]
            yield inputs, targets, count, whole


def loaded(loader: DataLoader, model: nn.Module, name: str = "X") -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The batches of a loader, as tensors on the device of the model."""
    device, dtype = model_device(model), model_dtype(model)
    for batch in loader:
        if not isinstance(batch, (tuple, list)) or len(batch) != 2 or not all(isinstance(t, torch.Tensor) for t in batch):
            raise TypeError(f"{name} gives batches of {type(batch).__name__}, expected pairs (inputs, targets) of tensors")
        inputs, targets = (
            tensor.to(device, dtype if tensor.is_floating_point() else None, non_blocking=True) for tensor in batch
        )
        yield inputs, targets


def _own_part(rows: int, me: int, processes: int) -> tuple[slice, int]:
    """What this process takes of a batch, and how many rows of it count.

    One that would get nothing takes a row which counts nothing: all processes must answer each backward pass.
    """
    mine = share(rows, me, processes)
    count = mine.stop - mine.start
    return (mine, count) if count else (slice(0, 1), 0)
