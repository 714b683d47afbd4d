"""Notebooks run in a child: outputs, random numbers, what ends a cell or the process, and what cells may ask the course."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from dlkit.checking.cases import draw_cases
from dlkit.checking.display import MIME
from dlkit.exercises import find
from dlkit.exercises.source import answer_source
from dlkit.grading.course import Course
from dlkit.grading.running import desk
from dlkit.grading.running.runner import NotebookRun, key_of
from dlkit.grading.running.session import Session, Setting

ROOT = Path(__file__).resolve().parents[2]
UNIT, NOTEBOOK = "unit1_shallow_networks", "3_activation_functions"


@pytest.fixture(scope="module")
def class_root(tmp_path_factory):
    root = tmp_path_factory.mktemp("class")
    (root / ".course_key").write_text("0123456789abcdef" * 4)
    return root


@pytest.fixture(scope="module")
def session(class_root):
    """Patient, for a busy machine; what has to be stopped is run by :func:`hasty`."""
    with Session(Course.at(class_root, ROOT), UNIT, cell_seconds=30) as opened:
        yield opened


@dataclass
class Hasty:
    setting: Setting


@pytest.fixture(scope="module")
def hasty(session):
    """The same for cells that do not end by themselves."""
    return Hasty(replace(session.setting, cell_seconds=2.0))


@pytest.fixture(scope="module")
def cold(class_root, session):
    with Session(Course.at(class_root, ROOT), UNIT, proof=session.proof, fork=False) as opened:
        yield opened


def grade_cell(key: str):
    exercise = find(key)
    data = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3, "points": exercise.points,
            "grade_id": f"{exercise.grade_id}-check"}  # fmt: skip
    return new_code_cell(f'from dlkit.checking import check\ncheck("{key}")', metadata={"nbgrader": data})


def run(session, *sources, seed=1, notebook=NOTEBOOK, files=None):
    """Run cells (texts, or cells); the cells with their outputs, and what came of it."""
    cells = [new_code_cell(source) if isinstance(source, str) else source for source in sources]
    nb = new_notebook(cells=cells)

    def fill(folder: Path) -> None:
        for name, text in (files or {}).items():
            (folder / name).write_text(text)

    ran = NotebookRun(session.setting, nb, notebook, fill, seed).run()
    nbformat.validate(nb)
    return nb.cells, ran


def text_of(cell):
    return "".join(out.get("text", "") or out.get("data", {}).get("text/plain", "") for out in cell.outputs)


SAME_AS_A_KERNEL = [
    "1 + 1",
    "print('a'); print('b')",
    "import sys; print('x', file=sys.stderr); print('y')",
    "from IPython.display import display, HTML, Markdown\ndisplay(HTML('<b>x</b>'), Markdown('*y*'))",
    "import numpy as np\nnp.arange(4).reshape(2, 2)",
    "handle = display('first', display_id='one')",
    "handle.update('second')\nNone",
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('stays')",
    "for i in range(3):\n    clear_output(wait=True); print(i)",
    "x = 5;",
    "x",
    "_ + 1",
    "'text'",
    "None",
    "def f():\n    return 1 / 0",
    "%precision 2\n3.14159",
    "%%capture out\nprint('caught')",
    "out.stdout",
    "!echo from the shell",
    "files = !echo one two\nfiles",
    "class Rich:\n    __repr__ = lambda self: 'r'\n    def _repr_html_(self): return '<i>r</i>'\nRich()",
    "await __import__('asyncio').sleep(0)\n'awaited'",
    "%%bash\necho in bash",
    "len('é' * 3)",
]


@pytest.fixture
def knowing(class_root, session, monkeypatch):
    """A session that has read these cells before, as it has the instructor's."""
    monkeypatch.setattr("dlkit.grading.running.session.known_cells", lambda *names: SAME_AS_A_KERNEL)
    with Session(Course.at(class_root, ROOT), UNIT, proof=session.proof, cell_seconds=30) as opened:
        yield opened


@pytest.mark.parametrize("which", ["session", "knowing"])
def test_outputs_are_those_of_a_kernel(which, request):
    ours, ran = run(request.getfixturevalue(which), *SAME_AS_A_KERNEL)
    stock = new_notebook(cells=[new_code_cell(source) for source in SAME_AS_A_KERNEL])
    NotebookClient(stock, kernel_name="python3", allow_errors=True).execute()
    for mine, theirs in zip(ours, stock.cells, strict=True):
        assert _comparable(mine) == _comparable(theirs), mine.source
    assert ran.notes == []


