"""What a meeting moved is told only where a source or the ships tell it; the rules about goods lack it otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.risk.test_history import NAMPO_CALL, alone
from tests.risk.test_identify import DAY, meeting
from tracker.cargo.caps import measures_on
from tracker.pipeline.freight import freight_of, products_said
from tracker.pipeline.identify import identify
from tracker.risk.facts import Deed, DraughtSpell, ShipFacts
from tracker.risk.goods import goods_named
from tracker.risk.rules import RiskParams
from tracker.tables.events import EVENTS
from tracker.tables.statics import STATICS

BULKER, BARGE = 352000001, 671000002
DRY = ShipFacts(BULKER, kind="cargo")
TANKER = ShipFacts(BULKER, kind="tanker")


def call(days: float, port: str = "Nampo", state: str = "PRK", detail: str = "berth") -> Deed:
    start = DAY - timedelta(days=days)
    return Deed("port_call", start, start + timedelta(hours=20), 125.4, 38.7, port=port, state=state, detail=detail)


ROW = meeting(0, BULKER, BARGE)


def product(*ships: ShipFacts, said: tuple[str | None, str] | None = None) -> str | None:
    return freight_of(ROW, ships, said)[0]


def test_a_dry_cargo_ship_straight_from_a_coal_port_of_the_dprk_is_presumed_to_carry_coal() -> None:
    found = freight_of(ROW, (DRY._replace(deeds=(call(5),)), DRY), None)
    assert found == ("coal", "presumed: dry-cargo ship that called at Nampo on 2020-01-26 and nowhere since")


@pytest.mark.parametrize(
    "ship",
    [
        DRY._replace(deeds=(call(5), call(2, "Dalian", "CHN"))),
        DRY._replace(deeds=(call(5, "Sinuiju"),)),
        DRY._replace(deeds=(call(90),)),
        DRY._replace(deeds=(call(5, detail="feasible"),)),
        DRY._replace(deeds=(call(5),), registry_type="Container ship"),
        DRY._replace(
            deeds=(call(5),),
            draughts=(
                DraughtSpell(6.0, DAY - timedelta(days=20), DAY - timedelta(days=6), 9),
                DraughtSpell(3.0, DAY - timedelta(days=4), DAY, 9),
            ),
        ),
    ],
    ids=["called elsewhere since", "no coal port", "long ago", "call not seen", "container ship", "left empty"],
)
def test_what_does_not_point_to_coal_is_not_called_coal(ship: ShipFacts) -> None:
    assert product(ship, DRY) is None


def test_two_tankers_carry_some_oil_and_a_guess_of_the_estimate_is_not_passed_on() -> None:
    assert product(TANKER, TANKER, said=("refined_unspecified", "not known")) == "oil"
    assert product(TANKER, TANKER, said=("crude", "both ships above 80,000 t deadweight")) == "oil"
    assert product(TANKER, TANKER, said=("lpg", "types of both ships in a registry")) == "lpg"
    assert product(TANKER, DRY, said=("refined_unspecified", "not known")) is None


def test_a_bill_wins_over_what_ships_look_like() -> None:
    assert product(TANKER, TANKER, said=("gasoil", "bill of lading, SYNTHETIC")) == "gasoil"


def test_every_leg_of_a_meeting_has_its_product() -> None:
    said = products_said([{"event_id": "a", "legs": "a;b", "product": "gasoil", "product_basis": "bill"}])
    assert said == {"a": ("gasoil", "bill"), "b": ("gasoil", "bill")}


def flags(day: datetime, **more: Any) -> dict[str, Any]:
    rows = [
        alone("port_call", -4, 20, BULKER, **NAMPO_CALL, ship_type_1=70),
        meeting(0, BULKER, BARGE, ship_type_1=70, ship_type_2=70, **more),
    ]
    for row in rows:
        shift = day - DAY
        row["start_time"], row["end_time"] = row["start_time"] + shift, row["end_time"] + shift
    found: dict[str, Any] = identify(EVENTS.from_rows(rows), STATICS.empty(), [], params=RiskParams()).to_pylist()[1]
    return found


def test_coal_from_nampo_touches_l4_with_its_basis_and_not_before_the_ban() -> None:
    row = flags(datetime(2020, 1, 31, tzinfo=UTC))
    assert "L4" in row["legal_flags"]
    (told,) = (text for text in row["why"] if text.startswith("L4,"))
    assert "S/RES/2371 (2017) op 8, in force since 2017-08-05" in told
    assert "presumed: dry-cargo ship that called at Nampo" in told
    assert "no finding" in told
    assert "L4" not in flags(datetime(2017, 8, 4, tzinfo=UTC))["legal_flags"]
    assert "L4" in flags(datetime(2017, 8, 5, tzinfo=UTC))["legal_flags"]


def test_goods_stand_under_the_paragraph_and_date_that_the_table_of_measures_gives_them() -> None:
    for good in goods_named().values():
        direction = "import" if good.rule_id == "L6" else "export"
        held = {(m.resolution, m.paragraph) for m in measures_on(good.hs, good.since, direction=direction)}
        before = {
            (m.resolution, m.paragraph)
            for m in measures_on(good.hs, good.since - timedelta(days=1), direction=direction)
        }
        assert (good.resolution, good.paragraph) in held - before, good
