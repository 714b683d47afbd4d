# %% single: rounded down
# name: rounds the logarithm down: d decisions reach only 2^d leaves, so the longest path needs the next whole number
def predicted_decisions():
    return [2, 9, 13, 15]
# %% single: counts the nodes with the leaf
# name: counts the levels of the tree, the leaves included: one decision fewer, as nothing is decided at a leaf
def predicted_decisions():
    return [3, 11, 15, 17]
# %% single: number of inner nodes
# name: counts all inner nodes of the tree: one class meets only those on its own path
def predicted_decisions():
    return [3, 999, 9999, 49999]
# %% right: powers of two
def predicted_decisions():
    return [(K - 1).bit_length() for K in (4, 1000, 10_000, 50_000)]
