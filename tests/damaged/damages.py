"""The corpus: what happens to notebooks between the student's last click and the grader.

Each function takes the JSON content of a good notebook and returns what became of it: other content, text, or bytes. `says` are
words of the notes that explain the repair; the marks are those of the answers that are still there.
"""

from __future__ import annotations

import base64
import html
import json
import quopri
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from handout import ANSWERS, FULL, clone, dump

Content = dict[str, Any]


@dataclass(frozen=True)
class Damage:
    """One kind of damage. ``lost`` are marks that no longer have an answer; ``unreadable`` is why nothing can be read."""

    name: str
    inflict: Callable[[Content], Any]
    says: tuple[str, ...]
    lost: tuple[str, ...] = ()
    unreadable: str = ""
    written: str | None = ANSWERS["unit1-why"]

    @property
    def marks(self) -> dict[str, float]:
        return {name: 0 if name in self.lost else points for name, points in FULL.items()}

    def data(self, notebook: Content) -> bytes:
        """The damaged file."""
        result = self.inflict(clone(notebook))
        if isinstance(result, bytes):
            return result
        return result.encode("utf-8", "surrogatepass") if isinstance(result, str) else dump(result)


@dataclass
class Corpus:
    damages: list[Damage] = field(default_factory=list)

    def add(self, *says: str, **more: Any) -> Callable[[Callable[[Content], Any]], Callable[[Content], Any]]:
        def register(function: Callable[[Content], Any]) -> Callable[[Content], Any]:
            self.damages.append(Damage(function.__name__, function, says, **more))
            return function

        return register


CORPUS = Corpus()
add = CORPUS.add
DOUBLE, SHIFT, ROOT = FULL


def cell(notebook: Content, name: str) -> Content:
    """The cell with a mark or an id."""
    return next(c for c in notebook["cells"] if name in (c["metadata"].get("nbgrader", {}).get("grade_id"), c.get("id")))


def remove(notebook: Content, *names: str) -> Content:
    for name in names:
        notebook["cells"].remove(cell(notebook, name))
    return notebook


def place(notebook: Content, name: str) -> int:
    return notebook["cells"].index(cell(notebook, name))


def own_cell(source: str, **more: Any) -> Content:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source, **more}


def stub(name: str) -> list[str]:
    names = {"unit1-double": ["double(x)"], "unit1-shift": ["shift(x)", "unshift(y)"], "unit1-root": ["root(x)"]}[name]
    body = 'raise NotImplementedError("Replace this line with your answer.")'
    return "\n\n\n".join(f"def {head}:\n    {body}" for head in names).splitlines(keepends=True)


# The bytes of the file


@add()
def byte_order_mark(nb):
    return b"\xef\xbb\xbf" + dump(nb)


@add("written in UTF-16")
def utf16(nb):
    return dump(nb).decode().encode("utf-16")


@add("written in UTF-16")
def utf16_without_mark(nb):
    return dump(nb).decode().encode("utf-16-be")


@add("written in UTF-32")
def utf32(nb):
    return dump(nb).decode().encode("utf-32")


@add("read as Windows-1252")
def latin1(nb):
    return dump(nb).decode().encode("latin-1")


@add("could not be read as UTF-8")
def one_byte_that_is_not_utf8(nb):
    return dump(nb).replace(b"done", b"d\xffne", 1)


@add("cut off", "grade cells unit1-shift-check, unit1-root-check were deleted", lost=(SHIFT, ROOT), written=None)
def cut_in_an_answer(nb):
    data = dump(nb)
    return data[: data.index(b"def unshift") + 9]


@add("cut off", "unit1-root-check was deleted")
def cut_before_the_last_check(nb):
    data = dump(nb)
    return data[: data.index(b'"id": "root-check"')]


@add("cut off", lost=(DOUBLE, SHIFT, ROOT), written=None)
def cut_after_the_first_cell(nb):
    return dump(nb)[:200]


@add("cut off")
def cut_in_the_metadata(nb):
    return dump(nb)[:-60]


@add("ended in zero bytes")
def disk_full_at_the_end(nb):
    return dump(nb) + b"\0" * 4096


@add("cut off", "ended in zero bytes", "unit1-root-check was deleted", lost=(ROOT,))
def disk_full_in_the_middle(nb):
    data = dump(nb)
    at = data.index(b"math.sqrt")
    return data[:at] + b"\0" * (len(data) - at)


