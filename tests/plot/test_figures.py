"""Every picture: drawn, small, described by its real numbers, with labelled axes, and shown once."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from dlkit import data, plot
from dlkit.numpy import worked
from dlkit.numpy.hierarchical_softmax import balanced_tree, huffman_tree
from dlkit.numpy.network import History
from dlkit.plot import style

X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [3.0, 3.0]])
Y = np.array([0, 0, 0, 1])
BEST = (2.0789473684, -0.2657894737)


def above(points):
    return (points.sum(axis=1) > 2).astype(int)


def history():
    h = History()
    for loss, accuracy in ((0.8, 0.5), (0.3, 0.9), (0.4, 0.7)):
        h.append({"loss": loss, "val_accuracy": accuracy})
    return h


def first_pass():
    return worked.first_pass(worked.W15_INPUTS, worked.W15_WEIGHTS, worked.W15_BIASES, 0.8, 1.0)


def fault():
    return plot.fault_tolerance([0.0, 0.5], [[0.9, 1.0], [0.2, 0.4]], chance=0.1)


# One drawing of each function, and words its description must have: numbers and names of the data.
PICTURES = {
    "activations": (
        lambda: plot.activations(["sigmoid", "relu", "step"]),
        [
            "0.00669 to 0.993",
            "slope 0.00665 to 0.25, largest at 0",
            "relu goes from 0 to 5",
            "z from -5 to 5",
        ],
    ),
    "bars": (
        lambda: plot.bars(["hue", "ash"], [0.25, 0.125], x_label="saliency", highlight=1),
        ["hue 0.25 and ash 0.125", "Marked as largest: hue"],
    ),
    "code_scatter": (
        lambda: plot.code_scatter(X, Y),
        ["4 points", "0 (3) around (0.333, 0.333)", "1 (1) around (3, 3)"],
    ),
    "confusion": (
        lambda: plot.confusion([[5, 2], [1, 4]], ["cat", "dog"]),
        ["9 of 12 right", "2 of cat taken for dog", "dog 4 of 5"],
    ),
    "curse_of_dimensionality": (
        lambda: plot.curse_of_dimensionality(np.random.default_rng(0), dimensions=(1, 100), num_points=20),
        ["20 random points", "in 100 dimensions"],
    ),
    "curves": (
        lambda: plot.curves([0, 1, 2], {"square": [0, 1, 4]}, x_label="t"),
        ["t from 0 to 2", "largest 4 at 2"],
    ),
    "decision_boundaries": (
        lambda: plot.decision_boundaries({"sum": above, "never": lambda p: np.zeros(len(p), int)}, X, Y),
        [
            "3 of class 0 and 1 of class 1",
            "sum gives the right class to 4 of 4",
            "never gives the right class to 3 of 4",
        ],
    ),
    "decision_boundary": (
        lambda: plot.decision_boundary(above, X, Y, class_names=["low", "high"]),
        ["4 points: 3 of low and 1 of high", "4 of 4 points", "x1 from -0.36 to 3.36"],
    ),
    "fault_tolerance": (fault, ["0.95 at 0 %", "0.3 at 50 %", "Guessing would give 0.1"]),
    "heat_map": (
        lambda: plot.heat_map([[1.5, -2.0]]),
        ["1 rows and 2 columns", "-2 to 1.5", "row 0: 1.5 and -2"],
    ),
    "image_grid": (
        lambda: plot.image_grid(data.load_digits().X[:3], [0, 1, 2]),
        ["3 images of 8 by 8 pixels", "ink from 0 to 16", "0, 1 and 2"],
    ),
    "line_fit": (
        lambda: plot.line_fit([0.6, 0.8, 1.1], [1.1, 1.2, 2.1], {"start": (1, 0), "best": BEST}),
        ["sum of squared residuals 1.41", "y = 2.08 x - 0.266", "residuals 0.0592"],
    ),
    "lines": (
        lambda: plot.lines({"line": (2, 3, 5), "wall": (1, 0, -4)}),
        ["2 x + 3 y + 5 = 0 has slope -0.667 and crosses the y axis at -1.67", "wall: x - 4 = 0 is vertical"],
    ),
    "logistic_landscape": (
        lambda: plot.logistic_landscape([-1, 0, 1], [0, 1, 1], path=[(0, 0), (1, 1)]),
        ["path of 1 steps", "(0, 0), loss 0.693", "3 points", "convex"],
    ),
    "loss_curve": (
        lambda: plot.loss_curve(history()),
        [
            "3 epochs",
            "loss: from 0.8 to 0.4, smallest 0.3 at epoch 2",
            "from 0.5 to 0.7, largest 0.9 at epoch 2",
        ],
    ),
    "loss_functions": (
        lambda: plot.loss_functions(("perceptron_criterion", "hinge")),
        ["perceptron_criterion: from 3 to 0", "hinge: from 4 to 0, smallest 0 at 1"],
    ),
    "loss_landscape": (
        lambda: plot.loss_landscape(lambda w, b: (w - 1) ** 2 + b**2 + 0.5),
        ["smallest 0.5 at (1, 0)", "largest 41.5"],
    ),
    "mlp_421": (
        lambda: plot.mlp_421(first_pass()),
        ["w16 = 0.1", "theta7 = -0.3", "I6 = 1.0000", "O7 = 0.4174", "Error5 = -0.0102", "x3 = 0"],
    ),
    "nested_fields": (plot.nested_fields, ["artificial intelligence", "machine learning", "deep learning"]),
    "network_diagram": (
        lambda: plot.network_diagram([2, 1], weights=[[[0.5], [-1.25]]], values=[[1, 0], [0.62]]),
        ["2 and 1 units and 3 parameters", "0.5 and -1.25", "layer 1: 0.62"],
    ),
    "neuron_diagram": (plot.neuron_diagram, ["dendrites", "synapses", "one output"]),
    "outlier_scores": (
        lambda: plot.outlier_scores([[1, 0], [0, 7]], [1, 49], [1, 49], column_names=["a", "b"]),
        ["2 rows and 2 columns", "7 in row 1, column b", "49, row 1", "median is 25"],
    ),
    "perceptron_path": (
        lambda: plot.perceptron_path(X, Y, [[-1, 0, 0.5], [1, 1, -4]]),
        ["over 2 steps", "-x1 + 0.5 = 0, 1 of 4 points", "x1 + x2 - 4 = 0, 4 of 4 points"],
    ),
    "topologies": (plot.topologies, ["3 inputs, 2 hidden units and 1 output", "2 dashed"]),
    "tree_diagram": (
        lambda: plot.tree_diagram(
            huffman_tree(np.array([4.0, 2.0, 1.0, 1.0])), list("abcd"), frequencies=[4, 2, 1, 1]
        ),
        ["4 leaves and 3 inner nodes", "a after 1, b after 2, c after 3 and d after 3", "decisions: 1.75"],
    ),
}
DIAGRAMS = {
    "mlp_421",
    "nested_fields",
    "network_diagram",
    "neuron_diagram",
    "topologies",
    "tree_diagram",
    "image_grid",
}


@pytest.fixture(scope="module", params=PICTURES)
def drawn(request):
    make, words = PICTURES[request.param]
    return request.param, make(), words


def test_every_public_picture_is_tested():
    """Here, or in a file of its own beside this one."""
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert {*re.findall(r"\bplot\.(\w+)\b", tests), "AccessibleFigure"} >= set(plot.__all__) == set(dir(plot))


def test_alt_text_names_the_real_numbers(drawn):
    name, figure, words = drawn
    assert [word for word in words if word not in figure.alt_text] == [], figure.alt_text
    assert figure.alt_text.endswith(".") and "nan" not in figure.alt_text.split()


def test_picture_is_small_and_not_empty(drawn):
    name, figure, _ = drawn
    png = figure.png()
    assert len(png) < 60_000
    with Image.open(io.BytesIO(png)) as image:
        assert 300 <= image.width <= 1300 and np.ptp(np.asarray(image.convert("L"))) > 100


def test_axes_are_labelled(drawn):
    name, figure, _ = drawn
    if name in DIAGRAMS:
        return
    visible = [axis for axis in figure.axes if axis.axison and axis.get_label() != "<colorbar>"]
    assert visible and all(axis.get_xlabel() or axis.get_ylabel() for axis in visible)


def test_title_is_shown_and_told():
    figure = plot.loss_curve([1, 2], title="Training")
    assert figure.get_suptitle() == "Training" and figure.alt_text.startswith("Training. loss over 2 epochs")


class Images(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_html_is_one_image_with_escaped_alt_text():
    figure = plot.curves([0, 1], {'<script>"x" & y': [0, 1]})
    parser = Images()
    parser.feed(figure._repr_mimebundle_()["text/html"])
    [(tag, attributes)] = parser.found
    assert tag == "img" and attributes["alt"] == figure.alt_text and '<script>"x" & y' in attributes["alt"]
    assert attributes["src"].startswith("data:image/png;base64,")


def test_shown_once_in_a_notebook_with_pyplot_and_without():
    shell_code = """
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance()
backend = 'module://matplotlib_inline.backend_inline'
inline = f"import matplotlib; matplotlib.use('{backend}'); import matplotlib.pyplot"
for setup in ("", inline):
    with capture_output() as out:
        shell.run_cell(setup + "\\nfrom dlkit.plot import loss_curve\\nfigure = loss_curve([2, 1])")
        from matplotlib._pylab_helpers import Gcf
        assert not Gcf.figs and not out.outputs, out.outputs
    bundle, _ = shell.display_formatter.format(shell.user_ns["figure"])
    print('alt="loss over 2 epochs' in bundle["text/html"], bundle["text/plain"][:27])
