"""The exercise revealing_graph: a test case, the smallest that finds every one of six broken engines."""

from __future__ import annotations

import math

from dlkit.exercises.model import Example, Exercise, Mistake
from dlkit.exercises.unit2.computational_graphs import backward as broken
from dlkit.exercises.unit2.computational_graphs.graphs import run, run_back

MOST_STEPS = 3
ENGINES = {
    "overwrites": broken.overwrites,
    "local slopes only": broken.nothing_from_upstream,
    "wrong factor": broken.product_swapped,
    "no minus": broken.minus_forgotten,
    "slope of sin is 1": broken.sine_passed_through,
    "first to last": broken.from_first_to_last,
}


def revealing_graph():
    steps = [("p", "*", ("x", "y")), ("d", "-", ("p", "x")), ("f", "sin", ("d",))]
    return steps, {"x": 2.0, "y": 3.0}


def revealing_graph_from_the_sine():
    steps = [("s", "sin", ("x",)), ("d", "-", ("y", "s")), ("f", "*", ("d", "x"))]
    return steps, {"x": 0.7, "y": 2.0}


# -- graphs that miss some engines ---------------------------------------------------------------------------------------


def the_example():
    return [("q", "+", ("x", "y")), ("f", "*", ("q", "z"))], {"x": 2.0, "y": 3.0, "z": -4.0}


def nothing_is_shared():
    return [("p", "*", ("x", "y")), ("d", "-", ("p", "z")), ("f", "sin", ("d",))], {"x": 2.0, "y": 3.0, "z": 1.0}


def the_second_example():
    steps = [("d", "+", ("a", "b")), ("e", "-", ("b", "c")), ("f", "*", ("d", "e"))]
    return steps, {"a": 2.0, "b": 3.0, "c": 1.0}


def the_third_example():
    return [("p", "*", ("x", "y")), ("s", "sin", ("x",)), ("f", "+", ("p", "s"))], {"x": 2.0, "y": 5.0}


def equal_factors():
    return [("p", "*", ("x", "y")), ("d", "-", ("p", "x")), ("f", "sin", ("d",))], {"x": 2.0, "y": 2.0}


def all_zeros():
    return [("p", "*", ("x", "y")), ("d", "-", ("p", "x")), ("f", "sin", ("d",))], {"x": 0.0, "y": 0.0}


def all_ones():
    return [("p", "*", ("x", "y")), ("d", "-", ("p", "x")), ("f", "sin", ("d",))], {"x": 1.0, "y": 1.0}


def sine_of_zero():
    return [("p", "*", ("x", "y")), ("d", "-", ("p", "x")), ("f", "sin", ("d",))], {"x": 2.0, "y": 1.0}


def zero_on_the_way():
    return [("s", "sin", ("x",)), ("d", "-", ("s", "y")), ("f", "*", ("d", "x"))], {"x": 0.0, "y": 2.0}


def four_steps():
    steps = [("p", "*", ("x", "y")), ("d", "-", ("p", "x")), ("s", "sin", ("d",)), ("f", "*", ("s", "y"))]
    return steps, {"x": 2.0, "y": 3.0}


def no_difference():
    return [("p", "*", ("x", "y")), ("d", "+", ("p", "x")), ("f", "sin", ("d",))], {"x": 2.0, "y": 3.0}


def neither_difference_nor_sine():
    return [("q", "+", ("x", "y")), ("f", "*", ("q", "x"))], {"x": 2.0, "y": 3.0}


def no_product():
    return [("d", "-", ("x", "y")), ("s", "sin", ("d",)), ("f", "-", ("s", "x"))], {"x": 2.0, "y": 0.5}


def one_node():
    return [("f", "sin", ("x",))], {"x": 2.0}


def a_square():
    return [("f", "*", ("x", "x"))], {"x": 3.0}


# -- the script by which an answer is judged -----------------------------------------------------------------------------


