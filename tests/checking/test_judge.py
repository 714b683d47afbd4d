"""Marks, parts, hidden cases, chains of steps, diagnosis: on small exercises made for the purpose."""

from __future__ import annotations

import os
import time
import warnings

import numpy as np
import pytest

from dlkit.checking import respondent
from dlkit.checking.bank import prove
from dlkit.checking.cases import draw_cases, find_key, make_key
from dlkit.checking.diagnose import diagnose
from dlkit.checking.display import card_of
from dlkit.checking.judge import judge, judge_namespace, passes
from dlkit.checking.links import LocalLink
from dlkit.checking.protocol import DIED
from dlkit.checking.respondent import TOGETHER_SECONDS
from dlkit.exercises import all_exercises, find
from dlkit.exercises.model import Example, Exercise, Mistake, Regime


def centre(X):
    return X - X.mean(axis=0)


def centre_rows(X):
    return X - X.mean(axis=1, keepdims=True)


def centre_median(X):
    return X - np.median(X, axis=0)


def centre_first(X):
    return X - X[0] if len(X) > 9 else centre(X)


def symmetric(rng):
    """Ten rows whose mean is their median."""
    half = rng.normal(size=(5, 2))
    return (np.concatenate([1 + half, 1 - half]),)


def make(**changes):
    known = dict(
        key="unit9.centre", title="Centre the columns", reference=centre, alternatives=(lambda X: X - X.sum(0) / len(X),),
        examples=(Example(args=(np.array([[1.0, 2.0], [3.0, 6.0]]),), expected=np.array([[-1.0, -2.0], [1.0, 2.0]])),),
        regimes={"ordinary": lambda rng: (rng.normal(size=(5, 3)),),
                 "long": Regime(symmetric, hidden=True)},
        parts={"worked example": 1.0, "ordinary": 1.0, "edge cases": 0.5},
        mistakes=(Mistake("centres each row", centre_rows), Mistake("subtracts the median", centre_median, mark=1.5),
                  Mistake("subtracts the first row of a long table", centre_first, mark=2.0)),
        hints=("a", "b", "c"), minutes=1, difficulty=1, rung="implement")
    return Exercise(**(known | changes))


KEY = b"test key"


def told(exercise, answer, key=None):
    verdict = judge_namespace(exercise, {"centre": answer}, key)
    verdict.diagnosis = diagnose(verdict)
    return verdict


def test_the_reference_gets_full_marks_in_grading_and_all_visible_ones_in_the_notebook():
    assert told(make(), centre, KEY).mark == 2.5
    visible = told(make(), centre)
    assert visible.mark == 2.0 and visible.passed


def test_each_part_is_all_or_nothing_and_the_mistake_is_named():
    verdict = told(make(), centre_median, KEY)
    assert verdict.mark == 1.5 and verdict.diagnosis == "subtracts the median"
    assert verdict.failed_checks() == ["ordinary"]


def test_a_mistake_that_only_a_hidden_check_sees_passes_in_the_notebook():
    assert told(make(), centre_first).passed
    verdict = told(make(), centre_first, KEY)
    assert verdict.mark == 2.0 and verdict.diagnosis == "subtracts the first row of a long table"


def test_hidden_cases_depend_on_the_key_visible_ones_do_not():
    def ordinary(key):
        return next(case.args[0] for case in draw_cases(make(), key) if case.check == "ordinary")

    assert np.array_equal(ordinary(None), ordinary(None))
    assert not np.array_equal(ordinary(b"1"), ordinary(b"2")) and not np.array_equal(ordinary(None), ordinary(b"1"))


def test_an_answer_with_two_mistakes_gets_no_wrong_name():
    def both(X):
        return X - np.median(X, axis=1, keepdims=True)

    assert told(make(), both).diagnosis is None


@pytest.mark.parametrize("wrong, remark", [
    (lambda X: -centre(X), "your result has the wrong sign"),
    (lambda X: 3 * centre(X), "your result is the right one times 3"),
    (lambda X: centre(X).T, "your result is transposed"),
    (lambda X: np.zeros_like(X), "your result is zero everywhere"),
    (lambda X: X, "your result is the argument, unchanged"),
    (lambda X: centre(X) + 0.5, "your result is off by the same number everywhere: 0.5"),
    (lambda X: np.round(centre(X), 5), "your result is right to a few digits only: is something rounded, or computed in float32?"),
    (lambda X: centre(X)[:1], None), (lambda X: None, None), (lambda X: X.nothing, None), (lambda X: "text", None),
])
def test_generic_remarks_are_facts(wrong, remark):
    verdict = told(make(), wrong)
    assert verdict.diagnosis == remark and not verdict.passed


