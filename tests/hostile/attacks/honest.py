"""Honest work with all the oddities of students' notebooks. Nothing of this may cost a mark or raise an alarm."""

from __future__ import annotations

from .model import Attack, answer_to, solved, then_right


def _odd(name: str, does: str, text: str, **more) -> Attack:
    """Right answers, and an oddity in the first answer cell."""
    return Attack(name, does, answers={"linear_unit": then_right("linear_unit", text)}, marks={"linear_unit": 2.0}, **more)


def _call(name: str, does: str, body: str, before: str = "import numpy as np", **more) -> Attack:
    return Attack(name, does, answers={"linear_unit": answer_to("linear_unit", body, before)}, marks={"linear_unit": 2.0}, **more)


HONEST = (
    Attack("all right", "the author's own answers, and nothing else"),
    _call("warns", "warns when it is called", "warnings.warn('slow')\nprint('hm', file=sys.stderr)\nreturn X @ w + b",
          "import sys\nimport warnings"),
    _odd("warns in a cell", "a cell with warnings", "import warnings\nwarnings.warn('old')\nwarnings.warn('older', DeprecationWarning)"),
    _call("prints", "prints a lot while it is judged", "for row in X:\n    print('row', row)\nreturn X @ w + b"),
    _odd("plots", "draws, shows and saves a picture", """
import matplotlib.pyplot as plt
plt.plot([1, 2, 3])
plt.savefig("mine.png")
plt.show()""", shows=("image/png",)),
    _odd("matplotlib inline", "the usual magics", "%matplotlib inline\n%precision 3\n%config InlineBackend.figure_format = 'retina'\n%xmode plain"),
    _odd("times itself", "magics that run code", "%time sum(range(1000))\n%timeit -n1 -r1 sum(range(10))", shows=("loop",)),
    _odd("threads", "works with threads", """
import threading
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(abs, range(-10, 0))))""", shows=("55",)),
    _odd("subprocess", "asks another program", """
import subprocess, sys
print(subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True, check=True).stdout)""", shows=("42",)),
    _odd("processes", "works with processes", """
import os
from multiprocessing import get_context
def square(x):
    return x * x
with get_context("fork").Pool(2) as pool:
    print(pool.map(square, [3, 4]))""", shows=("[9, 16]",)),
    _odd("shell commands", "asks the shell", "!echo one and two\nfiles = !ls\n%pwd", shows=("one and two",)),
    _odd("temporary files", "writes and reads files", """
import json, os, tempfile
with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "x.json"), "w") as file:
    json.dump([1, 2], file)
with open("notes.txt", "w") as file:
    file.write("in the working folder")
print(open("notes.txt").read(), os.path.exists(os.path.expanduser("~")))""", shows=("in the working folder True",)),
    Attack("reads its own file", "a file handed in beside the notebook",
           files=lambda folder, places: (folder / "mine.csv").write_text("1,2\n3,4\n") and None,
           first="import numpy as np\nprint(np.loadtxt('mine.csv', delimiter=',').sum())", shows=("10.0",)),
    _odd("imports its own module", "a helper written to a file and imported", """
with open("helper.py", "w") as file:
    file.write("def add(a, b):\\n    return a + b\\n")
import sys
sys.path.insert(0, "")
import helper
print(helper.add(20, 3))""", shows=("23",)),
    Attack("helper cell", "a helper in a cell of its own", first="import numpy as np\n\ndef dot(a, b):\n    return np.dot(a, b)",
           answers={"linear_unit": answer_to("linear_unit", "return dot(X, w) + b")}, marks={"linear_unit": 2.0}),
    _call("class behind the answer", "the answer is the method of a class", "return Unit(w, b)(X)", """
from dataclasses import dataclass
@dataclass
class Unit:
    w: object
    b: float
    def __call__(self, X):
        return X @ self.w + self.b"""),
    Attack("object instead of a function", "the answer is an object that can be called", answers={"linear_unit": """
class Linear:
    def __call__(self, X, w, b):
        return X @ w + b
linear_unit = Linear()"""}, marks={"linear_unit": 2.0}),
    Attack("lambda", "the answer is a lambda", answers={"linear_unit": "linear_unit = lambda X, w, b: X @ w + b"},
           marks={"linear_unit": 2.0}),
    Attack("decorated", "the answer is wrapped", answers={"linear_unit": "import functools\n\ndef loud(f):\n    @functools.wraps(f)\n"
           "    def wrapped(*args):\n        print('called')\n        return f(*args)\n    return wrapped\n\n\n@loud\n"
           + solved()["unit1-linear_unit"]}, marks={"linear_unit": 2.0}),
    Attack("threads in the answer", "the function that was lent is called by several threads",
           answers={"neuron": answer_to("neuron", "with ThreadPoolExecutor(3) as pool:\n"
                                        "    return np.array([float(a[0]) for a in pool.map(activation, list((X @ w + b)[:, None]))])",
                                        "from concurrent.futures import ThreadPoolExecutor\n\nimport numpy as np")}, marks={"neuron": 2.0}),
    Attack("uses what the course offers", "an answer that failed is replaced by the course's own in a later exercise, as notebooks do",
           answers={"linear_unit": 0, "neuron": answer_to("neuron", "return activation(my_unit(X, w, b))", "my_unit = use('unit1.linear_unit')")},
           marks={"neuron": 2.0}),
    _call("slow", "a tenth of a second for each case", "time.sleep(0.1)\nreturn X @ w + b", "import time"),
    _odd("trains with torch", "a small training with torch", """
import torch
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(20):
    loss = ((net(torch.randn(16, 4)) - 1) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
print("trained", round(float(loss), 4) > 0)""", shows=("trained True",)),
    _odd("seeds again", "random numbers with seeds of its own", """
import random
import numpy as np
random.seed(1)
np.random.seed(1)
print(np.random.rand() > 0, random.random() > 0)"""),
    _odd("own repr", "objects that show themselves", """
class Table:
    def _repr_html_(self):
        return "<table><tr><td>mine</td></tr></table>"
    def __repr__(self):
        return "my table"
Table()
from IPython.display import display
display(Table())""", shows=("my table",)),
    _odd("big variables", "200 MB that are deleted again", "import numpy as np\nbig = np.ones(25 * 2**20)\nprint(big.sum() > 0)\ndel big"),
    _odd("changes settings", "NumPy and pandas-like settings", """
import numpy as np
np.set_printoptions(precision=2, suppress=True)
np.seterr(all="raise")
import warnings
warnings.simplefilter("error")"""),
    _odd("changes folder", "works in a folder of its own", "import os\nos.makedirs('work', exist_ok=True)\nos.chdir('work')"),
    _odd("asynchronous", "awaits", "import asyncio\nawait asyncio.sleep(0.01)\nprint('awaited')", shows=("awaited",)),
    _odd("interactive leftovers", "help, questions, and a reset", "linear_unit?\nhelp(abs)\n%who\n%whos", shows=("abs",)),
    Attack("reset", "everything is forgotten before the work begins", first="x = 1\n%reset -f"),
    Attack("error elsewhere", "a cell of the student's own that fails", first="1 / 0", last="raise ValueError('a try')"),
    Attack("syntax error elsewhere", "a cell of the student's own that cannot be read", first="def f(:\n    pass"),
    Attack("check in own cells", "calls the check again and again",
           last="from dlkit.checking import check, hint\ncheck('unit1.linear_unit')\nhint('unit1.neuron')"),
    Attack("sorts its cells", "new cells between all others, some of them empty",
           change=lambda notebook: notebook["cells"].insert(3, {"cell_type": "markdown", "id": "own-note", "metadata": {},
                                                                "source": "My notes"})),
    _odd("names of the judge", "names of the judge's things, used by accident", "check = 5\nmark = points = grade = 0"),
    _odd("time zone and locale", "process-wide settings", """
import locale, os, time
os.environ["TZ"] = "Asia/Tokyo"
time.tzset()
os.environ["OMP_NUM_THREADS"] = "4"
os.environ.pop("HOME", None)"""),
    _odd("logging", "a logger on every level", "import logging\nlogging.basicConfig(level=logging.DEBUG)\nlogging.debug('x')\nlogging.error('y')"),
)
