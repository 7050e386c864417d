"""Drawing for reading: a small SVG canvas, axes of time and number, and nothing that moves or loads.

Figures of a dossier are printed and cited, so they are plain SVG inside the page: text stays text, lines stay sharp,
and every figure has a title and a description for a screen reader.
"""

import html
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from tracker.views.text import plain_text

Floats = npt.NDArray[np.float64]
HOUR_S = 3600.0
_TIME_STEPS_H = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96)


@dataclass
class Canvas:
    """An SVG being drawn; sizes in pixels of its own view box."""

    width: float
    height: float
    title: str
    parts: list[str] = field(default_factory=list)

    def line(self, x: Iterable[float], y: Iterable[float], kind: str, /) -> None:
        """Polyline; `kind` is its class in the style sheet."""
        told = points(x, y)
        if told:
            self.parts.append(f'<polyline class="{kind}" points="{told}"/>')

    def area(self, rings: Iterable[tuple[Iterable[float], Iterable[float]]], kind: str, /) -> None:
        """Closed rings as one path, holes by even and odd."""
        path = "".join(f"M{told}Z" for x, y in rings if (told := points(x, y)))
        if path:
            self.parts.append(f'<path class="{kind}" fill-rule="evenodd" d="{path}"/>')

    def box(self, x: float, y: float, width: float, height: float, kind: str, /) -> None:
        """Rectangle; widths below half a pixel are drawn as half a pixel, so that nothing vanishes."""
        size = f'width="{max(width, 0.5):.1f}" height="{max(height, 0.0):.1f}"'
        self.parts.append(f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" {size}/>')

    def dot(self, x: float, y: float, radius: float, kind: str, /) -> None:
        """Filled circle."""
        self.parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>')

    def text(self, x: float, y: float, text: str, kind: str = "label", /, *, anchor: str = "start") -> None:
        """Text; `anchor` is start, middle or end."""
        shown = html.escape(plain_text(text))
        self.parts.append(f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{shown}</text>')

    def render(self, caption: str, /) -> str:
        """The figure as HTML, with its caption."""
        title = html.escape(plain_text(self.title))
        return (
            f'<figure><svg viewBox="0 0 {self.width:g} {self.height:g}" role="img" aria-label="{title}">'
            f"<title>{title}</title>{''.join(self.parts)}</svg>"
            f"<figcaption>{html.escape(plain_text(caption))}</figcaption></figure>"
        )


@dataclass(frozen=True)
class Axes:
    """A rectangle of the canvas with data coordinates; y grows upwards."""

    left: float
    top: float
    width: float
    height: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float, /) -> float:
        """Pixel of a data x."""
        return self.left + (value - self.x_low) / (self.x_high - self.x_low) * self.width

    def y(self, value: float, /) -> float:
        """Pixel of a data y."""
        return self.top + (self.y_high - value) / (self.y_high - self.y_low) * self.height

    def xs(self, values: Floats, /) -> Floats:
        """Pixels of many data x."""
        return np.asarray(self.left + (values - self.x_low) / (self.x_high - self.x_low) * self.width)

    def ys(self, values: Floats, /) -> Floats:
        """Pixels of many data y, kept inside the axes."""
        pixels = self.top + (self.y_high - values) / (self.y_high - self.y_low) * self.height
        return np.clip(pixels, self.top, self.top + self.height)


def time_axis(canvas: Canvas, axes: Axes, /, *, labels: bool = True) -> None:
    """Vertical grid at round hours UTC with times below, and the date where a day begins."""
    span_h = (axes.x_high - axes.x_low) / HOUR_S
    step = next((s for s in _TIME_STEPS_H if span_h / s <= 9), _TIME_STEPS_H[-1]) * HOUR_S
    first = math.ceil(axes.x_low / step) * step
    shown_day = None
    for i in range(int((axes.x_high - first) // step) + 1):
        moment = first + i * step
        x = axes.x(moment)
        canvas.line((x, x), (axes.top, axes.top + axes.height), "grid")
        if labels:
            when = datetime.fromtimestamp(moment, UTC)
            canvas.text(x, axes.top + axes.height + 13, f"{when:%H:%M}", "tick", anchor="middle")
            if when.date() != shown_day:
                shown_day = when.date()
                canvas.text(x, axes.top + axes.height + 25, f"{when.day} {when:%b}", "tick strong", anchor="middle")


def number_axis(canvas: Canvas, axes: Axes, title: str, /, *, ticks: Sequence[float] | None = None) -> None:
    """Horizontal grid with numbers at the left and the title above."""
    for value in ticks if ticks is not None else round_ticks(axes.y_low, axes.y_high):
        y = axes.y(value)
        canvas.line((axes.left, axes.left + axes.width), (y, y), "grid")
        canvas.text(axes.left - 5, y + 3.5, f"{value:g}", "tick", anchor="end")
    canvas.text(axes.left, axes.top - 6, title, "axis")


def shade(canvas: Canvas, axes: Axes, begin: float, end: float, kind: str, /) -> None:
    """Shade a span of time over the height of the axes."""
    left, right = (axes.x(min(max(t, axes.x_low), axes.x_high)) for t in (begin, end))
    canvas.box(left, axes.top, right - left, axes.height, kind)


def round_ticks(low: float, high: float, /, *, most: int = 6) -> list[float]:
    """Round numbers between two values, at most so many steps."""
    span = max(high - low, 1e-9)
    size = 10.0 ** math.floor(math.log10(span / most))
    step = next(size * k for k in (1, 2, 5, 10, 20) if span / (size * k) <= most)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 10) for i in range(first, math.floor(high / step + 1e-9) + 1)]


def pieces(time_s: Floats, /, *, silence_s: float) -> list[slice]:
    """Slices of consecutive reports without a longer silence."""
    cuts = [0, *(np.flatnonzero(np.diff(time_s) > silence_s) + 1).tolist(), len(time_s)]
    return [slice(a, b) for a, b in itertools.pairwise(cuts) if b > a]


def points(x: Iterable[float], y: Iterable[float], /) -> str:
    """Coordinates to a tenth of a pixel; points that repeat the one before are left out."""
    told: list[str] = []
    for a, b in zip(x, y, strict=True):
        pair = f"{a:.1f},{b:.1f}"
        if not told or told[-1] != pair:
            told.append(pair)
    return " ".join(told)
