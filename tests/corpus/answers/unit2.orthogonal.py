# %% single: forgets the gain
# name: leaves no trace of the gain: it must multiply Q, since the decomposition takes every factor out of what it is given
def orthogonal(fan_in, fan_out, rng, gain):
    A = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)))
    Q, R = np.linalg.qr(A)
    return Q if fan_in >= fan_out else Q.T
# %% single: does not think of layers with more outputs than inputs
# name: works only for fan_in >= fan_out: for a wide matrix decompose the tall one and turn the result
def orthogonal(fan_in, fan_out, rng, gain):
    Q, _ = np.linalg.qr(rng.normal(size=(fan_in, fan_out)))
    return gain * Q
# %% single: multiplies by gain squared
# name: multiplies by the square of the gain: it is W^T W that gets the square
def orthogonal(fan_in: int, fan_out: int, rng: np.random.Generator, gain: float) -> np.ndarray:
    wide = fan_out > fan_in
    shape = (fan_out, fan_in) if wide else (fan_in, fan_out)
    Q = np.linalg.qr(rng.normal(size=shape))[0]
    return gain**2 * (Q.T if wide else Q)
# %% single: columns only get length one, they are not orthogonal
# name: gives the columns their length but not their right angles: np.linalg.qr does both
def orthogonal(fan_in, fan_out, rng, gain):
    A = rng.standard_normal((fan_in, fan_out))
    if fan_in >= fan_out:
        return gain * A / np.linalg.norm(A, axis=0)
    return gain * A / np.linalg.norm(A, axis=1, keepdims=True)
# %% unknown: nothing random, a piece of the identity matrix
# name: returns ones on the diagonal: orthogonal, but no random start; every unit would copy one input
def orthogonal(fan_in, fan_out, rng, gain):
    return gain * np.eye(fan_in, fan_out)
# %% right: from the singular value decomposition
def orthogonal(fan_in: int, fan_out: int, rng: np.random.Generator, gain: float) -> np.ndarray:
    U, _, Vt = np.linalg.svd(rng.standard_normal((fan_in, fan_out)), full_matrices=False)
    return gain * (U @ Vt)
# %% right: QR with the signs of R's diagonal taken out
def orthogonal(fan_in: int, fan_out: int, rng: np.random.Generator, gain: float) -> np.ndarray:
    tall, short = max(fan_in, fan_out), min(fan_in, fan_out)
    Q, R = np.linalg.qr(rng.normal(size=(tall, short)))
    Q = Q * np.where(np.diag(R) < 0, -1.0, 1.0)
    if fan_in < fan_out:
        Q = Q.T
    return np.ascontiguousarray(gain * Q)
