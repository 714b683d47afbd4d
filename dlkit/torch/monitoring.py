"""Watching a training run: a progress bar with the time left, and curves in TensorBoard. Both are optional packages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import torch

__all__ = ["Monitor"]


class Monitor:
    """Shows how a run is doing while it runs. Without progress and log_dir it does nothing and imports nothing.

    Use it in a ``with`` statement, so that bar and files are closed whatever happens.

    Parameters
    ----------
    epochs : int
        Of the whole run.
    batches : int or None
        Of an epoch, if known.
    done : int
        Epochs behind us, for a run that is resumed.
    progress : bool
        Show a bar with the time left (tqdm).
    log_dir : path, optional
        Write curves for TensorBoard there; ``tensorboard --logdir`` shows them. Curves of epochs after
        ``done``, from a run that was cut off, are replaced.
    about : dict of str to value
        What the run is: written next to the curves, to make it reproducible.

    Raises
    ------
    ImportError
        If a package is missing that is asked for.

    Examples
    --------
    >>> with Monitor(epochs=1, batches=2) as monitor:
    ...     for batch in monitor.watch(["first", "second"]):
    ...         print(batch)
    ...     monitor.record(1, {"loss": 0.5})
    first
    second
    """

    def __init__(
        self,
        epochs: int,
        batches: int | None,
        done: int = 0,
        *,
        progress: bool = False,
        log_dir: str | os.PathLike[str] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        self._bar = self._writer = None
        if progress:
            total = None if batches is None else epochs * batches
            self._bar = _tqdm()(total=total, initial=done * (batches or 0), desc=f"epoch {done}/{epochs}", unit="batch")
        if log_dir is not None:
            self._writer = _summary_writer()(os.fspath(log_dir), purge_step=done + 1)
            if about and not done:
                rows = "\n".join(f"| {name} | {value} |" for name, value in about.items())
                self._writer.add_text("run", "| | |\n|---|---|\n" + rows)
        self._epochs = epochs

    def __enter__(self) -> Monitor:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()
        if self._writer is not None:
            self._writer.close()

    def watch(self, batches: Iterable[Any]) -> Iterable[Any]:
        """The same batches; the bar moves on with each. Without a bar, nothing comes between."""
        return batches if self._bar is None else self._moving(batches)

    def _moving(self, batches: Iterable[Any]) -> Iterable[Any]:
        for batch in batches:
            yield batch
            self._bar.update()

    def record(self, epoch: int, record: Mapping[str, float], lr: float | None = None) -> None:
        """Show the numbers of an epoch, counted from 1; the learning rate goes to TensorBoard as "lr"."""
        if self._bar is not None:
            self._bar.set_description_str(f"epoch {epoch}/{self._epochs}", refresh=False)
            self._bar.set_postfix({name: f"{value:.4g}" for name, value in record.items()})
        if self._writer is not None:
            for name, value in {**record, **({} if lr is None else {"lr": lr})}.items():
                self._writer.add_scalar(name, value, epoch)
            self._writer.flush()


def _tqdm() -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise ImportError(f"progress=True needs tqdm ({error}): pip install tqdm") from error
    return tqdm


def _summary_writer() -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise ImportError(f"log_dir needs TensorBoard ({error}): pip install tensorboard") from error
    return SummaryWriter


def about_run(optimizer: torch.optim.Optimizer, rng: torch.Generator, **more: Any) -> dict[str, Any]:
    """What one needs to know to repeat a run: optimizer and its numbers, seed, versions."""
    names = [name for name, value in optimizer.defaults.items() if isinstance(value, (bool, int, float, str, tuple))]
    chosen = {name: optimizer.param_groups[0].get(name) for name in names}
    shown = ", ".join(f"{name}={value}" for name, value in chosen.items() if value not in (None, False))
    return {
        "optimizer": f"{type(optimizer).__name__}({shown})",
        "seed": rng.initial_seed(),
        **more,
        "PyTorch": str(torch.__version__),
    }
