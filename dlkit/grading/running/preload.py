"""What the template has at hand before it forks: modules that solved notebooks end up importing, and the cells all have."""

from __future__ import annotations

from dlkit.grading.course import SOURCE, Course, read_json
from dlkit.grading.running.stage import imports_in, imports_of

ALWAYS = (
    "numpy", "numpy.random", "numpy.testing", "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.font_manager",
    "matplotlib_inline.backend_inline", "PIL.PngImagePlugin", "IPython.core.interactiveshell", "IPython.display",
    "IPython.core.completer", "dlkit.grading.child.program", "dlkit.checking", "dlkit.checking.client",
    "dlkit.grading.sandbox", "json", "unittest.mock",
)  # fmt: skip
LIBRARY = ("data", "numpy", "plot", "torch")
WITH = {
    "torch": ("torch", "torch.nn", "torch.optim", "torch.utils.data", "torch._dynamo"),
    "dlkit.torch": ("torch", "torch.nn", "torch.optim", "torch.utils.data", "torch._dynamo"),
    "sklearn": ("sklearn.datasets", "sklearn.model_selection"),
    "dlkit.data": ("sklearn.datasets",),
    "ipywidgets": ("ipywidgets",),
}


def modules_for(course: Course, unit: str) -> list[str]:
    """Names of modules, each once, in the order in which to import them."""
    found = dict.fromkeys(ALWAYS)
    imported = imports_of(course, unit)
    for name, modules in WITH.items():
        if any(each == name or each.startswith(f"{name}.") for each in imported):
            found.update(dict.fromkeys(modules))
    return list(found)


def course_modules(course: Course, unit: str, notebook: str) -> tuple[str, ...]:
    """Modules of the course's library that a solved notebook imports; names that are no modules do no harm."""
    found = imports_in(course.home / SOURCE / unit / f"{notebook}.ipynb")
    return tuple(sorted(name for name in found if name.startswith("dlkit.") and name.split(".")[1] in LIBRARY))


def known_cells(course: Course, unit: str, notebook: str) -> list[str]:
    """The code of a notebook that is not for the student to write, and is run as it stands."""
    cells = read_json(course.home / SOURCE / unit / f"{notebook}.ipynb")["cells"]
    own = (cell for cell in cells if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader"))
    return ["".join(cell["source"]) for cell in own]
