# %% single: the two axes swapped
# name: gives the shape the other way round: rows come first
def predicted_shape() -> tuple:
    return (3, 4)
# %% single: keeps the shape of a, the ones are thought to win
# name: forgets that the axis of length 1 is stretched to meet the 3
def predicted_shape() -> tuple:
    return (4, 1)
# %% single: thinks the column is flattened, so a length 4 vector
# name: forgets the axis that b brings along
def predicted_shape() -> tuple:
    shape_a, shape_b = (4, 1), (3,)
    return (max(shape_a[0], shape_b[0]),)
# %% right: by the rule, aligned at the right
def predicted_shape() -> tuple:
    left, right = (4, 1), (1, 3)
    return tuple(max(p, q) for p, q in zip(left, right))
