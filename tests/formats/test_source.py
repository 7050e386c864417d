"""Files, folders, patterns and archives become sources; what is not AIS is said, what is broken costs itself."""

import gzip
import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from tests.formats.synthetic_tables import CSV, NOAA
from tracker.errors import (
    CorruptInputError,
    EmptyInputError,
    InputError,
    StorageError,
    UnknownFormatError,
    UnknownNameError,
)
from tracker.formats.format import ReadOptions
from tracker.formats.source import digest, expand, look, recognise


def names(*inputs: Path | str) -> list[str]:
    """Names of the sources behind some inputs, below the folder of the first."""
    return [Path(source.name).name for source in expand(list(inputs))[0]]


def make(folder: Path, *files: str) -> None:
    """Files that hold a table."""
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(CSV)


def test_a_folder_is_read_through_and_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.csv", "a/2.csv", "a/1.csv", "c.csv")
    assert names(tmp_path) == ["1.csv", "2.csv", "b.csv", "c.csv"]


def test_what_is_not_ais_by_its_name_is_passed_over_in_a_folder_and_said(tmp_path: Path) -> None:
    make(tmp_path, "a.csv", "README.md", "LICENSE", "truth.csv", "labels.json", "a.csv.sha256", "SHA256SUMS")
    make(tmp_path, ".hidden.csv", ".git/config.csv")
    sources, skipped = expand([tmp_path])
    assert [source.path.name for source in sources] == ["a.csv"]
    assert sorted(Path(name).name for name in skipped) == [
        "LICENSE",
        "README.md",
        "SHA256SUMS",
        "a.csv.sha256",
        "labels.json",
        "truth.csv",
    ]
    assert names(tmp_path / "truth.csv") == ["truth.csv"]


def test_a_case_of_ours_inside_a_folder_is_not_read_as_ais(tmp_path: Path) -> None:
    make(tmp_path, "a.csv", "case/tracker.duckdb", "case/positions/date=2023-11-14/part.parquet")
    sources, skipped = expand([tmp_path])
    assert [source.path.name for source in sources] == ["a.csv"]
    assert skipped == [f"{tmp_path / 'case'} (a case)"]


def test_patterns_find_files_and_folders(tmp_path: Path) -> None:
    make(tmp_path, "x1.csv", "x2.csv", "y.csv", "xfolder/z.csv")
    assert names(f"{tmp_path}/x*") == ["x1.csv", "x2.csv", "z.csv"]
    assert names(f"{tmp_path}/**/*.csv") == ["x1.csv", "x2.csv", "z.csv", "y.csv"]


def test_a_file_with_marks_of_a_pattern_in_its_name_is_that_file(tmp_path: Path) -> None:
    make(tmp_path, "a[1].csv", "a1.csv")
    assert names(tmp_path / "a[1].csv") == ["a[1].csv"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    make(tmp_path, "a.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    assert names(tmp_path / "a.csv", tmp_path, f"{tmp_path}/*.csv") == ["a.csv"]


def test_folders_that_link_in_a_circle_end(tmp_path: Path) -> None:
    make(tmp_path / "data", "a.csv")
    (tmp_path / "data" / "again").symlink_to(tmp_path / "data")
    (tmp_path / "elsewhere").mkdir()
    make(tmp_path / "elsewhere", "b.csv")
    (tmp_path / "data" / "more").symlink_to(tmp_path / "elsewhere")
    assert names(tmp_path / "data") == ["a.csv", "b.csv"]


def test_what_is_not_there_and_a_folder_without_ais_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(EmptyInputError, match="no file, folder or pattern"):
        expand([tmp_path / "nothing"])
    make(tmp_path, "README.md")
    with pytest.raises(EmptyInputError, match=r"holds no AIS file \(1 other"):
        expand([tmp_path])


def test_what_is_neither_file_nor_folder_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        expand([tmp_path / "pipe"])


def test_each_file_of_an_archive_is_a_source(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ais.zip", "w") as archive:
        for name in ("two.csv", "one.csv", "README.md"):
            archive.writestr(name, CSV)
    sources, _ = expand([tmp_path])
    assert [source.member for source in sources] == ["one.csv", "two.csv"]
    assert len({digest(source) for source in sources}) == 2
    assert [look(source).head for source in sources] == [CSV.encode()] * 2


def test_a_bad_archive_costs_itself_only(tmp_path: Path) -> None:
    make(tmp_path, "a.csv", "b.zip")
    good, bad = expand([tmp_path])[0]
    assert look(good).head
    with pytest.raises(CorruptInputError, match=r"b\.zip is truncated or damaged"):
        look(bad)
    with zipfile.ZipFile(tmp_path / "b.zip", "w"):
        pass
    with pytest.raises(EmptyInputError, match="holds no AIS file"):
        look(expand([tmp_path / "b.zip"])[0][0])


def test_an_encrypted_archive_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", CSV)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.csv is encrypted"):
        look(expand([path])[0][0])


def test_no_permission_is_said_with_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.csv")
    source = expand([tmp_path])[0][0]

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StorageError, match=r"No permission to read .*a\.csv"):
        look(source)
    with pytest.raises(StorageError, match=r"No permission to read .*a\.csv"):
        digest(source)


@pytest.mark.parametrize("content", [b"", b"\n\r\n", b"\x00" * 5000, b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_said_to_be_empty(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(EmptyInputError, match=r"a\.csv is empty"):
        look(expand([tmp_path])[0][0])


def test_progress_is_told_in_bytes_of_the_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(os.urandom(3_000_000)))
    source = expand([path])[0][0]
    with source.open() as stream:
        stream.read(1_000_000)
        half = stream.tell_compressed()  # type: ignore[attr-defined]
        stream.read()
        assert 0 < half < stream.tell_compressed() == source.size_bytes  # type: ignore[attr-defined]


def test_what_a_small_file_unpacks_to_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"0" * 50_000_000))
    source = look(expand([path])[0][0])
    assert len(source.head) == 65_536


def test_the_digest_is_of_the_file_as_it_lies(tmp_path: Path) -> None:
    make(tmp_path, "a.csv")
    assert digest(expand([tmp_path])[0][0]) == hashlib.sha256(CSV.encode()).hexdigest()


def test_a_format_that_is_named_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(NOAA)
    source = look(expand([tmp_path])[0][0])
    assert recognise(source, ReadOptions()).name == "noaa-csv"
    assert recognise(source, ReadOptions(), format_name="csv").name == "csv"
    with pytest.raises(UnknownNameError, match="noaa-csv"):
        recognise(source, ReadOptions(), format_name="noaacsv")


def test_a_table_that_nobody_knows_hears_what_it_lacks_and_how_to_map_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("SHIPID,LAT,LON,WHEN\n1,2,3,4\n")
    source = look(expand([tmp_path])[0][0])
    with pytest.raises(UnknownFormatError, match=r"none is known as time, mmsi\.(.|\n)*\[columns\] time = ") as caught:
        recognise(source, ReadOptions())
    assert len(str(caught.value).splitlines()) == 2
    columns = {"mmsi": "SHIPID", "time": "WHEN"}
    assert recognise(source, ReadOptions(columns=columns)).name == "csv"


def test_binary_noise_is_no_format(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 300)
    with pytest.raises(UnknownFormatError, match=r"a\.bin is no AIS format"):
        recognise(look(expand([tmp_path])[0][0]), ReadOptions())
