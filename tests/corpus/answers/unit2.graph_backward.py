# %% single: overwrites instead of adding up
# name: overwrites the gradient of a node that is used twice: what comes back along its arrows adds up, += and not =
import numpy as np
def graph_backward(steps, values):
    grad = {name: 0.0 for name in values}
    grad[steps[-1][0]] = 1.0
    for name, op, args in reversed(steps):
        g = grad[name]
        if op == "sin":
            grad[args[0]] = g * np.cos(values[args[0]])
        elif op == "*":
            a, b = args
            grad[a] = g * values[b]
            grad[b] = g * values[a]
        else:
            a, b = args
            grad[a] = g
            grad[b] = g if op == "+" else -g
    return grad
# %% single: the square of one node through * counted once (a dict of slopes by name)
# name: counts an input only once when a step uses it twice, as in x * x
import numpy as np
def graph_backward(steps, values):
    grads = dict.fromkeys(values, 0.0)
    grads[steps[-1][0]] = 1.0
    for name, op, args in steps[::-1]:
        if op == "sin":
            slopes = {args[0]: np.cos(values[args[0]])}
        elif op == "+":
            slopes = {args[0]: 1.0, args[1]: 1.0}
        elif op == "-":
            slopes = {args[0]: 1.0, args[1]: -1.0}
        else:
            slopes = {args[0]: values[args[1]], args[1]: values[args[0]]}
        for source, slope in slopes.items():
            grads[source] += grads[name] * slope
    return grads
# %% single: cosine of the result instead of the input
# name: takes the cosine of the result of the sine: the slope is cos of its input
import numpy as np
def graph_backward(steps: list, values: dict) -> dict:
    grad = {k: 0.0 for k in values}
    grad[steps[-1][0]] = 1.0
    for name, op, args in reversed(steps):
        up = grad[name]
        if op == "sin":
            grad[args[0]] += up * np.cos(values[name])
            continue
        left, right = args
        if op == "+":
            grad[left] += up
            grad[right] += up
        if op == "-":
            grad[left] += up
            grad[right] -= up
        if op == "*":
            grad[left] += up * values[right]
            grad[right] += up * values[left]
    return grad
# %% single: nodes that the output does not depend on are left out of the result
# name: leaves out nodes that do not matter for the output: their gradient is 0
import numpy as np
def graph_backward(steps, values):
    grad = {steps[-1][0]: 1.0}
    for name, op, args in reversed(steps):
        if name not in grad:
            continue
        if op == "sin":
            local = [np.cos(values[args[0]])]
        elif op == "*":
            local = [values[args[1]], values[args[0]]]
        elif op == "+":
            local = [1, 1]
        else:
            local = [1, -1]
        for a, s in zip(args, local):
            grad[a] = grad.get(a, 0.0) + grad[name] * s
    return grad
# %% pair: no minus for the difference, and goes first to last
# name: goes through the steps from first to last: a node must have received everything before it hands on
import numpy as np
def graph_backward(steps, values):
    grad = {k: 0.0 for k in values}
    grad[steps[-1][0]] = 1.0
    for name, op, args in steps:
        g = grad[name]
        if op == "sin":
            grad[args[0]] += g * np.cos(values[args[0]])
        elif op == "*":
            grad[args[0]] += g * values[args[1]]
            grad[args[1]] += g * values[args[0]]
        else:
            grad[args[0]] += g
            grad[args[1]] += g
    return grad
# %% unknown: all gradients begin with 1
# name: starts all gradients at 1: only the output moves with itself one to one, the others add up from 0
import numpy as np
def graph_backward(steps, values):
    grad = {k: 1.0 for k in values}
    for name, op, args in reversed(steps):
        g = grad[name]
        if op == "sin":
            grad[args[0]] += g * np.cos(values[args[0]])
        elif op == "*":
            grad[args[0]] += g * values[args[1]]
            grad[args[1]] += g * values[args[0]]
        elif op == "+":
            grad[args[0]] += g
            grad[args[1]] += g
        else:
            grad[args[0]] += g
            grad[args[1]] -= g
    return grad
# %% right: for every node, collects from the nodes that use it
import numpy as np
def graph_backward(steps, values):
    def slope(op, args, place):
        if op == "sin":
            return np.cos(values[args[0]])
        if op == "*":
            return values[args[1 - place]]
        return -1.0 if (op == "-" and place == 1) else 1.0
    output = steps[-1][0]
    order = [n for n in values if n not in {s[0] for s in steps}] + [s[0] for s in steps]
    result = {}
    for node in reversed(order):
        total = 1.0 if node == output else 0.0
        for name, op, args in steps:
            for place, source in enumerate(args):
                if source == node and name in result:
                    total = total + result[name] * slope(op, args, place)
        result[node] = total
    return result
# %% right: a matrix of local slopes, solved backwards
import numpy as np
def graph_backward(steps, values):
    place = {name: i for i, name in enumerate(values)}
    S = np.zeros((len(place), len(place)))            # S[user, used]
    for name, op, args in steps:
        i = place[name]
        if op == "sin":
            S[i, place[args[0]]] += np.cos(values[args[0]])
            continue
        a, b = args
        da, db = {"+": (1, 1), "-": (1, -1), "*": (values[b], values[a])}[op]
        S[i, place[a]] += da
        S[i, place[b]] += db
    start = np.zeros(len(place))
    start[place[steps[-1][0]]] = 1.0
    g = start.copy()
    total = g.copy()
    for _ in steps:
        g = g @ S
        total = total + g
    return {name: float(total[i]) for name, i in place.items()}