CHANGES_TWOS = """
import ast
class Threes(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.Constant(3), node) if node.value == 2 else node
get_ipython().ast_transformers.append(Threes())
"""


def test_a_notebook_may_change_how_cells_are_read_known_ones_too(class_root, session, monkeypatch):
    monkeypatch.setattr("dlkit.grading.running.session.known_cells", lambda *names: ["1 + 2", "1 + 22"])
    shorter = "get_ipython().input_transformers_cleanup.append(lambda lines: [line.replace('22', '4') for line in lines])"
    with Session(Course.at(class_root, ROOT), UNIT, proof=session.proof) as knowing:
        cells, _ = run(knowing, "1 + 2", CHANGES_TWOS, "1 + 2", "get_ipython().ast_transformers.clear()", "1 + 2",
                       "1 + 22", shorter, "1 + 22")  # fmt: skip
    assert [text_of(cells[i]) for i in (0, 2, 4, 5, 7)] == ["3", "4", "3", "23", "5"]


def _comparable(cell):
    """Outputs without execution counts; streams joined, each kind by itself, since a kernel may mix them otherwise."""
    streams = {name: "".join(out.text for out in cell.outputs if out.get("name") == name) for name in ("stdout", "stderr")}
    rich = [(out.output_type, dict(out.data)) for out in cell.outputs if "data" in out]
    return streams, rich, [out.ename for out in cell.outputs if out.output_type == "error"]


def test_an_error_is_told_with_its_line_and_the_rest_goes_on(session):
    cells, ran = run(session, "a = 1\nb = a / 0", "a")
    (error,) = cells[0].outputs
    assert (error.ename, error.evalue) == ("ZeroDivisionError", "division by zero")
    assert any("b = a / 0" in line for line in error.traceback) and text_of(cells[1]) == "1"
    assert ran.notes == []


@pytest.mark.parametrize("source", ["def f(:", "raise SystemExit(3)", "1/0", "import nothing_of_this_name"])
def test_errors_of_every_kind_end_the_cell_only(session, source):
    cells, ran = run(session, source, "'alive'")
    assert any(out.output_type == "error" for out in cells[0].outputs) and text_of(cells[1]) == "'alive'" and ran.notes == []


def test_what_the_walls_refuse_is_explained(session):
    cells, _ = run(session, "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/')")
    assert "network" in cells[0].outputs[-1].traceback[-1]


@pytest.mark.parametrize("source", ["exit()", "quit", "exit"])
def test_leaving_is_ignored(session, source):
    cells, _ = run(session, source, "'alive'")
    assert text_of(cells[1]) == "'alive'"


@pytest.mark.parametrize("source", ["input('name? ')", "import getpass; getpass.getpass()"])
def test_input_is_refused_with_a_reason(session, source):
    cells, _ = run(session, source)
    assert cells[0].outputs[-1].ename == "StdinNotImplementedError" and "give the value in the cell" in cells[0].outputs[-1].evalue


def test_figures_come_as_pictures(session):
    cells, ran = run(session, "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])", "%matplotlib inline\nplt.plot([1]);")
    assert ran.notes == []
    for cell in cells:
        pictures = [out.data["image/png"] for out in cell.outputs if "image/png" in out.get("data", {})]
        assert len(pictures) == 1 and base64.b64decode(pictures[0]).startswith(b"\x89PNG")


def test_random_numbers_are_those_of_the_submission(session, cold):
    source = "import random, numpy as np, torch\nprint(random.random(), np.random.rand(), torch.rand(1).item(), hash('a'))"
    first, again, other = (text_of(run(session, source, seed=seed)[0][0]) for seed in (1, 1, 2))
    assert first == again != other
    assert text_of(run(session, "import random; random.random()", seed=1)[0][0]) == first.split()[0]
    assert all(one != two for one, two in zip(first.split()[:3], other.split()[:3], strict=True))
    assert text_of(run(cold, source, seed=1)[0][0]) == first


