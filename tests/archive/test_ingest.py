"""What a case holds after reading: each report once, wherever and however often it came."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archive.reports_made_up import (
    DAY_MS,
    START_MS,
    batch_of,
    files_of,
    ingest,
    positions,
    read_in,
    rejects,
    statics,
)
from tracker.archive import transaction as transaction_module
from tracker.archive.case import open_case
from tracker.archive.database import open_reader
from tracker.errors import CaseError, NotACaseError
from tracker.tables.positions import POSITIONS


def test_the_same_file_read_twice_changes_nothing(tmp_path: Path) -> None:
    reports = batch_of(positions(500), static=statics(["LADY"]), reject=rejects(3))
    case = ingest(tmp_path / "case", "first", reports)
    before = files_of(case.path)
    ingest(case.path, "first", reports)
    assert files_of(case.path) == before
    assert [(entry.digest, entry.rows) for entry in case.ledger()] == [("first", 504)]


def test_the_same_reports_in_another_file_are_counted_as_copies_of_that_file(tmp_path: Path) -> None:
    reports = positions(500)
    case = ingest(tmp_path / "case", "first", batch_of(reports))
    before = files_of(case.path)
    ingest(case.path, "second", batch_of(reports.slice(0, 200)), batch_of(positions(50, seed=9)))
    first, second = case.ledger()
    assert (first.positions_read, first.positions_new, first.duplicates) == (500, 500, 0)
    assert (second.positions_read, second.positions_new, second.duplicates) == (250, 50, 200)
    assert case.store().rows == 550
    assert files_of(case.path).keys() != before.keys()


@settings(max_examples=8)  # each example writes two cases
@given(
    seed=st.integers(0, 5),
    cuts=st.lists(st.integers(0, 300), max_size=6),
    shuffle=st.integers(0, 1000),
    repeated=st.integers(0, 100),
    buffer_rows=st.sampled_from([20, 150, 10_000]),
    slice_rows=st.sampled_from([50, 10_000]),
)
def test_cutting_shuffling_and_repeating_the_reports_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    cuts: list[int],
    shuffle: int,
    repeated: int,
    buffer_rows: int,
    slice_rows: int,
) -> None:
    folder = tmp_path_factory.mktemp("law")
    reports = positions(300, seed=seed, vessels=3, days=3)
    whole = ingest(folder / "whole", "a", batch_of(reports))
    order = np.random.default_rng(shuffle).permutation(300)
    mixed = pa.concat_tables([reports.take(pa.array(order)), reports.slice(0, repeated)])
    edges = [0, *sorted(cuts), mixed.num_rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction_module, "SLICE_ROWS", slice_rows)
        with open_case(folder / "cut", create=True).writer(buffer_rows=buffer_rows) as transaction:
            for number, (start, end) in enumerate(pairwise(edges)):
                read_in(transaction, f"piece {number}", batch_of(mixed.slice(start, end - start)))
            transaction.commit()
    assert files_of(folder / "cut") == files_of(whole.path)
    ledger = open_case(folder / "cut").ledger()
    assert sum(entry.positions_new for entry in ledger) == 300
    assert sum(entry.duplicates for entry in ledger) == repeated


def test_reports_that_differ_in_one_column_only_are_all_kept(tmp_path: Path) -> None:
    one = {"time": datetime(2020, 1, 31, tzinfo=UTC), "mmsi": 200_000_001, "lon_e7": 0, "lat_e7": 10, "flags": 0}
    variants = [
        {},
        {"lon_e7": 1},
        {"lat_e7": 11},
        {"sog_kn": 0.0},
        {"cog_deg": 0.0},
        {"heading_deg": 0.0},
        {"nav_status": 0},
        {"msg_type": 1},
        {"ais_class": "A"},
        {"ais_class": ""},
        {"flags": 1},
        {"station": "x"},
    ]
    table = POSITIONS.from_rows(one | change for change in variants)
    case = ingest(tmp_path / "case", "a", batch_of(pa.concat_tables([table, table])))
    assert case.store().rows == len(variants)
    assert case.ledger()[0].duplicates == len(variants)


def test_nan_is_unknown_and_minus_zero_is_zero(tmp_path: Path) -> None:
    one = {"time": datetime(2020, 1, 31, tzinfo=UTC), "mmsi": 200_000_001, "lon_e7": 0, "lat_e7": 10, "flags": 0}
    speeds = [float("nan"), None, 0.0, -0.0]
    table = POSITIONS.from_rows(one | {"sog_kn": speed} for speed in speeds)
    stored = ingest(tmp_path / "case", "a", batch_of(table)).store().positions(columns=["sog_kn"])
    assert stored.column("sog_kn").to_pylist() == [None, 0.0]


def test_a_late_file_joins_its_day_and_leaves_the_other_days_alone(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "first", batch_of(positions(400, days=3)))
    before = files_of(case.path)
    late = positions(100, seed=7, days=1)
    ingest(case.path, "late", batch_of(late))
    after = files_of(case.path)
    assert {name.split("/")[1] for name in before.keys() - after.keys()} == {"date=2020-01-31"}
    assert {name.split("/")[1] for name in after.keys() - before.keys()} == {"date=2020-01-31"}
    times = case.store().positions().column("time").to_pylist()
    assert len(times) == 500
    assert times == sorted(times)
    assert case.store().days() == [date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)]


def test_one_bad_file_loses_all_its_rows_and_the_others_keep_theirs(tmp_path: Path) -> None:
    good, bad, fine = positions(300, seed=1), positions(300, seed=2), positions(300, seed=3)
    with open_case(tmp_path / "case", create=True).writer(buffer_rows=100) as transaction:
        read_in(transaction, "good", batch_of(good, static=statics(["GOOD"]), reject=rejects(2)))
        transaction.add(batch_of(bad, static=statics(["BAD"]), reject=rejects(5)))
        transaction.drop_input()
        entry = read_in(transaction, "fine", batch_of(fine))
        assert entry.rows == 300
        transaction.commit()
    alone = ingest(tmp_path / "alone", "good", batch_of(good, static=statics(["GOOD"]), reject=rejects(2)))
    ingest(alone.path, "fine", batch_of(fine))
    assert files_of(tmp_path / "case") == files_of(alone.path)
    assert [entry.digest for entry in open_case(tmp_path / "case").ledger()] == ["fine", "good"]


def test_a_half_read_input_is_never_committed(tmp_path: Path) -> None:
    with open_case(tmp_path / "case", create=True).writer() as transaction:
        transaction.add(batch_of(positions(10)))
        with pytest.raises(CaseError, match="half read"):
            transaction.commit()
    assert not (tmp_path / "case").exists()


def test_the_ledger_accounts_for_every_row(tmp_path: Path) -> None:
    reports = batch_of(positions(40), static=statics(["A", "B"]), reject=rejects(5))
    more = batch_of(positions(10), reject=rejects(2, reason="bad_mmsi"))
    case = ingest(tmp_path / "case", "a", reports, more)
    entry = case.ledger()[0]
    assert entry.rows == 59 == entry.positions_read + entry.static_rows + entry.rejects
    assert entry.positions_read == 50 == entry.positions_new + entry.duplicates
    assert entry.reject_reasons == {"bad_time": 5, "bad_mmsi": 2}
    assert case.rejects().num_rows == 7
    assert case.rejects(reason="bad_mmsi").num_rows == 2


def test_statics_add_their_counts_and_widen_their_times(tmp_path: Path) -> None:
    early, late = statics(["LADY"], reports=2), statics(["LADY", None], at_ms=START_MS + 3_600_000, reports=3)
    for order in ([early, late], [late, early]):
        case = tmp_path / f"case{id(order)}"
        for number, table in enumerate(order):
            ingest(case, f"file {number}", batch_of(positions(0), static=table))
        rows = open_case(case).store().statics().to_pylist()
        assert [(row["name"], row["reports"]) for row in rows] == [("LADY", 5), (None, 3)]
        assert (rows[0]["last_time"] - rows[0]["time"]).total_seconds() == 3600


def test_statics_of_two_days_are_two_rows(tmp_path: Path) -> None:
    both = pa.concat_tables([statics(["LADY"]), statics(["LADY"], at_ms=START_MS + DAY_MS)])
    case = ingest(tmp_path / "case", "a", batch_of(positions(0), static=both))
    assert case.store().statics().num_rows == 2
    assert case.store().statics(since=datetime(2020, 2, 1, tzinfo=UTC)).num_rows == 1
    assert case.store().statics(mmsis=[1]).num_rows == 0


def test_the_database_knows_the_vessels_and_their_draughts(tmp_path: Path) -> None:
    reports = positions(200, vessels=4, days=2)
    case = ingest(tmp_path / "case", "a", batch_of(reports.slice(0, 150), static=statics(["LADY", "LADY II"])))
    ingest(case.path, "b", batch_of(reports.slice(100)))
    with open_reader(case.path / "tracker.duckdb") as connection:
        heard = dict(connection.execute("SELECT mmsi, positions FROM vessels").fetchall())
        draughts = connection.execute("SELECT mmsi, draught_m, reports FROM draughts").fetchall()
    values, counts = np.unique(reports.column("mmsi").to_numpy(), return_counts=True)
    assert heard == dict(zip(values.tolist(), counts.tolist(), strict=True))
    assert draughts == [(200_000_001, 7.5, 2)]


def test_every_column_of_the_database_says_what_it_means(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "a", batch_of(positions(1)))
    with open_reader(case.path / "tracker.duckdb") as connection:
        silent = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = '' "
            "AND table_name NOT IN ('meta', 'vessels')"
        ).fetchall()
    assert silent == []


def test_a_folder_that_holds_other_things_is_never_made_a_case(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x")
    with pytest.raises(NotACaseError, match=r"dear\.txt"):
        open_case(tmp_path / "letters", create=True)
    with pytest.raises(NotACaseError, match="no case in"):
        open_case(tmp_path / "nowhere")
    with pytest.raises(NotACaseError, match="is a file"):
        open_case(tmp_path / "letters" / "dear.txt", create=True)
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "tracker.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(NotACaseError, match="not a DuckDB file"):
        open_case(tmp_path / "junk", create=True)


def test_a_database_of_another_program_is_not_a_case(tmp_path: Path) -> None:
    import duckdb

    (tmp_path / "case").mkdir()
    with duckdb.connect(str(tmp_path / "case" / "tracker.duckdb")) as connection:
        connection.execute("CREATE TABLE other (a INTEGER)")
    with pytest.raises(NotACaseError, match="not one of tracker's"):
        open_case(tmp_path / "case", create=True)
