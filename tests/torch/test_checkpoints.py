"""A run that is cut off and resumed is the run that was not, to the last bit; nothing is lost, nothing foreign is run."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

from dlkit.torch import checkpoint as single_checkpoints
from dlkit.torch import run_state
from dlkit.torch.device import available_devices
from dlkit.torch.losses_regression import mse
from dlkit.torch.run_state import CheckpointError, read_state, write_state
from dlkit.torch.training import EarlyStopping, fit

from .training_runs import EPOCHS, everything, generator, points

ROOT = Path(__file__).resolve().parents[2]


class Interrupted(Exception):
    """Raised in the middle of a training."""


def interrupt_after(epochs: int) -> Callable[[int, dict[str, float]], None]:
    def callback(epoch: int, record: dict[str, float]) -> None:
        if epoch == epochs:
            raise Interrupted

    return callback


def assert_same_run(one: tuple, other: tuple) -> None:
    """Parameters, buffers and history, to the last bit."""
    (model, history), (expected_model, expected_history) = one, other
    assert history.records == expected_history.records
    states = model.state_dict(), expected_model.state_dict()
    assert states[0].keys() == states[1].keys()
    for name, value in states[0].items():
        assert torch.equal(value, states[1][name]), name


def cut_off_and_resumed(path: Path, after: int = 3, **changes: Any) -> tuple:
    with pytest.raises(Interrupted):
        everything(path, callback=interrupt_after(after), **changes)
    return everything(path, resume=True, **changes | {"seed": 999, "rng": generator(999)})


OPTIMIZERS = {
    "momentum": partial(torch.optim.SGD, lr=0.1, momentum=0.9, nesterov=True),
    "Adagrad": partial(torch.optim.Adagrad, lr=0.1),
    "RMSprop": partial(torch.optim.RMSprop, lr=0.01, centered=True, momentum=0.5),
    "AdamW": partial(torch.optim.AdamW, lr=0.02, amsgrad=True),
    "NAdam": partial(torch.optim.NAdam, lr=0.02),
    "rate of NumPy": partial(torch.optim.SGD, lr=np.float64(0.1)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_goes_on_where_it_was(name: str, tmp_path: Path) -> None:
    changes = {"optimizer": OPTIMIZERS[name]}
    assert_same_run(cut_off_and_resumed(tmp_path / "run.pt", **changes), everything(None, **changes))


SCHEDULES = {
    "none": None,
    "function": lambda optimizer: lambda epoch: 0.05 / (1 + epoch),
    "StepLR": lambda optimizer: lr_scheduler.StepLR(optimizer, 2),
    "MultiStepLR": lambda optimizer: lr_scheduler.MultiStepLR(optimizer, [2, 4, 6]),
    "LambdaLR": lambda optimizer: lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.9**epoch),
    "OneCycleLR": lambda optimizer: lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=20),
    "warm restarts": lambda optimizer: lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 3),
    "plateau": lambda optimizer: lr_scheduler.ReduceLROnPlateau(optimizer, patience=0, threshold=0.2),
    "sequence": lambda optimizer: lr_scheduler.SequentialLR(
        optimizer, [lr_scheduler.LinearLR(optimizer, 0.1, total_iters=2), lr_scheduler.ExponentialLR(optimizer, 0.7)], [2]
    ),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_goes_on_where_it_was(name: str, tmp_path: Path) -> None:
    changes = {"schedule": SCHEDULES[name]}
    assert_same_run(cut_off_and_resumed(tmp_path / "run.pt", **changes), everything(None, **changes))


@pytest.mark.parametrize("amp", [True, "float16"])
@pytest.mark.parametrize("device", available_devices(), ids=str)
def test_mixed_precision_goes_on_where_it_was(amp: bool | str, device: torch.device, tmp_path: Path) -> None:
    changes = {"amp": amp, "device": device}
    assert_same_run(cut_off_and_resumed(tmp_path / "run.pt", **changes), everything(None, **changes))


@pytest.mark.parametrize("own_generator", [True, False])
def test_a_loader_that_shuffles_goes_on_where_it_was(own_generator: bool, tmp_path: Path) -> None:
    X, y = points()

    def changes() -> dict[str, Any]:
        loader = DataLoader(TensorDataset(X, y), 16, shuffle=True, generator=generator(6) if own_generator else None)
        return {"X": loader, "y": None, "batch_size": None}

    path = tmp_path / "run.pt"
    with pytest.raises(Interrupted):
        everything(path, callback=interrupt_after(3), **changes())
    assert_same_run(everything(path, resume=True, seed=999, **changes()), everything(None, **changes()))


def test_a_killed_process_goes_on_where_it_was(tmp_path: Path) -> None:
    """Killed at some moment after the third epoch, by a signal that nobody can catch."""
    path = tmp_path / "run.pt"
    command = [sys.executable, str(ROOT / "tests" / "torch" / "training_runs.py"), "slowly", str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert [process.stdout.readline().strip() for _ in range(3)] == ["1", "2", "3"]
    finally:
        process.kill()
        process.communicate()
    assert 3 <= read_state(path)["notes"]["epoch"] < EPOCHS
    assert_same_run(everything(path, resume=True), everything(None))


def test_it_can_be_cut_off_again_and_again(tmp_path: Path) -> None:
    for epoch in range(1, EPOCHS):
        with pytest.raises(Interrupted):
            everything(tmp_path / "run.pt", resume=True, callback=interrupt_after(epoch))
    assert_same_run(everything(tmp_path / "run.pt", resume=True), everything(None))


def test_more_epochs_can_be_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "folder of its own" / "run.pt"
    everything(path, epochs=2, resume=True)  # there is nothing yet: it begins
    assert_same_run(everything(path, resume=True), everything(None))
    seen: list[int] = []
    again = everything(path, resume=True, callback=lambda epoch, record: seen.append(epoch))
    assert_same_run(again, everything(None))
    assert not seen, "the run was over"


def test_early_stopping_goes_on_and_stays_stopped(tmp_path: Path) -> None:
    path, changes = tmp_path / "run.pt", {"early_stopping": EarlyStopping(patience=2, min_delta=1.0)}
    whole = everything(None, **changes)
    assert len(whole[1]) == 3  # the first is the best, then two that wait
    assert_same_run(cut_off_and_resumed(path, after=2, **changes), whole)
    assert_same_run(everything(path, resume=True, **changes), whole)
    assert changes["early_stopping"].best_epoch == 1


def test_what_a_callback_ended_goes_on(tmp_path: Path) -> None:
    everything(tmp_path / "run.pt", callback=lambda epoch, record: epoch == 4)
    assert read_state(tmp_path / "run.pt")["notes"]["epoch"] == 4
    assert_same_run(everything(tmp_path / "run.pt", resume=True), everything(None))


def test_the_model_alone_can_be_loaded_from_it(tmp_path: Path) -> None:
    model, history = everything(tmp_path / "run.pt", epochs=2)
    other, _ = everything(None, epochs=0, seed=5)
    notes = single_checkpoints.load_checkpoint(tmp_path / "run.pt", other)
    assert notes == {"epoch": 2, "history": history.records}
    assert all(map(torch.equal, model.state_dict().values(), other.state_dict().values()))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("written") / "run.pt"
    everything(path, epochs=2)
    return path.read_bytes()


def refused(path: Path, content: bytes, message: str, **changes: Any) -> None:
    """Resuming says what is wrong and touches neither the file, nor the model, nor the generators."""
    path.write_bytes(content)
    made: list[nn.Parameter] = []

    def optimizer(parameters: Any) -> torch.optim.Optimizer:
        made.extend(parameters)
        before.extend(p.detach().clone() for p in made)
        states.extend([torch.get_rng_state(), rng.get_state()])
        return changes.get("optimizer", lambda p: torch.optim.Adam(p, lr=0.02))(made)

    before: list[torch.Tensor] = []
    states: list[torch.Tensor] = []
    rng = generator(77)
    with pytest.raises(CheckpointError, match=message):
        everything(path, resume=True, **changes | {"optimizer": optimizer, "rng": rng})
    assert path.read_bytes() == content and os.listdir(path.parent) == [path.name]
    assert all(map(torch.equal, made, before))
    assert torch.equal(torch.get_rng_state(), states[0]) and torch.equal(rng.get_state(), states[1])


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "tensor"])
def test_a_damaged_file_is_refused(damage: str, written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    torch.save(torch.zeros(2), path)
    content = {"cut": written[:-1000], "empty": b"", "text": b"no checkpoint\n" * 99, "tensor": path.read_bytes()}[damage]
    refused(path, content, r"checkpoint .*run\.pt cannot be read \(damaged, or something else\): \w+")


def test_no_damaged_byte_goes_unseen(written: bytes, tmp_path: Path) -> None:
    """Either the file is refused, or the byte had no meaning and everything in it is as it was."""
    path, rng = tmp_path / "run.pt", np.random.default_rng(0)
    path.write_bytes(written)
    expected = flat(read_state(path))
    seen = 0
    for place in rng.choice(len(written), 150, replace=False):
        path.write_bytes(written[:place] + bytes([written[place] ^ 0x10]) + written[place + 1 :])
        try:
            assert flat(read_state(path)) == expected
        except CheckpointError:
            seen += 1
    assert seen > 50


def flat(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.dtype, value.shape, value.numpy().tobytes()
    if isinstance(value, dict):
        return [(key, flat(one)) for key, one in value.items()]
    return [flat(one) for one in value] if isinstance(value, (list, tuple)) else value


class Trap:
    """What pickle would call while it reads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("kind", ["torch", "pickle"])
