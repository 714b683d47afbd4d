# %% single: precision and recall exchanged
# name: exchanges recall and precision: recall asks what became of the people who have flu (their row), precision what is behind the verdict flu (its column)
def read_confusion_matrix():
    return {"accuracy": 0.78, "recall": 30 / 70, "precision": 30 / 100, "baseline": 0.6}
# %% single: baseline counts only the healthy who were told so
# name: counts for the baseline only the healthy whom this model recognised: one that calls everybody healthy is right with all who are
def read_confusion_matrix():
    return {"accuracy": 780 / 1000, "recall": 30 / 100, "precision": 30 / 70, "baseline": 560 / 1000}
# %% single: recall is a share of all 1000 people
# name: divides by all 1000 people for the recall: it asks only about the people who have flu
def read_confusion_matrix() -> dict:
    return {"accuracy": (560 + 190 + 30) / 1000, "recall": 30 / 1000, "precision": 30 / (10 + 30 + 30), "baseline": 600 / 1000}
# %% single: precision divides by the false alarms only
# name: divides by the false alarms alone for the precision: the hits were told flu, too
def read_confusion_matrix() -> dict:
    return {"accuracy": 0.78, "recall": 0.3, "precision": 30 / 40, "baseline": 0.6}
# %% pair: accuracy as the mean of the recalls, and the baseline is one in three
# name: none
def read_confusion_matrix():
    acc = (560 / 600 + 190 / 300 + 30 / 100) / 3
    return {"accuracy": acc, "recall": 30 / 100, "precision": 30 / 70, "baseline": 1 / 3}
# %% right: from the table itself
def read_confusion_matrix() -> dict:
    C = np.array([[560, 30, 10], [80, 190, 30], [50, 20, 30]])
    n = C.sum()
    return dict(accuracy=np.diagonal(C).sum() / n, recall=C[2, 2] / C[2].sum(), precision=C[2, 2] / C[:, 2].sum(),
                baseline=C[0].sum() / n)