def test_times_n_is_noticed_when_the_number_of_rows_varies():
    exercise = make(examples=(), parts={"ordinary": 1.0},
                    regimes={"ordinary": lambda rng: (rng.normal(size=(rng.integers(3, 40), 3)),)})
    assert told(exercise, lambda X: centre(X) * len(X)).diagnosis.endswith("times N, the number of rows: sum or mean?")


def test_modifying_the_argument_is_wrong_and_said():
    def in_place(X):
        X -= X.mean(axis=0)
        return X

    verdict = told(make(), in_place, KEY)
    assert verdict.mark == 0 and "in place" in verdict.first_failure.difference.text


def test_an_object_that_claims_to_be_equal_is_not():
    class Same:
        def __eq__(self, other):
            return True

        def __array__(self, *args, **kwargs):
            raise AssertionError("nobody may ask")

    assert told(make(), lambda X: Same(), KEY).mark == 0


def test_cards_never_show_expected_values_of_hidden_cases():
    verdict = told(make(), centre_rows, KEY)
    text = card_of(verdict).text()
    assert "expected" in text  # the worked example failed, and that one is public
    verdict = told(make(), centre_first, KEY)
    text = card_of(verdict).text()
    assert "expected" not in text and "called with" not in text and "long" in text
    for result in verdict.results:
        if result.case.check == "long":
            assert f"{result.expected.ravel()[0]:.4g}" not in text


def test_a_missing_answer_and_a_stub_are_told_kindly():
    verdict = judge_namespace(make(), {})
    assert verdict.mark == 0 and "run the cell with your answer first" in card_of(verdict).text()

    def stub(X):
        raise NotImplementedError("Replace this line with your answer.")

    assert "Not answered yet" in card_of(told(make(), stub)).text()


def test_html_of_a_card_is_escaped():
    def shout(X):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in card_of(told(make(), shout)).html()


# -- chains ----------------------------------------------------------------------------------------------------------------


def chain(x):
    a = x + 1
    return {"a": a, "b": 2 * a, "c": 2 * a - 3}


def follow(args, own):
    return {"a": args[0] + 1, "b": 2 * own["a"], "c": own["b"] - 3}


def wrong_a(x):
    a = x + 1.5
    return {"a": a, "b": 2 * a, "c": 2 * a - 3}


CHAIN = dict(key="unit9.centre", reference=chain, alternatives=(), examples=(), mistakes=(Mistake("adds 1.5", wrong_a, mark=2.0),),
             regimes={"ordinary": lambda rng: (rng.normal(),)}, follow=follow,
             steps={"first": ("a",), "second": ("b",), "third": ("c",)}, parts={"first": 1.0, "second": 1.0, "third": 1.0})


def test_one_slip_costs_one_step():
    verdict = told(make(**CHAIN), wrong_a, KEY)
    assert verdict.mark == 2.0 and verdict.diagnosis == "adds 1.5"
    assert "a is" in verdict.first_failure.difference.text


@pytest.mark.parametrize("wrong", [lambda x: None, lambda x: {}, lambda x: {"a": "text", "b": None, "c": [1, 2]},
                                   lambda x: {"a": float("nan"), "b": float("nan"), "c": float("nan")}])
def test_a_broken_chain_gets_nothing(wrong):
    assert told(make(**CHAIN), wrong, KEY).mark == 0


# -- the bank ------------------------------------------------------------------------------------------------------------------


def test_the_bank_of_a_sound_exercise_has_no_problems():
    assert prove(make()).problems == []


@pytest.mark.parametrize("changes, problem", [
    ({"mistakes": make().mistakes[:2]}, "at least 3"),
    ({"alternatives": ()}, "no alternative"),
    ({"alternatives": (centre_rows,)}, "alternative 1 loses points"),
    ({"mistakes": (*make().mistakes, Mistake("is right", centre))}, "survivor: 'is right'"),
    ({"mistakes": (Mistake("centres each row", centre_rows, mark=1.0), *make().mistakes[1:])}, "wrong mark"),
    ({"mistakes": (*make().mistakes, Mistake("the same again", centre_rows))}, "diagnosis"),
    ({"mistakes": (*make().mistakes, Mistake("three times", lambda X: 3 * centre(X)))}, "not a mistake of its own"),
    ({"mistakes": (*make().mistakes[:2], Mistake("too", lambda X: centre(X) + 1))}, "check 'long' rejects nothing"),
    ({"inapplicable": {"transposed": "no"}}, "declared inapplicable, but"),
    ({"inapplicable": {"nonsense": "no"}}, "unknown generic"),
    ({"accepts": lambda args, got: None}, "survivor: 'stub'"),
])
def test_the_bank_finds_what_is_wrong_with_an_exercise(changes, problem):
    if problem == "survivor: 'stub'":  # an exercise that accepts everything still rejects errors; zeros get through
        problem = "survivor: 'returns zeros'"
    assert any(problem in found for found in prove(make(**changes)).problems)


