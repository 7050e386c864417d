"""Shares of waters along the whole path of an event."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as hst

from tracker.detectors.calls import Call
from tracker.detectors.waiting import WaitingParams
from tracker.pipeline import shares
from tracker.pipeline.paths import Paths
from tracker.pipeline.source import FixesSource
from tracker.tables.fixes import Fixes
from tracker.tables.ship import Ship
from tracker.zones.locate import locate

START = datetime(2020, 1, 1, tzinfo=UTC)


def drift(lon: tuple[float, float], lat: float, *, hours: float = 4.0, every_min: float = 10.0) -> Paths:
    minutes = np.arange(0, hours * 60 + 1, every_min)
    n = len(minutes)
    west, east = lon
    x = np.round((west + (east - west) * minutes / minutes[-1]) * 1e7).astype(np.int64)
    x = np.where(x >= 1_800_000_000, x - 3_600_000_000, x)
    unknown = np.full(n, np.nan, np.float32)
    fixes = Fixes(
        (START.timestamp() * 1000 + minutes * 60_000).astype(np.int64),
        np.full(n, 412000001, np.int32),
        x.astype(np.int32),
        np.full(n, round(lat * 1e7), np.int32),
        unknown,
        unknown,
        unknown,
        np.full(n, -1, np.int8),
        np.zeros(n, np.uint8),
    )
    return Paths(FixesSource(fixes))


def event(lon: float, lat: float, *, hours: float = 4.0, kind: str = "loitering") -> dict[str, Any]:
    place = locate([lon], [lat]).to_pylist()[0]
    times = {"start_time": START, "end_time": START + timedelta(hours=hours)}
    return {"type": kind, "mmsi_1": 412000001, "lon": lon, "lat": lat} | times | place


def waters_shares(rows: list[dict[str, Any]], paths: Paths) -> list[str | None]:
    return shares.waters_shares(
        rows,
        paths,
        margin_nm=np.array([row["margin_nm"] for row in rows], np.float64),
        is_uncertain=np.array([row["waters_uncertain"] for row in rows], np.bool_),
    )


def test_a_drift_out_of_the_territorial_sea_is_told_by_time() -> None:
    east = np.arange(122.95, 123.4, 0.001)
    waters = locate(east, np.full(len(east), 30.0)).column("waters").to_pylist()
    limit = float(east[waters.index("contiguous_zone")])
    assert waters[0] == "territorial_sea"
    (share,) = waters_shares([event(limit, 30.0)], drift((limit - 0.03, limit + 0.01), 30.0))
    told = json.loads(share or "")
    assert list(told) == ["CHN territorial_sea", "CHN contiguous_zone"]
    assert told["CHN territorial_sea"] == pytest.approx(0.75, abs=0.05)
    assert sum(told.values()) == pytest.approx(1.0, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(start=hst.floats(122.6, 123.3), span=hst.floats(0.05, 3.0), lat=hst.floats(29.0, 31.0))
def test_the_shares_of_any_path_add_up_to_the_whole(start: float, span: float, lat: float) -> None:
    (share,) = waters_shares([event(start, lat)], drift((start, start + span), lat))
    if share is not None:
        told = json.loads(share)
        assert sum(told.values()) == pytest.approx(1.0, abs=1e-9)
        assert min(told.values()) > 0


def test_an_event_that_crosses_no_limit_has_no_shares() -> None:
    assert waters_shares([event(124.0, 30.5)], drift((123.99, 124.01), 30.5)) == [None]


def call(lon: float, lat: float, reach_nm: float | None, *, hours: float = 4.0) -> Call:
    start_ms = round(START.timestamp() * 1000)
    end_ms = start_ms + round(hours * 3_600_000)
    seen = (0.0, 0.9, True, True, ())
    return Call(Ship(412000001), start_ms, end_ms, lon, lat, "berth", "Fakeport", "CHN", *seen, reach_nm=reach_nm)


@pytest.mark.parametrize(("reach_nm", "is_read"), [(0.2, False), (1.0, True), (None, True)])
def test_the_path_of_a_port_call_is_read_where_she_may_have_crossed_a_limit(
    reach_nm: float | None, is_read: bool
) -> None:
    east = np.arange(122.95, 123.4, 0.001)
    waters = locate(east, np.full(len(east), 30.0)).column("waters").to_pylist()
    lon = float(east[waters.index("contiguous_zone")]) - 0.01
    paths = drift((lon - 0.005, lon + 0.015), 30.0)
    shares.read_paths([], [call(lon, 30.0, reach_nm)], paths, params=WaitingParams())
    assert bool(paths.stay) is not is_read
    (share,) = waters_shares([event(lon, 30.0, kind="port_call")], paths)
    assert (share is not None) is is_read


def test_a_silence_has_no_path_and_a_ship_without_reports_none() -> None:
    rows = [event(123.0, 30.0, kind="gap"), event(123.0, 30.0) | {"mmsi_1": 412000002}]
    assert waters_shares(rows, drift((122.9, 123.1), 30.0)) == [None, None]


def test_a_path_across_the_antimeridian_does_not_go_round_the_world() -> None:
    fiji = event(180.0, -17.5, hours=8.0) | {"waters_uncertain": True}
    (share,) = waters_shares([fiji], drift((179.5, 180.5), -17.5, hours=8.0))
    assert share is None or set(json.loads(share)) <= {
        "FJI territorial_sea",
        "FJI contiguous_zone",
        "FJI eez",
        "FJI internal_waters",
    }
