# %% single: max(a z, z), wrong for a slope above 1
# name: uses max(a z, z), which is a leaky ReLU only for slopes a up to 1: ask for the sign of z instead
def leaky_relu(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    return np.maximum(negative_slope * Z, Z)


def leaky_relu_derivative(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    return np.where(Z > 0, 1.0, negative_slope)
# %% single: writes a z into an integer copy, the fraction is cut off
# name: keeps whole numbers whole: a copy of integers cuts every fraction off, so start from an array of floats
def leaky_relu(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    A = Z.copy()
    mask = Z <= 0
    A[mask] = negative_slope * Z[mask]
    return A


def leaky_relu_derivative(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    D = np.ones(Z.shape)
    D[Z <= 0] = negative_slope
    return D
# %% single: slope 0.01 typed in the derivative, the argument is not used
# name: always leaks 0.01 and never looks at negative_slope
def leaky_relu(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    return np.where(Z > 0, Z, negative_slope * Z)


def leaky_relu_derivative(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    return np.where(Z > 0, 1, 0.01)
# %% single: derivative still multiplied by z on the negative side
# name: gives the slope a z for negative z: the slope of a z is a
def leaky_relu(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    positive = (Z > 0)
    return Z * positive + negative_slope * Z * ~positive


def leaky_relu_derivative(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    positive = (Z > 0)
    return 1.0 * positive + negative_slope * Z * ~positive
# %% single: derivative at exactly 0 is taken from the right
# name: gives slope 1 at z = 0, where the leaky side begins: z > 0, not z >= 0
def leaky_relu(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    return np.where(Z < 0, negative_slope * Z, Z)


def leaky_relu_derivative(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    return np.where(Z < 0, negative_slope, 1.0)
# %% pair: changes Z in place, and the derivative is that of plain ReLU
def leaky_relu(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    for idx in np.ndindex(*Z.shape):
        if Z[idx] < 0:
            Z[idx] = negative_slope * Z[idx]
    return Z


def leaky_relu_derivative(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    return (Z > 0).astype(float)
# %% right: positive part plus a times the negative part
def leaky_relu(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    return np.maximum(Z, 0) + negative_slope * np.minimum(Z, 0)


def leaky_relu_derivative(Z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    awake = (np.asarray(Z) > 0).astype(float)
    return awake + negative_slope * (1 - awake)
