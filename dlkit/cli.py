"""The ``dlkit`` command.

Every subcommand is one function; heavy modules are imported only by the subcommand that needs them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit code (0 done, 1 something failed, 2 wrong usage)."""
    parser = _parser()
    options = parser.parse_args(argv)
    if not hasattr(options, "run"):
        parser.print_help()
        return 2
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dlkit", description="A deep-learning course that grades itself.",
                                     epilog="Each command has --help with examples.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, run, says: str, examples: Sequence[str]) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=says, description=says[0].upper() + says[1:] + ".",
            epilog="examples:\n" + "\n".join(f"  {example}" for example in examples),
            formatter_class=argparse.RawDescriptionHelpFormatter)
        command.set_defaults(run=run)
        command.add_argument("--root", type=Path, default=Path.cwd(), help="course folder (default: this one)")
        return command

    build = add("build", _build, "make course/ (what students open) from solutions/",
                ["dlkit build", "dlkit build unit1_shallow_networks"])
    build.add_argument("units", nargs="*", help="units to build (default: all)")

    grade = add("grade", _grade, "grade the submissions of a unit; what has not changed is not run again",
                ["dlkit grade unit1_shallow_networks", "dlkit grade unit1_shallow_networks --jobs 4 --require 3",
                 "dlkit grade unit1_shallow_networks --student zoe --again",
                 "dlkit grade unit1_shallow_networks --dask tls://hub:8786 --tls-ca ca.pem --tls-cert me.pem --tls-key me.key",
                 "dlkit grade unit1_shallow_networks --allow-level 0    # only if you trust all who handed in"])
    _grading_options(grade)
    grade.add_argument("--due", default=None, help='when the unit was due, e.g. "2026-03-06 18:00 UTC"; later is noted as late')

    regrade = add("regrade", _regrade, "grade again after exercises or the course key have changed",
                  ["dlkit regrade unit1_shallow_networks --preview --csv changes.csv", "dlkit regrade unit1_shallow_networks"])
    _grading_options(regrade)
    regrade.add_argument("--preview", action="store_true",
                         help="show whose marks would change, by how much and why, and write nothing")
    regrade.add_argument("--csv", type=Path, default=None, metavar="FILE", help="write the changes to this file, too")

    gradebook = add("gradebook", _gradebook, "make the gradebook anew from the journal, or write out all that it holds",
                    ["dlkit gradebook rebuild", "dlkit gradebook rebuild --class-dir ~/classes/2026",
                     "dlkit gradebook export --format csv --out marks.csv"])
    gradebook.add_argument("what", choices=["rebuild", "export"], help="rebuild: from journal/, the old one is moved aside; "
                           "export: the same marks give the same text")
    gradebook.add_argument("--class-dir", type=Path, default=None, help="folder of the class (default: the course folder)")
    gradebook.add_argument("--journal-only", action="store_true",
                           help="rebuild: do not take over marks that people have entered since the last run")
    gradebook.add_argument("--format", choices=["json", "csv"], default="json", help="export: as JSON (default) or CSV")
    gradebook.add_argument("--out", type=Path, default=None, help="export: write to this file")

    report = add("report", _report, "write the report and the table of marks anew, after marking by hand",
                 ["dlkit report unit1_shallow_networks"])
    report.add_argument("unit", help="folder name of the unit")
    report.add_argument("--class-dir", type=Path, default=None, help="folder of the class (default: the course folder)")

    demo = add("demo", _demo, "build the course, make a sample class, grade it and show the results",
               ["dlkit demo", "dlkit demo --out /tmp/demo --students 24"])
    demo.add_argument("--out", type=Path, default=Path("demo"), help="where the class and the results go (default: demo)")
    demo.add_argument("--students", type=int, default=24)
    demo.add_argument("--jobs", type=int, default=None)

    bank = add("bank", _bank, "prove that every exercise rejects its bank of wrong answers",
               ["dlkit bank", "dlkit bank unit1.softmax unit1.sigmoid", "dlkit bank --write docs/kill_matrix.md"])
    bank.add_argument("keys", nargs="*", help="exercises or units (default: all)")
    bank.add_argument("--write", type=Path, default=None, help="write the kill matrix to this file")
    bank.add_argument("--jobs", type=int, default=None)
    bank.add_argument("--matrix", action="store_true", help="print the kill matrix")

    exercises = add("exercises", _exercises, "list the exercises",
                    ["dlkit exercises", "dlkit exercises unit1", "dlkit exercises --json"])
    exercises.add_argument("unit", nargs="?", default=None)
    exercises.add_argument("--json", action="store_true", help="as JSON")

    add("secret", _secret, "make the course key, from which hidden cases are drawn", ["dlkit secret"])
    weave = add("weave", _weave, "turn a notebook into text that is easy to edit, and back",
                ["dlkit weave --to-text solutions/unit1_shallow_networks/1_neurons.ipynb > /tmp/1_neurons.py",
                 "dlkit weave /tmp/1_neurons.py solutions/unit1_shallow_networks/1_neurons.ipynb --execute"])
    weave.add_argument("source", type=Path)
    weave.add_argument("target", type=Path, nargs="?", default=None)
    weave.add_argument("--to-text", action="store_true", help="from notebook to text")
    weave.add_argument("--execute", action="store_true", help="run the notebook and keep its outputs")
    add("topics", _topics, "write the topic index, docs/topics.md", ["dlkit topics"])
    add("lab", _lab, "open the course in JupyterLab", ["dlkit lab"])
    doctor = add("doctor", _doctor, "tell versions, GPU, sandbox abilities and free memory",
                 ["dlkit doctor", "dlkit doctor --json"])
    doctor.add_argument("--json", action="store_true")
    return parser


