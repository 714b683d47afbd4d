"""The exercise Value: a number that remembers how it was computed."""

from __future__ import annotations

import math

from dlkit.exercises.model import Exercise, Mistake, Regime
from dlkit.exercises.unit2.computational_graphs import value_mistakes as wrong
from dlkit.exercises.unit2.computational_graphs.graphs import number
from dlkit.exercises.unit2.computational_graphs.value_answer import Value


class ValueWithClosures:
    """The other way to write it: every result keeps a function that hands its gradient on."""

    count = 0

    def __init__(self, data):
        self.data, self.grad = data, 0.0
        self.before, self.hand_on = [], None
        ValueWithClosures.count += 1
        self.number = ValueWithClosures.count

    def result(self, data, *towards):
        out = ValueWithClosures(data)
        out.before = [source for source, _ in towards]

        def hand_on():
            for source, slope in towards:
                source.grad += slope * out.grad

        out.hand_on = hand_on
        return out

    def __add__(self, other):
        other = other if isinstance(other, ValueWithClosures) else ValueWithClosures(other)
        return self.result(self.data + other.data, (self, 1), (other, 1))

    def __mul__(self, other):
        other = other if isinstance(other, ValueWithClosures) else ValueWithClosures(other)
        return self.result(self.data * other.data, (self, other.data), (other, self.data))

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        return self.result(math.tanh(self.data), (self, (1 - math.tanh(self.data)) * (1 + math.tanh(self.data))))

    def exp(self):
        return self.result(math.exp(self.data), (self, math.exp(self.data)))

    def backward(self):
        found, stack = {}, [self]
        while stack:
            node = stack.pop()
            if node.number not in found:
                found[node.number] = node
                stack += node.before
        for node in found.values():
            node.grad = 0.0
        self.grad = 1.0
        for which in sorted(found, reverse=True):  # what was made last comes first
            if found[which].hand_on:
                found[which].hand_on()


# -- the script by which an answer is judged -----------------------------------------------------------------------------


def probe(answer, inputs, steps, backward_from):
    """Make a Value of each input, do the steps, call ``backward``, and write down every ``data`` and ``grad``.

    A step is (name, operation, operands); an operand is the name of a node, or a plain number.
    """
    nodes = {name: answer.later("Value", data, keep=True) for name, data in inputs.items()}
    for name, operation, operands in steps:
        if operation in ("tanh", "exp"):
            nodes[name] = answer.later(nodes[operands[0]], method=operation, keep=True)
            continue
        method = "add" if operation == "+" else "mul"
        left, right = (nodes.get(operand, operand) for operand in operands)
        if isinstance(operands[0], str):
            nodes[name] = answer.later(left, right, method=f"__{method}__", keep=True)
        else:
            nodes[name] = answer.later(right, left, method=f"__r{method}__", keep=True)
    data = {f"{name}.data": answer.later(node, method="data", get=True) for name, node in nodes.items()}
    calls = [answer.later(nodes[name], method="backward") for name in backward_from]
    grads = {f"{name}.grad": answer.later(node, method="grad", get=True) for name, node in nodes.items() if backward_from}
    for name, operation, operands in steps:
        _made(nodes[name], operation, *operands)
    result = {name: call.value for name, call in data.items()}
    for call in calls:
        call.value  # noqa: B018  # or its error
    return result | {name: call.value for name, call in grads.items()}


def _made(call, operation, left, right=None):
    """See to it that a node was made; with a number on its left Python asks the node, and complains if the node cannot."""
    complaint = TypeError(f"unsupported operand type(s) for {operation}: {type(left).__name__!r} and 'Value'")
    try:
        result = call.value
    except Exception as error:
        if not isinstance(left, str) and getattr(error, "kind", "") == "AttributeError" and "__r" in str(error):
            raise complaint from None
        raise
    if not isinstance(left, str) and "NotImplemented" in repr(result):
        raise complaint


