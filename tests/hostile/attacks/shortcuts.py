"""Answers that are not answers: tables of the visible cases, other people's code, another behaviour when it counts."""

from __future__ import annotations

from dlkit.checking.cases import draw_cases
from dlkit.exercises import find

from .model import RIGHT, WRONG, Attack, answer_to, then_right

SHADOW = "import os\nos.system('touch @STAIN@')\ncheck = grade = use = hint = being_graded = lambda *args: 2.0\n"


def table_of_visible_cases() -> str:
    """An answer to the first exercise that has learned all visible cases by heart."""
    exercise = find("unit1.linear_unit")
    rows = {}
    for case in draw_cases(exercise):
        X, w, b = case.args
        rows[X.tobytes().hex()] = exercise.reference(X, w, b).tolist()
    return answer_to("linear_unit", "return np.array(KNOWN.get(X.tobytes().hex(), [0.0] * len(X)))",
                     f"import numpy as np\n\nKNOWN = {rows!r}")


def shadow(folder, places) -> None:
    """Modules beside the notebook that go by the names of others."""
    for name in ("numpy.py", "json.py", "struct.py", "sitecustomize.py", "usercustomize.py", "nbformat.py", "judge.py", "torch.py"):
        (folder / name).write_text(SHADOW.replace("@STAIN@", places["STAIN"]))
    for name in ("dlkit", "dlkit/checking", "IPython", "nbgrader"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "__init__.py").write_text(SHADOW.replace("@STAIN@", places["STAIN"]))
    (folder / "nbgrader_config.py").write_text(SHADOW.replace("@STAIN@", places["STAIN"]))
    (folder / "ipython_config.py").write_text(SHADOW.replace("@STAIN@", places["STAIN"]))
    (folder / "conftest.py").write_text(SHADOW.replace("@STAIN@", places["STAIN"]))


