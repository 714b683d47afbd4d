"""The exercise on a digits classifier: two functions, judged by what they do with rows drawn from the course key.

The rows are handwritten digits whose ink was varied. Which rows are there to learn from, and which digit has which label, is
drawn anew: nothing can be looked up.
"""

from __future__ import annotations

import csv
import gzip
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from dlkit.exercises.model import Exercise, Mistake, Regime, Rng, load
from dlkit.exercises.unit2.training_in_practice import digits_answers as answers

BAR = 0.88


@lru_cache(maxsize=1)
def _digits():
    """X (1797, 64), y (1797,): read from scikit-learn's own file, which is quicker than importing it."""
    package = find_spec("sklearn")
    folders = list(package.submodule_search_locations or ()) if package else []
    for folder in folders:
        file = Path(folder) / "datasets" / "data" / "digits.csv.gz"
        if file.is_file():
            with gzip.open(file, "rt", encoding="ascii") as lines:
                table = np.array(list(csv.reader(lines)), dtype=np.float64)
            return table[:, :-1], table[:, -1].astype(np.int64)
    data = load("dlkit.data:load_digits")()
    return data.X, data.y


def _rows(rng, n, m, without=None):
    """`n` rows to learn from and `m` new ones, with ink varied by a tenth, and the digits renamed."""
    X, y = _digits()
    label = rng.permutation(10)[y]
    usable = np.flatnonzero(label != without) if without is not None else np.arange(len(y))
    chosen = rng.permutation(usable)[:n + m]
    ink = np.clip(X[chosen] * (1 + 0.1 * rng.normal(size=(n + m, 64))), 0, 16)
    return ink[:n], label[chosen[:n]], ink[n:], label[chosen[n:]]


def _new_rows(rng):
    return "accuracy", *_rows(rng, 700, 300), int(rng.integers(2**31))


def _one_by_one(rng):
    return "one by one", *_rows(rng, 160, 16), int(rng.integers(2**31))


def _nine_kinds(rng):
    return "nine kinds", *_rows(rng, 300, 100, without=int(rng.integers(2))), int(rng.integers(2**31))


def _two_models(rng):
    """New images that are two digits on top of each other: models of another start do not agree on all of them."""
    X, y, pairs, _ = _rows(rng, 120, 300)
    return "two models", X, y, (pairs[:150] + pairs[150:]) / 2, None, int(rng.integers(2**31))


def _labels(result, n):
    labels = np.asarray(result)
    if labels.shape != (n,) or labels.dtype.kind not in "iu":
        raise ValueError(f"predict_digits gave an array of shape {labels.shape} and type {labels.dtype}, expected ({n},) "
                         "of whole numbers")
    return labels


def probe(answer, what, X, y, X_new, y_new, seed):
    """Fit, predict, and tell what can be told without a number that depends on the draw."""
    model = answer.later("fit_digits", X, y, Rng(seed), keep=True)
    predicted = answer.later("predict_digits", model, X_new)
    singles = [answer.later("predict_digits", model, X_new[i:i + 1]) for i in range(len(X_new) if what == "one by one" else 0)]
    model, labels = model.value, _labels(predicted.value, len(X_new))
    said = set(labels.tolist())
    facts = {"labels that occur": said <= set(y.tolist()), "answers of several kinds": len(said) > 1}
    if what in ("accuracy", "nine kinds"):
        share = float(np.mean(labels == y_new))
        facts["better than guessing"] = share >= 0.35
        if what == "accuracy":
            facts[f"accuracy of at least {BAR:.0%}"] = share >= BAR
    elif what == "one by one":
        alone = [_labels(call.value, 1)[0] for call in singles]
        facts["one row at a time gives the same"] = bool(np.array_equal(labels, alone))
    else:
        again = answer.predict_digits(answer.fit_digits(X, y, Rng(seed), keep=True), X_new)
        facts["same rows and seed, same model"] = bool(np.array_equal(labels, _labels(again, len(X_new))))
        answer.fit_digits(X, (y + 5) % 10, Rng(seed + 1), keep=True)
        later = answer.predict_digits(model, X_new)
        facts["a model outlives the next one"] = bool(np.array_equal(labels, _labels(later, len(X_new))))
    return facts


