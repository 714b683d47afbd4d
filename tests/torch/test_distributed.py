"""Several processes train what one process trains; without a group nothing changes."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from dlkit.torch import distributed, training_data
from dlkit.torch.distributed import is_main, process_group, rank, share, world_size

from .training_runs import TOGETHER, together

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds, of which it needs some ten on a quiet machine


def launch(processes: int, *arguments: str) -> None:
    """Run the script by torchrun, on the loopback device; whatever happens, no process is left."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo", "CUDA_VISIBLE_DEVICES": ""}
    if sys.platform != "linux":
        del environment["GLOO_SOCKET_IFNAME"]
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", str(processes), "--master-addr", "127.0.0.1"]
    command += ["--standalone", str(ROOT / "tests" / "torch" / "training_runs.py"), *arguments]
    started = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        output, _ = started.communicate(timeout=PATIENCE)
    except BaseException:
        started.send_signal(signal.SIGTERM)  # torchrun ends its processes
        try:
            started.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            started.kill()
        raise
    assert started.returncode == 0, output


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("together")
    launch(2, "together", str(folder))
    return [torch.load(folder / f"result{i}.pt", weights_only=True) for i in range(2)]


@pytest.mark.slow
@pytest.mark.parametrize("name", TOGETHER)
def test_two_processes_train_what_one_trains(results: list[dict[str, Any]], name: str) -> None:
    alone = together(name)
    for result in results:
        for ours, theirs in zip(result[name]["parameters"], alone["parameters"], strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)
        assert result[name]["history"].keys() == alone["history"].keys()
        for key, values in alone["history"].items():
            assert result[name]["history"][key] == pytest.approx(values, rel=1e-12)
    assert results[0][name]["history"] == results[1][name]["history"]


@pytest.mark.slow
def test_a_resumed_group_goes_on_to_the_bit_and_files_are_of_process_0(results: list[dict[str, Any]]) -> None:
    for result in results:
        assert result["resumed"]["history"] == result["plain"]["history"]
        assert all(map(torch.equal, result["resumed"]["parameters"], result["plain"]["parameters"]))
        assert all(map(torch.equal, *result["dropped"])), "dropout went on with other masks"
        assert torch.equal(*result["draws"])
    assert not torch.equal(results[0]["draws"][0], results[1]["draws"][0]), "the processes share one random state"
    assert all(map(torch.equal, results[0]["buffers"], results[1]["buffers"])), "running means differ"
    assert [result["calls"] for result in results] == [[1, 2, 3, 4], []]
    assert results[0]["device"] == "cpu" and "run.pt" in results[0]["written"]
    if importlib.util.find_spec("tensorboard"):
        assert "logs" in results[0]["written"]


@pytest.mark.parametrize(("rows", "processes"), [(7, 3), (8, 4), (2, 5), (1, 1), (0, 2)])
def test_shares_are_fair_and_complete(rows: int, processes: int) -> None:
    shares = [share(rows, i, processes) for i in range(processes)]
    assert [row for one in shares for row in range(rows)[one]] == list(range(rows))
    sizes = [one.stop - one.start for one in shares]
    assert max(sizes) - min(sizes) <= 1


def test_alone_there_is_nothing_to_join(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    with process_group() as device:
        assert (rank(), world_size(), is_main()) == (0, 1, True) and device.type in ("cpu", "cuda")
    rng, value = torch.Generator().manual_seed(4), torch.tensor([1.5])
    before = rng.get_state()
    distributed.same_generator(rng)
    distributed.same_buffers(nn.BatchNorm1d(2))
    assert torch.equal(rng.get_state(), before)
    assert distributed.same_numbers([0.1, 2]) == [0.1, 2]
    assert distributed.sum_of_all(value) is value and distributed.tensors_of_all(value) == [value]


def test_the_time_to_wait_is_positive() -> None:
    with pytest.raises(ValueError, match="timeout is 0, expected a positive number of seconds"), process_group(timeout=0):
        pass


def test_a_group_of_one_joins_and_leaves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made: dict[str, Any] = {}

    def init(backend: str, timeout: Any) -> None:
        made.update(backend=backend, timeout=timeout)
        original("gloo", init_method=f"file://{tmp_path / 'store'}", rank=0, world_size=1, timeout=timeout)

    original = torch.distributed.init_process_group
    monkeypatch.setattr(torch.distributed, "init_process_group", init)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for name, value in {"RANK": "0", "WORLD_SIZE": "1"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(KeyError), process_group(timeout=9):
        assert torch.distributed.is_initialized() and world_size() == 1
        raise KeyError
    assert made["backend"] == "gloo" and made["timeout"].total_seconds() == 9
    assert not torch.distributed.is_initialized()


def test_loaders_that_would_disagree_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data, model, rng = TensorDataset(torch.zeros(4, 1), torch.zeros(4, 1)), nn.Linear(1, 1), torch.Generator()
    with pytest.raises(ValueError, match="X has a DistributedSampler, expected whole batches"):
        training_data.LoaderBatches(DataLoader(data, sampler=DistributedSampler(data, 2, 0)), model, rng)
    monkeypatch.setattr(training_data, "world_size", lambda: 2)
    with pytest.raises(ValueError, match="X shuffles without a generator, expected DataLoader"):
        training_data.LoaderBatches(DataLoader(data, shuffle=True), model, rng)
    training_data.LoaderBatches(DataLoader(data, shuffle=True, generator=torch.Generator()), model, rng)
    training_data.LoaderBatches(DataLoader(data), model, rng)
