"""The exercise running_statistics: a batch norm that remembers, driven by a public script through training and inference."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake


class RunningNorm:
    def __init__(self, num_features, momentum, eps):
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.momentum, self.eps = momentum, eps

    def forward(self, X, training):
        if not training:
            return (X - self.running_mean) / np.sqrt(self.running_var + self.eps)
        mean, var = X.mean(axis=0), X.var(axis=0)
        m = self.momentum
        self.running_mean = (1 - m) * self.running_mean + m * mean
        self.running_var = (1 - m) * self.running_var + m * X.var(axis=0, ddof=1)
        return (X - mean) / np.sqrt(var + self.eps)


class RunningNormByDifferences:
    """Moves the statistics by a fraction of what is missing, in place, and keeps a column of means."""

    def __init__(self, num_features, momentum, eps):
        self.running_mean = np.zeros(num_features)
        self.running_var = np.zeros(num_features) + 1.0
        self.options = {"momentum": momentum, "eps": eps}

    def forward(self, X, training):
        mean, var = self.running_mean, self.running_var
        if training:
            n = len(X)
            mean = np.ones(n) @ X / n
            var = ((X - mean) ** 2).sum(axis=0) / n
            self.running_mean += self.options["momentum"] * (mean - self.running_mean)
            self.running_var += self.options["momentum"] * (var * n / (n - 1) - self.running_var)
        return np.array([(x - mean) * (var + self.options["eps"]) ** -0.5 for x in X])


def train_then_predict(answer, batches, X, momentum, eps):
    """The public script: a forward pass over each batch in training, one in inference after each, then inference alone."""
    layer = answer.later("RunningNorm", len(X[0]), momentum, eps, keep=True)
    passes = [answer.later(layer, rows, training, method="forward")
              for batch in batches for rows, training in ((batch, True), (X, False))]  # fmt: skip
    mean, var = (answer.later(layer, method=name, get=True) for name in ("running_mean", "running_var"))
    inference, one_row = (answer.later(layer, rows, False, method="forward") for rows in (X, X[:1]))
    outputs = [call.value for call in (layer, *passes)]
    return {"training": outputs[1::2], "mean": mean.value, "var": var.value, "inference": inference.value,
            "one row": one_row.value}


def follow_train_then_predict(args, own):
    batches, X, momentum, eps = args
    mean, var = np.zeros(X.shape[1]), np.ones(X.shape[1])
    for batch in batches:
        mean = (1 - momentum) * mean + momentum * batch.mean(axis=0)
        var = (1 - momentum) * var + momentum * batch.var(axis=0, ddof=1)
    inference = (X - own["mean"]) / np.sqrt(own["var"] + eps)
    return {"training": [(batch - batch.mean(axis=0)) / np.sqrt(batch.var(axis=0) + eps) for batch in batches],
            "mean": mean, "var": var, "inference": inference, "one row": inference[:1]}


# -- mistakes ------------------------------------------------------------------------------------------------------------


class BiasedRunningVariance(RunningNorm):
    def forward(self, X, training):
        old = self.running_var
        Y = super().forward(X, training)
        if training:
            self.running_var = (1 - self.momentum) * old + self.momentum * X.var(axis=0)
        return Y


class UnbiasedEverywhere(RunningNorm):
    def forward(self, X, training):
        Y = super().forward(X, training)
        if training:
            Y = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0, ddof=1) + self.eps)
        return Y


class UnbiasedAndBiasedSwapped(RunningNorm):
    def forward(self, X, training):
        old = self.running_var
        Y = super().forward(X, training)
        if training:
            self.running_var = (1 - self.momentum) * old + self.momentum * X.var(axis=0)
            Y = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0, ddof=1) + self.eps)
        return Y


class MomentumOfTheOld(RunningNorm):
    def forward(self, X, training):
        self.momentum = 1 - self.momentum
        Y = super().forward(X, training)
        self.momentum = 1 - self.momentum
        return Y


class AlwaysTraining(RunningNorm):
    def forward(self, X, training):
        Y = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + self.eps)
        if training:
            super().forward(X, training)
        return Y


class LearnsInInference(RunningNorm):
    def forward(self, X, training):
        if len(X) > 1:
            m = self.momentum
            running = ((1 - m) * self.running_mean + m * X.mean(axis=0), (1 - m) * self.running_var + m * X.var(axis=0, ddof=1))
        Y = super().forward(X, training)
        if len(X) > 1:
            self.running_mean, self.running_var = running
        return Y


class LearnsInInferenceBefore(RunningNorm):
    def forward(self, X, training):
        if not training and len(X) > 1:
            super().forward(X, True)
        return super().forward(X, training)


class TrainsWithRunning(RunningNorm):
    def forward(self, X, training):
        super().forward(X, training)
        return (X - self.running_mean) / np.sqrt(self.running_var + self.eps)


class TrainsWithRunningBefore(RunningNorm):
    def forward(self, X, training):
        Y = (X - self.running_mean) / np.sqrt(self.running_var + self.eps)
        super().forward(X, training)
        return Y


class AveragesSpreads(RunningNorm):
    def forward(self, X, training):
        old = self.running_var
        Y = super().forward(X, training)
        if training:
            self.running_var = (1 - self.momentum) * old + self.momentum * X.std(axis=0, ddof=1)
        return Y


class AveragesSpreadsAndSquares(RunningNorm):
    def forward(self, X, training):
        old = self.running_var
        Y = super().forward(X, training)
        if training:
            self.running_var = ((1 - self.momentum) * np.sqrt(old) + self.momentum * X.std(axis=0, ddof=1)) ** 2
        return Y


class StartsWithZeroVariance(RunningNorm):
    def __init__(self, num_features, momentum, eps):
        super().__init__(num_features, momentum, eps)
        self.running_var = np.zeros(num_features)


class StartsWithMeanOne(RunningNorm):
    def __init__(self, num_features, momentum, eps):
        super().__init__(num_features, momentum, eps)
        self.running_mean = np.ones(num_features)


class TakesOverFirstBatch(RunningNorm):
    def __init__(self, num_features, momentum, eps):
        super().__init__(num_features, momentum, eps)
        self.first = True

    def forward(self, X, training):
        Y = super().forward(X, training)
        if training and self.first:
            self.running_mean, self.running_var, self.first = X.mean(axis=0), X.var(axis=0, ddof=1), False
        return Y


class PlainAverage(RunningNorm):
    def __init__(self, num_features, momentum, eps):
        super().__init__(num_features, momentum, eps)
        self.seen = 0

    def forward(self, X, training):
        if training:
            self.seen += 1
            self.momentum = 1 / self.seen
        return super().forward(X, training)


class LastBatchOnly(RunningNorm):
    def forward(self, X, training):
        Y = super().forward(X, training)
        if training:
            self.running_mean, self.running_var = X.mean(axis=0), X.var(axis=0, ddof=1)
        return Y


class EpsInRunningVariance(RunningNorm):
    def forward(self, X, training):
        old = self.running_var
        Y = super().forward(X, training)
        if training:
            self.running_var = (1 - self.momentum) * old + self.momentum * (X.var(axis=0, ddof=1) + self.eps)
        return Y


class EpsOutside(RunningNorm):
    def forward(self, X, training):
        super().forward(X, training)
        if training:
            return (X - X.mean(axis=0)) / (X.std(axis=0) + self.eps)
        return (X - self.running_mean) / (np.sqrt(self.running_var) + self.eps)


class NoEpsInInference(RunningNorm):
    def forward(self, X, training):
        if training:
            return super().forward(X, training)
        return (X - self.running_mean) / np.sqrt(self.running_var)


class InferenceDividesByVariance(RunningNorm):
    def forward(self, X, training):
        if training:
            return super().forward(X, training)
        return (X - self.running_mean) / (self.running_var + self.eps)


class AddsUp(RunningNorm):
    def forward(self, X, training):
        mean, var = self.running_mean, self.running_var
        Y = super().forward(X, training)
        if training:
            self.running_mean = mean + self.momentum * X.mean(axis=0)
            self.running_var = var + self.momentum * X.var(axis=0, ddof=1)
        return Y


class MovesAway(RunningNorm):
    def forward(self, X, training):
        mean, var = self.running_mean, self.running_var
        Y = super().forward(X, training)
        if training:
            self.running_mean = mean - self.momentum * (X.mean(axis=0) - mean)
            self.running_var = var - self.momentum * (X.var(axis=0, ddof=1) - var)
        return Y


class VarianceAroundRunningMean(RunningNorm):
    def forward(self, X, training):
        old = self.running_var
        Y = super().forward(X, training)
        if training:
            batch = ((X - self.running_mean) ** 2).sum(axis=0) / (len(X) - 1)
            self.running_var = (1 - self.momentum) * old + self.momentum * batch
        return Y


class NeverUpdates(RunningNorm):
    def forward(self, X, training):
        mean, var = self.running_mean, self.running_var
        Y = super().forward(X, training)
        self.running_mean, self.running_var = mean, var
        return Y


class UpdatesMeanOnly(RunningNorm):
    def forward(self, X, training):
        var = self.running_var
        Y = super().forward(X, training)
        self.running_var = var
        return Y


class InWholeNumbers(RunningNorm):
    def forward(self, X, training):
        Y = np.zeros_like(X)
        Y[...] = super().forward(X, training)
        return Y


class InPlace(RunningNorm):
    def forward(self, X, training):
        Y = super().forward(X, training)
        if training and X.dtype.kind == "f":
            X -= X.mean(axis=0)
        return Y


class OneStatisticForAll(RunningNorm):
    def forward(self, X, training):
        if not training:
            return super().forward(X, training)
        m, D = self.momentum, X.shape[1]
        self.running_mean = (1 - m) * self.running_mean + m * np.full(D, X.mean())
        self.running_var = (1 - m) * self.running_var + m * np.full(D, X.var(ddof=1))
        return (X - X.mean()) / np.sqrt(X.var() + self.eps)


# -- cases ---------------------------------------------------------------------------------------------------------------


def _several_batches(rng):
    """Three batches of five rows, and rows to predict that lie elsewhere."""
    centre, spread = rng.uniform(2.0, 4.0, size=3) * rng.choice([-1, 1], size=3), rng.uniform(1.5, 3.0, size=3)
    batches = [rng.normal(size=(5, 3)) * spread + centre for _ in range(3)]
    return batches, rng.normal(size=(4, 3)) * spread - centre, 0.1, 1e-3


RUNNING_STATISTICS = Exercise(
    key="unit2.running_statistics",
    title="A batch norm that remembers",
    reference={"RunningNorm": RunningNorm},
    alternatives=({"RunningNorm": RunningNormByDifferences},),
    probe=train_then_predict,
    follow=follow_train_then_predict,
    examples=(Example(
        args=([np.array([[1], [5]])], np.array([[3], [6]]), 0.5, 0.0),
        expected={"training": [np.array([[-1.0], [1.0]])], "mean": np.array([1.5]), "var": np.array([4.5]),
                  "inference": np.array([[0.7071067811865475], [2.121320343559643]]),
                  "one row": np.array([[0.7071067811865475]])}),),
    regimes={"several batches": _several_batches},
    steps={"output in training": ("training",), "running mean": ("mean",), "running variance": ("var",),
           "inference": ("inference", "one row")},
    parts={"output in training": 0.5, "running mean": 0.5, "running variance": 1.0, "inference": 1.0},
    mistakes=(
        Mistake("takes the biased variance of the batch into the running one: there it divides by N - 1",
                {"RunningNorm": BiasedRunningVariance}, mark=2.0),
        Mistake("normalises in training with the variance that divides by N - 1: only the running one is unbiased",
                {"RunningNorm": UnbiasedEverywhere}, mark=2.5),
        Mistake("has the two variances the wrong way round: divide by N to normalise, by N - 1 for the running one",
                {"RunningNorm": UnbiasedAndBiasedSwapped}, mark=1.5),
        Mistake("gives momentum to the old value: here it is the weight of the new batch",
                {"RunningNorm": MomentumOfTheOld}, mark=1.5),
        Mistake("normalises by the batch in inference, too, so a row's answer depends on its company and one row alone "
                "becomes 0", {"RunningNorm": AlwaysTraining}, mark=2.0),
        Mistake("goes on learning in inference: only a training pass may move the running statistics",
                {"RunningNorm": LearnsInInference}, mark=0.5, also=({"RunningNorm": LearnsInInferenceBefore},)),
        Mistake("normalises by the running statistics in training: there it is the batch's own that count",
                {"RunningNorm": TrainsWithRunning}, mark=2.5, also=({"RunningNorm": TrainsWithRunningBefore},)),
        Mistake("averages standard deviations: it is the variances that are averaged", {"RunningNorm": AveragesSpreads},
                mark=2.0, also=({"RunningNorm": AveragesSpreadsAndSquares},)),
        Mistake("starts the running variance at 0: it starts at 1", {"RunningNorm": StartsWithZeroVariance}, mark=2.0),
        Mistake("starts the running mean at 1: it starts at 0", {"RunningNorm": StartsWithMeanOne}, mark=2.5),
        Mistake("takes the first batch over as it is: it enters with weight momentum like all others",
                {"RunningNorm": TakesOverFirstBatch}, mark=1.5),
        Mistake("gives all batches the same weight: momentum is the weight of the newest", {"RunningNorm": PlainAverage},
                mark=1.5),
        Mistake("keeps the last batch only: a running average blends it with what was there", {"RunningNorm": LastBatchOnly},
                mark=1.5),
        Mistake("stores eps in the running variance: it is added when dividing, each time",
                {"RunningNorm": EpsInRunningVariance}, mark=2.0),
        Mistake("divides by sigma + eps: eps belongs inside the root, sqrt(var + eps)", {"RunningNorm": EpsOutside},
                mark=1.5),
        Mistake("forgets eps in inference", {"RunningNorm": NoEpsInInference}, mark=2.0),
        Mistake("divides by the running variance in inference: its square root is missing",
                {"RunningNorm": InferenceDividesByVariance}, mark=2.0),
        Mistake("adds the new without letting the old fade: the weights 1 - momentum and momentum sum to 1",
                {"RunningNorm": AddsUp}, mark=1.5),
        Mistake("moves the running statistics away from the batch: old + momentum * (batch - old)",
                {"RunningNorm": MovesAway}, mark=1.5),
        Mistake("takes the batch's variance around the running mean: it is taken around the batch's own",
                {"RunningNorm": VarianceAroundRunningMean}, mark=2.0),
        Mistake("never updates the running statistics", {"RunningNorm": NeverUpdates}, mark=1.5),
        Mistake("updates the running mean and forgets the running variance", {"RunningNorm": UpdatesMeanOnly}, mark=2.0),
        Mistake("keeps whole numbers whole: an array like X takes its type, and integers cut every fraction off",
                {"RunningNorm": InWholeNumbers}, mark=2.0),
        Mistake("subtracts the mean from the batch in place and so spoils it for whoever called", {"RunningNorm": InPlace}),
        Mistake("takes one mean and one variance over all features: every feature has its own",
                {"RunningNorm": OneStatisticForAll}, mark=1.0),
    ),
    hints=("Two lines of __init__: with which mean and variance would a layer that has seen nothing leave X as it is?",
           "In training the batch normalises itself (variance by N); running = (1 - momentum) * running + momentum * batch; "
           "there the batch's variance divides by N - 1 (ddof=1).",
           "In inference nothing is updated: (X - running_mean) / sqrt(running_var + eps)."),
    minutes=10, difficulty=3, rung="implement",
)
