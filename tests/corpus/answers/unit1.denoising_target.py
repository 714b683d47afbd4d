# %% single: targets by repeat, every row C times in a row
# name: repeats each clean row in a block, while the inputs come draw by draw: input and target of a pair are then different examples
def denoising_target(X, noise):
    inputs = (X + noise).reshape(-1, X.shape[1])
    targets = np.repeat(X, len(noise), axis=0)
    return inputs, targets
# %% single: the target is the noise itself
# name: asks for the noise instead of the clean rows
def denoising_target(X, noise):
    inputs = (X + noise).reshape(-1, X.shape[1])
    targets = noise.reshape(-1, X.shape[1])
    return inputs, targets
# %% single: targets are the clean table only once
# name: gives the clean table only once: every noisy copy needs its own target row
def denoising_target(X, noise):
    inputs = (X + noise).reshape(-1, X.shape[1])
    return inputs, X
# %% pair: transposed order of the inputs and results swapped
def denoising_target(X, noise):
    inputs = (X + noise).transpose(1, 0, 2).reshape(-1, X.shape[1])
    targets = np.tile(X, (len(noise), 1))
    return targets, inputs
# %% right: concatenates draw by draw
def denoising_target(X: np.ndarray, noise: np.ndarray):
    inputs = np.concatenate([X + draw for draw in noise], axis=0)
    targets = np.concatenate([X] * noise.shape[0], axis=0)
    return inputs, targets
