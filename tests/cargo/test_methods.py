"""Methods M0 to M3 on the vectors of the specification, and what odd ships and draughts do to them."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.cargo.combine import CombineParams, Limits, Measurement, combine
from tracker.cargo.deadweight import Deadweight, estimate_dwt, hull_of, registered_dwt
from tracker.cargo.draughts import DraughtChange, Next, Reading, change_around, deep_draught_m, readings_of
from tracker.cargo.estimate import Estimate, Timing, estimate_cargo
from tracker.cargo.hullform import Hull
from tracker.cargo.panel import CargoParams
from tracker.cargo.pert import pert_draws
from tracker.cargo.rates import rate_bound, sample_bound
from tracker.cargo.sides import Side, direction_of

HULL = Hull(79.9, 14.2, 6.1, cb=0.75)
H = 3_600_000
DAY = 24 * H
PRIOR = {"dwt_error": 0.0, "fractions": (0.33, 0.50, 0.90), "params": CombineParams()}
M1_SD = ((100 * 9.400 * (0.041**2 + 2 * 0.15**2) ** 0.5) ** 2 + (0.08 * 1654.8) ** 2) ** 0.5


def test_the_hull_vector() -> None:
    assert HULL.tonnes_per_cm == pytest.approx(9.400, abs=0.001)
    assert [HULL.displacement_t(t) for t in (6.1, 3.6, 5.4)] == pytest.approx([5160.9, 2850.6, 4505.5], abs=0.1)
    assert HULL.loaded_t(3.6, 5.4) == pytest.approx(1654.8, abs=0.1)
    assert 100 * HULL.tonnes_per_cm * 1.8 == pytest.approx(1692.1, abs=0.2)
    assert HULL.payload_t(5.4, dwt_t=3500) == pytest.approx(2920, abs=1)


def test_the_block_coefficient_shrinks_with_draught_as_riddlesworth_says() -> None:
    hull = Hull(100.0, 16.0, 8.0, cb=0.8)
    block = hull.displacement_t(6.0) / (1.025 * 97.0 * 16.0 * 6.0)
    assert block == pytest.approx(1 - 0.2 * (8 / 6) ** (1 / 3))


@given(st.floats(0.35, 1.1), st.floats(0.01, 0.05))
def test_a_deeper_ship_carries_more(share: float, step: float) -> None:
    assert HULL.loaded_t(6.1 * share, 6.1 * (share + step)) > 0
    assert HULL.loaded_t(6.1 * (share + step), 6.1 * share) < 0


def test_six_hours_alongside_bound_a_3500_t_ship() -> None:
    bound = rate_bound(6.0, receiver_dwt_t=3500, cargo_t_per_m3=0.845)
    assert (bound.low_t, bound.central_t, bound.high_t) == pytest.approx((76, 828, 2669), abs=0.5)
    assert rate_bound(1.0, receiver_dwt_t=3500, cargo_t_per_m3=0.845).high_t == 0


def test_the_prior_and_the_posterior_of_the_specification() -> None:
    limits = Limits(rate_high_t=2669)
    prior = combine(3500, limits=Limits(), evidence=(), seed=7, **PRIOR)  # type: ignore[arg-type]
    assert (prior.p10_t, prior.p50_t, prior.p90_t) == pytest.approx((1426, 1853, 2390), abs=25)
    assert pytest.approx(242, abs=1) == M1_SD
    evidence = [Measurement("M1 receiver", 1654.8, M1_SD)]
    many = CombineParams(draws=100_000)
    post = combine(3500, **PRIOR | {"params": many}, limits=limits, evidence=evidence, seed=7)  # type: ignore[arg-type]
    assert (post.p10_t, post.p50_t, post.p90_t) == pytest.approx((1442, 1690, 1960), abs=15)
    assert post.flags == ()


@pytest.mark.parametrize("error", [0.02, 0.12, 0.2, 0.3])
@pytest.mark.parametrize("limit", [None, 0.6, 0.45])
def test_the_range_of_a_prior_is_that_of_endless_independent_draws(error: float, limit: float | None) -> None:
    given = {"dwt_error": error, "evidence": (), "seed": 1, "fractions": PRIOR["fractions"], "params": CombineParams()}
    found = combine(1.0, limits=Limits(donor_stock_t=limit), **given)  # type: ignore[arg-type]
    rng = np.random.default_rng(17)
    n = 400_000
    tonnes = np.exp(error * rng.standard_normal(n) - 0.5 * error**2) * pert_draws(0.33, 0.5, 0.9, rng=rng, n=n)
    tonnes = tonnes if limit is None else tonnes[tonnes <= limit]
    assert (found.p10_t, found.p50_t, found.p90_t) == pytest.approx(np.quantile(tonnes, (0.1, 0.5, 0.9)), rel=0.005)


def test_equal_ships_get_equal_ranges_whatever_the_seed() -> None:
    one, two = (combine(3500, limits=Limits(), evidence=(), seed=seed, **PRIOR) for seed in (1, 2))  # type: ignore[arg-type]
    assert one == two


def test_a_drawn_pump_limit_that_leaves_little_is_called_tight_and_changes_nothing() -> None:
    evidence = [Measurement("M1 receiver", 1654.8, M1_SD)]
    drawn = partial(sample_bound, 6.0, receiver_dwt_t=3500, cargo_t_per_m3=0.845, n=5000)
    loose = combine(3500, limits=Limits(), evidence=evidence, seed=3, **PRIOR)  # type: ignore[arg-type]
    tight = combine(3500, limits=Limits(), evidence=evidence, seed=3, drawn_rate_t=drawn, **PRIOR)  # type: ignore[arg-type]
    assert tight.flags == ("rate_tight",)
    assert tight.p50_t == loose.p50_t


def test_measurements_far_from_the_usual_fractions_raise_conflict_and_win() -> None:
    post = combine(3500, limits=Limits(), evidence=[Measurement("M1", 200.0, 60.0)], seed=3, **PRIOR)  # type: ignore[arg-type]
    assert "conflict" in post.flags
    assert post.p50_t == pytest.approx(200, abs=30)


def test_limits_below_the_usual_fractions_scale_them() -> None:
    post = combine(3500, limits=Limits(donor_stock_t=600), evidence=(), seed=3, **PRIOR)  # type: ignore[arg-type]
    assert "limits_bind" in post.flags
    assert 0.33 * 600 < post.p10_t < post.p90_t < 600


def test_the_ladder_of_deadweight_says_where_it_stands() -> None:
    registry = registered_dwt(3500, "registry", drawn=estimate_dwt(80, 79.9, 14.2))
    reported = estimate_dwt(80, 79.9, 14.2, deep_m=6.1)
    line = estimate_dwt(80, 79.9, 14.2)
    length = estimate_dwt(80, 79.9, None)
    assert registry is not None
    assert reported is not None
    assert line is not None
    assert length is not None
    assert [d.basis for d in (registry, reported, line, length)] == [
        "registry",
        "hull and draught",
        "hull",
        "length",
    ]
    assert [d.error for d in (registry, reported, line, length)] == sorted([0.02, 0.12, 0.20, 0.30])
    assert reported.dwt_t == pytest.approx(3530, rel=0.01)
    assert length.dwt_t == pytest.approx(2770, rel=0.01)


def test_a_ship_heard_only_in_ballast_is_not_taken_for_a_shallow_one() -> None:
    ballast = estimate_dwt(80, 79.9, 14.2, deep_m=3.2)
    assert ballast == estimate_dwt(80, 79.9, 14.2)


def test_the_deepest_reports_count_from_twenty_on() -> None:
    readings = [Reading(3.6, 0, H, 15), Reading(6.1, H, 2 * H, 4)]
    assert deep_draught_m(readings) is None
    assert deep_draught_m([*readings, Reading(6.1, 3 * H, 4 * H, 1)]) == 6.1


def test_a_change_is_graded_by_how_soon_it_is_declared() -> None:
    for hours, quality in ((2, "A"), (30, "B"), (100, "C")):
        readings = [Reading(3.6, 0, 10 * H, 9), Reading(5.4, (14 + hours) * H, (20 + hours) * H, 9)]
        change = change_around(readings, start_ms=10 * H, end_ms=14 * H)
        assert (change.quality, change.change_m) == (quality, 1.8)
    late = [Reading(3.6, 0, 10 * H, 9), Reading(5.4, 9 * DAY, 10 * DAY, 9)]
    assert change_around(late, start_ms=10 * H, end_ms=14 * H).quality == "D"


def test_a_new_draught_belongs_to_the_contact_until_the_next_port_or_contact() -> None:
    readings = [Reading(3.6, 0, 10 * H, 9), Reading(4.0, 2 * H, 10 * H, 1), Reading(5.4, 60 * H, 70 * H, 9)]
    window = {"start_ms": 10 * H, "end_ms": 14 * H}
    assert change_around(readings, after=Next(contact_ms=80 * H), **window).quality == "B"
    assert change_around(readings, after=Next(contact_ms=50 * H), **window).change_m is None
    # nothing changed before the port was reached, but she came there with another draught
    arrived = change_around(readings, after=Next(None, 58 * H, 90 * H, "Nampo"), **window)
    assert (arrived.quality, arrived.change_m, arrived.from_port) == ("C", 1.8, "Nampo")
    # what she declares half a day after arrival may be after discharge
    assert change_around(readings, after=Next(None, 48 * H, 90 * H, "Nampo"), **window).change_m is None
    assert change_around(readings, after=Next(None, 58 * H, 59 * H, "Nampo"), **window).change_m is None


def test_a_draught_is_carried_back_from_a_port_three_weeks_later_and_not_from_two_months() -> None:
    def arrived(days: int) -> DraughtChange:
        readings = [Reading(3.6, 0, days * DAY, 9), Reading(5.4, days * DAY + H, (days + 1) * DAY, 9)]
        return change_around(
            readings, start_ms=10 * H, end_ms=14 * H, after=Next(None, days * DAY, (days + 1) * DAY, "Nampo")
        )

    assert (arrived(21).quality, arrived(21).change_m) == ("C", 1.8)
    assert arrived(60).change_m is None


def test_a_draught_from_before_the_last_port_is_of_another_cargo() -> None:
    readings = [Reading(6.0, 0, 5 * H, 9), Reading(5.4, 20 * H, 30 * H, 9)]
    assert change_around(readings, start_ms=10 * H, end_ms=14 * H).change_m == -0.6
    stale = change_around(readings, start_ms=10 * H, end_ms=14 * H, left_port_ms=8 * H)
    assert stale.before is None
    assert stale.is_stale


def test_a_draught_that_never_changes_is_named() -> None:
    change = change_around([Reading(3.6, 0, 9 * DAY, 900)], start_ms=10 * H, end_ms=14 * H)
    assert change.never_changed
    unchanging = Side(1, "A", 80, estimate_dwt(80, 79.9, 14.2), hull_of(80, 79.9, 14.2), change)
    assert "never changed" in (unchanging.why_not or "")


def test_a_registry_of_another_size_is_not_believed_and_a_barge_and_a_gas_carrier_have_their_own_hulls() -> None:
    drawn = estimate_dwt(80, 79.9, 14.2)
    assert drawn is not None
    wrong = registered_dwt(299_000, "registry", drawn=drawn)
    assert wrong is not None
    assert wrong.dwt_t == drawn.dwt_t
    assert "another size" in wrong.basis
    assert registered_dwt(-5, "registry", drawn=drawn) == drawn
    barge = estimate_dwt(79, 60.0, 11.0, words="self-propelled barge")
    gas = estimate_dwt(80, 79.9, 14.2, words="LPG tanker")
    assert barge is not None
    assert gas is not None
    assert barge.basis.startswith("barge")
    assert barge.dwt_t == pytest.approx(1_265, abs=10)
    assert gas.dwt_t < drawn.dwt_t


def test_a_receiver_in_ballast_may_have_taken_more_than_her_draughts_differ() -> None:
    alone = weighed(side(1, before=3.3, after=5.4), side(2, length_m=110, beam_m=18))
    deep = weighed(side(1, before=4.8, after=6.0), side(2, length_m=110, beam_m=18))
    assert "ballast_possible" in alone.flags
    assert "ballast_possible" not in deep.flags
    assert any("Ballast: receiver" in line for line in alone.reasoning)
    m1 = HULL.loaded_t(3.3, 5.4)
    assert alone.columns["cargo_low_t"] < m1 < alone.columns["cargo_high_t"]
    assert alone.columns["cargo_high_t"] > 1.2 * m1


def test_a_donor_that_stayed_deep_decides_whether_ballast_was_moved() -> None:
    receiver = side(1, before=3.3, after=5.2)
    held = weighed(receiver, side(2, length_m=110, beam_m=18, before=7.5, after=6.2)).columns
    moved = weighed(receiver, side(2, length_m=110, beam_m=18, before=7.5, after=5.5))
    assert moved.columns["cargo_best_t"] > 1.25 * held["cargo_best_t"]
    assert "draughts_disagree" not in moved.flags


def test_no_change_reported_is_no_information() -> None:
    change = change_around([Reading(3.6, 0, 30 * H, 90)], start_ms=10 * H, end_ms=14 * H)
    assert change.quality == "D"
    assert change.change_m is None


def test_one_message_is_not_believed_on_either_side() -> None:
    slip = [Reading(3.6, 0, 9 * H, 9), Reading(36.0, 9 * H, 9 * H, 1), Reading(5.4, 15 * H, 15 * H, 1)]
    change = change_around(
        readings_of([(r.draught_m, r.first_ms, r.last_ms, r.reports) for r in slip]), start_ms=10 * H, end_ms=14 * H
    )
    assert change.before is not None
    assert change.before.draught_m == 3.6
    assert change.quality == "D"


def test_full_scale_zero_and_unknown_draughts_are_no_readings() -> None:
    assert readings_of([(25.5, 0, 1, 9), (0.0, 0, 1, 9), (None, 0, 1, 9), (float("nan"), 0, 1, 9)]) == []


def test_two_hulls_on_one_mmsi_give_no_change() -> None:
    both = [Reading(3.6, 0, 40 * H, 50), Reading(9.0, 0, 40 * H, 50)]
    assert change_around(both, start_ms=10 * H, end_ms=14 * H).change_m is None


def side(
    mmsi: int,
    *,
    length_m: float = 79.9,
    beam_m: float = 14.2,
    before: float | None = None,
    after: float | None = None,
    quality: str = "A",
    shared_with: str | None = None,
    ship_type: int = 80,
    dwt: Deadweight | None = None,
) -> Side:
    change = DraughtChange("D")
    if before is not None:
        change = DraughtChange("D", Reading(before, 0, H, 9))
        if after is not None:
            change = DraughtChange(quality, Reading(before, 0, H, 9), Reading(after, 9 * H, 10 * H, 9))
    dwt = dwt or estimate_dwt(ship_type, length_m, beam_m)
    return Side(mmsi, f"SHIP {mmsi}", ship_type, dwt, hull_of(ship_type, length_m, beam_m), change, shared_with)


def weighed(one: Side, two: Side, *, hours: float = 12.0, heard: float = 12.0, seed: int = 5) -> Estimate:
    return estimate_cargo(one, two, timing=Timing(hours, heard), history_t=((), ()), seed=seed, params=CargoParams())


def test_draughts_that_agree_are_grade_a_and_one_alone_grade_b() -> None:
    big = side(2, length_m=110, beam_m=18, before=7.5, after=6.4)
    both = weighed(side(1, before=3.6, after=5.4), big)
    assert (both.columns["cargo_grade"], both.columns["donor_mmsi"], both.columns["receiver_mmsi"]) == ("A", 2, 1)
    alone = weighed(side(1, before=3.6, after=5.4), side(2, length_m=110, beam_m=18))
    assert alone.columns["cargo_grade"] == "B"
    weak = weighed(side(1, before=3.6, after=5.4, quality="C"), side(2, length_m=110, beam_m=18))
    assert weak.columns["cargo_grade"] == "C"
    none = weighed(side(1), side(2, length_m=110, beam_m=18))
    assert none.columns["cargo_grade"] == "D"
    agreed, one, untold = (e.columns["cargo_high_t"] - e.columns["cargo_low_t"] for e in (both, alone, none))
    # one draught that may hide ballast is as wide as none: 1,373 and 1,364 t with 200,000 draws
    assert agreed < 0.5 * one < 0.55 * untold


def test_the_small_ship_gives_when_the_draughts_say_so() -> None:
    columns = weighed(side(1, before=6.0, after=4.5), side(2, length_m=110, beam_m=18, before=5.0, after=6.0)).columns
    assert (columns["donor_mmsi"], columns["receiver_mmsi"]) == (1, 2)


def test_sizes_alone_name_a_donor_only_where_ships_differ_much() -> None:
    equal = weighed(side(1), side(2, length_m=82)).columns
    assert equal["donor_mmsi"] is None
    unlike = weighed(side(1), side(2, length_m=150, beam_m=24)).columns
    assert (unlike["donor_mmsi"], unlike["receiver_mmsi"]) == (2, 1)


def test_a_tanker_beside_a_dry_cargo_ship_gives() -> None:
    direction = direction_of(side(1, length_m=45, beam_m=8), side(2, length_m=140, beam_m=22, ship_type=70))
    assert direction.receiver == 1
    assert direction.is_named


def test_draughts_that_both_deepen_are_disputed_and_graded_c() -> None:
    estimate = weighed(side(1, before=3.6, after=5.4), side(2, length_m=110, beam_m=18, before=5.0, after=5.3))
    assert "draughts_disagree" in estimate.flags
    assert estimate.columns["cargo_grade"] == "C"


def test_a_change_that_another_contact_shares_is_not_used() -> None:
    estimate = weighed(side(1), side(2, length_m=110, beam_m=18, before=7.5, after=5.0, shared_with="SHIP 3"))
    assert estimate.columns["cargo_grade"] == "D"
    assert any("shared with the contact with SHIP 3" in line for line in estimate.reasoning)


def test_an_impossible_draught_is_named_and_not_used() -> None:
    estimate = weighed(side(1, before=3.6, after=14.0), side(2, length_m=110, beam_m=18))
    assert estimate.columns["cargo_grade"] == "D"
    assert any("not within 0.3 to 1.15" in line for line in estimate.reasoning)


def test_silence_in_the_contact_takes_the_limit_away() -> None:
    short = weighed(side(1), side(2, length_m=110, beam_m=18), hours=4.0, heard=4.0).columns
    holes = weighed(side(1), side(2, length_m=110, beam_m=18), hours=4.0, heard=1.0).columns
    assert short["cargo_high_t"] < holes["cargo_high_t"]
    assert "M2 limit" in short["cargo_method"]
    assert "M2 limit" not in holes["cargo_method"]


def test_an_empty_ship_that_leaves_deep_is_weighed_whole_too() -> None:
    estimate = weighed(side(1, before=3.6, after=5.4), side(2, length_m=110, beam_m=18))
    assert "ballast_or_part_cargo" in estimate.flags
    assert any("M1b" in line for line in estimate.reasoning)


def test_three_earlier_lifts_are_a_history_and_two_are_not() -> None:
    def made(*lifts: float) -> Estimate:
        return estimate_cargo(
            side(1),
            side(2, length_m=110, beam_m=18),
            timing=Timing(12, 12),
            history_t=(lifts, ()),
            seed=5,
            params=CargoParams(),
        )

    assert made(1500.0, 1600.0).columns["cargo_grade"] == "D"
    three = made(1500.0, 1600.0, 1700.0)
    assert three.columns["cargo_grade"] == "C"
    assert "M3 history" in three.columns["cargo_method"]


def test_two_dry_cargo_ships_get_no_barrels_and_two_large_tankers_crude() -> None:
    dry = weighed(side(1, ship_type=70), side(2, length_m=110, beam_m=18, ship_type=70)).columns
    assert dry["product"] is None
    assert dry["cargo_best_bbl"] is None
    assert dry["cargo_best_t"] > 0
    crude = weighed(side(1, length_m=276, beam_m=48), side(2, length_m=333, beam_m=60), hours=40, heard=40).columns
    assert crude["product"] == "crude"
    assert crude["cargo_best_bbl"] == pytest.approx(crude["cargo_best_t"] * 7.32, rel=1e-3)


def test_the_same_seed_gives_the_same_estimate() -> None:
    one = weighed(side(1, before=3.6, after=5.4), side(2, length_m=110, beam_m=18))
    again = weighed(side(1, before=3.6, after=5.4), side(2, length_m=110, beam_m=18))
    assert one == again
