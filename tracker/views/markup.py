"""Pieces of a printed page: tables, figures with units, moments; every text is escaped here."""

import html
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tracker.views.text import plain_text


def safe(text: str, /) -> str:
    """Text that shows itself and does nothing."""
    return html.escape(plain_text(text))


def table(titles: tuple[str, ...], rows: Iterable[Iterable[Any]], /) -> str:
    """A table that scrolls where the page is narrow (by keys too); without titles it has no head."""
    head = "".join(f"<th>{safe(title)}</th>" if title else "<td></td>" for title in titles) if any(titles) else ""
    body = "".join("<tr>" + "".join(_cell(str(cell)) for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide" tabindex="0"><table>{f"<tr>{head}</tr>" if head else ""}{body}</table></div>'


def _cell(text: str) -> str:
    return f'<td class="hash">{safe(text)}</td>' if len(text) > 40 and " " not in text else f"<td>{safe(text)}</td>"


def none(text: str, /) -> str:
    """A line that says why something is not there."""
    return f'<p class="none">{safe(text)}</p>'


def number(value: float | None, unit: str, /) -> str:
    """A figure with its unit; whole from 20 on."""
    if value is None:
        return "not known"
    return f"{value:,.0f} {unit}" if abs(value) >= 20 else f"{value:.1f} {unit}"


def moment(when: datetime, /) -> str:
    """Day and minute, UTC."""
    return f"{when:%Y-%m-%d %H:%M}"


def moment_of(seconds: float | None, /) -> str:
    """Day and minute, UTC, of seconds since 1970."""
    return "not heard" if seconds is None else moment(datetime.fromtimestamp(seconds, UTC))


def place(lat: float, lon: float, /) -> str:
    """Position as degrees and decimal minutes, as on a chart, and in brackets as decimal degrees."""
    chart = f"{_angle(lat, 'N', 'S', 2)} {_angle(lon, 'E', 'W', 3)}"
    return f"{chart} ({abs(lat):.4f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.4f}° {'E' if lon >= 0 else 'W'})"


def _angle(value_deg: float, positive: str, negative: str, width: int, /) -> str:
    minutes = round(abs(value_deg) * 60.0, 2)
    return f"{int(minutes // 60):0{width}d}°{minutes % 60:05.2f}′{negative if value_deg < 0 else positive}"
