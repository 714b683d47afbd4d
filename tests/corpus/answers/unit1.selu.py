# %% single: scale left out
# name: leaves the scale out, as the lecture notes print it: what remains is an ELU with another alpha
def selu(Z: np.ndarray, alpha: float = 1.6732632423543772, scale: float = 1.0507009873554805) -> np.ndarray:
    Z = np.asarray(Z, dtype=float)
    return np.where(Z > 0, Z, alpha * np.expm1(np.minimum(Z, 0)))
# %% single: scale on the positive side only
# name: scales the positive side only: the scale multiplies both sides
def selu(Z: np.ndarray, alpha: float = 1.6732632423543772, scale: float = 1.0507009873554805) -> np.ndarray:
    out = np.array(Z, dtype=float)
    up = out > 0
    out[up] = scale * out[up]
    out[~up] = alpha * (np.exp(out[~up]) - 1)
    return out
# %% single: scale on the negative side only
# name: scales the negative side only: the scale multiplies both sides
def selu(Z: np.ndarray, alpha: float = 1.6732632423543772, scale: float = 1.0507009873554805) -> np.ndarray:
    return np.where(Z > 0, Z, scale * alpha * (np.exp(np.minimum(Z, 0)) - 1))
# %% single: minus one outside the bracket
# name: multiplies only e^z by alpha: the -1 belongs inside the parentheses, or the curve jumps at 0
def selu(Z: np.ndarray, alpha: float = 1.6732632423543772, scale: float = 1.0507009873554805) -> np.ndarray:
    neg = alpha * np.exp(np.clip(Z, None, 0)) - 1
    return scale * np.where(Z > 0, Z, neg)
# %% single: mask times values, NaN for large numbers
# name: gives NaN for large z: e^z is inf there, and inf times the 0 of a mask is NaN. np.where chooses instead
def selu(Z: np.ndarray, alpha: float = 1.6732632423543772, scale: float = 1.0507009873554805) -> np.ndarray:
    return scale * ((Z > 0) * Z + (Z <= 0) * (alpha * (np.exp(Z) - 1)))
# %% pair: alpha on both sides, and the scale added instead of multiplied
def selu(Z: np.ndarray, alpha: float = 1.6732632423543772, scale: float = 1.0507009873554805) -> np.ndarray:
    Z = np.asarray(Z, dtype=float)
    inner = np.where(Z > 0, Z, np.exp(np.minimum(Z, 0)) - 1)
    return scale + alpha * inner
# %% right: element by element with math
import math


def selu(Z: np.ndarray, alpha: float = 1.6732632423543772, scale: float = 1.0507009873554805) -> np.ndarray:
    Z = np.asarray(Z)
    values = [scale * z if z > 0 else scale * alpha * math.expm1(z) for z in Z.ravel().tolist()]
    return np.array(values, dtype=float).reshape(Z.shape)
