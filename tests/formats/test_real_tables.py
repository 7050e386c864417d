"""Real tables of five providers read to the schema, each row accounted for."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.formats.reading import source_of
from tests.shared_data import shared
from tracker.cleaning.checks import check
from tracker.errors import MissingTimeError, UnknownFormatError
from tracker.formats.format import ReadOptions
from tracker.formats.source import expand, look, recognise
from tracker.tables.batch import Batch

ENCODED = {
    "socal_2018-06-02T20_8h_noaa2025.csv.zst": "noaa-2025",
    "socal_2018-06-02T20_8h_noaa2024_geoparquet.parquet": "noaa-geoparquet",
    "socal_2018-06-02T20_8h_aisdk.csv.gz": "dma-csv",
    "socal_2018-06-02T20_8h_nmea_tagblock.nmea.gz": "nmea",
}


def ingest(path: Path, **options: Any) -> tuple[str, list[Batch]]:
    """Name of the format that recognised a file, and its checked batches."""
    source = source_of(path)
    found = recognise(source, ReadOptions(**options))
    reports = found.read(source, ReadOptions(**options))
    return found.name, [check(one, input_name=path.name) for one in reports]


def totals(batches: list[Batch]) -> tuple[int, int, int, dict[str, int]]:
    """Rows, positions, static reports and rejects by reason."""
    reasons: Counter[str] = Counter()
    for batch in batches:
        reasons.update(batch.rejects.column("reason").to_pylist())
    return (
        sum(batch.rows for batch in batches),
        sum(batch.positions.num_rows for batch in batches),
        sum(batch.static_rows for batch in batches),
        dict(reasons),
    )


def fixes(batches: list[Batch], classes: str = "AB") -> set[tuple[int, int, int, int]]:
    """MMSI, second, and place (1e-7 degree)."""
    found = set()
    for batch in batches:
        for row in batch.positions.filter(
            pc.is_in(batch.positions.column("ais_class"), pa.array(list(classes)))
        ).to_pylist():
            found.add((row["mmsi"], int(row["time"].timestamp()), row["lon_e7"], row["lat_e7"]))
    return found


def test_a_genuine_noaa_file_of_2023() -> None:
    name, batches = ingest(shared("real/marinecadastre_2023-01-11_1000rows.csv"))
    assert name == "noaa-csv"
    assert totals(batches) == (1000, 998, 0, {"not_a_ship": 2})
    assert batches[0].field_faults == {"imo": 33}


def test_a_genuine_danish_file_of_22_columns() -> None:
    name, batches = ingest(shared("real/aisdk_2018-06-01_header.csv"))
    assert name == "dma-csv"
    # twelve base stations and aids, 13 identities without position, one ship that says nothing at all
    rows, positions, statics, reasons = totals(batches)
    assert (rows, positions, statics) == (138, 116, 8)
    assert sum(reasons.values()) == 14
    assert reasons["not_a_ship"] >= 12


def test_54_hours_of_the_californian_bight() -> None:
    path = shared("real/socal_ais_2018-06-01_to_06-03T06_marinecadastre.csv.gz")
    name, batches = ingest(path)
    assert name == "noaa-csv"
    rows, positions, statics, reasons = totals(batches)
    assert rows == 106_887
    assert rows == positions + statics + sum(reasons.values())
    # what the receiver got wrong is left in the file: no position (91/181), and 220 degrees
    assert (positions, statics, reasons["bad_position"]) == (106_793, 76, 7)
    assert all(
        mmsi > 0 and abs(lon) <= 1_800_000_000 and abs(lat) <= 900_000_000 for mmsi, _, lon, lat in fixes(batches)
    )


def test_a_five_minute_snapshot_of_the_world_needs_no_mapping() -> None:
    name, batches = ingest(shared("real/global_5min_2019-07-01_vortexa.csv.gz"))
    assert name == "csv"
    rows, positions, statics, reasons = totals(batches)
    assert (rows, statics) == (42_625, 0)
    assert positions > 42_400
    assert set(reasons) == {"not_a_ship", "bad_mmsi", "default_mmsi"}


@pytest.mark.parametrize("file", sorted(ENCODED))
def test_the_same_eight_hours_in_four_layouts(file: str) -> None:
    name, batches = ingest(shared(f"real/{file}"))
    assert name == ENCODED[file]
    # only class A was written as NMEA
    classes = "A" if name == "nmea" else "AB"
    first = fixes(ingest(shared("real/socal_2018-06-02T20_8h_noaa2025.csv.zst"))[1], classes)
    here, there = (sorted(found) for found in (fixes(batches), first))
    assert [fix[:2] for fix in here] == [fix[:2] for fix in there]
    # AIS itself counts in 1/10,000 minute (18 cm): that is all by which the radio's own layout may differ
    steps = [abs(one[n] - other[n]) for one, other in zip(here, there, strict=True) for n in (2, 3)]
    assert max(steps) <= (84 if name == "nmea" else 0)
    if name != "nmea":
        rows, positions, statics, reasons = totals(batches)
        assert (rows, positions, statics, reasons) == (7730, 7725, 0, {"bad_mmsi": 5})
        assert fixes(batches) == first


def rounded(found: set[tuple[int, int, int, int]]) -> set[tuple[int, int, int, int]]:
    """Places in AIS's own steps of 1/10,000 minute."""
    return {(mmsi, second, round(lon * 600_000 / 1e7), round(lat * 600_000 / 1e7)) for mmsi, second, lon, lat in found}


def test_positions_with_only_the_second_of_a_minute_are_refused() -> None:
    with pytest.raises(MissingTimeError, match="only seconds of a minute"):
        ingest(shared("real/aisstream/positions.ndjson.csv"))


@pytest.mark.parametrize("file", ["gfw_api_event_item.json", "gfw_api_vessel_item.json"])
def test_answers_of_an_events_service_are_not_ais(file: str) -> None:
    with pytest.raises(UnknownFormatError, match="no AIS format"):
        ingest(shared(f"real/gfw/{file}"))


@pytest.mark.parametrize(
    "file", ["socal_sts_expected.csv", "ports/nga_world_port_index_UpdatedPub150.csv.gz", "registry/mids.json"]
)
def test_tables_of_ports_and_registers_are_not_ais(file: str) -> None:
    with pytest.raises(UnknownFormatError, match="no AIS format"):
        ingest(shared(f"real/{file}"))


def test_a_stations_own_text_reads_with_columns() -> None:
    sources, _ = expand([shared("real/sbarc_raw_2018-06-02_hourly.tar.xz")])
    assert len(sources) == 24
    columns = {"time": "2018-06-02T{#1}", "mmsi": "#8", "lon": "#13", "lat": "#14", "sog_kn": "#11", "cog_deg": "#15"}
    options = ReadOptions(columns=columns)
    source = look(sources[0])
    found = recognise(source, options)
    assert found.name == "csv"
    batches = [check(one, input_name="station") for one in found.read(source, options)]
    rows, positions, _, reasons = totals(batches)
    assert rows == source_lines(source)
    assert positions > 1000
    # static reports and class B have another number of fields
    assert set(reasons) <= {"bad_row", "bad_mmsi", "not_a_ship", "no_position", "bad_position", "bad_time"}


def source_lines(source: Any) -> int:
    """Lines of a source that are not blank."""
    with source.open() as stream:
        return sum(bool(line.strip()) for line in stream)
