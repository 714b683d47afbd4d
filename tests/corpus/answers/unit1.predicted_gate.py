# %% single: border counted as silent
# name: stays silent in the two rows where the sum is exactly -1: reaching the threshold is enough
def predicted_gate():
    return [1, 0, 0, 0]
# %% single: thought of OR
# name: says OR: check that you kept both minus signs, that -2 is less than -1, and that you began with (0, 0)
def predicted_gate():
    return [0, 1, 1, 1]
# %% single: sign of the threshold turned round, nobody fires
# name: never fires: the threshold is -1, below zero, so a sum of 0 is above it
def predicted_gate():
    return [0, 0, 0, 0]
# %% right: NAND
def predicted_gate():
    return [1, 1, 1, 0]
