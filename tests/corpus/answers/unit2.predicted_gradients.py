# %% single: for b only the way through d = a + b
# name: follows b along one arrow only, the one to d: b is used twice, and both uses move Y
def predicted_gradients():
    return [2, 2, -5]
# %% single: for b only the way through e = b - c
# name: follows b along one arrow only, the one to e: b is used twice, and both uses move Y
def predicted_gradients():
    return [2.0, 5.0, -5.0]
# %% single: forgets the minus of c
# name: loses the minus sign of c: e = b - c falls when c grows
def predicted_gradients():
    return [2.0, 7.0, 5.0]
# %% single: multiplies the two ways of b instead of adding
# name: multiplies what b does along its two arrows: slopes multiply along one path, different paths add up
def predicted_gradients():
    return [2, 10, -5]
# %% pair: each factor taken as its own slope, and minus on the b in b - c
# name: none
def predicted_gradients():
    return [5, 3, -2]
# %% unknown: returns the values of the nodes d, e, Y
# name: gives the values d, e and Y of the forward pass: asked are the three derivatives of Y
def predicted_gradients():
    return [5, 2, 10]
# %% right: written out
def predicted_gradients():
    a, b, c = 2.0, 3.0, 1.0
    d, e = a + b, b - c
    via_d, via_e = e, d
    return [via_d * 1, via_d * 1 + via_e * 1, via_e * -1]
