"""Read-only SQL: what may be asked of a case, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.views.scene import case_of_a_meeting
from tracker.archive.case import open_case
from tracker.archive.sql import VIEWS, ask
from tracker.cli.tell import sql
from tracker.errors import UsageError

MAY_BE_EMPTY = {
    "outages",
    "segments",
    "set_aside",
    "retractions",
    "notes",
    "lists_used",
    "stops",
    "anchorages",
    "voyages",
    "round_trips",
    "deliveries",
    "detections",
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return case_of_a_meeting(tmp_path_factory.mktemp("sql"))


@pytest.mark.parametrize("view", VIEWS)
def test_every_documented_view_can_be_asked(case: Any, view: str) -> None:
    rows = ask(case, f"SELECT count(*) AS n FROM {view}").to_pylist()[0]["n"]
    assert rows > 0 or view in MAY_BE_EMPTY


def test_positions_are_in_degrees_and_join_to_events(case: Any) -> None:
    text = (
        "SELECT count(*) AS n, min(p.lat) AS lat, sum(1::HUGEINT) AS big, max(p.time)::DATE AS day FROM events e "
        "JOIN positions p ON p.mmsi = e.mmsi_1 AND p.time BETWEEN e.start_time AND e.end_time"
    )
    row = ask(case, text).to_pylist()[0]
    assert row["n"] > 10
    assert 29 < row["lat"] < 31
    assert row["big"] == row["n"]
    assert row["day"] == "2020-01-10"


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM casefile.events",
        "UPDATE casefile.events SET confidence = 1",
        "DROP VIEW events",
        "CREATE TABLE t AS SELECT 1",
        "COPY events TO 'stolen.csv'",
        "ATTACH 'other.duckdb' AS other",
        "SET enable_external_access = true",
        "INSTALL spatial",
        "PRAGMA database_list",
        "SELECT 1; DROP VIEW events",
        "",
        "SELECT * FROM nowhere",
        "SELECT * FROM read_csv('pyproject.toml')",
        "SELECT * FROM read_text('run.json')",
        "SELECT * FROM 'pyproject.toml'",
        "SELECT getenv('HOME')",
        "not sql at all",
    ],
)
def test_whatever_is_not_one_question_to_the_case_is_refused_and_changes_nothing(case: Any, query: str) -> None:
    def digest() -> dict[str, str]:
        files = [path for path in sorted(case.path.rglob("*")) if path.is_file()]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = digest()
    with pytest.raises(UsageError):
        ask(case, query)
    assert digest() == before


def test_the_command_answers_on_standard_output_as_table_csv_and_json(case: Any) -> None:
    run = CliRunner()
    asked = [str(case.path), "SELECT '=1+1' AS name, [1, 2] AS numbers, 0.5::DECIMAL(3, 1) AS half"]
    assert run.invoke(sql, asked).stdout == "name  numbers  half\n=1+1  [1, 2]   0.5\n"
    assert run.invoke(sql, [*asked, "--as", "csv"]).stdout == 'name,numbers,half\n\'=1+1,"[1, 2]",0.5\n'
    assert run.invoke(sql, [*asked, "--as", "json"]).stdout == '[\n{"name":"=1+1","numbers":"[1, 2]","half":0.5}\n]\n'
    assert "positions" in run.invoke(sql, [str(case.path)]).stdout


def test_a_folder_that_is_no_case_is_said_to_be_none(tmp_path: Path) -> None:
    result = CliRunner().invoke(sql, [str(tmp_path), "SELECT 1"])
    assert "no case" in str(result.exception)
    assert not list(tmp_path.iterdir())
    assert open_case
