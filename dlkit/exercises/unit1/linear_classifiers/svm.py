"""The multi-class support vector machine: hinge, squared hinge, and a penalty on the weights."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime

# -- right answers -------------------------------------------------------------------------------------------------------


def svm_fit(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power)


def svm_predict(X, W, b):
    return (X @ W + b).argmax(axis=1)


def svm_fit_by_loops(X, y, lr, steps, l2, power):
    classes = int(max(y)) + 1
    W, b = np.zeros((X.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        dW, db = l2 * W, np.zeros(classes)
        for x, label in zip(X, y, strict=True):
            s = x @ W + b
            for j in range(classes):
                violation = s[j] - s[label] + 1
                if j != label and violation > 0:
                    slope = power * violation ** (power - 1) / len(y)
                    dW[:, j] += slope * x
                    dW[:, label] -= slope * x
                    db[j] += slope
                    db[label] -= slope
        W, b = W - lr * dW, b - lr * db
    return W, b


def svm_predict_by_loops(X, W, b):
    return [max(range(len(b)), key=(x @ W + b).__getitem__) for x in X]


# -- mistakes ------------------------------------------------------------------------------------------------------------


def svm_slopes(S, y, power, margin=1.0):
    """Gradient of the mean multi-class hinge with respect to the scores."""
    rows = np.arange(len(y))
    violation = np.maximum(S - S[rows, y][:, None] + margin, 0.0)
    violation[rows, y] = 0.0
    d = (violation > 0).astype(float) if power == 1 else 2.0 * violation
    d[rows, y] = -d.sum(axis=1)
    return d / len(y)


def _svm(X, y, lr, steps, l2, power, slopes=svm_slopes, decay=1.0, bias_decay=0.0):
    """Subgradient descent from zeros with a choice of slopes, and of what l2 does to weights and bias."""
    W, b = np.zeros((X.shape[1], y.max() + 1)), np.zeros(y.max() + 1)
    for _ in range(steps):
        d = slopes(X @ W + b, y, power)
        W, b = W - lr * (X.T @ d + decay * l2 * W), b - lr * (d.sum(axis=0) + bias_decay * l2 * b)
    return W, b


def svm_by_sums(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_summed)


def _slopes_summed(S, y, power):
    return svm_slopes(S, y, power) * len(y)


def svm_pytorch_mean(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_over_classes)


def _slopes_over_classes(S, y, power):
    return svm_slopes(S, y, power) / S.shape[1]


def svm_no_penalty(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, decay=0.0)


def svm_double_penalty(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, decay=2.0)


def svm_half_penalty(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, decay=0.5)


def svm_penalty_feeds_weights(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, decay=-1.0)


def svm_bias_penalised(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, bias_decay=1.0)


def svm_penalty_averaged(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, decay=1.0 / len(y))


def svm_bias_summed(X, y, lr, steps, l2, power):
    W, b = np.zeros((X.shape[1], y.max() + 1)), np.zeros(y.max() + 1)
    for _ in range(steps):
        d = svm_slopes(X @ W + b, y, power)
        W, b = W - lr * (X.T @ d + l2 * W), b - lr * d.sum(axis=0) * len(y)
    return W, b


def svm_turned(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_turned)


def _slopes_turned(S, y, power):
    return -svm_slopes(-S, y, power)


def svm_true_class_competes(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_with_true_class)


def _slopes_with_true_class(S, y, power):
    rows = np.arange(len(y))
    violation = np.maximum(S - S[rows, y][:, None] + 1.0, 0.0)
    d = (violation > 0).astype(float) if power == 1 else 2.0 * violation
    d[rows, y] = -d.sum(axis=1)
    return d / len(y)


def svm_true_class_not_lifted(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_of_wrong_classes)


def _slopes_of_wrong_classes(S, y, power):
    d = svm_slopes(S, y, power)
    d[np.arange(len(y)), y] = 0.0
    return d


def svm_true_class_lifted_once(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_lifting_once)


def _slopes_lifting_once(S, y, power):
    d, rows = svm_slopes(S, y, power), np.arange(len(y))
    if power == 1:
        d[rows, y] = np.maximum(d[rows, y], -1.0 / len(y))
    return d


def svm_true_class_always_lifted(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_always_lifting)


def _slopes_always_lifting(S, y, power):
    d, rows = svm_slopes(S, y, power), np.arange(len(y))
    if power == 1:
        d[rows, y] = -1.0 / len(y)
    return d


def svm_worst_class_only(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_of_worst_class)


def _slopes_of_worst_class(S, y, power):
    rows = np.arange(len(y))
    violation = np.maximum(S - S[rows, y][:, None] + 1.0, 0.0)
    violation[rows, y] = 0.0
    worst = violation.argmax(axis=1)
    largest = violation[rows, worst]
    slope = (largest > 0).astype(float) if power == 1 else 2.0 * largest
    d = np.zeros_like(S)
    d[rows, worst] += slope
    d[rows, y] -= slope
    return d / len(y)


def svm_without_margin(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_without_margin)


def _slopes_without_margin(S, y, power):
    rows = np.arange(len(y))
    lead = S - S[rows, y][:, None]
    d = (lead >= 0).astype(float) if power == 1 else 2.0 * np.maximum(lead, 0.0)
    d[rows, y] = 0.0
    d[rows, y] = -d.sum(axis=1)
    return d / len(y)


def svm_square_ignored(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, 1)


def svm_square_without_two(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_without_two)


def _slopes_without_two(S, y, power):
    return svm_slopes(S, y, power) / power


def svm_always_squared(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, 2)


def svm_without_bias(X, y, lr, steps, l2, power):
    W, b = np.zeros((X.shape[1], y.max() + 1)), np.zeros(y.max() + 1)
    for _ in range(steps):
        W = W - lr * (X.T @ svm_slopes(X @ W, y, power) + l2 * W)
    return W, b


def svm_one_step_more(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps + 1, l2, power)


def svm_one_step_less(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps - 1, l2, power)


def svm_uphill(X, y, lr, steps, l2, power):
    return _svm(X, y, lr, steps, l2, power, _slopes_uphill)


def _slopes_uphill(S, y, power):
    return -svm_slopes(S, y, power)


def predict_without_bias(X, W, b):
    return (X @ W).argmax(axis=1)


def predict_down_the_rows(X, W, b):
    return (X @ W + b).argmax(axis=0)


def predict_smallest(X, W, b):
    return (X @ W + b).argmin(axis=1)


def predict_scores(X, W, b):
    return X @ W + b


def predict_largest_score(X, W, b):
    return (X @ W + b).max(axis=1)


def predict_counting_from_one(X, W, b):
    return (X @ W + b).argmax(axis=1) + 1


# -- the exercise --------------------------------------------------------------------------------------------------------


def fit_and_predict(answer, X, y, lr, steps, l2, power, X_new):
    """Fit on X and y, then predict rows that the fit has not seen."""
    fitted = answer.later("svm_fit", X, y, lr, steps, l2, power)
    predicted = answer.later("svm_predict", X_new, fitted[0], fitted[1])
    W, b = fitted.value
    return W, b, predicted.value


def _clouds(rng, n, classes, features):
    y = np.arange(n) % classes
    centres = 2.0 * rng.normal(size=(classes, features))
    return centres[y] + rng.normal(size=(n, features)), y, _around_zero(rng, features)


def _around_zero(rng, features):
    """Tiny rows, each with its opposite: the biases give both one class, without them the two would differ."""
    tiny = 1e-3 * rng.normal(size=(4, features))
    return np.concatenate([0.1 * rng.normal(size=(6, features)), tiny, -tiny])


def _ordinary(rng):
    X, y, X_new = _clouds(rng, int(rng.integers(8, 13)), 4, 3)
    return X, y, float(rng.uniform(0.05, 0.15)), int(rng.integers(8, 13)), 0.0, 1, X_new


def _new_rows(rng):
    """The first row is zero, so that the bias alone decides its class."""
    return np.concatenate([np.zeros((1, 2)), rng.normal(size=(6, 2))])


def _squared_hinge(rng):
    """One row of the last of three classes, short steps, so that the margin is not reached."""
    return (rng.uniform(0.5, 1.5, size=(1, 2)), np.array([2]), float(rng.uniform(0.005, 0.015)), 3, 0.0, 2,
            _new_rows(rng))


def _penalty(rng):
    """Three rows, two classes, a strong penalty, short steps."""
    return (rng.uniform(0.5, 1.5, size=(3, 2)) * [[1], [-1], [1]], np.array([1, 0, 1]), float(rng.uniform(0.01, 0.02)), 4,
            float(rng.uniform(0.5, 1.5)), 1, _new_rows(rng))


SVM_FIT = Exercise(
    key="unit1.svm_fit",
    title="A multi-class SVM: fit it, then predict rows it has not seen",
    reference={"svm_fit": svm_fit, "svm_predict": svm_predict},
    alternatives=({"svm_fit": svm_fit_by_loops, "svm_predict": svm_predict_by_loops},),
    probe=fit_and_predict,
    returns=("W", "b", "predicted labels"),
    examples=(Example(args=(np.array([[2.0]]), np.array([1]), 0.5, 1, 0.0, 1, np.array([[1.0], [-1.0]])),
                      expected=(np.array([[-1.0, 1.0]]), np.array([-0.5, 0.5]), np.array([1, 0]))),),
    regimes={"ordinary": _ordinary, "squared hinge": Regime(_squared_hinge, cases=1),
             "penalty": Regime(_penalty, cases=1)},
    parts={"worked example": 0.5, "ordinary": 1.5, "squared hinge": 0.5, "penalty": 0.5},
    mistakes=(
        Mistake("adds up the rows: the cost is the mean of their losses", svm_by_sums, mark=1.0),
        Mistake("divides by the number of classes too, as PyTorch's multi_margin_loss does: here the classes are added up",
                svm_pytorch_mean),
        Mistake("forgets the penalty: l2 * W belongs to the gradient of the weights", svm_no_penalty, mark=2.5),
        Mistake("counts the penalty twice: the derivative of l2 / 2 * ||W||^2 is l2 * W", svm_double_penalty, mark=2.5),
        Mistake("halves the penalty: the derivative of l2 / 2 * ||W||^2 is l2 * W", svm_half_penalty, mark=2.5),
        Mistake("lets the penalty feed the weights: l2 * W is added to the gradient, and the gradient is subtracted",
                svm_penalty_feeds_weights, mark=2.5),
        Mistake("penalises the bias too: it only shifts the scores, so it may be as large as it likes", svm_bias_penalised,
                mark=2.5),
        Mistake("divides the penalty by N: it stands beside the mean, not inside it", svm_penalty_averaged, mark=2.5),
        Mistake("averages for W but only adds up for b: both are slopes of the same mean", svm_bias_summed, mark=1.0),
        Mistake("turns the comparison around: a violation is s_j - s_y + 1, wrong score minus true score plus margin",
                svm_turned),
        Mistake("lets the true class compete with itself: s_y - s_y + 1 is always 1, so leave j = y out of the sum",
                svm_true_class_competes),
        Mistake("pushes the wrong scores down but never lifts the true one: s_y stands in every term, with a minus",
                svm_true_class_not_lifted),
        Mistake("lifts the true score once per row: s_y stands in every violated term, so count them",
                svm_true_class_lifted_once, mark=1.5),
        Mistake("lifts the true score in every row, violated or not: where no margin is broken nothing moves",
                svm_true_class_always_lifted, mark=1.5),
        Mistake("moves only the worst wrong class of each row: this loss adds up all of them", svm_worst_class_only, mark=1.0),
        Mistake("forgets the margin: a wrong score must stay below the right one by at least 1", svm_without_margin, mark=0.5),
        Mistake("ignores power: for the squared hinge a violation counts twice its own size", svm_square_ignored, mark=2.5),
        Mistake("loses the factor 2 in the derivative of the squared violation", svm_square_without_two, mark=2.5),
        Mistake("always squares the violations: with power 1 each of them counts 1", svm_always_squared, mark=0.5),
        Mistake("never moves the bias", svm_without_bias),
        Mistake("takes one step too many", svm_one_step_more, mark=0.5),
        Mistake("takes one step too few", svm_one_step_less),
        Mistake("climbs: it moves along the gradient and not against it", svm_uphill),
        Mistake("predicts without the bias", {"svm_predict": predict_without_bias}, mark=0.5),
        Mistake("looks for the best row of each class (axis 0): every row wants its best class",
                {"svm_predict": predict_down_the_rows}, mark=0.5),
        Mistake("predicts the class with the smallest score", {"svm_predict": predict_smallest}),
        Mistake("returns the scores: the label is the place of the largest one", {"svm_predict": predict_scores}),
        Mistake("returns the largest score: the label is its place, not its size", {"svm_predict": predict_largest_score}),
        Mistake("counts the classes from 1: the labels start at 0", {"svm_predict": predict_counting_from_one}),
    ),
    hints=("Take the scores, subtract each row's true score, add 1, cut at 0, and set the true class to 0: what is left "
           "are the violations.",
           "Each positive violation pushes its own class down by 1 (power 1) or by twice its size (power 2), and the true "
           "class up by the same.",
           "d[rows, y] = -d.sum(axis=1) lifts the true classes; divide by N; X.T @ d + l2 * W is the slope of W, "
           "d.sum(axis=0) that of b. To predict, take the argmax of each row of scores."),
    minutes=9, difficulty=4, rung="implement",
)
