"""Inputs read into tables in memory, without a case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tracker.cleaning.checks import check
from tracker.formats.format import ReadOptions
from tracker.formats.source import expand, look, recognise
from tracker.tables.positions import POSITIONS
from tracker.tables.statics import STATICS


def read_tables(
    inputs: Sequence[str | Path], /, *, columns: Mapping[str, str] | None = None, base_time: datetime | None = None
) -> tuple[Any, Any]:
    """Positions and identity reports of inputs, checked row by row.

    Raises
    ------
    InputError
        When an input cannot be read.
    """
    options = ReadOptions(base_time=base_time, columns=columns or {})
    positions, statics = [POSITIONS.empty()], [STATICS.empty()]
    for place in expand(inputs)[0]:
        source = look(place)
        for reports in recognise(source, options).read(source, options):
            batch = check(reports, input_name=source.name)
            positions.append(batch.positions)
            statics.append(batch.statics)
    return pa.concat_tables(positions), pa.concat_tables(statics)
