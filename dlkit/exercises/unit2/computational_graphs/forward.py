"""The exercise graph_forward: run a graph that comes as data."""

from __future__ import annotations

import math

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.computational_graphs.graphs import SOURCE, W4, W4_INPUTS, names_for, run


def graph_forward(steps, inputs):
    return run(steps, inputs)


def graph_forward_by_table(steps, inputs):
    rules = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "sin": np.sin}
    values = {name: inputs[name] for name in inputs}
    for name, operation, sources in steps:
        values[name] = rules[operation](*(values[source] for source in sources))
    return values


def graph_forward_on_demand(steps, inputs):
    how = {name: (operation, sources) for name, operation, sources in steps}

    def value(name):
        if name in inputs:
            return inputs[name]
        operation, sources = how[name]
        numbers = [value(source) for source in sources]
        if operation == "sin":
            return math.sin(numbers[0])
        return {"+": sum(numbers), "-": numbers[0] - numbers[-1], "*": math.prod(numbers)}[operation]

    return {name: value(name) for name in [*inputs, *how]}


# -- mistakes ------------------------------------------------------------------------------------------------------------


def run_with(steps, inputs, minus=lambda a, b: a - b, times=lambda a, b: a * b, plus=lambda a, b: a + b, sine=math.sin):
    values = dict(inputs)
    for name, operation, sources in steps:
        numbers = [values[source] for source in sources]
        if operation == "sin":
            values[name] = sine(numbers[0])
        else:
            values[name] = {"+": plus, "-": minus, "*": times}[operation](numbers[0], numbers[1])
    return values


def only_the_output(steps, inputs):
    return run(steps, inputs)[steps[-1][0]]


def only_the_output_by_name(steps, inputs):
    return {steps[-1][0]: only_the_output(steps, inputs)}


def without_the_inputs(steps, inputs):
    values = run(steps, inputs)
    return {name: values[name] for name, _, _ in steps}


def values_without_names(steps, inputs):
    return list(run(steps, inputs).values())


def difference_turned(steps, inputs):
    return run_with(steps, inputs, minus=lambda a, b: b - a)


def difference_without_sign(steps, inputs):
    return run_with(steps, inputs, minus=lambda a, b: abs(a - b))


def difference_as_sum(steps, inputs):
    return run_with(steps, inputs, minus=lambda a, b: a + b)


def sum_as_product(steps, inputs):
    return run_with(steps, inputs, plus=lambda a, b: a * b, times=lambda a, b: a + b)


def sine_of_degrees(steps, inputs):
    return run_with(steps, inputs, sine=lambda a: math.sin(math.radians(a)))


def cosine(steps, inputs):
    return run_with(steps, inputs, sine=math.cos)


def sine_left_out(steps, inputs):
    return run_with(steps, inputs, sine=lambda a: a)


def looks_at_the_inputs_only(steps, inputs):
    values = dict(inputs)
    for name, operation, sources in steps:
        numbers = [inputs[source] for source in sources]
        values[name] = run([(name, operation, sources)], dict(zip(sources, numbers, strict=True)))[name]
    return values


def unknown_nodes_are_zero(steps, inputs):
    values = dict(inputs)
    for name, operation, sources in steps:
        known = {source: inputs.get(source, 0.0) for source in sources}
        values[name] = run([(name, operation, sources)], known)[name]
    return values


def in_reverse(steps, inputs):
    return run(list(reversed(steps)), inputs)


def writes_into_the_inputs(steps, inputs):
    for step in steps:
        inputs[step[0]] = run([step], inputs)[step[0]]
    return inputs


def whole_numbers_stay_whole(steps, inputs):
    kind = type(next(iter(inputs.values())))
    values = dict(inputs)
    for step in steps:
        values[step[0]] = kind(run([step], values)[step[0]])
    return values


def in_an_array_like_the_inputs(steps, inputs):
    names = [*inputs, *(name for name, _, _ in steps)]
    values = np.resize(np.array(list(inputs.values())), len(names))
    for i, step in enumerate(steps, start=len(inputs)):
        values[i] = run([step], dict(zip(names, values.tolist(), strict=True)))[step[0]]
    return dict(zip(names, values, strict=True))


