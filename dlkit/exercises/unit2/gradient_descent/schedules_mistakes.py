"""Wrong answers to the exercises on schedules: each is complete, with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- inverse-time decay ----------------------------------------------------------------------------------------------------


def decay_from_one(initial, decay, epochs):
    return initial / (1 + decay * np.arange(1, epochs + 1))


def decay_compounded(initial, decay, epochs):
    rates, rate = [], initial
    for epoch in range(epochs):
        rate = rate / (1 + decay * epoch)
        rates.append(rate)
    return rates


def decay_no_brackets(initial, decay, epochs):
    return initial / 1 + decay * np.arange(epochs)


def decay_exponential(initial, decay, epochs):
    return initial / (1 + decay) ** np.arange(epochs)


def decay_e(initial, decay, epochs):
    return initial * np.exp(-decay * np.arange(epochs))


def decay_linear(initial, decay, epochs):
    return initial * (1 - decay * np.arange(epochs))


def decay_ignored(initial, decay, epochs):
    return initial / (1 + np.arange(epochs))


def decay_as_power(initial, decay, epochs):
    return initial / (1 + np.arange(epochs) ** decay)


def decay_as_power_of_all(initial, decay, epochs):
    return initial / (1 + np.arange(epochs)) ** decay


def decay_inverted(initial, decay, epochs):
    return initial / (1 + np.arange(epochs) / decay)


def decay_one_more(initial, decay, epochs):
    return initial / (1 + decay * np.arange(epochs + 1))


def decay_last_only(initial, decay, epochs):
    return initial / (1 + decay * (epochs - 1))


def decay_grows(initial, decay, epochs):
    return initial * (1 + decay * np.arange(epochs))


def decay_share(initial, decay, epochs):
    return initial / (1 + decay * np.arange(epochs) / epochs)


# -- warm-up and cosine ----------------------------------------------------------------------------------------------------


def _half_wave(lr, count, length):
    return lr * (1 + np.cos(np.pi * np.arange(count) / length)) / 2


def _climb(lr, warmup):
    return lr * np.arange(1, warmup + 1) / max(warmup, 1)


def warmup_from_zero(lr, warmup, epochs):
    rest = epochs - warmup
    return np.concatenate([lr * np.arange(warmup) / max(warmup, 1), _half_wave(lr, rest, rest)])


def cosine_from_the_start(lr, warmup, epochs):
    return np.concatenate([_climb(lr, warmup), _half_wave(lr, epochs, epochs)[warmup:]])


def cosine_over_all(lr, warmup, epochs):
    return np.concatenate([_climb(lr, warmup), _half_wave(lr, epochs - warmup, epochs)])


def cosine_arrives_early(lr, warmup, epochs):
    rest = epochs - warmup
    return np.concatenate([_climb(lr, warmup), _half_wave(lr, rest, rest - 1)])


def cosine_from_one(lr, warmup, epochs):
    rest = epochs - warmup
    return np.concatenate([_climb(lr, warmup), lr * (1 + np.cos(np.pi * np.arange(1, rest + 1) / rest)) / 2])


def cosine_whole_wave(lr, warmup, epochs):
    rest = epochs - warmup
    return np.concatenate([_climb(lr, warmup), _half_wave(lr, rest, rest / 2)])


def cosine_quarter(lr, warmup, epochs):
    rest = epochs - warmup
    return np.concatenate([_climb(lr, warmup), lr * np.cos(np.pi * np.arange(rest) / (2 * rest))])


def cosine_straight(lr, warmup, epochs):
    rest = epochs - warmup
    return np.concatenate([_climb(lr, warmup), lr * (1 - np.arange(rest) / rest)])


def cosine_missing(lr, warmup, epochs):
    return np.concatenate([_climb(lr, warmup), np.full(epochs - warmup, lr)])


def cosine_not_halved(lr, warmup, epochs):
    rest = epochs - warmup
    return np.concatenate([_climb(lr, warmup), 2 * _half_wave(lr, rest, rest)])


def warmup_too_long(lr, warmup, epochs):
    rates = []
    for epoch in range(epochs):
        if epoch <= warmup:
            rates.append(lr * (epoch + 1) / (warmup + 1))
        else:
            rates.append(lr * (1 + np.cos(np.pi * (epoch - warmup) / (epochs - warmup))) / 2)
    return rates


def warmup_doubling(lr, warmup, epochs):
    rest = epochs - warmup
    return np.concatenate([lr * 0.5 ** np.arange(warmup)[::-1], _half_wave(lr, rest, rest)])


def warmup_divides_by_zero(lr, warmup, epochs):
    step = lr / warmup
    rest = epochs - warmup
    return np.concatenate([step * np.arange(1, warmup + 1), _half_wave(lr, rest, rest)])


def warmup_times_cosine(lr, warmup, epochs):
    climb = np.minimum(np.arange(1, epochs + 1) / max(warmup, 1), 1.0)
    return climb * _half_wave(lr, epochs, epochs)


def warmup_last(lr, warmup, epochs):
    rest = epochs - warmup
    return np.concatenate([_half_wave(lr, rest, rest), _climb(lr, warmup)]) if warmup else np.full(epochs, lr)


def warmup_missing(lr, warmup, epochs):
    return _half_wave(lr, epochs, epochs)
