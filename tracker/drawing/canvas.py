"""A sheet of lines, areas and words that is written as SVG and as PNG from one description.

Own SVG, because a figure in a report must be text that can be searched, scaled and read by a machine: it carries a
title and a description, needs no network, and the same data give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from tracker.tables.rows import plain

Point = tuple[float, float]

FONT = "'Source Sans 3', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
PNG_SCALE = 2.0
PNG_FONT_SCALE = 0.88
"""DejaVu Sans, which PNG uses, is wider than the fonts a browser finds."""


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    points: Sequence[Point]
    fill: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """A line through points."""

    points: Sequence[Point]
    colour: str
    width: float = 1.0
    dash: tuple[float, float] | None = None


@dataclass(frozen=True)
class Dot:
    """A filled circle with a light rim."""

    at: Point
    radius: float
    fill: str


@dataclass(frozen=True)
class Words:
    """One line of text; `anchor` is start, middle or end."""

    at: Point
    text: str
    size: float = 13.0
    colour: str = "#222222"
    anchor: str = "start"
    bold: bool = False


@dataclass
class Sheet:
    """Things to draw, in order; the origin is top left, units are CSS pixels."""

    width: float
    height: float
    title: str
    description: str
    items: list[Area | Stroke | Dot | Words] = field(default_factory=list)

    def add(self, *items: Area | Stroke | Dot | Words) -> None:
        """Draw on top."""
        self.items += items

    def to_svg(self) -> str:
        """The sheet as an SVG document."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" role="img" '
            f'font-family="{FONT}" aria-labelledby="t d">'
        )
        lines = [head, f'<title id="t">{_safe(self.title)}</title>', f'<desc id="d">{_safe(self.description)}</desc>']
        lines.append(f'<rect width="{self.width:g}" height="{self.height:g}" fill="#ffffff"/>')
        lines += [_svg(item) for item in self.items]
        return "\n".join([*lines, "</svg>", ""])

    def to_png(self) -> bytes:
        """The sheet as a PNG of `PNG_SCALE` pixels to one."""
        import matplotlib

        matplotlib.use("Agg", force=False)
        from matplotlib.figure import Figure

        dpi = 100.0
        figure = Figure(figsize=(self.width * PNG_SCALE / dpi, self.height * PNG_SCALE / dpi), dpi=dpi)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0.0, self.width)
        axes.set_ylim(self.height, 0.0)
        axes.axis("off")
        points_per_px = PNG_SCALE * 72.0 / dpi
        for order, item in enumerate(self.items):
            _paint(axes, item, points_per_px, order)
        buffer = BytesIO()
        figure.savefig(buffer, format="png", facecolor="white", metadata={"Software": None})
        return buffer.getvalue()


def _safe(text: str) -> str:
    return escape(plain(text))


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _svg(item: Area | Stroke | Dot | Words) -> str:
    if isinstance(item, Area):
        return f'<polygon points="{_path(item.points)}" fill="{item.fill}" fill-opacity="{item.opacity:g}"/>'
    if isinstance(item, Stroke):
        dash = f' stroke-dasharray="{item.dash[0]:g} {item.dash[1]:g}"' if item.dash else ""
        return (
            f'<polyline points="{_path(item.points)}" fill="none" stroke="{item.colour}" '
            f'stroke-width="{item.width:g}" stroke-linejoin="round"{dash}/>'
        )
    if isinstance(item, Dot):
        x, y = item.at
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{item.radius:g}" fill="{item.fill}" stroke="#ffffff"/>'
    x, y = item.at
    weight = ' font-weight="700"' if item.bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{item.size:g}" fill="{item.colour}" '
        f'text-anchor="{item.anchor}"{weight}>{_safe(item.text)}</text>'
    )


def _paint(axes: Any, item: Area | Stroke | Dot | Words, scale: float, order: int) -> None:
    from matplotlib.patches import Polygon

    if isinstance(item, Area):
        axes.add_patch(Polygon(list(item.points), closed=True, fc=item.fill, alpha=item.opacity, lw=0, zorder=order))
    elif isinstance(item, Stroke):
        xs, ys = zip(*item.points, strict=True)
        style = (0, tuple(part / item.width for part in item.dash)) if item.dash else "-"
        axes.plot(xs, ys, color=item.colour, lw=item.width * scale, ls=style, zorder=order, solid_joinstyle="round")
    elif isinstance(item, Dot):
        size = 2.0 * item.radius * scale
        axes.plot(*item.at, "o", ms=size, mfc=item.fill, mec="white", mew=scale, zorder=order)
    else:
        align = {"start": "left", "middle": "center", "end": "right"}[item.anchor]
        axes.text(
            *item.at,
            plain(item.text).replace("$", r"\$"),
            size=item.size * scale * PNG_FONT_SCALE,
            color=item.colour,
            ha=align,
            va="baseline",
            weight="bold" if item.bold else "normal",
            family="DejaVu Sans",
            zorder=order,
        )
