# %% single: forgets the biases
# name: counts the weights and forgets the biases: every unit that computes has one
def count_parameters(sizes):
    total = 0
    for a, b in zip(sizes, sizes[1:]):
        total += a * b
    return total
# %% single: gives the input units a bias too
# name: gives the inputs a bias too: input nodes compute nothing
def count_parameters(sizes: list) -> int:
    weights = sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1))
    biases = sum(sizes)
    return weights + biases
# %% single: loop stops one layer early
# name: stops one layer early: the weights into the output count too
def count_parameters(sizes: list) -> int:
    n = 0
    for k in range(len(sizes) - 2):
        n += sizes[k] * sizes[k + 1] + sizes[k + 1]
    return n
# %% pair: one bias per layer and that also for the input layer
def count_parameters(sizes: list) -> int:
    s = np.array(sizes)
    return int((s[:-1] * s[1:]).sum()) + len(sizes)
# %% right: as a sum of (in + 1) * out
def count_parameters(sizes: list) -> int:
    return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes[:-1], sizes[1:]))