def test_both_starts_give_the_same(session, cold):
    key = "unit1.sigmoid"
    sources = [answer_source(find(key)), grade_cell(key), "import random, numpy as np\nrandom.random() + np.random.rand()", "print(1)", "1/0"]
    (forked, one), (started, two) = (run(kind, *[new_code_cell(s) if isinstance(s, str) else s.copy() for s in sources]) for kind in (session, cold))
    assert one.marks == two.marks == {"unit1-sigmoid-check": 2.0}
    for mine, theirs in zip(forked, started, strict=True):
        assert _comparable(mine) == _comparable(theirs)


# -- what ends a cell, or the process --------------------------------------------------------------------------------------


def test_an_endless_cell_is_interrupted_and_the_rest_goes_on(hasty):
    cells, ran = run(hasty, "x = 1\nwhile True: pass", "x")
    assert text_of(cells[1]) == "1"
    assert [out.ename for out in cells[0].outputs if out.output_type == "error"] == ["KeyboardInterrupt", "CellTimeoutError"]
    assert ran.notes == ["cell 1 was stopped after 2 s"]


# Python 3.11 does not guard the jump back of a loop by the try around it: an interrupt that comes there gets through.
STUBBORN = "import time\nwhile True:\n    try:\n        while True: time.sleep(1)\n    except BaseException: pass"
ENDINGS = {
    "swallows the interrupt": STUBBORN,
    "exits": "import os; os._exit(0)",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "uses all memory": "x = bytearray(10**9)\ny = [bytearray(10**8) for _ in range(1000)]",
    "fills the memory with crumbs": "held = []\nwhile True: held.append(bytearray(50_000))",
    "hangs up": "import os\nfor n in range(3, 200):\n    try: os.close(n)\n    except OSError: pass",
}  # fmt: skip


@pytest.mark.parametrize("source", ENDINGS.values(), ids=ENDINGS)
def test_what_ends_the_process_costs_itself_only(session, hasty, source):
    key = "unit1.sigmoid"
    cells, ran = run(hasty if source is STUBBORN else session, answer_source(find(key)), grade_cell(key), source, "'alive'", answer_source(find("unit1.relu")), grade_cell("unit1.relu"))
    assert ran.marks == {"unit1-sigmoid-check": 2.0, "unit1-relu-check": 1.5}
    assert text_of(cells[3]) == "'alive'" and cells[2].outputs[0].output_type == "error"


def test_signals_to_itself_change_no_mark(session):
    """The first process of a namespace of its own is deaf to its own signals; elsewhere it ends, and is run again."""
    source = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    cells, ran = run(session, source, answer_source(find("unit1.relu")), grade_cell("unit1.relu"))
    assert ran.marks == {"unit1-relu-check": 1.5}


def test_what_is_written_below_the_streams_is_kept(session):
    cells, ran = run(session, "import os, sys\nos.write(1, b'one ') and os.write(2, b'two ') and None", "import subprocess\nsubprocess.run(['echo', 'three']) and None")
    assert text_of(cells[0]) == "one two " and text_of(cells[1]) == "three\n" and ran.notes == []


@pytest.mark.parametrize("ending", ["swallows the interrupt", "exits", "crashes"])
def test_an_answer_that_ends_the_process_costs_its_exercise(session, hasty, ending):
    body = "\n".join("    " + line for line in ENDINGS[ending].splitlines())
    kind = hasty if ending == "swallows the interrupt" else session
    cells, ran = run(kind, f"def sigmoid(Z):\n{body}", grade_cell("unit1.sigmoid"), answer_source(find("unit1.relu")), grade_cell("unit1.relu"))
    assert ran.marks == {"unit1-sigmoid-check": 0.0, "unit1-relu-check": 1.5}
    assert any("the process ended while the answer was judged" in note for note in ran.notes)


def counted(key: str, which: int, what: str) -> str:
    """The right answer, which counts its calls and does something else in one of them."""
    (name,) = find(key).names
    return (
        f"{answer_source(find(key))}\n_right, called = {name}, []\ndef {name}(*args):\n    called.append(1)\n"
        f"    if len(called) == {which}:\n        {what}\n    return _right(*args)"
    )


