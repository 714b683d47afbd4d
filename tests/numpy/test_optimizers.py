"""Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW: steps by hand, state, forms, epsilon, dtypes, errors."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.numpy import adam, adaptive, momentum
from dlkit.numpy.adam import Adam, AdamW
from dlkit.numpy.adaptive import AdaGrad, RMSProp
from dlkit.numpy.losses_classification import cross_entropy
from dlkit.numpy.momentum import FORMS, SGD, Momentum, Nesterov
from dlkit.numpy.network import mlp
from dlkit.numpy.optim import GradientDescent
from dlkit.numpy.optimizers import StatefulOptimizer, optimizer_path

RULES = {
    "SGD": lambda: SGD(lr=0.1),
    "SGD with decay": lambda: SGD(lr=0.1, weight_decay=0.1),
    **{f"Momentum {form}": (lambda form=form: Momentum(lr=0.1, form=form)) for form in FORMS},
    "Nesterov": lambda: Nesterov(lr=0.1),
    "Nesterov textbook": lambda: Nesterov(lr=0.1, form="textbook"),
    "AdaGrad": lambda: AdaGrad(lr=0.1),
    "RMSProp": lambda: RMSProp(lr=0.1),
    "Adam": lambda: Adam(lr=0.1),
    "Adam with decay": lambda: Adam(lr=0.1, weight_decay=0.1),
    "AdamW": lambda: AdamW(lr=0.1),
    "Adam, epsilon inside": lambda: Adam(lr=0.1, eps_inside=True),
}
every_rule = pytest.mark.parametrize("make", RULES.values(), ids=RULES)


def slope(w):
    """The gradient of w squared."""
    return 2 * w


# -- every rule ------------------------------------------------------------------------------------------------------------


@every_rule
def test_inputs_stay_as_they_are_and_results_are_new(make):
    rng = np.random.default_rng(1)
    optimizer = make()
    params = {"W": rng.normal(size=(5, 3)), "b": rng.normal(size=3)}
    for _ in range(3):
        grads = {name: rng.normal(size=value.shape) for name, value in params.items()}
        before = {name: (params[name].copy(), grads[name].copy()) for name in params}
        new = optimizer.step(params, grads)
        assert list(new) == ["W", "b"]
        for name in params:
            assert np.array_equal(params[name], before[name][0]) and np.array_equal(grads[name], before[name][1])
            assert not np.shares_memory(new[name], params[name]) and not np.array_equal(new[name], params[name])
            assert not any(np.shares_memory(new[name], buffer) for buffer in optimizer.state[name].values())
        params = new
    assert optimizer.steps == 3


@every_rule
def test_float32_stays_float32_even_with_numpy_numbers(make):
    optimizer = make()
    optimizer.lr = np.float64(0.1)
    w = {"w": np.float32([1.0, -2.0])}
    for _ in range(2):
        w = optimizer.step(w, {"w": w["w"]})
    assert w["w"].dtype == np.float32
    assert all(buffer.dtype == np.float32 for buffer in optimizer.state["w"].values())


@every_rule
def test_a_single_number_is_an_array_too(make):
    path = optimizer_path(make(), slope, 1.0, steps=3)
    assert path.shape == (4,)
    many = optimizer_path(make(), slope, np.ones((2, 3)), steps=3)
    assert many.shape == (4, 2, 3) and np.allclose(many, path[:, None, None], rtol=1e-15)


@every_rule
def test_it_goes_down_a_bowl(make):
    path = optimizer_path(make(), slope, [3.0, -2.0], steps=300)
    assert np.abs(path[-1]).max() < 0.2 * np.abs(path[0]).max()


@every_rule
def test_a_failing_step_changes_nothing(make):
    optimizer, w = make(), {"w": np.ones(2)}
    optimizer.step(w, {"w": np.ones(2)})
    state = {name: buffer.copy() for name, buffer in optimizer.state["w"].items()}
    with pytest.raises(ValueError, match=r"grads has the names \['v'\], expected \['w'\] to match params"):
        optimizer.step(w, {"v": np.ones(2)})
    with pytest.raises(ValueError, match=r"grads\['w'\] has shape \(3,\), expected \(2,\) to match params\['w'\] \(2,\)"):
        optimizer.step(w, {"w": np.ones(3)})
    with pytest.raises(TypeError, match=r"params\['w'\] has dtype int64, expected floats"):
        optimizer.step({"w": np.ones(2, dtype=np.int64)}, {"w": np.ones(2)})
    assert optimizer.steps == 1
    assert all(np.array_equal(optimizer.state["w"][name], buffer) for name, buffer in state.items())


@pytest.mark.parametrize("make", [lambda: Nesterov(lr=0.1), lambda: Adam(lr=0.01), lambda: RMSProp(lr=0.01),
                                  lambda: AdaGrad(lr=0.1), lambda: AdamW(lr=0.01), lambda: Momentum(lr=0.5)])
def test_each_trains_a_network(make):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    model = mlp([2, 16, 2], rng)
    history = model.fit(X, y, cross_entropy, make(), epochs=60, batch_size=10, rng=rng)
    assert history["loss"][-1] < 0.5 * history["loss"][0]


def test_the_step_functions_and_the_classes_are_the_same_rule():
    rng = np.random.default_rng(2)
    start, stream = rng.normal(size=(5, 3)), rng.normal(size=(20, 5, 3)) * 10.0 ** rng.uniform(-6, 2, size=(20, 1, 1))
    zero = np.zeros_like(start)
    cases = {
        "momentum": (Momentum(lr=0.03, beta=0.7), (zero,), lambda s, g, t: momentum.momentum_step(*s, g, 0.03, 0.7)),
        "adagrad": (AdaGrad(0.03, eps=1e-4), (zero,), lambda s, g, t: adaptive.adagrad_step(*s, g, 0.03, 1e-4)),
        "rmsprop": (RMSProp(0.03, 0.7, 1e-4), (zero,), lambda s, g, t: adaptive.rmsprop_step(*s, g, 0.03, 0.7, 1e-4)),
        "adam": (Adam(0.03, (0.7, 0.9)), (zero, zero), lambda s, g, t: adam.adam_step(*s, g, t, 0.03, 0.7, 0.9)),
        "adamw": (AdamW(0.03, weight_decay=0.2), (zero, zero),
                  lambda s, g, t: adam.adamw_step(*s, g, t, 0.03, weight_decay=0.2)),
    }
    for name, (optimizer, state, rule) in cases.items():
        params, state = {"w": start}, (start, *state)
        for t, gradient in enumerate(stream, start=1):
            params, state = optimizer.step(params, {"w": gradient}), rule(state, gradient, t)
        assert np.array_equal(params["w"], state[0]), name
        assert all(np.array_equal(a, b) for a, b in zip(optimizer.state["w"].values(), state[1:], strict=True)), name


# -- the rules, written out again ------------------------------------------------------------------------------------------


def test_adam_is_what_its_formula_says_also_with_epsilon_inside():
    rng = np.random.default_rng(3)
    for size in (1.0, 1e-4):
        for inside in (False, True):
            theta = start = rng.normal(size=7)
            m = v = np.zeros(7)
            state = start, m, v
            for t in range(1, 30):
                g = size * rng.normal(size=7)
                m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g * g
                mhat, vhat = m / (1 - 0.8**t), v / (1 - 0.95**t)
                theta = theta - 0.01 * mhat / (np.sqrt(vhat + 1e-8) if inside else np.sqrt(vhat) + 1e-8)
                state = adam.adam_step(*state, g, t, 0.01, 0.8, 0.95, 1e-8, inside)
            np.testing.assert_allclose(state[0], theta, rtol=1e-12)
            np.testing.assert_allclose(state[1], m, rtol=1e-12)
            np.testing.assert_allclose(state[2], v, rtol=1e-12)


def test_a_parameter_that_never_had_a_gradient_stays_where_it_is():
    grads = {"w": np.array([0.0, 1.0])}
    for make in (AdaGrad, RMSProp, Adam):
        for inside in (False, True):
            new = make(lr=0.1, eps_inside=inside).step({"w": np.array([5.0, 5.0])}, grads)["w"]
            assert new[0] == 5.0 and new[1] < 5.0


def test_learning_rate_may_change_between_steps_and_then_the_forms_part():
    def walk(form):
        optimizer, w = Momentum(lr=0.1, form=form), {"w": np.array([1.0])}
        for lr in (0.1, 0.01, 0.01):
            optimizer.lr = lr
            w = optimizer.step(w, {"w": slope(w["w"])})
        return float(w["w"][0])

    # by hand: v 0.2, w 0.8; v 0.9 * 0.2 + 0.01 * 1.6 = 0.196, w 0.604; v 0.1764 + 0.01208 = 0.18848, w 0.41552
    assert walk("classical") == pytest.approx(0.41552)
    # by hand: v 2, w 0.8; v 1.8 + 1.6 = 3.4, w 0.766; v 3.06 + 1.532 = 4.592, w 0.72008
    assert walk("pytorch") == pytest.approx(0.72008)


def test_pytorchs_nesterov_stores_the_points_ahead_of_the_textbooks():
    def gradient(x):
        return np.array([2.0, 30.0]) * x + np.sin(x[::-1])

    textbook = Nesterov(lr=0.02, form="textbook")
    params, ahead = {"x": np.array([1.0, -2.0])}, []
    for _ in range(40):
        where = textbook.look_ahead(params)
        ahead.append(where["x"])
        params = textbook.step(params, {"x": gradient(where["x"])})
    stored = optimizer_path(Nesterov(lr=0.02), gradient, [1.0, -2.0], steps=39)
    np.testing.assert_allclose(stored, ahead, rtol=1e-10)
    assert Nesterov(lr=0.1).look_ahead is None


def test_nesterov_step_asks_for_one_gradient_ahead():
    asked = []

    def gradient(x):
        asked.append(x.copy())
        return 2 * x

    theta, v = momentum.nesterov_step([1.0, 2.0], [0.5, -1.0], gradient, lr=0.1, beta=0.5)
    assert [x.tolist() for x in asked] == [[0.75, 2.5]]
    np.testing.assert_allclose(v, [0.25 + 0.15, -0.5 + 0.5])
    np.testing.assert_allclose(theta, [0.6, 2.0])


def test_a_rule_of_ones_own_needs_an_update_only():
    class Sign(StatefulOptimizer):
        def update(self, param, gradient, state):
            return param - self.lr * np.sign(gradient)

    assert optimizer_path(Sign(lr=0.5), slope, [2.0, -1.0], steps=2).tolist() == [[2.0, -1.0], [1.5, -0.5], [1.0, 0.0]]
    with pytest.raises(NotImplementedError):
        StatefulOptimizer(lr=1.0).step({"w": np.ones(1)}, {"w": np.ones(1)})


def test_optimizer_path_takes_any_optimizer_and_leaves_the_start_alone():
    start = np.array([4.0, -2.0])
    assert optimizer_path(GradientDescent(lr=0.25), slope, start, steps=1).tolist() == [[4, -2], [2, -1]]
    assert start.tolist() == [4, -2]
    assert optimizer_path(GradientDescent(lr=0.25), slope, [4, 2], steps=0).tolist() == [[4.0, 2.0]]
    with pytest.raises(ValueError, match=r"grads\['x'\] has shape \(3,\)"):
        optimizer_path(Adam(), lambda x: np.zeros(3), start, steps=1)


# -- errors ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("call", "message"), [
    (lambda: Adam(lr=0.0), "lr is 0.0, expected a positive number"),
    (lambda: Momentum(lr=0.1, beta=1.0), "beta is 1.0, expected at least 0 and less than 1"),
    (lambda: Momentum(lr=0.1, form="heavy"), "form is 'heavy', expected one of 'averaged', 'classical', 'pytorch'"),
    (lambda: Nesterov(lr=0.1, form="classical"), "form is 'classical', expected one of 'pytorch', 'textbook'"),
    (lambda: Nesterov(lr=0.1, beta=-0.1), "beta is -0.1"),
    (lambda: RMSProp(beta=1.5), "beta is 1.5"),
    (lambda: AdaGrad(eps=-1.0), "eps is -1.0, expected at least 0$"),
    (lambda: Adam(betas=(0.9, 1.0)), "beta2 is 1.0"),
    (lambda: AdamW(weight_decay=-0.1), "weight_decay is -0.1"),
    (lambda: SGD(0.1, weight_decay=-0.1), "weight_decay is -0.1"),
    (lambda: adam.adam_step([1.0], [0.0], [0.0], [1.0], t=0), "t is 0, expected a step number from 1 upwards"),
    (lambda: adam.adam_step([1.0], [0.0], [0.0, 1.0], [1.0], t=1), r"v has shape \(2,\), expected \(1,\) to match theta"),
    (lambda: adam.adamw_step([1.0], [0.0], [0.0], [1.0], 1, weight_decay=-1), "weight_decay is -1"),
    (lambda: adaptive.adagrad_step([1.0], [0.0], [1.0, 2.0], 0.1), r"gradient has shape \(2,\), expected \(1,\)"),
    (lambda: adaptive.rmsprop_step([1.0], [0.0], [1.0], 0.1, beta=2), "beta is 2"),
    (lambda: momentum.momentum_step([1.0], [0.0, 1.0], [1.0], 0.1), r"velocity has shape \(2,\), expected \(1,\)"),
    (lambda: momentum.nesterov_step([1.0], [0.0], lambda x: np.zeros(2), 0.1), r"gradient has shape \(2,\)"),
])
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_step_functions_take_lists_and_whole_numbers_and_leave_them_alone():
    theta, zero, gradient = np.array([3, 1]), np.array([0, 0]), np.array([2, -4])
    for rule, states in ((momentum.momentum_step, 1), (adaptive.adagrad_step, 1), (adaptive.rmsprop_step, 1)):
        new = rule(theta, *[zero] * states, gradient, 0.1)
        assert all(array.dtype == np.float64 for array in new)
    new = adam.adam_step(theta, zero, zero, gradient, 1, 0.1)
    np.testing.assert_allclose(new[0], [2.9, 1.1], rtol=1e-8)
    assert theta.tolist() == [3, 1] and zero.tolist() == [0, 0] and gradient.tolist() == [2, -4]
