# %% single: order still not used
# name: still visits the points as they come: the order that it is given says which is next
import numpy as np
def sgd_epoch(x, y, slope, intercept, lr, order):
    for i in range(len(order)):
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept
# %% single: residual still from the first line
# name: still takes the residuals of the line that the epoch began with: each point must see what the points before it have changed
def sgd_epoch(x, y, slope, intercept, lr, order):
    first_slope, first_intercept = slope, intercept
    for i in order:
        residual = y[i] - (first_slope * x[i] + first_intercept)
        slope = slope + 2 * lr * residual * x[i]
        intercept = intercept + 2 * lr * residual
    return slope, intercept
# %% single: residual still computed again with the new slope
# name: still computes the residual again after the slope has moved: both parts of a step belong to the same line
import numpy as np
def sgd_epoch(x: np.ndarray, y: np.ndarray, slope: float, intercept: float, lr: float, order: np.ndarray):
    for i in order:
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        residual = y[i] - (slope * x[i] + intercept)
        intercept = intercept + 2 * lr * residual
    return slope, intercept
# %% single: lost the 2 while repairing
# name: loses the 2: the derivative of a squared residual is twice the residual times the inner derivative
def sgd_epoch(x, y, slope, intercept, lr, order):
    for i in order:
        r = y[i] - (slope * x[i] + intercept)
        slope, intercept = slope + lr * r * x[i], intercept + lr * r
    return slope, intercept
# %% pair: order unused and residual recomputed in between
# name: none
def sgd_epoch(x, y, slope, intercept, lr, order):
    for i in range(len(order)):
        residual = y[i] - (slope * x[i] + intercept)
        slope = slope + 2 * lr * residual * x[i]
        residual = y[i] - (slope * x[i] + intercept)
        intercept = intercept + 2 * lr * residual
    return slope, intercept
# %% unknown: turns the sign while repairing
# name: moves uphill: the residual is y minus the line, so its step is added
def sgd_epoch(x, y, slope, intercept, lr, order):
    for i in order:
        residual = (slope * x[i] + intercept) - y[i]
        slope, intercept = slope + 2 * lr * residual * x[i], intercept + 2 * lr * residual
    return slope, intercept
# %% right: vector of both parameters
import numpy as np
def sgd_epoch(x, y, slope, intercept, lr, order):
    theta = np.array([slope, intercept], dtype=float)
    for row, target in zip(np.column_stack([x, np.ones(len(x))])[order], np.asarray(y)[order]):
        theta = theta - lr * 2 * (row @ theta - target) * row
    return float(theta[0]), float(theta[1])
