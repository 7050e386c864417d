"""The weeks in which the running totals pass the cap, enlarged: at the scale of a year they are lost in a corner."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tracker.cargo.caps import NOTICE_SHARES
from tracker.drawing.canvas import Area, Dot, Point, Sheet, Stroke, Words

INK, SOFT = "#222222", "#5f5f5f"
WIDTH, HEIGHT = 172.0, 100.0
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 8.0, 40.0, 22.0, 30.0
TOP_SHARE = 1.25
"""Of the cap: the top of the enlarged part."""


def draw_inset(
    sheet: Sheet,
    at: Point,
    /,
    *,
    year: int,
    cap_bbl: float,
    totals: Mapping[str, Sequence[tuple[date, float]]],
    crossings: Mapping[str, date | None],
    colours: Mapping[str, str],
    around: Sequence[Point],
) -> bool:
    """Draw it with its lower left corner at a place.

    False, and nothing drawn, when no scenario passes the cap or it would hide what it enlarges.

    Parameters
    ----------
    totals : for each scenario (day, running total, barrels) of the deliveries
    crossings : day on which each scenario passes the cap
    around : points of the highest curve, which it must not cover
    """
    passed = {name: day for name, day in crossings.items() if day is not None}
    left, bottom = at
    box = left - MARGIN_LEFT, left + WIDTH + MARGIN_RIGHT, bottom - HEIGHT - MARGIN_TOP, bottom + MARGIN_BOTTOM
    if not passed or any(x <= box[1] + 4 and y <= box[3] + 4 for x, y in around):
        return False
    first = date(year, 1, 1)
    last = min(date(year, 12, 31), max(passed.values()) + timedelta(days=10))
    span, top = max(1, (last - first).days), TOP_SHARE * cap_bbl

    def place(day: date, value: float) -> Point:
        return left + WIDTH * (day - first).days / span, bottom - HEIGHT * min(value, top) / top

    sheet.add(
        Area([(box[0], box[3]), (box[1], box[3]), (box[1], box[2]), (box[0], box[2])], "#f6f6f4"),
        Words((left, bottom - HEIGHT - 8), "Enlarged: passing the cap", 11, INK, bold=True),
        Stroke([(left, bottom), (left + WIDTH, bottom)], INK, 0.8),
    )
    for share in NOTICE_SHARES:
        y = bottom - HEIGHT * share / TOP_SHARE
        sheet.add(Stroke([(left, y), (left + WIDTH, y)], INK, 0.6, (2.0, 3.0)))
    # 90 and 95 % lie too near one another for a line of text each
    for share, words in ((0.75, "75 %"), (0.90, "90 %")):
        sheet.add(Words((left + WIDTH + 4, bottom - HEIGHT * share / TOP_SHARE + 6), words, 10, SOFT))
    y = bottom - HEIGHT / TOP_SHARE
    sheet.add(Stroke([(left, y), (left + WIDTH, y)], INK, 1.6))
    sheet.add(Words((left + WIDTH + 4, y - 3), "cap", 10.5, INK, bold=True))
    taken = -100.0
    for name, day in sorted(passed.items(), key=lambda item: item[1]):
        points = [place(first, 0.0)]
        for when, total in totals.get(name, ()):
            if when > last:
                break
            points += [(place(when, 0.0)[0], points[-1][1]), place(when, total)]
            if total >= top:
                break
        sheet.add(Stroke(points, colours[name], 2.0))
        x = place(day, 0.0)[0]
        sheet.add(Stroke([(x, y), (x, bottom)], colours[name], 0.7, (1.0, 2.0)), Dot((x, y), 3.5, colours[name]))
        taken = max(x, taken + 42.0)
        sheet.add(Words((taken, bottom + 14), f"{day.day} {day:%b}", 10.5, colours[name], "middle", True))
    sheet.add(Words((left, bottom + 26), "dotted: notices at 75, 90 and 95 %", 9.5, SOFT))
    return True
