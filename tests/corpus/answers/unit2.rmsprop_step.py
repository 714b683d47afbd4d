# %% single: epsilon inside the root
# name: puts epsilon inside the root: with tiny gradients that makes a large difference; PyTorch adds it to the root
import numpy as np
def rmsprop_step(theta, E, gradient, lr, beta, eps):
    E = beta * E + (1 - beta) * gradient ** 2
    return theta - lr / np.sqrt(E + eps) * gradient, E
# %% single: the weight 1 - beta is missing
# name: adds the whole square: in an average it has the weight 1 - beta
import numpy as np
def rmsprop_step(theta, E, gradient, lr, beta, eps):
    E = beta * E + gradient ** 2
    return theta - lr * gradient / (np.sqrt(E) + eps), E
# %% single: divides by the average before this gradient
# name: divides by the average of the earlier gradients: the square of the new one has to be in it already
import numpy as np
def rmsprop_step(theta: np.ndarray, E: np.ndarray, gradient: np.ndarray, lr: float, beta: float, eps: float):
    new_E = beta * E + (1 - beta) * gradient ** 2
    return theta - lr * gradient / (np.sqrt(E) + eps), new_E
# %% single: averages the gradient, then squares
# name: averages the gradients and squares afterwards: square first, or gradients of both signs cancel
import numpy as np
def rmsprop_step(theta, E, gradient, lr, beta, eps):
    E = (beta * np.sqrt(E) + (1 - beta) * gradient) ** 2
    return theta - lr * gradient / (np.sqrt(E) + eps), E
# %% pair: betas exchanged and no root
# name: none
import numpy as np
def rmsprop_step(theta, E, gradient, lr, beta, eps):
    E = (1 - beta) * E + beta * gradient ** 2
    return theta - lr * gradient / (E + eps), E
# %% right: in a loop over all numbers
import math
import numpy as np
def rmsprop_step(theta, E, gradient, lr, beta, eps):
    new_theta = np.zeros(np.shape(theta))
    new_E = np.zeros(np.shape(theta))
    for i in np.ndindex(np.shape(theta)):
        g = float(gradient[i])
        new_E[i] = float(E[i]) + (1 - beta) * (g * g - float(E[i]))
        new_theta[i] = float(theta[i]) - lr * g / (math.sqrt(new_E[i]) + eps)
    return new_theta, new_E
