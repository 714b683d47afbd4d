"""Makes a graded notebook safe for whoever opens it: nothing in it runs, loads, posts, or passes for a part of the page.

Done once on the notebook, before it is written, so that nbgrader's own pages are safe too. What the course itself wrote is left
alone, harmless things are kept as they are, and what is taken out is named in its place and in the report.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbformat import NotebookNode

from dlkit.grading.cells import VERDICT, Done, Step, new_output, note
from dlkit.grading.course import read_json
from dlkit.grading.pages.grammar import COMMAND, HIDDEN, harmless
from dlkit.grading.pages.markup import CONTROL, LIMIT, SOURCE_LIMIT, clean, clean_html, clean_markdown, render, visible

MARKDOWN_LIMIT, HTML_LIMIT = 300_000, 4_000_000  # of a notebook's texts in which something has to be looked for
PICTURE_LIMIT = 12_000_000
JSON_LIMIT = 200_000
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
SPARE = frozenset(  # other forms of what is there as text too, which a page leaves out without a word
    {"application/vnd.jupyter.widget-view+json", "application/vnd.dataresource+json", "application/pdf", "text/vnd.mermaid"}
)
CALLED = (
    (re.compile(r"(application|text)/(x-)?(java|ecma|js|live|j)script|.*module.*"), "a script"),
    (re.compile(r"image/svg.*"), "a drawing (SVG)"), (re.compile(r"image/.*"), "a picture"),
    (re.compile(r"application/vnd\..*|application/.*widget.*"), "an interactive element"),
    (re.compile(r"text/.*|application/xhtml.*|application/xml"), "a part of another page"),
)  # fmt: skip
PAGE_NAMES = frozenset("notebook notebook-container statusmessage help submission_id notebook_id base_url MathJax".split())
GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,120}")
LABEL = re.compile(r"[\w .+()/:#-]{0,80}")
TAG_NAME = re.compile(r"[\w.:-]{1,60}")
KEPT_METADATA = ("deletable", "editable", "collapsed", "scrolled")


class MakeSafe(Step):
    """:func:`make_safe` as one of nbgrader's preprocessors."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Done:
        for remark in make_safe(nb, self._own(resources)):
            note(resources, remark)
        return nb, resources

    def _own(self, resources: dict[str, Any]) -> frozenset[str]:
        given = resources.get("dlkit", {}).get("own")
        where, at = resources.get("nbgrader", {}), self.config.CourseDirectory
        if given is None and "assignment" in where:
            folder = Path(at.get("root") or ".", at.get("source_directory") or "source")
            given = folder / where["assignment"] / f"{where['notebook']}.ipynb"
        return own_texts(Path(given)) if given and Path(given).is_file() else frozenset()


def own_texts(path: Path) -> frozenset[str]:
    """The Markdown in a notebook of the course, of its cells and their outputs. In a submission it needs no cleaning."""
    stat = path.stat()
    return _own_texts(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _own_texts(path: Path, modified: int, size: int) -> frozenset[str]:
    cells = read_json(path)["cells"]
    shown = [output.get("data", {}).get("text/markdown") for cell in cells for output in cell.get("outputs", [])]
    written = [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]
    return frozenset("".join(text) for text in written + shown if text)


def make_safe(notebook: NotebookNode, own: Collection[str] = frozenset()) -> list[str]:
    """Clean a notebook in place; returns what was removed, in words.

    Parameters
    ----------
    notebook : NotebookNode
        Valid by its format; anything may stand in it.
    own : collection of str
        Markdown that the course wrote (:func:`own_texts`).
    """
    remarks: list[str] = []
    notebook.metadata = _notebook_metadata(notebook)
    for cell in notebook.cells:
        cell.metadata = _cell_metadata(cell.metadata)
    rules = _Rules(own, _reserved(notebook))
    for number, cell in enumerate(notebook.cells, start=1):
        removed: list[str] = []
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(cell.get("id", "x"))):
            cell["id"] = f"cell-{number}"
        if cell.cell_type == "code":
            _clean_code(cell, rules, removed)
        else:
            if "attachments" in cell:
                cell["attachments"] = _attachments(cell.attachments, removed)
            if cell.cell_type == "markdown":
                cell.source, found = rules.markdown(cell.source, cell.get("attachments"))
                removed += found
            elif cell.cell_type != "markdown" and not harmless(cell.source):
                cell.source = COMMAND.sub("", HIDDEN.sub("", html.escape(cell.source, quote=False)))
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"{number} of the notebook"
        remarks += [f"cell {name}: {what}" for what in _sentences(removed)]
        if cell.cell_type == "code" and CONTROL.search(cell.source):
            remarks.append(f"cell {name}: its source holds signs that cannot be seen, or that turn text around")
    return remarks


