"""The whole state of a training run in one file, from which `dlkit.torch.training.fit` continues to the last bit.

The file is a checkpoint of `dlkit.torch.checkpoint`, which loads the model from it, too, with more in it. When it is read,
its checksums are compared, and nothing but tensors, numbers and strings is made of it (``weights_only``): a file from a
stranger runs no code of theirs.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dlkit.numpy.checkpoint import write_atomically
from dlkit.torch.distributed import is_main, rank, tensors_of_all, world_size

__all__ = ["CheckpointError", "RunState", "open_checkpoint", "read_state", "write_state"]

FORMAT = 1


class CheckpointError(ValueError):
    """A checkpoint is damaged, or is one of another run."""


def write_state(path: str | os.PathLike[str], state: Mapping[str, Any], *, verify: bool = True) -> None:
    """Write a state to a file, in one step: whoever looks sees the old file or the new one, never half of one.

    Parameters
    ----------
    path : path
        Replaced if it exists.
    state : dict of str to value
        Tensors, numbers, strings, None, and lists, tuples and dicts of them; NumPy's numbers become Python's.
    verify : bool
        Look whether it can be read again, before the old file is replaced.

    Raises
    ------
    CheckpointError
        If the state holds something that could not be read again.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_state(Path(folder) / "line.pt", {"epoch": 3, "w": torch.tensor([2.0])})
    ...     read_state(Path(folder) / "line.pt")
    {'epoch': 3, 'w': tensor([2.])}
    """
    content = io.BytesIO()
    try:
        torch.save(_plain(dict(state)), content)
        if verify:
            content.seek(0)
            torch.load(content, map_location="cpu", weights_only=True)
    except Exception as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise CheckpointError(
            f"checkpoint {path} was not written, expected nothing but tensors, numbers and strings in it: {reason}"
        ) from error
    write_atomically(path, lambda file: file.write(content.getbuffer()))


def read_state(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read what `write_state` wrote. Checksums are compared, nothing is executed, tensors come to the CPU.

    Parameters
    ----------
    path : path

    Returns
    -------
    dict of str to value

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If it is damaged or something else.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile(suffix=".pt") as file:
    ...     read_state(file.name)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    dlkit.torch.run_state.CheckpointError: checkpoint ... cannot be read (damaged, or something else): File is not a zip file
    """
    content = Path(path).read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:  # PyTorch itself does not compare the checksums
            if (damaged := archive.testzip()) is not None:
                raise ValueError(f"the checksum of {damaged} is wrong")
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        if not isinstance(state, dict):
            raise ValueError(f"it holds a {type(state).__name__}")
    except Exception as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise CheckpointError(f"checkpoint {path} cannot be read (damaged, or something else): {reason}") from error
    return state


