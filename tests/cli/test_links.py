"""Chain, network and voyages: who supplied whom, to which port, how often, where; hostile names do no harm."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.calling import Answer, Caller
from tracker.archive.case import open_case
from tracker.tables.events import EVENTS, event_id
from tracker.tables.journeys import DELIVERIES, VOYAGES

DAY = datetime(2020, 1, 1, tzinfo=UTC)
MOTHER, SHUTTLE, BARGE, STRANGER = 311_000_001, 445_000_002, 412_000_003, 636_000_004
HOSTILE = "=cmd|' /C calc'!A0\u202e\x07<b>&\"]]>"
NAMES = {MOTHER: "MOTHER SHIP", SHUTTLE: "SHUTTLE", BARGE: HOSTILE, STRANGER: "STRANGER"}
FLAGS = {MOTHER: "BHS", SHUTTLE: "PRK", BARGE: "CHN", STRANGER: "LBR"}


def meeting(
    giver: int, taker: int, day: float, *, place: tuple[float, float] = (124.0, 33.0), **more: Any
) -> dict[str, Any]:
    """A likely transfer from one ship to another."""
    start = DAY + timedelta(days=day)
    one, two = sorted((giver, taker))
    row = {
        "event_id": event_id("encounter", one, two, int(start.timestamp() * 1000)),
        "type": "encounter",
        "verdict": "likely",
        "confidence": 0.9,
        "in_port": False,
        "start_time": start,
        "end_time": start + timedelta(hours=3),
        "duration_h": 3.0,
        "lon": place[0],
        "lat": place[1],
        "donor_mmsi": giver,
        "receiver_mmsi": taker,
        "cargo_low_t": 900.0,
        "cargo_best_t": 1000.0,
        "cargo_high_t": 1100.0,
        "sea": "Yellow Sea",
        "why": [],
    }
    for n, mmsi in ((1, one), (2, two)):
        row |= {f"mmsi_{n}": mmsi, f"name_{n}": NAMES[mmsi], f"flag_{n}": FLAGS[mmsi], f"hull_id_{n}": f"mmsi-{mmsi}"}
    return row | more


def call_at(mmsi: int, port: str, day: float, **more: Any) -> dict[str, Any]:
    """A delivery, with the columns that must be there."""
    start = DAY + timedelta(days=day)
    return {
        "delivery_id": event_id("port_call", mmsi, None, int(start.timestamp() * 1000)),
        "date": start.date().isoformat(),
        "arrival_time": start,
        "departure_time": start + timedelta(days=1),
        "mmsi": mmsi,
        "vessel_name": NAMES[mmsi],
        "flag": FLAGS[mmsi],
        "flag_class": "foreign",
        "ship_class": "tanker",
        "port": port,
        "basis": "berth",
        "probability": 0.95,
        "lon": 125.4,
        "lat": 38.7,
    } | more


def leg(mmsi: int, n: int, ends: tuple[tuple[str, str], tuple[str, str]], **more: Any) -> dict[str, Any]:
    """A voyage between two ports."""
    (port_1, state_1), (port_2, state_2) = ends
    return {
        "voyage_id": f"{mmsi}-{n}",
        "mmsi": mmsi,
        "vessel_name": NAMES[mmsi],
        "flag": FLAGS[mmsi],
        "flag_class": "foreign",
        "ship_class": "cargo",
        "leg": n,
        "from_call": f"{mmsi}-c{n}",
        "from_port": port_1,
        "from_state": state_1,
        "departure_time": DAY + timedelta(days=4 * n),
        "to_call": f"{mmsi}-c{n + 1}",
        "to_port": port_2,
        "to_state": state_2,
        "arrival_time": DAY + timedelta(days=4 * n + 2),
        "probability": 1.0,
    } | more


def case_of(
    folder: Path,
    events: Sequence[dict[str, Any]],
    deliveries: Sequence[dict[str, Any]] = (),
    voyages: Any = (),
    *,
    synthetic: bool = False,
) -> Path:
    """A case whose last run found these."""
    with open_case(folder, create=True).writer() as transaction:
        run_id = transaction.run_id({}, "1")
        record = {"run_id": run_id, "version": "1", "inputs": [], "parameters": {}, "synthetic": synthetic}
        tables = {
            "deliveries": DELIVERIES.from_rows(row | {"run_id": run_id} for row in deliveries),
            "voyages": VOYAGES.from_rows(row | {"run_id": run_id} for row in voyages),
        }
        found = EVENTS.from_rows(row | {"run_id": run_id} for row in events)
        transaction.commit_run(found, record, files={}, tables=tables)
    return folder


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A mother ship supplies a shuttle twice and a barge once; the shuttle then calls at Nampo."""
    events = [
        meeting(MOTHER, SHUTTLE, 1),
        meeting(MOTHER, SHUTTLE, 9, place=(124.02, 33.01)),
        meeting(MOTHER, BARGE, 10, place=(126.5, 30.0)),
        meeting(STRANGER, MOTHER, 0.2),
    ]
    return case_of(tmp_path / "case", events, [call_at(SHUTTLE, "Nampo", 3), call_at(SHUTTLE, "Nampo", 60)])


