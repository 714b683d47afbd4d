"""The judge against a line that says anything: whatever comes back, there is a verdict, and it gives no marks.

Here the other side is a few lines of this process that say what they like; nothing of the grading engine is needed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import numpy as np
import pytest

from dlkit.checking.client import Client
from dlkit.checking.codec import loads
from dlkit.checking.diagnose import diagnose
from dlkit.checking.display import bundle, card_of
from dlkit.checking.judge import judge
from dlkit.checking.protocol import AnswerError, Link, Message, Turn
from dlkit.exercises import find
from dlkit.exercises.model import Rng

KEY = b"a course key"
EXERCISES = ("unit1.linear_unit", "unit1.neuron", "unit1.gate_weights", "unit1.predicted_gate", "unit1.xor_inequalities",
             "unit1.prelu", "unit2.momentum_step")  # fmt: skip


class Says(Link):
    """A line that answers every request with the same bytes, after calling back as often as it likes."""

    def __init__(self, reply: bytes, callbacks: tuple[bytes, ...] = ()) -> None:
        self.reply, self.callbacks, self.asked, self.heard = reply, callbacks, 0, []

    def ask(self, request: bytes, on_callback: Turn) -> Message:
        self.asked += 1
        self.heard += [on_callback(loads(message)) for message in self.callbacks]
        return loads(self.reply)


def only(reply: bytes) -> bytes:
    """This is the reply to the first of the calls that go together, and the others have none yet."""
    return b'{"replies":[' + reply + b"]}"


def array(dtype: str, shape: list, data: bytes) -> dict:
    return {"k": "array", "v": [dtype, shape, base64.b64encode(data).decode()]}


def value(body: object) -> bytes:
    return json.dumps({"value": body}).encode()


def nested(depth: int, kind: str) -> bytes:
    first, last = {"list": ("[", "]"), "tuple": ('{"k":"tuple","v":[', "]}"), "dict": ('{"k":"dict","v":[["a",', "]]}")}[kind]
    return b'{"value":' + first.encode() * depth + b"0" + last.encode() * depth + b"}"


REPLIES: dict[str, bytes] = {
    "nothing": b"", "no JSON": b"\xff\xfe{", "a number": b"5", "a list": b"[]", "null": b"null", "empty object": b"{}",
    "two objects": b'{"value": 1}{"value": 2}', "NaN": b'{"value": NaN}', "infinity": b'{"value": -Infinity}',
    "too large a number": b'{"value": 1e99999}', "long number": b'{"value": ' + b"9" * 5000 + b"}",
    "very long number": b'{"value": ' + b"9" * 400_000 + b"}", "true": b'{"value": true}', "text": b'{"value": "102.5"}',
    "long text": value("x" * 5_000_000), "lone surrogate": b'{"value": "\\ud800"}', "null value": b'{"value": null}',
    "error of nothing": b'{"error": []}', "error of one": b'{"error": ["x"]}', "error null": b'{"error": null}',
    "error number": b'{"error": 5}', "error object": b'{"error": {}}', "error nested": b'{"error": [[], {}, 5]}',
    "error text": b'{"error": "abc"}', "error of megabytes": json.dumps({"error": ["E" * 10**6, "m" * 10**6, "w" * 10**6]}).encode(),
    "error that is markup": json.dumps({"error": ["<script>alert(1)</script>", "\x1b[2J</pre><script>", "<img src=x>"]}).encode(),
    "changed text": b'{"value": 1, "changed": "abc"}', "changed number": b'{"value": 1, "changed": 7}',
    "changed far": b'{"value": 1, "changed": [-99999999999999999999]}', "changed floats": b'{"value": 1, "changed": [1e308]}',
    "shortcuts number": b'{"value": 1, "shortcuts": 5}', "shortcuts nested": b'{"value": 1, "shortcuts": [{}, [], null]}',
    "callback as reply": b'{"value": 1, "callback": 0}', "unknown kind": value({"k": "pickle", "v": "gANjb3MK"}),
    "kind is a list": value({"k": [], "v": 1}), "no kind": value({"v": 1}), "more than kind": value({"k": "tuple", "v": [], "x": 1}),
    "array of nothing": value({"k": "array", "v": []}), "array of null": value({"k": "array", "v": None}),
    "array of objects": value({"k": "array", "v": ["|O", [1], ""]}), "array of voids": value({"k": "array", "v": ["|V8", [1], "AAAAAAAAAAA="]}),
    "array with fields": value({"k": "array", "v": ["<f8,<i4", [1], ""]}), "array of dates": value(array("<M8[ns]", [1], bytes(8))),
    "negative shape": value(array("<f8", [-1], bytes(8))), "huge shape": value(array("<f8", [2**40], bytes(8))),
    "overflowing shape": value(array("<f8", [2**62, 4], b"")), "shape of floats": value(array("<f8", [1.5], bytes(8))),
    "shape of text": value({"k": "array", "v": ["<f8", "11", "AAAAAAAAAAA="]}), "shape 70 deep": value(array("<f8", [1] * 70, bytes(8))),
    "shape nested": value({"k": "array", "v": ["<f8", [[1]], "AAAAAAAAAAA="]}), "no base64": value({"k": "array", "v": ["<f8", [1], "!!!!"]}),
    "odd bytes": value(array("<f8", [1], bytes(7))), "half floats": value(array("<f2", [1], bytes(2))),
    "longdoubles": value(array("<f16", [1], bytes(16))), "strange floats": value(array("<f3", [1], bytes(3))),
    "booleans of 7": value(array("|b1", [1], b"\x07")), "complex": value(array("<c16", [1], bytes(16))),
    "giant text type": value({"k": "array", "v": ["<U999999999", [1], ""]}), "text of nothing": value({"k": "array", "v": ["<U0", [2**40], ""]}),
    "many nothings": value({"k": "array", "v": ["<U0", [10**6], ""]}), "text array": value(array("<U5", [1], "102.5".encode("utf-32-le"))),
    "bad unicode": value(array("<U1", [1], b"\xff\xff\xff\xff")), "NaN array": value(array("<f8", [1], np.full(1, np.nan).tobytes())),
    "objects": value({"k": "objects", "v": [[1], [{"k": "ref", "v": ["answer", 0, "x"]}]]}), "objects of nothing": value({"k": "objects", "v": []}),
    "tensor": value(array("<f8", [1], bytes(8)) | {"k": "tensor"}), "tensor of nothing": value({"k": "tensor", "v": 1}),
    "tuple of text": value({"k": "tuple", "v": "abc"}), "tuple of number": value({"k": "tuple", "v": 5}),
    "dict of numbers": value({"k": "dict", "v": [1, 2]}), "dict of lists": value({"k": "dict", "v": [[[], 1]]}),
    "dict of NaN": b'{"value": {"k": "dict", "v": [[NaN, 1], [NaN, 2]]}}', "set of lists": value({"k": "set", "v": [[]]}),
    "generator": value({"k": "rng", "v": 5}), "generator of text": value({"k": "rng", "v": "x"}), "generator below 0": value({"k": "rng", "v": -1}),
    "handle": value({"k": "ref", "v": ["answer", 0, "x"]}), "handles": value([{"k": "ref", "v": ["answer", n, "x"]} for n in range(4)]),
    "handle far away": value({"k": "ref", "v": ["answer", 10**30, "x" * 10**6]}), "judge's first": value({"k": "ref", "v": ["judge", 0, "x"]}),
    "judge's last": value({"k": "ref", "v": ["judge", -1, "x"]}), "judge's none": value({"k": "ref", "v": ["judge", 10**9, "x"]}),
    "ref of nothing": value({"k": "ref", "v": []}), "ref of infinity": b'{"value": {"k": "ref", "v": ["answer", 1e999, "x"]}}',
    "million numbers": value([0.5] * 1_000_000), "lists of lists": value([[0.0] * (n % 7) for n in range(2000)]),
    "deep list": nested(100_000, "list"), "deep tuple": nested(20_000, "tuple"), "deep dict": nested(20_000, "dict"),
    "medium list": nested(900, "list"), "medium tuple": nested(450, "tuple"), "medium dict": nested(300, "dict"),
    "short list": nested(70, "list"),
}  # fmt: skip


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_a_reply_of_any_kind_gives_no_marks(reply: bytes, name: str):
    exercise = find(name)
    line = Says(only(reply))
    verdict = judge(exercise, line, KEY)
    verdict.diagnosis = diagnose(verdict)
    shown = bundle(card_of(verdict, ""))
    assert verdict.mark == 0 and line.asked >= 1
    assert "<script" not in shown["text/html"] and "<img" not in shown["text/html"]


BLOCKS: dict[str, bytes] = {
    "one value": b'{"value": 102.5}', "no replies": b'{"replies": []}', "null": b'{"replies": null}', "text": b'{"replies": "102.5"}',
    "number": b'{"replies": 5}', "object": b'{"replies": {"0": {"value": 102.5}}}', "values": b'{"replies": [102.5]}',
    "nulls": b'{"replies": [null]}', "lists": b'{"replies": [[{"value": 102.5}]]}', "nested": b'{"replies": [{"replies": [{"value": 1}]}]}',
    "thousands": b'{"replies": [' + b'{"value": 102.5},' * 5000 + b'{"value": 102.5}]}', "million": b'{"replies": [' + b"0," * 10**6 + b"0]}",
    "not reached": b'{"replies": [{"value": {"k": "ref", "v": ["earlier", 0, ""]}}]}', "error": b'{"error": ["ProcessDied", "no"]}',
    "error and replies": b'{"error": [], "replies": [{"value": 102.5}]}', "error null": b'{"error": null}', "no JSON": b"[",
}  # fmt: skip


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("reply", BLOCKS.values(), ids=BLOCKS)
def test_replies_in_any_shape_give_no_marks_and_come_to_an_end(reply: bytes, name: str):
    exercise, line = find(name), Says(reply)
    verdict = judge(exercise, line, KEY)
    assert verdict.mark == 0 and 1 <= line.asked <= 10 * len(verdict.results)


CALLBACKS: dict[str, bytes] = {
    "no function": b'{"callback": 99, "args": []}', "below 0": b'{"callback": -1, "args": []}', "text": b'{"callback": "x", "args": []}',
    "infinity": b'{"callback": 1e999, "args": []}', "null": b'{"callback": null, "args": null}', "no arguments": b'{"callback": 0}',
    "many arguments": json.dumps({"callback": 0, "args": [0] * 1000}).encode(), "handle": value({"k": "ref", "v": ["answer", 0, "x"]}),
    "itself": b'{"callback": 0, "args": [{"k": "ref", "v": ["judge", 0, "f"]}]}', "text argument": b'{"callback": 0, "args": ["x"]}',
    "handle argument": b'{"callback": 0, "args": [{"k": "ref", "v": ["answer", 0, "x"]}]}',
    "objects argument": json.dumps({"callback": 0, "args": [{"k": "objects", "v": [[1], [{"k": "ref", "v": ["answer", 0, "x"]}]]}]}).encode(),
    "NaN": b'{"callback": NaN, "args": []}',
}  # fmt: skip
NO_MESSAGES = {"deep": b'{"callback": 0, "args": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "no JSON": b"\xff"}


@pytest.mark.parametrize("message", CALLBACKS.values(), ids=CALLBACKS)
def test_a_callback_of_any_kind_is_answered_with_data(message: bytes):
    line = Says(only(b'{"value": 0.0}'), (message,))
    verdict = judge(find("unit1.neuron"), line, KEY)
    assert verdict.mark == 0 and line.heard
    assert all(set(json.loads(reply)) in ({"value"}, {"error"}) for reply in line.heard)


@pytest.mark.parametrize("message", NO_MESSAGES.values(), ids=NO_MESSAGES)
def test_what_is_no_message_is_refused_before_it_is_answered(message: bytes):
    line = Says(only(b'{"value": 0.0}'), (message,))
    assert judge(find("unit1.neuron"), line, KEY).mark == 0 and line.heard == []


def test_an_object_that_is_called_while_it_is_an_argument_ends():
    class Tail(Link):
        """Whatever the judge calls of it calls the judge's function with itself again."""

        def __init__(self) -> None:
            self.depth = 0

        def ask(self, request: bytes, on_callback: Turn) -> Message:
            self.depth += 1
            on_callback({"callback": 0, "args": [{"k": "objects", "v": [[1], [{"k": "ref", "v": ["answer", 0, "x"]}]]}]})
            return {"replies": [{"value": 0.0}]}

    line = Tail()
    assert judge(find("unit1.neuron"), line, KEY).mark == 0
    assert line.depth < 10_000