def _grading_options(command: argparse.ArgumentParser) -> None:
    """What all commands that run students' notebooks have in common."""
    command.add_argument("unit", help="folder name of the unit, as in solutions/")
    command.add_argument("--class-dir", type=Path, default=None,
                         help="folder with submitted/; results are written beside it (default: the course folder)")
    command.add_argument("--jobs", type=int, default=None, help="notebooks graded at once (default: number of cores)")
    command.add_argument("--student", action="append", default=[], help="only this student (may be repeated)")
    command.add_argument("--again", action="store_true", help="run everything again, also what has not changed")
    command.add_argument("--require", type=int, choices=range(4), default=None, metavar="LEVEL",
                         help="refuse to run anything unless this level of the sandbox is proved: 3, 2 (default), 1 or 0")
    command.add_argument("--allow-level", type=int, choices=range(2), default=None, metavar="LEVEL",
                         help="run also where only level 1 (limits) or 0 (nothing) is proved: what runs can change your files")
    command.add_argument("--dask", default=None, metavar="ADDRESS",
                         help="run notebooks on a Dask cluster, tls://host:port of its scheduler; each of its threads runs one")
    for what, says in (("ca", "of the authority of the cluster"), ("cert", "with our certificate"), ("key", "with its key")):
        command.add_argument(f"--tls-{what}", type=Path, default=None, metavar="FILE", help=f"--dask: file {says} (PEM)")


def _build(options: argparse.Namespace) -> int:
    from dlkit.grading.build import build_course
    from dlkit.grading.course import CourseError
    from dlkit.grading.topic_index import write_topic_index

    try:
        build_course(options.root, options.units or None, progress=print)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    if (options.root / "docs" / "topics.csv").is_file():
        print(f"topic index: {write_topic_index(options.root)}")
    return 0


def _grade(options: argparse.Namespace) -> int:
    from dlkit.grading.command import grade_command

    return grade_command(options.root, options.unit, due=options.due, **_shared(options))


def _shared(options: argparse.Namespace) -> dict:
    return {"class_dir": options.class_dir, "jobs": options.jobs, "students": options.student or None, "again": options.again,
            "require": options.require, "allow": options.allow_level,
            "dask": options.dask and (options.dask, options.tls_ca, options.tls_cert, options.tls_key)}


def _regrade(options: argparse.Namespace) -> int:
    from dlkit.grading.command import regrade_command

    return regrade_command(options.root, options.unit, only_preview=options.preview, table=options.csv, **_shared(options))