"""
    done = subprocess.run([sys.executable, "-c", shell_code], capture_output=True, text=True)
    assert done.stdout.count("True <Figure: loss over 2 epochs") == 2, done.stdout + done.stderr


def test_same_picture_same_bytes_whatever_the_style_of_the_session():
    import matplotlib

    before = plot.bars(["a", "b"], [1, 2]).png()
    with matplotlib.rc_context({"font.size": 22, "axes.facecolor": "red"}):
        assert plot.bars(["a", "b"], [1, 2]).png() == before
        assert matplotlib.rcParams["font.size"] == 22


def test_importing_is_lazy():
    code = "import sys, dlkit.plot as p; assert 'matplotlib' not in sys.modules; p.loss_curve;"
    code += "import dlkit.plot.functions;"
    code += (
        "from dlkit.plot import curves; assert callable(curves) and 'matplotlib.pyplot' not in sys.modules;"
    )
    code += (
        "assert 'torch' not in sys.modules and 'IPython' not in sys.modules and 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'pie_chart'"):
        plot.pie_chart  # noqa: B018


def test_colours_stay_apart_without_colour_vision():
    """The first four differ in lightness or along blue and yellow, seen with red-green blindness."""
    to_lms = np.array(
        [[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]]
    )
    deutan = np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]])
    seen = [np.linalg.inv(to_lms) @ deutan @ to_lms @ (np.array(to_rgb(c)) ** 2.2) for c in style.COLOURS[:4]]
    seen = [np.clip(c, 0, 1) ** (1 / 2.2) for c in seen]
    apart = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(apart) > 0.15


def test_classes_and_curves_differ_by_more_than_colour():
    figure = plot.loss_curve({"a": [1, 2], "b": [2, 3], "c": [3, 4]})
    curves = figure.axes[0].lines
    assert len({str(c.get_linestyle()) for c in curves}) == len({c.get_marker() for c in curves}) == 3
    figure = plot.decision_boundary(above, X, Y)
    paths = [
        c.get_paths()[0].vertices.shape
        for c in figure.axes[0].collections
        if c.get_label().startswith("class")
    ]
    assert len(set(paths)) == 2
    assert {t.get_text() for t in figure.axes[0].texts} == {"class 0", "class 1"}


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: plot.decision_boundary(above, np.zeros((3, 3)), [0, 1, 1]),
            r"X has shape \(3, 3\), expected \(N, 2\)",
        ),
        (lambda: plot.decision_boundary(above, X, [0]), r"y has shape \(1,\), expected \(4,\)"),
        (lambda: plot.decision_boundary(lambda p: 1, X, Y), r"predict gave shape \(\)"),
        (
            lambda: plot.decision_boundary(above, X, Y, class_names=["a"]),
            "class_names has 1 names, expected 2",
        ),
        (lambda: plot.decision_boundaries({}, X, Y), "predicts is empty"),
        (lambda: plot.perceptron_path(X, Y, [[1, 2]]), r"coefficients has shape \(1, 2\), expected \(S, 3\)"),
        (lambda: plot.curves([1, 2], {"a": [1]}), "a has 1 values, expected 2"),
        (lambda: plot.activations(["sigmoidal"]), "functions has 'sigmoidal'"),
        (lambda: plot.loss_functions(["mse", "hinge"]), "not mixed"),
        (lambda: plot.line_fit([1], [1, 2], {}), "y has 2 values, expected 1"),
        (lambda: plot.network_diagram([3]), "at least two layers"),
        (
            lambda: plot.network_diagram([2, 1], weights=[np.zeros((1, 2))]),
            r"weights has shapes \[\(1, 2\)\]",
        ),
        (lambda: plot.mlp_421(inputs=[1, 2]), r"inputs has shape \(2,\), expected \(4,\)"),
        (lambda: plot.tree_diagram(balanced_tree(4), ["a"]), "names has 1 names, expected 4"),
        (lambda: plot.confusion(np.zeros((2, 3))), r"matrix has shape \(2, 3\), expected \(K, K\)"),
        (lambda: plot.heat_map([1, 2]), r"values has shape \(2,\), expected \(R, C\)"),
        (lambda: plot.bars(["a"], [1, 2]), r"shape \(2,\), expected \(1,\)"),
        (lambda: plot.outlier_scores(np.zeros((2, 2)), [1], [1, 2]), "do not match entry"),
        (lambda: plot.image_grid(np.zeros((2, 5))), r"images has shape \(2, 5\)"),
        (lambda: plot.image_grid(np.zeros((2, 4)), [1]), "labels has 1 entries, expected 2"),
        (lambda: plot.code_scatter(np.zeros((2, 3)), [0, 1]), r"codes has shape \(2, 3\)"),
        (lambda: plot.logistic_landscape([1, 2], [1]), r"y has shape \(1,\)"),
        (lambda: plot.loss_landscape(lambda w, b: w, path=[1, 2]), r"path has shape \(2,\)"),
        (lambda: plot.fault_tolerance([0, 1], [1]), r"accuracies has shape \(1,\)"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_inputs_are_not_modified_and_special_shapes_are_drawn():
    points, labels = X.copy(), Y.copy()
    plot.decision_boundary(lambda p: np.stack([p[:, 0], p[:, 1]], axis=1), points, labels).png()
    assert np.array_equal(points, X) and np.array_equal(labels, Y)
    colour = plot.image_grid(np.zeros((2, 3, 4, 4), np.uint8))
    assert "in colour" in colour.alt_text
    assert "10 more" in plot.bars([f"f{i}" for i in range(30)], np.arange(30.0)).alt_text
    big = plot.network_diagram([64, 2, 64])
    assert len([t for t in big.axes[0].texts if t.get_text() == "⋮"]) == 2
    assert re.search(
        "position from 0 to 3", plot.code_scatter(X, np.arange(4.0), label_name="position").alt_text
    )
    second = worked.second_pass(worked.W15_INPUTS, worked.W15_WEIGHTS, worked.W15_BIASES, 0.8, 1.0)
    assert "O7' = 0.4710" in plot.mlp_421(second).alt_text
    assert (
        "class -1"
        in plot.perceptron_path(X, [-1, -1, -1, 1], [[1, 1, -4]]).axes[0].get_legend().texts[0].get_text()
    )
    plot.heat_map([[0.0, 0.0]]).png()
