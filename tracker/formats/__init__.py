"""AIS formats: each file reads one layout into `tracker.tables.reports`."""

from tracker.formats.format import Format
from tracker.registry import Registry

FORMATS: Registry[Format] = Registry(
    "format",
    {
        "noaa-csv": "tracker.formats.noaa_csv:FORMAT",
        "noaa-2025": "tracker.formats.noaa_2025:FORMAT",
        "noaa-geoparquet": "tracker.formats.noaa_geoparquet:FORMAT",
        "dma-csv": "tracker.formats.dma_csv:FORMAT",
        "nmea": "tracker.formats.nmea:FORMAT",
        "aisstream": "tracker.formats.aisstream:FORMAT",
        "gfw-jsonl": "tracker.formats.gfw_jsonl:FORMAT",
        "csv": "tracker.formats.any_csv:FORMAT",
        "parquet": "tracker.formats.any_parquet:FORMAT",
    },
)

__all__ = ["FORMATS"]
