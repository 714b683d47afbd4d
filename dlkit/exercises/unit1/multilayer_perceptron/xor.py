"""The exercise train_xor: the delta rule row by row until a goal is reached, judged by what the trained network does."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_T = np.array([[0.0], [1.0], [1.0], [0.0]])
START = (np.array([[0.2, -2.5], [-1.8, 2.2]]), np.array([-0.8, -1.1]), np.array([[1.8], [1.4]]), np.array([-1.5]))
RATE, GOAL, MAX_EPOCHS = 6.0, 0.02, 40


def outputs_of(X, W1, b1, W2, b2):
    hidden = 1 / (1 + np.exp(-(X @ W1 + b1)))
    return 1 / (1 + np.exp(-(hidden @ W2 + b2)))


def mean_loss(X, T, W1, b1, W2, b2):
    return float(np.mean(0.5 * (T - outputs_of(X, W1, b1, W2, b2)) ** 2))


def one_update(x, W1, b1, W2, b2, rate, t):
    hidden = 1 / (1 + np.exp(-(x @ W1 + b1)))
    out = 1 / (1 + np.exp(-(hidden @ W2 + b2)))
    err = rate * out * (1 - out) * (t - out)
    back = hidden * (1 - hidden) * (W2 @ err)
    return W1 + x[:, None] * back, b1 + back, W2 + hidden[:, None] * err, b2 + err


def train_row_by_row(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        if mean_loss(X, T, W1, b1, W2, b2) < goal:
            break
        for x, t in zip(X, T, strict=True):
            W1, b1, W2, b2 = one_update(x, W1, b1, W2, b2, rate, t)
    return W1, b1, W2, b2


def train_all_rows_at_once(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    W1, b1, W2, b2 = W1.copy(), b1.copy(), W2.copy(), b2.copy()
    for _ in range(max_epochs):
        hidden = 1 / (1 + np.exp(-(X @ W1 + b1)))
        out = 1 / (1 + np.exp(-(hidden @ W2 + b2)))
        if np.mean((T - out) ** 2) / 2 < goal:
            break
        err = out * (1 - out) * (T - out)
        back = hidden * (1 - hidden) * (err @ W2.T)
        W2, b2 = W2 + rate * hidden.T @ err, b2 + rate * err.sum(axis=0)
        W1, b1 = W1 + rate * X.T @ back, b1 + rate * back.sum(axis=0)
    return W1, b1, W2, b2


def train_while_above_the_goal(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    parameters, epoch = (W1, b1, W2, b2), 0
    while epoch < max_epochs and mean_loss(X, T, *parameters) >= goal:
        for row in range(len(X)):
            parameters = one_update(X[row], *parameters, rate, T[row])
        epoch += 1
    return parameters


def goal_is_reached(args, result):
    """What is wrong with trained weights, or ``None``: right shapes, loss below the goal, untouched if it was so before."""
    X, T, *start = args[:6]
    goal = args[7]
    if not isinstance(result, tuple | list) or len(result) != 4:
        return "the result should be four arrays: W1, b1, W2, b2"
    trained = []
    for name, new, old in zip(("W1", "b1", "W2", "b2"), result, start, strict=True):
        try:
            array = np.asarray(new, dtype=float)
        except (TypeError, ValueError):
            return f"{name} is not an array of numbers"
        if array.shape != old.shape:
            return f"{name} has shape {array.shape}, expected {old.shape}"
        if not np.isfinite(array).all():
            return f"{name} has entries that are not finite"
        trained.append(array)
    if mean_loss(X, T, *start) < goal:
        same = all(np.allclose(new, old, rtol=1e-9, atol=1e-12) for new, old in zip(trained, start, strict=True))
        return None if same else (f"the loss is below the goal of {goal:g} before the first epoch, so nothing should change")
    loss = mean_loss(X, T, *trained)
    right = int(np.sum((outputs_of(X, *trained) >= 0.5) == (T >= 0.5)))
    if loss >= goal:
        return f"with your weights the mean loss is {loss:.4f}, the goal is {goal:g} ({right} of {len(T)} rows are right)"
    return None


# -- mistakes ------------------------------------------------------------------------------------------------------------


def train_and_forget(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        if mean_loss(X, T, W1, b1, W2, b2) < goal:
            break
        for x, t in zip(X, T, strict=True):
            one_update(x, W1, b1, W2, b2, rate, t)
    return W1, b1, W2, b2


def train_always_from_the_start(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    new = W1, b1, W2, b2
    for _ in range(max_epochs):
        if mean_loss(X, T, *new) < goal:
            break
        for x, t in zip(X, T, strict=True):
            new = one_update(x, W1, b1, W2, b2, rate, t)
    return new


def train_one_epoch(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    return train_row_by_row(X, T, W1, b1, W2, b2, rate, goal, 1)


def train_uphill(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    return train_row_by_row(X, T, W1, b1, W2, b2, -rate, goal, max_epochs)


def train_output_layer_only(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        if mean_loss(X, T, W1, b1, W2, b2) < goal:
            break
        for x, t in zip(X, T, strict=True):
            _, _, W2, b2 = one_update(x, W1, b1, W2, b2, rate, t)
    return W1, b1, W2, b2


def train_without_biases(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        if mean_loss(X, T, W1, b1, W2, b2) < goal:
            break
        for x, t in zip(X, T, strict=True):
            W1, _, W2, _ = one_update(x, W1, b1, W2, b2, rate, t)
    return W1, b1, W2, b2


def train_in_place(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        if mean_loss(X, T, W1, b1, W2, b2) < goal:
            break
        for x, t in zip(X, T, strict=True):
            hidden = 1 / (1 + np.exp(-(x @ W1 + b1)))
            out = 1 / (1 + np.exp(-(hidden @ W2 + b2)))
            err = out * (1 - out) * (t - out)
            back = hidden * (1 - hidden) * (W2 @ err)
            W1 += rate * x[:, None] * back
            b1 += rate * back
            W2 += rate * hidden[:, None] * err
            b2 += rate * err
    return W1, b1, W2, b2


def train_first_row_only(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        if mean_loss(X, T, W1, b1, W2, b2) < goal:
            break
        W1, b1, W2, b2 = one_update(X[0], W1, b1, W2, b2, rate, T[0])
    return W1, b1, W2, b2


def train_one_row_per_epoch(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for epoch in range(max_epochs):
        if mean_loss(X, T, W1, b1, W2, b2) < goal:
            break
        row = epoch % len(X)
        W1, b1, W2, b2 = one_update(X[row], W1, b1, W2, b2, rate, T[row])
    return W1, b1, W2, b2


def train_row_after_row(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for x, t in zip(X, T, strict=True):
        for _ in range(max_epochs):
            if mean_loss(x[None], t[None], W1, b1, W2, b2) < goal:
                break
            W1, b1, W2, b2 = one_update(x, W1, b1, W2, b2, rate, t)
    return W1, b1, W2, b2


def train_until_signed_errors_cancel(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        if np.mean(T - outputs_of(X, W1, b1, W2, b2)) < goal:
            break
        for x, t in zip(X, T, strict=True):
            W1, b1, W2, b2 = one_update(x, W1, b1, W2, b2, rate, t)
    return W1, b1, W2, b2


def train_until_last_row_is_good(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        if mean_loss(X[-1:], T[-1:], W1, b1, W2, b2) < goal:
            break
        for x, t in zip(X, T, strict=True):
            W1, b1, W2, b2 = one_update(x, W1, b1, W2, b2, rate, t)
    return W1, b1, W2, b2


def train_while_below_the_goal(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        if mean_loss(X, T, W1, b1, W2, b2) > goal:
            break
        for x, t in zip(X, T, strict=True):
            W1, b1, W2, b2 = one_update(x, W1, b1, W2, b2, rate, t)
    return W1, b1, W2, b2


def train_averaging_rows(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    return train_all_rows_at_once(X, T, W1, b1, W2, b2, rate / len(X), goal, max_epochs)


def train_without_goal(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    return train_row_by_row(X, T, W1, b1, W2, b2, rate, -1.0, max_epochs)


def train_all_rows_without_goal(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    return train_all_rows_at_once(X, T, W1, b1, W2, b2, rate, -1.0, max_epochs)


def train_looking_after_the_epoch(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    for _ in range(max_epochs):
        for x, t in zip(X, T, strict=True):
            W1, b1, W2, b2 = one_update(x, W1, b1, W2, b2, rate, t)
        if mean_loss(X, T, W1, b1, W2, b2) < goal:
            break
    return W1, b1, W2, b2


def train_to_smaller_sum(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    return train_row_by_row(X, T, W1, b1, W2, b2, rate, goal / len(X), max_epochs)


def train_to_smaller_square(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    return train_row_by_row(X, T, W1, b1, W2, b2, rate, goal / 2, max_epochs)


def train_to_smaller_sum_of_squares(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    return train_row_by_row(X, T, W1, b1, W2, b2, rate, goal / (2 * len(X)), max_epochs)


def train_always_xor(X, T, W1, b1, W2, b2, rate, goal, max_epochs):
    if mean_loss(X, T, W1, b1, W2, b2) < goal:
        return W1, b1, W2, b2
    return np.array([[8.0, 8.0], [8.0, 8.0]]), np.array([-4.0, -12.0]), np.array([[9.0], [-9.0]]), np.array([-4.0])


# -- cases ---------------------------------------------------------------------------------------------------------------


def _other_gates(rng):
    """True for one row only, such as AND or NOR; the hidden nodes begin as blurred copies of the inputs: one line will do."""
    T = np.zeros((4, 1))
    T[rng.integers(4)] = 1.0
    W1, b1 = 5 * np.eye(2) + rng.uniform(-0.3, 0.3, size=(2, 2)), rng.uniform(-2.7, -2.3, size=2)
    return XOR_X, T, W1, b1, rng.uniform(-0.5, 0.5, size=(2, 1)), np.zeros(1), RATE, GOAL, 22


def _goal_already_reached(rng):
    """Weights that solve XOR so well that one more epoch would be one too many, but only just."""
    order = rng.permutation(2)
    trained = train_row_by_row(XOR_X, XOR_T, *START, RATE, GOAL, MAX_EPOCHS)
    W1, b1, W2, b2 = trained[0][:, order], trained[1][order], trained[2][order], trained[3]
    goal = 1.4 * mean_loss(XOR_X, XOR_T, W1, b1, W2, b2)
    return XOR_X, XOR_T, W1, b1, W2, b2, RATE, round(goal, 4), MAX_EPOCHS


TRAIN_XOR = Exercise(
    key="unit1.train_xor",
    title="Train until XOR is solved",
    reference=train_row_by_row,
    alternatives=(train_all_rows_at_once, train_while_above_the_goal),
    examples=(Example(args=(XOR_X, XOR_T, *START, RATE, GOAL, MAX_EPOCHS),
                      expected=train_row_by_row(XOR_X, XOR_T, *START, RATE, GOAL, MAX_EPOCHS)),),
    regimes={"other gates": Regime(_other_gates, cases=1), "goal already reached": Regime(_goal_already_reached, cases=1)},
    accepts=goal_is_reached,
    parts={"worked example": 1.0, "other gates": 0.5, "goal already reached": 0.5},
    returns=("W1", "b1", "W2", "b2"),
    mistakes=(
        Mistake("computes the updates and throws them away: the new parameters have to replace the old ones",
                train_and_forget, mark=0.5),
        Mistake("starts every update from the first weights: each one should start where the last one ended",
                train_always_from_the_start, mark=0.5),
        Mistake("goes uphill: the errors contain target minus output, so add", train_uphill, mark=0.5),
        Mistake("trains only the output layer: that is enough for AND and OR, and never for XOR", train_output_layer_only,
                mark=1.0),
        Mistake("never trains the biases: without them the lines cannot move away from the origin", train_without_biases,
                mark=0.5),
        Mistake("writes into the arrays it was given (W1 += ...): the starting weights are lost to the caller",
                train_in_place, mark=0.5),
        Mistake("trains on the first row only", train_first_row_only, mark=0.5),
        Mistake("comes back with the weights of a single epoch: does the return stand inside the loop, or does every epoch "
                "begin at the first weights again?", train_one_epoch, mark=0.5),
        Mistake("takes one row per epoch: an epoch goes through all rows", train_one_row_per_epoch, mark=0.5),
        Mistake("finishes one row before it looks at the next, and forgets the earlier ones: go round and round",
                train_row_after_row),
        Mistake("stops when the plain errors cancel: errors of opposite sign add up to nothing, so square them first",
                train_until_signed_errors_cancel, mark=0.5),
        Mistake("stops when the last row is right: the mean over all rows must be below the goal",
                train_until_last_row_is_good, mark=0.5),
        Mistake("has the stopping test the wrong way round: go on while the loss is above the goal",
                train_while_below_the_goal),
        Mistake("averages the changes over the rows, so each epoch makes one small step where it should make one per row",
                train_averaging_rows, mark=0.5),
        Mistake("goes on for all max_epochs: is there a test, and does it compare the mean of half the squared errors with "
                "the goal?", train_without_goal, mark=1.5,
                also=(train_all_rows_without_goal,)),
        Mistake("looks at the goal only after an epoch: training that is finished before it begins changes the weights",
                train_looking_after_the_epoch, mark=1.5),
        Mistake("adds the losses of the rows up and compares the sum with the goal: it is meant for their mean",
                train_to_smaller_sum, mark=1.5),
        Mistake("forgets the half: the goal is meant for half the squared error", train_to_smaller_square, mark=1.5),
        Mistake("compares the sum of the squared errors with the goal: it is meant for the mean, and for half of it",
                train_to_smaller_sum_of_squares, mark=1.5),
        Mistake("returns weights that solve XOR whatever is asked: the targets have to be learnt", train_always_xor, mark=1.5),
    ),
    hints=("Two loops: epochs outside, rows inside. What must survive from one row to the next?",
           "Keep the four arrays in variables that every update replaces. Ask before each epoch whether the mean loss is "
           "below the goal.",
           "for each epoch: stop if mean(0.5 * (T - outputs)**2) < goal; then for x, t in zip(X, T): replace the parameters "
           "by your update of them."),
    minutes=8, difficulty=4, rung="compose",
    inapplicable={
        "special-cases the worked example": "weights that are a little off still solve XOR",
        "too low precision": "rounded weights still solve the gates: only where nothing may change can rounding be wrong",
        "twice the result": "twice the weights solve the gates more firmly: only where nothing may change are they wrong",
    },
)
