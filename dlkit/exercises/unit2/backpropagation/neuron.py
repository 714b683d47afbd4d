"""The exercise neuron_gradients: the chain rule through one neuron, link by link."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def neuron_gradients(x, w, b, y):
    z = float(x @ w + b)
    a = float(sigmoid(z))
    dC_da, da_dz = 2.0 * (a - y), a * (1.0 - a)
    dC_dz = dC_da * da_dz
    return {"z": z, "a": a, "dC_da": dC_da, "da_dz": da_dz, "dC_dw": dC_dz * x, "dC_db": dC_dz, "dC_dx": dC_dz * w}


def neuron_gradients_by_loops(x, w, b, y):
    z = b
    for i in range(len(x)):
        z = z + w[i] * x[i]
    a = np.exp(z) / (1.0 + np.exp(z))
    values = {"z": z, "a": a, "dC_da": a - y + a - y, "da_dz": np.exp(-z) / (1.0 + np.exp(-z)) ** 2}
    blame = values["dC_da"] * values["da_dz"]
    return values | {"dC_dw": [blame * each for each in x], "dC_db": np.array([blame]), "dC_dx": [blame * each for each in w]}


def follow_neuron(args, own):
    """Each link, from the student's own earlier ones."""
    x, w, b, y = args
    a = own["a"]
    dC_dz = own["dC_da"] * own["da_dz"]
    if own["dC_da"] == own["da_dz"] == 0:  # nothing can be told from zeros: take the right links
        right = neuron_gradients(*args)
        dC_dz = right["dC_da"] * right["da_dz"]
    return {"z": x @ w + b, "a": sigmoid(own["z"]), "dC_da": 2.0 * (a - y), "da_dz": a * (1.0 - a), "dC_dw": dC_dz * x,
            "dC_db": dC_dz, "dC_dx": dC_dz * w}


# -- mistakes: a link replaced, everything behind it computed from the wrong one -----------------------------------------


def _with(x, w, b, y, **links):
    """The right pass, with some links computed by the given functions of what is there already."""
    rules = {"z": lambda v: x @ w + b, "a": lambda v: sigmoid(v["z"]), "dC_da": lambda v: 2.0 * (v["a"] - y),
             "da_dz": lambda v: v["a"] * (1.0 - v["a"]), "dC_dw": lambda v: v["dC_da"] * v["da_dz"] * x,
             "dC_db": lambda v: v["dC_da"] * v["da_dz"], "dC_dx": lambda v: v["dC_da"] * v["da_dz"] * w} | links
    values = {}
    for name, rule in rules.items():
        values[name] = rule(values)
    return values


def neuron_without_bias(x, w, b, y):
    return _with(x, w, b, y, z=lambda v: x @ w)


def neuron_without_sigmoid(x, w, b, y):
    return _with(x, w, b, y, a=lambda v: v["z"])


def neuron_tanh(x, w, b, y):
    return _with(x, w, b, y, a=lambda v: np.tanh(v["z"]))


def neuron_without_two(x, w, b, y):
    return _with(x, w, b, y, dC_da=lambda v: v["a"] - y)


def neuron_turned(x, w, b, y):
    return _with(x, w, b, y, dC_da=lambda v: 2.0 * (y - v["a"]))


def neuron_cost_itself(x, w, b, y):
    return _with(x, w, b, y, dC_da=lambda v: (v["a"] - y) ** 2)


def neuron_without_sign(x, w, b, y):
    return _with(x, w, b, y, dC_da=lambda v: 2.0 * abs(v["a"] - y))


def neuron_slope_of_z(x, w, b, y):
    return _with(x, w, b, y, da_dz=lambda v: v["z"] * (1.0 - v["z"]))


def neuron_sigmoid_twice(x, w, b, y):
    return _with(x, w, b, y, da_dz=lambda v: sigmoid(v["a"]) * (1.0 - sigmoid(v["a"])))


def neuron_slope_of_tanh(x, w, b, y):
    return _with(x, w, b, y, da_dz=lambda v: 1.0 - v["a"] ** 2)


def neuron_slope_one(x, w, b, y):
    return _with(x, w, b, y, da_dz=lambda v: 1.0)


def neuron_slope_left_out(x, w, b, y):
    return _with(x, w, b, y, dC_dw=lambda v: v["dC_da"] * x, dC_db=lambda v: v["dC_da"], dC_dx=lambda v: v["dC_da"] * w)


def neuron_cost_left_out(x, w, b, y):
    return _with(x, w, b, y, dC_dw=lambda v: v["da_dz"] * x, dC_db=lambda v: v["da_dz"], dC_dx=lambda v: v["da_dz"] * w)


def neuron_x_and_w_exchanged(x, w, b, y):
    return _with(x, w, b, y, dC_dw=lambda v: v["dC_da"] * v["da_dz"] * w, dC_dx=lambda v: v["dC_da"] * v["da_dz"] * x)


def neuron_times_bias(x, w, b, y):
    return _with(x, w, b, y, dC_db=lambda v: v["dC_da"] * v["da_dz"] * b)


def neuron_bias_is_constant(x, w, b, y):
    return _with(x, w, b, y, dC_db=lambda v: 0.0)