def _values(rng):
    """The forward pass alone, with a number whose exponential is too large for a float."""
    steps = [("p", "*", ("x", "y")), ("s", "+", ("p", "z")), ("t", "tanh", ("s",)), ("e", "exp", ("z",)),
             ("f", "*", ("t", "e")), ("g", "tanh", ("large",))]
    inputs = {"x": number(rng), "y": number(rng), "z": number(rng, 0.3, 0.5), "large": number(rng, 750.0, 900.0)}
    return inputs, steps, []


def _gradients(rng):
    """One way from each node to the result."""
    steps = [("p", "*", ("w", "x")), ("s", "+", ("p", "b")), ("t", "tanh", ("s",)), ("e", "exp", ("c",)),
             ("m", "*", ("t", "e")), ("g", "exp", ("m",)), ("f", "tanh", ("g",))]
    inputs = {"w": float(rng.uniform(0.4, 0.7)), "x": float(rng.uniform(1.1, 1.4)), "b": float(rng.uniform(-0.3, -0.1)),
              "c": float(rng.uniform(-1.5, -0.8))}
    return inputs, steps, ["f"]


def _shared(rng):
    """Inputs and results that are used several times, on different levels of the graph."""
    steps = [("u", "*", ("x", "y")), ("t", "+", ("x", "y")), ("v", "+", ("u", "t")), ("w", "*", ("v", "x")),
             ("r", "+", ("v", "w")), ("m", "*", ("r", "y")), ("f", "+", ("m", "r"))]
    return {"x": float(rng.uniform(0.4, 0.8)), "y": float(rng.uniform(1.3, 1.7))}, steps, ["f"]


def _cancelling(rng):
    """Two ways with huge slopes that cancel where they meet; whoever goes on along each of them alone runs out of floats.

    All numbers but m are powers of two, so the right gradient is 0 without rounding off.
    """
    m, huge = number(rng), 2.0 ** int(rng.integers(600, 700))
    steps = [("u", "*", ("x", "a")), ("p", "*", ("u", "b")), ("q", "*", ("u", "c")), ("s", "+", ("p", "q")),
             ("f", "+", ("s", "z"))]
    return {"x": m / huge, "a": huge, "b": huge, "c": -huge, "z": number(rng)}, steps, ["f"]


def _with_itself(rng):
    steps = [("d", "+", ("x", "x")), ("f", "*", ("d", "d"))]
    return {"x": number(rng)}, steps, ["f"]


def _plain_numbers(rng):
    three, two = float(rng.uniform(2.0, 3.0)), int(rng.integers(2, 5))
    steps = [("a", "+", ("x", three)), ("b", "*", ("a", two)), ("c", "+", (two, "b")), ("f", "*", (three, "c"))]
    return {"x": number(rng)}, steps, ["f"]


def _called_again(rng):
    """``backward`` on a result in the middle, then on the last one, twice."""
    steps = [("p", "*", ("x", "y")), ("t", "+", ("p", "k")), ("f", "*", ("t", "z"))]
    return {"x": number(rng), "y": number(rng, 1.6, 2.0), "k": number(rng), "z": number(rng, 1.5, 2.0)}, steps, ["t", "f", "f"]


