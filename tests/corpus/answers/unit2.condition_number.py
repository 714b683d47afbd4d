# %% single: signed eigenvalues, no sizes
# name: keeps the signs: a hill is as long as the valley that it mirrors, so compare sizes
def condition_number(hessian):
    e = np.linalg.eigvalsh(hessian)
    if abs(e[0]) < 1e-12 * abs(e[-1]):
        return np.inf
    return float(e[-1] / e[0])
# %% single: flat directions give a huge number instead of infinity
# name: gives a huge number for a flat direction: below 1e-12 of the largest curvature it counts as flat, and the answer is infinity
def condition_number(hessian):
    e = np.abs(np.linalg.eigvalsh(hessian))
    return float(e.max() / e.min()) if e.min() > 0 else float("inf")
# %% single: the threshold is 1e-12 itself, not 1e-12 of the largest
# name: compares with 1e-12 itself: a direction is flat beside the others, so compare with 1e-12 times the largest
def condition_number(hessian: np.ndarray) -> float:
    sizes = np.sort(np.abs(np.linalg.eigvalsh(hessian)))
    if sizes[0] < 1e-12:
        return float("inf")
    return float(sizes[-1] / sizes[0])
# %% single: takes the diagonal for the curvatures
# name: compares the entries of the diagonal: the steepest direction lies between the axes
def condition_number(hessian):
    d = np.abs(np.diag(hessian)).astype(float)
    if d.min() < 1e-12 * d.max():
        return np.inf
    return float(d.max() / d.min())
# %% pair: root of the ratio, and flat directions are left out
# name: none
def condition_number(hessian):
    e = np.abs(np.linalg.eigvalsh(hessian))
    e = e[e > 1e-12 * e.max()]
    return float(np.sqrt(e.max() / e.min()))
# %% right: singular values of a symmetric matrix are the sizes
def condition_number(hessian: np.ndarray) -> float:
    s = np.linalg.svd(np.asarray(hessian, dtype=float), compute_uv=False)
    largest, smallest = float(s[0]), float(s[-1])
    return float("inf") if smallest <= 1e-12 * largest else largest / smallest
