"""How every picture of the course looks, and how it is told to those who do not see it.

Colours are those of Okabe and Ito, which people with any kind of colour vision can tell apart (dark olive
stands in for their yellow, which is hard to see on white). No picture
relies on them alone: classes also differ by marker and hatching, curves by line style and marker.
"""

from __future__ import annotations

import base64
import functools
import html
import io
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK = "#E69F00", "#56B4E9", "#000000"
GREY, PALE = "#6b6b6b", "#f2f2f2"

COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK, "#7A4900", GREY, "#8C8600")
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*", "<", ">")
LINES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (8, 3)), (0, (3, 1, 1, 1)))
HATCHES = ("", "///", "...", "\\\\\\", "xx", "++", "oo", "--", "**", "||")

RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "axes.titlesize": 11.0,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "legend.frameon": False,
    "legend.fontsize": 9.0,
    "lines.linewidth": 1.8,
    "lines.markersize": 6.0,
    "hatch.linewidth": 0.4,
    "image.interpolation": "nearest",
    "figure.constrained_layout.w_pad": 0.07,
    "figure.constrained_layout.h_pad": 0.07,
    "svg.hashsalt": "dlkit",
}

# What a session may have set is first put back to Matplotlib's own defaults.
_LOOKS = tuple(
    "agg. axes contour figure font grid hatch image legend lines markers mathtext patch path pcolor savefig "
    "scatter text xaxis xtick yaxis ytick".split()
)
_WHOLE_STYLE = {key: value for key, value in matplotlib.rcParamsDefault.items() if key.startswith(_LOOKS)} | RC

_SMALL_ENOUGH = 50_000  # bytes

Draw = TypeVar("Draw", bound=Callable[..., Any])


class AccessibleFigure(Figure):
    """A Matplotlib figure that carries a description in words, and is shown with it in a notebook.

    Attributes
    ----------
    alt_text : str
        What the picture says, numbers included.
    photographic : bool
        Whether its colours are too many for a palette without dithering.

    Examples
    --------
    >>> figure = AccessibleFigure(figsize=(1, 1))
    >>> figure.alt_text = "An empty square."
    >>> figure
    <Figure: An empty square.>
    >>> sorted(figure._repr_mimebundle_())
    ['text/html', 'text/plain']
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        FigureCanvasAgg(self)
        self.alt_text = ""
        self.photographic = False

    def png(self, dpi: float = 100) -> bytes:
        """Return the picture as a PNG file, with a palette of 256 colours where that makes it smaller."""
        buffer = io.BytesIO()
        with matplotlib.rc_context(_WHOLE_STYLE):
            self.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None}, pil_kwargs={"optimize": True})
        full = buffer.getvalue()
        if len(full) < _SMALL_ENOUGH:
            return full
        from PIL import Image

        packed = io.BytesIO()
        with Image.open(buffer) as image:
            colours = image.convert("RGB")
            if self.photographic:
                colours = colours.quantize(palette=colours.quantize(256), dither=Image.Dither.FLOYDSTEINBERG)
            else:  # the method that keeps rare colours, such as one red star
                colours = colours.quantize(256, Image.Quantize.MAXCOVERAGE)
        colours.save(packed, format="png", optimize=True, dpi=(dpi, dpi))
        return min(full, packed.getvalue(), key=len)

    def __repr__(self) -> str:
        return f"<Figure: {self.alt_text}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        # One HTML image. Jupyter's own PNG output would drop the description.
        data = base64.b64encode(self.png()).decode("ascii")
        alt = html.escape(self.alt_text, quote=True)
        image = f'<img alt="{alt}" src="data:image/png;base64,{data}" style="max-width: 100%">'
        return {"text/html": image, "text/plain": repr(self)}


def picture(draw: Draw) -> Draw:
    """Run a drawing function in the course's style, whatever the style of the session."""

    @functools.wraps(draw)
    def drawn(*args: Any, **kwargs: Any) -> Any:
        with matplotlib.rc_context(_WHOLE_STYLE):
            return draw(*args, **kwargs)

    return drawn  # type: ignore[return-value]


def new_figure(
    width: float = 6.0, height: float = 4.0, rows: int = 1, columns: int = 1, **subplot: Any
) -> tuple[AccessibleFigure, list[Axes]]:
    """Return a figure that no window or notebook shows by itself, and its axes, row by row."""
    figure = AccessibleFigure(figsize=(width, height), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, **subplot)
    return figure, list(grid.ravel())


def finish(figure: AccessibleFigure, alt_text: str, title: str | None = None) -> AccessibleFigure:
    """Put the title above everything and in front of the description."""
    if title:
        figure.suptitle(title, fontsize=12, fontweight="bold")
    lead = (title if title.endswith(("?", "!")) else f"{title.rstrip('.')}.") + " " if title else ""
    figure.alt_text = lead + " ".join(alt_text.split())
    return figure


def number(value: object) -> str:
    """Write a number for people: three significant digits, whole numbers as they are.

    Examples
    --------
    >>> [number(v) for v in (178, 0.41741, 12345.6, 2.0, -0.00001234)]
    ['178', '0.417', '12346', '2', '-1.23e-05']
    """
    if isinstance(value, str):
        return value
    x = float(value) + 0.0  # type: ignore[arg-type]  # adding zero turns -0.0 into 0.0
    if not np.isfinite(x):
        return str(x)
    return f"{x:.0f}" if x == round(x) and abs(x) < 1e9 or 1000 <= abs(x) < 1e9 else f"{x:.3g}"


def listed(items: Sequence[object], most: int = 12) -> str:
    """Write a sequence as words: "a, b and c"; long ones are cut and counted."""
    words = [number(item) for item in items]
    if len(words) > most:
        return ", ".join(words[:most]) + f" and {len(words) - most} more"
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else "none"


def cycle(values: Sequence[Any], index: int) -> Any:
    """Return ``values[index]``, starting again at the end."""
    return values[index % len(values)]


def bare(axes: Axes) -> None:
    """Remove frame and ticks: for diagrams, which have no scales."""
    axes.set_axis_off()
    axes.set_aspect("equal")
