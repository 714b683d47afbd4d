# %% single: the unit at z = 0 counted as awake
# name: lets the sample with z = 0 speak too: the slope there is 0
def predicted_bias_gradient() -> float:
    return 111.0
# %% single: no gate at all, every upstream gradient passes
# name: adds up all four gradients as if the unit were linear
def predicted_bias_gradient() -> float:
    return 1.0 + 10.0 + 100.0 + 1000.0
# %% single: sample 3 thrown out because its input is not positive
# name: leaves sample 3 out because its inputs are not positive: what counts is z, and z is 1 there
def predicted_bias_gradient() -> float:
    return 1.0
# %% right: computed from the table
def predicted_bias_gradient() -> float:
    X = np.array([[3, 0], [1, 0], [0, -1], [2, 1]])
    z = X @ np.array([1, -2]) - 1
    return float(np.array([1, 10, 100, 1000])[z > 0].sum())
