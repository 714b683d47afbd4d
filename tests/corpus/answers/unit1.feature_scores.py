# %% single: argmax of absolute outputs is left in
# name: still compares the magnitudes of the outputs: the prediction is the largest output, and -3 is not larger than 1
def feature_scores(gradients, outputs, y):
    right = np.abs(outputs).argmax(axis=1) == y
    return np.abs(gradients[right]).sum(axis=0)
# %% single: absolute value after the sum is left in
# name: still takes the absolute value after the sum, where gradients of opposite sign have cancelled
def feature_scores(gradients, outputs, y):
    g = gradients.copy()
    g[outputs.argmax(axis=1) != y] = 0
    return np.abs(g.sum(axis=0))
# %% single: still changes the argument
# name: still writes zeros into the caller's gradients: select the rows, or work on a copy
def feature_scores(gradients, outputs, y):
    predicted = outputs.argmax(axis=1)
    gradients[predicted != y] = 0
    return np.abs(gradients).sum(axis=0)
# %% pair: mean over the correct rows and keeps the wrong ones instead
def feature_scores(gradients, outputs, y):
    wrong = outputs.argmax(axis=1) != y
    return np.abs(gradients[wrong]).sum(axis=0) / len(y)
# %% right: weights of zeros and ones
def feature_scores(gradients, outputs, y):
    correct = (np.argmax(outputs, axis=1) == y).astype(float)
    return correct @ np.abs(gradients)
