"""Attacks on the shell that runs the cells: what it reads, what it shows, and the names that the checks go by."""

from __future__ import annotations

from .model import WRONG, Attack

RAN = "print('the trap is set')"
SET = ("the trap is set",)


def _trap(name: str, tries: str, first: str, **more) -> Attack:
    """Wrong answers everywhere, and a first cell that shall turn them into marks."""
    more.setdefault("shows", SET)
    return Attack(name, tries, answers=WRONG, first=f"{first.strip()}\n{RAN}", **more)


ATTACKS = (
    _trap("drops asserts", "every assert disappears from the cells that follow", """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Drop())
"""),
    _trap("turns checks into numbers", "a call of check becomes the number 2.0", """
import ast
class Forge(ast.NodeTransformer):
    def visit_Call(self, node):
        named = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if named in ("check", "grade"):
            return ast.copy_location(ast.Constant(2.0), node)
        return self.generic_visit(node)
get_ipython().ast_transformers.append(Forge())
"""),
    _trap("input transformer", "the text of every later cell becomes a number", """
get_ipython().input_transformers_cleanup.append(lambda lines: ["2.0\\n"] if any("check" in line for line in lines) else lines)
get_ipython().input_transformers_post.append(lambda lines: ["'ok'\\n", *lines])
"""),
    _trap("shows every expression", "a cell that shows all its expressions shows a mark first", """
get_ipython().ast_node_interactivity = "all"
get_ipython().input_transformers_cleanup.append(lambda lines: ["2.0\\n", *lines])
"""),
    _trap("hides tracebacks", "errors are no longer shown, so that cells look as if they passed", """
shell = get_ipython()
shell.showtraceback = lambda *args, **kwargs: None
shell.showsyntaxerror = lambda *args, **kwargs: None
type(shell).showtraceback = lambda *args, **kwargs: None
"""),
    _trap("patches displayhook", "whatever a cell evaluates to is shown as 2.0", """
import sys
shell = get_ipython()
old = shell.displayhook
class Hook(type(old)):
    def __call__(self, result=None):
        super().__call__(2.0)
try:
    shell.displayhook = Hook(shell=shell)
except Exception:
    pass
sys.displayhook = lambda value: old(2.0)
"""),
    _trap("patches repr and print", "numbers are shown as 2.0 and everything that is printed is a mark", """
import builtins, IPython.display
shell = get_ipython()
print("the trap is set")
shell.display_formatter.formatters["text/plain"].for_type(float, lambda value, printer, cycle: printer.text("2.0"))
builtins.repr = lambda value: "2.0"
builtins.format = lambda *args: "2.0"
builtins.round = lambda *args: 2.0
old = builtins.print
builtins.print = lambda *args, **kwargs: old("2.0")
def print(*args, **kwargs):
    pass
"""),
    _trap("patches check and grade", "the functions that judge give full marks", """
import sys
import dlkit.checking
for module in [value for name, value in list(sys.modules.items()) if name.startswith("dlkit")]:
    for name in ("check", "grade", "judge", "judge_namespace", "verdict_on", "_judged", "compare"):
        try:
            setattr(module, name, lambda *args, **kwargs: 2.0)
        except Exception:
            pass
check = grade = lambda key: 2.0
"""),
    _trap("own package of checks", "the package that judges is another one from here on", """
import sys, types
fake = types.ModuleType("dlkit.checking")
fake.check = fake.grade = fake.hint = lambda key, *rest: 2.0
fake.use = lambda key: (lambda *args: args[0])
fake.being_graded = lambda: True
for name in [name for name in sys.modules if name.startswith("dlkit.checking")]:
    sys.modules[name] = fake
import dlkit
dlkit.checking = fake
"""),
    _trap("import hook", "every later import of the package that judges finds another one", """
import builtins, importlib.abc, importlib.machinery, sys
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name.startswith("dlkit.checking") else None
    def exec_module(self, module):
        module.check = module.grade = module.use = lambda key: 2.0
        module.hint = module.being_graded = lambda *args: True
for name in [name for name in sys.modules if name.startswith("dlkit.checking")]:
    del sys.modules[name]
sys.meta_path.insert(0, Finder())
old = builtins.__import__
def hooked(name, *args, **kwargs):
    module = old(name, *args, **kwargs)
    if name.startswith("dlkit"):
        try:
            module.check = module.grade = lambda key: 2.0
        except Exception:
            pass
    return module
builtins.__import__ = hooked
"""),
    _trap("replaces run_cell", "the shell reports that every later cell went well and gave 2.0", """
shell = get_ipython()
print("the trap is set")
class Fine:
    success, error_in_exec, error_before_exec, result, execution_count = True, None, None, 2.0, 1
def fine(*args, **kwargs):
    return Fine()
async def fine_later(*args, **kwargs):
    return Fine()
shell.run_cell, shell.run_cell_async, shell._run_cell, shell.run_code = fine, fine_later, fine, fine_later
type(shell).run_cell = fine
"""),
    _trap("shell events", "a hook before and after each cell shows marks and changes the answers", """
from IPython.display import display
shell = get_ipython()
def show(*args):
    display({"text/plain": "2.0"}, raw=True)
    shell.user_ns["linear_unit"] = lambda X, w, b: X @ w + b if False else 2.0
for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    shell.events.register(event, show)
"""),
    _trap("events that raise", "a hook that fails makes the shell stumble over each grade cell", """
shell = get_ipython()
def fail(*args):
    raise RuntimeError("no judging today")
for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    shell.events.register(event, fail)
"""),
    _trap("events that exit", "a hook that leaves ends the process before the next grade cell", """
shell = get_ipython()
def leave(*args):
    raise SystemExit("no judging today")
for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    shell.events.register(event, leave)
""", shows=()),
    _trap("namespace that lies", "the dict of names answers differently when the judge asks", """
import sys, __main__
class Names(dict):
    def __getitem__(self, name):
        return (lambda *args: 2.0) if name in ("linear_unit", "neuron") else dict.__getitem__(self, name)
    def __contains__(self, name):
        return True
    def get(self, name, default=None):
        return self[name]
shell = get_ipython()
names = Names(shell.user_ns)
try:
    shell.user_ns = names
except Exception:
    pass
class Main(type(__main__)):
    def __getattr__(self, name):
        return lambda *args: 2.0
try:
    __main__.__class__ = Main
except Exception:
    pass
"""),
    _trap("patched builtins", "the built-in functions that comparisons rest on always agree", """
import builtins
builtins.abs = builtins.max = builtins.min = builtins.sum = lambda *args, **kwargs: 0
builtins.all = builtins.any = builtins.callable = lambda *args: True
builtins.isinstance = lambda *args: True
""", shows=()),
    _trap("patched numpy", "all comparisons of NumPy say that everything is close", """
import numpy as np
yes = lambda *args, **kwargs: True
for name in ("allclose", "isclose", "array_equal", "array_equiv", "all", "isfinite"):
    setattr(np, name, yes)
np.testing.assert_allclose = np.testing.assert_array_equal = np.testing.assert_array_almost_equal = lambda *args, **kwargs: None
np.linalg.norm = lambda *args, **kwargs: 0.0
"""),
    _trap("replaced ndarray", "the array type and the functions that make arrays are others", """
import numpy as np
class Array:
    shape, dtype, ndim, nbytes, size = (1,), np.dtype(float), 1, 8, 1
    def __init__(self, *args, **kwargs): pass
    def __eq__(self, other): return True
    def tobytes(self): return np.float64(102.5).tobytes()
np.asarray = np.array = np.ascontiguousarray = np.frombuffer = Array
try:
    np.ndarray = Array
except Exception:
    pass
"""),
    _trap("patched codec", "whatever is sent to the judge is the result of the worked example", """
import base64, json, struct, sys
import numpy as np
right = {"value": {"k": "array", "v": ["<f8", [1], base64.b64encode(np.array([102.5]).tobytes()).decode()]}}
text, data = json.dumps(right), json.dumps(right).encode()
json.dumps = lambda *args, **kwargs: text
json.JSONEncoder.encode = lambda *args, **kwargs: text
for name, module in list(sys.modules.items()):
    if "dlkit" in name or "__main__" not in name and "program" in name:
        for function in ("encode", "_encode_array", "_encode_result"):
            if hasattr(module, function):
                setattr(module, function, lambda *args, **kwargs: right["value"])
        for function in ("dumps",):
            if hasattr(module, function):
                setattr(module, function, lambda *args, **kwargs: data)
""", shows=()),
    _trap("patched respondent", "the side that answers the judge is taken over", """
import gc
for value in gc.get_objects():
    if isinstance(value, type) and value.__name__ in ("Respondent", "Table", "Watch", "Client"):
        for name in ("respond", "reply", "_call", "_encode_result", "find"):
            if hasattr(value, name):
                try:
                    setattr(value, name, lambda *args, name=name, **kwargs: b'{"replies": [{"value": 102.5}]}' if name == "respond" else {"value": 102.5})
                except Exception:
                    pass
"""),
    _trap("audit hook", "nothing that the runner does in this process is allowed any more", """
import sys
print("the trap is set")
def refuse(event, args):
    if event in ("open", "compile", "exec", "import", "object.__getattr__", "sys._getframe"):
        raise RuntimeError("not in my process")
sys.addaudithook(refuse)
"""),
    _trap("tracing", "a trace function puts other values into the frames of the checks", """
import sys, threading
def trace(frame, event, arg):
    if "mark" in frame.f_locals:
        frame.f_locals["mark"] = 2.0
    return trace
sys.settrace(trace)
threading.settrace(trace)
sys.setprofile(trace)
"""),
    _trap("marks at exit", "a verdict is shown when the process ends", """
import atexit
from IPython.display import display
def show():
    print("2.0")
    display({"text/plain": "2.0", "application/vnd.dlkit.verdict+json": {"key": "unit1.linear_unit", "mark": 2.0}}, raw=True)
atexit.register(show)
"""),
)
