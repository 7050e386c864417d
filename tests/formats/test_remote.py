"""Inputs in an object store are read like files of this machine; what cannot be fetched costs itself and says why."""

import importlib.util
import io
import zipfile
from pathlib import Path

import fsspec
import pytest

from tests.formats.synthetic_tables import CSV
from tracker.cli import call
from tracker.errors import EmptyInputError, InputError
from tracker.formats.source import expand, fetched, look


@pytest.fixture
def store():
    """An object store in memory with two days, an archive and a remark."""
    memory = fsspec.filesystem("memory")
    memory.pipe("/ais/2023/a.csv", CSV.encode())
    memory.pipe("/ais/2023/b.csv", CSV.replace("\n", "\n\n").encode())
    memory.pipe("/ais/README.md", b"no AIS")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.csv", CSV)
        archive.writestr("two.csv", CSV + CSV.split("\n")[1] + "\n")
    memory.pipe("/ais/packed.zip", packed.getvalue())
    yield memory
    memory.rm("/ais", recursive=True)


def test_a_folder_a_pattern_and_a_file_of_a_store_become_sources(store):
    sources, skipped = expand(["memory://ais"])
    assert [source.name.rpartition("ais/")[2] for source in sources] == ["2023/a.csv", "2023/b.csv", "packed.zip"]
    assert [Path(name).name for name in skipped] == ["README.md"]
    assert [source.path.name for source in expand(["memory://ais/2023/*.csv"])[0]] == ["a.csv", "b.csv"]
    (only,), _ = expand(["memory://ais/2023/b.csv"])
    assert only.size_bytes == store.size("/ais/2023/b.csv")


def test_a_fetched_file_is_gone_when_its_turn_is_over(store):
    (source,), _ = expand(["memory://ais/2023/a.csv"])
    with fetched(source) as (here,):
        assert look(here).head == CSV.encode()
        path = here.path
    assert not path.exists()


def test_members_of_a_fetched_archive_carry_its_address(store):
    (source,), _ = expand(["memory://ais/packed.zip"])
    with fetched(source) as members:
        assert [member.name for member in members] == [f"{source.name}!one.csv", f"{source.name}!two.csv"]


def test_what_is_not_there_is_an_error_that_names_it(store):
    with pytest.raises(EmptyInputError, match="memory://ais/none"):
        expand(["memory://ais/none"])
    (source,), _ = expand(["memory://ais/2023/a.csv"])
    store.rm("/ais/2023/a.csv")
    with pytest.raises(InputError, match=r"a\.csv is not there"), fetched(source):
        pass
    with pytest.raises(InputError, match="nosuch"):
        expand(["nosuch://bucket/day.csv"])


@pytest.mark.skipif(importlib.util.find_spec("s3fs") is not None, reason="s3fs is installed here")
def test_a_store_whose_package_is_missing_says_which_to_install():
    with pytest.raises(InputError, match="pip install s3fs"):
        expand(["s3://bucket/day.csv"])


def test_a_case_made_from_a_store_equals_one_made_from_files(store, tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(store.cat(f"/ais/2023/{name}"))
    for inputs, case in (([f"file://{tmp_path}/*.csv"], "far"), ([str(tmp_path / "*.csv")], "near")):
        assert call(["ingest", *inputs, "--case", str(tmp_path / case)]) == 0
    parts = [sorted((tmp_path / case / "positions").rglob("*.parquet")) for case in ("far", "near")]
    assert parts[0]
    assert [path.name for path in parts[0]] == [path.name for path in parts[1]]


def test_one_input_that_cannot_be_fetched_does_not_cost_the_others(store, tmp_path, monkeypatch, capsys):
    real = type(store).get_file

    def get_file(self, rpath, lpath, **options):
        if rpath.endswith("a.csv"):
            raise ConnectionResetError("the line went dead")
        return real(self, rpath, lpath, **options)

    monkeypatch.setattr(type(store), "get_file", get_file)
    call(["ingest", "memory://ais/2023", "--case", str(tmp_path / "case")])
    told = capsys.readouterr().err
    assert "a.csv" in told
    assert "the line went dead" in told
    assert (tmp_path / "case" / "positions").exists()
