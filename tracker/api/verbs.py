"""The verbs of the Python API: read, detect, run, export, show, meetings.

Thin: each verb is a few lines over the pipeline. Frames are made here and nowhere below. What a verb needs is
imported when it is called: a query must not wait for the engine.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.api.case import Case, arrow_events, open_case, refuse_existing
from tracker.geo.frames import fixes_from_trajectory, fixes_of_trajectory
from tracker.pipeline.progress import Progress, Silence
from tracker.tables.positions import POSITIONS, from_frame, to_frame
from tracker.tables.statics import STATICS

if TYPE_CHECKING:
    from tracker.detectors.contact import ContactParams
    from tracker.pipeline.params import RunParams

Inputs = str | Path | Sequence[str | Path]


def run(
    inputs: Inputs,
    /,
    *,
    case: str | Path,
    params: "RunParams | None" = None,
    zones: str | Path | None = None,
    progress: Progress | None = None,
) -> Case:
    """The whole job: read inputs into a case, find, place and weigh events, write tables and map.

    `zones` is a file of polygons (columns of Marine Regions, or state, waters, name) that win over computed waters.
    """
    from tracker.pipeline.run import run as run_pipeline
    from tracker.zones.given import read_zones

    own = None if zones is None else read_zones(Path(zones))
    run_pipeline(_listed(inputs), case, params=params, zones=own, progress=progress)
    return open_case(case)


def read(inputs: Inputs, /, *, columns: Mapping[str, str] | None = None, base_time: datetime | None = None) -> Any:
    """Read AIS into a DataFrame of positions (``lon``, ``lat`` in degrees, ``time`` UTC); see `tracker.tables.positions`.

    Raises
    ------
    InputError
        When an input cannot be read; nothing is returned then.
    """
    from tracker.pipeline.memory import read_tables

    positions, _ = read_tables(_listed(inputs), columns=columns, base_time=base_time)
    return to_frame(positions)


def detect(
    positions: Any,
    /,
    *,
    params: "RunParams | None" = None,
    statics: Any = None,
    zones: str | Path | None = None,
) -> Any:
    """Find events in positions: a DataFrame as `read` gives it, or a ``movingpandas.TrajectoryCollection``.

    Parameters
    ----------
    positions : DataFrame with at least time, mmsi, lon, lat; or TrajectoryCollection whose track ids are MMSIs
    statics : Arrow table of `tracker.tables.statics.STATICS`, for names and hulls
    zones : file of polygons that win over computed waters, see `run`

    Returns
    -------
    GeoDataFrame, EPSG:4326
        The columns of `tracker.tables.events.EVENTS` and a point.
    """
    from tracker.api.frames import frame_of
    from tracker.pipeline.find import find_events
    from tracker.pipeline.params import RunParams
    from tracker.pipeline.source import MemorySource
    from tracker.zones.given import read_zones

    frame = fixes_from_trajectory(positions) if hasattr(positions, "trajectories") else positions
    table = POSITIONS.conform(from_frame(frame))
    findings = find_events(
        MemorySource(table),
        STATICS.empty() if statics is None else statics,
        params=params or RunParams(),
        run_id="",
        progress=Silence(),
        total_rows=table.num_rows,
        zones=None if zones is None else read_zones(Path(zones)),
    )
    return frame_of(findings.events)


def meetings(one: Any, two: Any, /, *, open_distance_m: float = 250.0, params: "ContactParams | None" = None) -> Any:
    """Give the contacts of two trajectories (``movingpandas.Trajectory``) as intervals with distances.

    Returns
    -------
    DataFrame
        ``start_time``, ``end_time`` (UTC), ``duration_h``, ``min_distance_m``, ``median_distance_m``.
    """
    import numpy as np
    import pandas as pd

    from tracker.detectors.contact import ContactParams, find_contacts, pair_tracks

    params = params or ContactParams()
    pair = pair_tracks(fixes_of_trajectory(one, 1), fixes_of_trajectory(two, 2), params=params)
    rows = []
    for contact in [] if pair is None else find_contacts(pair, open_distance_m=open_distance_m, params=params):
        assert pair is not None
        inside = (pair.time_s >= contact.start_s) & (pair.time_s <= contact.end_s)
        distance = pair.distance_m[inside]
        rows.append(
            {
                "start_time": pd.Timestamp(contact.start_s, unit="s", tz="UTC"),
                "end_time": pd.Timestamp(contact.end_s, unit="s", tz="UTC"),
                "duration_h": (contact.end_s - contact.start_s) / 3600.0,
                "min_distance_m": float(distance.min()) if len(distance) else float("nan"),
                "median_distance_m": float(np.median(distance)) if len(distance) else float("nan"),
            }
        )
    return pd.DataFrame(rows, columns=["start_time", "end_time", "duration_h", "min_distance_m", "median_distance_m"])


def export(
    events: Any, target: str | Path, /, *, force: bool = False, provenance: Mapping[str, Any] | None = None
) -> Path:
    """Write events (GeoDataFrame or Arrow table) to a file; the format follows the suffix."""
    from tracker.exporters import write_events

    path = Path(target)
    write_events(arrow_events(events), path, provenance=dict(provenance or {}), force=force)
    return path


def show(events: Any, target: str | Path, /, *, case: Case | None = None, force: bool = False) -> Path:
    """Write an HTML map of events; with a case, the tracks of their ships are on it."""
    path = Path(target)
    refuse_existing(path, force=force)
    table = arrow_events(events)
    if case is not None:
        case.map(path, events=table, force=force)
        return path
    from tracker.cleaning.hulls import HullParams
    from tracker.pipeline.picture import draw

    draw(table, path, source=None, provenance={}, title="Suspected ship-to-ship transfers", hulls=HullParams())
    return path


def _listed(inputs: Inputs) -> list[str | Path]:
    return [inputs] if isinstance(inputs, str | Path) else list(inputs)
