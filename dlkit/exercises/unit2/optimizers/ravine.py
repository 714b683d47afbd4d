"""The exercise cross_the_ravine: reach the bottom of a long valley with a limited number of gradients."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Exercise, Mistake, Regime
from dlkit.exercises.unit2.optimizers.ravine_mistakes import (
    adagrad_as_it_comes,
    adam_as_it_comes,
    averaged_with_small_rate,
    direction_only,
    first_length,
    first_length_and_gradient_kept,
    gradient_asked_twice,
    gradient_asked_twice_ahead,
    gradient_of_the_start,
    in_place,
    memory_lost,
    one_gradient_too_many,
    path_returned,
    plain_descent,
    plain_descent_at_the_edge,
    rate_built_in,
    rate_of_a_tenth,
    rate_of_a_tenth_ahead,
    rate_of_one,
    rate_of_the_picture,
    rate_of_the_picture_averaged,
    rate_too_large,
    returned_after_one_step,
    secant_rate,
    twice_the_budget,
    two_numbers_only,
    uphill,
    velocity_returned,
)

BUDGET, GOAL = 100, 1e-3


def cross_the_ravine(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + gradient(x) / steepest
        x = x - v
    return x


def cross_with_nesterov(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.8 * v + gradient(x - 0.8 * v) / steepest
        x = x - v
    return x


def cross_with_averaged_momentum(gradient, start, steepest, budget):
    x, v = np.asarray(start) * 1.0, 0.0
    lr = 1.0 / steepest / (1 - 0.85)
    for _ in range(budget):
        v = 0.85 * v + (1 - 0.85) * gradient(x)
        x = x - lr * v
    return x


def cross_by_conjugate_gradients(gradient, start, steepest, budget):
    x = np.array(start, dtype=float)
    residual = -gradient(x)
    direction = residual
    for _ in range(len(x)):
        if not residual @ residual > 1e-24:
            break
        probe = gradient(x + direction) + residual
        length = (residual @ residual) / (direction @ probe)
        x = x + length * direction
        new = residual - length * probe
        direction = new + (new @ new) / (residual @ residual) * direction
        residual = new
    return x


def walk_in_the_ravine(answer, curvature, bottom, start, steepest, budget):
    """The public script: hands over the gradient of (x - bottom) A (x - bottom) / 2 and counts how often it is asked for."""
    calls = 0

    def gradient(x):
        nonlocal calls
        calls += 1
        return curvature @ (np.asarray(x, dtype=float) - bottom)

    point = answer.cross_the_ravine(gradient, start, steepest, budget)
    return {"point": point, "gradients": calls}


def height(curvature, bottom, x):
    with np.errstate(over="ignore", invalid="ignore"):  # an answer that explodes arrives infinitely high
        return float((x - bottom) @ curvature @ (x - bottom)) / 2


def bottom_is_reached(args, result):
    """What is wrong with the point that was reached, or ``None``: few enough gradients, and below the goal."""
    curvature, bottom, start, _, budget = args
    if not isinstance(result, dict):
        return "there is no point"
    try:
        point = np.asarray(result["point"], dtype=float)
    except (TypeError, ValueError):
        return "the result should be the point that you reached, an array of numbers"
    if point.shape != np.shape(start):
        return f"the result has shape {point.shape}, expected the shape of the start, {np.shape(start)}"
    if not np.isfinite(point).all():
        if height(curvature, bottom, start) == 0:
            return "at the bottom, where the gradient is zero, the result is not finite: is something divided by the gradient?"
        return "the result has entries that are not finite: is something divided by zero, or is the rate too large?"
    if result["gradients"] > budget:
        return f"you asked for {result['gradients']} gradients, the budget is {budget}"
    if height(curvature, bottom, start) == 0:
        return None if np.allclose(point, start, rtol=0, atol=1e-9) else "the start is the bottom already, and you walked away"
    ratio = height(curvature, bottom, point) / height(curvature, bottom, start)
    if not ratio < GOAL:
        return f"you arrived at {ratio:.2g} times the height of the start, the goal is {GOAL:g} times"
    return None


# -- cases ---------------------------------------------------------------------------------------------------------------


def ravine(rng, n, low, high):
    """A turned valley in n dimensions, about 100 times as steep across as along, and a start that sees all of it."""
    turn, _ = np.linalg.qr(rng.normal(size=(n, n)))
    steepest = float(rng.uniform(low, high))
    slopes = steepest / np.geomspace(1.0, rng.uniform(90.0, 110.0), n)
    bottom = rng.uniform(1.0, 2.0, size=n) * rng.choice([-1.0, 1.0], size=n)
    away = rng.uniform(3.0, 4.0, size=n) * rng.choice([-1.0, 1.0], size=n)
    away *= np.where(np.arange(n) == n - 1, 8.0, 1.0)  # far along the valley
    return (turn * slopes) @ turn.T, bottom, bottom + turn @ away, steepest, BUDGET


def steep_ravine(rng):
    return ravine(rng, 5, 50.0, 90.0)


def gentle_ravine(rng):
    return ravine(rng, 2, 0.5, 0.9)


def at_the_bottom(rng):
    """The same, but the start is the bottom."""
    curvature, bottom, _, steepest, budget = ravine(rng, 2, 5.0, 15.0)
    return curvature, bottom, bottom.copy(), steepest, budget


CROSS_THE_RAVINE = Exercise(
    key="unit2.cross_the_ravine",
    title="Cross the ravine within a budget",
    reference=cross_the_ravine,
    alternatives=(cross_with_nesterov, cross_with_averaged_momentum, cross_by_conjugate_gradients),
    probe=walk_in_the_ravine,
    accepts=bottom_is_reached,
    regimes={"steep ravine": Regime(steep_ravine, cases=1, part="ravines"),
             "gentle ravine": Regime(gentle_ravine, cases=1, part="ravines"),
             "start at the bottom": Regime(at_the_bottom, cases=1)},
    parts={"ravines": 1.5, "start at the bottom": 0.5},
    mistakes=(
        Mistake("is plain gradient descent: its rate is bound by the steep side, so it creeps along the valley",
                plain_descent, mark=0.5),
        Mistake("is plain gradient descent with the largest rate that does not explode: along the valley it still creeps",
                plain_descent_at_the_edge, mark=0.5),
        Mistake("has a rate so large that the steep direction explodes: with beta = 0.9 it must stay below "
                "3.8 / steepest", rate_too_large, mark=0.5),
        Mistake("steps by the gradient as it is: divide by the steepest curvature, or the steep direction explodes",
                rate_of_one, mark=0.5),
        Mistake("has a rate built in, which suits some valleys only: divide by steepest, which is known for each of them",
                rate_built_in, mark=0.5, also=(rate_of_the_picture, rate_of_the_picture_averaged, rate_of_a_tenth,
                                               rate_of_a_tenth_ahead)),
        Mistake("has a velocity of two numbers built in: it needs the shape of the start", two_numbers_only, mark=0.5),
        Mistake("averages the gradients and keeps the small rate 1 / steepest: the averaged form needs 1 / (1 - beta) times as "
                "much", averaged_with_small_rate, mark=0.5),
        Mistake("starts with a new velocity in every step: it has to survive the loop", memory_lost, mark=0.5),
        Mistake("takes more steps than the budget has gradients", twice_the_budget),
        Mistake("asks for the gradient twice in each step: ask once and keep the answer", gradient_asked_twice, mark=0.5,
                also=(gradient_asked_twice_ahead,)),
        Mistake("asks for one gradient more than the budget allows", one_gradient_too_many),
        Mistake("uses the gradient at the start in every step: ask for it where you are", gradient_of_the_start, mark=0.5),
        Mistake("is Adam with its usual rate 0.001: in 100 steps each number moves by 0.1 or so", adam_as_it_comes,
                mark=0.5),
        Mistake("is AdaGrad with a small rate: its steps become smaller and smaller, and the valley is long",
                adagrad_as_it_comes, mark=0.5),
        Mistake("walks uphill: subtract the velocity", uphill, mark=0.5),
        Mistake("returns the velocity in place of the point", velocity_returned),
        Mistake("returns all points: only the last one was asked for", path_returned),
        Mistake("returns inside the loop, after the first step", returned_after_one_step, mark=0.5),
        Mistake("steps by a fixed length: close to the bottom it jumps from side to side, and a gradient of zero has no "
                "direction", direction_only),
        Mistake("estimates the curvature by a quotient, which is 0 / 0 where the gradient is zero", secant_rate, mark=1.5),
        Mistake("divides by the length of the first gradient, which is zero if the start is the bottom", first_length,
                mark=1.5, also=(first_length_and_gradient_kept,)),
        Mistake("writes into the start (start -= ...): work on a copy", in_place, mark=0.5),
    ),
    hints=("What does plain gradient descent with the rate 1 / steepest do along the flat direction in 100 steps?",
           "Momentum adds up the small gradients along the valley, and those across it cancel. Take the classical form with "
           "the rate 1 / steepest.",
           "The velocity starts at zero and lives through the whole loop; each turn asks for one gradient, and the budget "
           "counts them. Work on a copy of the start."),
    minutes=8, difficulty=3, rung="compose",
    inapplicable={"too low precision": "a rounded point is still as good as at the bottom"},
)
