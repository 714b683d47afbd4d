"""Checkpoints: what a network remembers besides its parameters, and the file itself."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from dlkit.numpy import checkpoint
from dlkit.numpy.checkpoint import load_checkpoint, save_checkpoint, write_atomically
from dlkit.numpy.layers import Dense, Layer, Tanh
from dlkit.numpy.losses_classification import cross_entropy
from dlkit.numpy.network import Sequential
from dlkit.numpy.normalization_layers import BatchNorm
from dlkit.numpy.optim import GradientDescent
from dlkit.numpy.residual import Residual

posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are a matter of POSIX")


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def with_batch_norm(seed: int) -> Sequential:
    random = rng(seed)
    return Sequential(Dense(5, 3, random), BatchNorm(3), Tanh(), Residual(Dense(3, 3, random), BatchNorm(3)), Dense(3, 2, random))


def train(network: Sequential, epochs: int, random: np.random.Generator) -> list[float]:
    X, y = 3 + 2 * rng(1).normal(size=(23, 5)), rng(2).integers(2, size=23)
    return network.fit(X, y, cross_entropy, GradientDescent(0.1), epochs, 7, random)["loss"]


class Both(Layer):
    """A layer with parameters and an array of its own, and with layers inside, one of them in a dict."""

    def __init__(self, seed: int) -> None:
        self.params = {"a": rng(seed).normal(size=3)}
        self.seen = np.array(seed)
        self.inside = {"norm": BatchNorm(3)}

    def forward(self, X, training=False):
        return self.inside["norm"].forward(X + self.params["a"], training)


# -- running statistics ----------------------------------------------------------------------------------------------------


def test_running_statistics_of_batch_norm_are_saved_and_loaded(tmp_path):
    network = with_batch_norm(0)
    train(network, 3, rng(7))
    norms = network.layers[1], network.layers[3].branch.layers[1]
    assert all(norm.running_mean.all() and np.abs(norm.running_var - 1).min() > 1e-3 for norm in norms)  # not as at the start
    save_checkpoint(tmp_path / "a.npz", network)
    other, X = with_batch_norm(1), rng(3).normal(size=(11, 5))
    load_checkpoint(tmp_path / "a.npz", other)
    for norm, again in zip(norms, (other.layers[1], other.layers[3].branch.layers[1]), strict=True):
        np.testing.assert_array_equal(again.running_mean, norm.running_mean)
        np.testing.assert_array_equal(again.running_var, norm.running_var)
    np.testing.assert_array_equal(other.predict(X), network.predict(X))
    forgetful = with_batch_norm(1)
    forgetful.params = network.params  # the parameters alone are not enough
    assert not np.allclose(forgetful.predict(X), network.predict(X))


def test_training_with_batch_norm_goes_on_to_the_last_bit(tmp_path):
    whole, random = with_batch_norm(0), rng(7)
    losses = train(whole, 5, random)
    first, random = with_batch_norm(0), rng(7)
    train(first, 2, random)
    save_checkpoint(tmp_path / "a.npz", first, rng=random)
    second, random = with_batch_norm(99), rng(99)
    load_checkpoint(tmp_path / "a.npz", second, rng=random)
    assert train(second, 3, random) == losses[2:]
    np.testing.assert_array_equal(second.layers[1].running_var, whole.layers[1].running_var)
    np.testing.assert_array_equal(second.predict(np.eye(5)), whole.predict(np.eye(5)))


def test_other_sizes_of_running_statistics_are_refused(tmp_path):
    save_checkpoint(tmp_path / "a.npz", BatchNorm(3))
    wider = BatchNorm(3)
    wider.running_var = np.ones(4)
    with pytest.raises(ValueError, match=r"network.running_var has shape \(3,\) in the checkpoint, expected \(4,\)"):
        load_checkpoint(tmp_path / "a.npz", wider)


def test_a_layer_with_layers_inside_keeps_its_own_arrays(tmp_path):
    layer, other = Both(4), Both(5)
    layer.forward(rng(6).normal(size=(7, 3)), training=True)
    save_checkpoint(tmp_path / "a.npz", Sequential(layer))
    load_checkpoint(tmp_path / "a.npz", Sequential(other))
    np.testing.assert_array_equal(other.params["a"], layer.params["a"])
    np.testing.assert_array_equal(other.inside["norm"].running_mean, layer.inside["norm"].running_mean)
    assert isinstance(other.seen, np.ndarray) and other.seen == 4
    save_checkpoint(tmp_path / "b.npz", Sequential(other))
    load_checkpoint(tmp_path / "b.npz", Sequential(Both(6)))  # the array without axes is still an array


# -- the file --------------------------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("nameless", [True, False])
@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_a_new_file_has_the_mode_of_any_new_file(tmp_path, monkeypatch, umask, nameless):
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    old = os.umask(umask)
    try:
        write_atomically(tmp_path / "a", lambda file: file.write(b"whole"))
        (tmp_path / "b").write_bytes(b"ordinary")
    finally:
        os.umask(old)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "ab"]
    assert modes == [0o666 & ~umask] * 2
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


@posix
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write_atomically(path, lambda file: file.write(b"new"))
    assert path.read_bytes() == b"new" and stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("nameless", [True, False])
def test_whatever_goes_wrong_the_old_file_stays_and_nothing_else(tmp_path, monkeypatch, nameless):
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def interrupted(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, interrupted)

    def in_the_way(*_):
        raise PermissionError("in use")

    monkeypatch.setattr(checkpoint.os, "replace", in_the_way)
    with pytest.raises(PermissionError, match="in use"):
        write_atomically(path, lambda file: file.write(b"new"))
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["a"]


@posix
def test_a_process_that_is_killed_leaves_no_hidden_file(tmp_path):
    code = """
        import os, signal, sys
        from dlkit.numpy.checkpoint import write_atomically

        def killed(file):
            file.write(b"half of it")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)

        write_atomically(sys.argv[1], killed)
    """
    path = tmp_path / "a.npz"
    path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(path)], check=False)
    assert done.returncode == -9 and path.read_bytes() == b"old"
    left = [name for name in os.listdir(tmp_path) if name != "a.npz"]
    assert all(name.startswith("a.npz.") and name.endswith(".part") for name in left)
    try:
        os.close(os.open(tmp_path, os.O_TMPFILE | os.O_WRONLY))
    except (AttributeError, OSError):
        return  # this system cannot write a file without a name
    assert not left
