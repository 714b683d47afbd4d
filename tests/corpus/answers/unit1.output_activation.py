# %% single: softmax for several labels too
# name: lets the labels of a multi-label task compete: several can be true at once, so each has its own sigmoid
def _sig(Z):
    e = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1 / (1 + e), e / (1 + e))


def _soft(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def output_activation(Z: np.ndarray, task: str) -> np.ndarray:
    if task == "regression":
        return Z
    if task == "binary":
        return _sig(Z)
    return _soft(Z)
# %% single: softmax over one column in the binary task, all ones
# name: uses softmax over a single score in the binary task, which is always 1: one score wants a sigmoid
def _sig(Z):
    e = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1 / (1 + e), e / (1 + e))


def _soft(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def output_activation(Z: np.ndarray, task: str) -> np.ndarray:
    if task == "regression":
        return Z
    elif task == "multi-label":
        return _sig(Z)
    elif task in ("binary", "multi-class"):
        return _soft(Z)
# %% single: ReLU at the output of a regression
# name: cannot predict a negative number in a regression: leave the score as it is
def _sig(Z):
    e = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1 / (1 + e), e / (1 + e))


def _soft(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def output_activation(Z: np.ndarray, task: str) -> np.ndarray:
    if task == "regression":
        return np.maximum(Z, 0)
    if task == "multi-class":
        return _soft(Z)
    return _sig(Z)
# %% single: sigmoids for one-of-K
# name: gives every class of a multi-class task a probability of its own: exactly one is true, so they must sum to 1
def _sig(Z):
    e = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1 / (1 + e), e / (1 + e))


def _soft(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def output_activation(Z: np.ndarray, task: str) -> np.ndarray:
    if task == "regression":
        return Z
    return _sig(Z)
# %% single: binary answers yes or no instead of the probability
# name: decides in the binary task: a probability was asked for, and a step cannot be trained
def _sig(Z):
    e = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1 / (1 + e), e / (1 + e))


def _soft(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def output_activation(Z: np.ndarray, task: str) -> np.ndarray:
    match task:
        case "regression":
            return Z
        case "binary":
            return (_sig(Z) > 0.5).astype(float)
        case "multi-class":
            return _soft(Z)
        case "multi-label":
            return _sig(Z)
# %% pair: multi-class and multi-label swapped, and tanh for a regression
def _sig(Z):
    e = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1 / (1 + e), e / (1 + e))


def _soft(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def output_activation(Z: np.ndarray, task: str) -> np.ndarray:
    table = {"regression": np.tanh, "binary": _sig, "multi-class": _sig, "multi-label": _soft}
    return table[task](Z)
# %% right: a dictionary of functions
def _sig(Z):
    e = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1 / (1 + e), e / (1 + e))


def _soft(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def output_activation(Z: np.ndarray, task: str) -> np.ndarray:
    choose = {"regression": lambda z: z, "binary": _sig, "multi-class": _soft, "multi-label": _sig}
    return choose[task](np.asarray(Z, dtype=float))
