# %% single: no 1 - beta in front of the gradient
# name: adds the whole gradient to the velocity, as PyTorch does: the averaged form gives it the weight 1 - beta
import numpy as np
def momentum_step(theta, v, gradient, lr, beta):
    v = beta * v + gradient
    return theta - lr * v, v
# %% single: steps with the old velocity
# name: steps with the velocity of the step before: update v first, then walk along the new one
def momentum_step(theta, v, gradient, lr, beta):
    new_theta = theta - lr * v
    new_v = beta * v + (1 - beta) * gradient
    return new_theta, new_v
# %% single: changes theta and v in place
# name: writes into the arrays it was given (v *= ...): make new ones
import numpy as np
def momentum_step(theta: np.ndarray, v: np.ndarray, gradient: np.ndarray, lr: float, beta: float):
    if theta.dtype.kind != "f":
        theta, v = theta.astype(float), v.astype(float)
    v *= beta
    v += (1 - beta) * gradient
    theta -= lr * v
    return theta, v
# %% single: beta and 1 - beta exchanged
# name: swaps beta and 1 - beta: the old velocity keeps the large share beta
def momentum_step(theta, v, gradient, lr, beta):
    v_new = (1 - beta) * v + beta * gradient
    return theta - lr * v_new, v_new
# %% pair: classical form, and uphill
# name: none
def momentum_step(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient
    return theta + v, v
# %% unknown: gives back the step instead of the new theta
# name: returns the move lr v in place of the new theta
def momentum_step(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient
    return lr * v, v
# %% right: as a pull of v towards the gradient
import numpy as np
def momentum_step(theta, v, gradient, lr, beta):
    theta, v, g = (np.array(a, dtype=np.float64) for a in (theta, v, gradient))
    v += (1.0 - beta) * (g - v)
    theta -= lr * v
    return theta, v
