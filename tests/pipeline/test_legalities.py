"""Under the ledger stand the legal rules that it can answer, figure by figure, and never before their day."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.cargo.declared import DeclaredTable, read_declared
from tracker.cargo.deliveries import read_deliveries
from tracker.cargo.ledger import LedgerParams
from tracker.cargo.publish import ledger_files
from tracker.cli import call
from tracker.pipeline.legalities import judge_of

QUICK = LedgerParams(draws=300)
HEADER = "date,vessel_name,flag,dwt_t,cargo_t,product\n"
DECLARED = "supplier,period_start,period_end,tonnes,barrels,product,source\n"
TODAY = date(2024, 1, 1)


def files_of(tmp_path: Path, *lines: str, declared: str | None = None, today: date = TODAY) -> dict[str, bytes]:
    path = tmp_path / "deliveries.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines))
    table: DeclaredTable | None = None
    if declared is not None:
        given = tmp_path / "declared.csv"
        given.write_text(DECLARED + declared)
        table = read_declared(given)
    found = read_deliveries(path, today=today, utc_offset_h=9)
    judge = judge_of(table, params=QUICK, today=today)
    return ledger_files(found, table, year=None, params=QUICK, version="0", judge=judge)


def answers(tmp_path: Path, *lines: str, **more: Any) -> dict[tuple[str, str, str], str]:
    rows = csv.DictReader(io.StringIO(files_of(tmp_path, *lines, **more)["legal.csv"].decode()))
    return {(row["rule_id"], row["period"], row["asked"]): row["answer"] for row in rows}


def test_the_refined_cap_is_asked_by_each_reading_and_a_reading_without_data_is_not_known(tmp_path: Path) -> None:
    found = answers(tmp_path, "2020-02-03,A,KP,90000,70000,", "2020-03-03,B,KP,,,")
    assert found["L2", "2020", "detected, P10"] == "over the limit"
    assert found["L2", "2020", "declared"] == "not known"
    assert found["L2", "2020", "detected P50 and declared together"] == "not known"
    small = answers(tmp_path, "2020-02-03,A,KP,3000,1000,", declared="CHN,2020-02,2020-02,,499000,,x\n")
    assert small["L2", "2020", "detected, P90"] == small["L2", "2020", "declared"] == "not over by this figure"
    assert small["L2", "2020", "detected P50 and declared together"] == "over the limit"


def test_no_cap_is_asked_of_a_year_before_it_held(tmp_path: Path) -> None:
    found = answers(tmp_path, "2016-02-03,A,KP,90000,70000,", "2017-02-03,A,KP,90000,70000,")
    assert {rule for rule, *_ in found} <= {"L3"}
    # the twelve months from 22 December 2016 ended the day before the cap took effect
    assert all(period.startswith("2017-12-22") for _, period, _ in found)


def test_the_coal_cap_is_asked_of_the_months_of_2017_before_the_ban_only(tmp_path: Path) -> None:
    found = answers(tmp_path, "2017-03-01,A,KP,9000000,,coal", "2017-09-01,B,KP,9000000,8000000,coal")
    assert [key for key in found if key[0] == "L4C"] == [("L4C", "2017-01-01 to 2017-08-04", "coal")]
    assert not [key for key in answers(tmp_path, "2017-08-05,A,KP,9000,8000,coal") if key[0] == "L4C"]


def test_either_limb_of_the_crude_cap_passes_it(tmp_path: Path) -> None:
    found = answers(tmp_path, "2020-02-03,A,KP,1000,,", declared="CHN,2020-01-01,2020-12-21,526000,3900000,crude,x\n")
    assert found["L3", "2019-12-22 to 2020-12-21", "crude, all figures"] == "over the limit"


def test_a_delivery_that_no_figure_covers_has_no_matching_declaration_once_its_days_are_over(tmp_path: Path) -> None:
    line, key = "2020-02-03,A,KP,3000,,", ("L8", "2020-02-03", "A")
    march = "CHN,2020-03,2020-03,100,,,x\n"
    assert answers(tmp_path, line)[key] == "not known"
    assert answers(tmp_path, line, declared=march)[key] == "no matching declaration found"
    assert answers(tmp_path, line, declared=march, today=date(2020, 3, 1))[key] == "its time is not over"
    assert answers(tmp_path, line, declared="CHN,2020-02,2020-02,100,,,x\n")[key] == "not known"
    # crude by pipeline is nobody's delivery by ship
    pipe = "CHN pipeline,2020-01,2020-12,100,,crude,x\n"
    assert answers(tmp_path, line.removesuffix(",") + ",crude", declared=pipe)[key] == "no matching declaration found"
    assert ("L8", "2017-02-03", "A") not in answers(tmp_path, "2017-02-03,A,KP,3000,,", declared=march)


def test_every_row_names_its_authority_and_says_no_more_than_the_figures(tmp_path: Path) -> None:
    files = files_of(tmp_path, "2020-02-03,<b>A</b>,KP,90000,70000,", declared="CHN,2020-03,2020-03,100,,,x\n")
    rows = json.loads(files["summary.json"])["legal"]
    assert rows
    for row in rows:
        assert row["authority"].startswith("S/RES/2397 (2017) op ")
        assert row["source"]
        said = f"{row['answer']} {row['told']}".lower()
        assert not any(word in said for word in ("violat", "breach", "smuggl", "guilty", "illegal"))
        assert ("no finding" in said) == (row["answer"] in {"over the limit", "no matching declaration found"})
    page = files["ledger.html"].decode()
    assert "<h2>Legal rules</h2>" in page
    assert "S/RES/2397 (2017) op 5, in force from 2018-01-01" in page
    assert "<b>A" not in page
    # deliveries stand in legal.csv one by one, and by their number on the page
    assert page.count("<td>L8: ") == 1


def test_the_command_line_prints_the_answers_under_the_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "deliveries.csv"
    path.write_text(f"{HEADER}2020-02-03,A,KP,90000,70000,\n")
    assert call(["ledger", "--deliveries", str(path), "--to", str(tmp_path / "out")]) == 0
    out = capsys.readouterr().out
    assert "L2  2020" in out
    assert "over the limit" in out
    assert "S/RES/2397 (2017) op 5, in force since 2018-01-01" in out
    assert "no finding" in out
    assert (tmp_path / "out" / "legal.csv").exists()
