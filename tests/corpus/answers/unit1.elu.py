# %% single: copy made, but the brackets are still missing: alpha e^z - 1
# name: multiplies only e^z by alpha: the -1 belongs inside the parentheses, or the curve jumps at 0
def elu(Z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    Z = np.asarray(Z, dtype=float)
    return np.where(Z > 0, Z, alpha * np.exp(np.minimum(Z, 0)) - 1)
# %% single: brackets put right, but Z is still overwritten
# name: writes into the array it was given: A = Z is a second name, not a copy
def elu(Z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    A = Z
    negative = A < 0
    A[negative] = alpha * (np.exp(A[negative]) - 1)
    return A
# %% single: multiplication by a mask, 0 times inf for large z
# name: gives NaN for large z: e^z is inf there, and inf times the 0 of a mask is NaN. np.where chooses instead
def elu(Z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    pos = (Z > 0).astype(float)
    return pos * Z + (1 - pos) * alpha * (np.exp(Z) - 1)
# %% single: copy keeps the integer type
# name: keeps whole numbers whole: a copy of integers cuts every fraction off, so start from a copy of floats
def elu(Z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    A = Z.copy()
    negative = A < 0
    A[negative] = alpha * (np.exp(A[negative]) - 1)
    return A
# %% single: alpha also stretches the positive side
# name: multiplies the positive side by alpha too: there ELU is z itself
def elu(Z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    Z = np.asarray(Z, dtype=float)
    return alpha * np.where(Z > 0, Z, np.expm1(np.minimum(Z, 0)))
# %% pair: alpha forgotten and the two differences turned round
def elu(Z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    A = np.array(Z, dtype=float)
    for idx in np.ndindex(*A.shape):
        if A[idx] <= 0:
            A[idx] = 1 - np.exp(A[idx])
    return A
# %% right: sum of the two parts, no mask
def elu(Z: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    Z = np.asarray(Z, dtype=float)
    below = np.minimum(Z, 0.0)
    return np.maximum(Z, 0.0) + alpha * np.expm1(below)
