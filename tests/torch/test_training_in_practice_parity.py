"""Splits, imputation, text, metrics, checkpoints and frozen modules: what PyTorch says against what NumPy says."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from dlkit.numpy import splits as numpy_splits
from dlkit.torch import search
from dlkit.torch.checkpoint import load_checkpoint, save_checkpoint
from dlkit.torch.device import available_devices
from dlkit.torch.imputation import SimpleImputer
from dlkit.torch.splits import train_val_test_split
from dlkit.torch.text import bag_of_words, one_hot_tokens
from dlkit.torch.transfer import freeze, unfreeze

from .rows import METRICS, Operation, pair, same
from .test_parity import TOLERANCES, assert_same, draw, parts, tensors

every_device = pytest.mark.parametrize("device", available_devices(), ids=str)
IMPUTATION, TEXT, N, K = pair("imputation"), pair("text"), 29, 5


def labels(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(K, size=N)


def with_gaps(n: int):
    def make(rng: np.random.Generator) -> np.ndarray:
        X = rng.normal(size=(n, 3))
        X[rng.random(X.shape) < 0.3] = np.nan
        X[:, 2] = np.nan
        return X

    return make


_two = {"predicted": labels, "target": labels}
_numbers = {"predicted": lambda rng: rng.normal(size=(N, 3)), "target": lambda rng: rng.normal(size=(N, 3))}
_sets = {"X_train": with_gaps(11), "X_test": with_gaps(7)}


def imputed(module, strategy: str, X_train, X_test):
    return list(module.impute(X_train, X_test, strategy=strategy))


OPERATIONS = [
    same(METRICS, "confusion_matrix", inputs=_two),
    same(METRICS, "confusion_matrix", "scores", inputs={"predicted": lambda rng: rng.normal(size=(N, K)), "target": labels}),
    same(METRICS, "confusion_matrix", "absent class", inputs=_two, num_classes=8),
    same(METRICS, "confusion_matrix", "bytes", inputs={"predicted": lambda rng: np.arange(200, dtype=np.uint8),
                                                       "target": lambda rng: np.arange(200, dtype=np.uint8)}),
    *(same(METRICS, name, str(average), inputs=_two, average=average)
      for name in ("precision", "recall", "f1") for average in ("macro", "micro", None)),
    *(same(METRICS, name, f"positive {k}", inputs=_two, positive=k) for name in ("precision", "recall", "f1") for k in (0, 3, 7)),
    *(same(METRICS, name, "0 / 0", inputs=_two, average=None, num_classes=8, zero_division=0.5)
      for name in ("precision", "recall", "f1")),
    *(same(METRICS, name, inputs=_numbers)
      for name in ("mean_absolute_error", "mean_squared_error", "root_mean_squared_error")),
    *(Operation(f"impute {strategy}", lambda rng: {name: make(rng) for name, make in _sets.items()},
                lambda strategy=strategy, **given: (imputed(IMPUTATION.numpy, strategy, **given), None),
                partial(imputed, IMPUTATION.torch, strategy)) for strategy in ("mean", "median")),
    same(IMPUTATION, "missing_indicator", inputs={"X": with_gaps(11)}),
]


@every_device
@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_values(operation: Operation, dtype: str, device: torch.device) -> None:
    inputs, _ = draw(operation, dtype)
    before = {name: np.copy(value) for name, value in inputs.items()}
    ours, _ = operation.numpy(**inputs)
    theirs = operation.torch(**tensors(operation, inputs, device, track=False))
    for i, (a, b) in enumerate(zip(parts(ours), parts(theirs), strict=True)):
        assert_same(a, b, TOLERANCES[dtype], f"output {i}")
    for name, value in inputs.items():
        assert np.array_equal(value, before[name], equal_nan=value.dtype.kind == "f"), f"{name} was modified"


def test_errors_name_what_came() -> None:
    metrics = METRICS.torch
    with pytest.raises(ValueError, match=r"predicted has shape \(2,\) and target \(3,\)"):
        metrics.confusion_matrix(torch.zeros(2).long(), torch.zeros(3).long())
    with pytest.raises(ValueError, match="labels are 0 to 4, expected 0 to 2"):
        metrics.confusion_matrix(torch.tensor([0, 4]), torch.tensor([0, 1]), 3)
    with pytest.raises(ValueError, match="average is 'mean'"):
        metrics.precision(torch.tensor([0]), torch.tensor([0]), average="mean")
    with pytest.raises(ValueError, match="positive is 5, expected a class from 0 to 1"):
        metrics.recall(torch.tensor([0]), torch.tensor([0]), positive=5, num_classes=2)
    with pytest.raises(ValueError, match=r"predicted has shape \(2,\), expected \(3,\)"):
        metrics.mean_absolute_error(torch.zeros(2), torch.zeros(3))
    with pytest.raises(ValueError, match="target is empty"):
        metrics.root_mean_squared_error(torch.zeros(0), torch.zeros(0))
    with pytest.raises(ValueError, match="strategy is 'mode'"):
        SimpleImputer(2, "mode")
    with pytest.raises(ValueError, match=r"X has shape \(1, 3\), expected \(N, 2\)"):
        SimpleImputer(2).fit(torch.zeros(1, 3))


@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("n", [7, 97])
def test_splits_have_the_sizes_and_shares_of_numpy(n: int, stratified: bool) -> None:
    y = torch.arange(n) % 3 if stratified else None
    first, again = (train_val_test_split(n, 0.2, 0.15, torch.Generator().manual_seed(3), stratify=y) for _ in range(2))
    theirs = numpy_splits.train_val_test_split(n, 0.2, 0.15, np.random.default_rng(0), stratify=None if y is None else y.numpy())
    assert [len(rows) for rows in first] == [len(rows) for rows in theirs]
    assert sorted(torch.cat(first).tolist()) == list(range(n))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    if stratified:
        for rows, others in zip(first, theirs, strict=True):
            assert torch.bincount(y[rows], minlength=3).tolist() == np.bincount(y.numpy()[others], minlength=3).tolist()
        with pytest.raises(ValueError, match=r"stratify has shape \(2,\)"):
            train_val_test_split(n, 0.2, 0.15, torch.Generator(), stratify=torch.zeros(2))


def test_a_sparse_bag_is_the_dense_one() -> None:
    texts, words = ["a cat, a dog", "", "dog dog dog"], ["dog", "cat", "a", "bird"]
    sparse = bag_of_words(texts, words, sparse=True)
    assert sparse._nnz() == 4 and torch.equal(sparse.to_dense(), bag_of_words(texts, words))
    assert torch.equal(bag_of_words(texts, words).double(), torch.from_numpy(TEXT.numpy.bag_of_words(texts, words)))
    assert torch.equal(one_hot_tokens(texts[0], words).sum(dim=0), bag_of_words(texts[:1], words)[0])
    assert bag_of_words(["unknown"], words, sparse=True)._nnz() == 0


def test_searches_are_those_of_numpy() -> None:
    assert search.grid_search(lambda c: torch.tensor(-abs(c["a"] - 2.0)), {"a": [1, 2, 3]}).best == {"a": 2}


@every_device
def test_training_goes_on_as_if_nothing_had_happened(device: torch.device, tmp_path) -> None:
    X, y = torch.randn(23, 5, generator=torch.Generator().manual_seed(1)).to(device), (torch.arange(23) % 2).to(device)

    def start(seed: int = 0):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(5, 7), nn.BatchNorm1d(7), nn.Tanh(), nn.Linear(7, 2)).to(device)
        return model, torch.optim.Adam(model.parameters(), lr=0.01), torch.Generator().manual_seed(7)

    def train(model, optimizer, rng, steps):
        losses = []
        for _ in range(steps):
            rows = torch.randperm(23, generator=rng)[:11].to(device)
            loss = nn.functional.cross_entropy(model(X[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    whole = train(*start(), 8)
    run = start()
    first = train(*run, 3)
    save_checkpoint(tmp_path / "a.pt", *run, step=3, losses=first)
    run = start(seed=99)
    assert load_checkpoint(tmp_path / "a.pt", *run) == {"step": 3, "losses": first}
    assert first + train(*run, 5) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["a.pt"]
    save_checkpoint(tmp_path / "b.pt", run[0])
    with pytest.raises(ValueError, match="holds no optimizer, expected one"):
        load_checkpoint(tmp_path / "b.pt", *run)


@every_device
def test_a_frozen_body_stays_in_every_respect(device: torch.device) -> None:
    torch.manual_seed(0)
    body = nn.Sequential(nn.Linear(5, 7), nn.BatchNorm1d(7), nn.Dropout(0.5))
    model = nn.Sequential(freeze(body), nn.Linear(7, 2)).to(device).train()
    before = {name: value.clone() for name, value in body.state_dict().items()}
    head = model[1].weight.detach().clone()
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
    X = torch.randn(11, 5, device=device)
    for _ in range(3):
        optimizer.zero_grad()
        model(X).square().mean().backward()
        optimizer.step()
    assert all(torch.equal(before[name], value) for name, value in body.state_dict().items())
    assert not torch.equal(head, model[1].weight) and torch.equal(body(X), body(X))  # no dropout
    whole = unfreeze(model)
    assert all(p.requires_grad for p in whole.parameters()) and whole[0] is body and body.training