class RunState:
    """All that a run is made of: how to write it down, and how to continue from it.

    Parameters
    ----------
    parts : dict of str to object
        Everything with ``state_dict`` and ``load_state_dict``, "model" and "optimizer" among them. None is left out.
    generators : sequence of torch.Generator
        The run draws from them, besides PyTorch's own generators.
    settings : dict of str to value
        What must be the same in the run that continues, as strings, numbers or None.
    device : torch.device
        Where the run computes; a GPU has a generator of its own.
    """

    def __init__(
        self,
        parts: Mapping[str, Any],
        generators: Sequence[torch.Generator],
        settings: Mapping[str, Any],
        device: torch.device,
    ) -> None:
        self.parts = {name: part for name, part in parts.items() if part is not None}
        self.generators, self.device = list(generators), device
        settings = {**settings, "processes": world_size(), "generators": len(generators)}
        self.settings = {name: value for name, value in settings.items() if value is not None}
        self._verified = False

    def save(self, path: Path, epoch: int, history: Mapping[str, list[float]]) -> None:
        """Write the state after an epoch; with several processes, all must call it, and number 0 writes."""
        random = {name: tensors_of_all(state) for name, state in self._random_states().items()}
        if is_main():
            states = {name: part.state_dict() for name, part in self.parts.items()}
            state = {
                "model": states.pop("model"),
                "optimizer": states.pop("optimizer"),
                "rng": self.generators[0].get_state(),
                "notes": {"epoch": epoch, "history": dict(history)},
                "run": {"format": FORMAT, "settings": self._all_settings(), "random": random, "torch": str(torch.__version__)},
                "parts": states,
            }
            write_state(path, state, verify=not self._verified)
            self._verified = True

    def load(self, path: Path) -> tuple[int, dict[str, list[float]]]:
        """Continue from a file: the epoch it was written after, and the history. If it does not fit, nothing is changed."""
        state = read_state(path)
        run = state.get("run", {})
        if run.get("format") != FORMAT:
            raise CheckpointError(f"checkpoint {path} has run format {run.get('format')}, expected {FORMAT}, as fit writes it")
        here, there = self._all_settings(), run["settings"]
        for name in [*here, *(name for name in there if name not in here)]:
            saved, wanted = there.get(name, "none"), here.get(name, "none")
            if saved != wanted:
                raise CheckpointError(f"checkpoint {path} has {name} {saved!r}, expected {wanted!r} as in this call")
        states = {"optimizer": state["optimizer"], "model": state["model"], **state["parts"]}
        for name, saved in states.items():  # the optimizer first: it compares before it changes anything
            try:
                self.parts[name].load_state_dict(saved)
            except (KeyError, RuntimeError, TypeError, ValueError) as error:
                raise CheckpointError(f"checkpoint {path} has another {name}, it does not fit: {error}") from error
        self._set_random_states({name: states[rank()] for name, states in run["random"].items()})
        notes = state["notes"]
        return notes["epoch"], {name: list(values) for name, values in notes["history"].items()}

    def _all_settings(self) -> dict[str, Any]:
        described = {name: type(part).__name__ for name, part in self.parts.items() if name != "model"}
        tensors = {
            f"model tensor {name}": f"{tuple(value.shape)} {value.dtype}"
            for name, value in self.parts["model"].state_dict().items()
            if isinstance(value, torch.Tensor)
        }
        return _plain({**described, **self.settings, **tensors})

    def _random_states(self) -> dict[str, torch.Tensor]:
        states = {f"generator {i}": generator.get_state() for i, generator in enumerate(self.generators)}
        states["cpu"] = torch.get_rng_state()
        if self.device.type == "cuda":
            states["cuda"] = torch.cuda.get_rng_state(self.device)
        elif self.device.type == "mps":
            states["mps"] = torch.mps.get_rng_state()
        return states

    def _set_random_states(self, states: Mapping[str, torch.Tensor]) -> None:
        for i, generator in enumerate(self.generators):
            generator.set_state(states[f"generator {i}"])
        torch.set_rng_state(states["cpu"])
        if self.device.type == "cuda" and "cuda" in states:  # on another kind of device a run goes on, if not to the bit
            torch.cuda.set_rng_state(states["cuda"], self.device)
        elif self.device.type == "mps" and "mps" in states:
            torch.mps.set_rng_state(states["mps"])


def open_checkpoint(path: str | os.PathLike[str], resume: bool) -> Path:
    """The path of a run's checkpoint, once it is certain that nothing will be lost and that it can be written.

    Parameters
    ----------
    path : path
        Folders that it needs are made.
    resume : bool
        Whether the run continues what is there.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileExistsError
        If there is a file already and the run does not resume it.
    ValueError
        If it is a folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     open_checkpoint(f"{folder}/runs/first.pt", resume=False).name
    'first.pt'
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        raise ValueError(f"checkpoint is {str(path)!r}, expected the name of a file")
    if path.exists() and not resume:
        raise FileExistsError(
            f"checkpoint {path} exists already: resume=True continues it; to begin anew, delete it or choose another name"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _plain(value: Any) -> Any:
    """NumPy's numbers as Python's, everywhere in containers; ``weights_only`` refuses them."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)(_plain(one) for one in value)
    if type(value) is dict:
        return {_plain(key): _plain(one) for key, one in value.items()}
    return value
