"""One hull under several identities, and two hulls under one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.identity.hull_ids import HullIds
from tracker.identity.spells import conflicts_of, flag_spells, spells_of
from tracker.tables.statics import STATICS

DAY = datetime(2020, 1, 1, tzinfo=UTC)
IMO = 3000005


def said(mmsi: int, first: float, last: float, **content: object) -> dict[str, object]:
    return {
        "time": DAY + timedelta(days=first),
        "last_time": DAY + timedelta(days=last),
        "reports": 10,
        "mmsi": mmsi,
        **content,
    }


def test_a_reflagged_hull_keeps_its_id() -> None:
    statics = STATICS.from_rows(
        [said(352000001, 0, 10, imo=IMO, length_m=80.0), said(671000001, 20, 30, imo=IMO, length_m=81.0)]
    )
    ids = HullIds(statics)
    assert ids.hull_of(352000001, IMO) == ids.hull_of(671000001, IMO) == f"IMO{IMO}"
    assert ids.mmsis_of(IMO) == [352000001, 671000001]


def test_a_borrowed_imo_number_does_not_melt_two_hulls_of_different_size_into_one() -> None:
    statics = STATICS.from_rows(
        [said(352000001, 0, 10, imo=IMO, length_m=80.0), said(445000001, 5, 30, imo=IMO, length_m=110.0)]
    )
    ids = HullIds(statics)
    assert ids.contested == {IMO}
    assert ids.hull_of(352000001, IMO) != ids.hull_of(445000001, IMO)


def test_the_same_number_one_after_the_other_is_a_lengthened_hull_not_a_theft() -> None:
    statics = STATICS.from_rows(
        [said(352000001, 0, 10, imo=IMO, length_m=80.0), said(445000001, 15, 30, imo=IMO, length_m=110.0)]
    )
    assert HullIds(statics).contested == set()


def test_a_ship_without_an_imo_number_is_its_mmsi() -> None:
    ids = HullIds(STATICS.from_rows([said(412000001, 0, 1, name="SYN BARGE")]))
    assert ids.hull_of(412000001, None) == "MMSI412000001"


def test_a_report_without_the_number_belongs_to_the_hull_that_the_mmsi_always_named() -> None:
    ids = HullIds(STATICS.from_rows([said(412000001, 0, 1, imo=IMO)]))
    assert ids.hull_of(412000001, None) == f"IMO{IMO}"


@given(st.permutations(range(6)))
def test_ids_do_not_depend_on_the_order_of_reading(order: list[int]) -> None:
    rows = [said(352000001 + n % 3, n, n + 2, imo=IMO, length_m=70.0 + 10 * n) for n in range(6)]
    one, other = HullIds(STATICS.from_rows(rows)), HullIds(STATICS.from_rows([rows[n] for n in order]))
    assert one.bearers == other.bearers
    assert one.contested == other.contested


def test_a_renamed_ship_has_two_names_with_their_dates_and_no_conflict() -> None:
    spells = spells_of(
        STATICS.from_rows([said(352000001, 0, 3, name="SYN A"), said(352000001, 4, 9, name="SYN B")]), [352000001]
    )
    assert [(s.value, s.first, s.last) for s in spells if s.field == "name"] == [
        ("SYN A", DAY, DAY + timedelta(days=3)),
        ("SYN B", DAY + timedelta(days=4), DAY + timedelta(days=9)),
    ]
    assert conflicts_of(spells) == []


def test_two_sizes_at_one_time_are_a_conflict_that_is_kept() -> None:
    rows = [said(352000001, 0, 5, length_m=80.0), said(352000001, 2, 4, length_m=120.0)]
    (conflict,) = conflicts_of(spells_of(STATICS.from_rows(rows), [352000001]))
    assert {conflict.one.value, conflict.other.value} == {80.0, 120.0}


def test_a_metre_of_difference_is_no_conflict() -> None:
    rows = [said(352000001, 0, 5, length_m=80.0), said(352000001, 2, 4, length_m=81.0)]
    assert conflicts_of(spells_of(STATICS.from_rows(rows), [352000001])) == []


def test_flags_follow_the_mmsis_of_a_hull() -> None:
    spells = flag_spells([(671000001, DAY, DAY, 5), (352000001, DAY - timedelta(days=9), DAY, 5)])
    assert [spell.value for spell in spells] == ["PAN", "TGO"]
