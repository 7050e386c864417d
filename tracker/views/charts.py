"""Charts of a dossier over time: distance and speed, declared draughts, the strip of what happened, reports per hour."""

import itertools

import numpy as np

from tracker.views.facts import Facts, Track
from tracker.views.svg import HOUR_S, Axes, Canvas, number_axis, pieces, shade, time_axis

WIDTH = 760.0
LEFT, RIGHT = 56.0, 12.0
DISTANCE_TICKS = (1.0, 10.0, 100.0, 1000.0, 10_000.0, 100_000.0)


def span_of(facts: Facts, /, *, margin_h: float) -> tuple[float, float]:
    """The contact and a margin on both sides, seconds."""
    start, end = contact_of(facts)
    return start - margin_h * HOUR_S, end + margin_h * HOUR_S


def contact_of(facts: Facts, /) -> tuple[float, float]:
    """Start and end of the event, seconds."""
    return facts.event["start_time"].timestamp(), facts.event["end_time"].timestamp()


def distance_and_speed(facts: Facts, /, *, margin_h: float = 8.0) -> str:
    """Distance on a logarithmic scale above, speeds over ground below, over the contact and some hours around."""
    low, high = span_of(facts, margin_h=margin_h)
    canvas = Canvas(WIDTH, 400, "Distance between the ships, and their speeds, over time")
    upper = Axes(LEFT, 24, WIDTH - LEFT - RIGHT, 190, low, high, 0.5, 5.0)
    lower = Axes(LEFT, 248, WIDTH - LEFT - RIGHT, 110, low, high, 0.0, _speed_limit(facts, low, high))
    for axes in (upper, lower):
        shade(canvas, axes, *contact_of(facts), "contact")
        time_axis(canvas, axes, labels=axes is lower)
    for tick in DISTANCE_TICKS[1:]:
        y = upper.y(np.log10(tick))
        canvas.line((upper.left, upper.left + upper.width), (y, y), "grid")
        canvas.text(LEFT - 5, y + 3.5, f"{tick:g} m" if tick < 1000 else f"{tick / 1000:g} km", "tick", anchor="end")
    canvas.text(LEFT, 18, "distance between the antennas (logarithmic)", "axis")
    inside = (facts.pair_time_s >= low) & (facts.pair_time_s <= high)
    time, seen = facts.pair_time_s[inside], facts.pair_is_observed[inside]
    level = np.log10(np.clip(facts.pair_distance_m[inside], 3.2, 99_000.0))
    canvas.line(upper.xs(time), upper.ys(level), "bridged")
    for x, y in zip(upper.xs(time[seen]), upper.ys(level[seen]), strict=True):
        canvas.dot(x, y, 1.6, "seen")
    number_axis(canvas, lower, "speed over ground, kn")
    for n, track in enumerate(facts.tracks, start=1):
        _speed(canvas, lower, track, n, facts.silence_s)
    _key(canvas, facts, LEFT + 250, 242)
    return canvas.render(
        "Distance and speed, UTC. Dots: both ships were heard within a minute and a half; the thin line is interpolated "
        "between reports. Shaded: the contact."
    )


def speed(facts: Facts, /, *, margin_h: float = 8.0) -> str:
    """Speeds over ground alone, over the event and some hours around it."""
    low, high = span_of(facts, margin_h=margin_h)
    canvas = Canvas(WIDTH, 190, "Speed over ground over time")
    axes = Axes(LEFT, 24, WIDTH - LEFT - RIGHT, 120, low, high, 0.0, _speed_limit(facts, low, high))
    shade(canvas, axes, *contact_of(facts), "contact")
    time_axis(canvas, axes)
    number_axis(canvas, axes, "speed over ground, kn")
    for n, track in enumerate(facts.tracks, start=1):
        _speed(canvas, axes, track, n, facts.silence_s)
    _key(canvas, facts, LEFT + 180, 18)
    return canvas.render(f"Speed over ground as sent, UTC. Shaded: the {facts.word}.")


