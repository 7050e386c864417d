"""When two reports of one MMSI cannot come from one hull, and when a report is none of its own."""

from tracker.params import Params, param

JUDGED = "judgement"


class HullParams(Params):
    """When two reports of one MMSI cannot come from one hull."""

    max_speed_kn: float = param(
        60.0,
        "fastest plausible ship, kn",
        gt=0,
        source="fastest ferries in service run at 45-50 kn; margin for GPS error",
    )
    burst_h: float = param(0.5, "how long she keeps that up unheard, h", gt=0, source=JUDGED)
    steady_speed_kn: float = param(
        30.0,
        "fastest plausible ship over longer silences, kn",
        gt=0,
        source="liners make 25 kn; a ferry of 38 kn is still in reach after a silence of 2 h",
    )
    position_error_m: float = param(
        150.0,
        "allowance for the error of two positions, m",
        ge=0,
        source="judgement: several GPS errors and a second of time",
    )
    clock_slip_s: float = param(
        300.0,
        "how far the times of two receivers may differ, s",
        ge=0,
        source="reports relayed late: up to minutes in real logs, on the ship's own track",
    )
    outlier_detour_m: float = param(
        150.0, "shortest excursion of a single wild fix, m", gt=0, source="detection.md B3: bad fixes of 600-700 m"
    )
    outlier_excess_kn: float = param(
        8.0, "how much faster than her neighbours' speeds the excursion must be, kn", gt=0, source=JUDGED
    )
    min_hull_reports: int = param(
        3,
        "fewer reports than this are not a hull but outliers",
        ge=1,
        source="judgement: two wild fixes can agree by chance",
    )
    scatter_kn: float = param(
        20.0, "places whose steps are mostly faster than this, and than she says, are no track, kn", gt=0, source=JUDGED
    )
    silence_min: float = param(
        30.0, "silence after which any place is in reach, so that its reports need support, min", gt=0, source=JUDGED
    )
    same_s: float = param(
        1.0, "reports this near in time are one, s", ge=0, source="M.1371-5: no ship reports more often than every 2 s"
    )
    same_m: float = param(
        15.0, "and this near in place, m", ge=0, source="coordinates rounded to four decimals are 11 m apart"
    )
    coarse_m: float = param(400.0, "the same where one place is coarse, m", ge=0, source="type 27 rounds to 185 m")
    echo_s: float = param(
        120.0, "a report that says the same again within this time is an echo, s", ge=0, source="clocks of receivers"
    )
    echo_kn: float = param(
        1.5, "if she says that she goes at least this fast, kn", gt=0, source="above GPS noise at rest"
    )
    echo_m: float = param(
        10.0, "and so has moved on by this, m", gt=0, source="ten times the rounding of five decimals"
    )
