"""Attacks on whoever reads the results: names, texts and outputs that do something in a page, a table or a terminal.

None of them changes a mark; tests look at everything that was written for people.
"""

from __future__ import annotations

from .model import Attack, answer_to, then_right

SCRIPT = "<script>fetch('/formgrader/api/grade/1', {method: 'PUT'})</script>"


def _shows(name: str, tries: str, text: str, **more) -> Attack:
    """A cell that shows something, before an answer that is right."""
    more.setdefault("marks", {"linear_unit": 2.0})
    return Attack(name, tries, answers={"linear_unit": then_right("linear_unit", text)}, **more)


def _fails(name: str, tries: str, before: str, body: str, **more) -> Attack:
    return Attack(name, tries, answers={"linear_unit": answer_to("linear_unit", body, before)}, marks={"linear_unit": 0.0}, **more)


def _markdown(notebook) -> None:
    for number, text in enumerate((SCRIPT, "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "<svg onload=alert(1)>",
                                   "<iframe src='data:text/html,<script>alert(1)</script>'></iframe>", "$\\href{javascript:alert(1)}{x}$",
                                   "<style>body{display:none}</style>", "<form action='/formgrader'><button>ok</button></form>")):
        notebook["cells"].insert(0, {"cell_type": "markdown", "id": f"markup-{number}", "metadata": {}, "source": text,
                                     "attachments": {"x.svg": {"image/svg+xml": SCRIPT, "text/html": SCRIPT}}})


def _metadata(notebook) -> None:
    notebook["metadata"].update(title=SCRIPT, authors=[{"name": SCRIPT}], kernelspec={"name": SCRIPT, "display_name": SCRIPT})
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"]["name"] = SCRIPT
        cell["id"] = f"x{number}' onclick='alert(1)"


ATTACKS = (
    Attack("script in prose", "a script in the student's own text runs in the instructor's page", change=_markdown),
    Attack("script in metadata", "a script in titles, names and ids of cells", change=_metadata),
    _shows("script in outputs", "a script in a display runs in the instructor's page", f"""
from IPython.display import HTML, SVG, Javascript, Markdown, display
script = {SCRIPT!r}
display(HTML(script + "<img src=x onerror=alert(1)>"))
display(Javascript("alert(1)"))
display(Markdown(script + " [x](javascript:alert(1))"))
display({{"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + script + "</svg>", "text/plain": "x"}}, raw=True)
display({{"application/javascript": "alert(1)", "application/vnd.jupyter.widget-view+json": {{"model_id": "x"}}, "text/plain": "x"}}, raw=True)
display({{"text/latex": "$\\\\href{{javascript:alert(1)}}{{x}}$", "text/html": ["<scr", "ipt>alert(1)</scr", "ipt>"]}}, raw=True)
print("\\x1b]8;;javascript:alert(1)\\x07click\\x1b]8;;\\x07", script)"""),
    _fails("script as the name of an error", "the name and text of an error end in the report", f"""
Bad = type({SCRIPT!r}, (Exception,), {{}})""", f"raise Bad({SCRIPT!r})"),
    Attack("error that is a formula", "the name of an error becomes a cell of a table that computes",
           answers={"linear_unit": "raise type('=HYPERLINK(\"http://example.org\")', (Exception,), {})('=1+1,\\n\"@x\"')"},
           marks={"linear_unit": 0.0}),
    Attack("error that rewrites the terminal", "the name of an error moves the cursor and clears the screen",
           answers={"linear_unit": "raise type('\\x1b[2J\\x1b[1;1Hgraded 11.00\\r\\n\\x9b31m\\u202e', (Exception,), {})('\\x1b]0;x\\x07')"},
           marks={"linear_unit": 0.0}),
    _shows("ANSI and control signs", "outputs that rewrite a terminal", r"""
print("\x1b[2J\x1b[1;1H" + "\x00\x01\x08" * 10 + "\x1b]0;title\x07\r\n\x9b31m")"""),
    _shows("signs that turn the text round", "text that reads otherwise than it is written", r"""
print("\u202e" + "2 fo 2" + "\u202c\u200b\u2066\ufeff\u2028\u2029" + "\U000e0041")"""),
    _shows("half a sign", "text that cannot be written as UTF-8", r"""
import sys
from IPython.display import display
print("\ud800 alone")
sys.stderr.write("\udfff")
display({"text/plain": "\ud83d", "text/html": "\udc00"}, raw=True)"""),
    _shows("displays that are none", "displays whose data and metadata are of the wrong kind", """
from IPython.display import display, publish_display_data
for data in ({"text/plain": 5}, {"text/plain": None}, {5: "x"}, {"text/plain": {"a": {1, 2}}}, {"image/png": object()},
             {"text/html": b"bytes"}, {"application/json": float("nan")}, {"text/plain": ["a", 5]}, {"x" * 10000: "y"}, {"": ""}):
    try:
        display(data, raw=True)
        publish_display_data(data, metadata={"nbgrader": {"x": 1j}, 5: 6}, transient={"display_id": 7})
    except Exception:
        pass"""),
    _shows("shown by a broken object", "objects whose display fails in every way", """
from IPython.display import display
class Broken:
    def _repr_mimebundle_(self, **kwargs): return {"text/html": 1 / 0}
    def _repr_html_(self): raise SystemExit
    def _repr_png_(self): return "not base64"
    def __repr__(self): raise KeyboardInterrupt
for thing in (Broken(), type("\\x1b[2J", (), {})()):
    try:
        display(thing)
    except BaseException:
        pass"""),
    _shows("replaced streams", "standard output is another object, or none", """
import io, sys
sys.stdout = io.StringIO()
sys.stderr = None
sys.stdin = None"""),
    _shows("closed streams", "standard output and error are closed", """
import os, sys
sys.stdout.flush()
for number in (0, 1, 2):
    os.close(number)
try:
    sys.stdout.close()
except Exception:
    pass""", marks={"linear_unit": (0.0, 2.0)}),
    Attack("look-alike names", "letters of another alphabet in names that look right",
           answers={"linear_unit": "def line\u0430r_unit(X, w, b):\n    return X @ w + b"}, marks={"linear_unit": 0.0}),
    Attack("full-width names", "Python takes these letters for the usual ones, and so do we",
           answers={"linear_unit": "def \uff4cinear_unit(X, w, b):\n    return X @ w + b"}, marks={"linear_unit": 2.0}),
    Attack("invisible code", "a cell that cannot be read by a person, or by Python",
           answers={"linear_unit": "def linear_unit(X, w, b):\u200b\n    return X @ w + b"}, marks={"linear_unit": 0.0}),
    Attack("cell with a null", "a cell that holds signs no text may hold", first="x = 1\x00\x1b[2J"),
    Attack("shell magics", "commands of the system by all of IPython's ways", first="""
%%bash
touch @STAIN@
echo from bash""", last="""
import os
!touch @STAIN@
!!touch @STAIN@
get_ipython().system("touch @STAIN@")
get_ipython().getoutput("touch @STAIN@")
%sx touch @STAIN@
%load_ext autoreload
%run -i nothing.py"""),
    _shows("backend of pictures", "a backend that opens windows, and one that does not exist", """
import os
os.environ["MPLBACKEND"] = "module://nothing"
import matplotlib
for name in ("TkAgg", "nothing", "Agg"):
    try:
        matplotlib.use(name, force=True)
    except Exception:
        pass
matplotlib.rcParams["savefig.dpi"] = 1000
"""),
)