def test_the_judge_sends_neither_expected_values_nor_the_key():
    heard: list[bytes] = []

    class Listens(Link):
        def ask(self, request: bytes, on_callback: Turn) -> Message:
            heard.append(request)
            return {"replies": [{"value": None}]}

    exercise = find("unit1.linear_unit")
    verdict = judge(exercise, Listens(), KEY)
    sent = b"".join(heard)
    assert KEY not in sent and base64.b64encode(KEY) not in sent and KEY.hex().encode() not in sent
    for expected in (data for data in _expected(verdict) if len(data) > 16):
        assert not any(base64.b64encode(expected[i:])[:-4][4:] in sent for i in range(3))


def _expected(verdict) -> Iterator[bytes]:
    for result in verdict.results:
        yield np.ascontiguousarray(result.expected).tobytes()


def test_an_answer_cannot_reach_the_objects_of_the_judge_by_attributes():
    client = Client(Says(only(b'{"value": 1}')), ("f",))
    for name in ("_link", "table", "_send"):
        message = json.dumps({"callback": 0, "method": name, "get": True, "args": []}).encode()
        assert "error" in json.loads(client._answer_callback(message))
    with pytest.raises(AnswerError):
        Client(Says(only(b'{"error": ["ValueError", "no"]}')), ("f",)).call("f", Rng(3))
