"""The exercise topological_order: every node after its inputs."""

from __future__ import annotations

from collections import deque

from dlkit.exercises.model import Exercise, Mistake, Regime
from dlkit.exercises.unit2.computational_graphs.graphs import names_for


def in_order(inputs_of, output):
    order = []

    def visit(node):
        if node not in order:
            for source in inputs_of[node]:
                visit(source)
            order.append(node)

    visit(output)
    return order


def topological_order(inputs_of, output):
    return in_order(inputs_of, output)


def topological_order_by_counting(inputs_of, output):
    """Which nodes are needed; then a node is ready when all its inputs are placed."""
    needed, stack = set(), [output]
    while stack:
        node = stack.pop()
        if node not in needed:
            needed.add(node)
            stack.extend(inputs_of[node])
    order = []
    while len(order) < len(needed):
        order += [node for node in inputs_of if node in needed and node not in order
                  and all(source in order for source in inputs_of[node])]
    return order


def topological_order_from_the_end(inputs_of, output):
    """Take a node away when all who use it are gone, the output first; then turn the list round."""
    needed, stack = set(), [output]
    while stack:
        node = stack.pop()
        if node not in needed:
            needed.add(node)
            stack.extend(inputs_of[node])
    waiting = {node: sum(node in inputs_of[user] for user in needed) for node in needed}
    order, ready = [], deque([output])
    while ready:
        node = ready.popleft()
        order.append(node)
        for source in dict.fromkeys(inputs_of[node]):
            waiting[source] -= 1
            if waiting[source] == 0:
                ready.append(source)
    return order[::-1]


# -- mistakes ------------------------------------------------------------------------------------------------------------


def without_visited(inputs_of, output):
    order = []
    for source in inputs_of[output]:
        order += without_visited(inputs_of, source)
    return [*order, output]


def without_visited_last_input_first(inputs_of, output):
    order = []
    for source in reversed(inputs_of[output]):
        order += without_visited_last_input_first(inputs_of, source)
    return [*order, output]


def output_first(inputs_of, output):
    return in_order(inputs_of, output)[::-1]


def output_first_by_visits(inputs_of, output):
    order = []

    def visit(node):
        if node not in order:
            order.append(node)
            for source in inputs_of[node]:
                visit(source)

    visit(output)
    return order


def output_first_by_levels(inputs_of, output):
    order = [output]
    for node in order:
        order += [source for source in dict.fromkeys(inputs_of[node]) if source not in order]
    return order


def visits_turned_round(inputs_of, output):
    return output_first_by_visits(inputs_of, output)[::-1]


def visits_turned_round_last_input_first(inputs_of, output):
    order = []

    def visit(node):
        if node not in order:
            order.append(node)
            for source in reversed(inputs_of[node]):
                visit(source)

    visit(output)
    return order[::-1]


def levels_turned_round(inputs_of, output):
    return output_first_by_levels(inputs_of, output)[::-1]


def everything(inputs_of, output):
    order = []

    def visit(node):
        if node not in order:
            for source in inputs_of[node]:
                visit(source)
            order.append(node)

    for node in inputs_of:
        visit(node)
    return order


def everything_round_by_round(inputs_of, output):
    order = []
    while len(order) < len(inputs_of):
        order += [node for node in inputs_of if node not in order and all(source in order for source in inputs_of[node])]
    return order


def everything_as_it_gets_ready(inputs_of, output):
    order = []
    while len(order) < len(inputs_of):
        for node, sources in inputs_of.items():
            if node not in order and all(source in order for source in sources):
                order.append(node)
    return order


def as_the_dict_comes(inputs_of, output):
    return list(inputs_of)


def by_name(inputs_of, output):
    return sorted(inputs_of)


def leaves_out_inputs(inputs_of, output):
    return [node for node in in_order(inputs_of, output) if inputs_of[node]]


def leaves_out_output(inputs_of, output):
    return in_order(inputs_of, output)[:-1]


def direct_inputs_only(inputs_of, output):
    return [*dict.fromkeys(inputs_of[output]), output]


def expects_two_inputs(inputs_of, output):
    order = []

    def visit(node):
        if node not in order:
            if inputs_of[node]:
                left, right = inputs_of[node]
                visit(left)
                visit(right)
            order.append(node)

    visit(output)
    return order


def follows_the_first_input(inputs_of, output):
    order = [output]
    while inputs_of[order[-1]]:
        order.append(inputs_of[order[-1]][0])
    return order[::-1]


def counts_a_double_input_twice(inputs_of, output):
    """Waits for as many nodes as are listed, but each of them reports only once."""
    needed = in_order(inputs_of, output)
    waiting = {node: len(inputs_of[node]) for node in needed}
    order = [node for node in needed if not waiting[node]]
    for node in order:
        for user in needed:
            if node in inputs_of[user]:
                waiting[user] -= 1
                if waiting[user] == 0:
                    order.append(user)
    return order


def all_inputs_first(inputs_of, output):
    found = in_order(inputs_of, output)
    made = output_first_by_levels(inputs_of, output)
    return [node for node in found if not inputs_of[node]] + [node for node in made if inputs_of[node]]


# -- cases ---------------------------------------------------------------------------------------------------------------


