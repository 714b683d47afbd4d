"""Wrong ways across a ravine."""

from __future__ import annotations

import numpy as np


def plain_descent(gradient, start, steepest, budget):
    x = np.array(start, dtype=float)
    for _ in range(budget):
        x = x - gradient(x) / steepest
    return x


def plain_descent_at_the_edge(gradient, start, steepest, budget):
    x = np.array(start, dtype=float)
    for _ in range(budget):
        x = x - 1.95 * gradient(x) / steepest
    return x


def rate_too_large(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + 4.0 * gradient(x) / steepest
        x = x - v
    return x


def rate_of_one(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + gradient(x)
        x = x - v
    return x


def averaged_with_small_rate(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + 0.1 * gradient(x)
        x = x - v / steepest
    return x


def memory_lost(gradient, start, steepest, budget):
    x = np.array(start, dtype=float)
    for _ in range(budget):
        v = np.zeros(len(start))
        v = 0.9 * v + 0.5 * gradient(x) / steepest
        x = x - v
    return x


def twice_the_budget(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(2 * budget):
        v = 0.9 * v + gradient(x) / steepest
        x = x - v
    return x


def gradient_asked_twice(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + gradient(x) / steepest
        if np.abs(gradient(x)).max() < 1e-12:
            break
        x = x - v
    return x


def gradient_asked_twice_ahead(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        if np.linalg.norm(gradient(x)) < 1e-12:
            break
        v = 0.9 * v + gradient(x - 0.9 * v) / steepest
        x = x - v
    return x


def one_gradient_too_many(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget + 1):
        v = 0.9 * v + gradient(x) / steepest
        x = x - v
    return x


def gradient_of_the_start(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + gradient(start) / steepest
        x = x - v
    return x


def adam_as_it_comes(gradient, start, steepest, budget):
    x, m, v = np.array(start, dtype=float), 0.0, 0.0
    for t in range(1, budget + 1):
        g = gradient(x)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        x = x - 0.001 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return x


def adagrad_as_it_comes(gradient, start, steepest, budget):
    x, total = np.array(start, dtype=float), 0.0
    for _ in range(budget):
        g = gradient(x)
        total = total + g**2
        x = x - 0.01 * g / (np.sqrt(total) + 1e-8)
    return x


def uphill(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + gradient(x) / steepest
        x = x + v
    return x


def velocity_returned(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + gradient(x) / steepest
        x = x - v
    return v


def path_returned(gradient, start, steepest, budget):
    path, v = [np.array(start, dtype=float)], np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + gradient(path[-1]) / steepest
        path.append(path[-1] - v)
    return np.array(path)


def returned_after_one_step(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + gradient(x) / steepest
        x = x - v
        return x


def direction_only(gradient, start, steepest, budget):
    x = np.array(start, dtype=float)
    for _ in range(budget):
        g = gradient(x)
        x = x - 0.1 * g / np.sqrt(g @ g)
    return x


def first_length(gradient, start, steepest, budget):
    x = np.array(start, dtype=float)
    length = np.sqrt(np.sum(gradient(x) ** 2))
    v = np.zeros(len(start))
    for _ in range(budget - 1):
        v = 0.85 * v + gradient(x) / length / steepest
        x = x - length * v
    return x


def first_length_and_gradient_kept(gradient, start, steepest, budget):
    x = np.array(start, dtype=float)
    g = gradient(x)
    length, v = np.linalg.norm(g), np.zeros(len(start))
    for _ in range(budget - 1):
        v = 0.85 * v + (g / length) / steepest
        x = x - v * length
        g = gradient(x)
    return x


def rate_built_in(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + 0.01 * gradient(x)
        x = x - v
    return x


def rate_of_the_picture(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + 0.05 * gradient(x - 0.9 * v)
        x = x - v
    return x


def rate_of_the_picture_averaged(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + (1 - 0.9) * gradient(x)
        x = x - 0.5 * v
    return x


def rate_of_a_tenth(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + 0.1 * gradient(x)
        x = x - v
    return x


def rate_of_a_tenth_ahead(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + 0.1 * gradient(x - 0.9 * v)
        x = x - v
    return x


def two_numbers_only(gradient, start, steepest, budget):
    x, v = np.array(start, dtype=float), np.zeros(2)
    for _ in range(budget):
        v = 0.9 * v + gradient(x) / steepest
        x = x - v
    return x


def secant_rate(gradient, start, steepest, budget):
    old, old_g = np.array(start, dtype=float), gradient(start)
    x = old - old_g / steepest
    for _ in range(budget - 1):
        g = gradient(x)
        if g @ g < 1e-18 < old_g @ old_g:
            return x
        s, y = x - old, g - old_g
        old, old_g = x, g
        x = x - (s @ s) / (s @ y) * g
    return x


def in_place(gradient, start, steepest, budget):
    v = np.zeros(len(start))
    for _ in range(budget):
        v = 0.9 * v + gradient(start) / steepest
        start -= v
    return start