def probe(answer):
    """Run the right engine and the six broken ones on the graph; say which of them are found out."""
    answered = answer.revealing_graph()
    if not isinstance(answered, list | tuple) or len(answered) != 2 or not isinstance(answered[1], dict):
        raise TypeError("expected two things, a list of steps and a dict of inputs")
    steps, inputs = answered
    known = set(inputs)
    for step in steps:
        name, operation, sources = step
        if operation not in ("+", "-", "*", "sin") or len(sources) != (1 if operation == "sin" else 2):
            raise TypeError(f"step {name!r}: {operation!r} of {len(sources)} inputs is none of the operations")
        if name in known or not known.issuperset(sources):
            raise TypeError(f"step {name!r} uses a node that is not there yet, or its name is taken")
        known.add(name)
    inputs = {name: float(number) for name, number in inputs.items()}
    if not steps or not all(math.isfinite(number) for number in inputs.values()):
        raise TypeError("there must be a step, and the inputs must be finite numbers")
    values = run(steps, inputs)
    right = run_back(steps, values)
    found = {f"at most {MOST_STEPS} steps": len(steps) <= MOST_STEPS}
    for name, engine in ENGINES.items():
        wrong = engine(steps, values)
        found[name] = any(abs(wrong[node] - right[node]) > 1e-6 * (1 + abs(right[node])) for node in values)
    return found


_ANOTHER_POINT = "the same graph at another point finds them too"
_ALL = {f"at most {MOST_STEPS} steps": True} | dict.fromkeys(ENGINES, True)

REVEALING_GRAPH = Exercise(
    key="unit2.revealing_graph",
    title="A test that finds every bug",
    reference=revealing_graph,
    alternatives=(revealing_graph_from_the_sine,),
    probe=probe,
    examples=(Example(args=(), expected=_ALL),),
    parts={"all six found": 1.5},
    mistakes=(
        Mistake("lets the engine that overwrites escape: some node must be used twice, with a slope along both arrows",
                nothing_is_shared),
        Mistake("lets the engine escape that takes 1 for the slope of sin: there must be a sine, and not where its slope is 1",
                the_second_example),
        Mistake("lets the engine escape that takes the wrong factor: there must be a product, and of two different numbers",
                equal_factors, also=(no_product,)),
        Mistake("lets the engine without minus escape: there must be a difference, and its second input must matter",
                no_difference),
        Mistake("lets two engines escape, the one without minus and the one that takes 1 for the slope of sin: both operations "
                "must be there", neither_difference_nor_sine),
        Mistake("lets two engines escape, the one with local slopes only and the one that takes 1 for the slope of sin: is a "
                "sine taken where its slope is 1?", sine_of_zero),
        Mistake("lets two engines escape, the one with local slopes only and the one without minus: there must be a "
                "difference, and the last step must have slopes other than 1", the_third_example),
        Mistake("lets three engines escape: local slopes only, wrong factor, slope of sin is 1; do your inputs make factors "
                "equal and slopes 1?", all_zeros, also=(all_ones,)),
        Mistake("lets three engines escape: overwrites, no minus, slope of sin is 1; use a node twice, and all three "
                "operations",
                the_example),
        Mistake("lets three engines escape: no minus, slope of sin is 1, first to last; a 0 on the way makes gradients 0 and "
                "hides them", zero_on_the_way),
        Mistake("lets five engines escape: all but the one that takes 1 for the slope of sin", one_node),
        Mistake("lets five engines escape: all but the one that overwrites", a_square),
        Mistake("takes more than three steps: every step must earn its place", four_steps),
    ),
    hints=("Which three operations does it take? Each engine that is wrong about one of them needs to meet it.",
           "One node must be used twice. The factors of the product must differ, and the slope of the sine must not be 1.",
           "Multiply two inputs, subtract one of them from the product, take the sine. Now choose numbers that hide nothing."),
    minutes=6, difficulty=3, rung="test",
    inapplicable={"sign flipped": _ANOTHER_POINT, "twice the result": _ANOTHER_POINT,
                  "special-cases the worked example": _ANOTHER_POINT},
)