@add("damaged", "grade cell unit1-double-check was deleted")
def block_of_zeros(nb):
    data = dump(nb)
    at, end = data.index(b'"id": "double-check"'), data.index(b'"id": "show"') - 70
    return data[:at] + b"\0" * (end - at) + data[end:]


@add(unreadable="nothing but zero bytes")
def only_zeros(nb):
    return b"\0" * len(dump(nb))


@add(unreadable="is empty")
def empty(nb):
    return b""


@add("stood after the end")
def trailing_garbage(nb):
    return dump(nb) + b'}\n "nbformat_minor": 5\n}\n'


@add("the notebook twice")
def overwritten_by_a_shorter_version(nb):
    data = dump(nb)
    return data + data[len(data) // 2 :]


@add("the notebook twice")
def doubled(nb):
    return dump(nb) * 2


@add("the notebook twice", "another version of cell unit1-double is kept")
def doubled_with_an_older_answer(nb):
    older = clone(nb)
    cell(older, "unit1-double")["source"] = ["def double(x):\n", "    return x + 1"]
    return dump(older) + dump(nb)


@add("the notebook twice")
def doubled_answers_in_the_first_only(nb):
    blank = clone(nb)
    for name in ("unit1-double", "unit1-shift", "unit1-root"):
        cell(blank, name)["source"] = stub(name)
    return dump(nb) + dump(blank)


@add()
def not_a_number(nb):
    cell(nb, "show")["outputs"][0]["metadata"] = {"loss": float("nan"), "best": float("-inf")}
    return nb


@add()
def control_characters(nb):
    return dump(nb).replace(b"# Numbers", b"# Num\x0bb\x01ers").replace(b"done", b"do\x1bne")


@add()
def windows_line_ends(nb):
    for c in nb["cells"]:
        c["source"] = [line.replace("\n", "\r\n") for line in c["source"]]
    return dump(nb).replace(b"\n", b"\r\n")


@add()
def zero_bytes_in_a_source(nb):
    cell(nb, "own")["source"] = ["x = 1\0\0"]
    return nb


@add()
def half_characters(nb):
    nb["cells"].append(own_cell("face = '\ud83d'"))
    return json.dumps(nb)


@add("damaged")
def missing_comma(nb):
    return dump(nb).replace(b'"id": "double-answer",', b'"id": "double-answer"')


@add("damaged")
def trailing_commas(nb):
    return re.sub(rb"(\n *[\]}])", rb",\1", dump(nb))


@add("damaged")
def lost_bracket(nb):
    return dump(nb).replace(b'    return 2 * x"\n   ]', b'    return 2 * x"\n')


@add("damaged")
def lost_quote(nb):
    return dump(nb).replace(b'"id": "own"', b'"id": "own')


@add("damaged")
def flipped_name_of_a_field(nb):
    return dump(nb).replace(b'"source": [\n    "def double', b'"sourbe": [\n    "def double').replace(b"]\n  },\n", b"]\n  }\n", 1)


@add("damaged")
def deeply_nested(nb):
    cell(nb, "show")["metadata"]["deep"] = "HERE"
    return dump(nb).replace(b'"HERE"', b"[" * 50_000 + b"]" * 50_000)


@add("mail program (quoted-printable)")
def quoted_printable(nb):
    return quopri.encodestring(dump(nb))


@add("mail program (base64)")
def base64_mail(nb):
    return base64.encodebytes(dump(nb))


@add("a web page had changed")
def html_entities(nb):
    return html.escape(dump(nb).decode())


@add("word processor")
def curly_quotes(nb):
    text = json.dumps(nb, ensure_ascii=False)
    return re.sub(r'(?<!\\)"([^"\\]*(?:\\.[^"\\]*)*)"', "\u201c\\1\u201d", text)


# Merges that git could not finish


def _conflict(ours: bytes, theirs: bytes, base: bytes | None = None) -> bytes:
    """The part between the common beginning and end of two files, between git's marks."""
    a, b = ours.split(b"\n"), theirs.split(b"\n")
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    tail = next((i for i, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=False)) if x != y), 0)
    middle = [b"||||||| base", base] if base is not None else []
    hunk = [b"<<<<<<< HEAD", *a[head : len(a) - tail], *middle, b"=======", *b[head : len(b) - tail], b">>>>>>> main"]
    return b"\n".join([*a[:head], *hunk, *a[len(a) - tail :]])


@add("merge marks", "the first side")
def merge_marks_in_outputs(nb):
    other = clone(nb)
    cell(other, "show")["execution_count"] = 1234
    return _conflict(dump(nb), dump(other))


