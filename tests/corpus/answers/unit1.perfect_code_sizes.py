# %% single: circle needs only one number (its angle)
# name: names a point of the circle by its angle: true, but a linear decoder cannot bend one number into a circle
def perfect_code_sizes():
    return [1, 2, 1, 3]
# %% single: lines that miss the origin need one more
def perfect_code_sizes():
    return [2, 3, 2, 3]
# %% single: four points need four
# name: gives the four points one number each: through two points runs a line, through three a plane, so four need one less than four
def perfect_code_sizes():
    return [1, 2, 2, 4]
# %% right: affine dimensions
def perfect_code_sizes():
    four_points = 4 - 1
    return [1, 2, 2, four_points]