ATTACKS = (
    Attack("learned by heart", "the visible cases are in a table, and nothing else is computed",
           answers={"linear_unit": table_of_visible_cases()}, marks={"linear_unit": 0.5}),
    Attack("time bomb", "the first case is answered right, and then no more",
           answers={"linear_unit": answer_to("linear_unit", "calls.append(1)\nreturn X @ w + b if len(calls) == 1 else X @ w",
                                             "calls = []")}, marks={"linear_unit": 0.5}),
    Attack("right every other time", "what is asked twice is answered twice",
           answers={"linear_unit": answer_to("linear_unit", "calls.append(1)\nreturn X @ w + b if len(calls) % 2 else X @ w",
                                             "calls = []")}, marks={"linear_unit": (0.5, 0.0)}),
    Attack("the last result again", "results are kept from one call to the next, and given back for other arguments",
           answers={"linear_unit": answer_to("linear_unit", "return kept.setdefault(len(w), X @ w + b)", "kept = {}")},
           marks={"linear_unit": (0.5, 0.0)}),
    Attack("wrong only when graded", "an answer that fails only when it is graded is still a wrong one",
           answers={"linear_unit": answer_to(
               "linear_unit", "return X @ w if os.environ.get('NBGRADER_EXECUTION') == 'autograde' else X @ w + b", "import os")},
           marks={"linear_unit": 0.0}),
    Attack("right only when graded", "an answer that is right where it is graded has been answered",
           answers={"linear_unit": answer_to(
               "linear_unit", "return X @ w + b if os.environ.get('NBGRADER_EXECUTION') == 'autograde' else None", "import os")},
           marks={"linear_unit": 2.0}),
    Attack("course's own answer", "the course's answer to the exercise itself is asked for and handed in",
           answers={"linear_unit": "linear_unit = use('unit1.linear_unit')"}, marks={"linear_unit": 0.0}),
    Attack("course's own answer inside", "the course's answer is asked for while the exercise is judged",
           answers={"linear_unit": answer_to("linear_unit", "return use('unit1.linear_unit')(X, w, b)",
                                             "from dlkit.checking import use")}, marks={"linear_unit": 0.0}),
    Attack("course's own answer, kept", "the course's answer is fetched in one cell, and handed in by another name",
           first="from dlkit.checking import use\nkept = use('unit1.linear_unit')\nprint('fetched')", shows=("fetched",),
           answers={"linear_unit": answer_to("linear_unit", "return kept(X, w, b)")}, marks={"linear_unit": 0.0}),
    Attack("course's own answer to all", "every answer is the course's own",
           first="from dlkit.checking import use",
           answers={name: f"{name} = use('unit1.{name}')" for name in WRONG}, marks=dict.fromkeys(WRONG, 0.0)),
    Attack("course's answer to another exercise", "a later exercise's answer by the course does the work of this one",
           answers={"linear_unit": answer_to("linear_unit", "return use('unit1.neuron')(X, w, b, lambda z: z)",
                                             "from dlkit.checking import use"), "neuron": 0},
           marks={"linear_unit": (0.0, 2.0)}, flagged=("unit1.linear_unit", "flags")),
    Attack("another function of the library", "a function of the library that this notebook does not ask for does the work",
           answers={"linear_unit": answer_to("linear_unit", "return layers.dense_forward(np.asarray(X, float), np.asarray(w)[:, None], np.array([b]))"
                                             "[0][:, 0]", "import numpy as np\nfrom dlkit.numpy import layers")},
           marks={"linear_unit": 2.0}, says=("dlkit",)),
    Attack("builds on an earlier answer", "an earlier exercise's answer, right, is used in a later one, as the course invites to",
           answers={"neuron": answer_to("neuron", "return activation(use('unit1.linear_unit')(X, w, b))",
                                        "from dlkit.checking import use")}, marks={"neuron": 2.0}),
    Attack("reference from the bank", "the reference is imported from the exercises",
           answers={"linear_unit": "from dlkit.exercises import find\n\nlinear_unit = find('unit1.linear_unit').reference",
                    "gate_weights": "from dlkit.exercises.unit1.neurons.gates import gate_weights"},
           marks={"linear_unit": 0.0, "gate_weights": 0.0}, level=2),
    Attack("reference by its source", "the text of the reference is read and run",
           answers={"linear_unit": "text = open('@REPO@/dlkit/exercises/unit1/neurons/__init__.py').read()\nexec(text)"},
           marks={"linear_unit": 0.0}, level=2),
    Attack("solution by its source", "the solved notebook is read and its cell is run",
           answers={"linear_unit": "import json\nfor cell in json.load(open('@HOME@/solutions/unit1_shallow_networks/1_neurons.ipynb'))"
                                   "['cells']:\n    text = ''.join(cell['source'])\n    if 'def linear_unit(' in text:\n        exec(text)"},
           marks={"linear_unit": 0.0}, level=2),
    Attack("asks torch", "a package that the exercise asks to do without does the work",
           answers={"linear_unit": answer_to(
               "linear_unit", "return torch.add(torch.mv(torch.tensor(X, dtype=float), torch.tensor(w, dtype=float)), b).numpy()",
               "import torch")}, marks={"linear_unit": 2.0}, says=("torch",)),
    Attack("asks the library", "the function of the library that does the same is called",
           answers={"neuron": answer_to("neuron", "return linear.neuron(X, w, b, activation)", "from dlkit.numpy import linear")},
           marks={"neuron": 0.0}),
    Attack("redefined later", "a wrong answer becomes right after it has been graded",
           answers={"linear_unit": 0}, last=then_right("linear_unit", "print('right at last')")),
    Attack("redefined and wrong", "a right answer that becomes wrong after it has been graded stays right",
           answers={"linear_unit": RIGHT}, last="def linear_unit(X, w, b):\n    return None"),
    Attack("all names in every cell", "each cell defines all answers, the last one wins",
           answers={"xor_inequalities": then_right("xor_inequalities", "linear_unit = neuron = threshold_unit = lambda *args: 2.0")},
           marks={"xor_inequalities": 2.0}),
    Attack("files that pose as modules", "modules beside the notebook go by the names of others", answers=WRONG, files=shadow),
    Attack("path of modules", "the places where modules are found are changed, and the modules forgotten", answers=WRONG, first="""
import os, sys
print("the path is set")
os.makedirs("own/dlkit/checking", exist_ok=True)
for name in ("own/dlkit/__init__.py", "own/dlkit/checking/__init__.py"):
    with open(name, "w") as file:
        file.write("check = grade = use = hint = being_graded = lambda *args: 2.0")
sys.path.insert(0, "own")
for name in [name for name in sys.modules if name.split(".")[0] in ("dlkit", "numpy", "json")]:
    del sys.modules[name]
""", shows=("the path is set",)),
)