def test_code_in_a_file_is_not_run(kind: str, tmp_path: Path) -> None:
    path, sprung = tmp_path / "run.pt", tmp_path / "sprung"
    if kind == "torch":
        torch.save({"model": Trap(sprung)}, path)
    else:
        path.write_bytes(pickle.dumps({"model": Trap(sprung)}))
    with pytest.raises(CheckpointError, match="cannot be read"):
        everything(path, resume=True)
    assert not sprung.exists()


X, Y = points()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optimizer": lambda p: torch.optim.SGD(p, lr=0.1)}, "has optimizer 'Adam', expected 'SGD' as in this call"),
        ({"optimizer": lambda p: torch.optim.Adam(p[:2])}, "has another optimizer, it does not fit: "),
        ({"schedule": None}, "has schedule 'CosineAnnealingLR', expected 'none'"),
        ({"schedule": SCHEDULES["function"]}, "has schedule 'CosineAnnealingLR', expected 'function'"),
        ({"clip_norm": 2.0}, "has clip_norm 1.0, expected 2.0"),
        ({"clip_value": 2.0}, "has clip_value 'none', expected 2.0"),
        ({"amp": "bfloat16"}, "has amp 'none', expected 'torch.bfloat16'"),
        ({"amp": "float16"}, "has scaler 'none', expected 'GradScaler'"),
        ({"early_stopping": None}, "has early_stopping .*, expected 'none'"),
        ({"early_stopping": EarlyStopping(49)}, r"has early_stopping .*patience=50.*, expected .*patience=49"),
        ({"metrics": None}, "has history 'loss, val_loss, val_accuracy', expected 'loss, val_loss'"),
        ({"batch_size": 15}, "has batch_size 16, expected 15"),
        ({"X": X[:59], "y": Y[:59]}, "has rows 60, expected 59"),
        ({"X": DataLoader(TensorDataset(X, Y), 16), "y": None, "batch_size": None}, "has batches 'none', expected 6"),
    ],
)  # fmt: skip
def test_the_checkpoint_of_another_run_is_refused(changes: dict, message: str, written: bytes, tmp_path: Path) -> None:
    refused(tmp_path / "run.pt", written, message, **changes)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (nn.Sequential(nn.Linear(2, 3)), r"has model tensor 0.weight 'none', expected '\(3, 2\) torch.float32' as in this call"),
        (nn.Linear(2, 3, bias=False), r"has model tensor bias '\(3,\) torch.float32', expected 'none'"),
        (nn.Linear(2, 3, dtype=torch.float64), r"weight '\(3, 2\) torch.float32', expected '\(3, 2\) torch.float64'"),
    ],
)
def test_another_model_is_refused(other: nn.Module, message: str, tmp_path: Path) -> None:
    def train(model: nn.Module, resume: bool) -> None:
        sgd = torch.optim.SGD(model.parameters(), lr=0.1)
        data = torch.ones(4, 2), torch.zeros(4, 3)
        fit(model, *data, mse, sgd, 1, None, generator(), checkpoint=tmp_path / "run.pt", resume=resume, device="cpu")

    train(nn.Linear(2, 3), resume=False)
    with pytest.raises(CheckpointError, match=message):
        train(other, resume=True)


