"""Events gain hull ids, flags of the day, list hits, risk and legal flags from tables alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.pipeline.identify import assess_events, hull_answers, identify, together
from tracker.pipeline.who import followed
from tracker.risk.outcome import Fired
from tracker.risk.rules import RiskParams
from tracker.tables.events import EVENTS, event_id
from tracker.tables.listing import ORGANISATION, REGISTRY, WATCHLIST, Entry, FlagSpell, Tie, WatchList
from tracker.tables.statics import STATICS

DAY = datetime(2020, 1, 31, 14, tzinfo=UTC)
IMO_A, IMO_B = 9187629, 9074729


def meeting(day: int, mmsi_1: int, mmsi_2: int, **changed: object) -> dict[str, Any]:
    start = DAY + timedelta(days=day)
    row: dict[str, Any] = {
        "event_id": event_id("encounter", mmsi_1, mmsi_2, round(start.timestamp() * 1000)),
        "type": "encounter",
        "verdict": "likely",
        "confidence": 0.9,
        "in_port": False,
        "start_time": start,
        "end_time": start + timedelta(hours=4),
        "duration_h": 4.0,
        "lon": 124.0,
        "lat": 30.5,
        "is_international": True,
        "mmsi_1": mmsi_1,
        "mmsi_2": mmsi_2,
        "flag_1": {3: "PAN", 4: "PRK", 6: "TGO"}[mmsi_1 // 10**8],
        "flag_2": {3: "PAN", 4: "PRK", 6: "TGO"}[mmsi_2 // 10**8],
        "length_m_1": 100.0,
        "length_m_2": 100.0,
        "why": ["Consistent with a transfer."],
    }
    return row | changed


def watchlist(*entries: Entry) -> WatchList:
    return WatchList("syn", WATCHLIST, "csv", "d", entries, date(2020, 1, 1))


STAR = Entry("7", "SYN STAR", imo=IMO_A, length_m=101.0, is_sanction=True, programmes=("SYN 1718",))
PAIR = meeting(0, 352000001, 445000001, imo_1=IMO_A, name_1="SYN STAR", flag_basis_1="mid")


def one(rows: list[dict[str, Any]], *lists: WatchList, **values: object) -> dict[str, Any]:
    found: dict[str, Any] = identify(
        EVENTS.from_rows(rows), STATICS.empty(), list(lists), params=RiskParams.of(values)
    ).to_pylist()[0]
    return found


def test_a_listed_ship_is_flagged_with_list_entry_strength_and_the_reason_in_words() -> None:
    row = one([PAIR], watchlist(STAR))
    assert row["listed_1"] == ["syn:7:confirmed"]
    assert row["listed_2"] == []
    assert row["risk_reasons"][0] == "R01"
    assert row["legal_flags"] == ["L1", "L7"]
    assert any("confirmed match with SYN STAR" in sentence and "2020-01-01" in sentence for sentence in row["why"])
    assert any(sentence.startswith("Risk 100 of 100, severe: R01") for sentence in row["why"])


def test_without_a_watchlist_nothing_is_known_of_listings() -> None:
    row = one([PAIR])
    assert row["listed_1"] is None
    assert "R01" not in row["risk_reasons"]
    assert any("lack data" in sentence for sentence in row["why"])


def test_a_later_designation_is_told_and_does_not_count() -> None:
    later = Entry("7", "SYN STAR", imo=IMO_A, listed_on=date(2020, 3, 30), is_sanction=True)
    row = one([PAIR], watchlist(later))
    assert row["listed_1"] == ["syn:7:confirmed later designated 2020-03-30"]
    assert "R01" not in row["risk_reasons"]


def test_a_registry_gives_the_flag_of_the_day_and_wins_over_the_mmsi() -> None:
    flags = (FlagSpell("PAN", date(2015, 1, 1), date(2019, 5, 1)), FlagSpell("TGO", date(2019, 5, 2), None, True))
    registry = WatchList("own", REGISTRY, "csv", "r", (Entry("1", "SYN STAR", imo=IMO_A, flags=flags),))
    row = one([PAIR], registry)
    assert (row["flag_1"], row["flag_basis_1"]) == ("TGO", "history, false")
    assert any("own calls its flag TGO of that day false" in sentence for sentence in row["why"])
    assert "R14" in row["risk_reasons"]
    assert row["hull_id_1"] == f"IMO{IMO_A}"


def test_a_registry_whose_ship_has_another_size_gives_no_flag_and_says_so() -> None:
    entry = Entry("1", "SYN STAR", imo=IMO_A, flags=(FlagSpell("TGO"),), length_m=180.0)
    row = one([PAIR], WatchList("own", REGISTRY, "csv", "r", (entry,)))
    assert (row["flag_1"], row["flag_basis_1"]) == ("PAN", "mid")
    assert "R10" in row["risk_reasons"]
    assert any("differs in length: the number may be borrowed" in sentence for sentence in row["why"])


def test_registries_that_disagree_are_both_told() -> None:
    a, b = (
        WatchList(name, REGISTRY, "csv", name, (Entry("1", "SYN STAR", imo=IMO_A, flags=(FlagSpell(state),)),))
        for name, state in (("a", "TGO"), ("b", "MNG"))
    )
    row = one([PAIR], a, b)
    assert row["flag_1"] == "TGO"
    assert any("registries disagree on its flag that day: TGO by a, MNG by b" in sentence for sentence in row["why"])


def test_a_hull_followed_over_a_change_of_identity_keeps_its_id() -> None:
    assert one([PAIR | {"hull_id_2": "MMSI352000009"}])["hull_id_2"] == "MMSI352000009"


def test_a_listed_company_that_owns_a_ship_by_its_number_is_a_linked_hit_and_no_listing_of_the_ship() -> None:
    owner = Entry("c1", "SYN TOP", ORGANISATION, company_imo=5012345, is_sanction=True)
    ship = Entry("1", "SYN STAR", imo=IMO_A, ties=(Tie("owner", "SYN TOP SHIPPING", company_imo=5012345),))
    row = one([PAIR], watchlist(owner), WatchList("own", REGISTRY, "csv", "r", (ship,)))
    assert row["listed_1"] == ["syn:c1:linked"]
    assert not {"R01", "R02", "R03"} & set(row["risk_reasons"])
    assert any("behind her stands SYN TOP, listed by syn" in sentence for sentence in row["why"])


def test_a_meeting_not_taken_for_a_transfer_keeps_its_list_hit_and_gets_no_score() -> None:
    row = one([PAIR | {"verdict": "unlikely"}], watchlist(STAR))
    assert row["listed_1"] == ["syn:7:confirmed"]
    assert (row["risk_score"], row["risk_band"], row["legal_flags"]) == (None, None, None)


def test_who_met_a_ship_of_the_dprk_elsewhere_within_90_days_carries_that() -> None:
    near = one([meeting(0, 352000002, 671000001), meeting(80, 352000002, 445000001)])
    far = one([meeting(0, 352000002, 671000001), meeting(100, 352000002, 445000001)])
    assert "R05" in near["risk_reasons"]
    assert "R05" not in far["risk_reasons"]


def test_a_rule_switched_off_does_not_count() -> None:
    assert "R04" in one([PAIR])["risk_reasons"]
    assert "R04" not in one([PAIR], off=["R04"])["risk_reasons"]


@settings(max_examples=15)
@given(st.permutations(range(5)))
def test_the_answer_does_not_depend_on_the_order_of_events_or_lists(order: list[int]) -> None:
    rows = [meeting(10 * n, 352000001 + n % 2, 445000001 if n % 2 else 671000001, imo_1=IMO_A) for n in range(5)]
    lists = [watchlist(STAR), WatchList("b", WATCHLIST, "csv", "e", (STAR,))]
    plain = identify(EVENTS.from_rows(rows), STATICS.empty(), lists, params=RiskParams()).to_pylist()
    mixed = identify(
        EVENTS.from_rows([rows[n] for n in order]), STATICS.empty(), lists[::-1], params=RiskParams()
    ).to_pylist()
    assert sorted(mixed, key=lambda row: row["event_id"]) == sorted(plain, key=lambda row: row["event_id"])


def test_a_new_list_replaces_its_namesake_only() -> None:
    old, other = watchlist(), WatchList("b", WATCHLIST, "csv", "e", ())
    new = watchlist(STAR)
    assert together([old, other], [new]) == [other, new]


def test_a_card_follows_a_hull_over_a_change_of_mmsi_that_events_have_found() -> None:
    rows = [
        meeting(0, 352000001, 445000001, hull_id_1="IMO9187629", hull_id_2="MMSI445000001"),
        meeting(9, 445000001, 671000002, hull_id_1="MMSI445000001", hull_id_2="IMO9187629"),
    ]
    heard = {352000001: (9, DAY, DAY), 671000002: (9, DAY + timedelta(days=8), DAY + timedelta(days=9))}
    events = EVENTS.from_rows(rows)
    assert followed(events, [671000002], "MMSI671000002", heard) == ([352000001, 671000002], "IMO9187629")
    assert followed(events, [352000001], "IMO9187629", heard) == ([352000001, 671000002], "IMO9187629")
    assert followed(events, [445000001], "MMSI445000001", heard) == ([445000001], "MMSI445000001")


def test_a_change_of_identity_is_one_deed_of_one_hull() -> None:
    row = meeting(0, 352000001, 671000002) | {"type": "identity_change", "verdict": None, "hull_id_1": "H"}
    two = one([row | {"hull_id_2": "H"}])
    assert two["risk_reasons"] == ["R08", "R12"]
    assert any("R08 Name/MMSI/IMO mutation +30 (" in sentence for sentence in two["why"])


def test_a_hull_that_met_a_ship_of_the_dprk_once_carries_that_in_the_ranking() -> None:
    found = assess_events(EVENTS.from_rows([PAIR]), STATICS.empty(), [], params=RiskParams())
    assert "R05" not in found[0].row["risk_reasons"]
    answers = hull_answers([(found[0], 352000001)])
    assert [outcome for _, outcome in answers["R05"]] == [Fired("MMSI 352000001, 1 meeting(s)")]
    assert not any(isinstance(outcome, Fired) for _, outcome in hull_answers([(found[0], 445000001)])["R05"])


def test_a_ship_of_a_territory_without_digits_of_its_own_bears_those_of_its_sovereign() -> None:
    def codes(flag: str, mmsi: int) -> list[str]:
        entry = Entry("1", "SYN STAR", imo=IMO_A, flags=(FlagSpell(flag, date(2015, 1, 1)),))
        row = PAIR | {"mmsi_1": mmsi, "flag_1": "GBR"}
        return list(one([row], WatchList("own", REGISTRY, "csv", "r", (entry,)))["risk_reasons"])

    assert "R14" not in codes("IMN", 232000001)
    assert "R14" not in codes("FRA", 635000001)
    assert "R14" in codes("IMN", 352000001)
    assert "R14" in codes("HKG", 412000001)
