"""The exercises decayed_rates and warmup_cosine: schedules of the learning rate."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake, Regime
from dlkit.exercises.unit2.gradient_descent import schedules_mistakes as wrong
from dlkit.numpy import schedules

# -- inverse-time decay ----------------------------------------------------------------------------------------------------


def decayed_rates(initial, decay, epochs):
    schedule = schedules.inverse_time_decay(initial, decay)
    return np.array([schedule(epoch) for epoch in range(epochs)])


def decayed_rates_in_one_line(initial, decay, epochs):
    return initial / (1 + decay * np.arange(epochs))


def _other_decays(rng):
    return float(rng.uniform(0.05, 0.4)), float(rng.uniform(0.2, 0.8)), int(rng.integers(7, 12))


DECAYED_RATES = Exercise(
    key="unit2.decayed_rates",
    title="Learning rates that decay with the inverse of time",
    reference=decayed_rates,
    alternatives=(decayed_rates_in_one_line,),
    examples=(Example(args=(0.2, 1.0, 5), expected=np.array([0.2, 0.1, 0.0666666667, 0.05, 0.04]),
                      source="lecture notes, unit 2, learning rate decay"),),
    regimes={"other decays": _other_decays},
    parts={"worked example": 0.5, "other decays": 0.5},
    mistakes=(
        Mistake("counts epochs from 1, as the table of the notes does: epoch 0 has the initial rate", wrong.decay_from_one),
        Mistake("divides the last rate again and again: each rate is the initial one, divided", wrong.decay_compounded),
        Mistake("lacks brackets: initial / 1 + decay * epoch divides by 1 only", wrong.decay_no_brackets),
        Mistake("decays by a constant factor, initial / (1 + decay)^epoch: that is exponential decay, which falls faster",
                wrong.decay_exponential),
        Mistake("decays like e^(-decay epoch): that is exponential decay, which falls faster", wrong.decay_e),
        Mistake("subtracts decay times the epoch from 1: that is a straight line, and it falls below 0", wrong.decay_linear),
        Mistake("never uses the decay: right only where it is 1, as in the worked example", wrong.decay_ignored, mark=0.5),
        Mistake("raises the epoch to the power of the decay: right only where it is 1, as in the worked example",
                wrong.decay_as_power, mark=0.5, also=(wrong.decay_as_power_of_all,)),
        Mistake("divides by 1 + epoch / decay: right only where the decay is 1, as in the worked example",
                wrong.decay_inverted, mark=0.5),
        Mistake("returns one rate too many: epochs 0 to epochs - 1 were asked for", wrong.decay_one_more),
        Mistake("returns the rate of the last epoch only", wrong.decay_last_only),
        Mistake("multiplies where it should divide: the rates grow", wrong.decay_grows),
        Mistake("divides by the total number of epochs too, so that the rate hardly falls", wrong.decay_share),
    ),
    hints=("What does the formula give for epoch 0? And for epoch 1?",
           "np.arange(epochs) holds all epochs, 0 first.",
           "Put that array in the place of t, and mind the brackets: the whole sum stands below the line of the fraction."),
    minutes=3, difficulty=1, rung="implement",
)

# -- warm-up and cosine ----------------------------------------------------------------------------------------------------


def warmup_cosine(lr, warmup, epochs):
    schedule = schedules.warmup_cosine(lr, warmup, epochs)
    return np.array([schedule(epoch) for epoch in range(epochs)])


def warmup_cosine_in_two_pieces(lr, warmup, epochs):
    climb = lr * np.arange(1, warmup + 1) / max(warmup, 1)
    rest = epochs - warmup
    return np.concatenate([climb, lr * np.cos(np.pi * np.arange(rest) / (2 * rest)) ** 2])


def _other_lengths(rng):
    warmup = int(rng.integers(3, 6))
    return float(rng.uniform(0.1, 0.9)), warmup, warmup + int(rng.integers(6, 12))


def _no_warmup(rng):
    return float(rng.uniform(0.1, 0.9)), 0, int(rng.integers(7, 12))


WARMUP_COSINE = Exercise(
    key="unit2.warmup_cosine",
    title="Warm-up, then a cosine",
    reference=warmup_cosine,
    alternatives=(warmup_cosine_in_two_pieces,),
    examples=(Example(args=(0.4, 2, 6), expected=np.array([0.2, 0.4, 0.4, 0.3414213562, 0.2, 0.0585786438])),),
    regimes={"other lengths": _other_lengths, "no warm-up": Regime(_no_warmup, 1, hidden=True)},
    parts={"worked example": 0.5, "other lengths": 1.0, "no warm-up": 0.5},
    mistakes=(
        Mistake("begins the climb at 0, so that a whole epoch learns nothing: its first rate is lr / warmup",
                wrong.warmup_from_zero, mark=0.5),
        Mistake("lets the cosine run from epoch 0: its clock starts when the warm-up is over", wrong.cosine_from_the_start,
                mark=0.5),
        Mistake("stretches the cosine over all epochs: it has only epochs - warmup of them", wrong.cosine_over_all, mark=0.5),
        Mistake("lets the last epoch have rate 0, so that it learns nothing: the cosine would arrive there one epoch later",
                wrong.cosine_arrives_early),
        Mistake("counts the epochs of the cosine from 1: its first one, e = 0, has the full rate", wrong.cosine_from_one),
        Mistake("runs through a whole wave: half of one leads down", wrong.cosine_whole_wave),
        Mistake("falls along a quarter of a wave, lr * cos: half of 1 + cos is flat at both ends", wrong.cosine_quarter),
        Mistake("falls along a straight line", wrong.cosine_straight),
        Mistake("stays at the full rate after the warm-up: the cosine is missing", wrong.cosine_missing),
        Mistake("forgets to halve 1 + cos: the rate jumps to twice its size after the warm-up", wrong.cosine_not_halved),
        Mistake("climbs for one epoch more than warmup", wrong.warmup_too_long, mark=0.5),
        Mistake("doubles the rate in every epoch of the warm-up: it climbs in equal steps", wrong.warmup_doubling, mark=1.0),
        Mistake("divides by 0 when there is no warm-up", wrong.warmup_divides_by_zero, mark=1.5),
        Mistake("multiplies the climb and a cosine that runs over all epochs", wrong.warmup_times_cosine, mark=0.5),
        Mistake("starts at the full rate and only then climbs: the climb comes first", wrong.warmup_last),
        Mistake("has no warm-up: the cosine runs over all epochs", wrong.warmup_missing, mark=0.5),
    ),
    hints=("Two pieces. Make sure of each alone, then ask which epochs belong to which.",
           "The climb has the rates lr / warmup, 2 lr / warmup, ..., lr. The cosine begins with lr in the epoch after that.",
           "In epoch e of the cosine, counted from its own start, the rate is lr * (1 + cos(pi * e / (epochs - warmup))) / 2."),
    minutes=7, difficulty=3, rung="compose",
)
