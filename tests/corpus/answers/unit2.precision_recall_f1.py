# %% single: precision and recall exchanged
# name: exchanges precision and recall: predicted classes are columns, so precision divides by column sums (axis=0)
def precision_recall_f1(matrix):
    tp = np.diag(matrix).astype(float)
    rows, cols = matrix.sum(axis=1), matrix.sum(axis=0)
    precision = np.divide(tp, rows, out=np.zeros_like(tp), where=rows > 0)
    recall = np.divide(tp, cols, out=np.zeros_like(tp), where=cols > 0)
    f1 = np.divide(2 * tp, rows + cols, out=np.zeros_like(tp), where=rows + cols > 0)
    return precision, recall, f1
# %% single: 0 / 0 stays NaN
# name: leaves NaN in precision and recall where nothing was predicted or nothing was there: 0 / 0 counts as 0 here
def precision_recall_f1(matrix):
    with np.errstate(all="ignore"):
        tp = np.diag(matrix)
        p = tp / matrix.sum(axis=0)
        r = tp / matrix.sum(axis=1)
        f = 2 * tp / (matrix.sum(axis=0) + matrix.sum(axis=1))
    return p, r, f
# %% single: F1 is the plain mean of the two
# name: takes the plain mean of precision and recall for F1; the harmonic mean is 2 P R / (P + R)
def precision_recall_f1(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    tp = np.diag(matrix)
    p = tp / np.maximum(matrix.sum(axis=0), 1)
    r = tp / np.maximum(matrix.sum(axis=1), 1)
    return p, r, (p + r) / 2
# %% single: the factor 2 of F1 is missing
# name: forgets the factor 2 in F1 = 2 P R / (P + R)
def precision_recall_f1(matrix):
    tp = np.diagonal(matrix)
    p = tp / np.maximum(matrix.sum(axis=0), 1)
    r = tp / np.maximum(matrix.sum(axis=1), 1)
    with np.errstate(invalid="ignore"):
        f = np.nan_to_num(p * r / (p + r))
    return p, r, f
# %% pair: false alarms still contain the hits, and 0 / 0 counts as 1
# name: none
def precision_recall_f1(matrix):
    tp = np.diag(matrix).astype(float)
    fp = matrix.sum(axis=0)
    fn = matrix.sum(axis=1)
    with np.errstate(all="ignore"):
        p, r, f = tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)
    return tuple(np.where(np.isnan(a), 1.0, a) for a in (p, r, f))
# %% unknown: a small number below every fraction line
# name: adds a small number to the denominators: 0 / 0 is repaired, all other values are off
def precision_recall_f1(matrix):
    tp = np.diag(matrix)
    p = tp / (matrix.sum(axis=0) + 1e-3)
    r = tp / (matrix.sum(axis=1) + 1e-3)
    return p, r, 2 * p * r / (p + r + 1e-3)
# %% right: class by class
def precision_recall_f1(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    def share(a, b):
        return float(a) / float(b) if b else 0.0

    K = matrix.shape[0]
    P, R, F = [], [], []
    for k in range(K):
        hits = matrix[k, k]
        false_alarms = sum(matrix[i, k] for i in range(K) if i != k)
        missed = sum(matrix[k, i] for i in range(K) if i != k)
        P.append(share(hits, hits + false_alarms))
        R.append(share(hits, hits + missed))
        F.append(share(2 * hits, 2 * hits + false_alarms + missed))
    return np.array(P), np.array(R), np.array(F)
