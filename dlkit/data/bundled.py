"""Real data sets that need no network: they come with scikit-learn, imported only when one is asked for."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from dlkit.data.dataset import Dataset


def load_wine() -> Dataset:
    """Load the wine set: 178 Italian wines, 13 chemical measurements, 3 growers.

    Returns
    -------
    Dataset
        X (178, 13) float64, y (178,) int64 in 0..2.

    Source: lecture notes, unit 1; UCI repository, through scikit-learn.

    Examples
    --------
    >>> load_wine()
    Dataset(X (178, 13) float64, y (178,) int64: 3 classes)
    """
    return _from_sklearn("load_wine")


def load_breast_cancer() -> Dataset:
    """Load the Wisconsin breast cancer set: 569 biopsies, 30 measurements, malignant (0) or benign (1).

    Returns
    -------
    Dataset
        X (569, 30) float64, y (569,) int64 in 0..1.

    Examples
    --------
    >>> load_breast_cancer().target_names
    ('malignant', 'benign')
    """
    return _from_sklearn("load_breast_cancer")


def load_digits() -> Dataset:
    """Load the small handwritten digits: 1797 images of 8 by 8 pixels with ink from 0 to 16.

    Returns
    -------
    Dataset
        X (1797, 64) float64, one row per image (``X.reshape(-1, 1, 8, 8)`` gives images);
        y (1797,) int64 in 0..9.

    Examples
    --------
    >>> digits = load_digits()
    >>> digits.X.shape, float(digits.X.max())
    ((1797, 64), 16.0)
    """
    return _from_sklearn("load_digits")


def load_iris() -> Dataset:
    """Load the iris set: 150 flowers, 4 lengths in centimetres, 3 species.

    Returns
    -------
    Dataset
        X (150, 4) float64, y (150,) int64 in 0..2.

    Examples
    --------
    >>> load_iris().target_names
    ('setosa', 'versicolor', 'virginica')
    """
    return _from_sklearn("load_iris")


def load_diabetes() -> Dataset:
    """Load the diabetes set: 442 patients, 10 standardised measurements, progression after one year.

    Returns
    -------
    Dataset
        X (442, 10) float64, y (442,) float64.

    Examples
    --------
    >>> load_diabetes()
    Dataset(X (442, 10) float64, y (442,) float64: disease progression)
    """
    return _from_sklearn("load_diabetes", ("disease progression",))


def load_photographs() -> Dataset:
    """Load two colour photographs, a temple and a flower, as a batch of images.

    Returns
    -------
    Dataset
        X (2, 3, 427, 640) uint8 (channels before rows and columns; divide by 255 for numbers from 0 to 1),
        y (2,) int64 = [0, 1].

    Examples
    --------
    >>> load_photographs().X.shape
    (2, 3, 427, 640)
    """
    raw = _sklearn_datasets().load_sample_images()
    images = np.ascontiguousarray(np.stack(raw.images).transpose(0, 3, 1, 2))
    return Dataset(images, np.arange(len(images)), (), ("temple", "flower"), raw.DESCR)


def _sklearn_datasets() -> ModuleType:
    try:
        import sklearn.datasets
    except ImportError as error:
        raise ImportError(
            "this data set comes with scikit-learn, which is not installed: run  pip install scikit-learn"
        ) from error
    return sklearn.datasets


def _from_sklearn(loader: str, target_names: tuple[str, ...] | None = None) -> Dataset:
    raw = getattr(_sklearn_datasets(), loader)()
    names = target_names or tuple(str(name) for name in raw.target_names)
    y = raw.target if target_names else raw.target.astype(np.int64)
    features = tuple(str(name) for name in raw.feature_names)
    return Dataset(np.array(raw.data, dtype=np.float64), np.array(y), features, names, raw.DESCR)