def only_for_the_example(steps, inputs):
    x, y, z = inputs["x"], inputs["y"], inputs["z"]
    return {"x": x, "y": y, "z": z, "q": x + y, "f": (x + y) * z}


def all_but_the_output(steps, inputs):
    return run(steps[:-1], inputs)


def rounded(steps, inputs):
    return {name: round(float(value), 4) for name, value in run(steps, inputs).items()}


# -- cases ---------------------------------------------------------------------------------------------------------------


def _ordinary(rng):
    """All four operations; nodes used several times; one difference is negative, the other one would be positive
    if the first one were."""
    a, b, c, u, v, s, r, y = names_for(rng, 8)
    low, high = float(rng.uniform(0.2, 0.35)), float(rng.uniform(1.6, 2.0))
    steps = [(u, "-", (a, b)), (v, "*", (u, c)), (s, "sin", (v,)), (r, "-", (s, a)), (y, "+", (r, u))]
    return steps, {a: low, b: high, c: float(rng.uniform(0.8, 1.2))}


def _whole_numbers(rng):
    a, b, u, s, v, y = names_for(rng, 6)
    steps = [(u, "+", (a, b)), (s, "sin", (u,)), (v, "*", (s, a)), (y, "+", (v, b))]
    first, second = ((1, 4), (3, 1), (4, 3), (5, 3), (1, 6))[rng.integers(5)]
    return steps, {a: first, b: second}


GRAPH_FORWARD = Exercise(
    key="unit2.graph_forward",
    title="Forward through any graph",
    reference=graph_forward,
    alternatives=(graph_forward_by_table, graph_forward_on_demand),
    examples=(Example(args=(W4, W4_INPUTS), expected={"x": 2.0, "y": 3.0, "z": -4.0, "q": 5.0, "f": -20.0},
                      source=SOURCE),),
    regimes={"ordinary": _ordinary, "whole numbers": Regime(_whole_numbers)},
    parts={"worked example": 0.5, "ordinary": 1.0, "whole numbers": 0.5},
    mistakes=(
        Mistake("returns the output alone: the way back will need the value of every node", only_the_output,
                also=(only_the_output_by_name,)),
        Mistake("leaves the inputs out of the result: they are nodes too", without_the_inputs),
        Mistake("returns the values without their names: a dict from name to value is asked for", values_without_names),
        Mistake("leaves the last step out", all_but_the_output),
        Mistake("takes a difference the wrong way round: the first input minus the second", difference_turned, mark=1.0),
        Mistake("drops the sign of a difference", difference_without_sign, mark=1.0),
        Mistake("adds where it should subtract", difference_as_sum, mark=1.0),
        Mistake("has plus and times the wrong way round", sum_as_product),
        Mistake("takes the sine of degrees: the angle is in radians, as everywhere in calculus", sine_of_degrees, mark=0.5),
        Mistake("computes the cosine: that is the slope of the sine, for the way back", cosine, mark=0.5),
        Mistake("passes a sine on unchanged", sine_left_out, mark=0.5),
        Mistake("asks for a node that is not there: take the steps in the given order, and look for their inputs among all "
                "values so far, computed ones included", looks_at_the_inputs_only, also=(in_reverse,)),
        Mistake("takes 0 for what is no given input: most inputs of a step are results of earlier steps",
                unknown_nodes_are_zero),
        Mistake("writes the results into the dict it was given: start from a copy, dict(inputs)", writes_into_the_inputs),
        Mistake("turns every result into a whole number when the inputs are whole numbers", whole_numbers_stay_whole,
                mark=1.5, also=(in_an_array_like_the_inputs,)),
        Mistake("knows the graph of the example only: read names and operations from `steps`", only_for_the_example,
                mark=0.5),
        Mistake("rounds the results: keep all digits, rounding is for showing", rounded, mark=0.5),
    ),
    hints=("Keep one dict from name to value. What is in it before the first step?",
           "Each step finds its inputs in that dict, whether they were given or computed, and adds its own name to it.",
           "values = dict(inputs); then for name, operation, sources in steps: look the sources up in values, apply the "
           "operation, store the result under name."),
    minutes=5, difficulty=2, rung="implement",
)
