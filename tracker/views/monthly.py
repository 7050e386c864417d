"""Events by month as stacked bars for print, as SVG and PNG alike."""

from collections.abc import Mapping, Sequence

from tracker.drawing.canvas import Area, Sheet, Stroke, Words
from tracker.views.region_map import COLOURS

WIDTH, HEIGHT = 900.0, 300.0
LEFT, RIGHT, TOP, FOOT = 46.0, 20.0, 34.0, 40.0
STACK = ("likely", "possible", "unlikely")
MOST_LABELS = 12


def draw_months(months: Sequence[str], counts: Mapping[str, Sequence[int]], /, *, title: str) -> Sheet:
    """Draw the number of events of each verdict in each month (``2020-01``), months without one included."""
    totals = [sum(counts[v][i] for v in STACK) for i in range(len(months))]
    top = max([*totals, 1])
    told = "; ".join(f"{month}: {total}" for month, total in zip(months, totals, strict=True))
    sheet = Sheet(WIDTH, HEIGHT, title, f"Events by month: {told}.")
    floor, room = HEIGHT - FOOT, HEIGHT - FOOT - TOP
    step = next(s for p in range(9) for s in (10**p, 2 * 10**p, 5 * 10**p) if top / s <= 5)
    for tick in range(0, top + 1, step):
        y = floor - tick / top * room
        sheet.add(Stroke([(LEFT, y), (WIDTH - RIGHT, y)], "#dfe6ec", 1.0))
        sheet.add(Words((LEFT - 8.0, y + 4.0), f"{tick:,}", 11.5, "#50606e", "end"))
    slot = (WIDTH - LEFT - RIGHT) / max(len(months), 1)
    bar = min(slot * 0.7, 70.0)
    every = -(-len(months) // MOST_LABELS) or 1
    for i, month in enumerate(months):
        x, y = LEFT + slot * (i + 0.5) - bar / 2.0, floor
        for verdict in STACK:
            height = counts[verdict][i] / top * room
            if height:
                corners = [(x, y), (x + bar, y), (x + bar, y - height), (x, y - height)]
                sheet.add(Area(corners, COLOURS[verdict]))
                y -= height
        if i % every == 0:
            sheet.add(Words((x + bar / 2.0, floor + 18.0), month, 11.5, "#50606e", "middle"))
    sheet.add(Stroke([(LEFT, floor), (WIDTH - RIGHT, floor)], "#17202a", 1.0))
    x = LEFT
    for verdict in STACK:
        if any(counts[verdict]):
            sheet.add(Area([(x, 10), (x + 12, 10), (x + 12, 22), (x, 22)], COLOURS[verdict]))
            sheet.add(Words((x + 18.0, 21.0), verdict, 12.0))
            x += 100.0
    return sheet