def _pair(fit=answers.fit_digits, predict=answers.predict_digits):
    return {"fit_digits": fit, "predict_digits": predict}


DIGITS_CLASSIFIER = Exercise(
    key="unit2.digits_classifier",
    title="A classifier of handwritten digits",
    reference=_pair(),
    alternatives=(_pair(answers.fit_by_descent),
                  _pair(answers.fit_by_softmax_regression, answers.predict_by_softmax_regression),
                  _pair(answers.fit_neighbours, answers.predict_neighbours)),
    probe=probe,
    regimes={"new rows": Regime(_new_rows, cases=1), "one row at a time": Regime(_one_by_one, cases=1),
             "nine kinds of digits": Regime(_nine_kinds, cases=1), "two models": Regime(_two_models, cases=1)},
    parts={"new rows": 1.5, "one row at a time": 0.5, "nine kinds of digits": 0.5, "two models": 0.5},
    mistakes=(
        Mistake("learns something, but too little: train longer, with a larger learning rate, or with more units",
                _pair(answers.fit_too_narrow), mark=1.5),
        Mistake("calls every image the same digit: are there NaN among the scores (a pixel that never changes has spread 0), "
                "does the step go uphill, is the image looked at at all?",
                _pair(answers.fit_without_guard, answers.predict_without_guard),
                also=(_pair(answers.fit_uphill), _pair(answers.fit_majority, answers.predict_majority))),
        Mistake("is no better than guessing, with answers of several kinds: does the loss fall at all, and do rows and labels "
                "still belong together after the shuffle?", _pair(answers.fit_shuffled_apart), mark=1.0,
                also=(_pair(answers.fit_random_labels),)),
        Mistake("does not return one whole number for each image: the label is the place of the largest score in its row "
                "(argmax, axis=1)", _pair(predict=answers.predict_scores),
                also=(_pair(predict=answers.predict_one_hot), _pair(predict=answers.predict_largest_score),
                      _pair(predict=answers.predict_along_columns))),
        Mistake("scales new images by their own mean and spread: a single image then becomes nothing at all. Keep what the "
                "training images taught", _pair(answers.fit_scaled_by_itself, answers.predict_scaled_by_itself), mark=2.5),
        Mistake("returns the place of a label among those that occurred, not the label itself", _pair(answers.fit_by_place),
                mark=2.5),
        Mistake("has as many outputs as there are different labels at hand: with one digit missing, the largest label has no "
                "place", _pair(answers.fit_as_many_as_labels), mark=2.5),
        Mistake("keeps the model in a global variable, so that the next fit replaces it: make a new model in each fit, and "
                "use the one that is given in predict_digits", _pair(answers.fit_and_keep, answers.predict_kept), mark=2.5),
        Mistake("does not draw from the given rng: the same seed gives another model each time", _pair(answers.fit_unseeded),
                mark=2.5, also=(_pair(answers.fit_by_global_generator),)),
        Mistake("changes the images in place: work on copies", _pair(answers.fit_in_place)),
    ),
    hints=("Any model may do it. Which of the networks that you have trained so far is the quickest to write down?",
           "Divide the ink by 16. One hidden layer of 32 units, softmax with cross-entropy, mini-batches of 32 and some 20 "
           "epochs are plenty. Ten outputs, whatever labels occur.",
           "fit_digits returns everything that predict_digits needs: the parameters, and mean and spread if you scale by them. "
           "predict_digits is a forward pass and argmax(axis=1)."),
    minutes=20, difficulty=3, rung="compose",
    forbids=("sklearn", "scipy"),
    inapplicable={"too low precision": "labels are whole numbers, and the model stays with the answer"},
)
