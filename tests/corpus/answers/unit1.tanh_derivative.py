# %% single: the quotient as it is printed in the notes
# name: divides by 1 + tanh, as the lecture notes print it: 1 - tanh^2 is the product (1 - tanh)(1 + tanh)
def tanh_derivative(Z: np.ndarray) -> np.ndarray:
    f = np.tanh(Z)
    return (1 - f) / (1 + f)
# %% single: the square is missing
# name: forgets the square of tanh: a slope of tanh is never above 1
def tanh_derivative(Z: np.ndarray) -> np.ndarray:
    return 1 - np.tanh(Z)
# %% single: takes Z for the output of tanh already
# name: squares the input z: the formula 1 - a^2 wants the output a = tanh(z)
def tanh_derivative(Z: np.ndarray) -> np.ndarray:
    return 1.0 - Z ** 2
# %% single: slope of the sigmoid pattern, t (1 - t)
# name: takes over a (1 - a), which is the rule for the sigmoid, with a = tanh
def tanh_derivative(Z: np.ndarray) -> np.ndarray:
    t = np.tanh(Z)
    return t * (1 - t)
# %% single: own exponentials overflow far out and give NaN
# name: gives NaN far from 0, because both exponentials overflow: np.tanh is safe
def tanh_derivative(Z: np.ndarray) -> np.ndarray:
    p, m = np.exp(Z), np.exp(-Z)
    top = (p + m) ** 2 - (p - m) ** 2
    return top / (p + m) ** 2
# %% unknown: one over one plus arctan squared
def tanh_derivative(Z: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.arctan(Z) ** 2)
# %% right: difference of squares as a product
def tanh_derivative(Z: np.ndarray) -> np.ndarray:
    t = np.tanh(np.asarray(Z, dtype=float))
    return (1 - t) * (1 + t)
