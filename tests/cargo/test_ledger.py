"""The ledger: what counts, when, and what bad tables do to it."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.cargo.declared import counted_once, read_declared, total_bbl
from tracker.cargo.deliveries import Deliveries, read_deliveries
from tracker.cargo.ledger import LedgerParams, cumulative, years_of
from tracker.cargo.publish import ledger_files
from tracker.cargo.totals import Load, running_totals
from tracker.cargo.transfers import SHOWN, transfer_files
from tracker.cli import call
from tracker.errors import EmptyInputError, InputError, MissingColumnError

FIXTURE = Path(__file__).with_name("SYNTHETIC_deliveries.csv")
TODAY = date(2024, 1, 1)
QUICK = LedgerParams(draws=300)
HEADER = "date,vessel_name,flag,dwt_t,cargo_t,product,flag_class,imo\n"


def read(tmp_path: Path, *lines: str, header: str = HEADER) -> Deliveries:
    path = tmp_path / "deliveries.csv"
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    return read_deliveries(path, today=TODAY, utc_offset_h=9)


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode())))


def test_a_time_late_in_utc_belongs_to_the_next_day_in_korea_and_a_bare_date_stays(tmp_path: Path) -> None:
    found = read(tmp_path, "2020-01-31T16:00:00Z,A,KP,1000,,,,", "2020-01-31,B,KP,1000,,,,")
    assert {d.vessel_name: d.day for d in found.rows} == {"A": date(2020, 2, 1), "B": date(2020, 1, 31)}


def test_months_without_data_are_flat_and_months_after_the_last_delivery_are_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, "2020-02-03,A,KP,1000,,,,", "2020-05-03,B,CN,3000,,,,")
    (ledger,) = years_of(found.rows)
    rows = [r for r in cumulative(ledger, params=QUICK) if (r["scenario"], r["factor_set"]) == ("s50", "committee")]
    assert [r["month_end"] for r in rows] == ["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30", "2020-05-31"]
    assert [r["tonnes_cum"] for r in rows] == [0, 500, 500, 500, 2000]


def test_a_ship_without_deadweight_is_counted_and_named_and_not_silently_zero(tmp_path: Path) -> None:
    found = read(tmp_path, "2020-02-03,A,KP,,,,,", "2020-02-04,B,CN,3000,,,,", "2020-02-05,C,CN,-5,,,,")
    files = ledger_files(found, None, year=None, params=QUICK, version="0")
    (year,) = json.loads(files["summary.json"])["years"]
    assert (year["n_deliveries"], year["n_without_dwt"], year["dwt_sum_t"]) == (3, 2, 3000)
    assert len(found.faults.lines()) == 2
    assert "without deadweight" in files["cumulative.svg"].decode()


def test_bad_dates_future_dates_and_repeated_rows_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "-2020-01-01,A,KP,1000,,,,",
        "2031-01-01,B,KP,1000,,,,",
        "2020-01-01,C,KP,1000,,,,",
        "2020-01-01,C,KP,1000,,,,",
    )
    assert [d.vessel_name for d in found.rows] == ["C"]
    assert sum(found.faults.counts.values()) == 3


def test_a_given_flag_class_wins_and_an_unknown_flag_is_unknown(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "2020-01-01,A,XX,1,,,foreign,",
        "2020-01-02,B,,1,,,,",
        "2020-01-03,C,ZZ,1,,,,",
        "2020-01-04,D,North Korea,1,,,,",
        "2020-01-05,E,Atlantis,1,,,,",
        "2020-01-06,F,SLE,1,,,,",
    )
    assert [d.flag_class for d in found.rows] == ["foreign", "unknown", "unknown", "DPRK", "unknown", "foreign"]
    assert [d.flag for d in found.rows] == ["", "", "", "PRK", "", "SLE"]
    assert "Atlantis" in found.faults.lines()[0]


def test_crude_and_coal_do_not_enter_the_refined_ledger(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "2020-01-01,A,KP,1000,,crude,,",
        "2020-01-02,B,KP,1000,,coal,,",
        "2020-01-03,C,KP,1000,,moonshine,,",
    )
    (ledger,) = years_of(found.rows)
    assert [d.vessel_name for d in ledger.rows] == ["C"]
    summary = json.loads(ledger_files(found, None, year=None, params=QUICK, version="0")["summary.json"])
    assert set(summary["not_refined"]) == {"crude", "coal"}
    assert any("moonshine" in line for line in found.faults.lines())


def test_each_product_is_converted_with_its_own_factor(tmp_path: Path) -> None:
    found = read(tmp_path, "2020-01-01,A,KP,1000,,lpg,,", "2020-01-02,B,KP,1000,,,,")
    (ledger,) = years_of(found.rows)
    rows = cumulative(ledger, params=QUICK)
    (row,) = [r for r in rows if (r["scenario"], r["factor_set"]) == ("s50", "committee")]
    assert row["bbl_cum"] == pytest.approx(500 * 11.65 + 500 * 8.33, abs=0.2)


def test_a_cargo_that_is_given_is_the_measured_one_and_leaves_the_scenarios_alone(tmp_path: Path) -> None:
    (ledger,) = years_of(read(tmp_path, "2020-01-01,A,KP,1000,700,,,").rows)
    rows = {(r["scenario"], r["factor_set"]): r for r in cumulative(ledger, params=QUICK)}
    measured = rows["measured", "committee"]
    assert (measured["tonnes_cum"], measured["p10_bbl"]) == pytest.approx((700, 700 * 8.33))
    assert measured["laden_fraction"] is None
    assert rows["s50", "committee"]["tonnes_cum"] == 500


def test_before_2018_there_is_no_cap_of_500000_barrels(tmp_path: Path) -> None:
    (ledger,) = years_of(read(tmp_path, "2017-01-01,A,KP,1000,,,,").rows)
    assert {(r["cap_bbl"], r["ratio_cap"]) for r in cumulative(ledger, params=QUICK)} == {(None, None)}


@pytest.mark.parametrize(
    ("correlation", "low", "high"), [(0.0, 232_000, 244_000), (0.5, 197_000, 279_000), (1.0, 182_000, 303_000)]
)
def test_a_common_error_widens_the_total_of_121_calls(correlation: float, low: float, high: float) -> None:
    *_, total = running_totals(
        [Load(3653.0)] * 121, fractions=(0.33, 0.50, 0.90), correlation=correlation, seed=1, draws=20_000
    )
    assert np.percentile(total, [10, 90]) == pytest.approx([low, high], rel=0.015)


@given(st.lists(st.floats(1.0, 1e5), min_size=1, max_size=12), st.floats(0.0, 1.0), st.integers(0, 2**31))
def test_a_total_lies_between_its_scenarios_and_only_grows(dwts: list[float], correlation: float, seed: int) -> None:
    before = np.zeros(50)
    totals = running_totals(
        [Load(d) for d in dwts], fractions=(0.33, 0.50, 0.90), correlation=correlation, seed=seed, draws=50
    )
    for i, total in enumerate(totals):
        upto = sum(dwts[: i + 1])
        assert np.all(total >= before)
        assert np.all(total >= 0.33 * upto * (1 - 1e-9))
        assert np.all(total <= 0.90 * upto * (1 + 1e-9))
        before = total


def test_two_figures_for_one_month_are_both_shown_and_one_is_added(tmp_path: Path) -> None:
    path = tmp_path / "declared.csv"
    path.write_text(
        "supplier,period_start,period_end,tonnes,barrels,product\n"
        "CN,2020-07,2020-07,1498,12479,\nCN,2020-07,2020-07,1400,,\nCN+RU,2020-01,2020-08,17294,129706,\n"
        "RU,2020-08,2020-08,32,,\nRU,2020-13,2020-14,1,,\nRU,2020-09,2020-09,,,\n",
        encoding="utf-8",
    )
    found = read_declared(path)
    assert len(found.rows) == 4
    assert sum(found.faults.counts.values()) == 2
    answers = counted_once(found.rows)
    assert [status for _, status in answers].count("counted") == 2
    assert any("second figure" in status for _, status in answers)
    assert total_bbl(answers) == pytest.approx(12_479 + 32 * 8.33)
    assert total_bbl(counted_once(found.rows, finest_first=False)) == pytest.approx(129_706)


def test_the_command_writes_all_files_labelled_and_the_same_bytes_twice(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        assert call(["ledger", "--deliveries", str(FIXTURE), "--year", "2020", "--to", str(folder)]) == 0
    names = sorted(path.name for path in folders[0].iterdir())
    assert {"cumulative.csv", "monthly_by_flag.csv", "by_flag_state.csv", "sensitivity.csv", "summary.json"} <= set(
        names
    )
    assert {"declared_vs_detected.csv", "cumulative.svg", "cumulative.png", "monthly_by_flag.svg"} <= set(names)
    for name in names:
        content = (folders[0] / name).read_bytes()
        assert content == (folders[1] / name).read_bytes()
        if not name.endswith(".png"):
            assert b"synthetic" in content.lower(), name
    assert call(["ledger", "--deliveries", str(FIXTURE), "--to", str(folders[0])]) == 2
    assert call(["ledger", "--deliveries", str(FIXTURE), "--to", str(folders[0]), "--force"]) == 0


def test_figures_name_the_set_the_cap_and_every_scenario() -> None:
    found = read_deliveries(FIXTURE, today=TODAY, utc_offset_h=9)
    files = ledger_files(found, None, year=2020, params=LedgerParams(factor_set="panel_lpg", draws=300), version="0")
    svg = files["cumulative.svg"].decode()
    for words in (
        "panel_lpg",
        "11.6 bbl/t",
        "cap: 500,000 bbl",
        "75, 90 and 95 %",
        "4.61 M bbl",
        "SYNTHETIC",
        "sha256",
    ):
        assert words in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert files["cumulative.png"].startswith(b"\x89PNG")


def test_hostile_names_reach_no_formula_and_no_markup(tmp_path: Path) -> None:
    found = read(tmp_path, '2020-01-01,"=cmd()",KP,1000,,,,', "2020-01-02,<script>x</script>\u202e,KP,1000,,,,")
    files = ledger_files(found, None, year=None, params=QUICK, version="0")
    names = [row["vessel_name"] for row in table(files, "deliveries")]
    assert names[0] == "'=cmd()"
    assert "\u202e" not in names[1]
    assert b"<script>" not in files["ledger.html"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyInputError),
        (b"date,vessel_name\n2020-01-01,A\n", MissingColumnError),
        (b"\xff\xfe\x00\x01", InputError),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(error):
        read_deliveries(path, today=TODAY, utc_offset_h=9)


def test_an_empty_year_and_an_unknown_set_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["ledger", "--deliveries", str(FIXTURE), "--year", "2019", "--to", str(tmp_path / "a")]) == 0
    assert "No delivery" in capsys.readouterr().err
    assert call(["ledger", "--deliveries", str(FIXTURE), "--factor-set", "comittee", "--to", str(tmp_path / "b")]) == 2
    assert "committee" in capsys.readouterr().err
    assert call(["ledger", "--to", str(tmp_path / "c")]) == 2


def test_transfers_of_a_case_are_a_ledger_of_their_own(tmp_path: Path) -> None:
    start = datetime(2020, 1, 31, 16, tzinfo=UTC)
    base: dict[str, object] = dict.fromkeys(SHOWN)
    base |= {
        "type": "encounter",
        "in_port": False,
        "start_time": start,
        "end_time": start,
        "mmsi_1": 1,
        "mmsi_2": 2,
        "event_id": "a",
    }
    weighed = base | {f"cargo_{name}_t": t for name, t in (("low", 900.0), ("best", 1000.0), ("high", 1200.0))}
    weighed |= {"cargo_s33_t": 660.0, "cargo_s50_t": 1000.0, "cargo_s90_t": 1800.0, "cargo_grade": "A"}
    events = [weighed | {"verdict": "likely"}] * 10 + [base | {"verdict": "possible"}, base | {"verdict": "unlikely"}]
    files, totals = transfer_files(events, is_synthetic=False, params=LedgerParams())
    assert (totals["likely"]["n"], totals["likely_and_possible"]["n"]) == (10, 11)
    assert totals["likely_by_stricter_wording"]["n"] == 0
    low, middle, high = totals["likely"]["tonnes_p10_p50_p90"]
    assert 9_000 < low < middle < high < 12_000
    assert {row["month"] for row in table(files, "transfers_monthly")} == {"2020-02"}
    assert len(table(files, "transfers")) == 11


def test_the_declared_curve_adds_each_figure_once_and_stays_a_series_of_its_own() -> None:
    found = read_deliveries(FIXTURE, today=TODAY, utc_offset_h=9)
    declared = read_declared(FIXTURE.parents[2] / "tracker" / "data" / "cargo" / "declared_refined_petroleum.csv")
    files = ledger_files(found, declared, year=2020, params=QUICK, version="0")
    assert "declared: 120,023 bbl" in files["cumulative.svg"].decode()
    (year,) = json.loads(files["summary.json"])["years"]
    assert year["declared"]["bbl_finest_periods"] == pytest.approx(120_023, abs=1)
    assert "120,023" not in files["cumulative.csv"].decode()


def test_rows_that_contradict_themselves_or_one_another_are_named(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "2020-01-01,A,CN,1000,1500,,DPRK,9187629",
        "2020-02-01,A,CN,2000,,,,9187629",
        "2020-02-29,B,CN,2000,,,,1234568",
        "2019-02-29,C,CN,2000,,,,",
        "1999-01-01,D,CN,2000,,,,",
        '2020-03-01,E,CN,"2,5",,,,',
    )
    text = "\n".join(found.faults.lines())
    assert len(found.rows) == 4
    for words in (
        *("above the ship's deadweight", "class against the flag", "several deadweights", "IMO number that is none"),
        *("the date is no date", "before any measure", "no weight of a ship"),
    ):
        assert words in text
    assert [d.dwt_t for d in found.rows] == [1000, 2000, 2000, None]


def test_the_last_hours_of_a_utc_year_belong_to_the_next_year_in_korea(tmp_path: Path) -> None:
    found = read(tmp_path, "2019-12-31T15:30:00Z,A,KP,1000,,,,", "2019-12-31T14:59:59Z,B,KP,1000,,,,")
    assert [(one.year, [d.vessel_name for d in one.rows]) for one in years_of(found.rows)] == [
        (2019, ["B"]),
        (2020, ["A"]),
    ]


def test_the_figure_enlarges_the_passing_of_the_cap_and_draws_no_cap_where_none_held(tmp_path: Path) -> None:
    found = read_deliveries(FIXTURE, today=TODAY, utc_offset_h=9)
    svg = ledger_files(found, None, year=2020, params=QUICK, version="0")["cumulative.svg"].decode()
    assert "Enlarged" in svg
    assert "12 Apr" in svg
    early = ledger_files(read(tmp_path, "2017-05-01,A,KP,1000,,,,"), None, year=None, params=QUICK, version="0")
    assert "no cap in barrels" in early["cumulative.svg"].decode()
    assert "cap: 500,000" not in early["cumulative.svg"].decode()


def test_a_table_parted_by_semicolons_is_read_and_one_with_a_column_twice_refused(tmp_path: Path) -> None:
    found = read(tmp_path, "2020-01-01;A;KP;1000", header="date;vessel_name;flag;dwt_t\n")
    assert found.rows[0].dwt_t == 1000
    with pytest.raises(InputError, match="twice"):
        read(tmp_path, "2020-01-01,A,KP,1000,2000", header="date,vessel_name,flag,dwt_t,dwt_t\n")
