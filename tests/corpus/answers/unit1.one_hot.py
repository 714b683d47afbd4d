# %% single: number of classes guessed from the labels
# name: counts classes from the labels at hand: a class that happens not to occur still needs its column
def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    k = int(labels.max()) + 1
    return np.eye(k)[labels]
# %% single: labels taken to start at 1
# name: starts counting at 1: label 0 belongs in column 0
def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    out = np.zeros((len(labels), num_classes))
    for i, label in enumerate(labels):
        out[i, label - 1] = 1
    return out
# %% single: colon instead of the row numbers, fills whole columns
# name: fills whole columns, since the colon stands for all rows: each label belongs to one row, np.arange(N)
def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    out = np.zeros((len(labels), num_classes))
    out[:, labels] = 1
    return out
# %% single: classes along the rows, transposed
# name: has classes in rows and examples in columns
def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    return (np.arange(num_classes)[:, None] == labels[None, :]).astype(float)
# %% single: the label is written instead of a 1
# name: writes the label itself instead of 1
def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    table = np.zeros((labels.shape[0], num_classes))
    table[np.arange(labels.shape[0]), labels] = labels
    return table
# %% unknown: thermometer code, ones up to the label
# name: fills all positions up to the label: that encodes an order
def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    return (np.arange(num_classes)[None, :] <= labels[:, None]).astype(float)
# %% right: comparison with all class numbers
def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    labels = np.asarray(labels).reshape(-1, 1)
    return np.where(labels == np.arange(num_classes), 1.0, 0.0)
