"""The conversation between judge and answer, in this process and through a pipe."""

from __future__ import annotations

import numpy as np
import pytest

from dlkit.checking.protocol import AnswerError, Client, Handle, LocalLink
from dlkit.checking.shortcuts import MOST_EVENTS
from dlkit.exercises.model import Rng


class Model:
    def __init__(self, slope):
        self.slope = slope

    def predict(self, x):
        return self.slope * x


def forward(X):
    return X * 2, {"X": X, "model": Model(3.0)}


def backward(dZ, cache):
    return dZ * cache["model"].slope + cache["X"]


def slope_of(f, x):
    return (f(x + 1.0) - f(x)) / 1.0


def spoil(X):
    X[0] = 99.0
    return 1.0


def leave():
    raise SystemExit(0)


NAMES = {"Model": Model, "forward": forward, "backward": backward, "slope_of": slope_of, "spoil": spoil, "leave": leave,
         "draw": lambda rng: rng.normal(size=2), "identity": lambda f: f, "number": 3,
         "fail": lambda: (_ for _ in ()).throw(ZeroDivisionError("nothing to share"))}


@pytest.fixture(params=["here", "pipe"])
def client(request, forked):
    return Client(LocalLink(NAMES) if request.param == "here" else forked(NAMES))


def test_a_call_gives_plain_data(client):
    assert client.call("Model", 2.0, keep=True).predict(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]


def test_a_cache_stays_with_the_answer_and_comes_back_as_it_was(client):
    Z, cache = client.call("forward", np.ones(2), keep=[1])
    assert isinstance(cache, Handle) and repr(cache) == "<a dict>"
    assert client.call("backward", Z, cache).tolist() == [7.0, 7.0]


def test_a_cache_of_plain_data_and_objects_may_also_travel(client):
    Z, cache = client.forward(np.ones(2))
    assert isinstance(cache["model"], Handle)
    assert client.backward(Z, cache).tolist() == [7.0, 7.0]


def test_attributes_of_kept_objects(client):
    assert client.get(client.call("Model", 2.0, keep=True), "slope") == 2.0


def test_functions_given_to_an_answer_call_back(client):
    seen = []
    assert client.slope_of(lambda x: seen.append(x) or x * x, 3.0) == 7.0
    assert seen == [4.0, 3.0]


def test_a_function_that_comes_back_is_the_judge_s_own(client):
    assert client.identity(len) is len


def test_generators_draw_the_same_on_both_sides(client):
    assert client.draw(Rng(5)).tolist() == np.random.default_rng(5).normal(size=2).tolist()


def test_the_answer_works_on_copies_and_a_modified_argument_is_noticed(client):
    X = np.zeros(3)
    client.spoil(X)
    assert X.tolist() == [0, 0, 0] and client.changed == [("spoil", 0)]


@pytest.mark.parametrize("name, kind", [("fail", "ZeroDivisionError"), ("leave", "SystemExit"), ("nobody", "NameError"),
                                        ("number", "TypeError")])
def test_errors_of_the_answer_are_told_and_do_not_end_the_judge(client, name, kind):
    with pytest.raises(AnswerError) as found:
        client.call(name)
    assert found.value.kind == kind


def test_an_error_in_a_callback_reaches_the_answer_not_the_judge(client):
    with pytest.raises(AnswerError):
        client.slope_of(lambda x: 1 / 0, 3.0)


def test_a_process_that_dies_is_an_error_of_the_answer(forked):
    import os

    client = Client(forked({"f": lambda: os._exit(3)}))
    with pytest.raises(AnswerError, match="ended"):
        client.f()


def test_shortcuts_are_noticed_in_the_answer_only(client):
    client.forbids = ("hashlib", "json")
    client.slope_of(lambda x: __import__("json").loads("1") * x, 1.0)  # the judge's own function may use what it likes
    assert client.shortcuts == set()


def test_a_shortcut_inside_the_answer_is_noticed(forked):
    import json

    for link in (LocalLink({"f": lambda: json.dumps([1])}), forked({"f": lambda: json.dumps([1])})):
        client = Client(link)
        client.forbids = ("json",)
        client.f()
        assert client.shortcuts == {"json"}


def test_the_watch_for_shortcuts_ends_after_some_thousand_calls():
    import json
    import sys

    active = []

    def after(loops):
        for _ in range(loops):
            len("")
        active.append(sys.getprofile() is not None)
        json.dumps([1])

    client = Client(LocalLink({"f": after}))
    client.forbids = ("json",)
    client.f(MOST_EVENTS)
    assert client.shortcuts == set() and active == [False]
    client.f(MOST_EVENTS // 4)
    assert client.shortcuts == {"json"} and active == [False, True]


def test_the_watch_leaves_another_profiler_as_found():
    import sys

    def profiler(*event):
        return None

    before = sys.getprofile()
    sys.setprofile(profiler)
    try:
        for loops in (1, MOST_EVENTS):
            client = Client(LocalLink({"f": lambda n: sum(len("") for _ in range(n))}))
            client.forbids = ("json",)
            client.f(loops)
            assert sys.getprofile() is profiler
    finally:
        sys.setprofile(before)
