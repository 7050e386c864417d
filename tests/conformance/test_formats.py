"""What every AIS format must do, whoever writes it: know its own, read to the schema, account for each row, fail clearly."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.reading import source_of
from tests.formats.synthetic import SAMPLES
from tests.formats.synthetic_tables import write_geoparquet, write_parquet
from tracker.cleaning.checks import check
from tracker.errors import CorruptInputError, EmptyInputError, TrackerError
from tracker.formats import FORMATS
from tracker.formats.format import ReadOptions, Source
from tracker.formats.source import recognise
from tracker.tables.positions import POSITIONS
from tracker.tables.rejects import REASONS, REJECTS
from tracker.tables.reports import REPORTS
from tracker.tables.statics import STATICS

SAMPLE_OF = {
    "noaa-csv": "synthetic_marinecadastre.csv",
    "noaa-2025": "synthetic_noaa_2025.csv",
    "noaa-geoparquet": write_geoparquet,
    "dma-csv": "synthetic_aisdk_26.csv",
    "nmea": "synthetic_tagblock.nmea",
    "aisstream": "synthetic_aisstream.jsonl",
    "gfw-jsonl": "synthetic_gfw.jsonl",
    "csv": "synthetic_plain.csv",
    "parquet": write_parquet,
}
"""Each format's sample: a file of ``samples/``, or what writes one (Parquet's bytes differ between its versions)."""
ANY = {"csv", "parquet"}
"""Formats that may take a table of another one, less surely than its own."""
NAMES = sorted(SAMPLE_OF)
each_format = pytest.mark.parametrize("name", NAMES)
fuzzing = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of each format's sample."""
    folder = tmp_path_factory.mktemp("samples")
    found = {}
    for name, sample in SAMPLE_OF.items():
        if isinstance(sample, str):
            found[name] = (SAMPLES / sample).read_bytes()
        else:
            sample(folder / name)
            found[name] = (folder / name).read_bytes()
    return found


def read(name: str, source: Source, **options: Any) -> list[Any]:
    """All reports of a source."""
    return list(FORMATS.get(name).read(source, ReadOptions(**options)))


def rows_of(reports: list[Any]) -> list[dict[str, Any]]:
    """Rows in the order of their numbers."""
    rows = [row for one in reports for row in one.table.to_pylist()]
    return sorted(rows, key=lambda row: row["row"])


def test_every_format_has_a_sample() -> None:
    assert set(FORMATS) == set(SAMPLE_OF)


@each_format
def test_its_name_and_words_say_what_it_is(name: str) -> None:
    assert FORMATS.get(name).name == name
    assert len(FORMATS.get(name).doc) > 10


@each_format
def test_its_own_sample_is_recognised_without_being_told(name: str, samples: dict[str, bytes], tmp_path: Path) -> None:
    assert recognise(source_of(samples[name], tmp_path), ReadOptions()).name == name


@each_format
def test_no_other_sample_is_taken_for_its_own(name: str, samples: dict[str, bytes], tmp_path: Path) -> None:
    for other in NAMES:
        sureness = FORMATS.get(name).sniff(source_of(samples[other], tmp_path), ReadOptions())
        assert 0.0 <= sureness <= 1.0
        if other != name:
            own = FORMATS.get(other).sniff(source_of(samples[other], tmp_path), ReadOptions())
            assert sureness < own if name in ANY else sureness <= 0.5


@each_format
def test_its_sample_reads_to_the_schema_and_every_row_is_accounted_for(
    name: str, samples: dict[str, bytes], tmp_path: Path
) -> None:
    reports = read(name, source_of(samples[name], tmp_path))
    numbers = [row["row"] for row in rows_of(reports)]
    assert numbers == list(range(1, len(numbers) + 1))
    for one in reports:
        assert one.table.schema == REPORTS.schema
        assert 0 <= one.read_bytes <= len(samples[name])
        batch = check(one, input_name="sample")
        assert batch.rows == batch.positions.num_rows + batch.static_rows + batch.rejects.num_rows
        assert batch.positions.schema == POSITIONS.schema
        assert batch.statics.schema == STATICS.schema
        assert batch.rejects.schema == REJECTS.schema
        assert set(batch.rejects.column("reason").to_pylist()) <= set(REASONS)