@pytest.mark.parametrize("changes", [{"rung": "guess"}, {"difficulty": 6}, {"hints": ("one",)}, {"parts": {"ordinary": 1.0, "rest": 1.0}},
                                     {"parts": make().parts | {"nobody": 1.0}}])
def test_malformed_exercises_are_refused(changes):
    with pytest.raises(ValueError, match="unit9.centre"):
        make(**changes)


# -- the pipe and the key ---------------------------------------------------------------------------------------------------------


def test_the_same_verdict_through_a_pipe(forked):
    for answer in (centre, centre_rows, centre_median, lambda X: X.nothing):
        here = judge(make(), LocalLink({"centre": answer}), KEY)
        there = judge(make(), forked({"centre": answer}), KEY)
        here.diagnosis, there.diagnosis = diagnose(here), diagnose(there)
        assert (here.mark, here.failed_checks(), here.diagnosis) == (there.mark, there.failed_checks(), there.diagnosis)


def test_the_course_key_is_made_once_private_and_found_from_below(tmp_path, monkeypatch):
    monkeypatch.delenv("DLKIT_COURSE_KEY_FILE", raising=False)
    path = tmp_path / ".course_key"
    assert make_key(path) and not make_key(path)
    assert path.stat().st_mode & 0o077 == 0
    below = tmp_path / "autograded" / "ana"
    below.mkdir(parents=True)
    assert find_key(below) == path.read_bytes().strip() and len(find_key(below)) == 64


def test_long_results_are_shown_by_name_one_in_a_line():
    exercise = find("unit1.update_parameters")
    wrong = next(m for m in exercise.mistakes if m.says.startswith("leaves the biases"))
    text = card_of(judge_namespace(exercise, exercise.namespace(wrong.answer))).text()
    assert "  expected:\n    W1 = [[ 0.291831,  0.104457],\n          [-0.208169" in text and "\n    b1 = [0.2, 0.1]\n" in text


def test_a_changed_argument_is_called_by_its_name():
    exercise = find("unit1.update_parameters")
    wrong = next(m for m in exercise.mistakes if "given arrays" in m.says)
    text = card_of(judge_namespace(exercise, exercise.namespace(wrong.answer))).text()
    assert "update_parameters modified W1 in place: work on a copy" in text
    assert "your own earlier values" not in text and "expected:" not in text


def test_passes_says_what_the_whole_verdict_says():
    for exercise in all_exercises():
        for answer in (exercise.reference, *(mistake.answer for mistake in exercise.mistakes[:2])):
            namespace = exercise.namespace(answer)
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                whole = judge_namespace(exercise, namespace)
                assert passes(exercise, LocalLink(namespace)) == whole.passed, exercise.key


def test_passes_stops_at_the_first_failure_where_calls_take_long():
    calls = []
    assert not passes(find("unit1.softmax"), LocalLink({"softmax": lambda Z: calls.append(time.sleep(1.5 * TOGETHER_SECONDS))}))
    assert len(calls) == 1


@pytest.mark.parametrize("seconds", [1.0, 0.0], ids=["together", "one by one"])
def test_an_answer_that_ends_its_process_gets_nothing(forked, monkeypatch, seconds):
    exercise, calls = find("unit1.softmax"), []

    def dies_late(Z):
        calls.append(1)
        return exercise.namespace()["softmax"](Z) if len(calls) < 4 else os._exit(1)

    monkeypatch.setattr(respondent, "TOGETHER_SECONDS", seconds)
    verdict = judge(exercise, forked({"softmax": dies_late}), KEY)
    assert verdict.mark == 0
    assert {result.outcome.error.kind for result in verdict.results} == {DIED}
    text = card_of(verdict).text()
    assert "The process came to an end while it ran your answer" in text and "called with" not in text


def test_a_death_is_noticed_by_whom_it_concerns_even_if_the_script_expects_errors(forked):
    """accepts_backward may fail on wrong backward passes; it may not end its process there."""
    exercise, calls = find("unit2.accepts_backward"), []
    names = exercise.namespace()

    def dies_at_the_end(args, output):
        calls.append(1)
        right = names["accepts_backward"](args, output)
        return right if right or len(calls) < 20 else os._exit(1)

    assert judge(exercise, forked({**names, "accepts_backward": dies_at_the_end}), KEY).mark == 0


def test_calls_that_follow_a_wrong_result_are_made_however_slow_the_first_was(forked, monkeypatch):
    """A walk with a wrong shape is over for its judge; that its next step ends the process counts all the same."""
    def step(theta, v, gradient, lr, beta):
        return (theta[:1], v) if np.ndim(theta) and len(theta) > 1 else os._exit(1)

    for seconds in (1.0, 0.0):
        monkeypatch.setattr(respondent, "TOGETHER_SECONDS", seconds)
        verdict = judge(find("unit2.momentum_step"), forked({"momentum_step": step}), KEY)
        assert verdict.results[0].outcome.error.kind == DIED
