"""The packaged database that a case begins with is the one that the steps of the schema make."""

import gzip
from pathlib import Path

import duckdb

from tracker.archive.database import EMPTY, make_empty, open_copy, schema_of
from tracker.archive.schema import newest

DESCRIBED = (
    "SELECT table_name, sql, comment FROM duckdb_tables() ORDER BY ALL",
    "SELECT table_name, column_name, column_index, data_type, is_nullable, comment FROM duckdb_columns() ORDER BY ALL",
    "SELECT view_name, sql, comment FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
    "SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints() ORDER BY ALL",
    "SELECT * FROM meta ORDER BY ALL",
)


def described(path: Path) -> list[list[tuple]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return [connection.execute(query).fetchall() for query in DESCRIBED]


def test_the_packaged_empty_database_is_what_the_steps_of_the_schema_make(tmp_path: Path):
    packaged, made = tmp_path / "packaged.duckdb", tmp_path / "made.duckdb"
    packaged.write_bytes(gzip.decompress(EMPTY.read_bytes()))
    make_empty(made)
    assert described(packaged) == described(made), "run: python3 scripts/build_empty_case.py"
    assert all(described(made))


def test_a_new_case_begins_with_the_newest_schema(tmp_path: Path):
    target = tmp_path / "tracker.duckdb"
    with open_copy(tmp_path / "none", target) as connection:
        assert schema_of(connection, path=target) == newest()
    assert not list(tmp_path.glob("*.bak"))
