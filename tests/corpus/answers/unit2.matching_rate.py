# %% single: divides where it should multiply
# name: goes the other way: lr / (1 - beta) is the rate of the averaged form that follows a classical one
def matching_rate(lr, beta):
    return lr / (1 - beta)
# %% single: the same rate
# name: leaves the rate as it is: the classical form adds whole gradients, the averaged one only the share 1 - beta
def matching_rate(lr, beta):
    return lr
# %% single: rate times beta
# name: multiplies by beta: that is the share of the old velocity, which both forms keep alike
def matching_rate(lr, beta):
    return lr * beta
# %% single: always a tenth (only for beta = 0.9)
# name: divides by 10, which is right for beta = 0.9 only
def matching_rate(lr, beta):
    return 0.1 * lr
# %% unknown: (1 - beta) over beta
# name: takes beta into the share of the new gradient as well: compare what one single gradient adds to the step
def matching_rate(lr: float, beta: float) -> float:
    return lr * (1 - beta) / beta
# %% right: as a difference
def matching_rate(lr, beta):
    return lr - beta * lr
# %% right: measured on one step of both forms
def matching_rate(lr, beta):
    averaged_first_step = lr * (beta * 0.0 + (1 - beta) * 1.0)
    classical_first_step_for_rate_one = beta * 0.0 + 1.0 * 1.0
    return averaged_first_step / classical_first_step_for_rate_one
