# %% single: takes the fan-out instead of the fan-in
# name: multiplies by the fan-out: each sum has as many terms as the layer has inputs
def forward_variance(q0, widths, variances, relu):
    q, out = q0, []
    for l in range(len(variances)):
        q = q * widths[l + 1] * variances[l]
        if relu:
            q /= 2
        out.append(q)
    return np.array(out)
# %% single: forgets that the relu halves
# name: forgets that ReLU takes away half of the mean square, in every layer
def forward_variance(q0: float, widths: list, variances: np.ndarray, relu: bool) -> np.ndarray:
    return q0 * np.cumprod(np.array(widths[:-1]) * np.array(variances))
# %% single: takes the variances for standard deviations and squares them
# name: squares the variances of the weights: a variance already is a mean square
def forward_variance(q0, widths, variances, relu):
    factors = np.array([n * v**2 for n, v in zip(widths, variances)])
    if relu:
        factors = 0.5 * factors
    return q0 * np.cumprod(factors)
# %% single: result begins with q0, one number too many
# name: lists the inputs too: one number for each layer was asked for
def forward_variance(q0, widths, variances, relu):
    qs = [q0]
    for n, v in zip(widths[:-1], variances):
        qs.append(qs[-1] * n * v * (0.5 if relu else 1.0))
    return np.array(qs)
# %% pair: every layer starts again from q0, and the relu takes a root-half
# name: none
def forward_variance(q0, widths, variances, relu):
    half = np.sqrt(0.5) if relu else 1
    return np.array([q0 * widths[i] * variances[i] * half for i in range(len(variances))])
# %% right: logarithms and a cumulative sum
def forward_variance(q0: float, widths: list, variances: np.ndarray, relu: bool) -> np.ndarray:
    fan_in = np.asarray(widths, dtype=np.float64)[:-1]
    per_layer = fan_in * np.asarray(variances, dtype=np.float64) / (1 + bool(relu))
    return np.multiply.accumulate(np.concatenate([[float(q0)], per_layer]))[1:]
# %% right: plain loop that fills an array
def forward_variance(q0: float, widths: list, variances: np.ndarray, relu: bool) -> np.ndarray:
    L = len(widths) - 1
    result = np.empty(L)
    current = q0
    for layer in range(L):
        current = widths[layer] * variances[layer] * current
        if relu:
            current = 0.5 * current
        result[layer] = current
    return result