def test_other_formats_are_refused(tmp_path: Path) -> None:
    state = {"model": {}, "optimizer": None}
    write_state(tmp_path / "a.pt", state)
    refused(tmp_path / "a.pt", (tmp_path / "a.pt").read_bytes(), "has run format None, expected 1")
    write_state(tmp_path / "a.pt", state | {"run": {"format": 2}})
    refused(tmp_path / "a.pt", (tmp_path / "a.pt").read_bytes(), "has run format 2, expected 1")


def test_an_old_checkpoint_is_not_overwritten(written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    path.write_bytes(written)
    with pytest.raises(FileExistsError, match="run.pt exists already: resume=True continues it"):
        everything(path)
    assert path.read_bytes() == written
    with pytest.raises(ValueError, match="checkpoint is .*, expected the name of a file"):
        everything(tmp_path)
    with pytest.raises(ValueError, match="resume is True, expected a checkpoint to resume from"):
        everything(None, resume=True)


@pytest.mark.parametrize("where", ["torch.save", "os.replace"])
def test_a_write_that_fails_leaves_the_old_file(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.pt"
    write_state(path, {"epoch": 1})

    def full(*arguments: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(where, full)
    with pytest.raises((OSError, CheckpointError), match="no space left"):
        write_state(path, {"epoch": 2})
    monkeypatch.undo()
    assert read_state(path) == {"epoch": 1} and os.listdir(tmp_path) == ["run.pt"]


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    class Forgetful(nn.Linear):
        def get_extra_state(self) -> Any:
            return Path("a path is no plain value")

        def set_extra_state(self, state: Any) -> None:
            pass

    write_state(tmp_path / "run.pt", {"epoch": 1})
    with pytest.raises(CheckpointError, match="run.pt was not written, expected nothing but tensors, numbers and strings"):
        write_state(tmp_path / "run.pt", {"model": Forgetful(1, 1).state_dict()})
    assert read_state(tmp_path / "run.pt") == {"epoch": 1}


def test_numbers_of_numpy_become_plain(tmp_path: Path) -> None:
    write_state(tmp_path / "a.pt", {"lr": np.float64(0.5), "betas": (np.float32(0.5), [np.int64(3)]), "deep": {"n": np.True_}})
    state = read_state(tmp_path / "a.pt")
    assert state == {"lr": 0.5, "betas": (0.5, [3]), "deep": {"n": True}}
    assert [type(state["lr"]), type(state["betas"][0]), type(state["deep"]["n"])] == [float, float, bool]


def test_it_is_a_plain_file_of_torch(written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    path.write_bytes(written)
    assert zipfile.is_zipfile(path)
    assert torch.load(path, weights_only=True).keys() == {"model", "optimizer", "rng", "notes", "run", "parts"}
    assert run_state.FORMAT == 1
