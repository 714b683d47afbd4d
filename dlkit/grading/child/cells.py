"""How cells become code: magics become Python, and Python is compiled.

Most cells of a notebook are the instructor's, the same for every student. The template reads those once; a child then takes
them as they are. A cell that differs, or a notebook that changes how cells are read, goes the usual way.
"""

from __future__ import annotations

import ast
import hashlib
import warnings
from contextlib import suppress
from types import CodeType
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


class Transformers(TransformerManager):
    """Turns magics into Python. Cells that are Python already are not searched token by token, which is slow."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, str] = {}
        self._usual = self._steps()

    def _steps(self) -> list[list[Any]]:
        return [list(self.cleanup_transforms), list(self.line_transforms), list(self.token_transformers)]

    def transform_cell(self, cell: str) -> str:
        """The cell as Python."""
        known = self._known.get(cell)
        return super().transform_cell(cell) if known is None or self._steps() != self._usual else known

    def keep(self, cell: str) -> None:
        """Have a cell at hand as Python."""
        self._known[cell] = super().transform_cell(cell)

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """What begins, or is assigned, with a sign that is no Python; none of it is in lines that can be parsed."""
        if self.token_transformers == self._usual[2]:
            with warnings.catch_warnings(), suppress(*UNREADABLE):
                warnings.simplefilter("ignore")  # the cell is parsed once more, and then says what it has to say
                ast.parse("".join(lines))
                return lines
        return super().do_token_transforms(lines)


class Compiler(CachingCompiler):
    """Compiles cells, statement by statement, as IPython does. A cell's name tells its content, not its number."""

    def __init__(self) -> None:
        super().__init__()
        self._trees: dict[tuple[str, int], ast.Module] = {}
        self._codes: dict[tuple[int, str, str, int], tuple[CodeType, int]] = {}

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """The file name in tracebacks, where IPython has none of its own."""
        return f"<cell {hashlib.sha256(transformed_code.encode('utf-8', 'replace')).hexdigest()[:12]}>"

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> Any:
        """The syntax tree of a cell."""
        known = self._trees.get((source, self.flags)) if symbol == "exec" else None
        return super().ast_parse(source, filename, symbol) if known is None else known

    def __call__(self, source: Any, filename: str, symbol: str, *rest: Any, **options: Any) -> CodeType:
        body = getattr(source, "body", None)
        if self._codes and isinstance(body, list) and len(body) == 1:
            known = self._codes.get((id(body[0]), filename, symbol, self.flags))
            if known is not None:
                code, self.flags = known  # a future statement holds for what follows
                return code
        return super().__call__(source, filename, symbol, *rest, **options)

    def learn(self, cells: list[str], allow: int) -> None:
        """Compile cells, in order, to have them at hand; `allow` are flags of the compiler for statements."""
        for cell in cells:
            before = self.flags
            with warnings.catch_warnings(record=True) as said, suppress(*UNREADABLE):
                warnings.simplefilter("always")
                name, tree = self.get_code_name(cell, cell, 0), super().ast_parse(cell)
                codes = dict(self._compiled(node, node is tree.body[-1], name, allow) for node in tree.body)
                if not said:  # else each student is to see it
                    self._trees[cell, before] = tree
                    self._codes |= codes

    def _compiled(self, node: ast.stmt, last: bool, name: str, allow: int) -> Any:
        shown = last and isinstance(node, ast.Expr)
        tree: ast.AST = ast.Interactive([node]) if shown else ast.Module([node], [])
        with self.extra_flags(allow):
            key = id(node), name, "single" if shown else "exec", self.flags
            return key, (super().__call__(tree, name, key[2]), self.flags)

