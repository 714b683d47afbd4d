# %% single: the negative slope is ignored
# name: ignores the slope: a leaky ReLU lets slope^2 of the negative half pass
def he(fan_in, fan_out, rng, negative_slope):
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))
# %% single: slope not squared
# name: adds the slope instead of its square: it is a mean square that passes
def he(fan_in: int, fan_out: int, rng: np.random.Generator, negative_slope: float) -> np.ndarray:
    v = 2 / (fan_in * (1 + negative_slope))
    return np.sqrt(v) * rng.standard_normal((fan_in, fan_out))
# %% single: gives the variance where numpy wants the standard deviation
# name: gives the variance 2 / fan_in to the generator as if it were the standard deviation: take the root, as the lecture notes should have done
def he(fan_in, fan_out, rng, negative_slope):
    variance = 2 / ((1 + negative_slope**2) * fan_in)
    return rng.normal(0.0, variance, size=(fan_in, fan_out))
# %% single: divides by the fan-out
# name: divides by the fan-out: a sum has as many terms as the layer has inputs
def he(fan_in, fan_out, rng, negative_slope):
    std = (2 / (1 + negative_slope**2) / fan_out) ** 0.5
    return rng.standard_normal((fan_in, fan_out)) * std
# %% pair: multiplies by 1 + a^2 instead of dividing, and uses uniform numbers
# name: none
def he(fan_in, fan_out, rng, negative_slope):
    limit = np.sqrt(3 * 2 * (1 + negative_slope**2) / fan_in)
    return rng.uniform(-limit, limit, (fan_in, fan_out))
# %% right: gain first, row by row
def he(fan_in: int, fan_out: int, rng: np.random.Generator, negative_slope: float) -> np.ndarray:
    kept = 0.5 + 0.5 * negative_slope * negative_slope      # share of E[z^2] that survives
    sigma = 1.0 / np.sqrt(kept * fan_in)
    return np.array([[rng.normal(scale=sigma) for _ in range(fan_out)] for _ in range(fan_in)])
