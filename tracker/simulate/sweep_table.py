"""The one table of a sweep, in Markdown: ours and the reference rule by class, by interval and by reception."""

from collections.abc import Callable, Sequence

import numpy as np

from tracker.simulate.evaluate import Score, score
from tracker.simulate.outcomes import Called, Met, Outcomes
from tracker.simulate.singles import add_singles

OFTEN_S = 600.0
"""Reports every ten minutes or more often: where the targets hold."""
LEAST_H = 0.75

Heard = tuple[str, float, Outcomes, Outcomes]
"""Reception, interval in seconds, outcomes of ours and of the reference rule."""

NOTE = """SYNTHETIC fleets, none of them used for fitting. A meeting counts as found when an event about the same pair overlaps it;
recall counts events that are likely or possible, precision the likely ones; the reference rule (500 m, 2 h, median under
2 kn, 10-minute grid, UTC days, 10 km from the anchorages and berths of the ground) calls all it finds likely. Neighbours
at anchor and ships made fast there (`neighbours`, `roads`; `_blind`: one sends no heading) lie in roads that no list has. Meetings last
45 min or more. Errors are medians over the meetings found, then the 90th percentile. Each fleet is heard in every way, so that
rows are not independent of each other; start and end are held against the time made fast, and an approach takes 10 to 25 min."""

DARK_NOTE = """A dark partner is silent before, during and after a meeting. One of whom the data hold no report at all cannot be named by
anybody: such meetings are counted apart, and shares are of the others. Ranks count in events that are possible; the last but
one column counts those of unlikely events too. A false one is a dark meeting called possible that was not staged."""

SINGLES_NOTE = """False positions, one ship of each kind in every fleet: found, and called, by their own kind or by any. A ring or a lattice of
which few reports are heard is told as a jump, which is what the data show."""


def sweep_table(heard: Sequence[Heard], /, *, title: str) -> str:
    """Markdown of a sweep; `title` says how it was made."""
    often = [part for part in heard if part[1] <= OFTEN_S]
    return "\n".join(
        [
            title,
            "",
            NOTE,
            "",
            "| meetings, reports every 10 min or more often | staged | recall | reference | start ± min | end ± min |",
            "|---|---|---|---|---|---|",
            *_by_class(often),
            "",
            "| reception, interval | recall | reference | precision | reference | false per 1,000 vessel-days | reference | start ± min | end ± min |",
            "|---|---|---|---|---|---|---|---|---|",
            *_by_interval(heard),
            "",
            DARK_NOTE,
            "",
            *dark_table(heard),
            "",
            *_singles(heard),
            "",
            *_calibration(heard),
            "",
            *_by_verdict(heard),
            "",
            *_false(heard),
            "",
        ]
    )


def targets(heard: Sequence[Heard], /) -> dict[str, float | None]:
    """The figures that detection.md sets targets for, over reports every ten minutes or more often."""
    often = [part for part in heard if part[1] <= OFTEN_S]
    ours = _long(_merge(often, 2))
    marks = score(ours)
    errors = [
        error
        for met in ours.met
        if not met.is_dark
        for error in (met.start_error_min, met.end_error_min)
        if error is not None
    ]
    return {
        "recall": marks.recall,
        "precision": marks.precision,
        "dark_in_three": _mean([_in_three(met.partner_rank) for met in ours.met if met.is_dark and met.is_heard]),
        "median_time_error_min": float(np.median(errors)) if errors else None,
        "calibration_error": score(_encounters(_merge(heard, 2))).calibration_error,
    }


def _merge(heard: Sequence[Heard], side: int) -> Outcomes:
    parts = [part[2] if side == 2 else part[3] for part in heard]
    days = sum(part.vessel_days or 0 for part in parts)
    return Outcomes([m for part in parts for m in part.met], [c for part in parts for c in part.called], days)


def _long(outcomes: Outcomes) -> Outcomes:
    return Outcomes([m for m in outcomes.met if m.hours >= LEAST_H - 0.01], outcomes.called, outcomes.vessel_days)


def _encounters(outcomes: Outcomes) -> Outcomes:
    return Outcomes(outcomes.met, [c for c in outcomes.called if not c.is_dark], outcomes.vessel_days)


def _by_class(heard: Sequence[Heard]) -> list[str]:
    ours, theirs = _long(_merge(heard, 2)), _long(_merge(heard, 3))
    rows = []
    labels = sorted({met.label for met in ours.met if not met.is_dark})
    for name, choose in [*((label, _of(label)) for label in labels), ("all", _two_sided)]:
        mine, other = [m for m in ours.met if choose(m)], [m for m in theirs.met if choose(m)]
        rows.append(
            f"| {name} | {len(mine)} | {_share([m.is_found for m in mine])} | {_share([m.is_found for m in other])} "
            f"| {_errors([m.start_error_min for m in mine])} | {_errors([m.end_error_min for m in mine])} |"
        )
    return rows


def _of(label: str) -> Callable[[Met], bool]:
    return lambda met: met.label == label


def _two_sided(met: Met) -> bool:
    return not met.is_dark


