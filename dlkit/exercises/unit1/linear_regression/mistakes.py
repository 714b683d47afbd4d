"""Wrong answers to the exercises on linear regression: each is complete, with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- the intercept for a given slope ---------------------------------------------------------------------------------------


def intercept_added(x, y, slope):
    return np.mean(y) + slope * np.mean(x)


def intercept_first_point(x, y, slope):
    return y[0] - slope * x[0]


def intercept_mean_y(x, y, slope):
    return np.mean(y)


def intercept_median(x, y, slope):
    return np.median(y - slope * x)


def intercept_divided(x, y, slope):
    return np.mean(x) - np.mean(y) / slope


def intercept_without_slope(x, y, slope):
    return np.mean(y) - np.mean(x)


def intercept_of_own_line(x, y, slope):
    return np.polyfit(x, y, 1)[1]


# -- the line of best fit --------------------------------------------------------------------------------------------------


def line_swapped(x, y):
    dx = x - x.mean()
    slope = np.sum(dx * (y - y.mean())) / np.sum(dx**2)
    return y.mean() - slope * x.mean(), slope


def line_through_origin(x, y):
    slope = np.sum(x * y) / np.sum(x**2)
    return slope, y.mean() - slope * x.mean()


def line_x_on_y(x, y):
    dy = y - y.mean()
    slope = np.sum((x - x.mean()) * dy) / np.sum(dy**2)
    return slope, y.mean() - slope * x.mean()


def line_correlation(x, y):
    slope = np.corrcoef(x, y)[0, 1]
    return slope, y.mean() - slope * x.mean()


def line_without_square(x, y):
    slope = np.cov(x, y, ddof=0)[0, 1] / np.std(x)
    return slope, y.mean() - slope * x.mean()


def line_intercept_sign(x, y):
    dx = x - x.mean()
    slope = np.sum(dx * (y - y.mean())) / np.sum(dx**2)
    return slope, slope * x.mean() - y.mean()


def line_intercept_mean(x, y):
    dx = x - x.mean()
    slope = np.sum(dx * (y - y.mean())) / np.sum(dx**2)
    return slope, y.mean()


def line_end_points(x, y):
    slope = (y[-1] - y[0]) / (x[-1] - x[0])
    return slope, y[0] - slope * x[0]


def line_mixed_ddof(x, y):
    slope = np.cov(x, y)[0, 1] / np.var(x)
    return slope, y.mean() - slope * x.mean()


def line_mean_ratio(x, y):
    slope = np.mean(y / x)
    return slope, y.mean() - slope * x.mean()


def line_sorted_x(x, y):
    x = np.sort(x)
    dx = x - x.mean()
    slope = np.sum(dx * (y - y.mean())) / np.sum(dx**2)
    return slope, y.mean() - slope * x.mean()


def line_sorted_both(x, y):
    x, y = np.sort(x), np.sort(y) if np.any(np.diff(x) < 0) else y
    dx = x - x.mean()
    slope = np.sum(dx * (y - y.mean())) / np.sum(dx**2)
    return slope, y.mean() - slope * x.mean()


def line_one_pass(x, y):
    n = len(x)
    slope = (n * np.sum(x * y) - np.sum(x) * np.sum(y)) / (n * np.sum(x * x) - np.sum(x) ** 2)
    return slope, (np.sum(y) - slope * np.sum(x)) / n


def line_one_pass_means(x, y):
    slope = (np.mean(x * y) - np.mean(x) * np.mean(y)) / (np.mean(x**2) - np.mean(x) ** 2)
    return slope, np.mean(y) - slope * np.mean(x)


# -- the normal equation ---------------------------------------------------------------------------------------------------


def weights_by_inverse(X, y):
    return np.linalg.inv(X.T @ X) @ X.T @ y


def weights_by_solve(X, y):
    return np.linalg.solve(X.T @ X, X.T @ y)


def weights_first_rows(X, y):
    D = X.shape[1]
    return np.linalg.lstsq(X[:D], y[:D], rcond=None)[0]


def weights_without_inverse(X, y):
    return X.T @ y


def weights_one_by_one(X, y):
    return (X.T @ y) / np.sum(X**2, axis=0)


def weights_centred(X, y):
    return np.linalg.lstsq(X - X.mean(axis=0), y - y.mean(), rcond=None)[0]


def weights_with_ones(X, y):
    return np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y, rcond=None)[0]


def weights_with_ones_dropped(X, y):
    return np.linalg.lstsq(np.column_stack([np.ones(len(X)), X]), y, rcond=None)[0][1:]


def weights_independent_columns(X, y, order=1):
    columns = list(range(X.shape[1]))[::order]
    kept = [j for i, j in enumerate(columns)
            if np.linalg.matrix_rank(X[:, columns[:i + 1]]) > (np.linalg.matrix_rank(X[:, columns[:i]]) if i else 0)]
    w = np.zeros(X.shape[1])
    w[kept] = np.linalg.lstsq(X[:, kept], y, rcond=None)[0]
    return w


def weights_independent_columns_from_the_end(X, y):
    return weights_independent_columns(X, y, -1)


def weights_ridge(X, y, strength=1.0):
    return np.linalg.solve(X.T @ X + strength * np.eye(X.shape[1]), X.T @ y)


def weights_ridge_tenth(X, y):
    return weights_ridge(X, y, 1e-1)


def weights_ridge_hundredth(X, y):
    return weights_ridge(X, y, 1e-2)


def weights_ridge_thousandth(X, y):
    return weights_ridge(X, y, 1e-3)


def weights_ridge_tiny(X, y):
    return weights_ridge(X, y, 1e-4)


def weights_ridge_tinier(X, y):
    return weights_ridge(X, y, 1e-5)


def weights_ridge_millionth(X, y):
    return weights_ridge(X, y, 1e-6)


def weights_predictions(X, y):
    return X @ np.linalg.lstsq(X, y, rcond=None)[0]


# -- standardising ---------------------------------------------------------------------------------------------------------


def apply_own_statistics(X, mean, std):
    own = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(own > 0, own, 1.0)


def apply_in_whole_numbers(X, mean, std):
    scaled = X.copy()
    scaled[:] = (X - mean) / std
    return scaled


def fit_sample_std(X):
    std = X.std(axis=0, ddof=1)
    return X.mean(axis=0), np.where(std > 0, std, 1.0)


def fit_variance(X):
    variance = X.var(axis=0)
    return X.mean(axis=0), np.where(variance > 0, variance, 1.0)


def apply_no_brackets(X, mean, std):
    return X - mean / std


def fit_rows(X):
    std = X.std(axis=1)
    return X.mean(axis=1), np.where(std > 0, std, 1.0)


def apply_rows(X, mean, std):
    return (X - mean[:, None]) / std[:, None]


def fit_whole_table(X):
    return X.mean(), X.std()


def fit_zero_spread(X):
    return X.mean(axis=0), X.std(axis=0)


def fit_min_max(X):
    span = X.max(axis=0) - X.min(axis=0)
    return X.min(axis=0), np.where(span > 0, span, 1.0)


def apply_multiplied(X, mean, std):
    return (X - mean) * std


def apply_no_mean(X, mean, std):
    return X / std


def apply_no_std(X, mean, std):
    return X - mean


# -- one-hot encoding ------------------------------------------------------------------------------------------------------


def one_hot_by_max(labels, num_classes):
    return np.eye(int(labels.max()) + 1)[labels]


def one_hot_by_unique(labels, num_classes):
    return (labels[:, None] == np.unique(labels)).astype(float)


def one_hot_drop_last(labels, num_classes):
    return (labels[:, None] == np.arange(num_classes - 1)).astype(float)


def one_hot_from_one(labels, num_classes):
    return (labels[:, None] == np.arange(1, num_classes + 1)).astype(float)


def one_hot_from_one_wrapped(labels, num_classes):
    return np.eye(num_classes)[labels - 1]


def one_hot_whole_columns(labels, num_classes):
    Y = np.zeros((len(labels), num_classes))
    Y[:, labels] = 1.0
    return Y


def one_hot_first_only(labels, num_classes):
    Y = np.zeros((len(labels), num_classes))
    for k in range(num_classes):
        rows = np.flatnonzero(labels == k)
        Y[rows[:1], k] = 1.0
    return Y


def one_hot_thermometer(labels, num_classes):
    return (labels[:, None] >= np.arange(num_classes)).astype(float)


def one_hot_label_value(labels, num_classes):
    return np.eye(num_classes)[labels] * labels[:, None]


def one_hot_transposed(labels, num_classes):
    return np.eye(num_classes)[labels].T


def one_hot_inverted(labels, num_classes):
    return 1.0 - np.eye(num_classes)[labels]


# -- find the leak ---------------------------------------------------------------------------------------------------------


def prepare_leaking(X, train_rows, test_rows):
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    return scaled[train_rows], scaled[test_rows]


def prepare_own(X, train_rows, test_rows):
    train, test = X[train_rows], X[test_rows]
    return (train - train.mean(axis=0)) / train.std(axis=0), (test - test.mean(axis=0)) / test.std(axis=0)


def prepare_from_test(X, train_rows, test_rows):
    train, test = X[train_rows], X[test_rows]
    mean, std = test.mean(axis=0), test.std(axis=0)
    return (train - mean) / std, (test - mean) / std


def prepare_half_mended(X, train_rows, test_rows):
    train, test = X[train_rows], X[test_rows]
    mean, std = train.mean(axis=0), X.std(axis=0)
    return (train - mean) / std, (test - mean) / std


def prepare_other_half(X, train_rows, test_rows):
    train, test = X[train_rows], X[test_rows]
    mean, std = X.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (test - mean) / std


def prepare_swapped(X, train_rows, test_rows):
    train, test = X[train_rows], X[test_rows]
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (test - mean) / std, (train - mean) / std


def prepare_whole_table(X, train_rows, test_rows):
    train, test = X[train_rows], X[test_rows]
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


def prepare_test_raw(X, train_rows, test_rows):
    train = X[train_rows]
    return (train - train.mean(axis=0)) / train.std(axis=0), X[test_rows]


# -- predict a scaled value ------------------------------------------------------------------------------------------------


def scaled_clipped():
    return 1.0


def scaled_no_shift():
    return 2.0


def scaled_without_brackets():
    return 40 - 10 / (30 - 10)


def scaled_by_maximum():
    return 40 / 30


def scaled_standardised():
    return (40 - 20) / np.std([10, 20, 30])
