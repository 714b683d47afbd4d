# %% single: writes the results into the inputs that were given
# name: writes the results into the dict it was given: start from a copy, dict(inputs)
import numpy as np
def graph_forward(steps, inputs):
    values = inputs
    for name, op, args in steps:
        v = [values[a] for a in args]
        if op == "+":
            values[name] = v[0] + v[1]
        elif op == "-":
            values[name] = v[0] - v[1]
        elif op == "*":
            values[name] = v[0] * v[1]
        else:
            values[name] = np.sin(v[0])
    return values
# %% single: the difference the wrong way round
# name: takes a difference the wrong way round: the first input minus the second
import numpy as np
def graph_forward(steps: list, inputs: dict) -> dict:
    ops = {"+": lambda a, b: a + b, "-": lambda a, b: b - a, "*": lambda a, b: a * b, "sin": np.sin}
    values = dict(inputs)
    for name, op, args in steps:
        values[name] = ops[op](*[values[arg] for arg in args])
    return values
# %% single: returns the results of the steps without the inputs
# name: leaves the inputs out of the result: they are nodes too
import numpy as np
def graph_forward(steps, inputs):
    known = dict(inputs)
    out = {}
    for name, op, args in steps:
        numbers = [known[a] for a in args]
        if op == "sin":
            result = np.sin(numbers[0])
        elif op == "+":
            result = sum(numbers)
        elif op == "-":
            result = numbers[0] - numbers[1]
        elif op == "*":
            result = numbers[0] * numbers[1]
        known[name] = result
        out[name] = result
    return out
# %% single: takes the sine of degrees
# name: takes the sine of degrees: the angle is in radians, as everywhere in calculus
import numpy as np
def graph_forward(steps, inputs):
    values = inputs.copy()
    for name, operation, args in steps:
        x = values[args[0]]
        if operation == "sin":
            values[name] = float(np.sin(np.deg2rad(x)))
            continue
        y = values[args[1]]
        values[name] = {"+": x + y, "-": x - y, "*": x * y}[operation]
    return values
# %% pair: changes the given inputs and forgets that there is a minus (treats it as plus)
# name: none
import numpy as np
def graph_forward(steps, inputs):
    for name, op, args in steps:
        if op == "sin":
            inputs[name] = np.sin(inputs[args[0]])
        elif op == "*":
            inputs[name] = inputs[args[0]] * inputs[args[1]]
        else:
            inputs[name] = inputs[args[0]] + inputs[args[1]]
    return inputs
# %% unknown: only the value of the last step comes back
# name: returns the output alone: the way back will need the value of every node
import numpy as np
def graph_forward(steps, inputs):
    values = dict(inputs)
    for name, op, args in steps:
        a = [values[k] for k in args]
        values[name] = np.sin(a[0]) if op == "sin" else a[0] + a[1] if op == "+" else a[0] - a[1] if op == "-" else a[0] * a[1]
    return {steps[-1][0]: values[steps[-1][0]]}
# %% right: match, and a merged dict for each step
import numpy as np
def graph_forward(steps, inputs):
    done = {**inputs}
    for step in steps:
        name, operation, sources = step
        match operation, [done[source] for source in sources]:
            case "+", [left, right]:
                value = left + right
            case "-", [left, right]:
                value = left + (-1) * right
            case "*", [left, right]:
                value = left * right
            case "sin", [only]:
                value = float(np.sin(only))
        done = {**done, name: value}
    return done