def test_of_calls_that_go_together_only_the_one_that_takes_long_is_lost(session, monkeypatch):
    monkeypatch.setattr(desk, "CALL_SECONDS", 2.0)
    exercise = find("unit1.sigmoid")
    cases = draw_cases(exercise, session.setting.secret)
    lost = exercise.part_of(cases[3].check)
    cells, ran = run(session, counted(exercise.key, 4, "import time; time.sleep(600)"), grade_cell(exercise.key), "len(called)")
    assert ran.marks == {"unit1-sigmoid-check": exercise.points - exercise.parts[lost]} and exercise.parts[lost] < exercise.points
    assert text_of(cells[2]) == str(len(cases))  # each was made once
    assert "TimeoutError: a call took more than 2 s" in text_of(cells[1])


@pytest.mark.parametrize("ending", ["swallows the interrupt", "exits"])
def test_an_answer_that_ends_the_process_in_the_middle_gets_nothing_and_is_told_why(hasty, ending):
    cells, ran = run(hasty, counted("unit1.sigmoid", 4, f"exec({ENDINGS[ending]!r})"), grade_cell("unit1.sigmoid"))
    assert ran.marks == {"unit1-sigmoid-check": 0.0}
    assert "came to an end while it ran your answer" in text_of(cells[1]) and "called with" not in text_of(cells[1])


def test_an_answer_may_ask_the_course_while_others_wait_for_its_result(session):
    """prelu_backward gets what prelu_forward has kept; in between another exercise is judged, in calls that go together."""
    exercise = find("unit1.prelu")
    source = (
        f"from dlkit.checking import use\n{answer_source(exercise)}\n{answer_source(find('unit1.leaky_relu'))}\n"
        "_forward, asked = prelu_forward, []\ndef prelu_forward(Z, slope):\n    result = _forward(Z, slope)\n"
        "    asked.append(use('unit1.leaky_relu')[0] is leaky_relu)\n    return result"
    )
    cells, ran = run(session, source, grade_cell(exercise.key), "set(asked)")
    assert ran.marks == {"unit1-prelu-check": exercise.points} and text_of(cells[2]) == "{True}"


def test_a_notebook_has_one_time_limit(class_root, session):
    key = "unit1.sigmoid"
    cells, ran = run(Hasty(replace(session.setting, budget=3.0, cell_seconds=2.0)), answer_source(find(key)), grade_cell(key), "while True: pass", "while True: pass", "'never'", grade_cell("unit1.relu"))
    assert ran.marks == {"unit1-sigmoid-check": 2.0}
    assert cells[5].outputs[0].ename == "NotRun" and "used up its 3 s" in " ".join(ran.notes)


def test_a_new_run_of_the_notebook_finds_its_folder_as_it_was(session):
    source = "import os\nfor i in range(50): open(f'{i}.txt', 'w').close()\nopen('data.csv', 'w').write('spoilt')\nos._exit(1)"
    cells, ran = run(session, source, "open('data.csv').read(), len([n for n in __import__('os').listdir() if n.endswith('.txt')])", files={"data.csv": "a,b"})
    assert text_of(cells[1]) == "('a,b', 0)" and ran.notes == ["cell 1 was left out: the process has ended"]


def test_floods_of_output_are_cut(session):
    cells, ran = run(session, "print('x' * 50_000_000)", "for i in range(5000): display(i)", "'alive'")
    assert len(text_of(cells[0])) < 2_000_000 and "left out" in text_of(cells[0])
    assert len(cells[1].outputs) <= 2000 and text_of(cells[2]) == "'alive'" and ran.notes == []


# -- judging ---------------------------------------------------------------------------------------------------------------


def test_a_verdict_has_its_card_and_one_plain_number(session):
    key = "unit1.sigmoid"
    wrong = find(key).mistakes[0]
    cells, ran = run(session, answer_source(find(key), wrong), grade_cell(key))
    card, mark = cells[1].outputs
    assert mark.output_type == "execute_result" and mark.data["text/plain"] == repr(float(wrong.mark))
    assert card.data[MIME]["mark"] == wrong.mark and card.data[MIME]["hidden"] is True and card.data[MIME]["diagnosis"] == wrong.says


