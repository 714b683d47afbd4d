"""A small harness for comparisons: interleaved runs, medians, ratios, spread, and the machine.

All contenders of a comparison take turns within each round, so that a machine that slows down slows them
all. A ratio is the median over the rounds of (time of the contender) / (time of the baseline in the same
round). The spread is the distance between the quartiles as a fraction of the median: above some 0.2 the
machine was too busy to be trusted.

An entry is a module with ``run(quick) -> list of Comparison`` that ends in ``harness.main(run, __doc__)``.

    python benchmarks/bench_import.py             # a table
    python benchmarks/bench_import.py --json      # the same numbers for programs
    python benchmarks/bench_import.py --quick     # one short round: does it run at all?
"""

from __future__ import annotations

import argparse
import gc
import importlib.metadata
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # entries import this module before NumPy: one thread for everybody
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # dlkit of this checkout, installed or not

Contender = Callable[[], object]


@dataclass
class Row:
    """One contender: seconds per call, and how it compares with the baseline."""

    label: str
    seconds: float
    spread: float
    ratio: float  # time of this one / time of the baseline, median over the rounds
    ratio_spread: float


@dataclass
class Comparison:
    """A table of contenders that did the same work."""

    title: str
    rows: list[Row] = field(default_factory=list)
    goal: str = ""
    notes: list[str] = field(default_factory=list)


def pace() -> float:
    """Processor seconds that ten million additions in a Python loop take just now.

    A shared machine is twice as fast in one hour as in the next; this says which hour it was.
    """
    begin, total = time.process_time(), 0
    for number in range(2_000_000):
        total += number
    return 5 * (time.process_time() - begin)


def spread(values: Sequence[float]) -> float:
    """Distance between the quartiles as a fraction of the median; 0 for fewer than two values."""
    if len(values) < 2:
        return 0.0
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / middle if middle else 0.0


def summarise(samples: Mapping[str, Sequence[float]], baseline: str) -> list[Row]:
    """Rows from the seconds per call of each contender, one number for each round."""
    reference = samples[baseline]
    rows = []
    for label, values in samples.items():
        ratios = [value / base for value, base in zip(values, reference, strict=True)]
        rows.append(Row(label, statistics.median(values), spread(values), statistics.median(ratios), spread(ratios)))
    return rows


def measure(
    contenders: Mapping[str, Contender],
    *,
    rounds: int = 15,
    round_seconds: float = 0.05,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Seconds per call of each contender in each round; they take turns at being the first.

    Each is called as often as fits into ``round_seconds``, at least once, after one call that is not counted.
    """
    repeats = {}
    for label, call in contenders.items():
        call()
        start = clock()
        call()
        repeats[label] = max(1, int(round_seconds / max(clock() - start, 1e-9)))
    samples: dict[str, list[float]] = {label: [] for label in contenders}
    order = list(contenders)
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for label in order:
                call, count = contenders[label], repeats[label]
                start = clock()
                for _ in range(count):
                    call()
                samples[label].append((clock() - start) / count)
            order = order[1:] + order[:1]
            gc.collect()
    finally:
        if was_enabled:
            gc.enable()
    return samples


def compare(
    title: str,
    contenders: Mapping[str, Contender],
    *,
    baseline: str,
    quick: bool = False,
    rounds: int = 15,
    goal: str = "",
    notes: Sequence[str] = (),
) -> Comparison:
    """Measure contenders and make the table; ``quick`` makes two short rounds only."""
    samples = measure(contenders, rounds=2, round_seconds=0.0) if quick else measure(contenders, rounds=rounds)
    return Comparison(title, summarise(samples, baseline), goal, list(notes))


def machine() -> str:
    """The machine and the versions, in one line."""
    cpu = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    versions = [f"Python {platform.python_version()}"]
    for name in ("numpy", "torch", "numpy-ml"):
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"no {name}")
    hardware = f"{cpu}, {os.cpu_count()} cores, {os.environ['OMP_NUM_THREADS']} thread(s){load}"
    return f"{hardware}; {platform.system()}; {', '.join(versions)}"


def shown_seconds(seconds: float) -> str:
    """Seconds with a unit that keeps the number readable."""
    for limit, factor, unit in ((1e-3, 1e6, "us"), (1.0, 1e3, "ms")):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def table(comparison: Comparison) -> str:
    """A comparison as Markdown."""
    lines = [f"### {comparison.title}", ""]
    if comparison.goal:
        lines += [f"Goal: {comparison.goal}", ""]
    if comparison.rows:
        lines += ["| | median | spread | ratio | spread of the ratio |", "|---|---:|---:|---:|---:|"]
        for row in comparison.rows:
            cells = [row.label, shown_seconds(row.seconds), f"{row.spread:.0%}"]
            lines.append("| " + " | ".join([*cells, f"{row.ratio:.2f}", f"{row.ratio_spread:.0%}"]) + " |")
        lines.append("")
    for note in comparison.notes:
        lines += [note, ""]
    return "\n".join(lines)


def main(run: Callable[[bool], list[Comparison]], doc: str | None) -> None:
    """The command line of an entry."""
    description, _, examples = (doc or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=examples, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="two short rounds: does it run at all?")
    parser.add_argument("--json", action="store_true", help="numbers for programs instead of tables")
    options = parser.parse_args()
    comparisons = run(options.quick)
    if options.json:
        print(json.dumps({"machine": machine(), "comparisons": [asdict(c) for c in comparisons]}, indent=2))
    else:
        print(machine(), *map(table, comparisons), sep="\n\n")
