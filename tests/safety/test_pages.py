"""A class with hostile submissions, graded for real; its pages opened in a browser, or read as one would read them."""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import json
import os
import re
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from dlkit.grading.build import build_course
from dlkit.grading.command import CONFIG
from dlkit.grading.course import Course
from dlkit.grading.engine import grade_unit
from dlkit.grading.pages.feedback import write_feedback
from dlkit.grading.pages.report import write_report
from dlkit.grading.results import summary_table

HERE = Path(__file__).parent


def _load(name, path=None):
    spec = importlib.util.spec_from_file_location(f"safety_{name}", path or HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


payloads, oracle, browser = _load("payloads"), _load("oracle"), _load("browser")
toy = _load("toy", HERE.parents[0] / "grading" / "toy.py")
EYES = ["as read", *(["in a browser"] if browser.installed() else [])]  # the first needs nothing but Python
UNIT = toy.UNIT


def hostile(folder: Path) -> None:
    """Put every payload into both notebooks of a submission, and files beside them that a browser would run."""
    for path in folder.glob("*.ipynb"):
        notebook = json.loads(path.read_text())
        texts = list(payloads.ALL.values())
        notebook["cells"] += [new_markdown_cell(text, id=f"m{i}") for i, text in enumerate(texts)]
        notebook["cells"] += [new_raw_cell(text, id=f"r{i}", metadata={"raw_mimetype": "text/html"}) for i, text in enumerate(texts[:30])]
        lines = [f"texts = {texts!r}", "from IPython.display import display", "for text in texts:",
                 "    display({'text/html': text, 'text/plain': text}, raw=True)", "    display({'text/markdown': text}, raw=True)",
                 "    display({'image/svg+xml': text, 'application/javascript': 'window.ran=1'}, raw=True)",
                 "    display({'image/png': text, 'application/vnd.x+json': {'x': text}}, raw=True)",
                 "    display({'text/latex': text}, raw=True)", "    print(text)"]  # fmt: skip
        notebook["cells"].append(new_code_cell("\n".join(lines), id="shows"))
        notebook["cells"].append(new_code_cell("raise type('<img src=x onerror=window.ran=1>', (Exception,), {})(texts[0])", id="raises"))
        notebook["metadata"]["title"] = payloads.SCRIPT
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if grade_id == "unit1-why":
                cell["source"] = "\n\n".join(payloads.MARKDOWN.values())
            elif grade_id == "unit1-answer":
                cell["source"] = "from IPython.display import HTML, display\ndef answer(x):\n    display(HTML('<script>window.ran=1</script>'))\n" \
                                 "    print('<script>window.ran=1</script>')\n    return '<img src=x onerror=window.ran=1>'"  # fmt: skip
        path.write_text(json.dumps(notebook))
    (folder / "evil.html").write_text(f"<body>{payloads.SCRIPT}</body>")
    (folder / "evil.svg").write_text(payloads.SVG)
    (folder / "evil.xhtml").write_text(f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{payloads.SCRIPT}</body></html>')
    (folder / "evil").write_text(f"<!DOCTYPE html><html><body>{payloads.SCRIPT}</body></html>")
    (folder / "picture.png").write_text(f"<!DOCTYPE html><html><body>{payloads.SCRIPT}</body></html>")
    (folder / "nbgrader_config.py").write_text("raise SystemExit('this was run')")
    (folder / "data.csv").write_text("a,b\n1,2\n")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class of four, two of them hostile; graded, with feedback and report."""
    with toy.exercises_known():
        home = toy.make_home(tmp_path_factory.mktemp("home"))
        build_course(home)
        root = tmp_path_factory.mktemp("class")
        for student in ("ann", "eve", "mallory"):
            folder = toy.hand_in(home, root, student, toy.RIGHT)
            if student != "ann":
                hostile(folder)
        with (root / "students.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([
                ("id", "first_name", "last_name", "email"),
                ("ann", "Zo\u00eb", "O'Hara, Jr.", "ann@example.org"),
                ("eve", "</script><script>window.ran=1</script>", '"><img src=x onerror=window.ran=1>', "=HYPERLINK(1)"),
                ("mallory", "\x1b[2J\u202eyrollam", "{{ 7*7 }}<svg onload=window.ran=1>", "@x;=1+1"),
            ])  # fmt: skip
        (root / "nbgrader_config.py").write_text(CONFIG.format(home=home, source=str(home / "solutions")))
        course = Course.at(root, home)
        result = grade_unit(course, UNIT, jobs=2, progress=False)
        write_feedback(course, UNIT, jobs=1, progress=False)
        write_report(course, UNIT)
        yield course, result


@pytest.fixture(scope="module")
def server(course, tmp_path_factory):
    """nbgrader's formgrader for this class: its address, and the token that opens it."""
    root, folder, token = course[0].root, tmp_path_factory.mktemp("jupyter"), secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"port": port, "token": token, "root_dir": str(root), "open_browser": False, "allow_root": True, "port_retries": 0,
               "jpserver_extensions": {"nbgrader.server_extensions.formgrader": True}}  # fmt: skip
    (folder / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": options}))
    places = {name: str(folder) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "HOME", "IPYTHONDIR")}
    log = (folder / "log.txt").open("w")
    environment = {**os.environ, **places, "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen([sys.executable, "-m", "jupyter_server"], cwd=root, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        client = Client(address, token)
        for _ in range(240):
            with contextlib.suppress(OSError):
                client.get("/formgrader/manage_assignments")
                break
            assert process.poll() is None, (folder / "log.txt").read_text()
            time.sleep(0.25)
        yield client
    finally:
        process.terminate()
        process.wait(20)
        log.close()


class Client:
    """Asks the server as a browser does that is logged in."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str):
        with self._opener.open(Request(self.address + path, headers={"Authorization": f"token {self.token}"}), timeout=60) as reply:
            return reply.read().decode("utf-8", "replace"), reply.headers


@pytest.fixture(scope="module", params=EYES)
def eyes(server, request):
    """Looks at a page and says what it found."""
    if request.param == "as read":
        yield Reader(server)
        return
    with browser.opened(server.address) as page:
        page.visit(f"{server.address}/formgrader/manage_assignments?token={server.token}")
        yield Watcher(page, server.address)


class Reader:
    """Without a browser: the page as the server or the file has it, read by the rules by which browsers read."""

    def __init__(self, server: Client) -> None:
        self.server = server

    def look(self, address: str) -> list[str]:
        text = Path(address[7:]).read_text() if address.startswith("file://") else self.server.get(address[len(self.server.address) :])[0]
        tree = oracle.read(text)
        with contextlib.suppress(StopIteration):
            return oracle.active(oracle.find(tree, "id", "notebook-container"), fields=True)
        scripts = [element for element in tree.iter() if isinstance(element.tag, str) and element.tag.endswith("}script")]
        return [element.text for element in scripts if "ran" in (element.text or "")]


class Watcher:
    """In a browser: loads the page, does all that a reader could do, and sees what ran and what was asked for."""

    def __init__(self, page, own: str) -> None:
        self.page, self.own = page, own

    def look(self, address: str) -> list[str]:
        self.page.visit(address)
        assert self.page.worry() > 3, address
        found = [f"ran: {self.page.value('window.ran')}"] if self.page.value("window.ran ?? top.ran ?? null") is not None else []
        known = (f"{self.own}/formgrader/", "file://", "data:", "https://cdnjs.cloudflare.com/ajax/libs/mathjax/")
        found += [url for url in self.page.requests if not url.startswith(known) or "path=" in url or "leak" in url]
        found += [said for said in self.page.said if "dialog" in said or "window:" in said]
        assert self.page.value("location.href").split("?")[0].rstrip("/") == address.split("?")[0].rstrip("/"), "it went elsewhere"
        return found


def marks(course: Course) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(course.database)) as base:
        rows = base.execute("SELECT cell_id, notebook_id, auto_score, manual_score, extra_credit, needs_manual_grade FROM grade").fetchall()
        return sorted(rows) + sorted(base.execute("SELECT id, manual_comment FROM comment").fetchall())


def submissions(course: Course) -> dict[tuple[str, str], str]:
    """The ids under which the formgrader shows notebooks."""
    ask = """SELECT a.student_id, n.name, s.id FROM submitted_notebook s JOIN notebook n ON s.notebook_id = n.id
             JOIN submitted_assignment a ON s.assignment_id = a.id"""
    with contextlib.closing(sqlite3.connect(course.database)) as base:
        return {(student, name): key for student, name, key in base.execute(ask)}


OVERVIEWS = ["manage_assignments", f"manage_submissions/{UNIT}", "gradebook", f"gradebook/{UNIT}", f"gradebook/{UNIT}/1_first",
             f"gradebook/{UNIT}/2_second", "manage_students", "manage_students/eve", f"manage_students/mallory/{UNIT}"]  # fmt: skip


@pytest.mark.parametrize("student", ["eve", "ann"])
@pytest.mark.parametrize("notebook", ["1_first", "2_second"])
def test_the_formgrader_shows_a_submission_and_nothing_runs(course, server, eyes, student, notebook):
    before = marks(course[0])
    page = f"{server.address}/formgrader/submissions/{submissions(course[0])[student, notebook]}/"
    assert eyes.look(page) == []
    assert marks(course[0]) == before
    text = server.get(page[len(server.address) :])[0]
    assert ("was removed here]" in text) == (student != "ann") and "_xsrf" not in text.split("notebook-container")[1]


def test_our_formgrader_cleans_a_notebook_that_nobody_cleaned(course, server, eyes):
    path = course[0].autograded("mallory", UNIT) / "2_second.ipynb"
    before, notebook = marks(course[0]), json.loads(path.read_text())
    texts = list(payloads.ALL.values())
    notebook["cells"] = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    notebook["cells"] += [new_markdown_cell(text, id=f"m{i}") for i, text in enumerate(texts)]
    shown = [new_output("display_data", {kind: text}) for text in texts for kind in ("text/html", "text/markdown")]
    notebook["cells"].append(new_code_cell("x", id="shows", outputs=[*shown, new_output("display_data", {"text/javascript": payloads.JS})]))
    path.chmod(0o644)
    path.write_text(json.dumps(notebook))
    page = f"/formgrader/submissions/{submissions(course[0])['mallory', '2_second']}/"
    assert eyes.look(server.address + page) == []
    assert "[a script was removed here]" in server.get(page)[0] and marks(course[0]) == before


@pytest.mark.parametrize("page", OVERVIEWS)
def test_the_formgraders_lists_run_nothing(course, server, eyes, page):
    before = marks(course[0])
    assert eyes.look(f"{server.address}/formgrader/{page}") == []
    assert marks(course[0]) == before


@pytest.mark.parametrize(("student", "page"), [
    ("ann", "2_second"), ("eve", "index"), ("eve", "1_first"), ("eve", "2_second"), ("mallory", "index"),
])  # fmt: skip
def test_feedback_runs_nothing(course, eyes, student, page):
    assert eyes.look((course[0].feedback(student, UNIT) / f"{page}.html").as_uri()) == []


def test_the_report_runs_nothing_but_its_own_script(course, eyes):
    assert eyes.look((course[0].reports(UNIT) / "report.html").as_uri()) == []


def test_files_beside_a_notebook_are_never_pages(course, server):
    key = submissions(course[0])["eve", "1_first"]
    folder = course[0].autograded("eve", UNIT)
    names = {path.name for path in folder.iterdir()}
    assert {"evil.html.txt", "evil.svg.txt", "evil.xhtml.txt", "evil.txt", "nbgrader_config.py.txt", "picture.png", "data.csv"} <= names
    for name in names - {"1_first.ipynb", "2_second.ipynb"}:
        _, headers = server.get(f"/formgrader/submissions/{key}/{name}")
        kind = headers["Content-Type"].split(";")[0]
        assert kind in ("text/plain", "text/csv", "text/x-python", "image/png", "application/octet-stream", "text/tab-separated-values"), name
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_marks_are_those_of_the_answers(course):
    rows = {row.student: row for row in course[1].rows}
    assert rows["ann"].score == 6.0 and rows["eve"].score == rows["mallory"].score == 3.0
    assert any("a script was removed" in note for note in rows["eve"].notes) and not rows["ann"].notes


def test_a_table_in_the_terminal_moves_no_cursor(course):
    from dlkit.grading.records.gradebook import read_names

    text = summary_table(course[1], read_names(course[0]))
    assert all(sign.isprintable() or sign == "\n" for sign in text)


def test_the_table_of_grades_holds_no_formula(course):
    with (course[0].reports(UNIT) / "grades.csv").open(newline="", encoding="utf-8") as file:
        fields = [field for row in csv.reader(file) for field in row]
    assert not [field for field in fields if re.search(r"(^|[;\t\n]\s*)[=+@|%-]", field) and not re.fullmatch(r"-?\d+(\.\d+)?", field)]


def test_pages_carry_a_policy_without_foreign_scripts(course):
    pages = [*course[0].root.joinpath("feedback").rglob("*.html"), course[0].reports(UNIT) / "report.html"]
    assert len(pages) == 10
    for path in pages:
        found = re.search(r'Content-Security-Policy" content="([^"]*)"|content="([^"]*)" http-equiv="Content-Security', path.read_text())
        policy = found[1] or found[2]
        assert "default-src 'none'" in policy and "base-uri 'none'" in policy and "form-action 'none'" in policy
        assert policy.partition("script-src")[2].strip().startswith("'sha256-") or "script-src" not in policy


@pytest.mark.parametrize("name", ["script", "picture with quotes", "svg", "frame with script", "details that open", "link with script",
                                  "link with a tab inside", "link with entities", "field in focus", "picture from elsewhere"])  # fmt: skip
def test_the_eyes_see_what_is_not_removed(eyes, tmp_path, name):
    path = tmp_path / "page.html"
    path.write_text(f"<!DOCTYPE html><html><body><div id='notebook-container'><p>1</p><p>2</p><p>3</p>{payloads.ALL[name]}</div></body></html>")
    assert eyes.look(path.as_uri())
