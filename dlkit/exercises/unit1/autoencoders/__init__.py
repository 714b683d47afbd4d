"""Exercises of the notebook on autoencoders; their wrong answers stand in :mod:`autoencoders.mistakes`."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit1.autoencoders import mistakes as wrong
from dlkit.exercises.unit1.autoencoders.deep import DEEP_AUTOENCODER

# -- predict: the size of a perfect linear code --------------------------------------------------------------------------


def perfect_code_sizes():
    return [1, 2, 2, 3]


def perfect_code_sizes_as_array():
    return np.array([1, 2, 2, 3])


PERFECT_CODE_SIZES = Exercise(
    key="unit1.perfect_code_sizes",
    title="Predict how many numbers a perfect linear code needs",
    reference=perfect_code_sizes,
    alternatives=(perfect_code_sizes_as_array,),
    examples=(Example(args=(), expected=[1, 2, 2, 3]),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("names a point of the circle by its angle: true, but a linear decoder cannot bend one number into a "
                "circle", wrong.sizes_with_an_angle),
        Mistake("forgets the biases: they shift the subspace away from the origin, which saves one number each time",
                wrong.sizes_without_biases),
        Mistake("gives the four points one number each: through two points runs a line, through three a plane, so four "
                "need one less than four", wrong.sizes_with_one_per_point),
        Mistake("keeps all ten columns for the four points: points without a pattern still span only so many directions",
                wrong.sizes_with_all_columns),
        Mistake("numbers the four points 1 to 4: a lookup table could decode that, a linear decoder cannot",
                wrong.sizes_with_a_lookup),
        Mistake("keeps one dimension too many for the circle: flat things in space, however round, lie in a plane",
                wrong.sizes_with_a_circle_in_space),
        Mistake("keeps all columns everywhere: then nothing is compressed", wrong.sizes_of_the_data),
    ),
    hints=("A linear decoder with a bias draws a point, a line, a plane, ... as its code moves. What is the smallest of them "
           "that contains the data?",
           "A bend does not help a linear decoder: look for the flat thing around the circle.",
           "Two points span a line, three a plane. Four span one dimension more."),
    minutes=3, difficulty=2, rung="predict",
)

# -- reconstruction error ------------------------------------------------------------------------------------------------


def reconstruction_error(X, Xhat):
    difference = np.asarray(X, dtype=float) - np.asarray(Xhat, dtype=float)
    return float(np.mean(difference**2))


def reconstruction_error_by_loops(X, Xhat):
    total = 0.0
    for row, other in zip(X.tolist(), Xhat.tolist(), strict=True):
        for a, b in zip(row, other, strict=True):
            total += (a - b) ** 2
    return total / X.size


def _table_and_reconstruction(rng):
    n, d = int(rng.integers(4, 7)), 3
    return rng.normal(size=(n, d)), rng.normal(size=(n, d))


def _pixels(rng):
    X = rng.integers(60, 190, size=(1, 6))
    Xhat = X + rng.permutation([1, -3, 8, 20, -33, 50])
    return X.astype(np.uint8), Xhat.astype(np.uint8)


RECONSTRUCTION_ERROR = Exercise(
    key="unit1.reconstruction_error",
    title="The reconstruction error",
    reference=reconstruction_error,
    alternatives=(reconstruction_error_by_loops, "dlkit.numpy.autoencoder:reconstruction_error"),
    examples=(Example(args=(np.array([[1.0, 2.0]]), np.array([[1.0, 5.0]])), expected=4.5),),
    regimes={"tables": _table_and_reconstruction, "whole-number pixels": _pixels},
    parts={"worked example": 0.5, "tables": 0.5, "whole-number pixels": 0.5},
    mistakes=(
        Mistake("subtracts uint8 pixels as they are: bytes have no minus sign, so 3 - 5 becomes 254; turn them into floats "
                "first", wrong.error_of_bytes, mark=1.0),
        Mistake("adds up the rows and divides by the number of columns only: average over all entries, rows included",
                wrong.error_per_column, mark=1.0),
        Mistake("divides by the number of rows only: average over all entries, so by N times D", wrong.error_per_row,
                also=(wrong.error_per_row_of_bytes,)),
        Mistake("takes absolute differences: the squared error squares them", wrong.error_absolute,
                also=(wrong.error_absolute_of_bytes,)),
        Mistake("takes the square root at the end: that is the root mean squared error", wrong.error_root,
                also=(wrong.error_root_of_bytes,)),
        Mistake("adds up the squares without dividing: then more data would look like a worse reconstruction",
                wrong.error_sum, also=(wrong.error_sum_of_bytes,)),
        Mistake("averages first and squares afterwards: errors of different sign cancel", wrong.error_of_the_mean,
                also=(wrong.error_of_the_mean_of_bytes,)),
        Mistake("leaves one error per row: the loss is a single number for the whole table", wrong.error_of_each_row, mark=1.0),
        Mistake("leaves one error per row, and subtracts uint8 pixels as they are: one number for the whole table, of floats",
                wrong.error_of_each_row_of_bytes, mark=0.5),
        Mistake("divides by the number of columns only, and subtracts uint8 pixels as they are: all entries count, as floats",
                wrong.error_per_column_of_bytes, mark=0.5),
    ),
    hints=("Difference, square, average: in this order.", "How many numbers do you average over? And what is the type of X?",
           "np.mean without an axis averages over all entries; X.astype(float) gives numbers that may be negative."),
    minutes=3, difficulty=1, rung="implement",
)

# -- one step of a tied linear autoencoder -------------------------------------------------------------------------------


def tied_autoencoder_step(X, W, lr):
    H = X @ W
    difference = H @ W.T - X
    dR = 2 * difference / X.size
    dW = X.T @ (dR @ W) + dR.T @ H
    return float(np.mean(difference**2)), W - lr * dW


def tied_autoencoder_step_by_scatter(X, W, lr):
    """The same through the D x D matrices S = X^T X and M = W W^T - 1."""
    S, M = X.T @ X, W @ W.T - np.eye(len(W))
    loss = np.trace(M @ S @ M) / X.size
    return loss, W - lr * 2 * (S @ M + M @ S) @ W / X.size


def _tied(rng):
    return rng.normal(size=(7, 5)), rng.normal(size=(5, 2)), float(rng.uniform(0.05, 0.2))


TIED_AUTOENCODER_STEP = Exercise(
    key="unit1.tied_autoencoder_step",
    title="One step of a tied linear autoencoder",
    reference=tied_autoencoder_step,
    alternatives=(tied_autoencoder_step_by_scatter, "dlkit.numpy.autoencoder:tied_linear_autoencoder_step"),
    examples=(Example(args=(np.array([[1.0, 2.0]]), np.array([[1.0], [0.0]]), 0.1),
                      expected=(2.0, np.array([[1.0], [0.2]]))),),
    regimes={"any numbers": Regime(_tied, cases=3)},
    parts={"worked example": 1.0, "any numbers": 2.0},
    mistakes=(
        Mistake("follows W through the decoder only: W also made the code, and that path has a gradient of its own",
                wrong.tied_decoder_only, mark=1.0),
        Mistake("follows W through the encoder only: W also decodes, and that path has a gradient of its own",
                wrong.tied_encoder_only),
        Mistake("counts the encoder's path twice: the decoder's path is another matrix", wrong.tied_encoder_twice),
        Mistake("counts the decoder's path twice: the encoder's path is another matrix", wrong.tied_decoder_twice),
        Mistake("forgets the 2 that the square leaves in the gradient", wrong.tied_without_two),
        Mistake("divides the gradient by the number of rows only: the mean runs over all N times D entries",
                wrong.tied_gradient_per_row),
        Mistake("divides loss and gradient by the number of rows only: the mean runs over all N times D entries",
                wrong.tied_per_row),
        Mistake("adds up the squares without dividing, in loss and gradient", wrong.tied_sum),
        Mistake("divides the loss but not the gradient by the number of entries", wrong.tied_gradient_of_the_sum),
        Mistake("starts from the plain difference R - X: the gradient of the mean of squares has a factor 2 / (N D)",
                wrong.tied_plain_difference, mark=1.0),
        Mistake("goes uphill: subtract the gradient of the error, or look at the sign of R - X", wrong.tied_uphill),
        Mistake("returns the loss after the step: it belongs to the W that made the gradient", wrong.tied_loss_after),
        Mistake("returns the gradient instead of the new W", wrong.tied_gradient),
        Mistake("changes W in place: the caller still needs the old one", wrong.tied_in_place),
    ),
    hints=("W acts twice, once in H = X W and once in R = H W^T. How many terms has its gradient?",
           "Through the decoder R = H W^T, with H held fixed: dR^T H. Through the encoder H = X W: X^T dH. What is dH?",
           "dR = 2 (R - X) / (N D), dH = dR W, dW = X^T dH + dR^T H."),
    minutes=8, difficulty=3, rung="implement", returns=("loss", "new W"),
)

# -- two losses behind a logistic output ---------------------------------------------------------------------------------


def output_gradients(x, z):
    e = np.exp(-np.abs(z))
    r = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return r - x, 2 * (r - x) * r * (1 - r)


def output_gradients_by_tanh(x, z):
    r = 0.5 + 0.5 * np.tanh(z / 2)
    return (1 - x) * r - x * (1 - r), (r - x) * (1 - np.tanh(z / 2) ** 2) / 2


def output_gradients_by_plain_sigmoid(x, z):
    r = 1 / (1 + np.exp(-z))
    return r - x, 2 * (r - x) * r * (1 - r)


def _grey_pixels(rng):
    return rng.uniform(0.05, 0.95, size=5), rng.uniform(-3.0, 3.0, size=5)


def _far_out(rng):
    """Black and white pixels, each kind once rightly and once wrongly rebuilt."""
    x, signs = rng.permutation([[0.0, -1.0], [0.0, 1.0], [1.0, -1.0], [1.0, 1.0]]).T
    return x, signs * rng.uniform(750.0, 900.0, size=4)


OUTPUT_GRADIENTS = Exercise(
    key="unit1.output_gradients",
    title="Log loss and squared error behind a logistic output",
    reference=output_gradients,
    alternatives=(output_gradients_by_tanh, output_gradients_by_plain_sigmoid),
    examples=(Example(args=(np.array([1.0]), np.array([-np.log(3.0)])), expected=(np.array([-0.75]), np.array([-0.28125]))),),
    regimes={"grey pixels": _grey_pixels, "huge z": Regime(_far_out, hidden=True)},
    parts={"worked example": 0.5, "grey pixels": 1.0, "huge z": 0.5},
    mistakes=(
        Mistake("treats every pixel as black or white: x between 0 and 1 is a target like any other", wrong.output_by_cases,
                mark=1.0, also=(wrong.output_by_rounding,)),
        Mistake("computes the sigmoid as exp(z) / (1 + exp(z)), which is infinity over infinity for large z",
                wrong.output_overflowing, mark=1.5),
        Mistake("stops at the derivative of the log loss with respect to r: one factor r (1 - r) is still to come, and it "
                "cancels", wrong.output_wrt_r),
        Mistake("keeps r (1 - r) in the gradient of the log loss: it cancels against the denominator", wrong.output_no_cancel),
        Mistake("stops at the derivative of the squared error with respect to r: the sigmoid's slope r (1 - r) is missing",
                wrong.output_without_slope),
        Mistake("forgets the 2 of the squared error", wrong.output_without_two, mark=0.5),
        Mistake("takes z for the reconstruction: r is the sigmoid of z", wrong.output_without_sigmoid),
        Mistake("computes the sigmoid's slope from z: it is r (1 - r), not z (1 - z)", wrong.output_slope_of_z),
        Mistake("uses the slope of tanh, 1 - r^2, for the sigmoid", wrong.output_slope_of_tanh),
        Mistake("returns the squared error's gradient first: the log loss comes first", wrong.output_swapped),
        Mistake("averages over the pixels: here each pixel keeps its own gradient", wrong.output_mean, mark=0.5),
    ),
    hints=("Write the loss as a function of r, take its derivative, then multiply by dr/dz.",
           "dr/dz = r (1 - r). For the log loss, dL/dr = (r - x) / (r (1 - r)).",
           "In the first gradient r (1 - r) cancels; in the second, 2 (r - x) r (1 - r), it stays."),
    minutes=6, difficulty=3, rung="derive", returns=("log loss gradient", "squared error gradient"),
)

# -- outlier scores ------------------------------------------------------------------------------------------------------


def outlier_scores(X, Xhat):
    difference = X - Xhat
    squares = difference**2
    return np.abs(difference), squares.sum(axis=1), squares.sum(axis=0)


def outlier_scores_by_loops(X, Xhat):
    n, d = X.shape
    entry = [[abs(X[i, j] - Xhat[i, j]) for j in range(d)] for i in range(n)]
    row = [sum(e * e for e in entry[i]) for i in range(n)]
    column = [sum(entry[i][j] ** 2 for i in range(n)) for j in range(d)]
    return entry, row, column


def _both_signs(rng):
    X, size = rng.normal(size=(5, 3)), rng.uniform(0.5, 2.0, size=(5, 3))
    return X, X + rng.permutation([1.0, -1.0] * 7 + [1.0]).reshape(5, 3) * size


OUTLIER_SCORES = Exercise(
    key="unit1.outlier_scores",
    title="Outlier scores of entries, rows and columns",
    reference=outlier_scores,
    alternatives=(outlier_scores_by_loops,),
    examples=(Example(args=(np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([[3.0, 2.0], [4.0, 6.0]])),
                      expected=(np.array([[0.0, 2.0], [1.0, 0.0]]), np.array([4.0, 1.0]), np.array([1.0, 4.0])),
                      source="lecture notes, unit 1"),),
    regimes={"errors of both signs": Regime(_both_signs, cases=3)},
    parts={"worked example": 1.0, "errors of both signs": 1.0},
    mistakes=(
        Mistake("keeps the sign of the entries: an entry that comes out too large is as suspicious as one too small",
                wrong.scores_signed, mark=1.0),
        Mistake("squares the sum instead of adding up the squares: errors of different sign cancel",
                wrong.scores_square_of_sum, mark=1.0),
        Mistake("squares the sum of the absolute errors instead of adding up the squares",
                wrong.scores_square_of_absolute_sum, mark=1.0),
        Mistake("squares the entries too: the score of an entry is |x - r|", wrong.scores_squared_entries),
        Mistake("adds up absolute errors: rows and columns add up squares", wrong.scores_absolute),
        Mistake("swaps the axes: the score of a row adds up along the row, so axis 1 goes away", wrong.scores_swapped),
        Mistake("takes means instead of sums for rows and columns", wrong.scores_means),
        Mistake("takes the root of the sums: the notes compare squared errors", wrong.scores_norms),
        Mistake("adds up errors with their sign, so that they cancel", wrong.scores_signed_sums),
        Mistake("keeps the summed axis: the row scores have shape (N,), the column scores (D,)", wrong.scores_keepdims),
    ),
    hints=("One difference, looked at in three ways.", "An axis that you sum over goes away: what is left for a row score?",
           "np.abs(X - Xhat), then the squares summed over axis 1, then over axis 0."),
    minutes=4, difficulty=2, rung="implement", returns=("entry", "row", "column"),
)

# -- debug: what a denoising autoencoder is fed and compared with --------------------------------------------------------


def denoising_target(X, noise):
    inputs = (X + noise).reshape(-1, X.shape[1])
    return inputs, np.tile(X, (len(noise), 1))


def denoising_target_by_loop(X, noise):
    return np.concatenate([X + draw for draw in noise]), np.concatenate([X for _ in noise])


def _one_draw():
    return np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[[0.5, 0.0], [0.0, -0.5]]])


def _three_draws(rng):
    return rng.normal(size=(5, 2)), rng.normal(size=(3, 5, 2))


DENOISING_TARGET = Exercise(
    key="unit1.denoising_target",
    title="Debug the training pairs of a denoising autoencoder",
    reference=denoising_target,
    alternatives=(denoising_target_by_loop,),
    examples=(Example(args=_one_draw(), expected=(np.array([[1.5, 2.0], [3.0, 3.5]]), np.array([[1.0, 2.0], [3.0, 4.0]]))),),
    regimes={"three draws": _three_draws},
    parts={"worked example": 0.5, "three draws": 1.0},
    mistakes=(
        Mistake("compares with the noisy input: that trains the network to copy the noise", wrong.denoising_noisy_target,
                also=(wrong.denoising_noisy_target_3d,)),
        Mistake("gives the clean rows as inputs and the noisy ones as targets: it is the other way round",
                wrong.denoising_swapped),
        Mistake("repeats each clean row in a block, while the inputs come draw by draw: input and target of a pair are then "
                "different examples", wrong.denoising_repeated, mark=0.5),
        Mistake("gives the clean table only once: every noisy copy needs its own target row", wrong.denoising_short_target,
                mark=0.5),
        Mistake("uses only the first draw of the noise", wrong.denoising_first_draw, mark=0.5),
        Mistake("averages the draws: averaged noise is weaker, and most of the training pairs are gone",
                wrong.denoising_averaged, mark=0.5),
        Mistake("asks for the noise instead of the clean rows", wrong.denoising_noise_target),
        Mistake("feeds the clean rows: without noise in the input there is nothing to remove", wrong.denoising_no_noise),
        Mistake("multiplies by the noise: it is added", wrong.denoising_multiplied),
        Mistake("subtracts the noise: here it is to be added", wrong.denoising_subtracted),
        Mistake("leaves the draws as an axis of their own: a network takes a table of rows", wrong.denoising_3d),
    ),
    hints=("What should the network give back when it sees a noisy digit?",
           "inputs and targets must have the same number of rows, and row i of one must belong to row i of the other.",
           "The targets are the clean table, all of it, once for each draw: np.tile or np.concatenate."),
    minutes=4, difficulty=2, rung="debug", returns=("inputs", "targets"),
)

EXERCISES = (RECONSTRUCTION_ERROR, TIED_AUTOENCODER_STEP, PERFECT_CODE_SIZES, DEEP_AUTOENCODER, OUTPUT_GRADIENTS,
             OUTLIER_SCORES, DENOISING_TARGET)
