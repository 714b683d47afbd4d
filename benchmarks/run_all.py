"""Run every entry, each in a process of its own, and write docs/benchmarks.md.

examples:
  python benchmarks/run_all.py
  python benchmarks/run_all.py --quick --output /tmp/benchmarks.md
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import harness

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
ENTRIES = sorted(HERE.glob("bench_*.py"))

HEAD = """# Benchmarks

Written by `python benchmarks/run_all.py`. Rows of one table can be compared: their runs took turns.
Numbers of different machines, or of different days, cannot.

- *median*: seconds for one call, over the rounds.
- *ratio*: time divided by the baseline's, the median over rounds in which both ran. The baseline has ratio 1.
- *spread*: distance between the quartiles, as a fraction of the median. Above 20 % the machine was busy.
"""


def run_entry(path: Path, quick: bool) -> dict:
    """The numbers of one entry."""
    command = [sys.executable, str(path), "--json", *(["--quick"] if quick else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{path.name} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def page(results: dict[str, dict]) -> str:
    """The Markdown page of all entries."""
    sections = [HEAD]
    for name, result in results.items():
        sections.append(f"## {name}\n\n{result['machine']}\n")
        for comparison in result["comparisons"]:
            rows = [harness.Row(**row) for row in comparison.pop("rows")]
            sections.append(harness.table(harness.Comparison(**comparison, rows=rows)))
    return "\n".join(sections).rstrip() + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Run every benchmark and write one page.",
        epilog=(__doc__ or "").partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="two short rounds each: does everything run?")
    parser.add_argument("--output", type=Path, default=HERE.parent / "docs" / "benchmarks.md", help="the page")
    options = parser.parse_args()
    results = {}
    for path in ENTRIES:
        print(path.name, file=sys.stderr)
        results[path.stem.removeprefix("bench_").replace("_", " ")] = run_entry(path, options.quick)
    options.output.write_text(page(results), encoding="utf-8")
    print(f"wrote {options.output}")


if __name__ == "__main__":
    main()
