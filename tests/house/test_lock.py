"""The lock pins everything exactly, on every supported Python, and the other environments agree with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LINES = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if line[:1] not in ("", "#")]
LOCK = [Requirement(line) for line in LINES]
PYTHONS = ["3.10", "3.11", "3.12", "3.13"]
# conda-forge's name for a package, where it is another one.
CONDA_NAMES = {"pytorch": "torch", "matplotlib-base": "matplotlib"}


def project_requirements() -> list[Requirement]:
    text = (ROOT / "pyproject.toml").read_text()
    tables = re.findall(r"^(?:dependencies|course|dev) = \[(.*?)\]", text, flags=re.MULTILINE | re.DOTALL)
    assert len(tables) == 3
    return [Requirement(name) for table in tables for name in re.findall(r'"([^"]+)"', table)]


def pins(python: str, system: str = "linux") -> dict[str, str]:
    """Package to version on this Python and operating system."""
    there = {"python_version": python, "python_full_version": f"{python}.5", "sys_platform": system}
    environment = {**default_environment(), **there}
    chosen: dict[str, str] = {}
    for requirement in LOCK:
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            assert name not in chosen, f"{name} is pinned twice for Python {python}"
            chosen[name] = next(iter(requirement.specifier)).version
    return chosen


def test_every_line_is_one_exact_version():
    for line, requirement in zip(LINES, LOCK, strict=True):
        operators = [specifier.operator for specifier in requirement.specifier]
        assert operators == ["=="] and "*" not in line, line
        assert requirement.url is None and not requirement.extras, line


def test_the_lock_names_no_index():
    text = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"://|^--|@|\.org|\.com", text, flags=re.MULTILINE)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_the_lock_has_what_the_project_asks_for(python: str, system: str):
    chosen = pins(python, system)
    for requirement in project_requirements():
        version = chosen.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in the lock for Python {python}"
        assert requirement.specifier.contains(version), f"{requirement} against {version}"


def test_torch_is_the_version_the_course_is_tested_with():
    assert {pins(python)["torch"] for python in PYTHONS} == {"2.13.0"}


def conda_pins() -> dict[str, str]:
    text = (ROOT / "environment.yml").read_text()
    found = re.findall(r"^  - ([\w.-]+)=([\w.]+)$", text, flags=re.MULTILINE)
    return {CONDA_NAMES.get(name, canonicalize_name(name)): version for name, version in found}


def test_the_conda_environment_agrees_with_the_lock():
    conda = conda_pins()
    python = conda.pop("python")
    assert python in PYTHONS
    locked = pins(python)
    assert {name: locked.get(name) for name in conda} == conda
    asked = {canonicalize_name(requirement.name) for requirement in project_requirements()}
    assert asked <= set(conda), f"environment.yml lacks {sorted(asked - set(conda))}"


def test_binder_agrees_with_the_lock():
    python = (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    locked = pins(python)
    lines = (ROOT / "binder" / "requirements.txt").read_text().splitlines()
    found = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    for requirement in found:
        version = next(iter(requirement.specifier)).version
        assert version.removesuffix("+cpu") == locked[canonicalize_name(requirement.name)], requirement.name
    assert any(str(requirement) == f"torch=={locked['torch']}+cpu" for requirement in found)
