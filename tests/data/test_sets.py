"""Bundled and generated sets: shapes, names, determinism, and the numbers of the lecture notes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import dlkit.data as data

SKLEARN_SETS = {
    "load_wine": (178, 13, 3),
    "load_breast_cancer": (569, 30, 2),
    "load_digits": (1797, 64, 10),
    "load_iris": (150, 4, 3),
}
CLASSES = {"make_blobs": 3, "make_moons": 2, "make_circles": 2, "make_spirals": 2, "make_xor": 2}
NUMBERS = {"make_cereals": 1, "make_swiss_roll": 3, "make_curve": 2}


@pytest.mark.parametrize("name", SKLEARN_SETS)
def test_bundled_classification_sets(name):
    rows, columns, classes = SKLEARN_SETS[name]
    loaded = getattr(data, name)()
    assert loaded.X.shape == (rows, columns) and loaded.X.dtype == np.float64
    assert loaded.y.dtype == np.int64 and sorted(set(loaded.y.tolist())) == list(range(classes))
    assert len(loaded.feature_names) == columns and len(loaded.target_names) == classes
    assert loaded.description and all(type(n) is str for n in loaded.feature_names + loaded.target_names)


def test_each_call_gives_arrays_of_its_own():
    first = data.load_iris()
    first.X[:] = 0.0
    assert data.load_iris().X.max() > 0


def test_diabetes_is_a_regression_and_photographs_have_channels_first():
    assert data.load_diabetes().y.dtype == np.float64
    photos = data.load_photographs()
    assert photos.X.shape == (2, 3, 427, 640) and photos.X.dtype == np.uint8 and photos.X.flags.c_contiguous


@pytest.mark.parametrize("name", [*CLASSES, *NUMBERS])
def test_generated_sets_repeat_with_the_seed_and_only_then(name):
    make = getattr(data, name)
    first, again, other = (make(40, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.X, again.X) and np.array_equal(first.y, again.y)
    assert not np.array_equal(first.X, other.X)
    assert first.X.dtype == np.float64 and first.X.shape[0] == first.y.shape[0] == 40
    assert len(first.feature_names) == first.X.shape[1]


@pytest.mark.parametrize("name", CLASSES)
def test_generated_classes_are_balanced_and_mixed(name):
    y = getattr(data, name)(61, np.random.default_rng(0)).y
    counts = np.bincount(y)
    assert len(counts) == CLASSES[name] and counts.max() - counts.min() <= 1
    assert len(set(y[:20].tolist())) == CLASSES[name]


@pytest.mark.parametrize("name", [*CLASSES, *NUMBERS])
def test_generated_sets_refuse_bad_arguments(name):
    make = getattr(data, name)
    with pytest.raises(TypeError, match="rng is int, expected a generator"):
        make(10, 0)
    with pytest.raises(ValueError, match="num_samples is 0"):
        make(0, np.random.default_rng(0))
    with pytest.raises(ValueError, match="(noise|std) is -1"):
        make(10, np.random.default_rng(0), **{"std" if name == "make_blobs" else "noise": -1})


def test_special_arguments_are_checked():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="factor is 2"):
        data.make_circles(10, rng, factor=2)
    with pytest.raises(ValueError, match="arms is 0"):
        data.make_spirals(10, rng, arms=0)
    with pytest.raises(ValueError, match=r"centers has shape \(3,\)"):
        data.make_blobs(10, rng, centers=np.zeros(3))
    with pytest.raises(ValueError, match="centers is 0"):
        data.make_blobs(10, rng, centers=0)


def test_spirals_and_moons_are_not_separable_by_a_line_but_blobs_are():
    def line_accuracy(d):
        A = np.column_stack([d.X, np.ones(len(d))])
        w = np.linalg.lstsq(A, 2.0 * d.y - 1, rcond=None)[0]
        return np.mean((A @ w > 0) == (d.y == 1))

    rng = np.random.default_rng(0)
    far = np.array([[-4.0, 0.0], [4.0, 0.0]])
    assert line_accuracy(data.make_blobs(200, rng, centers=far)) == 1.0
    assert line_accuracy(data.make_spirals(200, rng)) < 0.85
    assert line_accuracy(data.make_moons(200, rng)) < 0.95
    assert line_accuracy(data.make_xor(200, rng)) < 0.75
    assert line_accuracy(data.make_circles(200, rng)) < 0.75


def test_housing_scales_to_the_numbers_of_the_notes():
    X = data.load_housing().X
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    assert z[:, 0].round(6).tolist() == [-0.742381, -1.067173, 1.484763, 0.324792]
    minmax = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
    assert minmax[:, 1].round(6).tolist() == [0.666667, 0.0, 1.0, 0.666667]


def test_three_points_have_the_residuals_of_the_notes():
    d = data.load_three_points()
    assert (d.y - d.X[:, 0]).round(6).tolist() == [0.5, 0.4, 1.0]


def test_gates():
    assert [data.load_gate(n).y.tolist() for n in ("and", "or", "xor")] == [
        [0, 0, 0, 1],
        [0, 1, 1, 1],
        [0, 1, 1, 0],
    ]
    assert data.load_gate("or", bipolar=True).X.tolist() == [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    with pytest.raises(ValueError, match="name is 'xnor', expected one of and, nand, nor, or, xor"):
        data.load_gate("xnor")


def test_dataset_checks_itself_and_shows_a_table():
    with pytest.raises(ValueError, match="y has 2 rows, expected 3"):
        data.Dataset(np.zeros((3, 1)), np.zeros(2))
    with pytest.raises(ValueError, match="feature_names has 2 names, expected 1"):
        data.Dataset(np.zeros((3, 1)), np.zeros(3), ("a", "b"))
    with pytest.raises(ValueError, match="text column 'c' has 1 rows"):
        data.Dataset(np.zeros((3, 1)), np.zeros(3), text_columns={"c": np.array(["x"])})
    with pytest.raises(ValueError, match="images make no table"):
        data.load_photographs().head()
    assert data.load_iris().head(1).splitlines()[1].endswith("setosa")
    assert repr(data.load_countries()) == "Dataset(X (4, 1) <U10, y (4,) int64: 4 classes)"
    with pytest.raises(AttributeError):
        data.load_housing().X = None


def test_importing_the_package_imports_nothing_heavy():
    heavy = ("sklearn", "torch", "matplotlib", "IPython")
    code = f"import sys, dlkit.data; print([m for m in {heavy} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        data.load_wine()
