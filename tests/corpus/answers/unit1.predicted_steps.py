# %% single: rounded down
# name: rounds down: after 66 steps the score is still a little above 0
def predicted_steps():
    return 66
# %% single: forgot the one at the end of the point
# name: leaves the constant 1 out of the squared length of the augmented point
def predicted_steps():
    return 69
# %% single: score taken as 27.58 at the start
def predicted_steps():
    return 65
# %% right: 28 / 0.42 rounded up
def predicted_steps():
    return 28 * 100 // 42 + 1