@add("merge marks", "the first side", "another version of cell unit1-double is kept")
def merge_marks_in_an_answer(nb):
    other = clone(nb)
    cell(other, "unit1-double")["source"] = ["def double(x):\n", "    return x << 1"]
    return _conflict(dump(nb), dump(other))


@add("merge marks", "the second side")
def merge_with_the_handout(nb):
    blank = clone(nb)
    cell(blank, "unit1-shift")["source"] = stub("unit1-shift")
    return _conflict(dump(blank), dump(nb))


@add("merge marks", "another version of cell unit1-root is kept")
def merge_marks_with_base(nb):
    other = clone(nb)
    cell(other, "unit1-root")["source"] = ["def root(x):\n", "    return x ** 0.5"]
    return _conflict(dump(nb), dump(other), b'    "def root(x):\\n"')


@add("merge marks", "answer of cell unit1-double")
def merge_marks_inside_a_cell(nb):
    cell(nb, "unit1-double")["source"] = [
        "def double(x):\n", "<<<<<<< HEAD\n", "    return 2 * x\n", "=======\n", "    return x << 1\n", ">>>>>>> main",
    ]  # fmt: skip
    return nb


# The format


@add()
def missing_minor_version(nb):
    del nb["nbformat_minor"]
    return nb


@add()
def version_from_the_future(nb):
    nb["nbformat_minor"] = 99
    return nb


@add()
def no_version(nb):
    del nb["nbformat"], nb["nbformat_minor"]
    return nb


@add("did not name its kernel")
def no_metadata(nb):
    del nb["metadata"]
    return nb


@add("asked for a kernel of r")
def kernel_of_another_language(nb):
    nb["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    return nb


@add("its kernel cannot be read")
def kernel_is_no_object(nb):
    nb["metadata"]["kernelspec"] = 5
    return nb


@add()
def no_ids(nb):
    for c in nb["cells"]:
        del c["id"]
    nb["nbformat_minor"] = 2
    return nb


@add()
def same_id_for_all(nb):
    for c in nb["cells"]:
        c["id"] = "cell"
    return nb


@add()
def ids_that_are_not_allowed(nb):
    for number, c in enumerate(nb["cells"]):
        c["id"] = number if number % 2 else f"cell {number}: {'x' * 100}"
    return nb


@add()
def format_3(nb):
    cells = []
    for c in nb["cells"]:
        old = {"cell_type": c["cell_type"], "metadata": c["metadata"]}
        if c["cell_type"] == "code":
            old |= {"input": c["source"], "language": "python", "outputs": [], "collapsed": False, "prompt_number": 1}
        elif c["source"][0].startswith("## "):
            old |= {"cell_type": "heading", "level": 2, "source": [c["source"][0][3:]]}
        else:
            old["source"] = c["source"]
        cells.append(old)
    return {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]}


@add("nbgrader's mark was missing", "found by what it defines")
def format_2(nb):
    cells = []
    for c in nb["cells"]:
        text = "".join(c["source"])
        code = {"cell_type": "code", "input": text, "language": "python", "outputs": [], "collapsed": False}
        cells.append(code if c["cell_type"] == "code" else {"cell_type": c["cell_type"], "source": text})
    return {"metadata": {"name": "", "kernelspec": {"name": "python3"}}, "nbformat": 2, "worksheets": [{"cells": cells}]}


@add()
def sources_as_text(nb):
    for c in nb["cells"]:
        c["source"] = "".join(c["source"])
    return json.dumps(nb)


@add()
def lines_without_ends(nb):
    for c in nb["cells"]:
        c["source"] = [line.rstrip("\n") for line in c["source"]]
    return nb


@add()
def sources_of_other_types(nb):
    nb["cells"][2:2] = [own_cell(None), own_cell(5), own_cell([None, ["y = 1\n"], {}]), own_cell({"x": 1})]
    return nb


@add()
def things_that_are_no_cells(nb):
    nb["cells"][1:1] = ["junk", None, 5, [], {"cell_type": "heading", "source": 5}]
    return nb


@add()
def unknown_types_of_cells(nb):
    cell(nb, "unit1-double")["cell_type"] = "Code"
    cell(nb, "own")["cell_type"] = "python"
    return nb


@add()
def outputs_of_nonsense(nb):
    cell(nb, "show")["outputs"] = [{"output_type": "nonsense", "data": 5}, "x" * 200_000, None]
    return nb