def neuron_bias_one(x, w, b, y):
    return _with(x, w, b, y, dC_db=lambda v: 1.0)


def neuron_bias_without_slope(x, w, b, y):
    return _with(x, w, b, y, dC_db=lambda v: v["dC_da"])


def neuron_bias_with_inputs(x, w, b, y):
    return _with(x, w, b, y, dC_db=lambda v: v["dC_da"] * v["da_dz"] * np.sum(x))


def neuron_summed(x, w, b, y):
    return _with(x, w, b, y, dC_dw=lambda v: v["dC_da"] * v["da_dz"] * np.sum(x),
                 dC_dx=lambda v: v["dC_da"] * v["da_dz"] * np.sum(w))


def neuron_cut_to_integers(x, w, b, y):
    values = _with(x, w, b, y)
    dC_dw = np.zeros_like(x)
    for i in range(len(x)):
        dC_dw[i] = values["dC_db"] * x[i]
    return values | {"dC_dw": dC_dw}


def _other_neurons(rng):
    return (rng.uniform(0.5, 2.0, size=3) * rng.choice([-1.0, 1.0], size=3), rng.uniform(0.2, 0.6, size=3),
            float(rng.uniform(0.4, 0.8)), -float(rng.uniform(0.5, 1.5)))


NEURON_GRADIENTS = Exercise(
    key="unit2.neuron_gradients",
    title="The chain rule through one neuron",
    reference=neuron_gradients,
    alternatives=(neuron_gradients_by_loops,),
    examples=(Example(args=(np.array([1, 2]), np.array([0.5, -0.25]), 0.0, 1.0),
                      expected={"z": 0.0, "a": 0.5, "dC_da": -1.0, "da_dz": 0.25, "dC_dw": np.array([-0.25, -0.5]),
                                "dC_db": -0.25, "dC_dx": np.array([-0.125, 0.0625])}),),
    regimes={"other neurons": _other_neurons},
    follow=follow_neuron,
    steps={"forward": ("z", "a"), "links": ("dC_da", "da_dz"), "gradients": ("dC_dw", "dC_db", "dC_dx")},
    parts={"forward": 0.5, "links": 0.5, "gradients": 1.0},
    mistakes=(
        Mistake("forgets the bias in z", neuron_without_bias, mark=1.5),
        Mistake("forgets the sigmoid: a is the sigmoid of z", neuron_without_sigmoid, mark=1.5),
        Mistake("uses tanh where a sigmoid was asked for", neuron_tanh, mark=1.5),
        Mistake("loses the 2 that comes down from the square", neuron_without_two, mark=1.5),
        Mistake("takes y - a: the cost grows with a where a is above y, so its slope is 2 (a - y)", neuron_turned, mark=1.5),
        Mistake("gives the cost (a - y)^2 in place of its slope", neuron_cost_itself, mark=1.5),
        Mistake("drops the sign of a - y: it says which way is down", neuron_without_sign, mark=1.5),
        Mistake("writes z (1 - z): the slope of the sigmoid is a (1 - a), with its output", neuron_slope_of_z, mark=1.5),
        Mistake("applies the sigmoid once more to a: a is the output of the sigmoid already, so its slope is a (1 - a)",
                neuron_sigmoid_twice, mark=1.5),
        Mistake("takes 1 - a^2, which is the slope of tanh", neuron_slope_of_tanh, mark=1.5),
        Mistake("takes 1 for da_dz, as if the neuron were linear", neuron_slope_one, mark=1.5),
        Mistake("leaves da_dz out of the gradients: the way from the cost to a weight leads through the sigmoid",
                neuron_slope_left_out, mark=1.0),
        Mistake("leaves dC_da out of the gradients: they should say how the cost changes, not how a does",
                neuron_cost_left_out, mark=1.0),
        Mistake("exchanges x and w: z changes by x when w moves, and by w when x moves", neuron_x_and_w_exchanged, mark=1.0),
        Mistake("multiplies the gradient of the bias by b: the bias enters z with the factor 1", neuron_times_bias, mark=1.0),
        Mistake("says 0 for the bias, as for a constant: z moves when b does", neuron_bias_is_constant, mark=1.0),
        Mistake("says 1 for the bias: that is dz/db, the last link only", neuron_bias_one, mark=1.0),
        Mistake("forgets da_dz in the gradient of the bias", neuron_bias_without_slope, mark=1.0),
        Mistake("multiplies the gradient of the bias by the inputs: its own input is 1", neuron_bias_with_inputs, mark=1.0),
        Mistake("adds the gradients up to one number: every weight and every input has its own", neuron_summed, mark=1.0),
        Mistake("collects dC_dw in an array of x's own type, so with whole inputs the decimals are cut off",
                neuron_cut_to_integers, mark=1.0),
    ),
    hints=("Write down what depends on what: w moves z, z moves a, a moves C. Which three slopes lie on that way?",
           "da_dz for a sigmoid can be written with a alone. dz_dw is the input, dz_db is 1, dz_dx is the weight.",
           "dC_da = 2 (a - y), da_dz = a (1 - a); their product is in all three gradients, times x, times 1, times w."),
    minutes=4, difficulty=2, rung="derive",
)
