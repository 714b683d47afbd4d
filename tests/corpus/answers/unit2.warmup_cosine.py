# %% single: the climb begins at 0
# name: begins the climb at 0, so that a whole epoch learns nothing: its first rate is lr / warmup
import numpy as np
def warmup_cosine(lr, warmup, epochs):
    climb = [lr * t / warmup for t in range(warmup)]
    R = epochs - warmup
    return np.array(climb + [lr * (1 + np.cos(np.pi * e / R)) / 2 for e in range(R)])
# %% single: the cosine counts all epochs
# name: lets the cosine run from epoch 0: its clock starts when the warm-up is over
import numpy as np
def warmup_cosine(lr, warmup, epochs):
    rates = np.zeros(epochs)
    for t in range(epochs):
        if t < warmup:
            rates[t] = lr * (t + 1) / warmup
        else:
            rates[t] = lr * (1 + np.cos(np.pi * t / epochs)) / 2
    return rates
# %% single: the cosine arrives at 0 in the last epoch (R - 1)
# name: lets the last epoch have rate 0, so that it learns nothing: the cosine would arrive there one epoch later
import numpy as np
def warmup_cosine(lr: float, warmup: int, epochs: int) -> np.ndarray:
    up = lr * np.arange(1, warmup + 1) / max(warmup, 1)
    R = epochs - warmup
    down = lr * (1 + np.cos(np.pi * np.arange(R) / max(R - 1, 1))) / 2
    return np.concatenate([up, down])
# %% single: the remaining epochs counted from 1
# name: counts the epochs of the cosine from 1: its first one, e = 0, has the full rate
import numpy as np
def warmup_cosine(lr, warmup, epochs):
    R = epochs - warmup
    up = [lr * (k + 1) / warmup for k in range(warmup)]
    down = [lr * (1 + np.cos(np.pi * (e + 1) / R)) / 2 for e in range(R)]
    return np.array(up + down)
# %% pair: no warm-up of 0 possible (linspace from 0) and the half is missing in the cosine
# name: none
import numpy as np
def warmup_cosine(lr, warmup, epochs):
    step = lr / warmup
    R = epochs - warmup
    return np.append(np.arange(warmup) * step, lr * (1 + np.cos(np.pi * np.arange(R) / R)))
# %% right: squared cosine of half the angle
import numpy as np
def warmup_cosine(lr, warmup, epochs):
    rates = []
    remaining = epochs - warmup
    for epoch in range(epochs):
        if epoch < warmup:
            rates.append(lr * ((epoch + 1) / warmup))
        else:
            rates.append(lr * np.cos(0.5 * np.pi * (epoch - warmup) / remaining) ** 2)
    return np.array(rates, dtype=float)
# %% right: linspace for both
import numpy as np
def warmup_cosine(lr, warmup, epochs):
    angle = np.linspace(0, np.pi, epochs - warmup, endpoint=False)
    return np.r_[np.linspace(0.0, lr, warmup + 1)[1:], lr * (1 + np.cos(angle)) / 2]
