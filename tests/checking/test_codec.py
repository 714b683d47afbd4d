"""What travels between judge and answer, and what must not."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlkit.checking.codec import CodecError, Reference, Table, decode, dumps, encode, loads, plain
from dlkit.exercises.model import AsTensor, Rng


def travel(value):
    table = Table("answer")
    message = loads(dumps({"value": encode(value, table)}))
    return decode(message["value"], table.find)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12)


@given(PLAIN)
@settings(max_examples=200, deadline=None)
def test_plain_data_comes_back_equal_and_of_the_same_type(value):
    back = travel(value)
    assert back == value and type(back) is type(value)


@given(hnp.arrays(st.sampled_from([np.float64, np.float32, np.int64, np.bool_, np.complex128]),
                  hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)))
@settings(max_examples=200, deadline=None)
def test_arrays_come_back_bit_for_bit_with_shape_and_dtype(array):
    back = travel(array)
    assert back.shape == array.shape and back.dtype == array.dtype and back.tobytes() == array.tobytes()


def test_an_array_that_came_back_is_a_copy():
    array = np.zeros(3)
    travel(array)[0] = 1
    assert array[0] == 0


@pytest.mark.parametrize("value", [np.float64(2.5), np.int32(7), np.bool_(True), np.array(3.0)])
def test_numpy_scalars_and_0d_arrays_keep_value_and_dtype(value):
    back = travel(value)
    assert back == value and back.dtype == value.dtype


def test_nan_and_infinity_travel():
    assert np.isnan(travel(float("nan"))) and travel([float("inf"), -float("inf")]) == [float("inf"), -float("inf")]


def test_strings_with_lone_surrogates_and_string_arrays_travel():
    assert travel("a\ud800b") == "a\ud800b"
    assert travel(np.array(["Nice", "Lille"])).tolist() == ["Nice", "Lille"]


def test_a_generator_travels_as_its_seed_so_both_sides_draw_the_same():
    assert travel(Rng(7)).normal() == np.random.default_rng(7).normal()


def test_what_cannot_be_copied_travels_as_a_reference():
    table = Table("answer")
    cache = object()
    found = encode((1.0, cache), table)
    seen = []
    decode(found, lambda reference: seen.append(reference))
    assert seen == [Reference("answer", 0, "object")] and table.find(seen[0]) is cache


class Sneaky(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


def test_subclasses_of_plain_types_are_not_taken_for_plain():
    table = Table("answer")
    assert encode(Sneaky(1.0), table)["k"] == "ref"


class Evil:
    def __reduce__(self):
        raise AssertionError("nothing is ever pickled")


def test_object_arrays_are_taken_apart_never_pickled():
    table = Table("answer")
    data = encode(np.array([1.0, Evil()], dtype=object), table)
    assert data["k"] == "objects" and data["v"][1][1]["k"] == "ref"


@pytest.mark.parametrize("data", [
    {"k": "array", "v": ["O", [1], ""]}, {"k": "array", "v": ["<f8", [10**9], ""]}, {"k": "spell", "v": 1},
    {"k": "array"}, {"k": "ref", "v": ["answer", 99, "x"]}, {"k": "array", "v": ["V16", [1], "AAAA"]},
])
def test_what_the_codec_never_writes_is_refused(data):
    with pytest.raises((CodecError, ValueError)):
        decode(json.loads(json.dumps(data)), Table("answer").find)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff\xfe", b"1" * 10, b"[" * 100_000])
def test_what_is_not_a_message_is_refused(data):
    with pytest.raises(CodecError):
        loads(data)


def test_tensors_arrive_as_arrays_at_the_judge_and_as_tensors_at_the_answer():
    import torch

    table = Table("answer")
    data = encode(AsTensor(np.arange(3.0)), table)
    assert isinstance(decode(data, table.find), torch.Tensor)
    assert isinstance(decode(plain(data), table.find), np.ndarray)
    assert isinstance(decode(plain(encode((torch.ones(2), {"a": torch.zeros(1)}), table)), table.find)[0], np.ndarray)
