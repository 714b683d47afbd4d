"""Wrong ways back through a graph."""

from __future__ import annotations

import math

from dlkit.exercises.unit2.computational_graphs.graphs import run_back, slopes


def back_with(steps, values, local=slopes, start=1.0):
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = start
    for name, operation, sources in reversed(steps):
        for source, slope in zip(sources, local(operation, [values[s] for s in sources]), strict=True):
            gradients[source] += gradients[name] * slope
    return gradients


def overwrites(steps, values):
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = 1.0
    for name, operation, sources in reversed(steps):
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
            gradients[source] = gradients[name] * slope
    return gradients


def multiplies_the_ways(steps, values):
    gradients = {steps[-1][0]: 1.0}
    for name, operation, sources in reversed(steps):
        if name in gradients:
            for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
                gradients[source] = gradients.get(source, 1.0) * gradients[name] * slope
    return {name: gradients.get(name, 0.0) for name in values}


def averages_the_ways(steps, values):
    gradients, uses = dict.fromkeys(values, 0.0), dict.fromkeys(values, 0)
    gradients[steps[-1][0]] = 1.0
    for _, _, sources in steps:
        for source in sources:
            uses[source] += 1
    for name, operation, sources in reversed(steps):
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
            gradients[source] += gradients[name] * slope / uses[source]
    return gradients


def first_way_only(steps, values):
    gradients = {steps[-1][0]: 1.0}
    for name, operation, sources in reversed(steps):
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
            gradients.setdefault(source, gradients.get(name, 0.0) * slope)
    return {name: gradients.get(name, 0.0) for name in values}


def from_first_to_last(steps, values):
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = 1.0
    for name, operation, sources in steps:
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
            gradients[source] += gradients[name] * slope
    return gradients


def starts_with_the_value(steps, values):
    return back_with(steps, values, start=values[steps[-1][0]])


def starts_with_zero(steps, values):
    return back_with(steps, values, start=0.0)


def all_start_with_one(steps, values):
    gradients = dict.fromkeys(values, 1.0)
    for name, operation, sources in reversed(steps):
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
            gradients[source] += gradients[name] * slope
    return gradients


def every_end_starts_with_one(steps, values):
    gradients = dict.fromkeys(values, 0.0)
    used = {source for _, _, sources in steps for source in sources}
    for name, _, _ in steps:
        if name not in used:
            gradients[name] = 1.0
    for name, operation, sources in reversed(steps):
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
            gradients[source] += gradients[name] * slope
    return gradients


def own_factor(operation, numbers):
    return [numbers[0], numbers[1]] if operation == "*" else slopes(operation, numbers)


def product_swapped(steps, values):
    return back_with(steps, values, local=own_factor)


def plus_one_for_difference(operation, numbers):
    return [1.0, 1.0] if operation == "-" else slopes(operation, numbers)


def minus_forgotten(steps, values):
    return back_with(steps, values, local=plus_one_for_difference)


def minus_on_the_first(operation, numbers):
    return [-1.0, 1.0] if operation == "-" else slopes(operation, numbers)


def minus_in_front(steps, values):
    return back_with(steps, values, local=minus_on_the_first)


def halves(operation, numbers):
    return [0.5, 0.5] if operation == "+" else slopes(operation, numbers)


def sum_shared_out(steps, values):
    return back_with(steps, values, local=halves)


def plus_like_times(operation, numbers):
    return slopes("*", numbers) if operation == "+" else slopes(operation, numbers)


def sum_hands_back_values(steps, values):
    return back_with(steps, values, local=plus_like_times)


def sine_again(operation, numbers):
    return [math.sin(numbers[0])] if operation == "sin" else slopes(operation, numbers)


def sine_for_cosine(steps, values):
    return back_with(steps, values, local=sine_again)


def negative_cosine(operation, numbers):
    return [-math.cos(numbers[0])] if operation == "sin" else slopes(operation, numbers)


def minus_cosine(steps, values):
    return back_with(steps, values, local=negative_cosine)


def slope_one(operation, numbers):
    return [1.0] if operation == "sin" else slopes(operation, numbers)


def sine_passed_through(steps, values):
    return back_with(steps, values, local=slope_one)


def cosine_of_the_result(steps, values):
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = 1.0
    for name, operation, sources in reversed(steps):
        local = slopes(operation, [values[s] for s in sources])
        if operation == "sin":
            local = [math.cos(values[name])]
        for source, slope in zip(sources, local, strict=True):
            gradients[source] += gradients[name] * slope
    return gradients


def nothing_from_upstream(steps, values):
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = 1.0
    for _, operation, sources in reversed(steps):
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
            gradients[source] += slope
    return gradients


def adds_upstream(steps, values):
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = 1.0
    for name, operation, sources in reversed(steps):
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
            gradients[source] += gradients[name] + slope
    return gradients


def product_over_factor(operation, numbers):
    if operation == "*":
        result = numbers[0] * numbers[1]
        return [result / numbers[0], result / numbers[1]]
    return slopes(operation, numbers)


def divides_by_the_factor(steps, values):
    return back_with(steps, values, local=product_over_factor)


def same_input_once(steps, values):
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = 1.0
    for name, operation, sources in reversed(steps):
        local = dict(zip(sources, slopes(operation, [values[s] for s in sources]), strict=True))
        for source, slope in local.items():
            gradients[source] += gradients[name] * slope
    return gradients


def leaves_out_what_does_not_matter(steps, values):
    gradients = {steps[-1][0]: 1.0}
    for name, operation, sources in reversed(steps):
        if name in gradients:
            for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]), strict=True):
                gradients[source] = gradients.get(source, 0.0) + gradients[name] * slope
    return gradients


def inputs_alone(steps, values):
    computed = {name for name, _, _ in steps}
    return {name: gradient for name, gradient in run_back(steps, values).items() if name not in computed}


def on_arrival(steps, values):
    how = {name: (operation, sources) for name, operation, sources in steps}
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = 1.0

    def push(name):
        operation, sources = how.get(name, ("", ()))
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]) if sources else [], strict=True):
            gradients[source] += gradients[name] * slope
            push(source)

    push(steps[-1][0])
    return gradients


def level_by_level(steps, values):
    how = {name: (operation, sources) for name, operation, sources in steps}
    gradients = dict.fromkeys(values, 0.0)
    gradients[steps[-1][0]] = 1.0
    queue, seen = [steps[-1][0]], {steps[-1][0]}
    while queue:
        name = queue.pop(0)
        operation, sources = how.get(name, ("", ()))
        for source, slope in zip(sources, slopes(operation, [values[s] for s in sources]) if sources else [], strict=True):
            gradients[source] += gradients[name] * slope
            if source not in seen:
                seen.add(source)
                queue.append(source)
    return gradients
