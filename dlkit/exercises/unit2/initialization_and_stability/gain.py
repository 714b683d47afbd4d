"""The exercise weight_std: the standard deviation of the weights that suits any activation."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Exercise, Mistake


def weight_std(f, fan_in):
    z = np.linspace(-10, 10, 4001)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    mean_square = np.sum(f(z) ** 2 * density) * (z[1] - z[0])
    return float(1 / np.sqrt(fan_in * mean_square))


def weight_std_by_drawing(f, fan_in):
    z = np.random.default_rng(0).standard_normal(200_000)
    return np.mean(f(z) ** 2) ** -0.5 / np.sqrt(fan_in)


def weight_std_by_quadrature(f, fan_in):
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    return float(1 / np.sqrt(fan_in * np.sum(weights * f(nodes) ** 2) / weights.sum()))


# -- mistakes ------------------------------------------------------------------------------------------------------------


def moments(g):
    z = np.linspace(-10, 10, 4001)
    return np.sum(g(z) * np.exp(-z * z / 2)) / np.sum(np.exp(-z * z / 2))


def std_around_the_mean(f, fan_in):
    z = np.random.default_rng(0).standard_normal(200_000)
    return 1 / np.sqrt(fan_in * np.var(f(z)))


def std_without_fan(f, fan_in):
    return 1 / np.sqrt(moments(lambda z: f(z) ** 2))


def std_as_variance(f, fan_in):
    return 1 / (fan_in * moments(lambda z: f(z) ** 2))


def std_fan_outside(f, fan_in):
    return 1 / (fan_in * np.sqrt(moments(lambda z: f(z) ** 2)))


def std_fan_multiplied(f, fan_in):
    return np.sqrt(fan_in / moments(lambda z: f(z) ** 2))


def std_signal_multiplied(f, fan_in):
    return np.sqrt(moments(lambda z: f(z) ** 2) / fan_in)


def std_mean_size(f, fan_in):
    return 1 / (np.sqrt(fan_in) * moments(lambda z: np.abs(f(z))))


def std_square_of_f_of_mean(f, fan_in):
    return 1 / np.sqrt(fan_in * f(np.ones(1))[0] ** 2)


def std_uniform_z(f, fan_in):
    return 1 / np.sqrt(fan_in * np.mean(f(np.linspace(-3, 3, 4001)) ** 2))


def std_uniform_z_to_four(f, fan_in):
    return 1 / np.sqrt(fan_in * np.mean(f(np.linspace(-4, 4, 4001)) ** 2))


def std_uniform_z_to_five(f, fan_in):
    return 1 / np.sqrt(fan_in * np.mean(f(np.linspace(-5, 5, 4001)) ** 2))


def std_uniform_z_to_eight(f, fan_in):
    return 1 / np.sqrt(fan_in * np.mean(f(np.linspace(-8, 8, 4001)) ** 2))


def std_uniform_z_to_ten(f, fan_in):
    return 1 / np.sqrt(fan_in * np.mean(f(np.linspace(-10, 10, 4001)) ** 2))


def std_uniform_z_to_one(f, fan_in):
    return 1 / np.sqrt(fan_in * np.mean(f(np.linspace(-1, 1, 4001)) ** 2))


def std_of_the_slope(f, fan_in):
    h = 1e-4
    return 1 / np.sqrt(fan_in * moments(lambda z: ((f(z + h) - f(z - h)) / (2 * h)) ** 2))


def std_slope_at_zero(f, fan_in):
    h = 1e-4
    z = np.array([-h, h])
    slope = np.diff(f(z))[0] / (2 * h)
    return 1 / np.sqrt(fan_in * slope**2)


def std_always_lecun(f, fan_in):
    return 1 / np.sqrt(fan_in)


def std_always_he(f, fan_in):
    return np.sqrt(2 / fan_in)


def std_positive_half(f, fan_in):
    z = np.linspace(0, 10, 4001)
    return 1 / np.sqrt(fan_in * np.sum(f(z) ** 2 * np.exp(-z * z / 2)) * (z[1] - z[0]) / np.sqrt(2 * np.pi))


def _bent(left, right):
    def f(Z):
        Z = np.asarray(Z, dtype=float)
        return np.where(Z > 0, right * Z, left * Z)

    return f


def _curved(height, width):
    def f(Z):
        return height * np.tanh(np.asarray(Z, dtype=float) / width)

    return f


def _rectifiers(rng):
    return _bent(float(rng.uniform(0.35, 0.45)), float(rng.uniform(1.1, 1.2))), int(rng.integers(30, 200))


def _s_curves(rng):
    return _curved(float(rng.uniform(1.7, 2.0)), float(rng.uniform(0.75, 0.9))), int(rng.integers(30, 200))


WEIGHT_STD = Exercise(
    key="unit2.weight_std",
    title="Which weights for which activation? One rule for all",
    reference=weight_std,
    alternatives=(weight_std_by_drawing, weight_std_by_quadrature),
    regimes={"rectifiers": _rectifiers, "S-curves": _s_curves},
    parts={"rectifiers": 1.0, "S-curves": 1.0},
    rtol=0.02,  # five standard errors of a mean over 100 000 drawn numbers, for activations that grow like these
    mistakes=(
        Mistake("takes the variance of f(z) around its mean: the next layer feels the whole mean square", std_around_the_mean,
                mark=1.0),
        Mistake("forgets the fan-in: that is only the gain", std_without_fan),
        Mistake("returns the variance: its root was asked for", std_as_variance),
        Mistake("divides by the fan-in instead of its root", std_fan_outside),
        Mistake("multiplies by the fan-in: the more terms a sum has, the smaller they must be", std_fan_multiplied),
        Mistake("multiplies by what the activation lets pass: the weights have to make up for it, so divide",
                std_signal_multiplied),
        Mistake("takes the mean of |f(z)|: it is the mean square that the layers hand on", std_mean_size),
        Mistake("looks at the single point z = 1 instead of averaging over all z", std_square_of_f_of_mean),
        Mistake("averages over a grid of z (from -3 to 3, say) without the bell curve: z is normal, so values near 0 count "
                "more", std_uniform_z,
                also=(std_uniform_z_to_four, std_uniform_z_to_five, std_uniform_z_to_eight, std_uniform_z_to_ten)),
        Mistake("averages over z from -1 to 1: z is normal with variance 1, and a third of it lies outside",
                std_uniform_z_to_one),
        Mistake("takes the mean square of the slope: that is what the gradients feel on their way back", std_of_the_slope,
                mark=1.0),
        Mistake("takes the slope at 0, as if the activation were a line", std_slope_at_zero),
        Mistake("returns LeCun's 1 / sqrt(fan_in) whatever the activation is", std_always_lecun),
        Mistake("returns He's sqrt(2 / fan_in) whatever the activation is: that is right for ReLU only", std_always_he),
        Mistake("averages over positive z only, and loses what the other half contributes", std_positive_half),
    ),
    hints=("Let z have the variance 1. Which mean square do the activations f(z) have? And which variance has the next z, a "
           "sum of fan_in of them times weights?",
           "With m = E[f(z)^2] the next z has the variance fan_in * v * m, and that should be 1 again.",
           "v = 1 / (fan_in * m). Compute m as a sum over a fine grid of z with the bell curve as weights, or as a mean over "
           "many drawn z; return sqrt(v)."),
    minutes=7, difficulty=3, rung="compose",
    inapplicable={"too low precision": "two per cent are allowed, so that drawn numbers are welcome"},
)
