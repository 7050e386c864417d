"""The bridge to frames: GeoDataFrames of events, movingpandas tracks, and back."""

import warnings
from typing import Any

import numpy as np

from tracker.tables.fixes import Fixes
from tracker.tables.positions import degrees_e7


def events_frame(events: Any, /) -> Any:
    """Events (Arrow) as a GeoDataFrame of points, EPSG:4326; times are timezone-aware."""
    import geopandas as gpd
    import pandas as pd
    import pyarrow as pa

    # whole numbers stay whole where some are unknown
    kinds = {pa.int32(): pd.Int32Dtype(), pa.int16(): pd.Int16Dtype()}
    frame = events.to_pandas(types_mapper=kinds.get)
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs="EPSG:4326")


def tracks_from_fixes(fixes: Fixes, /) -> Any:
    """Fixes as a ``movingpandas.TrajectoryCollection``: one trajectory for each MMSI with two reports or more.

    movingpandas keeps times without a zone; they are UTC.
    """
    import geopandas as gpd
    import pandas as pd

    mpd = _movingpandas()
    frame = gpd.GeoDataFrame(
        {"mmsi": fixes.mmsi, "sog_kn": fixes.sog_kn, "cog_deg": fixes.cog_deg, "heading_deg": fixes.heading_deg},
        geometry=gpd.points_from_xy(fixes.lon, fixes.lat),
        crs="EPSG:4326",
        index=pd.to_datetime(fixes.time_ms, unit="ms"),
    )
    with warnings.catch_warnings():
        # movingpandas 0.23 calls what pandas 3.1 means to drop; its users can do nothing about it
        warnings.simplefilter("ignore", DeprecationWarning)
        return mpd.TrajectoryCollection(frame, traj_id_col="mmsi", min_length=0)


def fixes_from_trajectory(collection: Any, /) -> Any:
    """Positions (DataFrame: time, mmsi, lon, lat, and speed, course, heading where named as ours) of a collection.

    A trajectory's id must be its MMSI; times without a zone are taken as UTC.
    """
    import pandas as pd

    parts = []
    for trajectory in collection.trajectories:
        frame = trajectory.df
        part = pd.DataFrame({"lon": frame.geometry.x.to_numpy(), "lat": frame.geometry.y.to_numpy()})
        part["time"] = pd.DatetimeIndex(frame.index).tz_localize("UTC") if frame.index.tz is None else frame.index
        part["mmsi"] = int(trajectory.id)
        for name in ("sog_kn", "cog_deg", "heading_deg"):
            if name in frame.columns:
                part[name] = frame[name].to_numpy()
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def fixes_of_trajectory(trajectory: Any, mmsi: int, /) -> Fixes:
    """The reports of one ``movingpandas.Trajectory`` as arrays, under an MMSI of the caller's choice."""
    frame = trajectory.df.sort_index()
    index = frame.index.tz_convert("UTC").tz_localize(None) if frame.index.tz is not None else frame.index
    n = len(frame)

    def column(name: str) -> Any:
        return frame[name].to_numpy(np.float32) if name in frame.columns else np.full(n, np.nan, np.float32)

    return Fixes(
        time_ms=index.to_numpy().astype("datetime64[ms]").astype(np.int64),
        mmsi=np.full(n, mmsi, np.int32),
        lon_e7=degrees_e7(frame.geometry.x.to_numpy()),
        lat_e7=degrees_e7(frame.geometry.y.to_numpy()),
        sog_kn=column("sog_kn"),
        cog_deg=column("cog_deg"),
        heading_deg=column("heading_deg"),
        nav_status=np.full(n, -1, np.int8),
        flags=np.zeros(n, np.uint8),
    )


def _movingpandas() -> Any:
    """Import movingpandas without the remark it makes about an optional package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import movingpandas

    return movingpandas
