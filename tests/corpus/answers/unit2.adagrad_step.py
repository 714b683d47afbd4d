# %% single: epsilon inside the root
# name: puts epsilon inside the root: with tiny gradients that makes a large difference; PyTorch adds it to the root
import numpy as np
def adagrad_step(theta, G, gradient, lr, eps):
    G = G + gradient ** 2
    return theta - lr * gradient / np.sqrt(G + eps), G
# %% single: divides by the sum before this gradient
# name: divides by the sum of the earlier gradients: the square of the new one has to be in it already
import numpy as np
def adagrad_step(theta, G, gradient, lr, eps):
    new_theta = theta - lr / (np.sqrt(G) + eps) * gradient
    return new_theta, G + gradient ** 2
# %% single: no root
# name: divides by the sum itself: take its root
import numpy as np
def adagrad_step(theta: np.ndarray, G: np.ndarray, gradient: np.ndarray, lr: float, eps: float):
    total = G + gradient * gradient
    return theta - lr / (total + eps) * gradient, total
# %% single: changes G in place
# name: writes into the arrays it was given (G += ...): make new ones
import numpy as np
def adagrad_step(theta, G, gradient, lr, eps):
    G += gradient ** 2
    theta = theta - lr * gradient / (np.sqrt(G) + eps)
    return theta, G
# %% pair: sum of sizes instead of squares, and one sum for all parameters
# name: none
import numpy as np
def adagrad_step(theta, G, gradient, lr, eps):
    G = G + np.sum(np.abs(gradient))
    return theta - lr * gradient / (np.sqrt(G) + eps), G
# %% unknown: forgets the past, G is only the newest square
# name: forgets all earlier gradients: G grows by the new square
import numpy as np
def adagrad_step(theta, G, gradient, lr, eps):
    G = gradient ** 2
    return theta - lr * gradient / (np.sqrt(G) + eps), G
# %% right: hypot with the old root, copies
import numpy as np
def adagrad_step(theta, G, gradient, lr, eps):
    g = np.array(gradient, dtype=float)
    root = np.hypot(np.sqrt(np.asarray(G, dtype=float)), g)
    return np.array(theta, dtype=float) - (lr * g) / (root + eps), np.array(G, dtype=float) + np.square(g)
