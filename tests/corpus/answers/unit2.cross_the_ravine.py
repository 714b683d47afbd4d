# %% single: plain gradient descent with a rate of 1 / steepest
# name: is plain gradient descent: its rate is bound by the steep side, so it creeps along the valley
import numpy as np
def cross_the_ravine(gradient, start, steepest, budget):
    p = start * 1.0
    for _ in range(budget):
        p = p - gradient(p) / steepest
    return p
# %% single: averaged momentum with the rate of gradient descent, ten times too slow
# name: averages the gradients and keeps the small rate 1 / steepest: the averaged form needs 1 / (1 - beta) times as much
import numpy as np
def cross_the_ravine(gradient, start, steepest, budget):
    theta, v = start.copy().astype(float), np.zeros(start.shape)
    for _ in range(budget):
        v = 0.9 * v + 0.1 * gradient(theta)
        theta = theta - (1 / steepest) * v
    return theta
# %% single: asks twice per step, so the budget is exceeded
# name: asks for the gradient twice in each step: ask once and keep the answer
import numpy as np
def cross_the_ravine(gradient, start, steepest, budget):
    theta, v = np.array(start, dtype=float), np.zeros(start.shape)
    for _ in range(budget):
        if np.linalg.norm(gradient(theta)) < 1e-12:
            break
        v = 0.9 * v + gradient(theta - 0.9 * v) / steepest
        theta = theta - v
    return theta
# %% single: divides by the length of the first gradient, which is 0 at the bottom
# name: divides by the length of the first gradient, which is zero if the start is the bottom
import numpy as np
def cross_the_ravine(gradient, start, steepest, budget):
    x = start.astype(float)
    g = gradient(x)
    scale = np.linalg.norm(g)
    v = np.zeros(x.shape)
    for _ in range(budget - 1):
        v = 0.85 * v + (g / scale) / steepest
        x = x - v * scale
        g = gradient(x)
    return x
# %% single: rate fixed for the ravine of the notebook, steepest not used
# name: has a rate built in, which suits some valleys only: divide by steepest, which is known for each of them
import numpy as np
def cross_the_ravine(gradient, start, steepest, budget):
    theta, v = start * 1.0, np.zeros(start.shape)
    for _ in range(budget):
        v = 0.9 * v + 0.1 * gradient(theta - 0.9 * v)
        theta = theta - v
    return theta
# %% pair: changes start itself, and a rate of 5 / steepest, which explodes
# name: none
import numpy as np
def cross_the_ravine(gradient, start, steepest, budget):
    v = np.zeros(start.shape)
    for _ in range(budget):
        v = 0.9 * v + 5 / steepest * gradient(start)
        start -= v
    return start
# %% unknown: Adam with the usual rate 0.001, which hardly moves
# name: is Adam with its usual rate 0.001: in 100 steps each number moves by 0.1 or so
import numpy as np
def cross_the_ravine(gradient, start, steepest, budget):
    p, m, v = start.astype(float), np.zeros(start.shape), np.zeros(start.shape)
    for t in range(1, budget + 1):
        g = gradient(p)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        p = p - 0.001 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return p
# %% right: heavy ball, rates for curvatures between steepest / 400 and steepest
import numpy as np
def cross_the_ravine(gradient, start, steepest, budget):
    high, low = np.sqrt(steepest), np.sqrt(steepest / 400)
    rate, keep = 4 / (high + low) ** 2, ((high - low) / (high + low)) ** 2
    now = np.array(start, dtype=float)
    before = now.copy()
    for _ in range(budget):
        now, before = now - rate * gradient(now) + keep * (now - before), now
    return now
# %% right: conjugate gradients, curvature from a difference of gradients
import numpy as np
def cross_the_ravine(gradient, start, steepest, budget):
    x, asked = np.array(start, dtype=float), 1
    g = np.asarray(gradient(x.copy()), dtype=float)
    first = np.linalg.norm(g)
    d = -g
    while asked + 2 <= budget and np.linalg.norm(g) > 1e-9 * first and first > 0:
        unit = d / np.linalg.norm(d)
        curvature = unit @ (gradient(x + unit) - g)
        asked += 1
        x = x - (g @ unit) / curvature * unit
        new = np.asarray(gradient(x.copy()), dtype=float)
        asked += 1
        d = -new + (new @ new) / (g @ g) * d
        g = new
    return x
