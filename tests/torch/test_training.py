"""`fit` does what a loop written by hand does, and each of its options what it says."""

from __future__ import annotations

import importlib.util
import math
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

from dlkit.torch import evaluation, training
from dlkit.torch.device import available_devices
from dlkit.torch.losses_classification import cross_entropy
from dlkit.torch.losses_regression import mse
from dlkit.torch.metrics import accuracy
from dlkit.torch.monitoring import Monitor
from dlkit.torch.network import mlp
from dlkit.torch.training import EarlyStopping, fit

from .training_runs import everything, generator, points

ROOT = Path(__file__).resolve().parents[2]
every_device = pytest.mark.parametrize("device", available_devices(), ids=str)
needs_tensorboard = pytest.mark.skipif(importlib.util.find_spec("tensorboard") is None, reason="TensorBoard is an extra")

X, Y = points(50)


def line(start: float = 0.0) -> tuple[nn.Linear, torch.optim.SGD]:
    """y = w x with one weight, and plain gradient descent with rate 1."""
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, start)
    return model, torch.optim.SGD(model.parameters(), lr=1.0)


ONE = torch.ones(1, 1)  # the data of `line`: with target t the gradient of the squared error is 2 (w - t)


def by_hand(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: int,
    batch_size: int,
    rng: torch.Generator,
    device: torch.device,
    before_step: Callable[[], object] = lambda: None,
) -> None:
    """The loop that everybody writes."""
    model.to(device)
    model.train()
    x, y = X.to(device), Y.to(device)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=rng).to(device).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(model(x[rows]), y[rows]).backward()
            before_step()
            optimizer.step()


def network() -> nn.Module:
    return nn.Sequential(*mlp([2, 8, 8, 2], generator(4)))


def assert_same_parameters(one: nn.Module, other: nn.Module) -> None:
    for ours, theirs in zip(one.parameters(), other.parameters(), strict=True):
        assert torch.equal(ours.cpu(), theirs.cpu())


CLIPPING = {
    "none": ({}, lambda parameters: None),
    "norm": ({"clip_norm": 0.1}, lambda parameters: nn.utils.clip_grad_norm_(parameters, 0.1)),
    "value": ({"clip_value": 0.01}, lambda parameters: nn.utils.clip_grad_value_(parameters, 0.01)),
}


@every_device
@pytest.mark.parametrize("clipping", CLIPPING)
def test_fit_is_the_loop_by_hand_to_the_last_bit(device: torch.device, clipping: str) -> None:
    options, clip = CLIPPING[clipping]
    ours, theirs = network(), network()
    optimizers = [torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9) for model in (ours, theirs)]
    fit(ours, X, Y, cross_entropy, optimizers[0], 3, 16, generator(5), device=device, **options)
    by_hand(theirs, optimizers[1], 3, 16, generator(5), device, lambda: clip(list(theirs.parameters())))
    assert_same_parameters(ours, theirs)
    if clipping != "none":
        free = network()
        by_hand(free, torch.optim.SGD(free.parameters(), lr=0.3, momentum=0.9), 3, 16, generator(5), device)
        assert not torch.equal(free[0].weight, ours[0].weight), "the limit was never reached"


@pytest.mark.parametrize(
    ("limits", "expected"),
    [({}, 6.0), ({"clip_value": 2.0}, 2.0), ({"clip_norm": 2.0}, 2.0), ({"clip_value": 2.0, "clip_norm": 1.0}, 1.0), ({"clip_norm": 7.0}, 6.0)],
)  # fmt: skip
def test_a_step_is_as_long_as_the_limit(limits: dict[str, float], expected: float) -> None:
    model, sgd = line()
    fit(model, ONE, 3 * ONE, mse, sgd, 1, None, generator(), device="cpu", **limits)
    assert model.weight.item() == pytest.approx(expected, rel=1e-5)


