"""The conversation between judge and answer, in this process and through a pipe."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

from dlkit.checking import respondent
from dlkit.checking.client import Client, Handle
from dlkit.checking.links import LocalLink
from dlkit.checking.protocol import TOGETHER_BYTES, AnswerError
from dlkit.checking.respondent import MOST_BYTES
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


def in_itself():
    items = []
    items.append(items)
    return items


class Odd:
    def __getattr__(self, name):
        raise OSError("there are no attributes here")


def leave():
    raise SystemExit(0)


NAMES = {"Model": Model, "forward": forward, "backward": backward, "slope_of": slope_of, "spoil": spoil, "leave": leave,
         "rows": lambda n: np.arange(2.0 * n).reshape(n, 2), "letters": lambda: "abc", "zeros": np.zeros,
         "number_of": lambda n: n, "endless_number": lambda: 10**5000, "in_itself": in_itself, "odd": Odd,
         "unmeasured": lambda: np.zeros(MOST_BYTES // 8), "replace": lambda items: items.__setitem__(0, None),
         "sleeps": lambda number, seconds: time.sleep(seconds) or number,
         "draw": lambda rng: rng.normal(size=2), "identity": lambda f: f, "number": 3,
         "fail": lambda: (_ for _ in ()).throw(ZeroDivisionError("nothing to share"))}


TOGETHER_SECONDS = 0.25  # more than usual: what is quick here must not seem slow on a busy machine


@pytest.fixture(params=["here", "pipe"])
def client(request, forked, monkeypatch):
    monkeypatch.setattr(respondent, "TOGETHER_SECONDS", TOGETHER_SECONDS)
    return Client(LocalLink(NAMES) if request.param == "here" else forked(NAMES))


def test_a_call_gives_plain_data(client):
    model = client.call("Model", 2.0, keep=True)
    assert client.call(model, np.array([1.0, 2.0]), method="predict").tolist() == [2.0, 4.0]


def test_a_cache_stays_with_the_answer_and_comes_back_as_it_was(client):
    Z, cache = client.call("forward", np.ones(2), keep=[1])
    assert isinstance(cache, Handle) and repr(cache) == "<a dict>"
    assert client.call("backward", Z, cache).tolist() == [7.0, 7.0]


def test_a_cache_of_plain_data_and_objects_may_also_travel(client):
    Z, cache = client.forward(np.ones(2))
    assert isinstance(cache["model"], Handle)
    assert client.backward(Z, cache).tolist() == [7.0, 7.0]


def test_attributes_of_kept_objects(client):
    assert client.later(client.call("Model", 2.0, keep=True), method="slope", get=True).value == 2.0


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


def test_calls_for_later_go_together_in_their_order(client, monkeypatch):
    requests = spied(client, monkeypatch)
    model = client.later("Model", 2.0, keep=True)
    first = client.later("forward", np.ones(2), keep=[1])
    back = client.later("backward", first[0], first[1])
    slope, again = client.later(model, method="slope", get=True), client.later(model, np.ones(1), method="predict")
    assert requests == []
    assert back.value.tolist() == [7.0, 7.0] and slope.value == 2.0 and again.value.tolist() == [2.0]
    assert len(requests) == 1
    assert isinstance(model.value, Handle) and client.call(model.value, np.ones(1), method="predict").tolist() == [2.0]
    assert client.later("backward", first[0], first[1]).value.tolist() == [7.0, 7.0]  # known by now


def test_what_is_not_there_yet_arrives_as_if_it_had_travelled(client):
    X = client.later("forward", np.ones(2))
    spoilt = client.later("spoil", X[0])
    later = client.later("backward", X[0], X[1])
    assert spoilt.value == 1.0 and client.changed == [("spoil", 0)]
    assert later.value.tolist() == [7.0, 7.0]  # a copy was spoilt


def test_components_of_any_sequence_can_be_passed_on(client):
    rows = client.later("rows", 2)
    assert client.later("identity", rows[1]).value.tolist() == [2.0, 3.0]
    assert client.later("identity", client.later("letters")[1]).value == "b"
    missing = client.later("identity", client.later("rows", 2)[2])
    with pytest.raises(AnswerError, match="no component 2"):
        _ = missing.value
    nothing = client.later("identity", client.later("Model", 1.0, keep=True)[0])
    with pytest.raises(AnswerError, match="no component 0"):
        _ = nothing.value


def test_a_call_that_fails_takes_along_what_depends_on_it_and_nothing_else(client):
    failed, fine = client.later("fail"), client.later("draw", Rng(1))
    depends = client.later("identity", failed)
    assert fine.value.shape == (2,)
    for call in (failed, depends):
        with pytest.raises(AnswerError) as found:
            _ = call.value
        assert found.value.kind == "ZeroDivisionError"
    with pytest.raises(AnswerError):
        client.later("identity", failed)  # known by now


def test_calls_that_take_long_are_not_held_up_by_each_other(client, monkeypatch):
    requests = spied(client, monkeypatch)
    calls = [client.later("sleeps", number, 1.2 * TOGETHER_SECONDS) for number in range(4)]
    first = client.later("identity", calls[0])
    assert calls[0].value == 0 and len(requests) == 1
    assert first.value == 0 and [call.value for call in calls] == [0, 1, 2, 3] and len(requests) == 5
    assert [len(json.loads(request)["calls"]) for request in requests] == [5, 2, 2, 2, 1]


def test_long_requests_and_long_replies_are_split(client, monkeypatch):
    requests = spied(client, monkeypatch)
    big = np.zeros(TOGETHER_BYTES // 16)
    assert [call.value.shape for call in [client.later("identity", big) for _ in range(5)]] == [big.shape] * 5
    assert len(requests) == 5
    assert [call.value.shape for call in [client.later("zeros", len(big)) for _ in range(5)]] == [big.shape] * 5
    assert len(requests) == 5 + 3


def test_calls_left_over_are_made_at_the_end_of_a_script_unless_it_was_out_of_time(client, monkeypatch):
    requests = spied(client, monkeypatch)
    late = client.later("sleeps", 3, 0.0)
    client.finish()
    assert len(requests) == 1 and late.value == 3
    never = client.later("spoil", np.zeros(3))
    client.finish(in_time=False)
    assert client.draw(Rng(5)).shape == (2,) and len(requests) == 2 and never.reply is None
    with pytest.raises(RuntimeError, match="spoil does not wait"):
        _ = never.value
    for use in (lambda: client.later("identity", never), lambda: client.later("identity", never[0])):
        with pytest.raises(RuntimeError, match="spoil does not wait"):
            use()


def test_what_is_not_there_yet_is_refused_inside_a_container_and_cannot_be_unpacked(client):
    hidden = client.later("identity", [client.later("number_of", 3)])
    with pytest.raises(AnswerError, match="earlier"):
        _ = hidden.value
    with pytest.raises(TypeError):
        _first, _second = client.later("rows", 2)


@pytest.mark.parametrize("name", ["endless_number", "in_itself", "odd", "unmeasured"])
def test_a_result_that_cannot_be_described_is_an_error_of_its_call_only(client, name):
    before, odd, after = client.later("draw", Rng(1)), client.later(name), client.later("draw", Rng(1))
    with pytest.raises(AnswerError, match="cannot be used|too large"):
        _ = odd.value
    assert before.value.shape == after.value.shape == (2,)


def test_an_element_that_was_put_in_place_of_another_is_noticed(client):
    for nested in ([[1.0, 2.0], 3.0], [{"a": 1.0}], [np.ones(2)]):
        client.changed = []
        client.replace(nested)
        assert client.changed == [("replace", 0)], nested


def test_a_callback_may_call_the_answer_in_the_middle_of_calls_that_go_together():
    client, inner = Client(LocalLink(NAMES)), []

    def f(x):
        pair = client.later("forward", np.ones(1))
        inner.append(client.later("backward", pair[0], pair[1]).value.tolist())
        return x * x

    outer = [client.later("slope_of", f, 3.0) for _ in range(2)]
    depends = client.later("identity", outer[1])
    assert [call.value for call in outer] == [7.0, 7.0] and depends.value == 7.0
    assert inner == [[7.0]] * 4


def spied(client, monkeypatch):
    """The requests that `client` sends, as they are sent."""
    requests, ask = [], client._link.ask
    monkeypatch.setattr(client._link, "ask", lambda request, turn: requests.append(request) or ask(request, turn))
    return requests


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