def lines(called: Answer) -> list[str]:
    """What was said on standard output."""
    assert called.code == 0, called.err
    return called.out.splitlines()


def test_a_chain_tells_who_supplied_whom_and_to_which_port(tracker: Caller, case: Path) -> None:
    said = lines(tracker("chain", case, "--mmsi", SHUTTLE))
    assert said[0].startswith("SHUTTLE (PRK")
    up = said[said.index("Supplied her:") + 1 : said.index("She supplied, or delivered:")]
    assert [line.strip()[:10] for line in up] == ["2020-01-02", "2020-01-01", "2020-01-10"]
    assert up[1].startswith("    "), "the mother ship's own supplier is one step further"
    assert any("called (berth) at Nampo" in line for line in said)


def test_a_chain_follows_the_order_of_time(tracker: Caller, case: Path) -> None:
    rows = json.loads(tracker("chain", case, "--mmsi", MOTHER, "--as", "json").out)
    rows = rows if isinstance(rows, list) else rows["events"]
    told = [(row["side"], row["step"], row["kind"], row["to_name"]) for row in rows]
    assert told[0] == ("upstream", 1, "transfer", "MOTHER SHIP")
    assert ("downstream", 2, "delivery", "Nampo") in told
    # the call in March is more than 30 days after the last supply
    assert len([row for row in rows if row["kind"] == "delivery"]) == 1
    later = json.loads(tracker("chain", case, "--mmsi", MOTHER, "--as", "json", "--days", "90").out)
    later = later if isinstance(later, list) else later["events"]
    assert len([row for row in later if row["kind"] == "delivery"]) == 2


def test_a_meeting_without_direction_is_said_to_be_one(tracker: Caller, tmp_path: Path) -> None:
    case = case_of(tmp_path / "c", [meeting(MOTHER, SHUTTLE, 1, donor_mmsi=None, receiver_mmsi=None)])
    said = lines(tracker("chain", case, "--mmsi", MOTHER))
    assert "Met her; who gave is not known:" in said
    assert " -- " in said[-1]


def test_a_partner_that_was_not_heard_is_called_a_guess(tracker: Caller, tmp_path: Path) -> None:
    dark = meeting(MOTHER, SHUTTLE, 1, type="dark_encounter", verdict="possible", donor_mmsi=None)
    case = case_of(tmp_path / "c", [dark])
    assert "was not heard, best candidate" in lines(tracker("chain", case, "--mmsi", MOTHER))[-1]


def test_unlikely_meetings_and_those_in_port_are_no_links(tracker: Caller, tmp_path: Path) -> None:
    events = [meeting(MOTHER, SHUTTLE, 1, verdict="unlikely"), meeting(MOTHER, BARGE, 2, in_port=True)]
    called = tracker("chain", case_of(tmp_path / "c", events), "--mmsi", MOTHER)
    assert called.code != 0
    assert "took part in no meeting" in called.err


def test_one_hull_under_two_mmsis_is_one_ship_of_the_chain(tracker: Caller, tmp_path: Path) -> None:
    events = [
        meeting(MOTHER, SHUTTLE, 1, hull_id_2="imo-1234567"),
        meeting(MOTHER, STRANGER, 5, hull_id_2="imo-1234567"),
    ]
    case = case_of(tmp_path / "c", events)
    for mmsi in (SHUTTLE, STRANGER):
        assert len([line for line in lines(tracker("chain", case, "--mmsi", mmsi)) if "->" in line]) == 2