def draughts(facts: Facts, /) -> str:
    """Declared draughts as steps, with the values in force before and after the contact marked."""
    values = [d.draught_m for rows in facts.declared for d in rows]
    if not values:
        who = "Neither ship" if len(facts.tracks) == 2 else "She"
        return f'<p class="none">{who} declared {"a" if who == "Neither ship" else "no"} draught in this window.</p>'
    spans = [t for rows in facts.declared for d in rows for t in (d.first_s, d.last_s)]
    start, end = contact_of(facts)
    low, high = min([*spans, start]) - HOUR_S, max([*spans, end]) + HOUR_S
    canvas = Canvas(WIDTH, 250, "Declared draughts over time")
    axes = Axes(LEFT, 24, WIDTH - LEFT - RIGHT, 180, low, high, min(values) - 1.0, max(values) + 1.5)
    shade(canvas, axes, start, end, "contact")
    time_axis(canvas, axes)
    number_axis(canvas, axes, "declared draught, m")
    for n, (rows, change) in enumerate(zip(facts.declared, facts.changes, strict=True), start=1):
        for i, told in enumerate(rows):
            y = axes.y(told.draught_m)
            canvas.line((axes.x(told.first_s), axes.x(told.last_s)), (y, y), f"step ship{n}")
            if i + 1 < len(rows):
                nxt = rows[i + 1]
                canvas.line((axes.x(told.last_s), axes.x(nxt.first_s)), (y, axes.y(nxt.draught_m)), f"stepup ship{n}")
            if i == 0 or rows[i - 1].draught_m != told.draught_m:
                canvas.text(axes.x(told.first_s) + 3, y - 5, f"{told.draught_m:.1f} m", f"value ship{n}")
        for used in (change.before, change.after):
            if used is not None:
                moment = min(used.last_s, start) if used is change.before else max(used.first_s, start)
                canvas.dot(axes.x(moment), axes.y(used.draught_m), 4.2, f"used ship{n}")
    _key(canvas, facts, LEFT + 180, 18)
    return canvas.render(
        "Draughts as the crews declared them (message 5), UTC; dots mark the values used as before and after. "
        "Draughts are entered by hand, often hours late, in steps of 0.1 m."
    )


def timeline(facts: Facts, /) -> str:
    """One line for each ship: heard, silent, other events, changed draughts; the contact shaded."""
    low, high = span_of(facts, margin_h=facts.window_h)
    heard = [t for track in facts.tracks for t in (track.time_s[:1], track.time_s[-1:]) if len(t)]
    if heard:
        times = np.concatenate(heard)
        low, high = max(low, float(times.min()) - HOUR_S), min(high, float(times.max()) + HOUR_S)
    low, high = min(low, contact_of(facts)[0] - HOUR_S), max(high, contact_of(facts)[1] + HOUR_S)
    tall = 52 * len(facts.tracks)
    canvas = Canvas(WIDTH, tall + 54, "What was heard of each ship, and when")
    axes = Axes(LEFT + 70, 12, WIDTH - LEFT - RIGHT - 70, tall, low, high, 0.0, 2.0)
    shade(canvas, axes, *contact_of(facts), "contact")
    time_axis(canvas, axes)
    for n, track in enumerate(facts.tracks, start=1):
        y = axes.top + 26 + (n - 1) * 52
        canvas.text(LEFT + 62, y + 4, track.label[:20], f"value ship{n}", anchor="end")
        runs = pieces(track.time_s, silence_s=facts.dark_s)
        for run in runs:
            first, last = float(track.time_s[run][0]), float(track.time_s[run][-1])
            canvas.box(axes.x(first), y - 6, axes.x(last) - axes.x(first), 12, f"bar ship{n}")
        for one, two in itertools.pairwise(runs):
            ends = (axes.x(float(track.time_s[one][-1])), axes.x(float(track.time_s[two][0])))
            canvas.line(ends, (y, y), "dark")
            if ends[1] - ends[0] > 60:
                hours = float(track.time_s[two][0] - track.time_s[one][-1]) / HOUR_S
                canvas.text(sum(ends) / 2, y - 5, f"silent {hours:.1f} h", "tick", anchor="middle")
        rows = facts.declared[n - 1]
        for before, after in itertools.pairwise(rows):
            if before.draught_m != after.draught_m and low <= after.first_s <= high:
                x = axes.x(after.first_s)
                canvas.line((x, x), (y - 12, y + 12), "mark")
                canvas.text(x, y + 22, f"{before.draught_m:.1f} → {after.draught_m:.1f} m", "tick", anchor="middle")
    lanes = {track.mmsi: axes.top + 26 + n * 52 for n, track in enumerate(facts.tracks)}
    for other in facts.others:
        first, last = (max(min(other[f"{name}_time"].timestamp(), high), low) for name in ("start", "end"))
        for mmsi in (other["mmsi_1"], other["mmsi_2"]):
            if mmsi in lanes and first < high and last > low:
                canvas.box(axes.x(first), lanes[mmsi] - 17, axes.x(last) - axes.x(first), 6, "otherevent")
    return canvas.render(
        "Bars: heard at least every two hours; dashed: silent for longer; ticks: a draught was changed; "
        f"grey above: other events of that ship; shaded: this {facts.word}. UTC."
    )