class _Rules:
    """How the texts of one notebook are cleaned; what takes time has an end."""

    def __init__(self, own: Collection[str], reserved: frozenset[str]) -> None:
        self.own, self.reserved = own, reserved
        self.markdown_left, self.html_left = MARKDOWN_LIMIT, HTML_LIMIT

    def markdown(self, text: str, attachments: Any) -> tuple[str, list[str]]:
        if text in self.own:
            return text, []
        self.markdown_left -= min(len(text), SOURCE_LIMIT)
        return clean_markdown(text, attachments, self.reserved, SOURCE_LIMIT if self.markdown_left > 0 else 0)

    def html(self, text: str) -> tuple[str, list[str]]:
        if harmless(text, self.reserved):
            return text, []
        self.html_left -= min(len(text), LIMIT)
        return clean_html(text, self.reserved, LIMIT if self.html_left > 0 else 0)


def _sentences(removed: list[str]) -> list[str]:
    """What was removed, each once: "a script was removed (3 times)"."""
    counts = {what: removed.count(what) for what in removed}
    return [
        f"{what} {'were' if what.startswith('signs') else 'was'} removed" + (f" ({count} times)" if count > 1 else "")
        for what, count in counts.items()
    ]


def _reserved(notebook: NotebookNode) -> frozenset[str]:
    """Names that the formgrader looks its own fields up by: a heading of that name would take their place."""
    ids = (cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells if "nbgrader" in cell.metadata)
    return PAGE_NAMES | {name + end for name in ids for end in ("", "-comment", "_extra_credit")}


def _notebook_metadata(notebook: NotebookNode) -> NotebookNode:
    kept = NotebookNode()
    known = {"kernelspec": ("name", "display_name", "language"), "language_info": ("name", "version", "pygments_lexer")}
    for part, names in known.items():
        found = notebook.metadata.get(part)
        if isinstance(found, dict):
            good = {name: found[name] for name in names if isinstance(found.get(name), str) and LABEL.fullmatch(found[name])}
            if "name" in good:
                kept[part] = NotebookNode(good)
    if "kernelspec" in kept:
        kept["kernelspec"].setdefault("display_name", kept["kernelspec"]["name"])
    ungraded = notebook.metadata.get("dlkit")
    if isinstance(ungraded, dict) and ungraded.get("ungraded") is True:
        kept["dlkit"] = NotebookNode(ungraded=not any("nbgrader" in cell.metadata for cell in notebook.cells))
    return kept


def _cell_metadata(metadata: dict[str, Any]) -> NotebookNode:
    kept = NotebookNode({name: metadata[name] for name in KEPT_METADATA if isinstance(metadata.get(name), bool)})
    tags = metadata.get("tags")
    if isinstance(tags, list):
        kept["tags"] = [tag for tag in tags if isinstance(tag, str) and TAG_NAME.fullmatch(tag)]
    marks = metadata.get("nbgrader")
    if isinstance(marks, dict) and GRADE_ID.fullmatch(str(marks.get("grade_id", ""))):
        plain = {key: value for key, value in marks.items() if isinstance(value, int | float) or key in ("comment", "score")}
        kept["nbgrader"] = NotebookNode(plain)
        for name in ("grade_id", "cell_type", "checksum"):
            if isinstance(marks.get(name), str) and GRADE_ID.fullmatch(marks[name]):
                kept["nbgrader"][name] = marks[name]
    return kept


def _attachments(attachments: dict[str, Any], removed: list[str]) -> NotebookNode:
    kept = NotebookNode()
    for name, bundle in attachments.items():
        good = {kind: data for kind, data in bundle.items() if is_picture(kind, data)} if isinstance(bundle, dict) else {}
        if good and re.fullmatch(r"[\w .()@+-]{1,200}", name):
            kept[name] = NotebookNode(good)
        else:
            removed.append("an attachment that is no picture")
    return kept


