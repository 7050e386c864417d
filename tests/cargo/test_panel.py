"""The Panel's arithmetic, and what may not be estimated."""

import pytest

from tests.shared_data import shared
from tracker.cargo.deadweight import estimate_dwt
from tracker.cargo.factors import barrels_per_tonne, factor_sets
from tracker.cargo.panel import SCENARIOS
from tracker.cargo.pert import pert_quantiles
from tracker.errors import UnknownNameError


def test_121_deliveries_of_442000_t_deadweight_are_the_panels_three_scenarios() -> None:
    tonnes = {name: 442_000 * fraction for name, fraction in SCENARIOS.items()}
    assert tonnes == pytest.approx({"s33": 145_860, "s50": 221_000, "s90": 397_800})
    barrels = [t * barrels_per_tonne("panel_lpg") for t in tonnes.values()]
    assert barrels == pytest.approx([1.692e6, 2.564e6, 4.614e6], abs=1e3)


def test_the_prior_of_a_3500_t_ship_is_1426_1853_2390_t() -> None:
    assert [q * 3500 for q in pert_quantiles(0.33, 0.50, 0.90)] == pytest.approx([1426, 1853, 2390], abs=2)


@pytest.mark.parametrize(("length", "beam", "true_t"), [(79.9, 14.2, 3500), (183.0, 32.2, 49_700)])
def test_deadweight_from_the_hull_is_within_its_stated_error(length: float, beam: float, true_t: float) -> None:
    found = estimate_dwt(80, length, beam)
    assert found is not None
    assert found.basis == "hull"
    assert found.dwt_t == pytest.approx(true_t, rel=found.error)


def test_impossible_dimensions_give_no_deadweight() -> None:
    assert estimate_dwt(80, 100.0, 60.0) is None
    assert estimate_dwt(80, 100.0, 1.0) is None
    assert estimate_dwt(80, None, 14.0) is None


def test_an_unknown_factor_set_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="committee"):
        barrels_per_tonne("comittee")


def test_factor_sets_are_those_of_the_reference() -> None:
    import csv

    with shared("reference/factor_sets.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(len(products) for products in factor_sets().values()) == len(rows)
    assert all(factor_sets()[row["factor_set"]][row["product"]] == float(row["bbl_per_t"]) for row in rows)
