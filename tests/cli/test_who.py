"""The bundled scenario with its synthetic lists: who is flagged, where it is told, and the four commands about ships."""

import csv
import html
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Caller
from tracker.pipeline.identify import load_lists
from tracker.pipeline.run import run

DATA = Path(__file__).resolve().parents[2] / "data"
WATCHLIST = DATA / "lists" / "SYNTHETIC_watchlist_2020-01-15.csv"
REGISTRY = DATA / "lists" / "SYNTHETIC_registry_2020-01-15.csv"
LISTED = {
    445990001: "SYN-1:confirmed",
    445990002: "SYN-2:probable",
    445990003: "SYN-9:confirmed",
    445990004: "SYN-3:possible",
    352990001: "SYN-4:confirmed later designated 2020-03-30",
    413990001: "SYN-5:confirmed",
    667990001: "SYN-6:identity_conflict",
}
"""What each listed ship of the scenario must be told as; no other ship may be told as listed."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("who") / "case"
    run([DATA / "ais" / "east-china-sea"], folder, lists=load_lists([WATCHLIST], [REGISTRY]))
    return folder


@pytest.fixture(scope="module")
def rows(case: Path) -> list[dict[str, Any]]:
    from tracker.archive.case import open_case

    found: list[dict[str, Any]] = open_case(case).latest_events().to_pylist()
    return found


def test_every_listed_ship_of_the_scenario_is_flagged_in_events_and_no_other(rows: list[dict[str, Any]]) -> None:
    told: dict[int, set[str]] = {}
    for row in rows:
        for n in (1, 2):
            for code in row[f"listed_{n}"] or []:
                told.setdefault(row[f"mmsi_{n}"], set()).add(code.removeprefix(f"{WATCHLIST.stem}:"))
    assert told == {mmsi: {code} for mmsi, code in LISTED.items()}


def test_the_reason_of_a_listing_stands_in_the_event_and_on_the_map(case: Path, rows: list[dict[str, Any]]) -> None:
    row = next(r for r in rows if r["mmsi_2"] == 445990001 and r["verdict"] == "likely")
    assert {"L1", "L7"} <= set(row["legal_flags"])
    assert "R01" in row["risk_reasons"]
    (reason,) = (s for s in row["why"] if "SYN HAE 2: confirmed match" in s)
    assert "SYNTHETIC 1718" in reason
    assert "edition 2020-01-15" in reason
    page = (case / "map.html").read_text(encoding="utf-8")
    assert f"{WATCHLIST.stem}:SYN-1:confirmed" in page
    assert json.dumps(reason)[1:-1] in page
    later = next(s for s in row["why"] if "SYN PEARL 1: confirmed match" in s)
    assert "later designated: not on the list on the day" in later


def test_the_registry_gives_deadweight_and_flag_of_the_day_and_a_false_flag_is_marked(
    rows: list[dict[str, Any]],
) -> None:
    registered = {int(row["imo"][3:]): row for row in csv.DictReader(REGISTRY.read_text(encoding="utf-8").splitlines())}
    seen = 0
    for row in rows:
        for n in (1, 2):
            entry = registered.get(row[f"imo_{n}"])
            if row[f"mmsi_{n}"] is None or entry is None:
                continue
            seen += 1
            assert (row[f"dwt_t_{n}"], row[f"dwt_basis_{n}"]) == (float(entry["dwt"]), "registry")
            is_false = "false" in entry["flag_history"]
            assert row[f"flag_basis_{n}"] == ("history, false" if is_false else "history")
    assert seen >= 8
    false = next(r for r in rows if r["mmsi_2"] == 667990001 and r["verdict"] == "likely")
    assert "R14" in false["risk_reasons"]


def test_events_filter_listed_ships(case: Path, tracker: Caller) -> None:
    answer = tracker("events", case, "--listed", "--as", "csv")
    assert answer.code == 0
    listed = list(csv.DictReader(answer.out.splitlines()))
    assert listed
    assert all(row["listed_1"] or row["listed_2"] for row in listed)


def test_vessel_prints_identity_registry_listing_conflict_score_and_events(case: Path, tracker: Caller) -> None:
    answer = tracker("vessel", case, "--imo", 3000219)
    assert answer.code == 0
    for words in (
        "SYN LION 3",
        "registry",
        "SLE (FALSE) 2019-07-01",
        "LISTED",
        "identity_conflict",
        "Risk",
        "lacks data",
        "SYNTHETIC_registry_2020-01-15 says 98 x 16 m: agrees",
        "encounter",
    ):
        assert words in answer.out
    by_mmsi, by_name = tracker("vessel", case, "--mmsi", 667990001), tracker("vessel", case, "--name", "syn lion 3")
    assert by_mmsi.out == by_name.out == answer.out


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (("--imo", "9187629"), 2, "never heard"),
        (("--mmsi", "445000000"), 2, "never heard"),
        (("--name", "NO SUCH"), 2, "No vessel"),
        (("--name", "SYN HA"), 2, "Ask by --mmsi"),
        (("--name", " "), 2, "The name is empty"),
        (("--imo", "3000143"), 2, "check digit is wrong"),
        (("--mmsi", "99999999999"), 2, "999999999"),
        (("--mmsi=-5",), 2, "999999999"),
        ((), 2, "one of --mmsi"),
        (("--imo", "3000219", "--mmsi", "1"), 2, "one of --mmsi"),
    ],
)
def test_a_vessel_that_is_not_there_or_not_one_is_an_error_in_a_line(
    case: Path, tracker: Caller, asked: tuple[str, ...], code: int, words: str
) -> None:
    answer = tracker("vessel", case, *asked)
    assert answer.code == code
    assert words in answer.one_error()


def test_vessels_are_ranked_with_the_parts_of_their_scores(case: Path, tracker: Caller) -> None:
    answer = tracker("vessels", case, "--verdict", "likely")
    heads = [line for line in answer.out.splitlines() if not line.startswith("      ")]
    scores = [float(line.split()[0]) for line in heads]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 75
    assert "R01 Listed vessel" in answer.out
    ahead = [line for line in heads if "HIGH AND ON NO LIST YET" in line]
    assert any("SYN LION 33" in line for line in ahead)
    assert not any("SYN HAE 2 " in line for line in ahead)
    assert tracker("vessels", case, "--limit", 2).out.count(" severe ") == 2


def test_what_two_ships_that_met_have_in_common_is_told_with_its_path(
    case: Path, tracker: Caller, rows: list[dict[str, Any]]
) -> None:
    row = next(r for r in rows if r["mmsi_2"] == 445990001 and r["verdict"] == "likely")
    shared = [sentence for sentence in row["why"] if sentence.startswith("Both ships lead to")]
    assert any("SYN CREW MANAGEMENT" in sentence for sentence in shared)
    (address,) = (sentence for sentence in shared if "1 SYNTHETIC ROAD" in sentence)
    assert "owner SYN BLUE SHIPPING CO since 2019-12-01" in address
    card = tracker("vessel", case, "--mmsi", 445990001).out
    assert "shares SYN CREW MANAGEMENT with SYN PEARL 1" in card
    assert "parent SYN HOLDING LTD" in tracker("vessel", case, "--mmsi", 352990001).out


def test_owners_with_dates_and_rules_without_data_stand_in_events_on_the_map_and_in_the_dossier(
    case: Path, tracker: Caller, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    row = next(r for r in rows if r["mmsi_2"] == 445990001 and r["verdict"] == "likely")
    owner = "owner SYN BLUE SHIPPING CO since 2019-12-01 (SYNTHETIC_registry_2020-01-15)"
    assert owner in row["owners_1"]
    assert any(text.startswith(f"{owner} > parent SYN HOLDING LTD") for text in row["owners_1"])
    missing = dict(text.split(": ", 1) for text in row["risk_missing"])
    assert missing
    assert not set(missing) & set(row["risk_reasons"])
    page = (case / "map.html").read_text(encoding="utf-8")
    target = tmp_path / "d.html"
    assert tracker("dossier", case, row["event_id"], "--to", target).code == 0
    dossier = target.read_text(encoding="utf-8")
    for told in (owner, *missing.values()):
        assert json.dumps(told)[1:-1] in page
        assert html.escape(told) in dossier
    assert "not counted as clean" in dossier


def test_a_public_table_names_no_owner_of_a_masked_ship(case: Path, tracker: Caller, tmp_path: Path) -> None:
    target = tmp_path / "public.csv"
    assert tracker("export", case, "--to", target, "--public").code == 0
    for row in csv.DictReader(target.read_text(encoding="utf-8").splitlines()):
        if row["verdict"] != "likely":
            assert not any(row[name] for name in ("owners_1", "owners_2", "risk_missing"))


def test_screen_tells_hits_and_what_was_never_heard(case: Path, tracker: Caller, tmp_path: Path) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text("name,imo,mmsi\nSYN HAE 2,3000142,\nSYN GHOST 1,3009992,\nNOBODY,9187629,\n", encoding="utf-8")
    answer = tracker("screen", asked, case)
    first, ghost, nobody = answer.out.split("\nSYN GHOST 1")[0], *answer.out.split("\nSYN GHOST 1")[1].split("\nNOBODY")
    assert "SYN-1:confirmed" in first
    assert "MMSI 445990001" in first
    assert "SYN-7:confirmed" in ghost
    assert "never heard in this data" in ghost
    assert "on none of the lists" in nobody
    assert "days old: OLD" in answer.err
    alone = tracker("screen", asked, "--watchlist", WATCHLIST)
    assert "SYN-7:confirmed" in alone.out
    assert "heard" not in alone.out
    assert tracker("screen", asked).code == 2


def test_screen_finds_a_name_as_people_write_it_and_names_who_else_bore_it(
    case: Path, tracker: Caller, tmp_path: Path
) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text("name,imo\nSYN-HAE II,\nSYN HAE 2,3009992\n", encoding="utf-8")
    by_name, by_number = tracker("screen", asked, case).out.split("\nSYN HAE 2")
    assert "MMSI 445990001" in by_name
    assert "never heard" not in by_name
    assert "never heard in this data" in by_number
    assert "her name was said by MMSI 445990001, with other numbers or none" in by_number
    assert "by imo, another name" in by_number


def test_screen_says_which_numbers_it_could_not_ask_by_and_leaves_no_row_out(
    case: Path, tracker: Caller, tmp_path: Path
) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text('name,imo,mmsi\n,3000143,\n"SYN\u202e HAE 2",abc,12\n=cmd,0,\n', encoding="utf-8")
    answer = tracker("screen", asked, case)
    assert answer.code == 0
    assert "IMO 3000143 is no IMO number or has a wrong check digit: not asked by it" in answer.out
    assert answer.out.count("NOT SCREENED") == 1
    assert "MMSI 12 is no MMSI of a ship" in answer.out
    assert "SYN-1:possible" in answer.out
    assert "\u202e" not in answer.out
    assert "3 number(s) that are none" in answer.err
    cut = tmp_path / "cut.csv"
    cut.write_text('name,imo\nA,3000142\n"never closed,3000075\n', encoding="utf-8")
    assert tracker("screen", cut, case).code == 3


def test_lists_tells_edition_age_and_counts_and_warns_when_old(case: Path, tracker: Caller, tmp_path: Path) -> None:
    answer = tracker("lists", case)
    assert "9 ships, 7 with IMO number, 8 sanctioned; edition 2020-01-15" in answer.out
    assert "OLD, get a newer one" in answer.out
    assert "without a valid IMO number" in answer.out
    assert "OpenSanctions maritime.csv" in tracker("lists").out


def test_an_unknown_list_fails_before_anything_is_read(tmp_path: Path, tracker: Caller) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("colour,weight\nred,5\n", encoding="utf-8")
    answer = tracker("run", DATA / "ais" / "east-china-sea", "--case", tmp_path / "c", "--watchlist", bad)
    assert answer.code == 3
    assert "OpenSanctions maritime.csv" in answer.err
    assert not (tmp_path / "c").exists()


def test_the_lists_are_labelled_synthetic_and_name_only_ships_of_the_scenario(rows: list[dict[str, Any]]) -> None:
    for path in (WATCHLIST, REGISTRY):
        entries = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        assert "SYNTHETIC" in path.name
        assert all(row["name"].startswith("SYN ") for row in entries)
        assert all(not row["imo"] or 3_000_000 <= int(row["imo"][3:]) < 4_000_000 for row in entries)


def test_weights_switches_and_own_rules_come_from_toml_and_show_in_the_parts_of_the_score(
    finished: Path, tracker: Caller, tmp_path: Path
) -> None:
    case = tmp_path / "case"
    shutil.copytree(finished, case)
    config = tmp_path / "own.toml"
    config.write_text(
        '[risk]\noff = ["R21", "R22"]\n[risk.weights]\nR20 = 33\n'
        '[[risk.own]]\nrule_id = "U01"\ngroup = "context"\nname = "Long meeting"\nweight = 9\n'
        'when = [["duration_h", ">=", 1]]\n',
        encoding="utf-8",
    )
    assert tracker("detect", "--case", case, "--config", config, "-q").code == 0
    told = tracker("vessels", case).out
    assert "33.0  R20" in told
    assert "9.0  U01 Long meeting [context] as you defined it" in told
    assert not any(rule in told for rule in ("R21", "R22"))
    assert "No watchlist is loaded" in tracker("vessels", case).err
    config.write_text('[risk]\noff = ["R99"]\n', encoding="utf-8")
    answer = tracker("detect", "--case", case, "--config", config, "-q")
    assert answer.code == 2
    assert "There is no risk rule 'R99'" in answer.one_error()