def test_state_of_the_notebook_is_left_alone_by_the_judge(session):
    key = "unit1.sigmoid"
    noisy = answer_source(find(key)).replace("def sigmoid(", "import random\n\n\ndef sigmoid(", 1)
    noisy = noisy.replace("def sigmoid(Z", "def sigmoid(Z", 1) + "\nright = sigmoid\n\n\ndef sigmoid(Z):\n    random.random(); np.random.rand(); print('loud')\n    return right(Z)"
    with_judge, ran = run(session, noisy, grade_cell(key), "random.random() + np.random.rand()")
    without, _ = run(session, noisy, "0", "random.random() + np.random.rand()")
    assert ran.marks == {"unit1-sigmoid-check": 2.0}
    assert text_of(with_judge[2]) == text_of(without[2])
    assert "loud" not in with_judge[1].outputs[0].data["text/plain"]  # it might be the arguments of a hidden case


def test_use_gives_the_own_answer_if_it_is_right(session):
    cells, _ = run(session, answer_source(find("unit1.sigmoid")) + "\nmine = sigmoid", 'from dlkit.checking import use\nuse("unit1.sigmoid") is mine')
    assert text_of(cells[1]) == "True"


@pytest.mark.parametrize(("key", "call", "says"), [
    ("unit1.sigmoid", "f(np.zeros(2))", "array([0.5, 0.5])"),  # asked here: it stays on the trusted side
    ("unit1.linear_unit", "f(np.ones((1, 2)), np.ones(2), 1.0)", "array([3.])"),  # of another notebook: its source comes
    ("unit1.numerical_gradient", "f(lambda x: float((x ** 2).sum()), np.array([1.0, 2.0])).round(6)", "array([2., 4.])"),
])  # fmt: skip
def test_use_gives_the_courses_version_otherwise(session, key, call, says):
    cells, ran = run(session, f'import numpy as np\nfrom dlkit.checking import use\nf = use("{key}")', call)
    assert "the course's own version" in text_of(cells[0]) and text_of(cells[1]) == says and ran.notes == []


def test_a_lent_function_may_ask_the_course_itself(session):
    """A call on the trusted side calls a function of the notebook, which calls the trusted side."""
    source = "import numpy as np\nfrom dlkit.checking import use\nslope, sig = use('unit1.numerical_gradient'), use('unit1.sigmoid')"
    cells, ran = run(session, source, "slope(lambda z: float(sig(z).sum()), np.zeros(2)).round(6)")
    assert text_of(cells[1]) == "array([0.25, 0.25])" and ran.notes == []


@pytest.mark.parametrize("cheat", [
    "from dlkit.checking import use\nsigmoid = use('unit1.sigmoid')",
    "from dlkit.checking import use\ndef sigmoid(Z):\n    return use('unit1.sigmoid')(Z)",
    "from dlkit.numpy.activations import sigmoid",
    "from dlkit.numpy import activations\ndef sigmoid(Z):\n    return activations.swish(Z) / Z",
    "from dlkit.checking import outside\ndef sigmoid(Z):\n    return outside('activations:sigmoid', (Z,))",
    "from dlkit.checking import outside\ndef sigmoid(Z):\n    return outside('unit1.sigmoid:sigmoid', (Z,))",
])  # fmt: skip
def test_the_reference_is_refused_inside_its_own_exercise(session, cheat):
    _, ran = run(session, cheat, grade_cell("unit1.sigmoid"))
    assert ran.marks == {"unit1-sigmoid-check": 0.0}


def test_what_use_gives_is_no_shortcut_and_the_library_is_one(session):
    used = "import numpy as np\nfrom dlkit.checking import use\nsig = use('unit1.sigmoid')\ndef tanh_derivative(Z):\n    sig(np.zeros(1))\n    return 1 - np.tanh(Z) ** 2"
    called = used.replace("use('unit1.sigmoid')", "__import__('dlkit.numpy.activations').numpy.activations.swish")
    (_, one), (_, two) = run(session, used, grade_cell("unit1.tanh_derivative")), run(session, called, grade_cell("unit1.tanh_derivative"))
    assert one.marks == two.marks == {"unit1-tanh_derivative-check": 1.5}
    assert one.flags == [] and two.flags == ["unit1.tanh_derivative: calls dlkit"]


def test_the_library_goes_on_working_without_what_is_asked_for(session):
    cells, ran = run(session, "import numpy as np\nfrom dlkit.numpy import activations\nactivations.swish(np.zeros(2)), activations.sigmoid(np.zeros(1))")
    assert text_of(cells[0]) == "(array([0., 0.]), array([0.5]))" and ran.notes == []


