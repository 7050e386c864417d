"""Bad input costs itself and nothing else: one clear error, the documented exit code, the case untouched."""

import gzip
import io
import json
import lzma
import os
import random
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from tests.cli.calling import Caller, accounted, rows_told, state_of, with_field, without_privileges, write_lines
from tracker.cli import call

NOISE = random.Random(1).randbytes(60_000)


def zipped(text: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", text)
    return buffer.getvalue()


def zstd(text: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(text, asbytes=True))


BAD_FILES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "letter.txt": (lambda _: b"dear sir\nno ship is in here\n", "no AIS format that is known"),
    "empty.csv": (lambda _: b"", "is empty"),
    "blank.csv": (lambda _: b"\n \r\n\n", "is empty"),
    "zeros.csv": (lambda _: b"\x00" * 5000, "is empty"),
    "cut.csv.gz": (lambda raw: gzip.compress(raw)[:2000], "truncated or damaged"),
    "cut.csv.zst": (lambda raw: zstd(raw)[:2000], "truncated or damaged"),
    "cut.csv.xz": (lambda raw: lzma.compress(raw)[:2000], "truncated or damaged"),
    "cut.zip": (lambda raw: zipped(raw)[:-60], "truncated or damaged"),
    "late.csv.gz": (lambda raw: gzip.compress(raw * 30)[:-500], "truncated or damaged"),
    "late.csv.zst": (lambda raw: zstd(raw * 30)[:-200], "truncated or damaged"),
    "hollow.zip": (lambda _: b"PK\x05\x06" + bytes(18), "holds no AIS file"),
    "magic.gz": (lambda _: b"\x1f\x8b", "truncated or damaged"),
    "magic.zst": (lambda _: b"\x28\xb5\x2f\xfd", "truncated or damaged"),
    "columns.csv": (lambda _: b"ship,where,when\n1,2,3\n", "[columns]"),
    "almost.csv": (lambda _: b"MMSI,BaseDateTime,LAT\n412900001,2020-01-01T00:00:00,3\n", "[columns]"),
    "noise.bin": (lambda _: NOISE, "no AIS format that is known"),
    "noise.csv": (lambda _: NOISE, "no AIS format that is known"),
    "noise.csv.gz": (lambda _: gzip.compress(NOISE), "no AIS format that is known"),
    "noise.parquet": (lambda _: b"PAR1" + NOISE + b"PAR1", "not a readable Parquet file"),
    "header.csv": (lambda raw: raw.split(b"\n")[0] + b"\n", "no row"),
    "1985.csv": (lambda raw: raw.replace(b"2020-01-3", b"1985-01-3"), "bad_time"),
    "2150.csv": (lambda raw: raw.replace(b"2020-01-3", b"2150-01-3"), "bad_time"),
    "names.csv": (lambda raw: raw.replace(b"4129000", b"abcdefg"), "bad_mmsi"),
    "long.csv": (lambda raw: raw.split(b"\n")[0] + b"\n" + b"A" * 10_000_000, "No usable position"),
    "wide.csv": (lambda _: b"A," * 1_000_000, "no AIS format that is known"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_error_and_makes_no_case(
    tracker: Caller, tmp_path: Path, meeting_csv: Path, name: str
) -> None:
    make, words = BAD_FILES[name]
    file = tmp_path / name
    file.write_bytes(make(meeting_csv.read_bytes()))
    answer = tracker("run", file, "--case", tmp_path / "case")
    assert answer.code == 3
    assert words in answer.one_error()
    assert str(file) in answer.err
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize("name", ["late.csv.gz", "noise.bin", "header.csv", "cut.zip"])
def test_a_bad_file_leaves_a_case_byte_for_byte_as_it_was(
    tracker: Caller, tmp_path: Path, meeting_csv: Path, finished: Path, name: str
) -> None:
    case = shutil.copytree(finished, tmp_path / "case")
    before = state_of(case)
    file = tmp_path / name
    file.write_bytes(BAD_FILES[name][0](meeting_csv.read_bytes().replace(b"412900001", b"412900011")))
    answer = tracker("ingest", file, "--case", case)
    assert answer.code == 3
    answer.one_error()
    assert state_of(case) == before


@pytest.mark.parametrize("format_name", ["noaa-csv", "dma-csv", "nmea", "aisstream", "gfw-jsonl", "csv", "parquet"])
@pytest.mark.parametrize("content", [NOISE, b"ship,where,when\n1,2,3\n"], ids=["noise", "columns"])
def test_a_format_that_is_insisted_on_finds_nothing_and_says_so(
    tracker: Caller, tmp_path: Path, format_name: str, content: bytes
) -> None:
    file = tmp_path / "file.dat"
    file.write_bytes(content)
    answer = tracker("run", file, "--case", tmp_path / "case", "--format", format_name)
    assert answer.code == 3
    answer.one_error()
    assert not (tmp_path / "case").exists()


def test_names_that_lead_to_nothing_are_bad_input(tracker: Caller, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "harbour.png").write_bytes(b"x")
    (tmp_path / "hollow").mkdir()
    for name in ("pictures", "hollow", "absent.csv", "*.none"):
        answer = tracker("run", tmp_path / name, "--case", tmp_path / "case")
        assert answer.code == 3
        assert name in answer.one_error()
    assert not (tmp_path / "case").exists()


def test_one_bad_file_among_many_is_reported_and_the_rest_is_done(
    tracker: Caller, tmp_path: Path, meeting: list[str]
) -> None:
    folder = tmp_path / "ais"
    folder.mkdir()
    write_lines(folder / "a.csv", meeting)
    (folder / "b.zip").write_bytes(b"PK\x03\x04 and no more")
    (folder / "c.csv.gz").write_bytes(gzip.compress("\n".join(meeting).encode())[:-300])
    (folder / "d.dat").write_bytes(NOISE)
    (folder / "e.csv").write_bytes(b"")
    write_lines(folder / "f.csv", meeting)
    answer = tracker("run", folder, "--case", tmp_path / "case")
    assert answer.code == 1
    told = [line for line in answer.err.splitlines() if line.startswith("tracker: not read:")]
    assert [line.split("/ais/")[1][0] for line in told] == ["b", "c", "d", "e"]
    read = accounted(tmp_path / "case", answer)
    assert read["positions"] == len(meeting) - 1, "of a file that breaks off nothing stays"
    assert "Already in the case: 1 input(s)" in answer.err, "the same file under two names is read once"
    assert "1 likely" in answer.err


# ── who may read and write ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_file_without_permission_is_an_error_that_names_it(
    tracker: Caller, open_folder: Path, meeting_csv: Path, finished: Path
) -> None:
    secret = Path(shutil.copy(meeting_csv, open_folder / "secret.csv"))
    secret.chmod(0)
    (open_folder / "cases").mkdir()
    (open_folder / "cases").chmod(0o777)
    with without_privileges():
        answer = tracker("run", secret, "--case", open_folder / "cases" / "new")
    assert answer.code == 1
    assert f"No permission to read {secret}" in answer.one_error()
    assert list((open_folder / "cases").iterdir()) == []


def test_a_case_that_may_not_be_written_is_an_error_and_stays(
    tracker: Caller, open_folder: Path, meeting: list[str], finished: Path
) -> None:
    more = write_lines(open_folder / "more.csv", [line.replace("4129000", "4139000") for line in meeting])
    case = shutil.copytree(finished, open_folder / "case")
    for path in (case, *case.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = state_of(case)
    with without_privileges():
        answers = [tracker("run", more, "--case", case), tracker("run", more, "--case", open_folder / "new")]
        asked = tracker("events", case, "--as", "csv")
    for answer in answers:
        assert answer.code == 1
        assert "No permission to" in answer.one_error()
    assert state_of(case) == before
    assert not (open_folder / "new").exists()
    assert asked.code == 0, "reading needs no permission to write"


def test_a_full_disk_is_an_error_and_leaves_the_case_as_it_was(
    tracker: Caller, tmp_path: Path, meeting: list[str], finished: Path
) -> None:
    resource = pytest.importorskip("resource")
    more = write_lines(tmp_path / "more.csv", [line.replace("4129000", "4139000") for line in meeting])
    case = shutil.copytree(finished, tmp_path / "case")
    before = state_of(case)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (3_000, 100_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            code = call(["run", str(more), "--case", str(case), "-q"])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert code == 1
        assert state_of(case) == before
    assert tracker("run", more, "--case", case, "-q").code == 0


# ── what stands in the rows ────────────────────────────────────────────────────────────────────────────────────────

MALFORMED = {
    "MMSI": ("", "12", "abc", "4129000010", "1e400", "NaN", "-412900001", "0", "123456789", "2193001"),
    "BaseDateTime": (
        "",
        "2020-13-01T00:00:00",
        "x",
        "1989-12-31T00:00:00",
        "2100-01-01T00:00:00",
        "2020-02-30T00:00:00",
    ),
    "LAT": ("95", "", "abc", "NaN", "1e400", "91", "-91", "inf", "0x1F"),
    "LON": ("181", "", "abc", "NaN", "1e400", "190", "-1e308"),
    "SOG": ("abc", "NaN", "1e400", "-1", "999", "1e39", ""),
    "COG": ("abc", "-45", "1e400", "720", ""),
    "Heading": ("abc", "-1", "400", "1e400", "99999"),
    "IMO": ("12AB", "IMO12AB", "9307838", "99999999999999999999", "IMO"),
    "VesselType": ("abc", "-5", "70000", "1e400"),
    "Status": ("abc", "99", "-1"),
    "Length": ("abc", "-5", "1e9", "NaN"),
    "Width": ("abc", "1e400", "-1"),
    "Draft": ("abc", "99", "-3", "1e-400"),
    "TransceiverClass": ("C", "", "AB"),
}
NEEDED = ("MMSI", "BaseDateTime", "LAT", "LON")


def test_malformed_fields_cost_themselves_and_never_their_row(
    tracker: Caller, tmp_path: Path, meeting: list[str]
) -> None:
    lines, given = meeting, [field for field in MALFORMED if field not in NEEDED]
    for step, field in enumerate(given, start=3):
        lines = with_field(lines, field, MALFORMED[field], step=step)
    answer = tracker("run", write_lines(tmp_path / "a.csv", lines), "--case", tmp_path / "case")
    assert answer.code == 0
    read = accounted(tmp_path / "case", answer)
    assert read["positions"] == read["rows"] == len(meeting) - 1
    faulty = {"sog_kn", "cog_deg", "heading_deg", "imo", "ship_type", "nav_status", "length_m", "beam_m", "draught_m"}
    assert faulty <= set(read["field_faults"])
    assert "1 likely" in answer.err


def test_rows_without_time_place_or_mmsi_are_set_aside_or_only_names(
    tracker: Caller, tmp_path: Path, meeting: list[str]
) -> None:
    lines = meeting
    for step, field in zip((19, 17, 23, 29), NEEDED, strict=True):
        lines = with_field(lines, field, MALFORMED[field], step=step)
    answer = tracker("run", write_lines(tmp_path / "a.csv", lines), "--case", tmp_path / "case")
    assert answer.code == 0
    read = accounted(tmp_path / "case", answer)
    assert read["rows"] == len(meeting) - 1
    assert {"bad_mmsi", "bad_time", "default_mmsi", "not_a_ship"} <= set(read["rejects"])
    assert 0.75 * read["rows"] < read["positions"] < read["rows"]
    assert "1 likely" in answer.err, "a few rows spoilt do not hide three hours alongside"


SHAPES: dict[str, Callable[[str], bytes]] = {
    "latin-1": lambda text: text.replace("SYN 1", "SYN \xc9\xdc").encode("latin-1"),
    "latin-1 and short rows": lambda text: (text + "1,2,\xc9\n4,\xc9\n").encode("latin-1"),
    "byte order mark": lambda text: ("\ufeff" + text).encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "quotes": lambda text: text.replace("SYN 1", '"SYN, ""ONE"""').encode(),
    "an open quote": lambda text: text.replace("SYN 1", '"SYN 1', 1).encode(),
    "a column twice": lambda text: "\n".join(f"{line},{line.split(',')[0]}" for line in text.splitlines()).encode(),
    "blank lines": lambda text: text.replace("\n", "\n\n").encode(),
    "short rows": lambda text: text.replace(",80,A\n", ",80\n", 60).encode(),
    "NUL bytes": lambda text: text.replace("SYN 1", "SY\x00N").encode(),
    "header again": lambda text: (text + text.splitlines()[0] + "\n").encode(),
    "a word at the end": lambda text: (text + "END OF FILE").encode(),
    "a line of 10 MB": lambda text: text.replace("\n", "\n" + "A" * 10_000_000 + "\n", 1).encode(),
    "columns reversed": lambda text: "\n".join(",".join(line.split(",")[::-1]) for line in text.splitlines()).encode(),
    "rows reversed": lambda text: "\n".join([text.splitlines()[0], *text.splitlines()[:0:-1]]).encode(),
    "every row twice": lambda text: (text + text.split("\n", 1)[1]).encode(),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_odd_tables_are_read_and_their_rows_add_up(
    tracker: Caller, tmp_path: Path, meeting: list[str], shape: str
) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(SHAPES[shape]("\n".join(meeting) + "\n"))
    answer = tracker("ingest", file, "--case", tmp_path / "case")
    assert answer.code == 0
    rows, positions, static, aside, copies = rows_told(answer)
    assert rows == positions + static + aside + copies
    assert (len(meeting) - 1) * 4 // 5 <= positions <= len(meeting) - 1


@pytest.mark.parametrize("keep", ["one position", "one vessel", "one instant"])
def test_too_little_for_a_meeting_is_done_and_finds_nothing(
    tracker: Caller, tmp_path: Path, meeting: list[str], keep: str
) -> None:
    lines = {
        "one position": meeting[:2],
        "one vessel": [line for line in meeting if not line.startswith("412900002")],
        "one instant": [meeting[0], *with_field(meeting, "BaseDateTime", ["2020-01-30T12:00:00"], step=1)[1:]],
    }[keep]
    file = write_lines(tmp_path / "few.csv", lines)
    answer = tracker("run", file, "--case", tmp_path / "case")
    assert answer.code == 0
    assert accounted(tmp_path / "case", answer)["rows"] == len(lines) - 1
    met = tracker("events", tmp_path / "case", "--type", "encounter", "--in-port", "--as", "json")
    assert json.loads(met.out) == []
    for form in ("table", "json", "csv", "geojson"):
        assert tracker("events", tmp_path / "case", "--as", form).code == 0


def test_names_and_no_places_are_refused_with_their_number(tracker: Caller, tmp_path: Path, meeting: list[str]) -> None:
    lines = with_field(with_field(meeting, "LAT", ["91"], step=1), "LON", ["181"], step=1)
    answer = tracker("run", write_lines(tmp_path / "static.csv", lines), "--case", tmp_path / "case")
    assert answer.code == 3
    assert f"{len(meeting) - 1} identity reports" in answer.one_error()
    assert not (tmp_path / "case").exists()


def test_two_hulls_on_one_mmsi_do_not_hide_the_meeting(tracker: Caller, tmp_path: Path, meeting: list[str]) -> None:
    twins = [line for line in meeting if line.startswith("412900001")]
    far = with_field(with_field([meeting[0], *twins], "LAT", ["-30.0"], step=1), "LON", ["20.0"], step=1)
    answer = tracker("run", write_lines(tmp_path / "a.csv", [*meeting, *far[1:]]), "--case", tmp_path / "case")
    assert answer.code == 0
    assert accounted(tmp_path / "case", answer)["positions"] == len(meeting) - 1 + len(twins)
    assert "Found 1 meetings: 1 likely" in answer.err


def test_files_whose_days_overlap_give_the_answer_of_one_file(
    tracker: Caller, tmp_path: Path, meeting: list[str], finished: Path
) -> None:
    write_lines(tmp_path / "even.csv", [meeting[0], *meeting[1::2], *meeting[2:80:2]])
    write_lines(tmp_path / "odd.csv", [meeting[0], *meeting[2::2]])
    first = tracker("run", tmp_path / "odd.csv", "--case", tmp_path / "case")
    second = tracker("run", tmp_path / "even.csv", tmp_path / "odd.csv", "--case", tmp_path / "case")
    assert (first.code, second.code) == (0, 0)
    assert accounted(tmp_path / "case", second)["duplicates"] == len(meeting[2:80:2])
    whole, parts = (tracker("events", case, "--as", "csv").out for case in (finished, tmp_path / "case"))
    # the run's id, which is of its inputs, is the last column
    assert [row.rsplit(",", 1)[0] for row in whole.splitlines()] == [
        row.rsplit(",", 1)[0] for row in parts.splitlines()
    ]


def test_no_byte_of_noise_in_a_good_file_stops_the_run(tracker: Caller, tmp_path: Path, meeting: list[str]) -> None:
    text = bytearray("\n".join(meeting).encode())
    dice = random.Random(7)
    for _ in range(300):
        text[dice.randrange(200, len(text))] = dice.randrange(256)
    file = tmp_path / "rust.csv"
    file.write_bytes(bytes(text))
    answer = tracker("run", file, "--case", tmp_path / "case")
    assert answer.code == 0
    accounted(tmp_path / "case", answer)
    assert os.listdir(tmp_path / "case")
