"""Parameters of the pass. They decide what is looked at, never what is found: wide on purpose."""

from tracker.params import Params, param

ENGINE = "completeness for contacts of 15 min or more; see the laws in tests/properties/test_engine_laws.py"


class ScanParams(Params):
    """How the streaming pass lays its grid, bridges silences and chooses candidates."""

    step_s: int = param(300, "grid step, s; a contact of `min_steps` steps is never missed", source=ENGINE, ge=10)
    candidate_radius_m: float = param(
        1000.0,
        "distance that makes two ships a candidate pair, m",
        source="500 m of hysteresis and two hulls of 330 m, and a bad fix of 600 m inside a contact (detection.md, B3)",
        ge=10,
        le=20_000,
    )
    min_steps: int = param(3, "steps together that make a candidate, count", source=ENGINE, ge=1, le=1000)
    missed_steps: int = param(
        1, "steps in a row that may be far or unknown inside a candidate, count", source=ENGINE, ge=0, le=24
    )
    bridge_s: int = param(
        3600, "longest silence that is interpolated at any speed, s", source="detection.md, method 2", ge=1
    )
    slow_bridge_s: int = param(
        43_200,
        "longest silence that is interpolated when the ship made little way, s",
        source="reception holes of 30 min to 4 h in real lightering, reports every 65 min (detection.md, B2 and B15)",
        ge=1,
        le=604_800,
    )
    slow_bridge_kn: float = param(
        5.0, "speed made good over a silence that counts as little way, kn", source="lightering under way: 0.5-4.6 kn"
    )
    max_speed_kn: float = param(
        60.0,
        "faster than this between two reports: another hull, kn",
        source="fastest ferries and patrol craft make 40-50 kn; GFW splits at 25 kn and loses them",
        gt=0,
        le=200,
    )
    position_noise_m: float = param(
        300.0,
        "distance forgiven on top of that speed, m",
        source="type 27 rounds to 1/10 min (185 m); receiver times are rounded to seconds",
        ge=0,
        le=10_000,
    )
    max_hulls: int = param(
        6, "hulls on one MMSI followed at a time; beyond that the one longest unheard goes", source=ENGINE, ge=1, le=64
    )
    slow_kn: float = param(
        3.0, "a step made more slowly than this is slow, kn", source="inferred transfers of Starboard", gt=0, le=25
    )
    slow_min_s: int = param(2700, "shortest slow spell, s", source="transfers of 45 min (detection.md, B4)", ge=0)
    silence_min_s: int = param(3600, "shortest silence that is recorded, s", source="detection.md, B8", ge=1)
