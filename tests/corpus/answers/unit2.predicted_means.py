# %% single: batch norm counted for every position as well
# name: gives batch norm a mean for each channel and position: it averages over the positions, too
def predicted_means():
    return {"batch": 6 * 25, "layer": 8, "instance": 48, "group": 24}
# %% single: group norm has as many as there are groups, examples forgotten
# name: counts the groups of one example only: every example has a mean for each of its groups
def predicted_means():
    return {"batch": 6, "layer": 8, "instance": 48, "group": 3}
# %% single: group size and number of groups mixed up
# name: takes 3 for the number of channels in a group, or divides once too often: there are 3 groups in each example
def predicted_means() -> dict:
    return dict(batch=6, layer=8, instance=48, group=8 * 2)
# %% single: layer norm counted for every position, as in a Transformer
# name: gives layer norm a mean for each example and position: here it averages over channels and positions
def predicted_means() -> dict:
    return {"batch": 6, "layer": 8 * 5 * 5, "instance": 8 * 6, "group": 8 * 3}
# %% pair: layer and batch exchanged
# name: swaps batch and layer norm: batch norm has a mean for each channel, layer norm one for each example
def predicted_means():
    return {"batch": 8, "layer": 6, "instance": 48, "group": 24}
# %% right: as products
def predicted_means() -> dict:
    N, C, H, W = 8, 6, 5, 5
    return {"batch": C, "layer": N, "instance": N * C, "group": N * 3}
