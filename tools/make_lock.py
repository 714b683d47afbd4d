"""Writes requirements.lock: one exact version for every package, on every Python that the course supports.

    python tools/make_lock.py python3.10 python3.11 python3.12 python3.13

Each interpreter is asked what pip would install there into an empty environment (nothing is installed).
A version that differs between them gets an environment marker. The file names no package index.

PyTorch is pinned by hand: its builds for one platform bring libraries that do not exist on another, which a
lock for all platforms must leave to pip. What every build of it needs is listed here instead.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
TORCH = "torch==2.13.0"
TORCH_NEEDS = [
    "filelock",
    "fsspec",
    "jinja2",
    "networkx",
    "setuptools>=77.0.3,<82",
    "sympy",
    "typing-extensions",
]
# The newest that Python 3.11 has: so that all later Pythons compute with the same versions.
HOLD = ["contourpy<1.4", "networkx<3.7", "numpy<2.5", "scipy<1.18"]
# Needed on one operating system only, where this file is not made.
ELSEWHERE = [
    'appnope==0.1.4 ; sys_platform == "darwin"',
    'colorama==0.4.6 ; sys_platform == "win32"',
    'pywinpty==3.0.2 ; sys_platform == "win32"',
]
HEADER = """\
# Exact versions of everything the course uses, made by tools/make_lock.py from pyproject.toml.
# Installed by `make setup`, or by: python -m pip install -r requirements.lock
"""


def wanted() -> list[str]:
    """The requirements of pyproject.toml, extras included, without torch."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    tables = re.findall(r"^(?:dependencies|course|dev) = \[(.*?)\]", text, flags=re.MULTILINE | re.DOTALL)
    names = [name for table in tables for name in re.findall(r'"([^"]+)"', table)]
    return [name for name in names if not name.startswith("torch")] + TORCH_NEEDS + HOLD


def resolve(python: str) -> dict[str, str]:
    """What pip would install on this interpreter: package name (lower case, dashes) to version."""
    command = [python, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    command += ["--only-binary=:all:", *wanted()]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    report = json.loads(done.stdout[done.stdout.index("{") :])
    found = [package["metadata"] for package in report["install"]]
    return {re.sub(r"[-_.]+", "-", package["name"]).lower(): package["version"] for package in found}


def minor(python: str) -> int:
    code = "import sys; print(sys.version_info.minor)"
    return int(subprocess.run([python, "-c", code], stdout=subprocess.PIPE, text=True, check=True).stdout)


def marker(minors: list[int], known: list[int]) -> str:
    """The environment marker that is true on the Pythons `minors` out of `known`, and beyond either end."""
    low, high = min(minors), max(minors)
    bounds = [f'python_version >= "3.{low}"'] if low > known[0] else []
    bounds += [f'python_version < "3.{high + 1}"'] if high < known[-1] else []
    return f" ; {' and '.join(bounds)}" if bounds else ""


def lock(pythons: list[str]) -> str:
    by_minor = dict(sorted((minor(python), resolve(python)) for python in pythons))
    known = list(by_minor)
    lines = [TORCH, *ELSEWHERE]
    for name in sorted(set().union(*by_minor.values()) - {"torch", "appnope", "colorama", "pywinpty"}):
        versions: dict[str, list[int]] = {}
        for number, packages in by_minor.items():
            if name in packages:
                versions.setdefault(packages[name], []).append(number)
        lines += [f"{name}=={version}{marker(minors, known)}" for version, minors in versions.items()]
    return HEADER + "\n".join(sorted(lines)) + "\n"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    LOCK.write_text(lock(sys.argv[1:]), encoding="utf-8")
    print(f"wrote {LOCK.name}")