@add()
def metadata_of_nonsense(nb):
    cell(nb, "ask")["attachments"] = {"a.png": {"image/png": 5}, "b.png": "x"}
    for number, c in enumerate(nb["cells"]):
        c["metadata"] |= {"tags": [3, "a,b", "ok", "ok"], "name": 5, "jupyter": [], "collapsed": "no", "scrolled": number}
    cell(nb, "own")["metadata"] = None
    return nb


@add()
def cells_wrapped_by_a_web_service(nb):
    return {"name": "1_numbers.ipynb", "type": "notebook", "format": "json", "content": nb}


@add()
def cells_as_an_object(nb):
    nb["cells"] = {str(number): c for number, c in enumerate(nb["cells"])}
    return nb


@add("did not name its kernel")
def only_the_list_of_cells(nb):
    return json.dumps(nb["cells"])


@add()
def colab(nb):
    for c in nb["cells"]:
        c["metadata"] |= {"id": "x9Qw", "colab": {"base_uri": "https://localhost:8080/"}, "outputId": "4b1f"}
        del c["id"]
    nb["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nb["nbformat_minor"] = 0
    return nb


@add()
def vs_code(nb):
    nb["cells"] = [{"cell_type": c.pop("cell_type"), "metadata": {**c.pop("metadata"), "vscode": {"languageId": "python"}}, **c}
                   for c in nb["cells"]]  # fmt: skip
    nb["metadata"]["interpreter"] = {"hash": "31f2"}
    return nb


@add()
def kaggle(nb):
    for c in nb["cells"]:
        c["metadata"] |= {"_uuid": "8f2839", "_cell_guid": "b1076dfc", "trusted": True, "execution": {"iopub.status.busy": 5}}
    nb["metadata"]["kaggle"] = {"accelerator": "none", "dataSources": []}
    return nb


@add()
def widgets(nb):
    nb["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"a": {}}}}
    cell(nb, "show")["outputs"] = [{"output_type": "display_data", "data": {"image/png": "iVBOR" * 400_000}, "metadata": {}}]
    return nb


# Files that are something else


@add("Python script", "found by what it defines")
def percent_script(nb):
    parts = []
    for c in nb["cells"]:
        text = "".join(c["source"])
        prose = c["cell_type"] == "markdown"
        parts.append("# %% [markdown]\n" + re.sub(r"(?m)^", "# ", text) if prose else "# %%\n" + text)
    return "# ---\n# jupyter:\n#   kernelspec: python3\n# ---\n\n" + "\n\n".join(parts) + "\n"


@add("Python script", "found by what it defines", "unit1-why was deleted", written=None)
def exported_script(nb):
    parts = ["#!/usr/bin/env python\n# coding: utf-8\n"]
    for number, c in enumerate(nb["cells"]):
        text = "".join(c["source"])
        parts.append(f"# In[{number}]:\n\n\n{text}\n" if c["cell_type"] == "code" else re.sub(r"(?m)^", "# ", text) + "\n")
    return "\n".join(parts)


@add("Python script", "merged into another cell", written=None)
def plain_script(nb):
    return "\n\n".join("".join(c["source"]) for c in nb["cells"] if c["cell_type"] == "code" and "check(" not in str(c["source"]))


@add(unreadable="is a web page")
def web_page(nb):
    return f"<!DOCTYPE html>\n<html><body><pre>{html.escape(json.dumps(nb))}</pre></body></html>"


@add(unreadable="is a PDF")
def pdf(nb):
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"


@add(unreadable="is a zip archive")
def zip_archive(nb):
    return b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256))


@add(unreadable="compressed")
def gzip_file(nb):
    return b"\x1f\x8b\x08\x00" + bytes(range(256))


@add(unreadable="pointer of Git LFS")
def git_lfs_pointer(nb):
    return b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@add(unreadable="is not JSON")
def an_essay(nb):
    return "Dear professor,\n\nmy computer broke, see the picture.\n"


@add(unreadable="is JSON, but not a notebook")
def other_json(nb):
    return {"users": [1, 2, 3]}


@add(unreadable="has no cells")
def notebook_without_cells(nb):
    return {"nbformat": 4, "metadata": {}}


@add("grade cells", "put back", lost=(DOUBLE, SHIFT, ROOT), written=None)
def empty_notebook(nb):
    nb["cells"] = []
    return nb


# What students do to cells


@add("mark was missing on cells", "found by its id")
def marks_lost(nb):
    for c in nb["cells"]:
        c["metadata"] = {}
    return nb