VALUE = Exercise(
    key="unit2.Value",
    title="An autograd engine of your own",
    reference=Value,
    alternatives=(ValueWithClosures,),
    probe=probe,
    regimes={"values": Regime(_values), "gradients": _gradients, "shared nodes": _shared,
             "ways that cancel": Regime(_cancelling, cases=1, part="shared nodes"),
             "a node with itself": Regime(_with_itself, cases=1, part="shared nodes"),
             "plain numbers": Regime(_plain_numbers, cases=1), "called again": Regime(_called_again, cases=1)},
    parts={"values": 0.5, "gradients": 1.5, "shared nodes": 1.0, "edge cases": 1.0},
    mistakes=(
        Mistake("overwrites the gradient of a node that is used twice: += and not =", wrong.ValueOverwrites, mark=3.0),
        Mistake("hands on at every arrival, so early parts are counted again and again: put the nodes in order first and let "
                "each hand on once", wrong.ValueOnArrival, mark=3.0),
        Mistake("follows every way to a node by itself: that takes as long as there are ways, and huge slopes that cancel "
                "become nan; let each node add up what comes back and hand the sum on, once",
                wrong.ValueEveryWayAlone, mark=3.0),
        Mistake("hands on level by level: a node can be on several levels, and must wait until it is complete",
                wrong.ValueLevelByLevel, mark=3.0, also=(wrong.ValueDepthFirst,)),
        Mistake("keeps the gradients of an earlier call: this backward begins anew, so set the gradients of all nodes to 0",
                wrong.ValueNeverReset, mark=3.0, also=(wrong.ValueNeverResetSeedAdded,)),
        Mistake("resets the node itself only: a second call has to begin anew for every node that it reaches",
                wrong.ValueResetsLeaves, mark=3.0),
        Mistake("reaches the direct inputs only: begin at the result and go all the way back, each node after those that use "
                "it", wrong.ValueOneStepBack, mark=0.5, also=(wrong.ValueForwardOrder,)),
        Mistake("leaves the gradient of the result at 0: it is 1", wrong.ValueStartsWithZero, mark=0.5),
        Mistake("starts with the value of the result: its gradient is 1", wrong.ValueStartsWithData, mark=0.5),
        Mistake("uses local slopes alone: each is multiplied by the gradient of the result it leads to",
                wrong.ValueLocalOnly, mark=0.5),
        Mistake("multiplies by the wrong factor: the slope of a product towards one factor is the other one",
                wrong.ValueProductSwapped, mark=0.5),
        Mistake("sends the gradient of a sum to its first input only", wrong.ValueSumFirstOnly, mark=0.5),
        Mistake("sends the gradient of a product to its first factor only", wrong.ValueProductFirstOnly, mark=0.5),
        Mistake("squares the input in the slope of tanh: it is 1 - tanh(x)^2, with the result squared", wrong.ValueTanhOfInput,
                mark=2.5),
        Mistake("forgets the square in the slope of tanh: it is 1 - tanh(x)^2", wrong.ValueTanhWithoutSquare, mark=2.5),
        Mistake("uses the slope of the sigmoid, a (1 - a), for tanh", wrong.ValueTanhLikeSigmoid, mark=2.5),
        Mistake("lets the gradient through tanh unchanged", wrong.ValueTanhSlopeOne, mark=2.5),
        Mistake("uses the input as the slope of exp: it is the result, e^x", wrong.ValueExpOfInput, mark=2.5),
        Mistake("lets the gradient through exp unchanged: its slope is its result", wrong.ValueExpSlopeOne, mark=2.5),
        Mistake("uses x e^(x-1) as the slope of exp: that is the rule for powers of x, here x is the exponent",
                wrong.ValueExpLikePower, mark=2.5),
        Mistake("computes the sigmoid for tanh", wrong.ValueSigmoid, mark=2.0),
        Mistake("computes tanh from exponentials, which are too large for a float when x is: use math.tanh",
                wrong.ValueTanhOfExponentials, mark=3.5),
        Mistake("computes 10 to the power x for exp: the base is e", wrong.ValueTenToThe, mark=2.0),
        Mistake("cannot add or multiply a plain number: turn `other` into a Value if it is none", wrong.ValueNoPlainNumbers,
                mark=3.0),
        Mistake("makes a Value without inputs when a plain number takes part: the way back ends there",
                wrong.ValueNumbersEndTheWay, mark=3.0),
        Mistake("cannot take a plain number on the left, as in 2 * x: Python then calls __radd__ and __rmul__",
                wrong.ValueNoNumbersOnTheLeft, mark=3.0),
        Mistake("counts a node once when it meets itself, as in x + x", wrong.ValueMeetsItselfOnce, mark=3.0),
        Mistake("changes the left operand instead of making a new Value", wrong.ValueInPlace),
    ),
    hints=("Let every result remember its inputs, and the local slope towards each of them: both are known when it is made.",
           "backward needs all nodes, each after its inputs. That is your topological order, with node.inputs in place of the "
           "dict. Then reset, start with 1, and go through it from the end.",
           "For each node, from the last to the first, and each of its inputs: input.grad += slope * node.grad. The slopes: "
           "1 and 1; the other factor; 1 - result^2; the result."),
    minutes=15, difficulty=4, rung="compose",
)
