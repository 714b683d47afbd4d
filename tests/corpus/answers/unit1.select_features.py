# %% single: worst first
# name: keeps the worst features: argsort counts upwards
def select_features(scores, k):
    return np.argsort(scores, kind="stable")[:k]
# %% single: ties come last first by reversing
# name: turns an upward sort around, which puts the last of equal scores first: sort the negative scores
def select_features(scores, k):
    return np.argsort(scores, kind="stable")[::-1][:k]
# %% single: best k, but sorted by column
# name: has the best features in the wrong order: the best one comes first
def select_features(scores, k):
    best = np.argsort(-scores, kind="stable")[:k]
    return np.sort(best)
# %% pair: returns the scores instead of the places, ascending
def select_features(scores, k):
    return np.sort(scores)[-k:]
# %% right: sorted by key
def select_features(scores: np.ndarray, k: int) -> np.ndarray:
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    return np.array(order[:k])
