# %% single: each array by its own norm
# name: clips each array by its own norm: then the step as a whole changes its direction; one factor, from the norm of all arrays together, serves all
def clip_by_global_norm(grads, max_norm):
    total = np.sqrt(sum(np.sum(g.astype(float)**2) for g in grads.values()))
    new = {}
    for name, g in grads.items():
        n = np.linalg.norm(g)
        new[name] = g * (max_norm / n) if n > max_norm else g * 1.0
    return new, float(total)
# %% single: lengthens short gradients as well
# name: stretches short gradients to the limit as well: the factor is at most 1
def clip_by_global_norm(grads, max_norm):
    norm = float(np.sqrt(sum((g * 1.0 * g).sum() for g in grads.values())))
    factor = max_norm / norm if norm > 0 else 1.0
    return {k: g * factor for k, g in grads.items()}, norm
# %% single: adds the norms instead of the squares
# name: adds up the norms of the arrays: add up the squares and take one root
def clip_by_global_norm(grads: dict, max_norm: float) -> tuple[dict, float]:
    norm = sum(float(np.linalg.norm(g)) for g in grads.values())
    factor = 1.0 if norm <= max_norm else max_norm / norm
    return {name: factor * g for name, g in grads.items()}, norm
# %% single: returns the norm after clipping
# name: reports the norm after clipping: the norm before it tells you what happened
def clip_by_global_norm(grads, max_norm):
    flat = np.concatenate([np.ravel(g).astype(float) for g in grads.values()])
    norm = np.linalg.norm(flat)
    if norm > max_norm:
        return {name: g * (max_norm / norm) for name, g in grads.items()}, float(max_norm)
    return {name: g.copy() for name, g in grads.items()}, float(norm)
# %% pair: root forgotten, and all zeros give a division by zero
# name: forgets the root: the sum of the squares is the square of the norm
def clip_by_global_norm(grads, max_norm):
    norm = sum(np.sum(np.square(g, dtype=float)) for g in grads.values())
    factor = np.minimum(1, max_norm / np.float64(norm))
    return {name: g * factor for name, g in grads.items()}, float(norm)
# %% unknown: adds a small number to the norm as PyTorch does, but a thousandth, and returns it so
# name: none
def clip_by_global_norm(grads, max_norm):
    norm = float(np.sqrt(sum(np.sum(np.asarray(g, float)**2) for g in grads.values()))) + 1e-3
    factor = min(1.0, max_norm / norm)
    return {name: g * factor for name, g in grads.items()}, norm
# %% right: hypot in a loop, copies
import math


def clip_by_global_norm(grads: dict, max_norm: float) -> tuple[dict, float]:
    length = 0.0
    for array in grads.values():
        for x in np.asarray(array, dtype=float).flat:
            length = math.hypot(length, x)
    result = {}
    for name in grads:
        copy = np.array(grads[name], dtype=float)
        if length > max_norm:
            copy *= max_norm / length
        result[name] = copy
    return result, length
# %% right: one long vector, divided by max(1, ratio)
def clip_by_global_norm(grads: dict, max_norm: float) -> tuple[dict, float]:
    vector = np.concatenate([np.ravel(g) for g in grads.values()]).astype(np.float64)
    norm = float(np.sqrt(vector @ vector))
    shrink = max(1.0, norm / max_norm)
    return {k: np.true_divide(v, shrink) for k, v in grads.items()}, norm