def test_repeat_pairs_and_hotspots_are_told_most_frequent_first(tracker: Caller, case: Path) -> None:
    said = lines(tracker("network", case))
    assert said[1].strip().startswith("2 (2)  MOTHER SHIP (BHS) and SHUTTLE (PRK)")
    spot = said[said.index("Hotspots (places of two or more meetings of ships that were heard):") + 1]
    assert spot.strip().startswith("3 (3)")
    assert "Yellow Sea" in spot


@pytest.mark.parametrize("lon", [124.0, 180.0, -179.999])
@pytest.mark.parametrize("lat", [33.0, 0.0, 71.0])
def test_hotspots_are_the_same_anywhere(tracker: Caller, tmp_path: Path, lon: float, lat: float) -> None:
    places = [(lon + d if lon + d <= 180 else lon + d - 360, lat) for d in (0.0, 0.02)]
    case = case_of(tmp_path / "c", [meeting(MOTHER, SHUTTLE, n, place=place) for n, place in enumerate(places)])
    assert any("2 (2)" in line and "nm, 2 hulls" in line for line in lines(tracker("network", case)))


def test_the_network_as_graphml_is_read_back_whole_and_hostile_names_are_harmless(
    tracker: Caller, case: Path, tmp_path: Path
) -> None:
    target = tmp_path / "n.graphml"
    lines(tracker("network", case, "--to", target))
    root = ElementTree.parse(target).getroot()
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    nodes, edges = root.findall(".//g:node", space), root.findall(".//g:edge", space)
    ids = {node.get("id") for node in nodes}
    assert len(nodes) == 5
    assert {end for edge in edges for end in (edge.get("source"), edge.get("target"))} <= ids
    assert len(edges) == 4
    text = target.read_text(encoding="utf-8")
    assert "\u202e" not in text
    assert "\x07" not in text
    assert "<b>" not in text
    declared = {key.get("id") for key in root.findall("g:key", space)}
    assert {data.get("key") for data in root.findall(".//g:data", space)} <= declared
    assert tracker("network", case, "--to", target).code != 0, "a file is not overwritten unasked"
    before = target.read_bytes()
    lines(tracker("network", case, "--to", target, "--force"))
    assert target.read_bytes() == before, "the same network gives the same bytes"


@pytest.mark.needs("networkx")
def test_networkx_reads_the_graph_where_it_is_installed(tracker: Caller, case: Path, tmp_path: Path) -> None:
    import networkx

    target = tmp_path / "n.graphml"
    lines(tracker("network", case, "--to", target))
    graph = networkx.read_graphml(target)
    kinds = sorted(data["kind"] for _, _, data in graph.edges(data=True))
    assert kinds == ["delivery", "transfer", "transfer", "transfer"]
    assert any(data.get("meetings") == 2 and data["cargo_best_t"] == 2000.0 for _, _, data in graph.edges(data=True))


def test_the_network_as_followthemoney_has_ships_meetings_and_links(
    tracker: Caller, case: Path, tmp_path: Path
) -> None:
    target = tmp_path / "n.ftm.json"
    lines(tracker("network", case, "--to", target))
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    kinds = [row["schema"] for row in rows]
    assert (kinds.count("Vessel"), kinds.count("Event"), kinds.count("UnknownLink")) == (4, 4, 8)


def test_a_name_cannot_steer_the_terminal(tracker: Caller, case: Path) -> None:
    said = "\n".join(lines(tracker("network", case)) + lines(tracker("chain", case, "--mmsi", BARGE)))
    assert "\u202e" not in said
    assert "\x07" not in said


VOYAGES_MADE_UP = [
    leg(BARGE, 1, (("Dandong", "CHN"), ("Nampo", "PRK"))),
    leg(BARGE, 2, (("Nampo", "PRK"), ("Dalian", "CHN"))),
    leg(BARGE, 3, (("Dalian", "CHN"), ("Busan", "KOR"))),
    leg(SHUTTLE, 1, (("Nampo", "PRK"), ("Ningbo", "CHN")), probability=0.6, ship_class="tanker"),
    leg(SHUTTLE, 2, (("Ningbo", "CHN"), ("", "")), to_call=None, to_port=None, to_state=None, arrival_time=None),
]


