"""The exercise grid_search: every combination, once, and the best of them."""

from __future__ import annotations

from itertools import product

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime

# -- right answers ---------------------------------------------------------------------------------------------------------


def _search(score, grid):
    best, best_score = None, -float("inf")
    for values in product(*grid.values()):
        candidate = dict(zip(grid, values, strict=True))
        value = score(candidate)
        if value > best_score:
            best, best_score = candidate, value
    return best, best_score


def grid_search(score, grid):
    return _search(score, grid)


def search_one_name_at_a_time(score, grid):
    candidates = [{}]
    for name, values in grid.items():
        candidates = [{**candidate, name: value} for candidate in candidates for value in values]
    scores = [score(candidate) for candidate in candidates]
    winner = max(value for value in scores if value == value)
    return candidates[scores.index(winner)], winner


def search_by_counting(score, grid):
    sizes = [len(values) for values in grid.values()]
    found = []
    for number in range(int(np.prod(sizes))):
        places = np.unravel_index(number, sizes)
        candidate = {name: grid[name][int(place)] for name, place in zip(grid, places, strict=True)}
        found.append((candidate, score(candidate)))
    scores = np.array([value for _, value in found])
    return found[int(np.nanargmax(scores))]


# -- mistakes --------------------------------------------------------------------------------------------------------------


def _all(grid):
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def search_smallest(score, grid):
    best, best_score = None, float("inf")
    for candidate in _all(grid):
        value = score(candidate)
        if value < best_score:
            best, best_score = candidate, value
    return best, best_score


def search_from_zero(score, grid):
    best, best_score = None, 0
    for candidate in _all(grid):
        value = score(candidate)
        if value > best_score:
            best, best_score = candidate, value
    return best, best_score


def search_from_zero_and_nothing(score, grid):
    best, best_score = {}, 0.0
    for candidate in _all(grid):
        value = score(candidate)
        if value > best_score:
            best, best_score = candidate, value
    return best, best_score


def search_zipped(score, grid):
    best, best_score = None, -float("inf")
    for values in zip(*grid.values(), strict=False):
        candidate = dict(zip(grid, values, strict=True))
        value = score(candidate)
        if value > best_score:
            best, best_score = candidate, value
    return best, best_score


def search_by_coordinates(score, grid):
    best = {name: values[0] for name, values in grid.items()}
    best_score = score(dict(best))
    for name, values in grid.items():
        for choice in values[1:]:
            value = score({**best, name: choice})
            if value > best_score:
                best, best_score = {**best, name: choice}, value
    return best, best_score


def search_by_coordinates_again(score, grid):
    best, best_score = {name: values[0] for name, values in grid.items()}, -float("inf")
    for name, values in grid.items():
        for choice in values:
            value = score({**best, name: choice})
            if value > best_score:
                best, best_score = {**best, name: choice}, value
    return best, best_score


def search_last_of_ties(score, grid):
    best, best_score = None, -float("inf")
    for candidate in _all(grid):
        value = score(candidate)
        if value >= best_score:
            best, best_score = candidate, value
    return best, best_score


def search_first_name_fastest(score, grid):
    turned = dict(reversed(grid.items()))
    best, best_score = _search(score, turned)
    return {name: best[name] for name in grid}, best_score


def search_by_max(score, grid):
    found = [(candidate, score(candidate)) for candidate in _all(grid)]
    return max(found, key=lambda pair: pair[1])


def search_by_argmax(score, grid):
    found = [(candidate, score(candidate)) for candidate in _all(grid)]
    return found[int(np.argmax([value for _, value in found]))]


def search_first_as_best(score, grid):
    best, best_score = None, None
    for candidate in _all(grid):
        value = score(candidate)
        if best_score is None or value > best_score:
            best, best_score = candidate, value
    return best, best_score


def search_one_dict(score, grid):
    best, best_score, candidate = None, -float("inf"), {}
    for values in product(*grid.values()):
        for name, choice in zip(grid, values, strict=True):
            candidate[name] = choice
        value = score(candidate)
        if value > best_score:
            best, best_score = candidate, value
    return best, best_score


def search_twice(score, grid):
    found = [(candidate, score(candidate)) for candidate in _all(grid)]
    best = max((pair for pair in found if pair[1] == pair[1]), key=lambda pair: pair[1])[0]
    return best, score(best)


def search_without_last_values(score, grid):
    return _search(score, {name: values[:-1] if len(values) > 1 else values for name, values in grid.items()})


def search_three_names(score, grid):
    first, second, third = grid
    best, best_score = None, -float("inf")
    for a in grid[first]:
        for b in grid[second]:
            for c in grid[third]:
                value = score({first: a, second: b, third: c})
                if value > best_score:
                    best, best_score = {first: a, second: b, third: c}, value
    return best, best_score


def search_last_score(score, grid):
    best, best_score, value = None, -float("inf"), None
    for candidate in _all(grid):
        value = score(candidate)
        if value > best_score:
            best, best_score = candidate, value
    return best, value


def search_only_candidate(score, grid):
    return _search(score, grid)[0]


def search_score_first(score, grid):
    best, best_score = _search(score, grid)
    return best_score, best


def search_values(score, grid):
    best, best_score = _search(score, grid)
    return tuple(best.values()), best_score


def search_size(score, grid):
    best, best_score = _search(score, grid)
    return best, -best_score


# -- grids with a score for each combination -------------------------------------------------------------------------------


