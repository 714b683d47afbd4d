# %% single: the slope of 2 w^2 taken as 2 w
# name: takes 2 w for the derivative of 2 w^2: it is 4 w
def predicted_rates():
    return 0.2, 0.5, 1.0
# %% single: for the weight after one step the rate times the loss was taken
# name: steps by the rate times the loss in the first number: a step is the rate times the derivative
def predicted_rates():
    return 0.2, 0.25, 0.5
# %% single: stable rate one over the curvature times one half (mixes up 2 / curvature and 1 / (2 curvature))
# name: halves the rate that needs one step to get the limit, 1 / (2 * 4): it is twice that rate, 2 / 4
def predicted_rates():
    return -0.6, 0.25, 0.125
# %% single: goes uphill
# name: goes uphill in the first number: the step is subtracted
def predicted_rates():
    return 2.6, 0.25, 0.5
# %% pair: sign lost in the first, and the last is "1"
# name: none
def predicted_rates():
    return 0.6, 0.25, 1.0
# %% unknown: order of the two rates exchanged
# name: exchanges the two rates: the one that needs a single step was asked for first, then the limit
def predicted_rates():
    return (-0.6, 0.5, 0.25)
# %% right: worked out
def predicted_rates():
    curvature = 2 * 2
    w = 1.0
    return w - 0.4 * curvature * w, 1 / curvature, 2 / curvature