@each_format
def test_the_size_of_batches_changes_nothing(name: str, samples: dict[str, bytes], tmp_path: Path) -> None:
    source = source_of(samples[name], tmp_path)
    small = read(name, source, batch_rows=2)
    assert max(one.table.num_rows for one in small) <= 2
    assert rows_of(small) == rows_of(read(name, source))


def in_zip(content: bytes) -> bytes:
    """A zip archive of one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/sample", content)
    return packed.getvalue()


def in_tar(content: bytes) -> bytes:
    """A tar.xz archive of one file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz") as archive:
        info = tarfile.TarInfo("folder/sample")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def in_zstd(content: bytes) -> bytes:
    """A Zstandard frame."""
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(content)
    return bytes(packed.getvalue())


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "sample.gz": gzip.compress,
    "sample.xz": lzma.compress,
    "sample.bz2": bz2.compress,
    "sample.zst": in_zstd,
    "sample.zip": in_zip,
    "sample.tar.xz": in_tar,
    "sample.csv.gz.zip": lambda content: in_zip(gzip.compress(content)),
}
each_packing = pytest.mark.parametrize("packing", sorted(PACKINGS))


@each_format
@each_packing
def test_packing_changes_nothing(name: str, packing: str, samples: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / packing).write_bytes(PACKINGS[packing](samples[name]))
    source = source_of(tmp_path / packing)
    assert recognise(source, ReadOptions()).name == name
    assert rows_of(read(name, source)) == rows_of(read(name, source_of(samples[name], tmp_path)))


@each_packing
def test_a_truncated_packing_is_an_error_that_names_the_file(
    packing: str, samples: dict[str, bytes], tmp_path: Path
) -> None:
    content = PACKINGS[packing](samples["noaa-csv"])
    # a tar archive ends before its packing does
    for length in (10, len(content) // 2, len(content) - 3)[: 2 if ".tar" in packing else 3]:
        (tmp_path / packing).write_bytes(content[:length])
        with pytest.raises(CorruptInputError, match=f"{packing}.* is truncated or damaged"):
            read("noaa-csv", source_of(tmp_path / packing))


@each_format
def test_a_truncated_sample_reads_or_is_an_error_of_ours(name: str, samples: dict[str, bytes], tmp_path: Path) -> None:
    content = samples[name]
    for length in range(1, len(content), max(len(content) // 15, 1)):
        read_or_refuse(name, content[:length], tmp_path)


@each_format
@fuzzing
@given(noise=st.binary(min_size=1, max_size=2000))
def test_noise_reads_or_is_an_error_of_ours(name: str, noise: bytes, tmp_path: Path) -> None:
    read_or_refuse(name, noise, tmp_path)


@each_format
@fuzzing
@given(data=st.data())
def test_a_damaged_sample_reads_or_is_an_error_of_ours(
    name: str, data: st.DataObject, samples: dict[str, bytes], tmp_path: Path
) -> None:
    content = bytearray(samples[name])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.sampled_from(b'\x00\n\r",;\\!{}[]-.e9\xff\xc3'))
    read_or_refuse(name, bytes(content), tmp_path)


@each_format
def test_what_is_empty_is_said_to_be_empty(name: str, tmp_path: Path) -> None:
    with pytest.raises(EmptyInputError, match="empty"):
        read(name, source_of(b"\n\n", tmp_path))


def read_or_refuse(name: str, content: bytes, folder: Path) -> None:
    """Read as a format: every row is accounted for, or an error of ours says why not."""
    try:
        reports = read(name, source_of(content, folder))
    except TrackerError:
        return
    for one in reports:
        batch = check(one, input_name="noise")
        assert batch.rows == batch.positions.num_rows + batch.static_rows + batch.rejects.num_rows