@add("nbgrader's mark was missing on cell", "found by what it defines", "found by its text")
def marks_and_ids_lost(nb):
    for c in nb["cells"]:
        c["metadata"] = {}
        del c["id"]
    return nb


@add("its kernel", "mark was missing on cells")
def marks_of_nonsense(nb):
    for c, nonsense in zip(nb["cells"], [None, 5, [], "x", {}, {"grade_id": 5}] * 3, strict=False):
        c["metadata"] = {"nbgrader": nonsense}
    nb["metadata"] = None
    return nb


@add("cell unit1-double_copy is not of this notebook", "mark was missing on cell unit1-double")
def renamed_cell(nb):
    cell(nb, "unit1-double")["metadata"]["nbgrader"]["grade_id"] = "unit1-double_copy"
    return nb


@add("unit1-shift stands there more than once")
def stub_left_below_a_copy(nb):
    at = place(nb, "unit1-shift")
    nb["cells"].insert(at + 1, {**clone(nb["cells"][at]), "id": "copy", "source": stub("unit1-shift")})
    return nb


@add("unit1-shift stands there more than once")
def second_try_below_the_first(nb):
    at = place(nb, "unit1-shift")
    nb["cells"].insert(at, {**clone(nb["cells"][at]), "id": "copy", "source": ["def shift(x): return x\n", "def unshift(x): return x"]})
    return nb


@add("unit1-shift stands there more than once", "grade cell unit1-shift-check stood before the answer")
def second_try_at_the_end(nb):
    better = {**clone(cell(nb, "unit1-shift")), "id": "copy"}
    cell(nb, "unit1-shift")["source"] = ["def shift(x): return x\n", "def unshift(x): return x"]
    nb["cells"].append(better)
    return nb


@add("unit1-root-check stands there more than once")
def copied_check(nb):
    nb["cells"].insert(0, {**clone(cell(nb, "unit1-root-check")), "id": "copy"})
    return nb


@add("the answer of cell unit1-double was found in another cell")
def answered_in_a_cell_of_ones_own(nb):
    at = place(nb, "unit1-double")
    nb["cells"].insert(at, own_cell(nb["cells"][at]["source"]))
    nb["cells"][at + 1]["source"] = stub("unit1-double")
    return nb


@add()
def split_between_functions(nb):
    at = place(nb, "unit1-shift")
    first, second = "".join(nb["cells"][at]["source"]).split("\n\n\n")
    nb["cells"][at]["source"] = [first]
    nb["cells"].insert(at + 1, own_cell([second]))
    return nb


@add("the answer of cell unit1-shift is spread over several cells")
def split_with_the_mark_on_both(nb):
    at = place(nb, "unit1-shift")
    first, second = "".join(nb["cells"][at]["source"]).split("\n\n\n")
    nb["cells"][at]["source"] = [first]
    nb["cells"].insert(at + 1, {**clone(nb["cells"][at]), "id": "half", "source": [second]})
    return nb


@add("cell unit1-double was split in two; it is one cell again")
def split_inside_a_function(nb):
    at = place(nb, "unit1-double")
    nb["cells"][at]["source"] = ["def double(x):\n", "    y = x"]
    nb["cells"].insert(at + 1, own_cell(["    return y + x"]))
    return nb


@add("the answer of cell unit1-shift was merged into another cell")
def two_answers_merged(nb):
    cell(nb, "unit1-double")["source"] += ["\n\n\n", *cell(nb, "unit1-shift")["source"]]
    return remove(nb, "unit1-shift")


@add("grade cells unit1-double-check, unit1-shift-check were deleted", "the answer of cell unit1-shift was merged")
def everything_merged(nb):
    names = ("unit1-double-check", "unit1-shift", "unit1-shift-check")
    for name in names:
        cell(nb, "unit1-double")["source"] += ["\n\n", *cell(nb, name)["source"]]
    return remove(nb, *names)


@add("cell unit1-double was changed to markdown; set back to code")
def answer_turned_into_text(nb):
    answer = cell(nb, "unit1-double")
    answer["cell_type"] = "markdown"
    del answer["outputs"], answer["execution_count"]
    return nb


@add("cell unit1-double was changed to raw", "cell unit1-double-check was changed to markdown")
def answer_and_check_turned_into_text(nb):
    cell(nb, "unit1-double")["cell_type"] = "raw"
    cell(nb, "unit1-double-check")["cell_type"] = "markdown"
    return nb


