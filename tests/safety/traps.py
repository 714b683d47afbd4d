"""A notebook with one payload in every place where a student can put it."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

PLACES = ("markdown", "raw", "stream", "error", "text/plain", "text/html", "text/markdown", "text/latex", "metadata", "attachments")


def nbgrader(grade_id: str, points: float | None, solution: bool) -> dict:
    data = {"grade_id": grade_id, "grade": points is not None, "solution": solution, "locked": not solution, "task": False,
            "schema_version": 3, "cell_type": "markdown" if points == 4 else "code"}  # fmt: skip
    return {"nbgrader": {**data, **({"points": points} if points is not None else {})}}


def notebook(payload: str, places: tuple[str, ...] = PLACES) -> NotebookNode:
    """Graded cells, text, outputs and metadata, all with the same payload."""
    calm = {place: payload if place in places else "calm" for place in PLACES}
    more = {"tags": [payload.replace(",", ";"), "kept"], "raw_mimetype": "text/html", "format": "text/html", "magics_language": payload} if "metadata" in places else {}
    outputs = [
        new_output("stream", text=calm["stream"]),
        new_output("display_data", {"text/html": calm["text/html"], "text/plain": calm["text/plain"]}),
        new_output("display_data", {"text/markdown": calm["text/markdown"]}),
        new_output("display_data", {"text/latex": calm["text/latex"]}),
        new_output("display_data", {"text/plain": calm["text/plain"]}),
        new_output("error", ename=calm["error"][:100], evalue=calm["error"], traceback=[calm["error"]]),
    ]
    attached = {"a.png": {"image/svg+xml": calm["attachments"]}, calm["attachments"][:80]: {"image/png": calm["attachments"]}}
    cells = [
        new_markdown_cell(calm["markdown"], metadata=more),
        new_markdown_cell(calm["markdown"], metadata={**more, **nbgrader("unit1-why", 4, True)}),
        new_code_cell("x = 1", metadata={**more, **nbgrader("unit1-x", None, True)}, outputs=outputs),
        new_code_cell(calm["stream"], outputs=[]),
        new_raw_cell(calm["raw"], metadata=more),
        new_markdown_cell("with a picture", attachments=attached if "attachments" in places else {}),
    ]
    return new_notebook(cells=cells, metadata={"title": calm["metadata"]} if "metadata" in places else {})
