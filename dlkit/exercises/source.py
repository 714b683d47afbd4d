"""The source of an answer as a cell that stands on its own: with the helpers, constants and imports that it uses.

So a sample class can be made of what real students would hand in: the text of right answers and of named mistakes.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import re
import sys
import textwrap
from collections.abc import Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any, get_args

import numpy as np

from dlkit.exercises.model import Exercise, Mistake


def answer_source(exercise: Exercise, variant: Any = None) -> str:
    """Cell text of a right answer (``None``: the reference; a number: that alternative) or of a :class:`Mistake`.

    >>> from dlkit.exercises import find
    >>> print(answer_source(find("unit0.column_means")))
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def column_means(X):
        return X.mean(axis=0)
    """
    if isinstance(variant, Mistake):
        chosen = exercise.namespace(variant.answer)
    elif isinstance(variant, int):
        chosen = exercise.namespace(exercise.alternatives[variant])
    else:
        chosen = exercise.namespace()
    return source_of(chosen)


def source_of(functions: Mapping[str, Any]) -> str:
    """Text that defines these functions, and whatever of their module they use, under these names.

    Raises
    ------
    TypeError, OSError : if the source of one of them cannot be found.
    """
    writer = _Writer(functions)
    aliases = []
    for name, value in functions.items():
        own = writer.add(value)
        if own != name:
            aliases.append(f"{name} = {own}")
    return writer.text() + ("\n\n\n" + "\n".join(aliases) if aliases else "")


def _text_of(value: Any) -> str:
    """As `inspect.getsource`, also for a class that was written in a cell: before Python 3.13 only its functions know where."""
    try:
        return inspect.getsource(value)
    except (TypeError, OSError):
        if not isinstance(value, type):
            raise
    for member in vars(value).values():
        code = getattr(getattr(member, "__func__", member), "__code__", None)
        text = "".join(linecache.getlines(code.co_filename)) if code else ""
        for node in ast.walk(ast.parse(text)):
            named = isinstance(node, ast.ClassDef) and node.name == value.__name__
            if named and node.lineno < code.co_firstlineno <= node.end_lineno:
                return ast.get_source_segment(text, node) or ""
    raise TypeError(f"the source of the class {value.__name__} cannot be found")


class _Writer:
    """Collects imports and definitions, each once, what is used before what uses it."""

    def __init__(self, asked: Iterable[str]) -> None:
        self._asked = frozenset(asked)
        self._imports: dict[str, None] = {"import numpy as np": None}
        self._definitions: dict[str, str] = {}

    def text(self) -> str:
        return "\n".join(self._imports) + "\n\n\n" + "\n\n\n".join(self._definitions.values())

    def add(self, value: Any, name: str | None = None) -> str:
        """Write `value` (a function or class) out, under another `name` if one is given; its name."""
        source = textwrap.dedent(_text_of(inspect.unwrap(value)))
        tree = ast.parse(source)
        node = tree.body[0]
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            raise TypeError(f"{value!r} is not written as a function of its own, so it cannot be handed in")
        own, name = node.name, name or node.name
        if name in self._definitions:
            return name
        self._definitions[name] = ""  # its place is kept while the names it uses are written
        module = sys.modules[value.__module__]
        source = self._without_library(source, tree, module)
        tree = ast.parse(source)
        for used in sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - {own}):
            if used in vars(module):
                self._add_global(used, vars(module)[used])
        del self._definitions[name]
        source = re.sub(rf"^(def|class) {own}\b", rf"\1 {name}", source, count=1, flags=re.MULTILINE)
        self._definitions[name] = source.rstrip()
        return name

    def _without_library(self, source: str, tree: ast.Module, module: ModuleType) -> str:
        """`source` with the library's version of what is asked written out as well: a student cannot have called that."""
        lines = source.split("\n")
        found = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
        for node in sorted(found, key=lambda node: (node.lineno, node.col_offset), reverse=True):
            package = vars(module).get(node.value.id)  # type: ignore[attr-defined]
            if not isinstance(package, ModuleType) or not package.__name__.startswith("dlkit.numpy."):
                continue
            value = getattr(package, node.attr, None)  # of a local variable that has the name of the module, too
            if node.attr not in self._asked or not isinstance(value, FunctionType):
                continue
            text = self.add(value, f"_{node.attr}")
            line = lines[node.lineno - 1].encode()
            lines[node.lineno - 1] = (line[: node.col_offset] + text.encode() + line[node.end_col_offset :]).decode()
        return "\n".join(lines)

    def _add_global(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType):
            as_name = f" as {name}" if value.__name__ != name else ""
            self._imports[f"import {value.__name__}{as_name}"] = None
        elif get_args(value):  # an alias of a type, which only annotations use; in Python 3.10 it looks like a class
            self._imports["from typing import Any"] = None
            self._definitions[name] = f"{name} = Any"
        elif isinstance(value, FunctionType | type) and (value.__module__ or "").startswith(("dlkit.", "__main__")):
            own = self.add(value)
            if own != name:
                self._definitions[f"{name} ="] = f"{name} = {own}"
        elif isinstance(value, FunctionType | type) or (callable(value) and hasattr(value, "__name__")):
            self._imports[f"from {value.__module__} import {value.__name__}"] = None
        elif isinstance(value, np.ndarray):
            self._definitions[name] = f"{name} = np.array({value.tolist()!r})"
        else:
            self._definitions[name] = f"{name} = {value!r}"
