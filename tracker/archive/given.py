"""Tables that users gave beside AIS (known incidents, measurements of cargo): kept whole with the case."""

from collections.abc import Sequence
from typing import Any

from tracker.tables.given import GivenTable


def write_given(connection: Any, tables: Sequence[GivenTable], /) -> None:
    """Make these the given tables of the case."""
    connection.execute("DELETE FROM user_tables")
    for one in tables:
        connection.execute(
            "INSERT INTO user_tables (role, name, digest, content) VALUES (?, ?, ?, ?)",
            [one.role, one.name, one.digest, one.content],
        )


def read_given_tables(connection: Any, /) -> list[GivenTable]:
    """Given tables of the case, by role and name."""
    found = connection.execute("SELECT role, name, digest, content FROM user_tables ORDER BY role, name").fetchall()
    return [GivenTable(*row) for row in found]
