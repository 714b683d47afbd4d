"""The exercise graph_backward: the gradient of the last step with respect to every node."""

from __future__ import annotations

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.computational_graphs.backward_mistakes import (
    adds_upstream,
    all_start_with_one,
    averages_the_ways,
    cosine_of_the_result,
    divides_by_the_factor,
    every_end_starts_with_one,
    first_way_only,
    from_first_to_last,
    inputs_alone,
    leaves_out_what_does_not_matter,
    level_by_level,
    minus_cosine,
    minus_forgotten,
    minus_in_front,
    multiplies_the_ways,
    nothing_from_upstream,
    on_arrival,
    overwrites,
    product_swapped,
    same_input_once,
    sine_for_cosine,
    sine_passed_through,
    starts_with_the_value,
    starts_with_zero,
    sum_hands_back_values,
    sum_shared_out,
)
from dlkit.exercises.unit2.computational_graphs.graphs import (
    SOURCE,
    W4,
    W4_INPUTS,
    names_for,
    number,
    run,
    run_back,
    slopes,
)


def graph_backward(steps, values):
    return run_back(steps, values)


def graph_backward_by_users(steps, values):
    """Each node asks those who use it."""
    gradients = {steps[-1][0]: 1.0}
    for node in [name for name, _, _ in reversed(steps)] + [name for name in values]:
        if node in gradients:
            continue
        total = 0.0
        for user, operation, sources in steps:
            if node in sources:
                local = slopes(operation, [values[s] for s in sources])
                total += sum(gradients[user] * slope for s, slope in zip(sources, local, strict=True) if s == node)
        gradients[node] = total
    return gradients


def graph_backward_forwards(steps, values):
    """Carry the derivatives of every node along in the forward direction, then read the last one off."""
    names = list(values)

    def derivative_of_output(seed):
        # The slope of the output when `seed` moves by itself, whatever made it.
        moves = {name: 1.0 if name == seed else 0.0 for name in names}
        for name, operation, sources in steps:
            if name != seed:
                local = slopes(operation, [values[s] for s in sources])
                moves[name] = sum(slope * moves[s] for s, slope in zip(sources, local, strict=True))
        return moves[steps[-1][0]]

    return {name: derivative_of_output(name) for name in names}


# -- cases ---------------------------------------------------------------------------------------------------------------


def _case(steps, inputs):
    return steps, run(steps, inputs)


def _ordinary(rng):
    """Every node is used once, so there is one way from each node to the output."""
    a, b, c, d, e, u, v, s, w, y = names_for(rng, 10)
    steps = [(u, "-", (b, c)), (v, "*", (u, a)), (s, "sin", (v,)), (w, "+", (d, e)), (y, "*", (s, w))]
    low, high = float(rng.uniform(0.3, 0.5)), float(rng.uniform(1.3, 1.5))
    return _case(steps, {a: float(rng.uniform(0.6, 0.8)), b: high, c: low, d: float(rng.uniform(1.6, 2.4)),
                         e: float(rng.uniform(0.6, 0.9))})


def _shared(rng):
    """Inputs and results are used several times; whoever hands a gradient on too early is found out."""
    x, z, u, s, v, w, r, m, y = names_for(rng, 9)
    steps = [(u, "*", (x, z)), (s, "sin", (x,)), (v, "+", (u, s)), (w, "*", (v, x)), (r, "+", (v, w)), (m, "*", (r, z)),
             (y, "+", (m, r))]
    return _case(steps, {x: float(rng.uniform(0.4, 0.8)), z: float(rng.uniform(1.3, 1.7))})


def _same_input_twice(rng):
    x, z, u, v, y = names_for(rng, 5)
    steps = [(u, "+", (x, x)), (v, "*", (u, u)), (y, "+", (v, z))]
    return _case(steps, {x: number(rng), z: number(rng)})


def _dead_end(rng):
    """One step leads nowhere, and two inputs do not matter."""
    x, z, k, n, u, d, y = names_for(rng, 7)
    steps = [(u, "*", (x, z)), (d, "*", (k, n)), (y, "+", (u, k + "0"))]
    return _case(steps, {x: number(rng), z: number(rng), k: number(rng), n: number(rng), k + "0": number(rng)})


def _factor_of_zero(rng):
    x, z, k, u, y = names_for(rng, 5)
    steps = [(u, "*", (x, z)), (y, "+", (u, k))]
    zero, other = rng.permutation([0.0, number(rng, 1.2, 1.8)])
    return _case(steps, {x: float(zero), z: float(other), k: number(rng)})


