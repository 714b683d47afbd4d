# %% single: sign of the exponent is lost
# name: falls where it should rise: the exponent is minus z
def sigmoid(Z: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(np.clip(Z, -500, 500)))
# %% single: exp(z) over 1 + exp(z), inf / inf for large z
# name: gives NaN for large z, because e^z overflows to inf and inf / inf is nothing: use e^-z where z is positive
def sigmoid(Z: np.ndarray) -> np.ndarray:
    e = np.exp(Z)
    return e / (1 + e)
# %% single: missing brackets in the denominator
# name: computes 1 / 1 and then adds e^-z: the sum needs parentheses
def sigmoid(Z: np.ndarray) -> np.ndarray:
    return 1 / 1 + np.exp(-Z)
# %% single: tanh form without halving the argument
# name: is too steep by a factor of two: with tanh, the sigmoid is (1 + tanh(z / 2)) / 2
def sigmoid(Z: np.ndarray) -> np.ndarray:
    return (np.tanh(Z) + 1) / 2
# %% single: stable with masks, but the output array takes the type of Z, so whole numbers are cut to 0 or 1
# name: keeps whole numbers whole: an array like Z takes the type of Z, and integers cut every fraction off
def sigmoid(Z: np.ndarray) -> np.ndarray:
    out = np.zeros_like(Z)
    pos = Z >= 0
    out[pos] = 1 / (1 + np.exp(-Z[pos]))
    ez = np.exp(Z[~pos])
    out[~pos] = ez / (1 + ez)
    return out
# %% pair: the two branches of the stable form swapped on the right, denominator forgotten on the left
def sigmoid(Z: np.ndarray) -> np.ndarray:
    Z = np.asarray(Z, dtype=float)
    small = np.exp(-np.abs(Z))
    return np.where(Z > 0, small / (1 + small), small)
# %% right: through the logarithm, log sigma = -log(1 + e^-z)
def sigmoid(Z: np.ndarray) -> np.ndarray:
    Z = np.asarray(Z, dtype=float)
    return np.exp(-np.logaddexp(0.0, -Z))
