"""Exercise on the log loss of a score: one formula that never overflows."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.losses.binary import FOUR_PROBABILITIES, FOUR_TARGETS
from dlkit.numpy import losses_classification


def scores_of(p):
    """The scores whose sigmoid is p."""
    return np.log(p / (1 - p))


def _tables(rng):
    shape = (int(rng.integers(2, 4)), int(rng.integers(4, 6)))
    logits = rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.3, 3.0, size=shape)
    return logits, rng.permutation(np.arange(logits.size) % 2.0).reshape(shape)


def _extreme(rng):
    order = rng.permutation(6)
    size = rng.uniform(710, 2000, size=4)
    logits = np.concatenate([size * [1, 1, -1, -1], rng.uniform(0.5, 2.0, size=2) * [1, -1]])
    return logits[order], np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0])[order]


def bce_with_logits_by_logaddexp(logits, target):
    p = 0.5 * (1 + np.tanh(logits / 2))
    return np.mean(np.logaddexp(0, logits) - target * logits), (p - target) / logits.size


def bce_with_logits_by_sign(logits, target):
    """log(1 + e^-m) of the margin m, for targets 0 and 1 and all between by mixing the two."""
    small = np.exp(-np.abs(logits))
    p = np.where(logits >= 0, 1 / (1 + small), small / (1 + small))
    yes = np.maximum(-logits, 0) + np.log1p(small)
    no = np.maximum(logits, 0) + np.log1p(small)
    return np.mean(target * yes + (1 - target) * no), (p - target) / np.size(logits)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _stable(z, y):
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))


def logits_naive(logits, target):
    p, y = _sigmoid(logits), target
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), (p - y) / y.size


def logits_naive_other_sigmoid(logits, target):
    p, y = np.exp(logits) / (1 + np.exp(logits)), target
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), (p - y) / y.size


def logits_softplus_overflows(logits, target):
    return np.mean(np.log(1 + np.exp(logits)) - target * logits), (_sigmoid(logits) - target) / target.size


def logits_softplus_overflows_below(logits, target):
    value = np.mean(np.log(1 + np.exp(-logits)) + (1 - target) * logits)
    return value, (_sigmoid(logits) - target) / target.size


def logits_two_softplus(logits, target):
    z, y = logits, target
    value = np.mean(y * np.log(1 + np.exp(-z)) + (1 - y) * np.log(1 + np.exp(z)))
    return value, (_sigmoid(z) - y) / y.size


def _with_probabilities_between(smallest, logits, target):
    p, y = np.clip(_sigmoid(logits), smallest, 1 - smallest), target
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), (_sigmoid(logits) - y) / y.size


def logits_smallest_1e_15(logits, target):
    return _with_probabilities_between(1e-15, logits, target)


def logits_smallest_1e_12(logits, target):
    return _with_probabilities_between(1e-12, logits, target)


def logits_smallest_1e_10(logits, target):
    return _with_probabilities_between(1e-10, logits, target)


def logits_smallest_1e_9(logits, target):
    return _with_probabilities_between(1e-9, logits, target)


def logits_smallest_1e_8(logits, target):
    return _with_probabilities_between(1e-8, logits, target)


def logits_smallest_1e_7(logits, target):
    return _with_probabilities_between(1e-7, logits, target)


def logits_log_floor(logits, target):
    p, y = _sigmoid(logits), target
    value = -np.mean(y * np.maximum(np.log(p), -100) + (1 - y) * np.maximum(np.log(1 - p), -100))
    return value, (p - y) / y.size


def _with_added(small, logits, target):
    p, y = _sigmoid(logits), target
    return -np.mean(y * np.log(p + small) + (1 - y) * np.log(1 - p + small)), (p - y) / y.size


def logits_plus_1e_9(logits, target):
    return _with_added(1e-9, logits, target)


def logits_plus_1e_8(logits, target):
    return _with_added(1e-8, logits, target)


def logits_plus_1e_7(logits, target):
    return _with_added(1e-7, logits, target)


def logits_clipped_naive_20(logits, target):
    return logits_naive(np.clip(logits, -20, 20), target)


def logits_clipped_naive_30(logits, target):
    return logits_naive(np.clip(logits, -30, 30), target)


def _clipped(limit, logits, target):
    z = np.clip(logits, -limit, limit)
    return np.mean(_stable(z, target)), (_sigmoid(z) - target) / z.size


def logits_clipped_50(logits, target):
    return _clipped(50, logits, target)


def logits_clipped_500(logits, target):
    return _clipped(500, logits, target)


def logits_clipped_700(logits, target):
    return _clipped(700, logits, target)


def logits_clipped_709(logits, target):
    return _clipped(709, logits, target)


def logits_gradient_of_sum(logits, target):
    return np.mean(_stable(logits, target)), _sigmoid(logits) - target


def logits_sum(logits, target):
    return np.sum(_stable(logits, target)), _sigmoid(logits) - target


def logits_sum_value_only(logits, target):
    return np.sum(_stable(logits, target)), (_sigmoid(logits) - target) / target.size


def logits_over_rows(logits, target):
    return np.sum(_stable(logits, target)) / len(target), (_sigmoid(logits) - target) / len(target)


def logits_over_rows_gradient_only(logits, target):
    return np.mean(_stable(logits, target)), (_sigmoid(logits) - target) / len(target)


def logits_gradient_of_probability(logits, target):
    p, y = _sigmoid(logits), target
    return np.mean(_stable(logits, y)), (p - y) / (p * (1 - p)) / y.size


def logits_gradient_of_probability_in_terms(logits, target):
    p, y = _sigmoid(logits), target
    return np.mean(_stable(logits, y)), (-y / p + (1 - y) / (1 - p)) / y.size


def logits_gradient_of_probability_floored(logits, target):
    p, y = _sigmoid(logits), target
    return np.mean(_stable(logits, y)), (p - y) / np.maximum(p * (1 - p), 1e-12) / y.size


def logits_gradient_with_slope(logits, target):
    p, y = _sigmoid(logits), target
    return np.mean(_stable(logits, y)), (p - y) * p * (1 - p) / y.size


def logits_gradient_from_scores(logits, target):
    return np.mean(_stable(logits, target)), (logits - target) / target.size


def logits_gradient_from_decisions(logits, target):
    return np.mean(_stable(logits, target)), ((logits > 0) - target) / target.size


def logits_without_sigmoid(logits, target):
    p, y = logits, target
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), (p - y) / y.size


def logits_without_brackets(logits, target):
    p, y = _sigmoid(logits), target
    return -np.mean(y * np.log(p) - (1 - y) * np.log(1 - p)), (p - y) / y.size


def logits_without_absolute_value(logits, target):
    z, y = logits, target
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z))), (_sigmoid(z) - y) / y.size


def logits_absolute_value_with_wrong_sign(logits, target):
    z, y = logits, target
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(np.abs(z)))), (_sigmoid(z) - y) / y.size


def logits_without_maximum(logits, target):
    z, y = logits, target
    return np.mean(np.log1p(np.exp(-np.abs(z))) - z * y), (_sigmoid(z) - y) / y.size


def logits_without_target(logits, target):
    return np.mean(_stable(logits, 0 * target)), (_sigmoid(logits) - target) / target.size


def logits_roles_swapped(logits, target):
    return np.mean(_stable(logits, 1 - target)), (_sigmoid(logits) - target) / target.size


def logits_plus_target_term(logits, target):
    z, y = logits, target
    return np.mean(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z)))), (_sigmoid(z) - y) / y.size


def logits_one_number_gradient(logits, target):
    return np.mean(_stable(logits, target)), np.mean(_sigmoid(logits) - target)


def logits_one_loss_per_element(logits, target):
    return _stable(logits, target), _sigmoid(logits) - target


def logits_one_loss_per_element_mean_gradient(logits, target):
    return _stable(logits, target), (_sigmoid(logits) - target) / target.size


BCE_WITH_LOGITS = Exercise(
    key="unit1.bce_with_logits",
    title="Binary cross-entropy from the score, for scores of any size",
    reference=losses_classification.bce_with_logits,
    alternatives=(bce_with_logits_by_logaddexp, bce_with_logits_by_sign),
    examples=(Example(args=(scores_of(FOUR_PROBABILITIES), FOUR_TARGETS),
                      expected=(1.3337992855, np.array([-0.02, -0.2275, 0.0075, 0.235])),
                      source="lecture notes, unit 1", why="the scores whose sigmoids are the printed probabilities"),),
    regimes={"tables": _tables, "extreme scores": _extreme},
    parts={"worked example": 1.0, "tables": 0.5, "extreme scores": 1.5},
    mistakes=(
        Mistake("goes through a probability that rounds to 0 or 1, or an exponential that overflows, where the score is "
                "large: rewrite the loss until only e^-|z| is left", logits_naive, mark=1.5,
                also=(logits_naive_other_sigmoid, logits_softplus_overflows, logits_softplus_overflows_below,
                      logits_two_softplus)),
        Mistake("clips the probability, so that no loss can exceed a limit: a score of -1000 for y = 1 costs 1000",
                logits_smallest_1e_12, mark=1.5,
                also=(logits_smallest_1e_15, logits_smallest_1e_10, logits_smallest_1e_9, logits_smallest_1e_8,
                      logits_smallest_1e_7, logits_log_floor)),
        Mistake("adds a small number inside the logarithm, which changes every loss a little and caps the large ones",
                logits_plus_1e_8, also=(logits_plus_1e_9, logits_plus_1e_7)),
        Mistake("clips the scores, so that beyond the limit all mistakes cost the same: no score needs to be clipped",
                logits_clipped_500, mark=1.5,
                also=(logits_clipped_naive_20, logits_clipped_naive_30, logits_clipped_50, logits_clipped_700,
                      logits_clipped_709)),
        Mistake("has the gradient of the sum: the mean in the loss divides its gradient too", logits_gradient_of_sum),
        Mistake("adds the losses up and never divides: the cost is their mean", logits_sum, also=(logits_sum_value_only,)),
        Mistake("divides by the number of rows, where the mean goes over all elements", logits_over_rows, mark=2.5,
                also=(logits_over_rows_gradient_only,)),
        Mistake("stops the gradient at the probability: one more step of the chain rule leads to the score",
                logits_gradient_of_probability,
                also=(logits_gradient_of_probability_in_terms, logits_gradient_of_probability_floored)),
        Mistake("multiplies by the sigmoid's slope p (1 - p), which the logarithm has already cancelled",
                logits_gradient_with_slope),
        Mistake("subtracts the target from the score instead of from the probability", logits_gradient_from_scores),
        Mistake("has the gradient of a decision, not of a probability: 0 or 1 came in place of sigmoid(z)",
                logits_gradient_from_decisions),
        Mistake("uses the scores as if they were probabilities: there is no sigmoid anywhere", logits_without_sigmoid),
        Mistake("loses the brackets: the outer minus belongs to both terms", logits_without_brackets),
        Mistake("writes log(1 + e^-z) where the stable formula has log(1 + e^-|z|)", logits_without_absolute_value),
        Mistake("takes e^|z| where the stable formula has e^-|z|", logits_absolute_value_with_wrong_sign),
        Mistake("leaves out max(z, 0)", logits_without_maximum),
        Mistake("leaves out the term with the target, so that every example counts as class 0", logits_without_target),
        Mistake("has the two classes swapped in the loss", logits_roles_swapped),
        Mistake("adds z y where it should subtract it", logits_plus_target_term),
        Mistake("melts the gradient down to one number: each score has a slope of its own", logits_one_number_gradient),
        Mistake("returns the loss of every element: the cost is one number, their mean", logits_one_loss_per_element,
                also=(logits_one_loss_per_element_mean_gradient,)),
    ),
    hints=("Insert p = 1 / (1 + e^-z) into the log loss by hand and simplify before you program anything.",
           "You get log(1 + e^z) - z y. For large z write log(1 + e^z) as z + log(1 + e^-z), and find one formula for both.",
           "np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))); the gradient is (sigmoid(z) - y) / z.size."),
    minutes=7, difficulty=3, rung="implement", returns=("loss", "gradient"),
)