def _gradebook(options: argparse.Namespace) -> int:
    from dlkit.grading.command import gradebook_command

    return gradebook_command(options.what, options.root, options.class_dir, options.journal_only, options.format, options.out)


def _report(options: argparse.Namespace) -> int:
    from dlkit.grading.course import Course, CourseError
    from dlkit.grading.pages.report import write_report
    from dlkit.grading.records.rebuild import keep_marks_by_hand

    try:
        course = Course.at(options.class_dir or options.root, options.root)
        keep_marks_by_hand(course)
        for path in write_report(course, options.unit):
            print(path)
    except (CourseError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _demo(options: argparse.Namespace) -> int:
    from dlkit.grading.command import run_demo

    return run_demo(options.root, options.out, jobs=options.jobs, students=options.students)


def _selected(keys: Sequence[str]) -> list:
    from dlkit.exercises import all_exercises, find

    if not keys:
        return all_exercises()
    chosen = []
    for key in keys:
        chosen += all_exercises(key) if "." not in key else [find(key)]
    return chosen


def _bank(options: argparse.Namespace) -> int:
    from concurrent.futures import ProcessPoolExecutor

    from dlkit.checking.bank import markdown, summary

    try:
        keys = [exercise.key for exercise in _selected(options.keys)]
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    if not keys:
        print(f"no exercises in {', '.join(options.keys)}", file=sys.stderr)
        return 2
    reports = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for report in pool.map(_prove, keys):
            print(summary(report), flush=True)
            for problem in report.problems:
                print(f"    {problem}")
            reports.append(report)
    if options.matrix:
        print(markdown(reports))
    if options.write:
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text(markdown(reports), encoding="utf-8")
    problems = sum(len(report.problems) for report in reports)
    print(f"{len(reports)} exercises, {problems} problems")
    return 1 if problems else 0


def _prove(key: str):
    from dlkit.checking.bank import prove
    from dlkit.exercises import find

    return prove(find(key))


def _exercises(options: argparse.Namespace) -> int:
    from dlkit.exercises import all_exercises

    rows = [{"key": e.key, "title": e.title, "unit": e.unit, "points": e.points, "minutes": e.minutes,
             "difficulty": e.difficulty, "rung": e.rung, "mistakes": len(e.mistakes)}
            for e in all_exercises(options.unit)]
    if not rows:
        print(f"no exercises in unit {options.unit!r}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0
    columns = ["key", "points", "minutes", "difficulty", "rung", "mistakes", "title"]
    texts = [[f"{row[c]:g}" if isinstance(row[c], float) else str(row[c]) for c in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    for line in (columns, *texts):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    return 0


def _secret(options: argparse.Namespace) -> int:
    from dlkit.checking.cases import KEY_FILE, make_key

    path = options.root / KEY_FILE
    if make_key(path):
        print(f"made the course key {path}: keep it to yourself, and keep a copy (marks depend on it)")
    else:
        print(f"{path} exists already; it is left as it is")
    return 0


def _weave(options: argparse.Namespace) -> int:
    from dlkit.grading.weave import to_notebook, to_text

    if options.to_text:
        print(to_text(options.source), end="")
        return 0
    if options.target is None:
        print("weave: name the notebook to write, as second argument", file=sys.stderr)
        return 2
    to_notebook(options.source, options.target, execute=options.execute)
    return 0


def _topics(options: argparse.Namespace) -> int:
    from dlkit.grading.topic_index import write_topic_index

    print(write_topic_index(options.root))
    return 0


def _lab(options: argparse.Namespace) -> int:
    import subprocess

    return subprocess.call([sys.executable, "-m", "jupyterlab", "--notebook-dir", str(options.root / "course")])


def _doctor(options: argparse.Namespace) -> int:
    from dlkit.doctor import report, text
    from dlkit.grading.sandbox import prove

    found, proof = report(), prove()
    print(json.dumps({**found, "level": proof.as_dict()}, indent=2) if options.json else f"{text(found)}\n{proof.text()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
