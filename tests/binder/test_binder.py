"""What Binder does, from a clone of the repository: the image's last step, then what a session holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("REPO_DIR", "PYTHONPATH", "JUPYTER_CONFIG_PATH")
pytestmark = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("bash") or not shutil.which("git"), reason="needs bash and git"
)


def run(command: list[str], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    python = str(Path(sys.executable).parent)
    path = os.pathsep.join([python, os.environ["PATH"]])
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    every = {**clean, "PATH": path, **environment}
    return subprocess.run(command, cwd=cwd, env=every, capture_output=True, text=True)


def clone(folder: Path) -> Path:
    if run(["git", "rev-parse", "--git-dir"], ROOT).returncode:
        pytest.skip("not a git checkout")
    done = run(["git", "clone", "--quiet", str(ROOT), str(folder)], folder.parent)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The home folder of a session, and the folder into which its library was installed."""
    base = tmp_path_factory.mktemp("binder")
    home, site = clone(base / "home"), base / "site"
    (home / ".course_key").write_text("secret")
    (home / ".bashrc").write_text("# the image's own\n")
    done = run(["bash", "binder/postBuild"], home, REPO_DIR=str(home), PIP_TARGET=str(site))
    assert done.returncode == 0, done.stderr
    return home, site


def test_post_build_refuses_to_run_in_a_checkout(tmp_path: Path):
    home = clone(tmp_path / "checkout")
    done = run(["bash", "binder/postBuild"], home)
    assert done.returncode == 1 and "not for your own checkout" in done.stderr
    assert (home / ".git").is_dir() and (home / "dlkit").is_dir()


def test_the_session_shows_only_what_it_should(session: tuple[Path, Path]):
    home, _ = session
    here = {path.name for path in home.iterdir()}
    assert here <= {"course", "binder", "README.md", "LICENSE", "LICENSE-CONTENT", ".bashrc"}
    assert {"binder", ".bashrc"} <= here


def test_no_solution_test_key_or_history_is_left(session: tuple[Path, Path]):
    home, site = session
    unwanted = {"solutions", "tests", ".git", ".course_key", "gradebook.db"}
    found = [str(path) for folder in (home, site) for path in folder.rglob("*") if path.name in unwanted]
    assert not found


def test_the_notebooks_of_the_course_are_there(session: tuple[Path, Path]):
    home, _ = session
    tracked = run(["git", "ls-files", "course/*.ipynb"], ROOT).stdout.split()
    assert all((home / name).is_file() for name in tracked)
    assert bool(tracked) == any((ROOT / "course").glob("*/*.ipynb"))


def test_the_library_is_installed_whole(session: tuple[Path, Path]):
    _, site = session
    tracked = run(["git", "ls-files", "dlkit"], ROOT).stdout.split()
    assert not [name for name in tracked if not (site / name).is_file()]
    show = "import dlkit; print(dlkit.__file__)"
    done = run([sys.executable, "-c", show], site.parent, PYTHONPATH=str(site))
    assert done.stdout.strip() == str(site / "dlkit" / "__init__.py"), done.stderr


def test_start_opens_jupyterlab_on_the_course(session: tuple[Path, Path]):
    home, _ = session
    done = run(["bash", "binder/start", "jupyter", "lab", "--show-config-json"], home, HOME=str(home))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ServerApp"]["default_url"] == "/lab/tree/course"


def test_scripts_can_be_started():
    for name in ("postBuild", "start"):
        assert os.access(ROOT / "binder" / name, os.X_OK)
