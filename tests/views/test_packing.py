"""What the page receives is what was measured, only smaller."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.views.made_up import approach, made_up_event, made_up_events
from tracker.errors import UsageError
from tracker.tables.events import EVENTS
from tracker.tables.fixes import Fixes, concat_fixes
from tracker.views.columns import pack_columns, rank_events
from tracker.views.layers import pack_layers, pack_lines, region_of
from tracker.views.page import own_assets
from tracker.views.text import plain_text, script_json
from tracker.views.tracks import Thinning, pack_tracks

AS_SENT = Thinning(track_step_s=1, contact_step_s=1, silence_s=600)


def fixes_at(seconds: list[int], lon: list[float]) -> Fixes:
    """A track of MMSI 1 along a parallel."""
    n = len(seconds)
    return Fixes(
        time_ms=np.asarray(seconds, dtype=np.int64) * 1000,
        mmsi=np.ones(n, dtype=np.int32),
        lon_e7=np.rint(np.asarray(lon) * 1e7).astype(np.int32),
        lat_e7=np.full(n, 500_000_000, dtype=np.int32),
        sog_kn=np.full(n, np.nan, dtype=np.float32),
        cog_deg=np.full(n, np.nan, dtype=np.float32),
        heading_deg=np.full(n, 511.0, dtype=np.float32),
        nav_status=np.full(n, -1, dtype=np.int8),
        flags=np.zeros(n, dtype=np.uint8),
    )


def event_of_ship_one(start_s: int, end_s: int) -> object:
    """A table with one event of MMSI 1."""
    return EVENTS.from_rows(
        [
            {
                "event_id": "e",
                "type": "loitering",
                "mmsi_1": 1,
                "start_time": np.datetime64(start_s, "s").item(),
                "end_time": np.datetime64(end_s, "s").item(),
                "duration_h": (end_s - start_s) / 3600,
                "lon": 180.0,
                "lat": 50.0,
            }
        ]
    )


@given(st.text())
def test_any_text_survives_the_way_into_a_script_and_cannot_end_it(text: str) -> None:
    safe = plain_text(text)
    written = script_json({safe: [safe]})
    assert written.isascii()
    assert not set("<>&") & set(written)
    assert json.loads(written) == {safe: [safe]}


def test_columns_keep_every_value_and_leave_out_what_nobody_knows() -> None:
    table = rank_events(made_up_events(25))
    packed = json.loads(script_json(pack_columns(table)))
    assert packed["count"] == 25
    assert "callsign_1" not in packed["columns"]
    names = packed["columns"]["name_2"]
    assert [None if c < 0 else names["d"][c] for c in names["c"]] == table["name_2"].to_pylist()
    why = packed["columns"]["why"]
    assert [[why["d"][c] for c in row] for row in why["l"]] == table["why"].to_pylist()
    assert packed["columns"]["lon"]["n"] == pytest.approx(table["lon"].to_pylist(), abs=6e-6)
    times = [int(t.timestamp()) for t in table["start_time"].to_pylist()]
    assert packed["columns"]["start_time"]["n"] == times


def test_contacts_in_port_rank_behind_everything_at_sea() -> None:
    ported = rank_events(made_up_events(60))["in_port"].to_pylist()
    assert ported == sorted(ported)
    assert ported[-1]


def test_a_track_across_the_antimeridian_runs_on_and_does_not_jump() -> None:
    track = fixes_at([0, 60, 120, 180], [179.9, 179.98, -179.96, -179.9])
    packed = pack_tracks(event_of_ship_one(0, 180), {1: track}, window_h=1, thinning=AS_SENT)
    assert np.cumsum(packed["1"]["x"]).tolist() == [17990000, 17998000, 18004000, 18010000]
    assert "h" not in packed["1"], "511 is no heading"
    assert "s" not in packed["1"]


def test_tracks_by_event_and_by_ship_give_the_same_lines() -> None:
    row = made_up_event(0)
    events = EVENTS.from_rows([row])
    ships = [approach(row, n) for n in (1, 2)]
    by_ship = pack_tracks(events, {row["mmsi_1"]: ships[0], row["mmsi_2"]: ships[1]}, window_h=12, thinning=AS_SENT)
    both = concat_fixes(ships)
    in_order = both.take(np.argsort(both.time_ms, kind="stable"))
    assert pack_tracks(events, {row["event_id"]: in_order}, window_h=12, thinning=AS_SENT) == by_ship
    assert len(by_ship) == 2


def test_only_the_hours_around_an_event_are_kept() -> None:
    track = fixes_at(list(range(0, 360_000, 600)), [170.0] * 600)
    packed = pack_tracks(event_of_ship_one(100_000, 103_600), {1: track}, window_h=2, thinning=AS_SENT)
    times = np.cumsum(packed["1"]["t"])
    assert times.min() >= 100_000 - 7200
    assert times.max() <= 103_600 + 7200


@given(st.lists(st.integers(1, 900), min_size=2, max_size=400))
def test_thinning_never_makes_a_silence_and_never_hides_one(steps: list[int]) -> None:
    seconds = np.cumsum(steps).tolist()
    events = event_of_ship_one(seconds[0], seconds[-1] // 2 + seconds[0])
    thinning = Thinning(track_step_s=180, contact_step_s=30, silence_s=600)
    packed = pack_tracks(events, {1: fixes_at(seconds, [170.0] * len(seconds))}, window_h=200, thinning=thinning)
    kept = np.cumsum(packed["1"]["t"]).tolist()
    heard, drawn = ([pair for pair in pairwise(times) if pair[1] - pair[0] > 600] for times in (seconds, kept))
    assert drawn == heard
    assert (kept[0], kept[-1]) == (seconds[0], seconds[-1])


def test_the_region_of_events_on_both_sides_of_the_antimeridian_is_the_small_one() -> None:
    west, south, east, north = region_of(np.array([179.5, -179.5]), np.array([50.0, 51.0]), margin_deg=1) or (
        0,
        0,
        0,
        0,
    )
    assert (west, east) == (pytest.approx(178.5), pytest.approx(-178.5))
    assert (south, north) == (49.0, 52.0)


def test_land_is_fine_near_the_events_and_coarse_far_away() -> None:
    angle = np.linspace(0, 2 * np.pi, 2000)
    near, far = (np.column_stack([x + np.cos(angle), 30 + np.sin(angle)]) for x in (125.0, 10.0))
    box = (120.0, 25.0, 130.0, 35.0)
    assert len(pack_lines([near], region=box)[0]) > 20 * len(pack_lines([far], region=box)[0])


def test_a_lake_is_not_drawn_as_land() -> None:
    def square(size: float) -> list[list[float]]:
        return [[120, 30], [120 + size, 30], [120 + size, 30 + size], [120, 30 + size], [120, 30]]

    land = {"type": "MultiPolygon", "coordinates": [[square(5), square(2)], [square(1)]]}
    packed = pack_layers({"land": land}, region=None, max_vertices=1000)["land"]
    assert [len(packed[kind]) for kind in ("shores", "lakes")] == [2, 1]


def test_coverage_is_packed_as_edges_with_the_share_that_was_heard_and_is_off_until_asked_for() -> None:
    cells = [{"west": 124.0, "east": 125.1234, "south": 30.0, "north": 31.0, "ships": 8, "heard": 2}]
    assert pack_layers({"coverage": cells}, region=None, max_vertices=1000)["coverage"] == [
        [124.0, 125.123, 30.0, 31.0, 25, 8]
    ]
    assert "coverage: false" in own_assets(".js")


def test_land_around_a_pole_is_closed_over_the_pole() -> None:
    lon = np.linspace(-180, 180, 73)
    turned = np.append(np.roll(lon[:-1], 30), np.roll(lon[:-1], 30)[0])
    line = np.cumsum(
        np.reshape(pack_lines([np.column_stack([turned, np.full(73, -70.0)])], region=None)[0].as_py(), (-1, 2)), axis=0
    )
    assert (line[:, 1] == -900_000).sum() == 2
    assert np.ptp(line[:, 0]) == 3_600_000


@pytest.mark.parametrize(
    ("layers", "word"),
    [
        ({"sand": []}, "Unknown map layer"),
        ({"limits": [{"kind": "12nm"}]}, "neither"),
        ({"limits": [{"kind": "12nm", "coordinates": [[0, float("nan")], [1, 1]]}]}, "finite"),
    ],
)
def test_a_layer_that_cannot_be_drawn_is_refused_with_the_reason(layers: dict[str, object], word: str) -> None:
    with pytest.raises(UsageError, match=word):
        pack_layers(layers, region=None, max_vertices=1000)


def test_events_rank_by_verdict_then_risk_then_confidence_and_those_without_a_verdict_last() -> None:
    told = [
        ("likely", None, 0.5),
        ("possible", 10.0, 0.9),
        ("likely", 20.0, 0.1),
        (None, 90.0, 1.0),
        ("unlikely", 80.0, 0.2),
        ("likely", 20.0, 0.6),
        (None, None, 0.4),
    ]
    rows = [
        made_up_event(0, event_id=f"{k:016x}", in_port=False, verdict=verdict, risk_score=risk, confidence=sure)
        for k, (verdict, risk, sure) in enumerate(told)
    ]
    ranked = rank_events(EVENTS.from_rows(rows)).to_pylist()
    assert [int(row["event_id"], 16) for row in ranked] == [5, 2, 0, 1, 4, 3, 6]
