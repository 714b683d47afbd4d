# %% single: capped at 1, as if scaled values could not leave the interval
# name: stays inside [0, 1]: only the rows that were fitted are sure to
def predicted_scaled_value() -> float:
    return min(1.0, (40 - 10) / (30 - 10))
# %% single: divided by the maximum only
# name: divides by the maximum instead of the range
def predicted_scaled_value() -> float:
    return 40 / 30
# %% single: brackets missing
# name: lacks brackets: 40 - 10 / 20 divides only the minimum
def predicted_scaled_value() -> float:
    return 40 - 10 / (30 - 10)
# %% right: computed from the training values
def predicted_scaled_value() -> float:
    train = np.array([10.0, 20.0, 30.0])
    return float((40 - train.min()) / np.ptp(train))
