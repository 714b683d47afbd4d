# %% single: rows and columns turned round
# name: has predicted classes in rows: row is the true class, column the predicted one
def confusion_matrix(predicted, target, num_classes):
    C = np.zeros((num_classes, num_classes), dtype=int)
    for p, t in zip(predicted, target):
        C[p, t] += 1
    return C
# %% single: repeated index pairs are counted once
# name: counts every pair only once: C[target, predicted] += 1 with arrays adds 1 to a place however often it is named (np.add.at counts all)
def confusion_matrix(predicted: np.ndarray, target: np.ndarray, num_classes: int) -> np.ndarray:
    C = np.zeros((num_classes, num_classes), dtype=int)
    C[target, predicted] += 1
    return C
# %% single: the size comes from the labels that occur
# name: takes the number of classes from the labels at hand: a class that does not occur needs its row and column
def confusion_matrix(predicted, target, num_classes):
    classes = np.unique(np.concatenate([predicted, target]))
    C = np.zeros((len(classes), len(classes)), dtype=int)
    for i, a in enumerate(classes):
        for j, b in enumerate(classes):
            C[i, j] = np.sum((target == a) & (predicted == b))
    return C
# %% single: one number per pair, which overflows in small integer types
# name: computes target * num_classes + predicted in bytes, which overflow at 256: convert to int first
def confusion_matrix(predicted, target, num_classes):
    pairs = target * num_classes + predicted
    return np.bincount(pairs, minlength=num_classes**2)[:num_classes**2].reshape(num_classes, num_classes)
# %% pair: turned round, and shares of the row instead of counts
# name: none
def confusion_matrix(predicted, target, num_classes):
    C = np.zeros((num_classes, num_classes))
    for p, t in zip(predicted, target):
        C[p, t] += 1
    return C / np.maximum(C.sum(axis=1, keepdims=True), 1)
# %% right: product of two one-hot tables
def confusion_matrix(predicted: np.ndarray, target: np.ndarray, num_classes: int) -> np.ndarray:
    names = np.arange(num_classes)
    is_true = (np.asarray(target)[:, None] == names).astype(np.int64)
    is_said = (np.asarray(predicted)[:, None] == names).astype(np.int64)
    return np.einsum("ni,nj->ij", is_true, is_said)
# %% right: lists of lists
def confusion_matrix(predicted: np.ndarray, target: np.ndarray, num_classes: int) -> np.ndarray:
    counts = [[0] * num_classes for _ in range(num_classes)]
    for truth, guess in zip(list(target), list(predicted)):
        counts[int(truth)][int(guess)] += 1
    return np.array(counts)