def test_check_and_hint_show_their_cards(session):
    cells, ran = run(session, "from dlkit.checking import check, hint\ncheck('unit1.relu'), hint('unit1.relu')", answer_source(find("unit1.relu")), "check('unit1.relu')", "check('unit1.nothing')")
    assert "relu is not defined" in text_of(cells[0]) and "Hint 1 of 3" in text_of(cells[0])
    assert "visible checks pass" in text_of(cells[2]) and "no exercise" in text_of(cells[3])
    assert not any(MIME in out.get("data", {}) for cell in cells for out in cell.outputs)


def test_nothing_of_exercises_and_judge_can_be_imported(session):
    sources = [f"import {name}" for name in ("dlkit.exercises", "dlkit.checking.judge", "dlkit.checking.compare", "dlkit.grading.engine", "dlkit.cli")]
    cells, _ = run(session, *sources)
    assert [cell.outputs[-1].ename for cell in cells] == ["ModuleNotFoundError"] * len(sources)


def test_grade_cells_name_their_exercise():
    assert key_of('### BEGIN HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS\ncheck("unit1.mse")') == "unit1.mse"
    assert key_of("assert f(1) == 2") is None and key_of("check(name)") is None and key_of("def (") is None


# -- lies told on the line itself --------------------------------------------------------------------------------------------

LINE = "import struct, sys\nfrom dlkit.grading.child import program\nsock = program.line()._channel._end\n"
LIES = {
    "a mark": "program.line()._send({'mark': 2.0, 'done': True})",
    "a verdict card": "program.line()._send({'output': {'output_type': 'display_data', 'data': {'application/vnd.dlkit.verdict+json': {'key': 'unit1.sigmoid', 'mark': 2.0}}}})",
    "too long": "sock.send(struct.pack('<Q', 2**40) + b'x' * 100)",
    "no message": "sock.send(struct.pack('<Q', 5) + b'hello')",
    "cut short": "sock.send(struct.pack('<Q', 50) + b'{')\nimport time; time.sleep(60)",
    "nested": "data = b'[' * 100000; sock.send(struct.pack('<Q', len(data)) + data)",
    "many lists": "data = b'{\"done\": [' + b'[],' * 4_000_000 + b'0]}'; sock.sendall(struct.pack('<Q', len(data)) + data)",
    "wrong types": "program.line()._send({'ask': ['x'], 'key': {}}); program.line()._send({'output': 5}); program.line()._send({'done': 'no'})",
    "asks without end": "for _ in range(20000): program.line()._send({'ask': 'hint', 'key': 'unit1.relu'})",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_lies_on_the_line_set_no_mark_and_cost_only_their_cell(session, hasty, lie):
    wrong = "def sigmoid(Z):\n    return Z"
    cells, ran = run(hasty if "sleep(60)" in lie else session, wrong, LINE + lie, grade_cell("unit1.sigmoid"), answer_source(find("unit1.relu")), grade_cell("unit1.relu"))
    assert ran.marks.get("unit1-sigmoid-check", 0.0) == 0.0
    # Whoever says "done" out of turn has every later answer taken for the one before: that is their own loss.
    assert ran.marks["unit1-relu-check"] == (0.0 if "done" in lie else 1.5)
    assert not any(MIME in out.get("data", {}) for cell in cells[:2] for out in cell.outputs)


def test_replies_of_any_kind_are_wrong_answers(session):
    """An answer that replies to the judge by itself, whatever it says, gets no more than its answers deserve."""
    for reply in ('{"value": null}', '{"error": 5}', '{"error": []}', '{"value": {"k": "array", "v": ["<f8", [1e9], ""]}}',
                  '{"value": 1, "changed": "x", "shortcuts": 5}', '{"value": {"k": "ref", "v": [1, 2, 3]}}'):  # fmt: skip
        body = f"def sigmoid(Z):\n    program.line()._send({reply.replace('null', 'None')})\n    return 1 / (1 + np.exp(-Z))"
        cells, ran = run(session, "import numpy as np\n" + LINE + body, grade_cell("unit1.sigmoid"), answer_source(find("unit1.relu")), grade_cell("unit1.relu"))
        assert ran.marks["unit1-sigmoid-check"] < 2.0, reply
