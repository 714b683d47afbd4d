# %% single: the standard deviation as the limit
# name: takes the standard deviation for the limit: a uniform number from -l to l has the variance l^2 / 3, so l = sqrt(3) times the standard deviation
def xavier(fan_in, fan_out, rng):
    s = np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-s, s, (fan_in, fan_out))
# %% single: draws normal numbers instead of uniform ones
# name: draws normal numbers: the right variance, but a uniform law was asked for
def xavier(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))
# %% single: only the fan-in counts
# name: divides by the fan-in alone: that is LeCun's choice, Xavier takes the mean of fan-in and fan-out
def xavier(fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:
    l = (3 / fan_in) ** 0.5
    return rng.uniform(low=-l, high=l, size=(fan_in, fan_out))
# %% single: forgot the minus, all weights are positive
# name: draws from 0 to the limit: weights need both signs, from -limit to limit
def xavier(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return limit * rng.random((fan_in, fan_out))
# %% pair: own fixed seed, and no root in the limit
# name: none
def xavier(fan_in, fan_out, rng):
    r = np.random.default_rng(0)
    l = 6 / (fan_in + fan_out)
    return r.uniform(-l, l, (fan_in, fan_out))
# %% right: stretches numbers from 0 to 1, drawn column by column
def xavier(fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:
    edge = np.sqrt(6.0) / np.sqrt(fan_in + fan_out)
    columns = [2 * edge * (rng.random(fan_in) - 0.5) for _ in range(fan_out)]
    return np.stack(columns, axis=1)
