"""The harness counts right, and every entry runs. How fast anything is, is no matter for a test."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = sorted((ROOT / "benchmarks").glob("bench_*.py"))


@pytest.fixture(scope="module")
def harness() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dlkit_benchmarks_harness", ROOT / "benchmarks" / "harness.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


class Clock:
    """A clock that stands still until a contender moves it on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def contender(self, label: str, seconds: list[float], calls: list[str]):
        def call() -> None:
            calls.append(label)
            self.now += seconds[min(calls.count(label), len(seconds)) - 1]

        return call


def test_medians_and_ratios_of_known_times(harness: ModuleType) -> None:
    rows = harness.summarise({"base": [1.0, 2.0, 4.0], "other": [3.0, 4.0, 8.0]}, "base")
    assert [(row.label, row.seconds, row.ratio) for row in rows] == [("base", 2.0, 1.0), ("other", 4.0, 2.0)]


def test_ratios_are_of_the_same_round(harness: ModuleType) -> None:
    """The machine was ten times slower in the last two rounds; twice as slow is still twice as slow."""
    _, other = harness.summarise({"base": [1.0, 10.0, 10.0], "other": [2.0, 20.0, 20.0]}, "base")
    assert other.ratio == 2.0 and other.ratio_spread == 0.0 and other.spread > 0


def test_spread_is_the_distance_of_the_quartiles(harness: ModuleType) -> None:
    assert harness.spread([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx((4 - 2) / 3)
    assert harness.spread([7.0]) == 0.0
    assert harness.spread([2.0, 2.0, 2.0]) == 0.0


def test_contenders_take_turns_and_a_different_one_begins_each_round(harness: ModuleType) -> None:
    clock, calls = Clock(), []
    contenders = {label: clock.contender(label, [1.0], calls) for label in "abc"}
    samples = harness.measure(contenders, rounds=3, round_seconds=0.0, clock=clock)
    assert "".join(calls) == "aabbcc" + "abc" + "bca" + "cab"
    assert samples == {label: [1.0, 1.0, 1.0] for label in "abc"}


def test_short_calls_are_repeated_and_seconds_are_per_call(harness: ModuleType) -> None:
    clock, calls = Clock(), []
    contenders = {
        "short": clock.contender("short", [99.0, 0.25], calls),  # the first call of all warms up and is not counted
        "long": clock.contender("long", [4.0], calls),
    }
    samples = harness.measure(contenders, rounds=2, round_seconds=1.0, clock=clock)
    assert samples == {"short": [0.25, 0.25], "long": [4.0, 4.0]}
    assert (calls.count("short"), calls.count("long")) == (2 + 2 * 4, 2 + 2 * 1)


@pytest.mark.parametrize(("seconds", "shown"), [(2.5e-6, "2.5 us"), (0.00123, "1.23 ms"), (0.5, "500 ms"), (3.0, "3 s")])
def test_seconds_are_shown_with_a_unit(harness: ModuleType, seconds: float, shown: str) -> None:
    assert harness.shown_seconds(seconds) == shown


def test_table(harness: ModuleType) -> None:
    comparison = harness.Comparison("One", [harness.Row("base", 0.5, 0.125, 1.0, 0.0)], "fast", ["A note."])
    assert harness.table(comparison).splitlines() == [
        "### One", "",
        "Goal: fast", "",
        "| | median | spread | ratio | spread of the ratio |",
        "|---|---:|---:|---:|---:|",
        "| base | 500 ms | 12% | 1.00 | 0% |", "",
        "A note.",
    ]  # fmt: skip


def call(path: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, str(path), *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.stem)
def test_entry_runs(path: Path) -> None:
    result = json.loads(call(path, "--quick", "--json"))
    assert "Python" in result["machine"]
    assert result["comparisons"]
    for comparison in result["comparisons"]:
        assert comparison["title"] and comparison["rows"]
        assert all(row["seconds"] > 0 and row["ratio"] > 0 for row in comparison["rows"])


@pytest.mark.parametrize("path", [*ENTRIES, ROOT / "benchmarks" / "run_all.py"], ids=lambda path: path.stem)
def test_help_has_examples(path: Path) -> None:
    text = call(path, "--help")
    assert "examples:" in text and f"python benchmarks/{path.name}" in text and "--quick" in text


def test_what_is_not_installed_is_said_so() -> None:
    code = (
        "import sys; sys.modules['numpy_ml'] = None; sys.path.insert(0, 'benchmarks'); "
        "import bench_mlp_step as b; "
        "b.CASES = {'tiny': ((3, 4, 2), 5)}; result = b.run(True); "
        "assert [row.label for row in result[0].rows] == ['dlkit.numpy', 'PyTorch eager'], result; "
        "assert 'numpy-ml is not installed' in result[0].notes[0]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
