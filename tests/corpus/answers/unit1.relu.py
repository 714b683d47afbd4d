# %% single: slope at the corner is 1
# name: gives slope 1 at z = 0; the usual choice there (PyTorch's too) is 0: z > 0, not z >= 0
def relu(Z: np.ndarray) -> np.ndarray:
    return np.where(Z > 0, Z, 0)


def relu_derivative(Z: np.ndarray) -> np.ndarray:
    return np.where(Z >= 0, 1.0, 0.0)
# %% single: zeroes the negatives of the caller's own array
# name: writes zeros into the array it was given: work on a copy
def relu(Z: np.ndarray) -> np.ndarray:
    A = Z
    A[A < 0] = 0
    return A


def relu_derivative(Z: np.ndarray) -> np.ndarray:
    return (Z > 0).astype(float)
# %% single: np.max with 0 as the axis instead of np.maximum
# name: uses np.max(Z, 0), where the 0 is an axis: np.maximum(Z, 0) compares each element with 0
def relu(Z: np.ndarray) -> np.ndarray:
    return np.max(Z, 0)


def relu_derivative(Z: np.ndarray) -> np.ndarray:
    return np.where(Z > 0, 1.0, 0.0)
# %% single: the slope is the sign, so -1 on the left
# name: gives slope -1 for negative z: ReLU is flat there
def relu(Z: np.ndarray) -> np.ndarray:
    return np.maximum(0, Z)


def relu_derivative(Z: np.ndarray) -> np.ndarray:
    return np.sign(Z).astype(float)
# %% single: the slope still carries z
# name: returns ReLU itself where its slope is asked for
def relu(Z: np.ndarray) -> np.ndarray:
    return Z * (Z > 0)


def relu_derivative(Z: np.ndarray) -> np.ndarray:
    d = np.array(Z, dtype=float)
    d[d <= 0] = 0
    return d
# %% pair: absolute value for the function, and slope 1 at 0
def relu(Z: np.ndarray) -> np.ndarray:
    return np.abs(Z)


def relu_derivative(Z: np.ndarray) -> np.ndarray:
    slopes = np.ones(Z.shape)
    slopes[Z < 0] = 0
    return slopes
# %% right: clip from below, and the Heaviside function
def relu(Z: np.ndarray) -> np.ndarray:
    return np.clip(Z, 0, None)


def relu_derivative(Z: np.ndarray) -> np.ndarray:
    return np.heaviside(np.asarray(Z, dtype=float), 0.0)
