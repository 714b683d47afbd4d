"""The exercises predicted_clipping and clip_by_value."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake

# -- predict: what becomes of a direction ----------------------------------------------------------------------------------


def predicted_clipping():
    return {"by_value": [-5.0, 5.0], "by_norm": [-6.0, 2.5], "short": [0.75, -1.0], "together": [1.5, 2.0, 6.0]}


def predicted_clipping_computed():
    g, short, together = np.array([-12.0, 5.0]), np.array([0.75, -1.0]), np.array([3.0, 4.0, 12.0])
    return {"by_value": np.minimum(np.maximum(g, -5.0), 5.0), "by_norm": g / 2, "short": short,
            "together": together * 6.5 / np.sqrt(np.sum(together**2))}


def prediction_value_keeps_direction():
    return {"by_value": [-5.0, 25 / 12], "by_norm": [-6.0, 2.5], "short": [0.75, -1.0], "together": [1.5, 2.0, 6.0]}


def prediction_value_loses_sign():
    return {"by_value": [5.0, 5.0], "by_norm": [-6.0, 2.5], "short": [0.75, -1.0], "together": [1.5, 2.0, 6.0]}


def prediction_value_is_dropped():
    return {"by_value": [0.0, 5.0], "by_norm": [-6.0, 2.5], "short": [0.75, -1.0], "together": [1.5, 2.0, 6.0]}


def prediction_value_from_above_only():
    return {"by_value": [-12.0, 5.0], "by_norm": [-6.0, 2.5], "short": [0.75, -1.0], "together": [1.5, 2.0, 6.0]}


def prediction_norm_is_one():
    return {"by_value": [-5.0, 5.0], "by_norm": [-12 / 13, 5 / 13], "short": [0.75, -1.0], "together": [1.5, 2.0, 6.0]}


def prediction_norm_cuts_entries():
    return {"by_value": [-5.0, 5.0], "by_norm": [-6.5, 5.0], "short": [0.75, -1.0], "together": [1.5, 2.0, 6.0]}


def prediction_norm_is_a_sum():
    return {"by_value": [-5.0, 5.0], "by_norm": [-12 * 6.5 / 17, 5 * 6.5 / 17], "short": [0.75, -1.0],
            "together": [1.5, 2.0, 6.0]}


def prediction_short_is_stretched():
    return {"by_value": [-5.0, 5.0], "by_norm": [-6.0, 2.5], "short": [1.2, -1.6], "together": [1.5, 2.0, 6.0]}


def prediction_short_is_squeezed():
    return {"by_value": [-5.0, 5.0], "by_norm": [-6.0, 2.5], "short": [0.375, -0.5], "together": [1.5, 2.0, 6.0]}


def prediction_each_by_itself():
    return {"by_value": [-5.0, 5.0], "by_norm": [-6.0, 2.5], "short": [0.75, -1.0], "together": [3.0, 4.0, 6.5]}


def prediction_sum_of_norms():
    return {"by_value": [-5.0, 5.0], "by_norm": [-6.0, 2.5], "short": [0.75, -1.0],
            "together": [3 * 6.5 / 17, 4 * 6.5 / 17, 12 * 6.5 / 17]}


def prediction_each_to_full_length():
    return {"by_value": [-5.0, 5.0], "by_norm": [-6.0, 2.5], "short": [0.75, -1.0], "together": [3.9, 5.2, 6.5]}


def follow_prediction(args, own):
    return predicted_clipping_computed()


PREDICTED_CLIPPING = Exercise(
    key="unit2.predicted_clipping",
    title="Predict four clipped gradients",
    reference=predicted_clipping,
    alternatives=(predicted_clipping_computed,),
    examples=(Example(args=(), expected={"by_value": [-5.0, 5.0], "by_norm": [-6.0, 2.5], "short": [0.75, -1.0],
                                         "together": [1.5, 2.0, 6.0]}),),
    follow=follow_prediction,
    steps={"by value": ("by_value",), "by norm": ("by_norm",), "short": ("short",), "together": ("together",)},
    parts={"by value": 0.5, "by norm": 0.5, "short": 0.5, "together": 0.5},
    mistakes=(
        Mistake("shrinks both entries by the same factor when clipping by value: each entry is cut on its own, and the "
                "direction pays for it", prediction_value_keeps_direction, mark=1.5),
        Mistake("loses the sign: -12 is cut at -5, a step in the other direction was not asked for",
                prediction_value_loses_sign, mark=1.5),
        Mistake("throws the entry that is too large away: it is cut at the limit, not to 0", prediction_value_is_dropped,
                mark=1.5),
        Mistake("clips from above only: -12 is too large as well", prediction_value_from_above_only, mark=1.5),
        Mistake("makes the length 1 instead of the limit 6.5", prediction_norm_is_one, mark=1.5),
        Mistake("cuts the entries at 6.5 where the length was meant: both entries shrink by one factor",
                prediction_norm_cuts_entries, mark=1.5),
        Mistake("takes 12 + 5 for the length: it is the root of the sum of the squares, 13", prediction_norm_is_a_sum,
                mark=1.5),
        Mistake("stretches the short gradient to length 2: clipping makes shorter, never longer", prediction_short_is_stretched,
                mark=1.5),
        Mistake("shortens a gradient that is shorter than the limit: it stays as it is", prediction_short_is_squeezed,
                mark=1.5),
        Mistake("clips W and b apart, by their own norms or entry by entry: b alone shrinks, and the step of both together "
                "turns; the global norm gives one factor for both", prediction_each_by_itself, mark=1.5),
        Mistake("adds the two norms, 5 + 12: all entries together form one long vector, and its length is 13",
                prediction_sum_of_norms, mark=1.5),
        Mistake("brings W and b to length 6.5 each: together they may be 6.5 long", prediction_each_to_full_length, mark=1.5),
    ),
    hints=("By value looks at each entry, by norm at the length of the arrow. Draw (-12, 5).",
           "12^2 + 5^2 = 13^2, and 3^2 + 4^2 + 12^2 = 13^2.",
           "A limit of 6.5 on a length of 13 halves every entry. Which of the four gradients are too long?"),
    minutes=4, difficulty=1, rung="predict",
)

# -- clip by value ---------------------------------------------------------------------------------------------------------


def clip_by_value(gradient, limit):
    return np.clip(gradient, -limit, limit)


def clip_by_value_with_extremes(gradient, limit):
    return np.maximum(np.minimum(gradient, limit), -limit)


def clip_by_value_with_where(gradient, limit):
    return np.where(gradient > limit, limit, np.where(gradient < -limit, -limit, gradient))


def value_from_above_only(gradient, limit):
    return np.minimum(gradient, limit)


def value_from_below_only(gradient, limit):
    return np.maximum(gradient, -limit)


def value_without_sign(gradient, limit):
    return np.minimum(np.abs(gradient), limit)


def value_by_the_largest(gradient, limit):
    return gradient * min(1.0, limit / np.abs(gradient).max())


def value_by_norm(gradient, limit):
    return gradient * min(1.0, limit / np.sqrt(np.sum(np.asarray(gradient, dtype=float) ** 2)))


def value_dropped(gradient, limit):
    return np.where(np.abs(gradient) > limit, 0.0, gradient)


def value_sign(gradient, limit):
    return limit * np.sign(gradient)


def value_positive_range(gradient, limit):
    return np.clip(gradient, 0.0, limit)


def value_tanh(gradient, limit):
    return limit * np.tanh(gradient / limit)


def value_at_one(gradient, limit):
    return np.clip(gradient, -1.0, 1.0)


def value_in_whole_numbers(gradient, limit):
    clipped = gradient.copy()
    clipped[clipped > limit] = limit
    clipped[clipped < -limit] = -limit
    return clipped


def value_by_factors(gradient, limit):
    sizes = np.maximum(np.abs(gradient), 1e-12)
    return gradient * np.minimum(1.0, limit / sizes)


def value_of_vectors(gradient, limit):
    clipped = np.zeros(len(gradient))
    for i in range(len(gradient)):
        clipped[i] = min(max(gradient[i], -limit), limit)
    return clipped


def value_in_place(gradient, limit):
    gradient[gradient > limit] = limit
    gradient[gradient < -limit] = -limit
    return gradient


def value_in_place_by_clip(gradient, limit):
    return np.clip(gradient, -limit, limit, out=gradient)


def _any_shape(rng):
    g = rng.uniform(-0.2, 0.2, size=(5, 3))
    g.flat[rng.choice(15, size=6, replace=False)] = rng.uniform(1.5, 9.0, size=6) * np.array([1, -1, 1, -1, 1, -1])
    return g, float(rng.uniform(0.4, 0.9))


def _whole_numbers(rng):
    return rng.permutation([int(rng.integers(5, 30)), -int(rng.integers(5, 30)), 1, -2, 0]), 2.5


def _exploded(rng):
    return rng.permutation([np.inf, -np.inf, *rng.uniform(3.0, 9.0, size=2), *rng.uniform(-0.5, 0.0, size=2)]), 1.5


CLIP_BY_VALUE = Exercise(
    key="unit2.clip_by_value",
    title="Clip a gradient by value",
    reference=clip_by_value,
    alternatives=(clip_by_value_with_extremes, clip_by_value_with_where),
    examples=(Example(args=(np.array([12.0, -5.0, 0.5]), 4.0), expected=np.array([4.0, -4.0, 0.5])),),
    regimes={"any shape": _any_shape, "whole numbers": _whole_numbers, "exploded": _exploded},
    parts={"worked example": 0.5, "any shape": 0.5, "whole numbers": 0.25, "exploded": 0.25},
    mistakes=(
        Mistake("cuts from above only: a large negative entry is just as far too large", value_from_above_only),
        Mistake("cuts from below only: a large positive entry is just as far too large", value_from_below_only),
        Mistake("loses the signs: an entry of -5 is cut at -limit", value_without_sign),
        Mistake("divides everything until the largest entry fits, which keeps the direction: by value, each entry is cut on "
                "its own", value_by_the_largest),
        Mistake("clips by norm: by value, each entry is cut on its own", value_by_norm),
        Mistake("sets entries that are too large to 0: they are cut at the limit", value_dropped),
        Mistake("pushes small entries up to the limit as well: inside the range nothing changes", value_sign),
        Mistake("cuts everything negative at 0: the range goes from -limit to limit", value_positive_range),
        Mistake("squashes by tanh, which changes the small entries too: inside the range nothing changes", value_tanh),
        Mistake("cuts at 1 and ignores the limit", value_at_one),
        Mistake("writes the limit into an array of whole numbers, where 2.5 becomes 2", value_in_whole_numbers, mark=1.25),
        Mistake("multiplies each entry by limit / size: an infinite entry times 0 is NaN; compare and cut instead",
                value_by_factors, mark=1.25),
        Mistake("goes through the entries of a vector only: weights have matrices of gradients", value_of_vectors, mark=1.0),
        Mistake("overwrites the caller's gradient: give a new array back", value_in_place, also=(value_in_place_by_clip,)),
    ),
    hints=("Which entries of (12, -5, 0.5) lie outside the range from -4 to 4, and where do they go?",
           "One function of NumPy does it for arrays of any shape; it takes the array, the lower and the upper end.",
           "np.clip(array, low, high). What is low here?"),
    minutes=3, difficulty=1, rung="implement",
)