def accepts(args, result):
    """Every right order is welcome; what is said about a wrong one names the node."""
    inputs_of, output = args
    if not isinstance(result, list | tuple):
        return f"the result is a {type(result).__name__}, expected a list of names"
    if unknown := [node for node in result if not isinstance(node, str) or node not in inputs_of]:
        return f"{unknown[0]!r} is not a node of the graph"
    needed, stack = [], [output]
    while stack:
        node = stack.pop()
        if node not in needed:
            needed.append(node)
            stack += inputs_of[node]
    place = {node: i for i, node in enumerate(result)}
    if len(place) < len(result):
        twice = next(node for node in result if list(result).count(node) > 1)
        return f"{twice!r} stands in the list {list(result).count(twice)} times, expected once"
    if missing := [node for node in needed if node not in place]:
        return f"{missing[0]!r} is missing, although {output!r} depends on it"
    if extra := [node for node in result if node not in needed]:
        return f"{extra[0]!r} is in the list, although {output!r} does not depend on it"
    for node in result:
        for source in inputs_of[node]:
            if place[source] > place[node]:
                return f"{node!r} stands before {source!r}, from which it is computed"
    return None


def _mixed(rng, graph):
    """The same graph with its entries in a random order that helps nobody, neither as it comes nor by name."""
    output = list(graph)[-1]
    while True:
        mixed = {name: graph[name] for name in map(str, rng.permutation(list(graph)))}
        wrong = (as_the_dict_comes(mixed, output), by_name(mixed, output))
        if all(_out_of_order(mixed, order) for order in wrong) and list(mixed) != sorted(mixed):
            return mixed, output


def _out_of_order(graph, order):
    return any(order.index(source) > order.index(node) for node in graph for source in graph[node])


def _chain(rng):
    while True:
        a, b, c, d, e = names_for(rng, 5)
        graph = {a: [], b: [a], c: [b], d: [c], e: [d]}
        if _out_of_order(graph, sorted(graph)):
            return _mixed(rng, graph)


def _shared(rng):
    """x feeds steps on different levels, and so does the result u."""
    while True:
        x, y, u, v, w, r = names_for(rng, 6)
        graph = {x: [], y: [], u: [x, y], v: [u, x], w: [x, v], r: [w, u] if rng.random() < 0.5 else [u, w]}
        if _out_of_order(graph, sorted(graph)):
            return _mixed(rng, graph)


def _dead_end(rng):
    """Nodes beside and behind the output, which it does not need."""
    while True:
        x, y, z, k, u, v, after = names_for(rng, 7)
        graph = {x: [], y: [], z: [], k: [], u: [x, y], v: [z, k], after: [u, v]}
        if _out_of_order(graph, sorted(graph)):
            mixed, _ = _mixed(rng, graph)
            return mixed, u


def _listed_twice(rng):
    """One node is computed from another one alone, as u + u is."""
    while True:
        x, y, u, v = names_for(rng, 4)
        graph = {x: [], y: [], u: [x, y], v: [u, u]}
        if _out_of_order(graph, sorted(graph)):
            return _mixed(rng, graph)


TOPOLOGICAL_ORDER = Exercise(
    key="unit2.topological_order",
    title="An order in which nobody waits",
    reference=topological_order,
    alternatives=(topological_order_by_counting, topological_order_from_the_end),
    accepts=accepts,
    regimes={"a chain": Regime(_chain), "shared nodes": Regime(_shared, cases=3),
             "an input listed twice": Regime(_listed_twice, cases=1, part="shared nodes"), "dead end": Regime(_dead_end)},
    parts={"a chain": 0.5, "shared nodes": 1.0, "dead end": 0.5},
    mistakes=(
        Mistake("lists a node once for every way that leads to it: remember who has been placed", without_visited, mark=1.0,
                also=(without_visited_last_input_first,)),
        Mistake("puts the output first: here inputs come before what is made of them (turn the list round)", output_first,
                also=(output_first_by_visits, output_first_by_levels)),
        Mistake("writes a node down when it first meets it and turns the list round at the end: a node that is used on "
                "different levels then stands too late; write it down when its inputs are done", visits_turned_round,
                mark=1.0, also=(visits_turned_round_last_input_first, levels_turned_round)),
        Mistake("orders the whole graph: only what the output depends on is asked for", everything, mark=1.5,
                also=(everything_round_by_round, everything_as_it_gets_ready)),
        Mistake("lists the nodes as the dict has them: a dict of nodes comes in any order", as_the_dict_comes),
        Mistake("sorts by name: names say nothing about who needs whom", by_name),
        Mistake("leaves out nodes that have no inputs: they are nodes too", leaves_out_inputs),
        Mistake("leaves out the output itself: it is the last", leaves_out_output),
        Mistake("stops at the direct inputs: they have inputs of their own", direct_inputs_only, mark=0.5),
        Mistake("expects two inputs for every step: some have one", expects_two_inputs, mark=1.5),
        Mistake("waits twice for an input that is listed twice, as in x + x, and so for ever", counts_a_double_input_twice,
                mark=1.0),
        Mistake("follows the first input only: every input has to be visited", follows_the_first_input, mark=0.5),
        Mistake("puts all inputs of the graph first and then the steps as it meets them, coming from the output: a step must "
                "also wait for other steps", all_inputs_first, mark=0.5),
    ),
    hints=("Which node can be placed last? Which nodes can be placed at any time?",
           "Before a node is placed, all its inputs must be. That is the same task again, for each input.",
           "visit(node): if it is not placed yet, visit each of its inputs, then append the node. Start with visit(output)."),
    minutes=6, difficulty=3, rung="implement",
)
