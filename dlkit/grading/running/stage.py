"""The stage: what a child sees of the course. A copy of the package without exercises, judge and grading.

Functions of :mod:`dlkit.numpy` that a notebook asks its student to write are not on its stage. Their modules are there, with
the body of these functions replaced by a call to the trusted side, so that whatever builds on them goes on working; the
trusted side refuses it while that very exercise is being judged. Classes that are asked for cannot be used at all: their
objects would have to live on the trusted side.
"""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from dlkit.grading.course import SOURCE, Course

PACKAGE = Path(__file__).resolve().parents[2]
COMMON = (
    "__init__.py", "doctor.py", "torch", "data", "plot", "grading/__init__.py", "grading/child", "grading/sandbox",
    "checking/codec.py", "checking/protocol.py", "checking/client.py", "checking/respondent.py", "checking/shortcuts.py",
)  # fmt: skip
STAND_IN = "grading/child/checking.py"
LIBRARY = "numpy"
NOT_GRADED = ("grading", "being_graded()")
Redactions = dict[str, dict[str, str]]
"""Module of the library -> its functions and classes that are asked for -> the key of the exercise that asks."""


class Stage:
    """A stage in `folder`, for the notebooks of a unit.

    ``base`` goes on the path of the template; ``of(notebook, ...)`` is what the package's own path gets in the child.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = folder / "base"
        for name in COMMON:
            _copy(PACKAGE / name, self.base / "dlkit" / name)
        _copy(PACKAGE / STAND_IN, self.base / "dlkit" / "checking" / "__init__.py")

    def of(self, notebook: str, redactions: Redactions) -> Path:
        """The folder with the library as this notebook may see it, made when it is first wanted."""
        folder = self.folder / "notebooks" / notebook
        if not folder.is_dir():
            part = folder.with_name(f".{notebook}")
            _copy(PACKAGE / LIBRARY, part / LIBRARY)
            for module, names in redactions.items():
                path = part / LIBRARY / f"{module}.py"
                path.write_text(redact(path.read_text(encoding="utf-8"), module, names), encoding="utf-8")
                for stale in (part / LIBRARY / "__pycache__").glob(f"{module}.*.pyc"):
                    stale.unlink()
            part.rename(folder)
        return folder

    def cells(self, notebook: str, cells: Sequence[str]) -> None:
        """Put down the cells that every student has."""
        path = self.folder / "cells" / f"{notebook}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(cells), encoding="utf-8")


def exposed(asked: Iterable[Redactions]) -> dict[str, str]:
    """``module:function`` of what children may ask the trusted side to call, with the exercise that asks for it."""
    modules = (item for redactions in asked for item in redactions.items())
    return {f"{module}:{name}": key for module, names in modules for name, key in names.items()}


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)  # with times and __pycache__, so nothing is compiled again
    else:
        shutil.copy2(source, target)


def asked_functions(keys: Iterable[str]) -> Redactions:
    """Functions and classes of :mod:`dlkit.numpy` that answer one of these exercises: its reference, or of the same name."""
    from dlkit.exercises import find

    found: Redactions = {}
    for key in keys:
        for name, function in find(key).namespace().items():
            package, _, module = str(getattr(function, "__module__", "")).rpartition(".")
            if package == "dlkit.numpy":
                found.setdefault(module, {})[function.__name__] = key
            for module in _library().get(name, ()):
                found.setdefault(module, {})[name] = key
    return found


@lru_cache(maxsize=1)
def _library() -> dict[str, list[str]]:
    """The public functions and classes of :mod:`dlkit.numpy`, by name: the modules that define them."""
    found: dict[str, list[str]] = {}
    for path in sorted((PACKAGE / LIBRARY).glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(path.stem)
    return found


def keys_of(course: Course, unit: str, notebook: str) -> list[str]:
    """Keys of the exercises that a notebook asks, from its grade cells."""
    return [slot.key for slot in course.slots(unit) if slot.notebook == notebook and not slot.by_hand]


def imports_of(course: Course, unit: str) -> set[str]:
    """Packages that the solved notebooks of a unit import, in any cell."""
    found: set[str] = set()
    for notebook in course.notebooks(unit):
        found |= imports_in(course.home / SOURCE / unit / f"{notebook}.ipynb")
    return found


@lru_cache(maxsize=64)
def imports_in(path: Path) -> frozenset[str]:
    """Packages, modules and names that the cells of a notebook import while it is graded."""
    found: set[str] = set()
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            lines = (line for line in "".join(cell["source"]).splitlines() if not line.lstrip().startswith(("%", "!")))
            try:
                _collect(ast.parse("\n".join(lines)), found)
            except SyntaxError:
                continue
    return frozenset(found)


def _collect(node: ast.AST, found: set[str]) -> None:
    """What `node` imports, without what stands under ``if not grading:``."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.UnaryOp) and ast.unparse(node.test.operand) in NOT_GRADED:
        for each in node.orelse:
            _collect(each, found)
        return
    if isinstance(node, ast.Import):
        found |= {alias.name for alias in node.names}
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    for each in ast.iter_child_nodes(node):
        _collect(each, found)


def redact(source: str, module: str, names: Collection[str]) -> str:
    """The source of a module with the bodies of some functions replaced by a call to the trusted side, of classes by a refusal.

    >>> print(redact("def f(x, *, k=1):\\n    '''Doc.'''\\n    return x + k\\n", "m", ["f"]))
    def f(x, *, k=1):
        '''Doc.'''
        from dlkit.checking import outside
        return outside('m:f', (x,), {'k': k})
    <BLANKLINE>
    >>> print(redact("class C(Layer):\\n    def __init__(self, x):\\n        self.x = x\\n", "m", ["C"]))
    class C(Layer):
        def __new__(cls, *args, **keywords):
            raise RuntimeError('C of the course cannot be used while a notebook that asks for it is graded')
    <BLANKLINE>
    """
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name not in names:
            continue
        top = node.body[0]
        documented = isinstance(top, ast.Expr) and isinstance(top.value, ast.Constant)
        above = [decorator.lineno for decorator in getattr(top, "decorator_list", ())]
        first = top.end_lineno + 1 if documented else min([top.lineno, *above])  # type: ignore[operator]
        if isinstance(node, ast.ClassDef):
            says = f"{node.name} of the course cannot be used while a notebook that asks for it is graded"
            lines[first - 1 : node.end_lineno] = [
                "    def __new__(cls, *args, **keywords):",
                f"        raise RuntimeError({says!r})",
            ]
            continue
        given = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        positional = "".join(f"{name}, " for name in given).rstrip()
        if len(given) > 1:
            positional = positional.rstrip(",")
        keywords = ", ".join(f"{argument.arg!r}: {argument.arg}" for argument in node.args.kwonlyargs)
        lines[first - 1 : node.end_lineno] = [
            "    from dlkit.checking import outside",
            f"    return outside({f'{module}:{node.name}'!r}, ({positional}), {{{keywords}}})",
        ]
    return "\n".join(lines) + "\n"
