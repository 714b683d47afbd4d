"""One training loop for every model: `fit`, with what long runs need, on a CPU, a GPU or several processes."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from numbers import Integral
from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
from torch.utils.data import DataLoader

from dlkit.numpy.network import History
from dlkit.torch.device import resolve_device
from dlkit.torch.distributed import is_main, same_buffers, same_generator, same_numbers, sum_of_all, world_size
from dlkit.torch.early_stopping import EarlyStopping
from dlkit.torch.evaluation import Loss, Metrics, check_batch_size, judge
from dlkit.torch.monitoring import Monitor, about_run
from dlkit.torch.run_state import RunState, open_checkpoint
from dlkit.torch.steps import TrainingStep, mixed_precision
from dlkit.torch.training_data import Batch, LoaderBatches, RowBatches, model_device, pair

__all__ = ["EarlyStopping", "History", "fit"]

Schedule = Callable[[int], float] | LRScheduler
UNREAD = 10_000  # losses that may wait on the device until they are read


def fit(
    model: nn.Module,
    X: Any,
    y: Any,
    loss: Loss,
    optimizer: torch.optim.Optimizer,
    epochs: int,
    batch_size: int | None,
    rng: torch.Generator,
    *,
    validation_data: tuple[Any, Any] | DataLoader | None = None,
    metrics: Metrics | None = None,
    callback: Callable[[int, dict[str, float]], bool | None] | None = None,
    schedule: Schedule | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    amp: bool | str = False,
    early_stopping: EarlyStopping | None = None,
    progress: bool = False,
    log_dir: str | os.PathLike[str] | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    resume: bool = False,
    compile: bool | str = False,
    device: str | torch.device | None = None,
) -> History:
    """Train a model by mini-batches, shuffled anew in each epoch.

    The model moves to the device (in place, so the optimizer keeps its parameters) and stays there. Tensors
    and arrays move there as a whole, and the loss is read once an epoch, so that a GPU never waits for the CPU.

    In a `dlkit.torch.distributed.process_group` all processes call it with the same arguments. Each trains
    on its share of every batch, gradients are averaged by `DistributedDataParallel`, and the result is that
    of one process with whole batches (batch normalisation excepted: it sees one share at a time). Each
    returns the same history; the callback, the bar and all files belong to process 0.

    Parameters
    ----------
    model : nn.Module
        Any: ``model(X)`` gives the output.
    X : torch.Tensor, array_like or DataLoader
        Shape (N, ...), floating values take the dtype of the model; or a loader of pairs (inputs, targets),
        for data that are too large for the device. A loader shuffles by itself.
    y : torch.Tensor or array_like
        Shape (N, ...), whole numbers stay labels, floating values take the dtype of the model; None for a
        loader.
    loss : callable
        ``loss(output, target)`` gives a scalar tensor, the mean over the batch.
    optimizer : torch.optim.Optimizer
        Over parameters of this model.
    epochs : int
        Passes over the data, those before a resumed checkpoint included.
    batch_size : int or None
        Rows of a step, those of all processes together; None takes all at once. The last batch may be
        smaller. None for a loader.
    rng : torch.Generator
        A CPU generator, for the order of the rows.
    validation_data : (X, y) or DataLoader, optional
        Judged after each epoch, in full precision.
    metrics : dict of str to callable, optional
        ``metric(output, target)``, judged on the validation data.
    callback : callable, optional
        ``callback(epoch, record)`` after each epoch, counted from 1, when its checkpoint is written;
        returning True ends the training.
    schedule : callable or LRScheduler, optional
        ``schedule(epoch)``, counted from 0, gives the learning rate of an epoch; or a scheduler of
        `torch.optim.lr_scheduler`, which takes one step after each epoch.
    clip_norm : float, optional
        Scale the gradient of all parameters together down to this Euclidean norm, if it is larger.
    clip_value : float, optional
        Cut each entry of the gradient to the range from -clip_value to clip_value (before ``clip_norm``).
    amp : bool or {"bfloat16", "float16"}
        Automatic mixed precision of a float32 model: True takes float16 on CUDA and bfloat16 elsewhere.
        With float16 the loss is scaled so that small gradients survive. The loss itself is computed in
        float32.
    early_stopping : EarlyStopping, optional
        Ends the training when the validation loss has stopped falling.
    progress : bool
        Show a bar with the time left (tqdm).
    log_dir : path, optional
        Write the history and the learning rate there for TensorBoard.
    checkpoint : path, optional
        Write the whole state of the run there after each epoch. There must be no such file, unless the run
        resumes it.
    resume : bool
        Continue from the checkpoint, if it is there: parameters and history become those of a run that was
        never cut off, to the last bit, if the call is the same but for ``epochs``. The state of ``rng`` and
        of PyTorch's own generators is taken from it, too.
    compile : bool or str
        Let `torch.compile` make faster code of the model first (it needs a C++ compiler); a name chooses the
        backend.
    device : str or torch.device, optional
        `dlkit.torch.device.default_device` when not given.

    Returns
    -------
    History
        "loss" is the mean over the epoch, taken while the network was learning; with validation data
        also "val_loss" and each metric as "val_<name>".

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit; the message has its name, what was expected and what came.
    FileExistsError
        If the checkpoint exists and ``resume`` is not set.
    CheckpointError
        If it is damaged or belongs to a different run; it stays as it is.
    ImportError
        If tqdm or TensorBoard is asked for and missing.

    Examples
    --------
    The mean of 1 and 3 minimises the squared error; with rate 1/4 each step goes half of the way there.

    >>> from dlkit.torch.losses_regression import mse
    >>> model = nn.Linear(1, 1, bias=False)
    >>> _ = nn.init.zeros_(model.weight)
    >>> sgd, rng = torch.optim.SGD(model.parameters(), lr=0.25), torch.Generator().manual_seed(0)
    >>> history = fit(model, torch.ones(2, 1), [[1.0], [3.0]], mse, sgd, 3, None, rng, device="cpu")
    >>> history["loss"], model.weight.item()
    ([5.0, 2.0, 1.25], 1.75)
    """
    _check(model, optimizer, epochs, rng, schedule, {"clip_norm": clip_norm, "clip_value": clip_value})
    check_batch_size(batch_size)
    if resume and checkpoint is None:
        raise ValueError("resume is True, expected a checkpoint to resume from")
    if metrics and validation_data is None:
        raise ValueError(f"metrics has {sorted(metrics)} and validation_data is None, expected data to judge them on")
    device = resolve_device(device)
    precision = mixed_precision(amp, model, device)
    _move(model, optimizer, device)
    batches = _batches(model, X, y, batch_size, rng)
    if validation_data is not None and not isinstance(validation_data, DataLoader):
        validation_data = pair(model, *validation_data, "validation X", "validation y")
    measures = {} if validation_data is None else {"loss": loss, **(metrics or {})}
    names = ["loss", *(f"val_{name}" for name in measures)]
    if early_stopping is not None:
        if early_stopping.monitor not in names:
            raise ValueError(f"early_stopping monitors {early_stopping.monitor!r}, expected one of {names}")
        early_stopping.reset()
    step = TrainingStep(
        model, loss, optimizer, clip_value=clip_value, clip_norm=clip_norm, precision=precision, device=device, compile=compile
    )
    scheduler = schedule if isinstance(schedule, LRScheduler) else None

    history, done, state = History(), 0, None
    if checkpoint is not None:
        parts = {"model": model, "optimizer": optimizer, "schedule": scheduler, "scaler": step.scaler}
        parts["early_stopping"] = early_stopping
        settings = {"amp": precision and str(precision), "clip_norm": clip_norm, "clip_value": clip_value}
        settings |= {"schedule": schedule and type(schedule).__name__, "history": ", ".join(names), **batches.describe()}
        settings["early_stopping"] = early_stopping and repr(early_stopping)
        state = RunState(parts, batches.generators, settings, device)
        checkpoint = open_checkpoint(checkpoint, resume)
        if checkpoint.exists():
            done, history.records = state.load(checkpoint)
    for generator in batches.generators:
        same_generator(generator)
    step.connect()

    watch: dict[str, Any] = {"progress": progress, "log_dir": log_dir} if is_main() else {}
    if watch and log_dir is not None:
        about = {"batch size": batch_size, "processes": world_size(), "mixed precision": precision, "device": device}
        watch["about"] = about_run(optimizer, rng, **about)
    was_training = model.training
    try:
        with Monitor(epochs, batches.count, done, **watch) as monitor:
            for epoch in range(done + 1, epochs + 1):
                if early_stopping is not None and early_stopping.stopped:
                    break
                if schedule is not None and scheduler is None:
                    _set_rate(optimizer, schedule, epoch - 1)
                rate = optimizer.param_groups[0].get("lr")
                record = {"loss": _train_epoch(step, monitor.watch(batches))}
                same_buffers(model)
                record |= _validate(model, validation_data, measures, batch_size)
                history.append(record)
                if isinstance(scheduler, ReduceLROnPlateau):
                    scheduler.step(record.get("val_loss", record["loss"]))
                elif scheduler is not None:
                    scheduler.step()
                if early_stopping is not None:
                    early_stopping.update(epoch, record, model)
                monitor.record(epoch, record, rate)
                if state is not None:
                    state.save(checkpoint, epoch, history.records)
                if callback is not None and same_numbers([bool(is_main() and callback(epoch, record))])[0]:
                    break
        if early_stopping is not None:
            early_stopping.restore(model)
    finally:
        model.train(was_training)
        step.disconnect()
    return history


def _train_epoch(step: TrainingStep, batches: Iterable[Batch]) -> float:
    """Train on all batches; the mean loss over the rows of all processes."""
    step.model.train()
    losses: list[torch.Tensor] = []
    counts: list[int] = []
    total, rows = torch.zeros((), dtype=torch.float64), 0
    for inputs, targets, count, whole in batches:
        losses.append(step(inputs, targets, count, whole))
        counts.append(count)
        rows += whole
        if len(losses) == UNREAD:
            total, losses, counts = total + _weighted_sum(losses, counts), [], []
    if not rows:
        raise ValueError("X has no rows")
    if losses:
        total += _weighted_sum(losses, counts)
    return sum_of_all(total).item() / rows


def _weighted_sum(losses: list[torch.Tensor], counts: list[int]) -> torch.Tensor:
    """The sum of the losses times the rows that they are means of, on the CPU. To read a loss is to wait for the GPU."""
    return torch.stack(losses).cpu().double().dot(torch.tensor(counts, dtype=torch.float64))


def _validate(
    model: nn.Module, data: tuple[torch.Tensor, torch.Tensor] | DataLoader | None, measures: Metrics, batch_size: int | None
) -> dict[str, float]:
    """Judge the model, once for all processes; at least as many rows at a time as training takes."""
    if data is None:
        return {}
    rows = None if batch_size is None else max(batch_size, 256)
    values = judge(model, data, measures, rows, "validation_data").values() if is_main() else [0.0] * len(measures)
    return {f"val_{name}": value for name, value in zip(measures, same_numbers(list(values)), strict=True)}


def _set_rate(optimizer: torch.optim.Optimizer, schedule: Callable[[int], float], epoch: int) -> None:
    rate = schedule(epoch)
    try:
        number = float(rate)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise ValueError(f"schedule({epoch}) is {rate!r}, expected a learning rate of 0 or more")
    for group in optimizer.param_groups:
        if isinstance(group["lr"], torch.Tensor):
            group["lr"].fill_(number)
        else:
            group["lr"] = number


def _batches(model: nn.Module, X: Any, y: Any, batch_size: int | None, rng: torch.Generator) -> RowBatches | LoaderBatches:
    if not isinstance(X, DataLoader):
        return RowBatches(*pair(model, X, y), batch_size, rng)
    if y is not None:
        raise ValueError(f"y is {type(y).__name__} and X a DataLoader, expected y=None: the loader gives the targets")
    if batch_size is not None:
        raise ValueError(f"batch_size is {batch_size} and X a DataLoader, expected None: the loader makes the batches")
    return LoaderBatches(X, model, rng)


def _move(model: nn.Module, optimizer: torch.optim.Optimizer, device: torch.device) -> None:
    """Bring the model to the device, and with it what the optimizer remembers."""
    before = model_device(model)
    model.to(device)
    if optimizer.state and model_device(model) != before:
        optimizer.load_state_dict(optimizer.state_dict())


def _check(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: int,
    rng: torch.Generator,
    schedule: Schedule | None,
    limits: dict[str, float | None],
) -> None:
    if not isinstance(rng, torch.Generator):
        raise TypeError(f"rng is {type(rng).__name__}, expected a torch.Generator")
    if not isinstance(model, nn.Module):
        raise TypeError(f"model is {type(model).__name__}, expected an nn.Module")
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(f"optimizer is {type(optimizer).__name__}, expected a torch.optim.Optimizer")
    if isinstance(epochs, bool) or not isinstance(epochs, Integral) or epochs < 0:
        raise ValueError(f"epochs is {epochs!r}, expected a whole number, 0 or more")
    own = {id(parameter) for parameter in model.parameters()}
    trained = [id(parameter) in own for group in optimizer.param_groups for parameter in group["params"]]
    if not (all(trained) if world_size() > 1 else any(trained)):
        raise ValueError(
            f"optimizer holds {len(trained)} tensors, {sum(trained)} of them of the model, "
            "expected one made from model.parameters()"
        )
    for name, value in limits.items():
        if value is not None and not value > 0:
            raise ValueError(f"{name} is {value}, expected a positive number or None")
    if isinstance(schedule, LRScheduler):
        if schedule.optimizer is not optimizer:
            raise ValueError("schedule belongs to another optimizer, expected one made from this optimizer")
    elif schedule is not None and not callable(schedule):
        raise TypeError(f"schedule is {type(schedule).__name__}, expected a function of the epoch or an LRScheduler")
