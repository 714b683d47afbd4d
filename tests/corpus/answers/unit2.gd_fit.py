# %% single: stops when one of the two parts is small
# name: stops as soon as one of the two steps is tiny: both have to be
import numpy as np
def gd_fit(x, y, lr, tolerance, max_steps):
    m, c = 1.0, 0.0
    for step in range(1, max_steps + 1):
        r = y - (m * x + c)
        dm, dc = lr * -2 * np.sum(r * x), lr * -2 * np.sum(r)
        m, c = m - dm, c - dc
        if abs(dm) < tolerance or abs(dc) < tolerance:
            return m, c, step
    return m, c, max_steps
# %% single: the last small step is not made and not counted
# name: looks before it steps, so the last, tiny step is not made: it is made and counted
import numpy as np
def gd_fit(x, y, lr, tolerance, max_steps):
    m, c, steps = 1.0, 0.0, 0
    while steps < max_steps:
        r = y - m * x - c
        dm, dc = 2 * lr * np.sum(r * x), 2 * lr * np.sum(r)
        if abs(dm) < tolerance and abs(dc) < tolerance:
            break
        m += dm
        c += dc
        steps += 1
    return m, c, steps
# %% single: looks at the length of the step
# name: compares the length of the step with the tolerance: the rule here looks at each of its two parts
import numpy as np
def gd_fit(x: np.ndarray, y: np.ndarray, lr: float, tolerance: float, max_steps: int) -> tuple[float, float, int]:
    line = np.array([1.0, 0.0])
    for n in range(max_steps):
        r = y - (line[0] * x + line[1])
        step = 2 * lr * np.array([np.sum(r * x), np.sum(r)])
        line = line + step
        if np.linalg.norm(step) < tolerance:
            return float(line[0]), float(line[1]), n + 1
    return float(line[0]), float(line[1]), max_steps
# %% single: compares the derivatives, not the steps, with the tolerance
# name: compares the gradient with the tolerance: a step is the learning rate times the gradient
import numpy as np
def gd_fit(x, y, lr, tolerance, max_steps):
    m, c = 1.0, 0.0
    steps = 0
    for _ in range(max_steps):
        r = y - (m * x + c)
        gm, gc = -2 * np.sum(r * x), -2 * np.sum(r)
        m = m - lr * gm
        c = c - lr * gc
        steps += 1
        if abs(gm) < tolerance and abs(gc) < tolerance:
            break
    return m, c, steps
# %% single: the intercept's derivative is taken at the new slope
# name: takes the new slope for the residuals of the intercept: both derivatives belong to the same, old line
import numpy as np
def gd_fit(x, y, lr, tolerance, max_steps):
    m, c = 1.0, 0.0
    for k in range(max_steps):
        dm = 2 * lr * np.sum((y - m * x - c) * x)
        m = m + dm
        dc = 2 * lr * np.sum(y - m * x - c)
        c = c + dc
        if max(abs(dm), abs(dc)) < tolerance:
            return m, c, k + 1
    return m, c, max_steps
# %% pair: starts at 0, 0 and forgets the absolute value
# name: none
import numpy as np
def gd_fit(x, y, lr, tolerance, max_steps):
    m, c = 0.0, 0.0
    for k in range(1, max_steps + 1):
        r = y - (m * x + c)
        dm, dc = 2 * lr * np.sum(r * x), 2 * lr * np.sum(r)
        m, c = m + dm, c + dc
        if dm < tolerance and dc < tolerance:
            break
    return m, c, k
# %% right: matrices, and max of the sizes
import numpy as np
def gd_fit(x, y, lr, tolerance, max_steps):
    A = np.stack([np.asarray(x, dtype=float), np.ones(len(x))])
    theta, steps, going = np.array([1.0, 0.0]), 0, True
    while going and steps < max_steps:
        delta = -lr * 2 * (A @ (theta @ A - y))
        theta = theta + delta
        steps += 1
        going = not np.abs(delta).max() < tolerance
    return float(theta[0]), float(theta[1]), steps
