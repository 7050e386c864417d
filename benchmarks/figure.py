"""A bar for each set and measure, as SVG: no library, so that the figure is the same everywhere."""

from collections.abc import Mapping, Sequence
from html import escape

COLOURS = ("#9aa5b1", "#2a6f97", "#c1666b")
LEFT, BAR, GAP, WIDTH = 230, 12, 16, 860


def bars(costs: Mapping[str, Sequence[float]], names: Sequence[str]) -> str:
    """Horizontal bars of CPU microseconds a row, on a logarithmic scale from 0.01."""
    from math import log10

    low, high = -2.0, max(1.0, log10(max(max(row) for row in costs.values())) + 0.1)
    scale = (WIDTH - LEFT - 80) / (high - low)
    height = 50 + len(costs) * (len(names) * BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        '<text x="8" y="18" font-size="13">CPU time a position, microseconds (logarithmic); synthetic data</text>',
    ]
    for i, name in enumerate(names):
        x = LEFT + i * 110
        parts.append(f'<rect x="{x}" y="26" width="10" height="10" fill="{COLOURS[i]}"/>')
        parts.append(f'<text x="{x + 14}" y="35">{escape(name)}</text>')
    y = 50
    for label, row in costs.items():
        parts.append(f'<text x="8" y="{y + len(names) * BAR / 2 + 4}">{escape(label)}</text>')
        for i, value in enumerate(row):
            width = max(1.0, (log10(max(value, 0.01)) - low) * scale)
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 2}" fill="{COLOURS[i]}"/>')
            parts.append(f'<text x="{LEFT + width + 4:.1f}" y="{y + 9}" font-size="10">{value:.3g}</text>')
            y += BAR
        y += GAP
    return "\n".join([*parts, "</svg>"]) + "\n"
