"""Cards: what a student sees of a verdict, in a notebook (HTML) or in a terminal (plain text)."""

from __future__ import annotations

import html
import inspect
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlkit.checking.compare import describe
from dlkit.checking.compare import show as show_number
from dlkit.checking.judge import CaseResult, Verdict
from dlkit.checking.protocol import DIED
from dlkit.exercises.model import EXAMPLES, Exercise

MIME = "application/vnd.dlkit.verdict+json"
SHORT = 90  # signs of a result that still read well in one line
_COLOURS = {"right": "#0072B2", "wrong": "#D55E00", "note": "#666666"}


@dataclass
class Card:
    """A title, lines of text under it, and the data behind it."""

    kind: str
    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)  # (label, text)
    data: dict[str, Any] | None = None

    def text(self) -> str:
        body = []
        for label, text in self.lines:
            shown = "\n" + textwrap.indent(text, "    ") if "\n" in text else f" {text}"
            body.append(f"  {label}:{shown}" if label else f"  {text}")
        return "\n".join([self.title, *body])

    def html(self) -> str:
        colour = _COLOURS[self.kind]
        rows = "".join(_row(label, text) for label, text in self.lines)
        return (f'<div style="border-left:5px solid {colour};padding:.4em .9em;margin:.3em 0;line-height:1.45">'
                f'<div style="font-weight:600">{html.escape(self.title)}</div>{rows}</div>')


def _row(label: str, text: str) -> str:
    shown = html.escape(text)
    if "\n" in text:
        shown = f'<pre style="margin:.2em 0;white-space:pre-wrap">{shown}</pre>'
    name = f'<span style="opacity:.7">{html.escape(label)}:</span> ' if label else ""
    return f"<div>{name}{shown}</div>"


def card_of(verdict: Verdict, printed: str = "") -> Card:
    """The card of a verdict. Expected values are shown for worked examples and visible cases, never for hidden ones."""
    exercise = verdict.exercise
    checks = [check for check in exercise.checks if any(r.case.check == check for r in verdict.results)]
    failed = verdict.failed_checks()
    passed = [check for check in checks if check not in failed]
    word = "hidden" if verdict.graded else "visible"
    right = not failed
    mark, colon = "\u2713" if right else "\u2717", "" if exercise.title.endswith("?") else ":"
    card = Card("right" if right else "wrong",
                f"{mark} {exercise.title}{colon} {len(passed)} of {len(checks)} {word} checks pass, "
                f"{verdict.mark:g} of {exercise.points:g} points{'' if verdict.graded or right else ' so far'}")
    if right:
        card.lines.append(("passed", ", ".join(passed)))
    else:
        _explain(card, verdict, failed)
    if not verdict.graded:
        card.lines.append(("", _about_hidden(exercise)))
    if verdict.shortcuts:
        card.lines.append(("note", f"your answer calls {', '.join(verdict.shortcuts)}; here it should do without "
                           "(the point is to write it yourself). It costs no marks."))
    if printed.strip():
        card.lines.append(("your code printed", printed.strip()[:1000]))
    card.data = verdict_data(verdict)
    return card


def _about_hidden(exercise: Exercise) -> str:
    hidden = [name for name in exercise.regimes if exercise.regime(name).hidden]
    if hidden:
        return "Hidden checks repeat these on other numbers and also look at: " + ", ".join(hidden) + "."
    return "Hidden checks repeat these on other numbers." if exercise.regimes else ""


def _explain(card: Card, verdict: Verdict, failed: list[str]) -> None:
    passed = [check for check in dict.fromkeys(r.case.check for r in verdict.results) if check not in failed]
    if verdict.diagnosis:
        card.lines.append(("what went wrong", _sentence(verdict.diagnosis)))
    card.lines.append(("failed", ", ".join(failed) + (f" (passed: {', '.join(passed)})" if passed else "")))
    failure = verdict.first_failure
    if failure is None or failure.difference is None:
        return
    secret = (verdict.graded and failure.case.check != EXAMPLES) or verdict.exercise.rung == "predict"
    if failure.difference.kind == "error":
        error = failure.outcome.error
        if error and error.kind == "NotImplementedError":
            card.lines.append(("", "Not answered yet: replace the line that raises NotImplementedError."))
            return
        if error and error.kind == "NameError" and error.message.endswith("is not defined") and not error.where:
            card.lines.append(("", f"{error.message[:-15]} is not defined: run the cell with your answer first."))
            return
        if error and error.kind == DIED:
            card.lines.append(("error", f"The process came to an end while it ran your answer: {error.message[:500]}."))
            return
        card.lines.append(("error", str(error)[:500]))
        if error and error.where:
            card.lines.append(("at", error.where))
    else:
        text = failure.difference.text
        card.lines.append(("first difference", _hide(text) if secret else text))
    several = len(failure.failed_steps) > 1 and failure.difference.kind not in ("error", "modified")
    if verdict.exercise.follow and several:
        card.lines.append(("wrong given your own earlier values", ", ".join(failure.failed_steps)))
    if not secret:
        _show_case(card, verdict, failure)


