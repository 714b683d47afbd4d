# %% single: log base 2 kept
# name: still takes logarithms to base 2
def bce(probability, target):
    with np.errstate(divide="ignore"):
        lp = np.maximum(np.log2(probability), -100)
        lq = np.maximum(np.log2(1 - probability), -100)
    return -np.mean(target * lp + (1 - target) * lq)
# %% single: probabilities clipped at 1e-7 instead of the logarithm at -100
# name: keeps the probability away from 0 and 1: then a certain mistake costs 16 to 37 or so and a certain hit is not free. Put the floor of -100 under the logarithm instead
def bce(probability, target):
    p = np.clip(probability, 1e-7, 1 - 1e-7)
    return float(-np.mean(target * np.log(p) + (1 - target) * np.log(1 - p)))
# %% single: brackets still missing
# name: still lets the outer minus reach only the first term: without brackets a wrong 'no' earns a reward
def bce(probability, target):
    with np.errstate(divide="ignore"):
        a = np.maximum(np.log(probability), -100)
        b = np.maximum(np.log(1 - probability), -100)
    return -np.mean(target * a) + np.mean((1 - target) * b)
# %% pair: no floor at all and the second term lacks (1 - y)
def bce(probability, target):
    return -np.mean(target * np.log(probability) + np.log(1 - probability))
# %% right: picks the probability of the true class
def bce(probability: np.ndarray, target: np.ndarray) -> float:
    total = 0.0
    for p, y in zip(probability, target):
        q = p if y == 1 else 1 - p
        total += -max(np.log(q), -100.0) if q > 0 else 100.0
    return float(total / len(target))