GRAPH_BACKWARD = Exercise(
    key="unit2.graph_backward",
    title="Backward through any graph",
    reference=graph_backward,
    alternatives=(graph_backward_by_users, graph_backward_forwards),
    examples=(Example(args=_case(W4, W4_INPUTS), expected={"x": -4.0, "y": -4.0, "z": 5.0, "q": -4.0, "f": 1.0},
                      printed={"x": -3.0, "z": 4.0, "q": -3.0}, source=SOURCE,
                      why="the numbers of two different examples are mixed"),),
    regimes={"ordinary": _ordinary, "shared nodes": _shared, "same input twice": Regime(_same_input_twice, cases=1),
             "dead end": Regime(_dead_end, cases=1), "a factor of zero": Regime(_factor_of_zero, cases=2, hidden=True)},
    parts={"worked example": 0.5, "ordinary": 1.0, "shared nodes": 1.0, "edge cases": 0.5},
    mistakes=(
        Mistake("overwrites the gradient of a node that is used twice: what comes back along its arrows adds up, += and not =",
                overwrites, mark=1.5),
        Mistake("keeps only what comes back first to a node that is used twice: all of it adds up", first_way_only, mark=1.5),
        Mistake("multiplies what comes back along different arrows: slopes multiply along one way, different ways add up",
                multiplies_the_ways, mark=1.5),
        Mistake("averages what comes back along different arrows: it adds up", averages_the_ways, mark=1.5),
        Mistake("goes through the steps from first to last: a node must have received everything before it hands on",
                from_first_to_last),
        Mistake("hands on what a node has received so far at every arrival, so early parts are counted again and again: "
                "each node hands on once, when it is complete", on_arrival, mark=1.5),
        Mistake("goes back level by level from the output: a node can be on several levels, and then it hands on before it "
                "is complete (the steps in reverse order are safe)", level_by_level, mark=2.0),
        Mistake("starts with the value of the output: the output moves with itself one to one, so its gradient is 1",
                starts_with_the_value),
        Mistake("leaves the gradient of the output at 0: it is 1, and without it nothing comes back", starts_with_zero),
        Mistake("starts all gradients at 1: only the output moves with itself one to one, the others add up from 0",
                all_start_with_one),
        Mistake("starts every step that nobody uses with 1: only the last one is the output", every_end_starts_with_one,
                mark=2.5),
        Mistake("multiplies by the wrong factor: in a product the slope towards one factor is the other one", product_swapped),
        Mistake("forgets that the second input of a difference counts negatively", minus_forgotten, mark=2.0),
        Mistake("puts the minus sign of a difference on its first input", minus_in_front, mark=2.0),
        Mistake("shares the gradient of a sum out in halves: each input moves the sum one to one, so each gets all of it",
                sum_shared_out),
        Mistake("treats a sum like a product on the way back: the slope towards each input of a sum is 1",
                sum_hands_back_values),
        Mistake("uses sin as the slope of sin: it is cos", sine_for_cosine, mark=1.0),
        Mistake("uses -cos as the slope of sin: that minus sign belongs to the slope of cos", minus_cosine, mark=1.0),
        Mistake("lets the gradient through a sine unchanged: multiply by cos of its input", sine_passed_through, mark=1.0),
        Mistake("takes the cosine of the result of the sine: the slope is cos of its input", cosine_of_the_result, mark=1.0),
        Mistake("uses local gradients alone: each is multiplied by the gradient of the node that it leads to",
                nothing_from_upstream),
        Mistake("adds the gradient from above to the local one: along a way they are multiplied", adds_upstream),
        Mistake("divides the product by the factor to get the other one: that fails when the factor is 0",
                divides_by_the_factor, mark=2.5),
        Mistake("counts an input only once when a step uses it twice, as in x * x", same_input_once, mark=2.5),
        Mistake("leaves out nodes that do not matter for the output: their gradient is 0",
                leaves_out_what_does_not_matter, mark=2.5),
        Mistake("returns the gradients of the inputs alone: every node has one", inputs_alone),
    ),
    hints=("Which gradient do you know without any computing? Which nodes can you do next?",
           "Start all gradients at 0 and the last step's at 1. Take the steps in reverse order. What does each hand to its "
           "inputs?",
           "Every input of a step gets the gradient of the step times a slope, added to what it has: what is the slope of a "
           "sum, a difference, a product and a sine?"),
    minutes=8, difficulty=3, rung="implement",
)