def _hide(text: str) -> str:
    """Drop the expected number of a hidden case, or of a prediction, from a message."""
    return text.split(", expected")[0] + (" and that is not right" if ", expected" in text else "")


def _show_case(card: Card, verdict: Verdict, failure: CaseResult) -> None:
    exercise = verdict.exercise
    if failure.case.args:
        card.lines.append(("called with", _call_text(exercise, failure.case.args)))
    if failure.outcome.error or exercise.accepts or failure.difference.kind == "modified":
        return
    card.lines.append(("expected", _result_text(exercise, failure.expected)))
    card.lines.append(("got", _result_text(exercise, failure.outcome.value)))


def _call_text(exercise: Exercise, args: tuple) -> str:
    """The arguments of a case by name, one in a line: ``x = [1, 1, 0, 1]``."""
    called = exercise.probe or next(iter(exercise.namespace().values()))
    try:
        names = list(inspect.signature(called).parameters)[1 if exercise.probe else 0:]
    except (TypeError, ValueError):
        names = []
    names += [f"argument {i + 1}" for i in range(len(names), len(args))]
    return _listed(zip(names, args, strict=False))


def _listed(named: Iterable[tuple[Any, Any]]) -> str:
    """Values by name, one in a line; an array of several lines is set below its own beginning."""
    texts = ((f"{name} = ", _brief(value)) for name, value in named)
    return "\n".join(name + text.replace("\n", "\n" + " " * len(name)) for name, text in texts)


def _result_text(exercise: Exercise, value: Any) -> str:
    """A result: in one line where that is short, else its components by name, one in a line."""
    text = _brief(value)
    if "\n" not in text and len(text) <= SHORT:
        return text
    if type(value) is dict:
        return _listed(value.items())
    if type(value) in (tuple, list) and len(value) == len(exercise.returns):
        return _listed(zip(exercise.returns, value, strict=True))
    return text


def _brief(value: Any) -> str:
    """A value in one or a few lines: small arrays whole, larger ones by shape and a corner."""
    if isinstance(value, np.ndarray):
        if value.size <= 24:
            return np.array2string(value, precision=6, separator=", ", suppress_small=False)
        corner = np.array2string(value.ravel()[:5], precision=4, separator=", ")
        return f"array of shape {value.shape}, beginning {corner}"
    if isinstance(value, tuple) and type(value) is tuple:
        return "(" + ", ".join(_brief(item) for item in value) + ")"
    if isinstance(value, list) and len(value) <= 24:
        return "[" + ", ".join(_brief(item) for item in value) + "]"
    if isinstance(value, dict) and len(value) <= 40:
        return "{" + ", ".join(f"{name}: {_brief(item)}" for name, item in value.items()) + "}"
    if isinstance(value, float | np.generic):
        return show_number(value)
    if isinstance(value, int | str) or value is None:
        return repr(value)[:200]
    if callable(value):
        return getattr(value, "__name__", "a function")
    return describe(value)


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".?!" else text + "."


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """What programs read of a verdict: no cases, no values."""
    return {
        "key": verdict.exercise.key, "mark": verdict.mark, "points": verdict.exercise.points,
        "parts": [{"name": p.name, "points": p.points, "mark": p.mark, "passed": p.passed} for p in verdict.parts],
        "failed": verdict.failed_checks(), "diagnosis": verdict.diagnosis, "shortcuts": verdict.shortcuts,
        "hidden": verdict.graded,
    }


def error_card(key: str, text: str) -> Card:
    return Card("wrong", f"\u2717 {key}", [("", text)])


def hint_card(exercise: Exercise, number: int) -> Card:
    left = len(exercise.hints) - number
    more = f"{left} more: call hint again." if left else "That was the last one."
    return Card("note", f"Hint {number} of {len(exercise.hints)}: {exercise.title}",
                [("", exercise.hints[number - 1]), ("", more)])


def notice_card(text: str) -> Card:
    """A one-line remark under a cell."""
    return Card("note", text)


def bundle(card: Card) -> dict[str, Any]:
    """A card as the MIME types of a notebook's output."""
    data: dict[str, Any] = {"text/html": card.html(), "text/plain": card.text()}
    return data if card.data is None else data | {MIME: card.data}


def show(card: Card) -> None:
    """Display a card in a notebook, or print it elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        print(card.text())
        return
    if get_ipython() is None:
        print(card.text())
    else:
        display(bundle(card), raw=True)
