"""Scores as lines of text: ours and the reference rule side by side."""

from collections.abc import Mapping

from tracker.simulate.evaluate import Score


def summary_lines(scores: Mapping[str, Score], /) -> list[str]:
    """Lines that compare scores over the same truth, by the name of each method; the first is looked at closely."""
    names = list(scores)
    width = max(14, *(len(name) + 2 for name in names))
    lines = [f"{'':28}" + "".join(f"{name:>{width}}" for name in names)]

    def row(title: str, values: list[str]) -> None:
        lines.append(f"{title:28}" + "".join(f"{value:>{width}}" for value in values))

    first = scores[names[0]]
    row("meetings found", [f"{s.found} of {s.meetings}" for s in scores.values()])
    row("recall", [_share(s.recall) for s in scores.values()])
    row("precision of 'likely'", [_share(s.precision) for s in scores.values()])
    row("false 'likely'", [str(s.false_likely) for s in scores.values()])
    if first.vessel_days:
        row("  per 1,000 vessel-days", [f"{s.false_per_1000_vessel_days or 0.0:.1f}" for s in scores.values()])
    if first.dark_meetings:
        row("dark meetings found", [f"{s.dark_found} of {s.dark_meetings}" for s in scores.values()])
        row("  partner among first 3", [f"{s.dark_in_three} of {s.dark_meetings}" for s in scores.values()])
    row("Brier score", ["-" if s.brier is None else f"{s.brier:.3f}" for s in scores.values()])
    calibration = ["-" if s.calibration_error is None else f"{s.calibration_error:.3f}" for s in scores.values()]
    row("calibration error", calibration)
    lines += [
        "",
        f"{'class':14}{'method':>{width}}{'found':>10}{'likely':>8}{'split':>7}{'start ±min':>12}{'end ±min':>10}",
    ]
    for number in range(len(first.classes)):
        for name in names:
            part = scores[name].classes[number]
            lines.append(
                f"{part.label if name == names[0] else '':14}{name:>{width}}{f'{part.found} of {part.meetings}':>10}"
                f"{part.likely:>8}{part.split:>7}{_minutes(part.start_error_min):>12}{_minutes(part.end_error_min):>10}"
            )
    for name, score in scores.items():
        if score.false_by_decoy:
            fell = ", ".join(f"{label} {count}" for label, count in score.false_by_decoy.items())
            lines.append(f"false 'likely' of {name}: {fell}")
    if first.singles:
        lines += ["", f"{'one ship, ' + names[0]:28}{'found':>12}{'right':>12}"]
        for one in first.singles:
            title = one.type.replace("_", " ") if not one.kind else f"  {one.kind.replace('_', ' ')}"
            lines.append(f"{title:28}{f'{one.found} of {one.staged}':>12}{f'{one.right} of {one.called}':>12}")
    if first.bins:
        lines += ["", f"{'confidence':14}{'events':>8}{'mean':>8}{'right':>8}"]
        for b in first.bins:
            lines.append(f"{b.low:.1f}..{b.high:.1f}{'':6}{b.events:>8}{b.mean_confidence:>8.2f}{b.share_right:>8.2f}")
    return lines


def _share(value: float | None, /) -> str:
    return "-" if value is None else f"{value:.2f}"


def _minutes(value: float | None, /) -> str:
    return "-" if value is None else f"{value:.0f}"
