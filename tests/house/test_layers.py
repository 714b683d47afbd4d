"""Who may import whom: the arrows of the house point down only."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dlkit"
JUPYTER = {
    "IPython",
    "ipykernel",
    "ipywidgets",
    "jupyter_client",
    "jupyter_core",
    "jupyter_server",
    "jupyterlab",
    "nbclient",
    "nbconvert",
    "nbformat",
    "nbgrader",
    "traitlets",
}

# For each part of the library: the other parts and the packages it may import, anywhere in its modules.
PARTS = {
    "numpy": set(),
    "torch": {"numpy"},
    "data": {"numpy"},
    "plot": {"numpy"},
    "exercises": {"numpy", "data", "plot"},
    "checking": {"exercises", "numpy", "data", "plot"},
    "grading": {"checking", "exercises", "numpy", "data", "plot"},
    "doctor": {"torch"},
    "cli": {"doctor", "grading", "checking", "exercises", "numpy", "data", "plot"},
}
PACKAGES = {
    "numpy": {"numpy"},
    "torch": {"numpy", "torch", "tqdm"},  # the bar of a training that asks for one
    "data": {"numpy", "sklearn", "tqdm"},
    "plot": {"numpy", "matplotlib", "PIL"},  # Pillow comes with Matplotlib
    "exercises": {"numpy"},
    "checking": {"numpy"},
    "grading": JUPYTER | {"bleach", "jinja2", "jupytext", "numpy", "psutil", "sqlalchemy", "tqdm"},
    "doctor": {"psutil"},
    "cli": {"numpy", "psutil", "tqdm"},
}
# The display layer of `checking` may show things in a notebook; a cluster is an extra, and Dask is known where it is used only.
EXCEPTIONS = {
    "dlkit/checking/display.py": JUPYTER,
    "dlkit/grading/cluster/dask_client.py": {"dask", "distributed"},
    "dlkit/grading/cluster/dask_worker.py": {"distributed"},
}


def part_of(path: Path) -> str:
    """``numpy`` for dlkit/numpy/linear.py, ``cli`` for dlkit/cli.py, empty for dlkit/__init__.py."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imported(path: Path) -> set[str]:
    """The full names of all modules (or module.names) that a file imports, at the top or inside functions."""
    package = ("dlkit", *path.relative_to(PACKAGE).parts[:-1])
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += [node.module] if node.module else []
            found |= {".".join([*base, alias.name]) for alias in node.names}
    return found


def breaches(path: Path) -> list[str]:
    part = part_of(path)
    allowed = PACKAGES.get(part, set()) | EXCEPTIONS.get(path.relative_to(ROOT).as_posix(), set())
    wrong = []
    for name in sorted(imported(path)):
        top, _, rest = name.partition(".")
        if top == "dlkit":
            other = rest.partition(".")[0]
            is_part = other in PARTS
            if is_part and other != part and other not in PARTS.get(part, set()):
                wrong.append(name)
        elif top not in sys.stdlib_module_names and top not in allowed:
            wrong.append(name)
    return wrong


MODULES = sorted(PACKAGE.rglob("*.py"))


def test_every_part_of_the_library_has_a_rule():
    parts = {part_of(path) for path in MODULES} - {""}
    assert parts <= set(PARTS), f"say in this file what {sorted(parts - set(PARTS))} may import"
    assert PARTS.keys() == PACKAGES.keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_imports_only_what_it_may(path: Path):
    assert not breaches(path)


def test_a_breach_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path / "dlkit")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    module = tmp_path / "dlkit" / "numpy" / "bad.py"
    module.parent.mkdir(parents=True)
    lines = [
        "import os, scipy.stats",
        "from ..torch import layers",
        "def f():",
        "    from dlkit.checking import judge",
    ]
    module.write_text("\n".join(lines))
    assert breaches(module) == ["dlkit.checking.judge", "dlkit.torch.layers", "scipy.stats"]


def loaded_by(statement: str) -> set[str]:
    """The top-level names of all modules that a fresh interpreter has loaded after the statement."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-X", "importtime", "-c", statement]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def test_importing_dlkit_loads_nothing_else():
    loaded = loaded_by("import dlkit")
    assert "dlkit" in loaded
    assert not loaded & (JUPYTER | {"numpy", "torch", "matplotlib", "sklearn", "scipy"})


@pytest.mark.parametrize("part", ["numpy", "torch"])
def test_the_library_runs_without_jupyter(part: str):
    if importlib.util.find_spec(part) is None:
        pytest.skip(f"{part} is not installed")
    stems = [path.stem for path in sorted((PACKAGE / part).glob("*.py")) if path.stem != "__init__"]
    loaded = loaded_by("import " + ", ".join([f"dlkit.{part}", *(f"dlkit.{part}.{stem}" for stem in stems)]))
    unwanted = {"IPython", "ipykernel", "nbgrader", "matplotlib", "sklearn", "tensorboard"}
    assert not loaded & (unwanted | ({"torch"} if part == "numpy" else set()))
