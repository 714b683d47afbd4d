"""Cells become the same code as in IPython itself, whether they are known beforehand or not."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from dlkit.grading.child.cells import Compiler, Transformers

ROOT = Path(__file__).resolve().parents[2]
AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
CELLS = [
    "1 + 1", "%time 1", "x = %time 1", "x = !ls", "!ls\n!ls -l", "a?", "??a.b", "a = 5 % 3", "x = [\n    1,\n    5 % 2]", "/f 1", ",f a b",
    ";f a b", ">>> 1 + 1\n>>> 2", "In [1]: x = 1", "In[1]: x", "%%bash\nls %x", "  x = 1\n  y = 2", "\n\n x", "s = \'\'\'\n%time\n?\n\'\'\'",
    "# what?", "def f():\n    %time 1\n    return 2", "if x:\n    !ls", "x = 1; %time 2", "f(", "x = \\\n  %time", "await f()", "async def f(): ...", "\0",
    "'\\d'", "(" * 2000, "a.b = !ls", "x = y = %time 1", "x = 1 \\\n  ?", "print('%time')\n?x",
]  # fmt: skip


def solved_cells():
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])


def became(transformers, cell):
    try:
        return transformers.transform_cell(cell)
    except Exception as error:
        return type(error)


def test_magics_become_python_as_in_ipython():
    ours, theirs = Transformers(), TransformerManager()
    for cell in [*CELLS, *solved_cells()]:
        assert became(ours, cell) == became(theirs, cell), cell
        if isinstance(became(theirs, cell), str):
            ours.keep(cell)
            assert became(ours, cell) == became(theirs, cell), cell


@pytest.mark.parametrize("steps", ["cleanup_transforms", "line_transforms"])
def test_steps_added_later_see_known_cells_too(steps):
    transformers = Transformers()
    transformers.keep("1 + 1")
    getattr(transformers, steps).append(lambda lines: [line.replace("1", "2") for line in lines])
    assert transformers.transform_cell("1 + 1") == "2 + 2\n"


def test_token_steps_added_later_see_known_cells_and_plain_python():
    class Never:
        asked = 0

        @classmethod
        def find(cls, tokens):
            cls.asked += 1

    transformers = Transformers()
    transformers.keep("1 + 1")
    transformers.token_transformers.append(Never)
    for cell in ("1 + 1", "2 + 2"):
        transformers.transform_cell(cell)
    assert Never.asked == 2


def ran(compiler, source, shell_flags=AWAIT):
    """The code objects of a cell, and what they leave, in the way of IPython's ``run_ast_nodes``."""
    name = compiler.cache(source)
    codes, names = [], {}
    tree = compiler.ast_parse(source, name)
    for node in tree.body:
        mode = "single" if node is tree.body[-1] and isinstance(node, ast.Expr) else "exec"
        with compiler.extra_flags(shell_flags):
            codes.append(compiler(ast.Interactive([node]) if mode == "single" else ast.Module([node], []), name, mode))
        exec(codes[-1], names)
    return codes, names


def test_a_known_cell_is_not_compiled_again():
    compiler = Compiler()
    compiler.learn(["x = 1\nx\n"], AWAIT)
    first, names = ran(compiler, "x = 1\nx\n")
    again, _ = ran(compiler, "x = 1\nx\n")
    other, _ = ran(compiler, "x = 2\nx\n")
    assert names["x"] == 1 and all(a is b for a, b in zip(first, again, strict=True))
    assert len(first) == 2 and not set(map(id, first)) & set(map(id, other))


def test_a_future_statement_of_a_known_cell_holds_for_later_ones():
    future, later = "from __future__ import annotations\n", "def f(x: undefined): ...\n"
    compiler = Compiler()
    usual = compiler.flags
    compiler.learn([future, later], AWAIT)
    compiler.flags = usual
    with pytest.raises(NameError):  # the known code was compiled under the statement, and would not say so
        ran(compiler, later)
    ran(compiler, future)
    assert ran(compiler, later)[1]["f"].__annotations__ == {"x": "undefined"}
    assert ran(compiler, later + "# not known")[1]["f"].__annotations__ == {"x": "undefined"}


@pytest.mark.filterwarnings("default")
def test_a_cell_that_warns_warns_every_student():
    compiler = Compiler()
    compiler.learn(["1 is 1\n"], AWAIT)
    with pytest.warns(SyntaxWarning):
        ran(compiler, "1 is 1\n")


def test_a_cell_that_cannot_be_read_does_not_stop_the_others():
    compiler = Compiler()
    compiler.learn(["f(\n", "return\n", "y = 2\n"], AWAIT)
    assert ran(compiler, "y = 2\n")[0][0] is ran(compiler, "y = 2\n")[0][0]
    with pytest.raises(SyntaxError):
        ran(compiler, "return\n")