def probe(answer, grid, scores):
    """One search: what it found, and how often it has asked for the score."""
    names, asked = list(grid), []

    def score(candidate):
        if not isinstance(candidate, dict) or sorted(candidate) != sorted(names):
            raise ValueError(f"score takes one dict with the keys {', '.join(names)}")
        asked.append(tuple(grid[name].index(candidate[name]) for name in names))
        return float(scores[asked[-1]])

    best, best_score = answer(score, grid)
    return {"best": best, "score": best_score, "runs": len(asked), "every combination": len(set(asked)) == scores.size}


def _distinct(rng, grid, low=0.5, high=0.97):
    """Different scores; the best is reached neither by zip nor coordinate by coordinate, nor first or last of a list."""
    sizes = tuple(len(values) for values in grid.values())
    while True:
        scores = np.round(rng.permutation(np.linspace(low, high, int(np.prod(sizes)))), 6).reshape(sizes)
        best = np.unravel_index(int(scores.argmax()), sizes)
        worst = int(scores.argmin())
        places, at = [0] * len(sizes), 0.0
        for axis, size in enumerate(sizes):
            line = [scores[tuple([*places[:axis], place, *places[axis + 1:]])] for place in range(size)]
            places[axis] = int(np.argmax(line))
            at = max(line)
        last = any(place == size - 1 for place, size in zip(best, sizes, strict=True) if size > 1)
        if (last and at < scores.max() and len(set(best)) > 1 and 0 < worst < scores.size - 1
                and scores.flat[0] != scores.max() and scores.flat[-1] != scores.max()):
            return scores


def _other_grids(rng):
    grid = {"units": [8, 16], "rate": [0.1, 0.01, 0.001], "optimizer": ["sgd", "adam"], "layers": [1, 2]}
    return grid, _distinct(rng, grid)


def _three(rng):
    return {"rate": rng.permutation([1.0, 0.1, 0.01]).tolist(), "units": [8, 16, 32], "activation": ["tanh", "relu"]}


def _negative(rng):
    grid = _three(rng)
    return grid, _distinct(rng, grid, -4.0, -0.1)


def _ties(rng):
    """Three combinations share the best score: which is the first depends on which name changes fastest."""
    grid = _three(rng)
    scores = _distinct(rng, grid, 0.5, 0.8)
    scores[scores == scores.max()] = 0.7
    scores[0, 2, 1] = scores[1, 0, 0] = scores[2, 1, 1] = 0.9
    return grid, scores


def _diverged(rng):
    grid = _three(rng)
    scores = _distinct(rng, grid)
    others = np.flatnonzero(scores.ravel() < np.sort(scores.ravel())[-4])[1:]
    scores.flat[0] = np.nan
    scores.flat[rng.choice(others)] = np.nan
    return grid, scores


_W29 = {"batch_size": [20, 30], "epochs": [50, 100], "optimizer": ["adam", "sgd"]}
_W29_SCORES = np.array([[[0.81, 0.78], [0.79, 0.85]], [[0.80, 0.77], [0.86, 0.82]]])

GRID_SEARCH = Exercise(
    key="unit2.grid_search",
    title="Search a grid",
    reference=grid_search,
    alternatives=(search_one_name_at_a_time, search_by_counting),
    probe=probe,
    examples=(Example(args=(_W29, _W29_SCORES), expected={"best": {"batch_size": 30, "epochs": 100, "optimizer": "adam"},
                                                          "score": 0.86, "runs": 8, "every combination": True},
                      source="lecture notes, unit 2"),),
    regimes={"four names": Regime(_other_grids, cases=1), "negative scores": Regime(_negative, cases=1),
             "ties": Regime(_ties, cases=1), "diverged runs": Regime(_diverged, cases=1)},
    parts={"worked example": 0.5, "four names": 0.5, "negative scores": 0.25, "ties": 0.25, "diverged runs": 0.5},
    mistakes=(
        Mistake("keeps the lowest score: here more is better", search_smallest),
        Mistake("starts the comparison at 0, so negative scores (minus a loss) never win: start at -inf", search_from_zero,
                mark=1.75, also=(search_from_zero_and_nothing,)),
        Mistake("walks through the lists side by side (zip): a grid is every combination (itertools.product)", search_zipped),
        Mistake("tunes one hyperparameter after the other: the best combination may lie off that path", search_by_coordinates,
                also=(search_by_coordinates_again,)),
        Mistake("lets the last one of a tie win: compare with >, not with >=", search_last_of_ties, mark=1.75),
        Mistake("lets the first name change fastest, so that another one of a tie comes first", search_first_name_fastest,
                mark=1.75),
        Mistake("lets a score that is NaN win: no comparison with NaN is true, so a NaN that leads is never beaten "
                "(start at -inf)", search_by_max, mark=1.5, also=(search_by_argmax, search_first_as_best)),
        Mistake("changes one dict all the time: best is the same dict, and ends as the last combination", search_one_dict),
        Mistake("trains the winner once more to learn its score: keep the score when you get it", search_twice),
        Mistake("never tries the last value of a list", search_without_last_values),
        Mistake("is written for three hyperparameters: the grid may have any number", search_three_names, mark=1.5),
        Mistake("returns the score of the last combination with the best combination", search_last_score),
        Mistake("returns the best combination alone: its score is asked for, too", search_only_candidate),
        Mistake("returns the score first: best combination, then score", search_score_first),
        Mistake("returns the values of the best combination without their names", search_values),
        Mistake("turns the sign of the score that it returns", search_size),
    ),
    hints=("With two names you would write two loops. What replaces loops when the number of names is not known?",
           "itertools.product(*grid.values()) gives the values of each combination; dict(zip(grid, values)) names them.",
           "Start with best_score = -inf and compare with >: then the first one of a tie stays, and NaN never gets in."),
    minutes=8, difficulty=2, rung="compose",
)
