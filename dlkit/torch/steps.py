"""One step of training: forward, loss, backward, clipping, update; in mixed precision and on several processes, too."""

from __future__ import annotations

import gc
from typing import Any

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from dlkit.torch.distributed import world_size
from dlkit.torch.evaluation import Loss
from dlkit.torch.training_data import model_dtype

__all__ = ["TrainingStep", "mixed_precision"]


def mixed_precision(amp: bool | str, model: nn.Module, device: torch.device) -> torch.dtype | None:
    """The dtype that automatic mixed precision computes in.

    Parameters
    ----------
    amp : bool or {"bfloat16", "float16"}
        True takes float16 on CUDA, where it is fast on every GPU, and bfloat16 elsewhere.
    model : nn.Module
        Its parameters must be float32: they stay so.
    device : torch.device

    Returns
    -------
    torch.dtype or None
        None without mixed precision.

    Raises
    ------
    ValueError
        If amp is something else, or the model not float32.

    Source: Micikevicius et al. (2018), Mixed precision training.

    Examples
    --------
    >>> mixed_precision(True, nn.Linear(2, 1), torch.device("cpu"))
    torch.bfloat16
    """
    if amp is False:
        return None
    names = {True: "float16" if device.type == "cuda" else "bfloat16", "bfloat16": "bfloat16", "float16": "float16"}
    if amp not in names:
        raise ValueError(f"amp is {amp!r}, expected True, False, 'bfloat16' or 'float16'")
    if model_dtype(model) != torch.float32:
        raise ValueError(f"amp is {amp!r} and model has dtype {model_dtype(model)}, expected torch.float32")
    return getattr(torch, names[amp])


class TrainingStep:
    """Make one step with a batch, and give back the loss before it, as a tensor: reading it is up to the caller.

    With several processes, each calls it with its share of the batch. `DistributedDataParallel` takes the
    plain mean of their gradients, so a share that is smaller or larger than others is weighted here.

    Parameters
    ----------
    model : nn.Module
        On its device.
    loss : callable
        ``loss(output, target)``, the mean over the batch.
    optimizer : torch.optim.Optimizer
    clip_value, clip_norm : float, optional
        Limits of each entry of the gradient, and of the norm of all of it.
    precision : torch.dtype, optional
        For mixed precision; with float16 the loss is scaled.
    device : torch.device
    compile : bool or str
        Whether to compile the model, or the backend that does.

    Attributes
    ----------
    scaler : torch.amp.GradScaler or None
        Has a state that belongs into a checkpoint.

    Examples
    --------
    >>> w = nn.Linear(1, 1, bias=False)
    >>> _ = nn.init.zeros_(w.weight)
    >>> step = TrainingStep(w, nn.MSELoss(), torch.optim.SGD(w.parameters(), lr=1.0), clip_norm=0.5)
    >>> step(torch.ones(1, 1), 3 * torch.ones(1, 1), 1, 1), round(w.weight.item(), 6)  # the gradient is -6
    (tensor(9.), 0.5)
    """

    def __init__(
        self,
        model: nn.Module,
        loss: Loss,
        optimizer: torch.optim.Optimizer,
        *,
        clip_value: float | None = None,
        clip_norm: float | None = None,
        precision: torch.dtype | None = None,
        device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a constant
        compile: bool | str = False,
    ) -> None:
        self.loss, self.optimizer, self.clip_value, self.clip_norm = loss, optimizer, clip_value, clip_norm
        self.processes, self.precision, self.device = world_size(), precision, device
        self.scaler = torch.amp.GradScaler(device.type) if precision == torch.float16 else None
        self.parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        self.model, self.compile = model, compile
        self.network: Any = model

    def connect(self) -> None:
        """Get ready for the first step: share the model's start with all processes, and compile."""
        if self.processes > 1:
            here = [torch.cuda.current_device()] if self.device == torch.device("cuda") else [self.device]
            self.network = DistributedDataParallel(self.model, device_ids=here if self.device.type == "cuda" else None)
        if self.compile:
            self.network = torch.compile(self.network, **({} if self.compile is True else {"backend": self.compile}))

    def disconnect(self) -> None:
        """Let go of the other processes."""
        if self.network is not self.model:
            self.network = self.model
            if self.processes > 1:
                gc.collect()  # the wrapper is in a cycle, and as long as it lives it takes part in every backward pass

    def __call__(self, inputs: torch.Tensor, targets: torch.Tensor, count: int, whole: int) -> torch.Tensor:
        """One step with ``count`` rows, this process's share of a batch of ``whole`` rows."""
        self.optimizer.zero_grad()
        if self.precision is None:
            value = self.loss(self.network(inputs), targets)
        else:
            with torch.autocast(self.device.type, self.precision):
                output = self.network(inputs)
            value = self.loss(output.float(), targets)
        if not isinstance(value, torch.Tensor) or value.ndim:
            got = f"shape {tuple(value.shape)}" if isinstance(value, torch.Tensor) else type(value).__name__
            raise ValueError(f"loss returned {got}, expected a scalar tensor")
        result = value.detach()
        if count * self.processes != whole:
            value = value * (count * self.processes / whole)
        if self.scaler is None:
            value.backward()
            self._clip()
            self.optimizer.step()
        else:
            self.scaler.scale(value).backward()
            self.scaler.unscale_(self.optimizer)  # limits are for the gradient itself
            self._clip()
            self.scaler.step(self.optimizer)
            self.scaler.update()
        return result

    def _clip(self) -> None:
        if self.clip_value is not None:
            clip_grad_value_(self.parameters, self.clip_value)
        if self.clip_norm is not None:
            clip_grad_norm_(self.parameters, self.clip_norm)
