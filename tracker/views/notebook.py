"""What a notebook shows of events and of a case: small tables of plain HTML, and the map in a frame of its own.

Notebooks are light or dark and carry their own styles: nothing here sets a background or a colour of text, lines are
drawn in the colour of the text. No script outside the frame; the frame is a sandbox that may run the map's own script
and reach nothing of the notebook (HTML standard, iframe sandboxing).
"""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from tracker.views.markup import moment, number, safe

SHOWN = 20
FRAME_PX = 640
_LINE = "border-bottom:1px solid color-mix(in srgb, currentColor 20%, transparent)"
_CELL = "padding:2px 9px 2px 0;text-align:left"
_ROW = f'<tr style="{_LINE}">'
_MARK = '<div style="background:#ffd400;color:#1a1500;font-weight:700;padding:3px 10px">SYNTHETIC DATA: nothing here is evidence of anything.</div>'


def events_html(rows: Sequence[Mapping[str, Any]], total: int, /, *, synthetic: bool) -> str:
    """The first events of an answer, one line each, and how many there are in all.

    Parameters
    ----------
    rows : events as plain values, those that are shown; see `SHOWN`
    total : how many the answer holds
    """
    if not total:
        return _block("<b>No events.</b> Nothing passed the filters: that is an answer too.", synthetic)
    titles = ("verdict", "confidence", "type", "start (UTC)", "hours", "ships", "where", "cargo, t (P10–P90)", "event")
    body = "".join(
        _ROW + "".join(f'<td style="{_CELL}">{safe(cell)}</td>' for cell in _cells(row)) + "</tr>" for row in rows
    )
    more = "" if total <= len(rows) else f" The first {len(rows)} are shown."
    return _block(
        f"<b>{total:,} event{'' if total == 1 else 's'}.</b>{more} Consistent with a transfer is not proof of one."
        f"{_table(titles, body)}",
        synthetic,
    )


def case_html(told: Sequence[tuple[str, str]], /, *, title: str, synthetic: bool) -> str:
    """What a case holds, as names and values."""
    body = "".join(
        f'{_ROW}<th scope="row" style="{_CELL}">{safe(name)}</th><td style="{_CELL}">{safe(value)}</td></tr>'
        for name, value in told
    )
    return _block(f"<b>{safe(title)}</b>{_table((), body)}", synthetic)


def map_frame(page: str, /, *, title: str) -> str:
    """A whole page in a sandboxed frame; its text is carried in an attribute, so nothing is fetched."""
    return (
        f'<iframe title="{safe(title)}" sandbox="allow-scripts allow-downloads" srcdoc="{html.escape(page)}" '
        f'style="width:100%;height:{FRAME_PX}px;border:0" loading="lazy"></iframe>'
    )


def _block(content: str, synthetic: bool) -> str:
    return f'<div style="max-width:100%;overflow-x:auto;font-size:13px">{_MARK if synthetic else ""}{content}</div>'


def _table(titles: tuple[str, ...], body: str) -> str:
    head = "".join(f'<th scope="col" style="{_CELL}">{safe(title)}</th>' for title in titles)
    return f'<table style="border-collapse:collapse">{f"<thead><tr>{head}</tr></thead>" if head else ""}<tbody>{body}</tbody></table>'


def _cells(e: Mapping[str, Any]) -> tuple[str, ...]:
    low, high = e["cargo_low_t"], e["cargo_high_t"]
    where = ", ".join(part for part in (e["sea"], (e["waters"] or "").replace("_", " "), e["state"]) if part)
    return (
        e["verdict"] or "",
        "" if e["confidence"] is None else f"{e['confidence']:.2f}",
        e["type"].replace("_", " ") + (" in port" if e["in_port"] else ""),
        moment(e["start_time"]),
        f"{e['duration_h']:.1f}",
        " and ".join(_ship(e, n) for n in (1, 2) if e[f"mmsi_{n}"] is not None),
        where,
        "" if low is None or high is None else f"{number(low, '').strip()} – {number(high, '').strip()}",
        e["event_id"],
    )


def _ship(e: Mapping[str, Any], n: int) -> str:
    name = str(e[f"name_{n}"] or e[f"mmsi_{n}"])
    flag = e[f"flag_{n}"]
    return f"{name} ({flag}){_doubt(e, n)}" if flag else f"{name}{_doubt(e, n)}"


def _doubt(e: Mapping[str, Any], n: int) -> str:
    return " (not heard there)" if n == 2 and e["type"] == "dark_encounter" else ""
