# %% single: correction without the power
# name: divides by 1 - beta in every step, as the notes print it: it is 1 - beta to the power t
import numpy as np
def adam_step(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient ** 2
    return theta - lr * (m / (1 - beta1)) / (np.sqrt(v / (1 - beta2)) + eps), m, v
# %% single: gives back the corrected averages
# name: hands the corrected averages back, so that they are corrected again in the next step: keep m and v raw
import numpy as np
def adam_step(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient ** 2
    m = m / (1 - beta1 ** t)
    v = v / (1 - beta2 ** t)
    theta = theta - lr * m / (np.sqrt(v) + eps)
    return theta, m, v
# %% single: no correction
# name: leaves out the bias correction: both averages start at zero and are too small at first
import numpy as np
def adam_step(theta: np.ndarray, m: np.ndarray, v: np.ndarray, gradient: np.ndarray, t: int, lr: float, beta1: float,
              beta2: float, eps: float):
    new_m = beta1 * m + (1 - beta1) * gradient
    new_v = beta2 * v + (1 - beta2) * gradient * gradient
    return theta - lr * new_m / (np.sqrt(new_v) + eps), new_m, new_v
# %% single: epsilon added before the root
# name: puts epsilon inside the root: with tiny gradients that makes a large difference; PyTorch adds it to the root
import numpy as np
def adam_step(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient ** 2
    mh, vh = m / (1 - beta1 ** t), v / (1 - beta2 ** t)
    return theta - lr * mh / np.sqrt(vh + eps), m, v
# %% pair: no root, and m without 1 - beta1
# name: none
import numpy as np
def adam_step(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = beta1 * m + gradient
    v = beta2 * v + (1 - beta2) * gradient ** 2
    mh, vh = m / (1 - beta1 ** t), v / (1 - beta2 ** t)
    return theta - lr * mh / (vh + eps), m, v
# %% unknown: epsilon added to the uncorrected root (correction moved into the rate)
# name: adds epsilon to the root before it is corrected, which makes epsilon too large in the first steps
import numpy as np
def adam_step(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient ** 2
    rate = lr * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)
    return theta - rate * m / (np.sqrt(v) + eps), m, v
# %% right: correction in the rate, epsilon scaled with it
import numpy as np
def adam_step(theta, m, v, gradient, t, lr, beta1, beta2, eps):
    theta, m, v, g = (np.array(a, dtype=np.float64) for a in (theta, m, v, gradient))
    m += (1 - beta1) * (g - m)
    v += (1 - beta2) * (np.square(g) - v)
    share1, root2 = 1 - beta1**t, np.sqrt(1 - beta2**t)
    theta -= (lr * root2 / share1) * m / (np.sqrt(v) + eps * root2)
    return theta, m, v
