# %% single: root forgotten
# name: multiplies by the variance: the noise needs the standard deviation, its root
def start_weights(sizes, noise):
    layers = []
    L = len(sizes) - 1
    for k in range(L):
        gain = 1 if k == L - 1 else 2
        layers.append((noise[k] * (gain / sizes[k]), np.zeros(sizes[k + 1])))
    return layers
# %% single: the last layer gets He as well
# name: treats the last layer like the hidden ones: no ReLU follows it, so its variance is 1 / fan_in
def start_weights(sizes: list, noise: list) -> list:
    layers = []
    for k in range(len(sizes) - 1):
        fan_in, fan_out = sizes[k], sizes[k + 1]
        W = noise[k] * np.sqrt(2 / fan_in)
        b = np.zeros(fan_out)
        layers.append((W, b))
    return layers
# %% single: fans still swapped
# name: divides by the fan-out: layer k reads sizes[k] numbers and writes sizes[k + 1]
def start_weights(sizes, noise):
    layers = []
    last = len(sizes) - 2
    for k in range(len(sizes) - 1):
        fan_in, fan_out = sizes[k + 1], sizes[k]
        v = 1 / fan_in if k == last else 2 / fan_in
        layers.append((noise[k] * np.sqrt(v), np.zeros(sizes[k + 1])))
    return layers
# %% single: scales the given noise in place
# name: scales the noise in place: *= changes the caller's arrays, so build new ones
def start_weights(sizes, noise):
    out = []
    for k, W in enumerate(noise):
        W *= np.sqrt((1 if k == len(noise) - 1 else 2) / sizes[k])
        out.append((W, np.zeros(sizes[k + 1])))
    return out
# %% pair: biases still one, and the last layer has He's variance
# name: starts the biases at 1, and treats the last layer like the hidden ones
def start_weights(sizes, noise):
    layers = []
    for k in range(len(sizes) - 1):
        fan_in = sizes[k]
        W = noise[k] * (2 / fan_in) ** 0.5
        b = np.ones(sizes[k + 1])
        layers.append((W, b))
    return layers
# %% right: list comprehension, reads the fans off the noise
def start_weights(sizes: list, noise: list) -> list:
    gains = [2.0] * (len(noise) - 1) + [1.0]
    return [(np.sqrt(g / E.shape[0]) * np.array(E, dtype=float), np.zeros(E.shape[1])) for g, E in zip(gains, noise)]