def test_values_are_cut_before_the_norm_is() -> None:
    """The gradient (-6, -8): values to (-6, -6), then the norm to 1; the other way round it would be (-0.6, -0.8)."""
    model = nn.Linear(1, 2, bias=False)
    nn.init.zeros_(model.weight)
    sgd = torch.optim.SGD(model.parameters(), lr=1.0)
    target = torch.tensor([[6.0, 8.0]])
    fit(model, ONE, target, mse, sgd, 1, None, generator(), clip_value=6.0, clip_norm=1.0, device="cpu")
    torch.testing.assert_close(model.weight.flatten(), torch.tensor([0.5, 0.5]).sqrt())


def test_the_loss_is_read_once_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many batches there are: a GPU does not wait between them."""
    reads: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        original = getattr(torch.Tensor, name)
        return lambda tensor, *arguments: reads.append(name) or original(tensor, *arguments)

    for name in ("item", "cpu", "tolist", "__float__", "__bool__"):
        monkeypatch.setattr(torch.Tensor, name, counted(name))
    for batch_size in (50, 1):
        reads.clear()
        model = network()
        fit(model, X, Y, cross_entropy, torch.optim.SGD(model.parameters(), lr=0.1), 2, batch_size, generator(), device="cpu")
        assert reads == ["cpu", "item"] * 2


def test_very_many_batches_are_added_up_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    model, _ = line()
    frozen = torch.optim.SGD(model.parameters(), lr=0.0)
    for limit in (1, 2, 3):
        monkeypatch.setattr(training, "UNREAD", limit)
        history = fit(model, torch.ones(6, 1), torch.ones(6, 1), mse, frozen, 1, 1, generator(), device="cpu")
        assert history["loss"] == [1.0]


def test_the_history_weighs_batches_by_their_rows() -> None:
    """Without a step (rate 0), the mean over batches of 4 and 1 rows is the mean over all five."""
    model, _ = line()
    frozen = torch.optim.SGD(model.parameters(), lr=0.0)
    target = torch.arange(5.0).reshape(5, 1)
    history = fit(model, torch.ones(5, 1), target, mse, frozen, 1, 4, generator(), device="cpu")
    assert history["loss"] == [(0 + 1 + 4 + 9 + 16) / 5]


# Schedules


def rates_seen(schedule: Callable[[torch.optim.Optimizer], Any], epochs: int = 5) -> list[float]:
    """The rate of each epoch: the length of its one step, for a gradient of 1."""
    model = nn.Linear(1, 1, bias=False, dtype=torch.float64)
    nn.init.zeros_(model.weight)
    sgd, weights = torch.optim.SGD(model.parameters(), lr=0.5), [0.0]
    fit(
        model, ONE, ONE, lambda output, target: -output.mean(), sgd, epochs, None, generator(), schedule=schedule(sgd),
        callback=lambda epoch, record: weights.append(model.weight.item()), device="cpu",
    )  # fmt: skip
    return np.diff(weights).tolist()


def test_a_function_gives_the_rate_of_each_epoch_from_0() -> None:
    assert rates_seen(lambda sgd: lambda epoch: [0.1, 0.2, 0.4, 0.0, 1][epoch]) == pytest.approx([0.1, 0.2, 0.4, 0.0, 1.0])


def test_a_scheduler_takes_a_step_after_each_epoch() -> None:
    assert rates_seen(lambda sgd: lr_scheduler.StepLR(sgd, 2, gamma=0.1)) == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.005])
    halves = [0.5, 0.25, 0.125, 0.0625, 0.03125]
    assert rates_seen(lambda sgd: lr_scheduler.ExponentialLR(sgd, 0.5)) == pytest.approx(halves)
    assert rates_seen(lambda sgd: lambda epoch: 0.5 * 0.5**epoch) == pytest.approx(halves)


def test_all_groups_get_the_rate() -> None:
    model = network()
    groups = [{"params": model[0].parameters()}, {"params": model[2].parameters(), "lr": torch.tensor(9.0)}]
    sgd = torch.optim.SGD(groups, lr=1.0)
    fit(model, X, Y, cross_entropy, sgd, 1, None, generator(), schedule=lambda epoch: np.float64(0.25), device="cpu")
    assert [float(group["lr"]) for group in sgd.param_groups] == [0.25, 0.25]
    assert type(sgd.param_groups[0]["lr"]) is float and isinstance(sgd.param_groups[1]["lr"], torch.Tensor)


@pytest.mark.parametrize(("watched", "expected"), [("val_loss", 0.05), ("loss", 0.5)])
def test_a_plateau_is_one_of_the_validation_loss_if_there_is_one(watched: str, expected: float) -> None:
    """The training loss falls in each epoch, the validation loss never does."""
    model, _ = line()
    sgd = torch.optim.SGD(model.parameters(), lr=0.5)
    schedule = lr_scheduler.ReduceLROnPlateau(sgd, factor=0.1, patience=0, threshold=0.0)
    options = {"validation_data": (ONE, -ONE)} if watched == "val_loss" else {}
    fit(model, ONE, ONE, mse, sgd, 2, None, generator(), schedule=schedule, device="cpu", **options)
    assert sgd.param_groups[0]["lr"] == pytest.approx(expected)


# Mixed precision


@every_device
@pytest.mark.parametrize("amp", [True, "bfloat16", "float16"])
def test_mixed_precision_computes_in_half_and_keeps_float32(device: torch.device, amp: bool | str) -> None:
    seen: dict[str, Any] = {}

    def loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        seen.setdefault("loss", []).append((output.dtype, torch.is_autocast_enabled(device.type)))
        return cross_entropy(output, target)

    model = network()
    model[0].register_forward_hook(lambda module, inputs, output: seen.setdefault("layer", []).append(output.dtype))
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    history = fit(model, X, Y, loss, adam, 40, 25, generator(), amp=amp, validation_data=(X, Y), device=device)
    expected = {"bfloat16": torch.bfloat16, "float16": torch.float16}.get(amp)
    expected = expected or (torch.float16 if device.type == "cuda" else torch.bfloat16)
    assert seen["layer"][:3] == [expected, expected, torch.float32], "two training steps, then full precision to judge"
    assert set(seen["loss"]) == {(torch.float32, False)}
    assert all(p.dtype == torch.float32 and p.grad.dtype == torch.float32 for p in model.parameters())
    assert history["loss"][-1] < 0.5 * history["loss"][0]


@every_device
def test_limits_hold_for_the_gradient_before_scaling(device: torch.device) -> None:
    model, sgd = line()
    fit(model, ONE, 0.25 * ONE, mse, sgd, 1, None, generator(), amp="float16", clip_norm=0.125, device=device)
    assert model.weight.item() == pytest.approx(0.125, rel=1e-3)  # of 0.5, which is 32768 when scaled


@every_device
def test_a_step_that_overflows_is_left_out(device: torch.device) -> None:
    model, sgd = line()
    fit(model, ONE, ONE, lambda output, target: 1e4 * mse(output, target), sgd, 1, None, generator(), amp="float16", device=device)
    assert model.weight.item() == 0.0  # 2e4 times the scale of 65536 is more than float16 can hold


# Early stopping


def scripted(values: list[float]) -> Callable[[torch.Tensor, torch.Tensor], float]:
    """A metric that says what is in the script, one value an epoch."""
    script = iter(values)
    return lambda output, target: next(script)


@pytest.mark.parametrize(
    ("options", "values", "epochs", "best_epoch"),
    [
        ({"patience": 1}, [3, 2, 2, 1], 3, 2),  # the same again is no improvement
        ({"patience": 2}, [3, 2, 4, 1, 5, 5, 0], 6, 4),  # waiting begins anew
        ({"patience": 9}, [3, 2, 1], 3, 3),
        ({"patience": 2, "min_delta": 0.5}, [3.0, 2.75, 2.5, 0.0], 3, 1),  # by exactly min_delta is not enough
        ({"patience": 2, "mode": "max"}, [1, 2, 1.5, 1.75, 9], 4, 2),
        ({"patience": 2, "mode": "max", "min_delta": 1.0}, [1, 2, 1.75, 1.5, 9], 3, 1),
        ({"patience": 3}, [math.nan, math.nan, 2, math.nan, math.nan, math.nan, 1], 6, 3),
        ({"patience": 2}, [math.nan, math.nan, 1], 2, 0),
        ({"patience": 2, "mode": "max"}, [-math.inf, 1, 0, 0, 2], 4, 2),
    ],
)  # fmt: skip
@pytest.mark.parametrize("restore_best", [True, False])
def test_early_stopping(options: dict, values: list[float], epochs: int, best_epoch: int, restore_best: bool) -> None:
    model, _ = line()
    sgd = torch.optim.SGD(model.parameters(), lr=0.125)
    weights = [model.weight.item()]
    stopping = EarlyStopping(**options, monitor="val_score", restore_best=restore_best)
    history = fit(
        model, ONE, ONE, mse, sgd, len(values), None, generator(), validation_data=(ONE, ONE), device="cpu",
        metrics={"score": scripted(values)}, early_stopping=stopping,
        callback=lambda epoch, record: weights.append(model.weight.item()),
    )  # fmt: skip
    assert (len(history), stopping.best_epoch) == (epochs, best_epoch)
    assert stopping.best == (values[best_epoch - 1] if best_epoch else None)
    assert len(set(weights)) == epochs + 1
    assert model.weight.item() == weights[best_epoch if restore_best and best_epoch else -1]


def test_the_best_weights_include_buffers_and_are_copies() -> None:
    model = nn.BatchNorm1d(2)
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    kept: list[dict[str, torch.Tensor]] = []
    fit(
        model, X, X, mse, sgd, 3, 10, generator(), validation_data=(X, X), metrics={"score": scripted([2, 1, 3])}, device="cpu",
        early_stopping=EarlyStopping(5, monitor="val_score"),
        callback=lambda epoch, record: kept.append({name: value.clone() for name, value in model.state_dict().items()}),
    )  # fmt: skip
    for name, value in model.state_dict().items():
        assert torch.equal(value, kept[1][name]) and not torch.equal(value, kept[2][name])


def test_the_same_early_stopping_serves_again() -> None:
    stopping = EarlyStopping(1, monitor="loss")
    for _ in range(2):
        model, _ = line()
        sgd = torch.optim.SGD(model.parameters(), lr=0.5)  # in one step to the minimum
        assert len(fit(model, ONE, ONE, mse, sgd, 9, None, generator(), early_stopping=stopping, device="cpu")) == 3
    assert repr(stopping) == "EarlyStopping(patience=1, min_delta=0.0, monitor='loss', restore_best=True, mode='min')"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"patience": 0}, "patience is 0, expected a whole number of epochs, at least 1"),
        ({"patience": 1.5}, "patience is 1.5, expected"),
        ({"patience": True}, "patience is True, expected"),
        ({"patience": 1, "min_delta": -0.1}, "min_delta is -0.1, expected 0 or more"),
        ({"patience": 1, "min_delta": math.nan}, "min_delta is nan, expected 0 or more"),
        ({"patience": 1, "mode": "low"}, "mode is 'low', expected 'min' or 'max'"),
    ],
)
def test_early_stopping_says_what_is_wrong(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        EarlyStopping(**options)


def test_a_name_that_is_not_recorded_is_refused() -> None:
    with pytest.raises(ValueError, match=r"monitor is 'val_loss', expected one of \['loss'\]"):
        EarlyStopping(1).update(1, {"loss": 1.0})


# Data


@every_device
def test_a_loader_gives_what_tensors_give(device: torch.device) -> None:
    class LikeRandperm(torch.utils.data.Sampler):
        """The order that `fit` draws for tensors."""

        def __init__(self) -> None:
            self.rng = generator(5)

        def __iter__(self) -> Any:
            return iter(torch.randperm(len(X), generator=self.rng).tolist())

        def __len__(self) -> int:
            return len(X)

    ours, theirs = network(), network()
    data = TensorDataset(X.double(), Y)  # floating values take the dtype of the model
    arguments = (cross_entropy, torch.optim.SGD(ours.parameters(), lr=0.3), 2, None, generator())
    judged = {"metrics": {"accuracy": accuracy}, "device": device}
    history = fit(ours, DataLoader(data, 16, sampler=LikeRandperm()), None, *arguments, validation_data=DataLoader(data, 7), **judged)
    sgd = torch.optim.SGD(theirs.parameters(), lr=0.3)
    expected = fit(theirs, X, Y, cross_entropy, sgd, 2, 16, generator(5), validation_data=(X, Y), **judged)
    assert_same_parameters(ours, theirs)
    assert history.records.keys() == expected.records.keys()
    for name, values in expected.records.items():
        assert history[name] == pytest.approx(values, rel=1e-6)
    assert evaluation.evaluate(ours, DataLoader(data, 7), None, cross_entropy)["loss"] == pytest.approx(history["val_loss"][-1])


def test_a_loader_without_a_length_works_too(capsys: pytest.CaptureFixture[str]) -> None:
    class Endless(IterableDataset):
        def __iter__(self) -> Any:
            return zip(X, Y, strict=True)

    model = network()
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    history = fit(model, DataLoader(Endless(), 16), None, cross_entropy, sgd, 2, None, generator(), device="cpu", progress=True)
    assert len(history) == 2 and "epoch 2/2" in capsys.readouterr().err


def test_tokens_stay_whole_numbers() -> None:
    model = nn.Sequential(nn.Embedding(5, 3), nn.Flatten(), nn.Linear(6, 2))
    sgd = torch.optim.SGD(model.parameters(), lr=0.5)
    tokens, labels = [[0, 1], [2, 3], [4, 0]], [0, 1, 1]
    history = fit(model, tokens, labels, cross_entropy, sgd, 60, None, generator(), device="cpu")
    assert history["loss"][-1] < 0.1


# Compiling


HAS_COMPILER = any(map(shutil.which, ("g++", "clang++", "cl")))
REALLY = pytest.param(True, marks=[pytest.mark.slow, pytest.mark.skipif(not HAS_COMPILER, reason="no C++ compiler")])


@pytest.mark.parametrize("backend", ["eager", REALLY])
def test_a_compiled_model_learns_the_same(backend: str | bool) -> None:
    ours, theirs = network(), network()
    optimizers = [torch.optim.SGD(model.parameters(), lr=0.3) for model in (ours, theirs)]
    options = {"validation_data": (X, Y), "device": "cpu"}
    history = fit(ours, X, Y, cross_entropy, optimizers[0], 3, 16, generator(5), compile=backend, **options)
    expected = fit(theirs, X, Y, cross_entropy, optimizers[1], 3, 16, generator(5), **options)
    assert history["val_loss"] == pytest.approx(expected["val_loss"], rel=1e-5)
    assert list(ours.state_dict()) == list(theirs.state_dict())


def test_compiling_is_left_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict] = []
    monkeypatch.setattr(torch, "compile", lambda network, **options: asked.append(options) or network)
    for compile in (False, True, "aot_eager"):
        model, sgd = line()
        fit(model, ONE, ONE, mse, sgd, 1, None, generator(), compile=compile, device="cpu")
    assert asked == [{}, {"backend": "aot_eager"}]


# Watching


def test_the_bar_counts_batches_and_shows_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    model = network()
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    fit(model, X, Y, cross_entropy, sgd, 2, 20, generator(), validation_data=(X, Y), progress=True, device="cpu")
    captured = capsys.readouterr()
    assert captured.out == ""
    last = captured.err.strip().splitlines()[-1].split("\r")[-1]
    assert "epoch 2/2: 100%" in last and "6/6" in last and "loss=0." in last and "val_loss=0." in last
    fit(model, X, Y, cross_entropy, sgd, 2, 20, generator(), device="cpu")
    assert capsys.readouterr() == ("", "")


def test_the_bar_of_a_resumed_run_begins_where_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    everything(tmp_path / "run.pt", epochs=2)
    everything(tmp_path / "run.pt", epochs=3, resume=True, progress=True)
    bar = capsys.readouterr().err
    assert "epoch 2/3:  67%" in bar and "8/12" in bar and "12/12" in bar


def curves(folder: Path) -> dict[str, list[tuple[int, float]]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder))
    events.Reload()
    return {name: [(event.step, event.value) for event in events.Scalars(name)] for name in events.Tags()["scalars"]}


@needs_tensorboard
def test_tensorboard_gets_the_history_and_the_rate(tmp_path: Path) -> None:
    model = network()
    sgd = torch.optim.SGD(model.parameters(), lr=0.5)
    schedule = lr_scheduler.ExponentialLR(sgd, 0.5)
    options = {"validation_data": (X, Y), "metrics": {"accuracy": accuracy}, "schedule": schedule, "device": "cpu"}
    history = fit(model, X, Y, cross_entropy, sgd, 3, 20, generator(8), log_dir=tmp_path, **options)
    found = curves(tmp_path)
    assert found.keys() == {*history.records, "lr"}
    for name, values in {**history.records, "lr": [0.5, 0.25, 0.125]}.items():
        assert found[name] == [(epoch, pytest.approx(value)) for epoch, value in enumerate(values, start=1)]
    text = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode(errors="replace")
    assert "SGD(lr=0.5" in text and "| seed | 8 |" in text and "| batch size | 20 |" in text


@needs_tensorboard
def test_tensorboard_forgets_what_a_resumed_run_does_again(tmp_path: Path) -> None:
    """Cut off in the third epoch, after its numbers were logged and before its checkpoint was: each epoch is there once."""
    path, logs = tmp_path / "run.pt", tmp_path / "logs"
    everything(path, epochs=2, log_dir=logs)
    everything(None, epochs=3, log_dir=logs)  # what was logged of the third is not in the checkpoint
    _, history = everything(path, epochs=4, log_dir=logs, resume=True)
    assert curves(logs)["loss"] == [(epoch, pytest.approx(value)) for epoch, value in enumerate(history["loss"], start=1)]


@pytest.mark.parametrize(
    ("missing", "options", "message"),
    [
        ("tqdm", {"progress": True}, r"progress=True needs tqdm \(.*\): pip install tqdm"),
        ("tensorboard", {"log_dir": "logs"}, r"log_dir needs TensorBoard \(.*\): pip install tensorboard"),
    ],
)
def test_what_is_missing_is_said(missing: str, options: dict, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == missing or name == "torch.utils.tensorboard"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    model, sgd = line()
    with pytest.raises(ImportError, match=message):
        fit(model, ONE, ONE, mse, sgd, 1, None, generator(), device="cpu", **options)


def test_nothing_optional_is_needed_or_loaded() -> None:
    code = (
        "import sys; sys.modules['tqdm'] = sys.modules['tensorboard'] = None; import torch; from torch import nn; "
        "from dlkit.torch.training import fit; m = nn.Linear(1, 1); x = torch.ones(2, 1); o = torch.optim.SGD(m.parameters(), lr=.1); "
        "print(len(fit(m, x, x, nn.MSELoss(), o, 2, None, torch.Generator()))); "
        "assert not {'IPython', 'torch.utils.tensorboard', 'ipywidgets'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "2", done.stderr


def test_files_are_closed_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []

    class Thing:
        def close(self) -> None:
            closed.append("closed")

    monitor = Monitor(1, 1)
    monitor._bar = monitor._writer = Thing()
    with pytest.raises(KeyError), monitor:
        raise KeyError
    assert closed == ["closed"] * 2


# What can go wrong


def test_the_mode_is_restored_after_an_error() -> None:
    def stop(epoch: int, record: dict) -> None:
        raise KeyError

    for mode in (True, False):
        model, sgd = line()
        model.train(mode)
        with pytest.raises(KeyError):
            fit(model, ONE, ONE, mse, sgd, 1, None, generator(), callback=stop, device="cpu")
        assert model.training is mode


def test_no_epochs_change_nothing() -> None:
    model, sgd = line(2.0)
    assert len(fit(model, ONE, ONE, mse, sgd, np.int64(0), None, generator(), device="cpu")) == 0
    assert model.weight.item() == 2.0


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_the_optimizer_moves_with_the_model() -> None:
    model = network()
    adam = torch.optim.Adam(model.parameters(), lr=0.1)
    for device in ("cpu", "cuda", "cpu"):
        fit(model, X, Y, cross_entropy, adam, 1, None, generator(), device=device)
        assert {state["exp_avg"].device.type for state in adam.state.values()} == {device}


other = nn.Linear(1, 1)
OTHER = torch.optim.SGD(other.parameters(), lr=0.1)
PAIRS = TensorDataset(torch.ones(4, 1), torch.ones(4, 1))


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"model": len}, TypeError, "model is builtin_function_or_method, expected an nn.Module"),
        ({"optimizer": 0.1}, TypeError, "optimizer is float, expected a torch.optim.Optimizer"),
        ({"optimizer": OTHER}, ValueError, "optimizer holds 2 tensors, 0 of them of the model, expected one made from"),
        ({"epochs": -1}, ValueError, "epochs is -1, expected a whole number, 0 or more"),
        ({"epochs": 2.0}, ValueError, "epochs is 2.0, expected a whole number"),
        ({"clip_norm": 0}, ValueError, "clip_norm is 0, expected a positive number or None"),
        ({"clip_value": math.nan}, ValueError, "clip_value is nan, expected a positive number or None"),
        ({"schedule": 0.1}, TypeError, "schedule is float, expected a function of the epoch or an LRScheduler"),
        ({"schedule": lr_scheduler.StepLR(OTHER, 1)}, ValueError, "schedule belongs to another optimizer"),
        ({"schedule": lambda epoch: -1}, ValueError, r"schedule\(0\) is -1, expected a learning rate of 0 or more"),
        ({"schedule": lambda epoch: None}, ValueError, r"schedule\(0\) is None, expected a learning rate"),
        ({"schedule": lambda epoch: math.inf}, ValueError, r"schedule\(0\) is inf, expected a learning rate"),
        ({"amp": "int8"}, ValueError, "amp is 'int8', expected True, False, 'bfloat16' or 'float16'"),
        ({"amp": True, "model": nn.Linear(1, 1).double()}, ValueError, "amp is True and model has dtype torch.float64, expected"),
        ({"early_stopping": EarlyStopping(1)}, ValueError, r"early_stopping monitors 'val_loss', expected one of \['loss'\]"),
        ({"metrics": {"accuracy": accuracy}}, ValueError, r"metrics has \['accuracy'\] and validation_data is None"),
        ({"loss": lambda o, t: (o - t) ** 2}, ValueError, r"loss returned shape \(4, 1\), expected a scalar tensor"),
        ({"loss": lambda o, t: 1.0}, ValueError, "loss returned float, expected a scalar tensor"),
        ({"X": DataLoader(PAIRS, 2)}, ValueError, "y is Tensor and X a DataLoader, expected y=None"),
        ({"X": DataLoader(PAIRS, 2), "y": None, "batch_size": 2}, ValueError, "batch_size is 2 and X a DataLoader, expected None"),
        ({"X": DataLoader(torch.ones(4, 1), 2), "y": None}, TypeError, "X gives batches of Tensor, expected pairs"),
        ({"X": DataLoader(TensorDataset(torch.ones(0, 1), torch.ones(0, 1))), "y": None}, ValueError, "X has no rows"),
        ({"validation_data": DataLoader(torch.ones(4, 1), 2)}, TypeError, "validation_data gives batches of Tensor, expected"),
    ],
)  # fmt: skip
def test_fit_says_what_is_wrong(changes: dict, kind: type[Exception], message: str) -> None:
    model = changes.get("model", nn.Linear(1, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1) if isinstance(model, nn.Module) else OTHER
    arguments: dict[str, Any] = {"model": model, "X": torch.ones(4, 1), "y": torch.ones(4, 1), "loss": mse, "optimizer": optimizer}
    arguments |= {"epochs": 1, "batch_size": None, "rng": generator(), "device": "cpu"}
    with pytest.raises(kind, match=message):
        fit(**arguments | changes)
