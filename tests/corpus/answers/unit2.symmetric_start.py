# %% single: with tanh nothing moves at all (forgot the output bias)
# name: lets nothing move with tanh: the gradient of the output's bias is the error itself
def symmetric_start():
    return {"moved_tanh": 0, "moved_sigmoid": 2, "columns_constant": 1, "columns_zero_output": 4}
# %% single: thinks the sigmoid lets everything move
# name: lets all four arrays move with sigmoid hidden units: the error has to pass W2, which is 0
def symmetric_start() -> dict:
    return dict(moved_tanh=1, moved_sigmoid=4, columns_constant=1, columns_zero_output=4)
# %% single: thinks that a zero output layer makes all hidden units the same for ever
# name: expects zeros in the last layer to make the hidden units equal: their own weights were different all along
def symmetric_start():
    answers = {}
    answers["moved_tanh"] = 1
    answers["moved_sigmoid"] = 2
    answers["columns_constant"] = 1
    answers["columns_zero_output"] = 1
    return answers
# %% single: says that the constant start gives one column per input (3 inputs), mixes rows and columns
# name: counts the rows of W1, which differ since the inputs do: a unit is a column
def symmetric_start() -> dict:
    return {"moved_tanh": 1, "moved_sigmoid": 2, "columns_constant": 3, "columns_zero_output": 4}
# %% pair: both biases move with tanh, and 0.5 is thought to be enough to tell units apart
# name: none
def symmetric_start() -> dict:
    return {"moved_tanh": 2, "moved_sigmoid": 2, "columns_constant": 4, "columns_zero_output": 4}
# %% right: built with zip
def symmetric_start() -> dict:
    # tanh(0) = 0: only b2 gets a gradient. sigmoid(0) = 1/2: W2 and b2
    keys = "moved_tanh moved_sigmoid columns_constant columns_zero_output".split()
    return dict(zip(keys, (1, 2, 1, 4)))
