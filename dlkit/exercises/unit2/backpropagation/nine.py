"""The exercise nine_derivatives: every partial derivative of a 2-2-1 network with a linear output."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime

_NAMES = ("w11^1", "w12^1", "w21^1", "w22^1", "b11", "b12", "w11^2", "w21^2", "b21")


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def nine_derivatives(x, y, W1, b1, W2, b2, hidden):
    z = x @ W1 + b1
    out = sigmoid(z) if hidden == "sigmoid" else z
    slope = out * (1.0 - out) if hidden == "sigmoid" else np.ones(2)
    blame = -2.0 * (y - (out @ W2 + b2)[0])
    blame_hidden = blame * W2[:, 0] * slope
    dW1 = np.outer(x, blame_hidden)
    values = (*dW1.ravel(), *blame_hidden, blame * out[0], blame * out[1], blame)
    return {name: float(value) for name, value in zip(_NAMES, values, strict=True)}


def nine_derivatives_by_complex_steps(x, y, W1, b1, W2, b2, hidden):
    """Without any formula: a step in an imaginary direction gives the slope without subtracting."""
    start = np.concatenate([np.ravel(W1), b1, np.ravel(W2), b2]).astype(complex)
    found = {}
    for k, name in enumerate(_NAMES):
        p = start.copy()
        p[k] += 1e-30j
        z1, z2 = p[0] * x[0] + p[2] * x[1] + p[4], p[1] * x[0] + p[3] * x[1] + p[5]
        if hidden == "sigmoid":
            z1, z2 = 1 / (1 + np.exp(-z1)), 1 / (1 + np.exp(-z2))
        found[name] = ((y - (p[6] * z1 + p[7] * z2 + p[8])) ** 2).imag / 1e-30
    return found


# -- mistakes: one decision turned ---------------------------------------------------------------------------------------


def _nine(x, y, W1, b1, W2, b2, hidden, *, blame=lambda e: -2.0 * e, slope=None, always_sigmoid=False, inputs=None,
          to_hidden=None, for_weights=None, hidden_bias=None, hidden_sign=1.0, output_slope=False):
    curved = hidden == "sigmoid" or always_sigmoid
    z = x @ W1 + b1
    out = sigmoid(z) if curved else z
    slopes = np.ones(2)
    if curved:
        slopes = slope(z, out) if slope else out * (1.0 - out)
    answer = (out @ W2 + b2)[0]
    top = blame(y - answer)
    if output_slope and curved:
        top = top * answer * (1.0 - answer)
    arrive = to_hidden(W2[:, 0]) if to_hidden else W2[:, 0]
    below = hidden_sign * top * arrive * slopes
    dW1 = np.outer(x if inputs is None else inputs(x, out), below)
    met = for_weights(x, z, out) if for_weights else out
    db1 = hidden_bias(top, below, slopes) if hidden_bias else below
    values = (*dW1.ravel(), *db1, top * met[0], top * met[1], top)
    return {name: float(value) for name, value in zip(_NAMES, values, strict=True)}


def nine_sign(*args):
    return _nine(*args, blame=lambda e: 2.0 * e)


def nine_without_two(*args):
    return _nine(*args, blame=lambda e: -e)


def nine_slope_forgotten(*args):
    return _nine(*args, slope=lambda z, out: np.ones(2))


def nine_slope_of_z(*args):
    return _nine(*args, slope=lambda z, out: z * (1.0 - z))


def nine_sigmoid_twice(*args):
    return _nine(*args, slope=lambda z, out: sigmoid(out) * (1.0 - sigmoid(out)))


def nine_always_sigmoid(*args):
    return _nine(*args, always_sigmoid=True)


def nine_output_slope(*args):
    return _nine(*args, output_slope=True)


def nine_outputs_for_inputs(*args):
    return _nine(*args, inputs=lambda x, out: out)


def nine_inputs_for_outputs(*args):
    return _nine(*args, for_weights=lambda x, z, out: x)


def nine_z_for_outputs(*args):
    return _nine(*args, for_weights=lambda x, z, out: z)


def nine_without_upper_weight(*args):
    return _nine(*args, to_hidden=lambda w: np.ones(2))


def nine_first_weight_for_both(*args):
    return _nine(*args, to_hidden=lambda w: np.array([w[0], w[0]]))


def nine_upper_weights_exchanged(*args):
    return _nine(*args, to_hidden=lambda w: w[::-1])


def nine_upper_weights_added(*args):
    return _nine(*args, to_hidden=lambda w: np.full(2, w.sum()))


def nine_bias_like_the_output(*args):
    return _nine(*args, hidden_bias=lambda top, below, slopes: np.array([top, top]))


def nine_bias_without_slope(*args):
    values, linear = _nine(*args), _nine(*args, slope=lambda z, out: np.ones(2))
    return values | {"b11": linear["b11"], "b12": linear["b12"]}


def nine_bias_without_upper_weight(*args):
    return _nine(*args, hidden_bias=lambda top, below, slopes: top * slopes)


def nine_biases_zero(*args):
    return _nine(*args) | {"b11": 0.0, "b12": 0.0, "b21": 0.0}


def nine_sign_lost_below(*args):
    return _nine(*args, hidden_sign=-1.0)


def nine_indices_exchanged(*args):
    values = _nine(*args)
    return values | {"w12^1": values["w21^1"], "w21^1": values["w12^1"]}


def nine_cut_to_integers(x, y, W1, b1, W2, b2, hidden):
    values = _nine(x, y, W1, b1, W2, b2, hidden)
    dW1 = np.zeros_like(W1)
    dW1[0, 0], dW1[0, 1], dW1[1, 0], dW1[1, 1] = (values[name] for name in _NAMES[:4])
    return values | {name: float(value) for name, value in zip(_NAMES[:4], dW1.ravel(), strict=True)}


def _network(rng):
    signs = rng.choice([-1.0, 1.0], size=11)
    p = signs * rng.uniform(0.4, 1.6, size=11)
    p[7] = p[6] * rng.uniform(1.3, 1.8)  # the two upper weights differ and do not cancel
    x = np.array([p[9], p[9] * rng.uniform(1.4, 2.0)])
    W1, b1, W2, b2 = p[:4].reshape(2, 2), p[4:6], p[6:8].reshape(2, 1), p[8:9]
    return x, W1, b1, W2, b2


def _curved(rng):
    x, W1, b1, W2, b2 = _network(rng)
    return x, float(rng.uniform(5.0, 8.0)), W1, b1, W2, b2, "sigmoid"


def _whole_numbers(rng):
    x, _, b1, W2, b2 = _network(rng)
    return x, float(rng.uniform(30.0, 40.0)), rng.integers(1, 4, size=(2, 2)), b1, W2, b2, "linear"


NINE_DERIVATIVES = Exercise(
    key="unit2.nine_derivatives",
    title="Nine derivatives of a 2-2-1 network",
    reference=nine_derivatives,
    alternatives=(nine_derivatives_by_complex_steps,),
    examples=(Example(args=(np.array([2.0, 1.0]), 3.0, np.array([[0.5, -1.0], [1.0, 2.0]]), np.array([0.0, 0.5]),
                            np.array([[1.0], [2.0]]), np.array([-1.0]), "linear"),
                      expected={"w11^1": -4.0, "w12^1": -8.0, "w21^1": -2.0, "w22^1": -4.0, "b11": -2.0, "b12": -4.0,
                                "w11^2": -4.0, "w21^2": -1.0, "b21": -2.0}),),
    regimes={"whole numbers": Regime(_whole_numbers, 1, "linear hidden units"), "sigmoid hidden units": _curved},
    parts={"worked example": 0.5, "linear hidden units": 1.0, "sigmoid hidden units": 1.5},
    mistakes=(
        Mistake("has the sign turned round in all nine: the derivative of (y - yhat)^2 is -2 (y - yhat)", nine_sign),
        Mistake("loses the 2 of the square in all nine", nine_without_two),
        Mistake("forgets the slope of the sigmoid on the way into the hidden layer", nine_slope_forgotten, mark=1.5),
        Mistake("writes the slope of the sigmoid with the net input, z (1 - z): it is O (1 - O)", nine_slope_of_z, mark=1.5),
        Mistake("applies the sigmoid a second time to take its slope: O is its output already", nine_sigmoid_twice, mark=1.5),
        Mistake("uses sigmoids also when the hidden units are linear", nine_always_sigmoid, mark=1.5),
        Mistake("multiplies by a slope of the output unit as well: the output is linear", nine_output_slope, mark=1.5),
        Mistake("multiplies the first layer's derivatives by the hidden outputs: these weights met the inputs x",
                nine_outputs_for_inputs),
        Mistake("multiplies the upper derivatives by the inputs x: these weights met the hidden outputs",
                nine_inputs_for_outputs),
        Mistake("multiplies the upper derivatives by the net inputs of the hidden units, before their sigmoid",
                nine_z_for_outputs, mark=1.5),
        Mistake("forgets the upper weight on the way down: the blame of a hidden unit passes through w11^2 or w21^2",
                nine_without_upper_weight),
        Mistake("uses w11^2 for both hidden units: the second one speaks through w21^2", nine_first_weight_for_both),
        Mistake("exchanges the two upper weights", nine_upper_weights_exchanged),
        Mistake("adds the two upper weights: there is one output, so each hidden unit has one successor",
                nine_upper_weights_added),
        Mistake("gives b11 and b12 the derivative of b21: their way to the loss leads through a hidden unit and its upper "
                "weight", nine_bias_like_the_output),
        Mistake("forgets the upper weight for b11 and b12: their way to the loss leads through w11^2 or w21^2, too",
                nine_bias_without_upper_weight),
        Mistake("forgets the slope of the sigmoid for b11 and b12", nine_bias_without_slope, mark=1.5),
        Mistake("says 0 for the biases: they are parameters like the others, with an input of 1", nine_biases_zero),
        Mistake("loses the minus sign on the way to the first layer", nine_sign_lost_below),
        Mistake("exchanges w12^1 and w21^1: the first index is the input that the weight comes from", nine_indices_exchanged),
        Mistake("collects the derivatives in an array like W1, which may hold whole numbers, so decimals are cut off",
                nine_cut_to_integers, mark=2.0),
    ),
    hints=("Begin at the end: what is dL/dyhat? It is a factor of all nine.",
           "yhat = w11^2 O11 + w21^2 O12 + b21 gives the last three; for the first layer go on through O11 or O12.",
           "dL/dw12^1 = -2 (y - yhat) * w21^2 * slope of unit 2 * x1; the bias b12 has 1 in place of x1."),
    minutes=8, difficulty=3, rung="derive",
)
