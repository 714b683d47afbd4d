"""The exercise start_weights: repair the start of a deep ReLU network that does not learn."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def start_weights(sizes, noise):
    layers = []
    for k, (fan_in, fan_out) in enumerate(zip(sizes[:-1], sizes[1:], strict=True)):
        last = k == len(sizes) - 2
        W = noise[k] * np.sqrt((1 if last else 2) / fan_in)
        layers.append((W, np.zeros(fan_out)))
    return layers


def start_weights_by_list(sizes, noise):
    gains = [2.0] * (len(sizes) - 2) + [1.0]
    return [(np.sqrt(g / len(Z)) * np.asarray(Z, dtype=float), np.zeros(Z.shape[1])) for g, Z in zip(gains, noise, strict=True)]


# -- mistakes ------------------------------------------------------------------------------------------------------------


def build(sizes, noise, scale, bias=0.0, last=None):
    layers = []
    for k, (fan_in, fan_out) in enumerate(zip(sizes[:-1], sizes[1:], strict=True)):
        rule = last if last is not None and k == len(sizes) - 2 else scale
        layers.append((noise[k] * rule(fan_in, fan_out), np.full(fan_out, bias)))
    return layers


def he_scale(fan_in, fan_out):
    return np.sqrt(2 / fan_in)


def lecun_scale(fan_in, fan_out):
    return np.sqrt(1 / fan_in)


def start_unrepaired(sizes, noise):
    layers = []
    for k in range(len(sizes) - 1):
        fan_in = sizes[k + 1]
        layers.append((noise[k] * (2 / fan_in), np.ones(sizes[k + 1])))
    return layers


def start_variance(sizes, noise):
    return build(sizes, noise, lambda fan_in, fan_out: 2 / fan_in, last=lambda fan_in, fan_out: 1 / fan_in)


def start_variance_and_last_layer(sizes, noise):
    return build(sizes, noise, lambda fan_in, fan_out: 2 / fan_in)


def start_fan_out(sizes, noise):
    return build(sizes, noise, lambda fan_in, fan_out: np.sqrt(2 / fan_out), last=lambda fan_in, fan_out: np.sqrt(1 / fan_out))


def start_fan_out_and_last_layer(sizes, noise):
    return build(sizes, noise, lambda fan_in, fan_out: np.sqrt(2 / fan_out))


def start_fan_out_and_variance(sizes, noise):
    return build(sizes, noise, lambda fan_in, fan_out: 2 / fan_out, last=lambda fan_in, fan_out: 1 / fan_out)


def start_biases_of_one(sizes, noise):
    return build(sizes, noise, he_scale, 1.0, lecun_scale)


def start_biases_and_last_layer(sizes, noise):
    return build(sizes, noise, he_scale, 1.0)


def start_last_layer(sizes, noise):
    return build(sizes, noise, he_scale)


def start_all_lecun(sizes, noise):
    return build(sizes, noise, lecun_scale)


def start_first_layer_lecun(sizes, noise):
    layers = build(sizes, noise, he_scale)
    return [(noise[0] * np.sqrt(1 / sizes[0]), layers[0][1]), *layers[1:]]


def start_last_layer_zero(sizes, noise):
    return build(sizes, noise, he_scale, last=lambda fan_in, fan_out: 0.0)


def start_xavier(sizes, noise):
    return build(sizes, noise, lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)))


def start_inputs_for_all(sizes, noise):
    D = sizes[0]
    return build(sizes, noise, lambda fan_in, fan_out: np.sqrt(2 / D), last=lambda fan_in, fan_out: np.sqrt(1 / D))


def start_first_noise_for_all(sizes, noise):
    layers = start_weights_by_list(sizes, noise)
    again = [np.resize(noise[0], W.shape) for W, _ in layers]
    gains = [2.0] * (len(layers) - 1) + [1.0]
    return [(Z * np.sqrt(g / len(Z)), b) for Z, g, (_, b) in zip(again, gains, layers, strict=True)]


def start_weights_only(sizes, noise):
    return [W for W, _ in start_weights_by_list(sizes, noise)]


def start_bias_of_the_inputs(sizes, noise):
    return [(W, np.zeros(W.shape[0])) for W, _ in start_weights_by_list(sizes, noise)]


def start_turned(sizes, noise):
    return [(W.T, b) for W, b in start_weights_by_list(sizes, noise)]


def start_without_last_layer(sizes, noise):
    return start_weights_by_list(sizes, noise)[:-1]


def start_in_place(sizes, noise):
    layers = []
    for k in range(len(sizes) - 1):
        W = noise[k]
        W *= np.sqrt((1 if k == len(sizes) - 2 else 2) / sizes[k])
        layers.append((W, np.zeros(sizes[k + 1])))
    return layers


def start_one_hidden_layer(sizes, noise):
    layers = []
    for k in range(len(sizes) - 1):
        gain = 2 if k == 0 and len(sizes) > 2 else 1
        layers.append((noise[k] * np.sqrt(gain / sizes[k]), np.zeros(sizes[k + 1])))
    return layers


def start_never_linear(sizes, noise):
    layers = []
    for k in range(len(sizes) - 1):
        gain = 1 if k == len(sizes) - 2 and k > 0 else 2
        layers.append((noise[k] * np.sqrt(gain / sizes[k]), np.zeros(sizes[k + 1])))
    return layers


def _noise(rng, sizes):
    return [rng.normal(size=shape) for shape in zip(sizes[:-1], sizes[1:], strict=True)]


def _deeper(rng):
    sizes = [5, 7, 3, 11, 2]
    return sizes, _noise(rng, sizes)


def _no_hidden_layer(rng):
    return [7, 3], _noise(rng, [7, 3])


_EXAMPLE_NOISE = [np.arange(32.0).reshape(8, 4) % 7 - 3, np.array([[2.0], [1.0], [-3.0], [0.5]])]

START_WEIGHTS = Exercise(
    key="unit2.start_weights",
    title="Repair the start of a deep network",
    reference=start_weights,
    alternatives=(start_weights_by_list,),
    examples=(Example(args=([8, 4, 1], _EXAMPLE_NOISE),
                      expected=[(_EXAMPLE_NOISE[0] / 2, np.zeros(4)), (_EXAMPLE_NOISE[1] / 2, np.zeros(1))]),),
    regimes={"deeper": _deeper, "no hidden layer": Regime(_no_hidden_layer, 1)},
    parts={"worked example": 0.5, "deeper": 1.0, "no hidden layer": 0.5},
    mistakes=(
        Mistake("is the code as it was: compare every line with the four promises above it", start_unrepaired),
        Mistake("multiplies by the variance: the noise needs the standard deviation, its root", start_variance),
        Mistake("multiplies by the variance, and treats the last layer like the hidden ones", start_variance_and_last_layer),
        Mistake("divides by the fan-out: layer k reads sizes[k] numbers and writes sizes[k + 1]", start_fan_out),
        Mistake("divides by the fan-out, and treats the last layer like the hidden ones", start_fan_out_and_last_layer),
        Mistake("divides by the fan-out, and forgets the root", start_fan_out_and_variance),
        Mistake("starts the biases at 1: they start at 0, so that about half of the ReLUs are on", start_biases_of_one),
        Mistake("starts the biases at 1, and treats the last layer like the hidden ones", start_biases_and_last_layer),
        Mistake("treats the last layer like the hidden ones: no ReLU follows it, so its variance is 1 / fan_in",
                start_last_layer),
        Mistake("treats the hidden layers like the last one: a ReLU follows them, so their variance is 2 / fan_in",
                start_all_lecun, mark=0.5),
        Mistake("makes the first layer the exception: it is behind the last one that no ReLU follows", start_first_layer_lecun,
                mark=0.5),
        Mistake("starts the last layer at 0: that can be done, but 1 / fan_in was asked for", start_last_layer_zero),
        Mistake("uses Xavier's variance: behind a ReLU half of the signal is missing", start_xavier),
        Mistake("divides by the number of inputs of the network in every layer: each has a fan-in of its own",
                start_inputs_for_all, mark=0.5),
        Mistake("uses the noise of the first layer again and again: every layer has its own", start_first_noise_for_all,
                mark=0.5),
        Mistake("returns the weights without the biases: each layer is a pair (W, b)", start_weights_only),
        Mistake("gives each layer as many biases as it has inputs: a bias belongs to a unit", start_bias_of_the_inputs),
        Mistake("transposes the weights: W has shape (fan_in, fan_out)", start_turned),
        Mistake("leaves the last layer out: n sizes make n - 1 layers", start_without_last_layer),
        Mistake("scales the noise in place: *= changes the caller's arrays, so build new ones", start_in_place),
        Mistake("takes only the first layer for a hidden one: a ReLU follows every layer but the last", start_one_hidden_layer,
                mark=1.0),
        Mistake("takes the only layer of a network for a hidden one: no ReLU follows it either", start_never_linear, mark=1.5),
    ),
    hints=("Take the example with sizes 8, 4, 1 by hand: which number multiplies the noise of each layer?",
           "A standard deviation is a root. The fan-in of layer k is what it reads. What follows the last layer?",
           "Four repairs: fan_in = sizes[k]; sqrt; biases of 0; 1 / fan_in in the last layer."),
    minutes=6, difficulty=2, rung="debug",
)