@add("cell unit1-why was changed to code; set back to markdown")
def written_answer_turned_into_code(nb):
    cell(nb, "unit1-why")["cell_type"] = "code"
    return nb


@add("'import math' was deleted or turned into text; put back")
def imports_turned_into_text(nb):
    cell(nb, "start")["cell_type"] = "markdown"
    return nb


@add("'import math' was deleted or turned into text; put back")
def imports_deleted(nb):
    return remove(nb, "start")


@add("mark was missing", "found by what it defines", "was changed to markdown; set back to code")
def marks_lost_and_turned_into_text(nb):
    for name in ("unit1-double", "unit1-root"):
        cell(nb, name).update(cell_type="markdown", metadata={}, id=f"new-{name}")
    return nb


@add("grade cell unit1-double-check stood before the answer; moved behind it")
def check_moved_to_the_top(nb):
    check = cell(nb, "unit1-double-check")
    nb["cells"].remove(check)
    nb["cells"].insert(0, check)
    return nb


@add("grade cell unit1-shift-check stood before the answer")
def answer_moved_to_the_end(nb):
    answer = cell(nb, "unit1-shift")
    nb["cells"].remove(answer)
    nb["cells"].append(answer)
    return nb


@add("grade cell unit1-shift-check was deleted; put back")
def check_deleted(nb):
    return remove(nb, "unit1-shift-check")


@add("answer cell unit1-double was deleted; put back without an answer", lost=(DOUBLE,))
def answer_deleted(nb):
    return remove(nb, "unit1-double")


@add("answer cell unit1-why was deleted", written=None)
def written_answer_deleted(nb):
    return remove(nb, "unit1-why")


@add("answer cell unit1-root", "grade cell unit1-root-check", lost=(ROOT,))
def exercise_deleted(nb):
    return remove(nb, "root-head", "unit1-root", "unit1-root-check")


@add("the points of cell unit1-double-check were changed")
def points_changed(nb):
    cell(nb, "unit1-double-check")["metadata"]["nbgrader"]["points"] = 2000
    return nb


@add("flags of cell unit1-double-check were changed", "flags of cell unit1-root were changed")
def flags_changed(nb):
    cell(nb, "unit1-double-check")["metadata"]["nbgrader"].update(grade=False, locked=False)
    cell(nb, "unit1-root")["metadata"]["nbgrader"].update(grade=True, points=5)
    return nb


@add()
def checksums_and_versions_changed(nb):
    for number, c in enumerate(nb["cells"]):
        if "nbgrader" in c["metadata"]:
            c["metadata"]["nbgrader"] |= {"checksum": "0" * 32, "schema_version": number % 4, "extra": 1, "cell_type": "x"}
    return nb


@add("the locked cell unit1-double-check was changed; the instructor's version is back")
def check_changed(nb):
    cell(nb, "unit1-double-check")["source"] = ["2.0"]
    return nb


@add("the answer of cell unit1-double stood in the locked cell unit1-double-check; it was moved")
def answered_in_the_check(nb):
    cell(nb, "unit1-double-check")["source"] = [*cell(nb, "unit1-double")["source"], "\n", "check('unit1.double')"]
    cell(nb, "unit1-double")["source"] = stub("unit1-double")
    return nb


@add("cells unit9-other, unit9-other-check are not of this notebook")
def cells_of_another_notebook(nb):
    mark = {"grade": False, "solution": True, "locked": False, "schema_version": 3}
    nb["cells"].insert(3, own_cell(["def other(): pass"], metadata={"nbgrader": {**mark, "grade_id": "unit9-other"}}))
    check = {**mark, "grade": True, "solution": False, "points": 50, "grade_id": "unit9-other-check"}
    nb["cells"].insert(4, own_cell(["50.0"], metadata={"nbgrader": check}))
    return nb


def _swap(nb: Content, a: str, b: str) -> Content:
    first, second = cell(nb, a), cell(nb, b)
    first["metadata"], second["metadata"] = second["metadata"], first["metadata"]
    return nb


@add("the mark of another cell stood on cell", "unit1-double", "unit1-root")
def marks_of_two_answers_swapped(nb):
    return _swap(nb, "unit1-double", "unit1-root")


@add("the mark of another cell stood on cell", "unit1-double-check")
def marks_of_answer_and_check_swapped(nb):
    return _swap(nb, "unit1-double", "unit1-double-check")


@add("the mark of another cell stood on cell", "unit1-shift-check")
def marks_of_two_checks_swapped(nb):
    return _swap(nb, "unit1-double-check", "unit1-shift-check")
