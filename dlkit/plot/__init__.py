"""Pictures of the course: pure functions from numbers to a figure that carries a description in words.

Each returns an :class:`AccessibleFigure`: shown once, as the last value of a cell, and described by its
``alt_text``. Matplotlib is imported when the first picture is asked for.

Examples
--------
>>> from dlkit.plot import loss_curve
>>> loss_curve([0.9, 0.5, 0.1], title="Training").alt_text
'Training. loss over 3 epochs. loss: from 0.9 to 0.1, smallest 0.1 at epoch 3.'
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "AccessibleFigure": "style",
    "activations": "functions",
    "bars": "tables",
    "code_scatter": "images",
    "confusion": "tables",
    "curse_of_dimensionality": "landscapes",
    "curves": "functions",
    "decision_boundaries": "boundaries",
    "decision_boundary": "boundaries",
    "fault_tolerance": "landscapes",
    "heat_map": "tables",
    "image_grid": "images",
    "line_fit": "straight_lines",
    "lines": "straight_lines",
    "logistic_landscape": "landscapes",
    "loss_curve": "losses",
    "loss_functions": "losses",
    "loss_landscape": "landscapes",
    "mlp_421": "networks",
    "nested_fields": "concepts",
    "network_diagram": "networks",
    "neuron_diagram": "concepts",
    "outlier_scores": "tables",
    "perceptron_path": "straight_lines",
    "topologies": "concepts",
    "tree_diagram": "trees",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