def _clean_code(cell: NotebookNode, rules: _Rules, removed: list[str]) -> None:
    if not isinstance(cell.get("execution_count"), int):
        cell["execution_count"] = None
    outputs: list[NotebookNode] = []
    for output in cell.outputs:
        outputs += _output(output, rules, removed)
    cell.outputs = outputs


def _output(output: NotebookNode, rules: _Rules, removed: list[str]) -> list[NotebookNode]:
    """An output, and before it a line that names what was taken out of it."""
    if output.output_type == "stream":
        output.name = "stderr" if output.name == "stderr" else "stdout"
        output.text = visible(output.text)
    elif output.output_type == "error":
        output.update(ename=visible(output.ename, 200), evalue=visible(output.evalue, 10_000))
        output.traceback = [visible(line, 20_000) for line in output.traceback[:200]]
    elif output.output_type in ("display_data", "execute_result"):
        gone: list[str] = []
        output.data = _bundle(output.data, rules, gone, removed)
        output.metadata = _output_metadata(output.get("metadata"))
        removed += gone
        says = (f"[{what} was removed here]" for what in dict.fromkeys(gone))
        said = [new_output("display_data", data={"text/plain": text}, metadata={}) for text in says]
        return [*said, output] if output.data else said
    else:
        return []
    return [output]


def _bundle(data: dict[str, Any], rules: _Rules, gone: list[str], removed: list[str]) -> NotebookNode:
    kept = NotebookNode()
    for kind, value in data.items():
        text = "".join(map(str, value)) if isinstance(value, list) and kind.startswith(("text/", "image/")) else value
        if kind == VERDICT or (kind == "application/json" and _small(value)):
            kept[kind] = value
        elif kind in PICTURES:
            if is_picture(kind, text):
                kept[kind] = text
            else:
                gone.append("a picture that cannot be one")
        elif not isinstance(text, str) and kind.startswith("text/"):
            gone.append("something that is no text")
        elif kind == "text/plain":
            kept[kind] = visible(text)
        elif kind == "text/latex":
            kept[kind], count = COMMAND.subn("", visible(text, 20_000))
            removed += ["a formula that does more than show"] * bool(count)
        elif kind == "text/html":
            kept[kind], found = rules.html(text)
            removed += found
        elif kind == "text/markdown":
            kept[kind], found = rules.markdown(text, None)
            removed += found
        elif kind not in SPARE or not {"text/plain", *PICTURES} & set(data):
            gone.append(next((what for pattern, what in CALLED if pattern.fullmatch(kind)), "something unknown"))
    return kept


def _output_metadata(metadata: Any) -> NotebookNode:
    """The size of pictures, and nothing else."""
    kept = NotebookNode()
    for kind in PICTURES:
        found = metadata.get(kind) if isinstance(metadata, dict) else None
        if isinstance(found, dict):
            sizes = {name: found.get(name) for name in ("width", "height")}
            kept[kind] = NotebookNode({name: size for name, size in sizes.items() if type(size) is int and 0 < size < 10_000})
    return kept


def _small(value: Any) -> bool:
    try:
        return len(json.dumps(value)) <= JSON_LIMIT
    except (TypeError, ValueError, RecursionError):
        return False


def is_picture(kind: str, data: Any) -> bool:
    """Whether `data` is base64 that begins as a picture of this kind does."""
    if kind not in PICTURES or not isinstance(data, str) or len(data) > PICTURE_LIMIT:
        return False
    try:
        return base64.b64decode(data.replace("\n", ""), validate=True).startswith(PICTURES[kind])
    except (binascii.Error, ValueError):
        return False


@pass_context
def markdown_to_html(context: Any, source: str) -> str:
    """nbconvert's filter of that name, with a clean result: for pages made of notebooks that were not cleaned."""
    try:
        return clean(render(source, context.get("cell", {}).get("attachments")))
    except Exception:
        return f"<pre>{html.escape(source)}</pre>"


PAGE_FILTERS = {"visible": visible, "safe_html": clean, "clean_html": clean, "markdown2html": markdown_to_html}
