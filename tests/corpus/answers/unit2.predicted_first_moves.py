# %% single: rate times gradient
# name: multiplies the rate by the gradient, as plain gradient descent does: Adam divides by its size
def predicted_first_moves():
    return 10.0, 0.00001
# %% single: without the correction
# name: forgets the bias correction: without it the first move is 0.1 / sqrt(0.001) = 3.16 times too long
def predicted_first_moves():
    return 0.0316, 0.0316
# %% single: signs instead of distances
# name: gives the changes of the weights, with their sign: distances were asked for
def predicted_first_moves():
    return -0.01, -0.01
# %% single: with the correction of m forgotten only
# name: corrects the squares but not the gradient: m is a tenth of the gradient after one step, until it is divided by 1 - beta1
def predicted_first_moves():
    return (0.001, 0.001)
# %% unknown: momentum's first move, 0.1 of the gradient times the rate
# name: takes the move of momentum, the rate times a tenth of the gradient: Adam also divides
def predicted_first_moves():
    return 1.0, 1e-6
# %% right: by the formula
def predicted_first_moves():
    moves = []
    for g in (1000, 0.001):
        m, v = (1 - 0.9) * g, (1 - 0.999) * g**2
        moves.append(0.01 * (m / (1 - 0.9)) / (v / (1 - 0.999)) ** 0.5)
    return tuple(moves)
