# %% single: number of the loss under each picture instead of the picture of each loss
# name: names none of them right: for each loss, ask which points still cost something when all are on the right side
def which_boundary():
    return [2, 3, 1]
# %% single: hinge and perceptron swapped
# name: has the squared error right and the other two exchanged: one of them is content as soon as no point is wrong, the other wants a distance as well
def which_boundary():
    return [3, 2, 1]
# %% single: takes the most tilted line for the perceptron
# name: has the hinge right and the other two exchanged: only one of these losses also charges points for being far on the right side, so only that one bends to them
def which_boundary():
    return [1, 3, 2]
# %% right: squared error turns most, hinge leaves the most room
def which_boundary():
    return [3, 1, 2]
