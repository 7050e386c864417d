"""Events in a real PostGIS: the same rows, the same places, whole runs or nothing, and no password in a message."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import find_program
from tests.exporters.events_made_up import HOSTILE, PROVENANCE, encounter
from tests.exporters.test_desk_formats import track
from tracker.errors import StorageError, TargetExistsError, UsageError
from tracker.exporters.beside import Beside
from tracker.exporters.postgis import is_database, without_password, write_to_postgis
from tracker.tables.events import EVENTS

pytestmark = [pytest.mark.postgres, pytest.mark.needs("psycopg")]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an own database cluster on loopback, started here and gone after."""
    initdb = find_program("postgres")
    assert initdb is not None
    folder = tmp_path_factory.mktemp("postgres")
    place = folder / "cluster"
    place.mkdir()
    # PostgreSQL refuses to run as root: it then runs as the account that Debian made for it.
    as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if as_other:
        for part in (folder, *folder.parents[: len(folder.parents) - 2]):
            part.chmod(part.stat().st_mode | 0o011)
        shutil.chown(place, "postgres", "postgres")

    def call(program: str, *arguments: str) -> None:
        command = [*as_other, str(initdb.parent / program), "-D", str(place), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=place, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr

    call("initdb", "-U", "analyst", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
    port = 20_000 + os.getpid() % 20_000
    options = f"-F -h 127.0.0.1 -p {port} -k {place}"
    call("pg_ctl", "-w", "-l", str(place / "log"), "-o", options, "start")
    yield f"postgresql://analyst:secret@127.0.0.1:{port}/postgres"
    call("pg_ctl", "-w", "-m", "immediate", "stop")


@pytest.fixture
def address(cluster: str) -> str:
    """The database without a schema of ours."""
    ask(cluster, "DROP SCHEMA IF EXISTS tracker CASCADE")
    return cluster


def ask(address: str, sql: str) -> list[Any]:
    """Rows of a query; nothing for a statement without rows."""
    import psycopg

    with psycopg.connect(address) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def beside() -> Beside:
    """A ship that crosses the antimeridian with a silence of five hours, and a port with a hostile name."""
    return Beside({111: track(111, hours=[0.0, 0.5, 6.0, 6.5])}, ((HOSTILE[0], 179.0, -17.0),))


def test_the_database_holds_the_same_rows_with_places_that_postgis_can_measure(address: str) -> None:
    table = EVENTS.from_rows([encounter(n, name=name) for n, name in enumerate(HOSTILE)])
    write_to_postgis(table, address, provenance=PROVENANCE, beside=beside)
    rows = ask(address, "SELECT event_id, name_1, listed_2, start_time FROM tracker.events ORDER BY start_time")
    wanted = table.sort_by("start_time").to_pylist()
    assert [(r[0], r[2], r[3]) for r in rows] == [(w["event_id"], w["listed_2"], w["start_time"]) for w in wanted]
    assert "\u202e" not in "".join(r[1] or "" for r in rows)
    near = "ST_DWithin(geometry::geography, ST_SetSRID(ST_Point(-120.1234567, 33.7654321), 4326)::geography, 1)"
    assert ask(address, f"SELECT count(*) FROM tracker.events WHERE {near}") == [(len(HOSTILE),)]
    assert ask(address, "SELECT count(*), max(duration_h) FROM tracker.gaps") == [(1, 5.5)]
    assert ask(address, "SELECT bool_and(ST_IsValid(geometry)), max(ST_NPoints(geometry)) FROM tracker.tracks") == [
        (True, 2)
    ]
    assert ask(address, "SELECT name FROM tracker.ports") == [(HOSTILE[0],)]
    statement = dict(ask(address, "SELECT name, statement FROM tracker.about"))
    assert statement["run"] == PROVENANCE["run_id"]
    assert "consistent with" in statement["wording"]


def test_a_run_is_kept_until_force_and_other_runs_stay_beside_it(address: str) -> None:
    write_to_postgis(EVENTS.from_rows([encounter(1), encounter(2)]), address, provenance=PROVENANCE, beside=Beside)
    with pytest.raises(TargetExistsError, match="--force"):
        write_to_postgis(EVENTS.from_rows([encounter(1)]), address, provenance=PROVENANCE, beside=Beside)
    write_to_postgis(EVENTS.from_rows([encounter(1)]), address, provenance=PROVENANCE, beside=Beside, force=True)
    write_to_postgis(EVENTS.from_rows([]), address, provenance=PROVENANCE | {"run_id": "other"}, beside=Beside)
    assert ask(address, "SELECT run_id, count(*) FROM tracker.events GROUP BY 1") == [("run", 1)]
    assert ask(address, "SELECT DISTINCT run_id FROM tracker.about ORDER BY 1") == [("other",), ("run",)]


def test_a_fault_half_way_leaves_the_run_before(address: str) -> None:
    write_to_postgis(EVENTS.from_rows([encounter(1)]), address, provenance=PROVENANCE, beside=Beside)
    twice = EVENTS.from_rows([encounter(2), encounter(2)])
    with pytest.raises(StorageError, match="Nothing was written"):
        write_to_postgis(twice, address, provenance=PROVENANCE, beside=Beside, force=True)
    assert ask(address, "SELECT count(*) FROM tracker.events") == [(1,)]


def test_an_address_without_a_database_is_an_error_of_two_lines_without_the_password() -> None:
    with pytest.raises(UsageError, match="%40"):
        write_to_postgis(EVENTS.from_rows([]), "postgresql://a:se@cret@h/d", provenance=PROVENANCE, beside=Beside)
    address = "postgresql://analyst:secret@127.0.0.1:9/nowhere"
    with pytest.raises(StorageError) as refusal:
        write_to_postgis(EVENTS.from_rows([]), address, provenance=PROVENANCE, beside=Beside)
    assert "cret" not in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 2


def test_an_address_is_told_from_a_file_and_printed_without_its_password() -> None:
    assert is_database("postgresql://h/d")
    assert not is_database("out/postgresql.csv")
    assert without_password("postgresql://a:b@h:5/d") == "postgresql://a@h:5/d"
    assert without_password("postgresql://h/d?user=a&password=b&x=1") == "postgresql://h/d?user=a&password=...&x=1"