def reports_per_hour(facts: Facts, /) -> str:
    """Reports of the two ships and of their neighbours for each hour: was it the ship, or the reception?"""
    seen = facts.reception
    edges = seen.edges_s
    canvas = Canvas(
        WIDTH, 48 + 84 * (len(seen.counts) + 1), "Reports per hour of the ships and of all others near the place"
    )
    kinds = [f"bar ship{n}" for n in range(1, len(seen.counts) + 1)]
    rows = [*zip(seen.counts, (t.label for t in facts.tracks), kinds, strict=True)]
    rows.append(
        (seen.others, f"{seen.other_ships} other ships within {seen.radius_nm:g} nm of the place", "bar others")
    )
    for i, (counts, label, kind) in enumerate(rows):
        top = max(float(counts.max(initial=0.0)), 1.0)
        axes = Axes(LEFT, 22 + i * 84, WIDTH - LEFT - RIGHT, 56, float(edges[0]), float(edges[-1]), 0.0, top)
        shade(canvas, axes, *contact_of(facts), "contact")
        time_axis(canvas, axes, labels=i == len(rows) - 1)
        number_axis(canvas, axes, label, ticks=(0.0, top))
        for begin, end, count in zip(edges[:-1], edges[1:], counts, strict=True):
            if count:
                y = axes.y(float(count))
                canvas.box(axes.x(begin), y, axes.x(end) - axes.x(begin) - 0.4, axes.top + axes.height - y, kind)
    return canvas.render(
        "Reports per hour, UTC. Where the neighbours were heard and a ship was not, reception alone does not "
        "explain its silence; where nobody was heard, silence says nothing."
    )


def _speed(canvas: Canvas, axes: Axes, track: Track, n: int, silence_s: float) -> None:
    inside = (track.time_s >= axes.x_low) & (track.time_s <= axes.x_high) & np.isfinite(track.sog_kn)
    time, speed = track.time_s[inside], track.sog_kn[inside]
    for piece in pieces(time, silence_s=silence_s):
        canvas.line(axes.xs(time[piece]), axes.ys(speed[piece]), f"curve ship{n}")
        if len(time[piece]) == 1:
            canvas.dot(float(axes.xs(time[piece])[0]), float(axes.ys(speed[piece])[0]), 1.6, f"used ship{n}")


def _speed_limit(facts: Facts, low: float, high: float) -> float:
    speeds = [
        t.sog_kn[(t.time_s >= low) & (t.time_s <= high) & np.isfinite(t.sog_kn)].max(initial=0.0) for t in facts.tracks
    ]
    return max(2.0, float(np.ceil(max(speeds) + 0.5)))


def _key(canvas: Canvas, facts: Facts, x: float, y: float) -> None:
    """Names of the two ships in their colours."""
    for n, track in enumerate(facts.tracks, start=1):
        canvas.line((x, x + 18), (y - 3, y - 3), f"step ship{n}")
        canvas.text(x + 23, y, track.label, f"value ship{n}")
        x += 45 + 7.2 * len(track.label)
