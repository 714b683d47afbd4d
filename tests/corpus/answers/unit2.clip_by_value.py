# %% single: cuts at the top only
# name: cuts from above only: a large negative entry is just as far too large
def clip_by_value(gradient, limit):
    return np.minimum(gradient, limit)
# %% single: clips in the caller's array
# name: overwrites the caller's gradient: give a new array back
def clip_by_value(gradient, limit):
    np.clip(gradient, -limit, limit, out=gradient)
    return gradient
# %% single: divides everything by the largest, so the direction stays
# name: divides everything until the largest entry fits, which keeps the direction: by value, each entry is cut on its own
def clip_by_value(gradient: np.ndarray, limit: float) -> np.ndarray:
    biggest = np.max(np.abs(gradient))
    if biggest <= limit:
        return gradient.copy()
    return gradient * (limit / biggest)
# %% single: result keeps the whole-number type, so the limit is rounded
# name: writes the limit into an array of whole numbers, where 2.5 becomes 2
def clip_by_value(gradient, limit):
    new = gradient.copy()
    new[new > limit] = limit
    new[new < -limit] = -limit
    return new
# %% pair: entries beyond the limit become 0, infinite ones too, and only positive ones
# name: none
def clip_by_value(gradient, limit):
    return np.where(gradient > limit, 0.0, gradient)
# %% unknown: sign times limit for every entry
# name: pushes small entries up to the limit as well: inside the range nothing changes
def clip_by_value(gradient, limit):
    return limit * np.sign(gradient)
# %% right: number by number
def clip_by_value(gradient: np.ndarray, limit: float) -> np.ndarray:
    numbers = np.asarray(gradient, dtype=float)
    cut = [max(-limit, min(limit, x)) for x in numbers.ravel().tolist()]
    return np.array(cut, dtype=float).reshape(numbers.shape)
