# %% single: threshold minus sum only for the first row
# name: asks row (1, 1) to fire: that is OR, and XOR differs from it in just this row
def xor_inequalities(w1, w2, threshold):
    return np.array([threshold, w2 - threshold, w1 - threshold, w1 + w2 - threshold])
# %% single: w1 and w2 swapped
# name: swaps rows (0, 1) and (1, 0): in row (0, 1) only the second input is active, so only w2 counts
def xor_inequalities(w1, w2, threshold):
    return np.array([threshold, w1 - threshold, w2 - threshold, threshold - w1 - w2])
# %% single: first row has the wrong sign
# name: has the sign of row (0, 0) wrong: there the sum is 0 and must stay below the threshold
def xor_inequalities(w1, w2, threshold):
    out = []
    for a, b in [(0, 0), (0, 1), (1, 0), (1, 1)]:
        s = a * w1 + b * w2
        out.append(s - threshold if a + b < 2 else threshold - s)
    return np.array(out)
# %% pair: threshold missing in the last row and gives only signs
def xor_inequalities(w1, w2, threshold):
    return np.sign(np.array([threshold, w2 - threshold, w1 - threshold, -w1 - w2]))
# %% right: signs times the distance
def xor_inequalities(w1: float, w2: float, threshold: float) -> np.ndarray:
    rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    side = np.where(rows.sum(axis=1) == 1, 1.0, -1.0)
    return side * (rows @ np.array([w1, w2]) - threshold)
