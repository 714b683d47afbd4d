# %% single: the last one of a tie wins
# name: lets the last one of a tie win: compare with >, not with >=
import itertools


def grid_search(score, grid):
    best, best_score = None, -np.inf
    for values in itertools.product(*grid.values()):
        candidate = dict(zip(grid, values))
        s = score(candidate)
        if s >= best_score:
            best, best_score = candidate, s
    return best, best_score
# %% single: starts with best score 0, so negative scores never win
# name: starts the comparison at 0, so negative scores (minus a loss) never win: start at -inf
import itertools


def grid_search(score, grid: dict) -> tuple[dict, float]:
    best, top = {}, 0.0
    for values in itertools.product(*grid.values()):
        c = dict(zip(grid.keys(), values))
        s = score(c)
        if s > top:
            best, top = c, s
    return best, top
# %% single: a NaN at the first place can never be beaten
# name: lets a score that is NaN win: no comparison with NaN is true, so a NaN that leads is never beaten (start at -inf)
import itertools


def grid_search(score, grid):
    candidates = [dict(zip(grid, v)) for v in itertools.product(*grid.values())]
    scores = [score(c) for c in candidates]
    i = 0
    for k in range(1, len(scores)):
        if scores[k] > scores[i]:
            i = k
    return candidates[i], scores[i]
# %% single: trains the winner a second time to report its score
# name: trains the winner once more to learn its score: keep the score when you get it
from itertools import product


def grid_search(score, grid):
    best, best_score = None, -float("inf")
    for values in product(*grid.values()):
        c = dict(zip(grid, values))
        if (s := score(c)) > best_score:
            best, best_score = c, s
    return best, score(best)
# %% pair: looks for the smallest score, and the first name changes fastest
# name: keeps the lowest score: here more is better
from itertools import product


def grid_search(score, grid):
    names = list(grid)[::-1]
    best, best_score = None, np.inf
    for values in product(*[grid[n] for n in names]):
        c = dict(zip(names, values))
        s = score(c)
        if s < best_score:
            best, best_score = c, s
    return best, best_score
# %% unknown: tunes one name after the other instead of all combinations
# name: tunes one hyperparameter after the other: the best combination may lie off that path
def grid_search(score, grid):
    best = {name: values[0] for name, values in grid.items()}
    best_score = -np.inf
    for name, values in grid.items():
        for v in values:
            c = {**best, name: v}
            s = score(c)
            if s > best_score:
                best, best_score = c, s
    return best, best_score
# %% right: recursion
def grid_search(score, grid: dict) -> tuple[dict, float]:
    names = list(grid)

    def combinations(k):
        if k == len(names):
            yield {}
            return
        for value in grid[names[k]]:
            for rest in combinations(k + 1):
                yield {names[k]: value, **rest}

    winner, record = None, float("-inf")
    for candidate in combinations(0):
        result = score(dict(candidate))
        if not np.isnan(result) and (winner is None or result > record):
            winner, record = candidate, result
    return winner, record
# %% right: counts through the grid with unravel_index and nanargmax
def grid_search(score, grid: dict) -> tuple[dict, float]:
    names, lists = list(grid.keys()), [list(v) for v in grid.values()]
    shape = [len(v) for v in lists]
    tried = []
    for number in range(int(np.prod(shape))):
        places = np.unravel_index(number, shape)
        tried.append({n: v[p] for n, v, p in zip(names, lists, places)})
    scores = np.array([float(score({**c})) for c in tried])
    i = int(np.nanargmax(scores))
    return tried[i], float(scores[i])
