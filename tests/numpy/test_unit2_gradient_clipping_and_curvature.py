"""Worked examples and errata of clipping and curvature: the printed claim with its slip, and the right one."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy.clipping import clip_by_global_norm, clip_by_norm, clip_by_value, global_norm
from dlkit.numpy.curvature import hessian, inflection_points, second_derivative, second_derivative_test
from dlkit.numpy.line_descent import ssr_gradient, ssr_hessian
from dlkit.numpy.newton import condition_number, newton_step

X, Y = np.array([0.6, 0.8, 1.1]), np.array([1.1, 1.2, 2.1])


def cubic(x):
    return x**3 - 3 * x


def test_W40_maximum_minimum_and_inflection_of_a_cubic():
    at = np.array([-1.0, 1.0])
    np.testing.assert_allclose(3 * at**2 - 3, 0.0)
    np.testing.assert_allclose(second_derivative(cubic, at), [-6.0, 6.0], atol=1e-6)
    assert [second_derivative_test(0.0, c) for c in (-6.0, 6.0)] == ["maximum", "minimum"]
    np.testing.assert_allclose(inflection_points(lambda x: 6 * x, -2.0, 2.0), [0.0], atol=1e-12)


def test_W23_conditioning_of_the_line_and_one_step_of_newton():
    assert condition_number(ssr_hessian(X)) == pytest.approx(69.417, abs=5e-4)
    line = newton_step([1.0, 0.0], np.array(ssr_gradient(1.0, 0.0, X, Y)), ssr_hessian(X))
    np.testing.assert_allclose(line, [2.0789473684, -0.2657894737], atol=5e-11)


def test_scaling_the_input_makes_the_valley_of_the_line_round():
    centred = X - X.mean()
    assert condition_number(ssr_hessian(centred)) == pytest.approx(6 / (2 * centred @ centred))
    assert condition_number(ssr_hessian(centred / X.std())) == pytest.approx(1.0)


def test_E3_17_by_array_the_step_turns_by_global_norm_it_does_not():
    grads = {"W": np.array([3.0, 4.0]), "b": np.array([12.0])}
    assert global_norm(grads) == 13.0
    each = {name: clip_by_norm(g, 6.5) for name, g in grads.items()}  # as printed: every weight tensor by itself
    assert each["W"].tolist() == [3.0, 4.0] and each["b"].tolist() == [6.5]
    together, norm = clip_by_global_norm(grads, 6.5)
    assert together["W"].tolist() == [1.5, 2.0] and together["b"].tolist() == [6.0] and norm == 13.0

    def cosine(a):
        one, two = (np.concatenate([d[name] for name in ("W", "b")]) for d in (a, grads))
        return one @ two / (np.linalg.norm(one) * np.linalg.norm(two))

    assert cosine(each) < 0.97 and cosine(together) == pytest.approx(1.0)


def test_E3_18_examples_of_clipping():
    g = [12.0, -5.0, 0.5]
    assert clip_by_value(g, 4.0).tolist() == [4.0, -4.0, 0.5]
    np.testing.assert_allclose(clip_by_norm(g, 4.0), np.array(g) * 4 / np.sqrt(169.25))


@pytest.mark.parametrize(("f", "first", "second", "zero_of_f"), [(cubic, lambda x: 3 * x**2 - 3, lambda x: 6 * x, np.sqrt(3.0))])
def test_E3_19_the_test_asks_for_a_point_without_slope(f, first, second, zero_of_f):
    assert second(0.5) > 0 and first(0.5) < -2  # as printed, f'' > 0 alone would make this a minimum
    assert second_derivative_test(first(0.5), second(0.5)) == "not stationary"
    assert f(0.6) < f(0.5)
    assert f(zero_of_f) == pytest.approx(0.0, abs=1e-12)  # a zero of the function is no inflection point
    assert np.sign(second(zero_of_f - 0.1)) == np.sign(second(zero_of_f + 0.1))
    assert np.sign(second(-0.1)) != np.sign(second(0.1))  # a zero of f'', with both sides looked at


def test_E3_19_look_on_both_sides_of_the_candidate_and_not_of_zero():
    moved = [lambda x: 6 * (x - 2)]  # of (x - 2)^3 - 3 (x - 2): its inflection point is at 2
    for second in moved:
        assert np.sign(second(-0.1)) == np.sign(second(0.1))  # "values around 0" see nothing
        np.testing.assert_allclose(inflection_points(second, -1.0, 5.0), [2.0], atol=1e-12)


def test_E3_24_a_saddle_to_read():
    def saddle(p):
        return p[0] ** 2 - p[1] ** 2

    H = hessian(saddle, [0.0, 0.0])
    np.testing.assert_allclose(H, [[2.0, 0.0], [0.0, -2.0]], atol=1e-6)
    assert second_derivative_test([0.0, 0.0], H) == "saddle"
    assert saddle([0.1, 0.0]) > 0 > saddle([0.0, 0.1]) and saddle([0.1, 0.1]) == 0
    np.testing.assert_allclose(newton_step([0.7, -0.4], [1.4, 0.8], np.diag([2.0, -2.0])), [0.0, 0.0])  # walks into it
