"""Exercise on the Huber loss: a parabola that goes on as a straight line."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit1.losses.mse import PREDICTION, TARGET, draw_tables
from dlkit.numpy import losses_regression


def huber(prediction, target, delta):
    return losses_regression.huber(prediction, target, delta=delta)


def _inside(rng):
    """All errors below delta, some of them above 1."""
    delta, target = float(rng.uniform(2.0, 3.0)), rng.normal(size=5)
    size = np.concatenate([rng.uniform(0.2, 0.9, size=2), rng.uniform(1.2, 1.8, size=3)])
    return target + rng.permutation(size * np.array([1, -1, 1, -1, 1])), target, delta


def _outside(rng):
    """All errors beyond delta, on both sides, some of them below 1."""
    delta, target = float(rng.uniform(0.3, 0.6)), rng.normal(size=5)
    size = np.concatenate([rng.uniform(0.7, 0.9, size=2), rng.uniform(1.5, 4.0, size=3)])
    return target + rng.permutation(size * np.array([1, -1, 1, -1, 1])), target, delta


def _tables(rng):
    return *draw_tables(rng), 1.0


# -- right answers -------------------------------------------------------------------------------------------------------


def huber_by_masks(prediction, target, delta):
    e = prediction - target
    size = np.abs(e)
    loss = np.where(size <= delta, 0.5 * e**2, delta * size - 0.5 * delta**2)
    return loss.mean(), np.where(size <= delta, e, delta * np.sign(e)) / e.size


def huber_by_loop(prediction, target, delta):
    loss, gradient = 0.0, np.zeros(np.shape(prediction))
    for index in np.ndindex(*np.shape(prediction)):
        e = prediction[index] - target[index]
        if abs(e) < delta:
            loss, gradient[index] = loss + e * e / 2, e
        else:
            loss, gradient[index] = loss + delta * (abs(e) - delta / 2), delta if e > 0 else -delta
    return loss / gradient.size, gradient / gradient.size


# -- mistakes ------------------------------------------------------------------------------------------------------------


def huber_squares_times_delta(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= delta, 0.5 * delta**2 * e**2, delta * np.abs(e) - 0.5 * delta**2)
    return loss.mean(), np.clip(e, -delta, delta) / e.size


def huber_squares_times_delta_with_its_gradient(prediction, target, delta):
    e = prediction - target
    inside = np.abs(e) <= delta
    loss = np.where(inside, 0.5 * delta**2 * e**2, delta * np.abs(e) - 0.5 * delta**2)
    return loss.mean(), np.where(inside, delta**2 * e, delta * np.sign(e)) / e.size


def huber_half_delta(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= delta, 0.5 * e**2, delta * np.abs(e) - 0.5 * delta)
    return loss.mean(), np.clip(e, -delta, delta) / e.size


def huber_line_through_zero(prediction, target, delta):
    e = prediction - target
    return np.where(np.abs(e) <= delta, 0.5 * e**2, delta * np.abs(e)).mean(), np.clip(e, -delta, delta) / e.size


def huber_whole_delta_squared(prediction, target, delta):
    e = prediction - target
    return np.where(np.abs(e) <= delta, 0.5 * e**2, delta * np.abs(e) - delta**2).mean(), np.clip(e, -delta, delta) / e.size


def huber_plus_half_delta_squared(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= delta, 0.5 * e**2, delta * np.abs(e) + 0.5 * delta**2)
    return loss.mean(), np.clip(e, -delta, delta) / e.size


def huber_line_of_slope_one(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= delta, 0.5 * e**2, np.abs(e) - 0.5 * delta**2)
    return loss.mean(), np.clip(e, -delta, delta) / e.size


def huber_line_of_slope_one_with_its_gradient(prediction, target, delta):
    e = prediction - target
    inside = np.abs(e) <= delta
    return np.where(inside, 0.5 * e**2, np.abs(e) - 0.5 * delta**2).mean(), np.where(inside, e, np.sign(e)) / e.size


def huber_line_of_slope_one_half_delta(prediction, target, delta):
    e = prediction - target
    inside = np.abs(e) <= delta
    return np.where(inside, 0.5 * e**2, np.abs(e) - 0.5 * delta).mean(), np.where(inside, e, np.sign(e)) / e.size


def huber_gradient_of_slope_one(prediction, target, delta):
    value, _ = huber_by_masks(prediction, target, delta)
    e = prediction - target
    return value, np.where(np.abs(e) <= delta, e, np.sign(e)) / e.size


def huber_always_one(prediction, target, delta):
    return huber_by_masks(prediction, target, 1.0)


def huber_smooth_l1(prediction, target, delta):
    value, gradient = huber_by_masks(prediction, target, delta)
    return value / delta, gradient / delta


def huber_without_absolute_value(prediction, target, delta):
    e = prediction - target
    loss = np.where(e <= delta, 0.5 * e**2, delta * np.abs(e) - 0.5 * delta**2)
    return loss.mean(), np.where(e <= delta, e, delta * np.sign(e)) / e.size


def huber_without_absolute_value_in_loss(prediction, target, delta):
    e = prediction - target
    loss = np.where(e <= delta, 0.5 * e**2, delta * e - 0.5 * delta**2)
    return loss.mean(), np.where(e <= delta, e, delta) / e.size


def huber_gradient_without_absolute_value(prediction, target, delta):
    value, _ = huber_by_masks(prediction, target, delta)
    e = prediction - target
    return value, np.where(e <= delta, e, delta) / e.size


def huber_signed_line(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= delta, 0.5 * e**2, delta * e - 0.5 * delta**2)
    return loss.mean(), np.clip(e, -delta, delta) / e.size


def huber_without_half(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= delta, e**2, delta * np.abs(e) - 0.5 * delta**2)
    return loss.mean(), np.where(np.abs(e) <= delta, 2 * e, delta * np.sign(e)) / e.size


def huber_without_half_in_loss(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= delta, e**2, delta * np.abs(e) - 0.5 * delta**2)
    return loss.mean(), np.clip(e, -delta, delta) / e.size


def huber_gradient_twice_inside(prediction, target, delta):
    value, _ = huber_by_masks(prediction, target, delta)
    e = prediction - target
    return value, np.where(np.abs(e) <= delta, 2 * e, delta * np.sign(e)) / e.size


def huber_branches_swapped(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) > delta, 0.5 * e**2, delta * np.abs(e) - 0.5 * delta**2)
    return loss.mean(), np.where(np.abs(e) > delta, e, delta * np.sign(e)) / e.size


def huber_gradient_without_sign(prediction, target, delta):
    value, _ = huber_by_masks(prediction, target, delta)
    e = prediction - target
    return value, np.where(np.abs(e) <= delta, e, delta) / e.size


def huber_gradient_not_cut(prediction, target, delta):
    value, _ = huber_by_masks(prediction, target, delta)
    return value, (prediction - target) / prediction.size


def huber_gradient_of_sum(prediction, target, delta):
    value, gradient = huber_by_masks(prediction, target, delta)
    return value, gradient * gradient.size


def huber_sum(prediction, target, delta):
    value, gradient = huber_by_masks(prediction, target, delta)
    return value * gradient.size, gradient * gradient.size


def huber_sum_value_only(prediction, target, delta):
    value, gradient = huber_by_masks(prediction, target, delta)
    return value * gradient.size, gradient


def huber_over_rows(prediction, target, delta):
    value, gradient = huber_by_masks(prediction, target, delta)
    return value * gradient.size / len(prediction), gradient * gradient.size / len(prediction)


def huber_over_rows_gradient_only(prediction, target, delta):
    value, gradient = huber_by_masks(prediction, target, delta)
    return value, gradient * gradient.size / len(prediction)


def huber_one_loss_per_element(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= delta, 0.5 * e**2, delta * np.abs(e) - 0.5 * delta**2)
    return loss, np.clip(e, -delta, delta)


def huber_one_loss_per_element_mean_gradient(prediction, target, delta):
    e = prediction - target
    loss = np.where(np.abs(e) <= delta, 0.5 * e**2, delta * np.abs(e) - 0.5 * delta**2)
    return loss, np.clip(e, -delta, delta) / e.size


def huber_one_branch_for_all(prediction, target, delta):
    e = prediction - target
    if np.all(np.abs(e) <= delta):
        return np.mean(0.5 * e**2), e / e.size
    return np.mean(delta * np.abs(e) - 0.5 * delta**2), delta * np.sign(e) / e.size


def huber_if_of_an_array(prediction, target, delta):
    e = prediction - target
    if np.abs(e) <= delta:
        return np.mean(0.5 * e**2), e / e.size
    return np.mean(delta * np.abs(e) - 0.5 * delta**2), delta * np.sign(e) / e.size


HUBER = Exercise(
    key="unit1.huber",
    title="Huber loss and its gradient",
    reference=huber,
    alternatives=(huber_by_masks, huber_by_loop),
    examples=(Example(args=(PREDICTION, TARGET, 1.0), expected=(1.0625, np.array([-0.125, 0.25, -0.125, -0.25]))),),
    regimes={"all inside delta": _inside, "all outside delta": _outside, "tables": _tables},
    parts={"worked example": 0.5, "all inside delta": 0.5, "all outside delta": 0.5, "tables": 0.5},
    mistakes=(
        Mistake("multiplies the squared part by delta^2, as the notes print it: near the target the loss is 0.5 e^2 for "
                "every delta", huber_squares_times_delta, mark=1.5, also=(huber_squares_times_delta_with_its_gradient,)),
        Mistake("subtracts 0.5 delta instead of 0.5 delta^2, so that line and parabola do not meet at delta",
                huber_half_delta, mark=1.5),
        Mistake("draws the straight part without its constant: at |e| = delta the loss jumps", huber_line_through_zero,
                mark=0.5),
        Mistake("subtracts delta^2 from the line where half of it makes the parts meet", huber_whole_delta_squared, mark=0.5),
        Mistake("adds the constant to the line instead of subtracting it", huber_plus_half_delta_squared, mark=0.5),
        Mistake("forgets the factor delta in front of |e|, so that the line has slope 1", huber_line_of_slope_one, mark=1.5,
                also=(huber_line_of_slope_one_with_its_gradient, huber_line_of_slope_one_half_delta)),
        Mistake("cuts the gradient to 1 or -1: far from the target its size is delta", huber_gradient_of_slope_one, mark=1.5),
        Mistake("ignores delta and changes over at 1", huber_always_one, mark=1.0),
        Mistake("divides the whole loss by delta: that is PyTorch's SmoothL1Loss, not the Huber loss", huber_smooth_l1,
                mark=1.0),
        Mistake("compares e with delta instead of |e|, so that large negative errors count as small",
                huber_without_absolute_value, mark=0.5,
                also=(huber_without_absolute_value_in_loss, huber_gradient_without_absolute_value)),
        Mistake("forgets the absolute value in the straight part, where negative errors would be rewarded",
                huber_signed_line, mark=0.5),
        Mistake("forgets the factor one half in the squared part", huber_without_half, mark=0.5,
                also=(huber_without_half_in_loss, huber_gradient_twice_inside)),
        Mistake("swaps the two parts: the parabola belongs to the small errors", huber_branches_swapped),
        Mistake("forgets the sign in the gradient of the straight part", huber_gradient_without_sign, mark=0.5),
        Mistake("lets the gradient grow with the error everywhere: beyond delta it stays at delta or -delta",
                huber_gradient_not_cut, mark=0.5),
        Mistake("has the gradient of the sum: the mean in the loss divides its gradient too", huber_gradient_of_sum),
        Mistake("adds the losses up and never divides: the cost is their mean", huber_sum, also=(huber_sum_value_only,)),
        Mistake("divides by the number of rows, where the mean goes over all elements", huber_over_rows, mark=1.5,
                also=(huber_over_rows_gradient_only,)),
        Mistake("returns the loss of every element: the cost is one number, their mean", huber_one_loss_per_element,
                also=(huber_one_loss_per_element_mean_gradient,)),
        Mistake("chooses one part for the whole array, where each element chooses for itself", huber_one_branch_for_all,
                mark=1.0),
        Mistake("asks a plain `if` about a whole array: np.where chooses for each element", huber_if_of_an_array),
    ),
    hints=("Each element chooses its own part: parabola if |e| is at most delta, straight line beyond.",
           "np.where(condition, here, there) chooses element by element; the gradient is e that stops growing at delta.",
           "The gradient is np.clip(e, -delta, delta) / e.size; the loss is the mean of 0.5 e^2 where |e| <= delta, else of "
           "delta |e| - 0.5 delta^2."),
    minutes=5, difficulty=2, rung="implement", returns=("loss", "gradient"),
)
