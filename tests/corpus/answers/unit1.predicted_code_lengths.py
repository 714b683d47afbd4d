# %% single: balanced tree
# name: describes the balanced tree, which does not look at the frequencies
def predicted_code_lengths():
    return [2, 3, 2, 3, 2]
# %% single: sorted by frequency instead of the given order
def predicted_code_lengths():
    return [4, 4, 3, 2, 1]
# %% single: counts from zero
# name: misses the last join: the two groups that remain still have to be joined by the root
def predicted_code_lengths():
    return [1, 3, 2, 3, 0]
# %% right: by hand
def predicted_code_lengths():
    # 1+1=2, 2+2=4, 4+5=9, 9+9
    return [2, 4, 3, 4, 1]