def test_dprk_to_china_runs_are_counted_by_class_and_flag(tracker: Caller, tmp_path: Path) -> None:
    case = case_of(tmp_path / "c", [], voyages=VOYAGES_MADE_UP)
    called = tracker("voyages", case, "--from", "PRK", "--to", "China", "--count", "--as", "csv")
    header, *rows = lines(called)
    assert header.split(",")[:6] == ["from_state", "to_state", "ship_class", "flag", "voyages", "vessels"]
    assert sorted(row.split(",")[:7] for row in rows) == [
        ["PRK", "CHN", "cargo", "CHN", "1", "1", "1.0"],
        ["PRK", "CHN", "tanker", "PRK", "1", "1", "0.6"],
    ]
    assert "2 voyage(s)" in called.err


def test_round_trips_of_chinese_ships_into_the_dprk_are_counted(tracker: Caller, tmp_path: Path) -> None:
    case = case_of(tmp_path / "c", [], voyages=VOYAGES_MADE_UP)
    called = tracker("voyages", case, "--from", "CHN", "--to", "PRK", "--flag", "CHN", "--round-trips", "--as", "csv")
    header, row = lines(called)
    told = dict(zip(header.split(","), row.split(","), strict=True))
    assert (told["from_port"], told["to_port"], told["back_port"]) == ("Dandong", "Nampo", "Dalian")
    assert "1 round trip(s)" in called.err


def test_ends_that_were_not_seen_are_shown_when_asked_for(tracker: Caller, tmp_path: Path) -> None:
    case = case_of(tmp_path / "c", [], voyages=VOYAGES_MADE_UP)
    assert "4 voyage(s)" in tracker("voyages", case).err
    assert "5 voyage(s)" in tracker("voyages", case, "--open").err
    assert "3 voyage(s)" in tracker("voyages", case, "--min-probability", "0.9").err
    assert "1 voyage(s)" in tracker("voyages", case, "--from", "dand").err
    assert "0 voyage(s)" in tracker("voyages", case, "--since", "2021-01-01").err


@pytest.mark.parametrize("command", ["chain", "network", "voyages"])
def test_synthetic_data_says_so(tracker: Caller, tmp_path: Path, command: str) -> None:
    asked = ("--mmsi", MOTHER) if command == "chain" else ()
    for synthetic in (True, False):
        case = case_of(tmp_path / f"{synthetic}", [meeting(MOTHER, SHUTTLE, 1)], synthetic=synthetic)
        assert ("SYNTHETIC DATA" in tracker(command, case, *asked).err) is synthetic


def test_a_workbook_of_a_case_has_its_deliveries_beside_the_transfers_and_a_public_one_has_not(
    tracker: Caller, case: Path, tmp_path: Path
) -> None:
    import openpyxl

    assert tracker("export", case, "--to", tmp_path / "all.xlsx").code == 0
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    wanted = ["T1 deliveries", "T2 transfers", "T3 ships", "T4 monthly", "T5 by flag", "T6 declared", "T7 goods"]
    assert book.sheetnames == [*wanted, "events", "method", "sources"]
    titles, *rows = book["T1 deliveries"].iter_rows(values_only=True)
    told = [dict(zip(titles, row, strict=True)) for row in rows]
    assert [(row["vessel_name"], row["port"]) for row in told] == [(NAMES[SHUTTLE], "Nampo")] * 2
    assert told[0]["transfers"], "the legs that filled her"
    about = dict(row[:2] for row in book["method"].iter_rows(values_only=True))
    assert "not proof of discharge" in str(about["table T1 deliveries"])
    assert tracker("export", case, "--to", tmp_path / "public.xlsx", "--public").code == 0
    public = openpyxl.load_workbook(tmp_path / "public.xlsx")
    assert "T1 deliveries" not in public.sheetnames
    assert "T1 deliveries" in str(
        dict(row[:2] for row in public["method"].iter_rows(values_only=True))["tables left out"]
    )
