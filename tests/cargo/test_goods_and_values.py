"""Coal and sand by HS code and date, values with their price, and crude against both limbs by the kind of input."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from tracker.cargo.declared import read_declared
from tracker.cargo.deliveries import read_deliveries
from tracker.cargo.goods import NOT_OIL
from tracker.cargo.ledger import LedgerParams
from tracker.cargo.prices import anchors, read_prices
from tracker.cargo.publish import ledger_files
from tracker.errors import MissingColumnError

TODAY = date(2024, 1, 1)
HEADER = "date,vessel_name,flag,dwt_t,cargo_t,product,hs\n"


def files_of(tmp_path: Path, lines: str, **more: str) -> dict[str, bytes]:
    path = tmp_path / "deliveries.csv"
    path.write_text(HEADER + lines, encoding="utf-8")
    found = read_deliveries(path, today=TODAY, utc_offset_h=9)
    prices = declared = None
    if "prices" in more:
        (tmp_path / "prices.csv").write_text(more["prices"], encoding="utf-8")
        prices = read_prices(tmp_path / "prices.csv", known=NOT_OIL)
    if "declared" in more:
        (tmp_path / "declared.csv").write_text(more["declared"], encoding="utf-8")
        declared = read_declared(tmp_path / "declared.csv")
    return ledger_files(found, declared, year=None, params=LedgerParams(draws=300), version="0", prices=prices)


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode())))


def test_coal_and_sand_are_banned_from_their_days_on_and_valued_where_a_price_is_near(tmp_path: Path) -> None:
    files = files_of(
        tmp_path,
        "2017-02-10,A,KP,10000,8000,coal,\n2017-08-05,B,KP,10000,8000,coal,\n2017-12-21,C,KP,10000,1000,sand,\n"
        "2019-05-01,D,KP,10000,1000,sand,\n2019-05-02,E,KP,10000,,sand,2505.10\n2019-05-03,F,KP,,,iron_ore,\n",
    )
    rows = table(files, "goods")
    assert [r["status"] for r in rows] == ["limited", "banned", "no measure on that day", *["banned"] * 3]
    assert "2371 (2017), paragraph 8" in rows[1]["measure"]
    assert "2397 (2017), paragraph 6" in rows[3]["measure"]
    assert float(rows[3]["usd"]) == 22_000
    assert "22 USD/t, 2019, Seed B" in rows[3]["price"]
    assert float(rows[0]["usd"]) == 8000 * 85.0
    assert (rows[4]["hs"], rows[4]["tonnes_basis"]) == ("250510", "dwt x 0.50")
    assert (rows[5]["best_t"], rows[5]["usd"]) == ("", "")
    totals = json.loads(files["summary.json"])["goods"]
    assert totals["iron_ore"]["n_without_tonnes"] == 1
    assert json.loads(files["summary.json"])["years"] == []


def test_oil_has_no_price_but_the_users(tmp_path: Path) -> None:
    line = "2020-03-10,A,KP,1000,700,,\n"
    (row,) = table(files_of(tmp_path, line), "deliveries")
    assert (row["usd"], row["price"]) == ("", "")
    priced = files_of(
        tmp_path,
        line,
        prices="product,period,value,unit,source\nrefined_unspecified,2020-03,60,USD/bbl,benchmark\n"
        "refined_unspecified,2020-04,400,USD/t,benchmark\nmoonshine,2020,1,USD/t,x\n,2020-13,1,USD/t,x\ncoal,2020,-1,USD/t,x\n",
    )
    (row,) = table(priced, "deliveries")
    assert float(row["usd"]) == pytest.approx(700 * 8.33 * 60)
    assert row["price"] == "60 USD/bbl, 2020-03, benchmark"
    (aside,) = [i["set_aside"] for i in json.loads(priced["summary.json"])["inputs"] if i["name"] == "prices.csv"]
    assert len(aside) == 2


def test_a_price_of_another_time_is_none(tmp_path: Path) -> None:
    assert anchors().on("sand", date(2019, 12, 31)) is not None
    assert anchors().on("sand", date(2023, 1, 1)) is None
    path = tmp_path / "p.csv"
    path.write_text("period,value\n2020,1\n")
    with pytest.raises(MissingColumnError):
        read_prices(path, known=NOT_OIL)


def test_crude_by_pipe_declared_and_by_tanker_stand_apart_and_the_year_begins_on_22_december(tmp_path: Path) -> None:
    files = files_of(
        tmp_path,
        "2020-12-21,A,KP,100000,50000,crude,\n2020-12-22,B,KP,100000,,crude,\n2020-02-29,C,KP,1000,,,\n",
        declared="supplier,period_start,period_end,tonnes,barrels,product,kind,source\n"
        "CN,2020,2020,750000,5490000,crude,pipeline,von Hippel\nCN,2020-03,2020-03,1000,,crude,,letter\n",
    )
    rows = {(r["period_start"], r["kind"]): r for r in table(files, "crude")}
    pipe = rows["2019-12-22", "pipeline"]
    assert (float(pipe["ratio_bbl_limb"]), float(pipe["ratio_t_limb"])) == pytest.approx((1.3725, 1.4286))
    assert pipe["over_cap"] == "True"
    assert pipe["figures_spanning_two_periods"] == "1"
    assert float(rows["2019-12-22", "tankers, as given or at 50 %"]["tonnes"]) == 50_000
    assert float(rows["2020-12-22", "tankers, as given or at 50 %"]["tonnes"]) == 50_000
    assert float(rows["2019-12-22", "all of these"]["tonnes"]) == 801_000
    # 29 February is a day of the refined year, and crude is none of it
    assert table(files, "cumulative")[0]["month_end"] == "2020-01-31"
    assert json.loads(files["summary.json"])["years"][0]["n_deliveries"] == 1


def test_declared_figures_that_contradict_or_span_years_are_named(tmp_path: Path) -> None:
    files = files_of(
        tmp_path,
        "2020-03-10,A,KP,1000,,,\n",
        declared="supplier,period_start,period_end,tonnes,barrels\nCN,2020-07,2020-07,1498,1249\n"
        'CN,2020-12,2021-01,10,83\nCN,2020-02-30,2020-03,1,8\nCN,2020-05,2020-05,"1,5",\nCN,2020-06,2020-06,0,0\nCN,0001,0001,5,5\n',
    )
    (told,) = [i["set_aside"] for i in json.loads(files["summary.json"])["inputs"] if i["name"] == "declared.csv"]
    text = "\n".join(told)
    for words in ("0.83 bbl/t", "two calendar years", "the period is none", "neither tonnes nor barrels"):
        assert words in text


def test_an_hs_code_of_food_is_no_oil_whatever_the_product_column_says(tmp_path: Path) -> None:
    files = files_of(tmp_path, "2020-03-10,A,KP,1000,,,0303\n2020-03-11,B,KP,1000,,,27101\n2020-03-12,C,KP,1000,,,x\n")
    summary = json.loads(files["summary.json"])
    assert summary["years"][0]["n_deliveries"] == 2
    assert any("HS code that is none" in line for line in summary["inputs"][0]["set_aside"])
