# %% single: AND threshold 1.5 for any number of inputs
# name: lets two active inputs suffice for AND, however many there are: the threshold must grow with their number
def gate_weights(gate, num_inputs):
    if gate == "and":
        return np.ones(num_inputs), 1.5
    if gate == "or":
        return np.ones(num_inputs), 0.5
    return np.array([-1.0]), -0.5
# %% single: NOT with the threshold 0.5
# name: makes a NOT that never fires: with weight -1 the sums are 0 and -1, so the threshold must lie between them, below zero
def gate_weights(gate, num_inputs):
    w = np.ones(num_inputs)
    if gate == "and":
        return w, num_inputs - 0.5
    elif gate == "or":
        return w, 0.5
    else:
        return -w, 0.5
# %% single: returns a bias instead of a threshold
# name: returns the bias instead of the threshold: they have opposite signs, b = -threshold
def gate_weights(gate, num_inputs):
    if gate == "not":
        return np.array([-1.0]), 0.5
    w = np.ones(num_inputs)
    return (w, -(num_inputs - 0.5)) if gate == "and" else (w, -0.5)
# %% pair: and and or swapped, not has the identity
def gate_weights(gate, num_inputs):
    table = {"and": 0.5, "or": num_inputs - 0.5, "not": 0.5}
    return np.ones(num_inputs), table[gate]
# %% right: means of the inputs
def gate_weights(gate: str, num_inputs: int) -> tuple:
    if gate == "not":
        return np.full(1, -2.0), -1.0
    w = np.full(num_inputs, 2.0)
    threshold = {"and": 2.0 * num_inputs - 1, "or": 1.0}[gate]
    return w, threshold
