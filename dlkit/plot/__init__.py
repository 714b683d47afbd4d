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
    "bayesian_step": "practice",
    "bowls": "curvature",
    "clipping_arrows": "curvature",
    "code_scatter": "images",
    "computational_graph": "graphs",
    "concavity": "curvature",
    "confusion": "tables",
    "curse_of_dimensionality": "landscapes",
    "curves": "functions",
    "decision_boundaries": "boundaries",
    "decision_boundary": "boundaries",
    "descent_on_curve": "descent",
    "descent_paths": "descent",
    "distribution_bands": "normalization",
    "effective_rates": "optimization",
    "fault_tolerance": "landscapes",
    "float_ranges": "signals",
    "heat_map": "tables",
    "image_grid": "images",
    "line_fit": "straight_lines",
    "lines": "straight_lines",
    "logistic_landscape": "landscapes",
    "loss_curve": "losses",
    "loss_functions": "losses",
    "loss_landscape": "landscapes",
    "mlp_421": "networks",
    "moving_averages": "series",
    "nested_fields": "concepts",
    "network_diagram": "networks",
    "neuron_diagram": "concepts",
    "normalization_axes": "normalization",
    "number_lines": "normalization",
    "optimizer_paths": "optimization",
    "outlier_scores": "tables",
    "perceptron_path": "straight_lines",
    "rate_sweep": "descent",
    "saddle": "curvature",
    "schedules": "series",
    "search_points": "practice",
    "secants": "backward",
    "signal_histograms": "signals",
    "signal_sizes": "signals",
    "step_sizes": "backward",
    "successors": "backward",
    "topologies": "concepts",
    "training_runs": "signals",
    "tree_diagram": "trees",
    "weight_fade": "series",
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
