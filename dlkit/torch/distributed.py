"""Several processes, one model: what `torchrun` starts joins a group, and `dlkit.torch.training.fit` shares out each batch.

A script needs one line more than for a single process, and runs with and without `torchrun`:

    with process_group() as device:
        fit(model, X, y, loss, optimizer, epochs, batch_size, rng, device=device)

    torchrun --nproc-per-node 2 script.py

Processes talk by NCCL where each has a GPU of its own, else by gloo on the CPU.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import torch
from torch import distributed, nn

from dlkit.torch.device import default_device

__all__ = ["is_main", "process_group", "rank", "share", "world_size"]


def world_size() -> int:
    """How many processes train together; 1 without a group.

    Returns
    -------
    int

    Examples
    --------
    >>> world_size()
    1
    """
    return distributed.get_world_size() if distributed.is_available() and distributed.is_initialized() else 1


def rank() -> int:
    """The number of this process in its group, from 0; 0 without a group.

    Returns
    -------
    int

    Examples
    --------
    >>> rank()
    0
    """
    return distributed.get_rank() if world_size() > 1 else 0


def is_main() -> bool:
    """Whether this process is the one that prints and writes files: number 0, or the only one.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_main()
    True
    """
    return rank() == 0


@contextmanager
def process_group(timeout: float = 600.0) -> Iterator[torch.device]:
    """Join the processes that `torchrun` started, and leave them at the end; alone, there is nothing to join.

    Parameters
    ----------
    timeout : float
        Seconds that a process waits for the others before it gives up.

    Yields
    ------
    torch.device
        What this process computes on: its own GPU, if each process of this machine can have one; else the
        CPU. Without `torchrun`, `dlkit.torch.device.default_device`.

    Raises
    ------
    ValueError
        If the timeout is not positive.

    Examples
    --------
    >>> with process_group() as device:
    ...     device.type in ("cpu", "cuda"), world_size()
    (True, 1)
    """
    if not timeout > 0:
        raise ValueError(f"timeout is {timeout}, expected a positive number of seconds")
    if "WORLD_SIZE" not in os.environ or "RANK" not in os.environ:
        yield default_device()
        return
    local_rank = int(os.environ.get("LOCAL_RANK", os.environ["RANK"]))
    neighbours = int(os.environ.get("LOCAL_WORLD_SIZE", os.environ["WORLD_SIZE"]))
    if torch.cuda.is_available() and torch.cuda.device_count() >= neighbours:
        device, backend = torch.device("cuda", local_rank), "nccl"
        torch.cuda.set_device(device)
    else:
        device, backend = torch.device("cpu"), "gloo"
    distributed.init_process_group(backend, timeout=timedelta(seconds=timeout))
    try:
        yield device
    except BaseException:
        if backend == "gloo":  # with NCCL, leaving in the middle could wait for the others for ever; torchrun ends them all
            distributed.destroy_process_group()
        raise
    distributed.destroy_process_group()


def share(rows: int, rank: int, processes: int) -> slice:
    """The part of a batch that belongs to one process; the parts differ by one row at most.

    Parameters
    ----------
    rows : int
        In the whole batch.
    rank : int
        Of the process, from 0.
    processes : int

    Returns
    -------
    slice
        Empty, if there are fewer rows than processes and this one gets none.

    Examples
    --------
    >>> [share(7, rank, 3) for rank in range(3)]
    [slice(0, 2, None), slice(2, 4, None), slice(4, 7, None)]
    """
    return slice(rows * rank // processes, rows * (rank + 1) // processes)


# What `fit` says to the other processes. Without a group, each of these gives back what it got.


def _talking_device() -> torch.device:
    """Where tensors must be that are sent: NCCL sends from GPUs only."""
    return torch.device("cuda" if distributed.get_backend() == "nccl" else "cpu")


def same_numbers(values: Sequence[float]) -> list[float]:
    """The numbers of process 0, in all processes."""
    if world_size() == 1:
        return list(values)
    tensor = torch.tensor(values, dtype=torch.float64, device=_talking_device())
    distributed.broadcast(tensor, src=0)
    return tensor.tolist()


def same_generator(generator: torch.Generator) -> None:
    """Give the generator of each process the state of the one of process 0."""
    if world_size() > 1:
        state = generator.get_state().to(_talking_device())
        distributed.broadcast(state, src=0)
        generator.set_state(state.cpu())


def same_buffers(model: nn.Module) -> None:
    """Give the buffers of each process (running means of batch normalisation) the values of process 0."""
    if world_size() > 1:
        for buffer in model.buffers():
            value = buffer.detach().to(_talking_device()).contiguous()
            distributed.broadcast(value, src=0)
            buffer.detach().copy_(value)


def sum_of_all(value: torch.Tensor) -> torch.Tensor:
    """The sum of a tensor over all processes."""
    if world_size() == 1:
        return value
    total = value.to(_talking_device()).clone()
    distributed.all_reduce(total)
    return total


def tensors_of_all(tensor: torch.Tensor) -> list[torch.Tensor]:
    """The tensors of all processes, by number, on the CPU; they must have the same shape."""
    if world_size() == 1:
        return [tensor]
    own = tensor.to(_talking_device()).contiguous()
    found = [torch.empty_like(own) for _ in range(world_size())]
    distributed.all_gather(found, own)
    return [one.cpu() for one in found]
