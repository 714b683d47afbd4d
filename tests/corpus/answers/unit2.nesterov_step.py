# %% single: the gradient at theta (ordinary momentum)
# name: takes the gradient at theta, which is plain momentum: take it at the point ahead, theta - beta v
def nesterov_step(theta, v, gradient, lr, beta):
    v = beta * v + lr * gradient(theta)
    return theta - v, v
# %% single: the step starts from the point ahead
# name: starts the step from the point ahead, so that beta v is walked twice: the gradient comes from there, the step starts at theta
def nesterov_step(theta, v, gradient, lr, beta):
    ahead = theta - beta * v
    v = beta * v + lr * gradient(ahead)
    return ahead - v, v
# %% single: looks behind (plus)
# name: looks back instead of ahead: the step subtracts v, so the point ahead is theta - beta v
import numpy as np
def nesterov_step(theta: np.ndarray, v: np.ndarray, gradient, lr: float, beta: float):
    look = theta + beta * v
    new_v = beta * v + lr * gradient(look)
    return theta - new_v, new_v
# %% single: looks ahead by the whole velocity
# name: looks ahead by the whole velocity: only the share beta of it survives until the step, so theta - beta v
def nesterov_step(theta, v, gradient, lr, beta):
    new_v = beta * v + lr * gradient(theta - v)
    return theta - new_v, new_v
# %% pair: averaged scale, and the gradient at theta
# name: none
def nesterov_step(theta, v, gradient, lr, beta):
    v = beta * v + (1 - beta) * gradient(theta)
    return theta - lr * v, v
# %% unknown: the velocity is in the averaged scale
# name: mixes in the averaged form, (1 - beta) in v and the rate in the step: this form has v = beta v + lr gradient
def nesterov_step(theta, v, gradient, lr, beta):
    ahead = theta - lr * beta * v
    v = beta * v + (1 - beta) * gradient(ahead)
    return theta - lr * v, v
# %% right: from the point ahead, one gradient step on
import numpy as np
def nesterov_step(theta, v, gradient, lr, beta):
    theta = np.array(theta, dtype=float)
    carried = np.multiply(beta, v)
    ahead = theta - carried
    landed = ahead - lr * np.asarray(gradient(ahead.copy()))
    return landed, theta - landed