def _by_interval(heard: Sequence[Heard]) -> list[str]:
    rows = []
    for reception, interval in sorted({(part[0], part[1]) for part in heard}):
        here = [part for part in heard if part[:2] == (reception, interval)]
        ours, theirs = _long(_merge(here, 2)), _long(_merge(here, 3))
        one, two = score(ours), score(theirs)
        two_sided = [met for met in ours.met if not met.is_dark]
        rows.append(
            f"| {reception}, {_interval(interval)} | {_number(one.recall)} | {_number(two.recall)} "
            f"| {_number(one.precision)} | {_number(two.precision)} "
            f"| {_rate(one)} | {_rate(two)} "
            f"| {_errors([m.start_error_min for m in two_sided])} | {_errors([m.end_error_min for m in two_sided])} |"
        )
    return rows


def dark_table(heard: Sequence[Heard], /) -> list[str]:
    """Lines of the table about meetings of which one side was heard."""
    rows = [
        "| one side dark | staged | partner never heard | possible | partner first | among first three | "
        "among three, any verdict | false possible per 1,000 vessel-days |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, chosen in (
        ("reports every 10 min or more often", [part for part in heard if part[1] <= OFTEN_S]),
        ("every 30 min or more seldom", [part for part in heard if part[1] > OFTEN_S]),
    ):
        ours = _merge(chosen, 2)
        dark = [met for met in ours.met if met.is_dark]
        false = sum(one.is_dark and one.is_possible and not one.is_right for one in ours.called)
        rate = f"{1000.0 * false / ours.vessel_days:.1f}" if ours.vessel_days else "–"
        known = [met for met in dark if met.is_heard]
        rows.append(
            f"| {name} | {len(dark)} | {len(dark) - len(known)} | {_share([m.is_found for m in known])} "
            f"| {_share([m.partner_rank == 1 for m in known])} | {_share([_in_three(m.partner_rank) for m in known])} "
            f"| {_share([_in_three(m.told_rank) for m in known])} | {rate} |"
        )
    return rows


def _singles(heard: Sequence[Heard]) -> list[str]:
    """False positions and port calls, where fleets have them."""
    rows = []
    for name, is_often in (("", True), (" (every 30 min or more seldom)", False)):
        parts = [part[2] for part in heard if (part[1] <= OFTEN_S) is is_often]
        for one in add_singles(one for outcomes in parts for one in outcomes.singles):
            if is_often or not one.kind:
                title = f"{one.type}, {one.kind or 'all'}".replace("_", " ")
                rows.append(
                    f"| {title}{name} | {one.staged} | {_number(one.recall)} | {_ratio(one.found_any, one.staged)} "
                    f"| {one.called} | {_number(one.precision)} | {_ratio(one.right_any, one.called)} |"
                )
    if not rows:
        return []
    head = "| one ship, reports every 10 min or more often | staged | recall | as any kind | events | precision | as any kind |"
    return [SINGLES_NOTE, "", head, "|---|---|---|---|---|---|---|", *rows]


def _in_three(rank: int | None) -> bool:
    return rank is not None and rank <= 3


def _calibration(heard: Sequence[Heard]) -> list[str]:
    marks = score(_encounters(_merge(heard, 2)))
    if marks.brier is None or marks.calibration_error is None:
        return ["No event with a confidence."]
    return [
        f"Confidence of encounters at sea: Brier score {marks.brier:.3f}, expected calibration error {marks.calibration_error:.3f}.",
        "",
        "| confidence | events | mean | right |",
        "|---|---|---|---|",
        *(
            f"| {b.low:.1f} to {b.high:.1f} | {b.events} | {b.mean_confidence:.2f} | {b.share_right:.2f} |"
            for b in marks.bins
        ),
    ]


def _by_verdict(heard: Sequence[Heard]) -> list[str]:
    """Whether confidence holds at each interval: what was said and what was right, of likely and of possible events."""
    rows = [
        "| reception, interval | likely | mean confidence | right | possible | mean confidence | right | calibration error |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for reception, interval in sorted({(part[0], part[1]) for part in heard}):
        ours = _encounters(_merge([part for part in heard if part[:2] == (reception, interval)], 2))
        cells = [f"{reception}, {_interval(interval)}"]
        for is_likely in (True, False):
            those = [
                one
                for one in ours.called
                if one.confidence is not None and one.is_possible and one.is_likely is is_likely
            ]
            cells += [
                str(len(those)),
                _number(float(np.mean([one.confidence for one in those])) if those else None),
                _share([one.is_right for one in those]),
            ]
        error = score(ours).calibration_error
        rows.append(f"| {' | '.join([*cells, '–' if error is None else f'{error:.3f}'])} |")
    return rows


def _false(heard: Sequence[Heard]) -> list[str]:
    told = []
    for name, side in (("ours", 2), ("reference rule", 3)):
        fell: dict[str, int] = {}
        for one in _merge(heard, side).called:
            if _is_false(one):
                fell[one.decoy] = fell.get(one.decoy, 0) + 1
        parts = ", ".join(
            f"{label} {count}" for label, count in sorted(fell.items(), key=lambda item: (-item[1], item[0]))
        )
        told.append(f"False likely events, {name}: {parts or 'none'}.")
    return ["  \n".join(told)]


def _is_false(one: Called) -> bool:
    return one.is_likely and not one.is_right


def _interval(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 60 else f"{seconds / 60:g} min"


def _mean(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f}" if hits else "–"


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _rate(marks: Score) -> str:
    rate = marks.false_per_1000_vessel_days
    return "–" if rate is None else f"{rate:.1f}"


def _errors(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{np.median(known):.0f} ({np.percentile(known, 90):.0f})" if known else "–"
