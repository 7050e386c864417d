"""The work of the pass as one DuckDB query: the same grid by interpolation, the same radius, the same runs."""

from collections.abc import Sequence

from tracker.engine.params import ScanParams

CELL_DEG = 0.0091


def _haversine_m(lon_1: str, lat_1: str, lon_2: str, lat_2: str) -> str:
    """Distance on a sphere, m."""
    return (
        f"12742018 * asin(least(1, sqrt(pow(sin(radians({lat_2} - {lat_1}) / 2), 2)"
        f" + cos(radians({lat_1})) * cos(radians({lat_2})) * pow(sin(radians({lon_2} - {lon_1}) / 2), 2))))"
    )


def candidates(files: Sequence[str], /) -> str:
    """Query for runs of pairs near each other: lower and higher MMSI, first and last step (UTC), steps.

    One hull an MMSI, no slow spells and no silences: less than the pass does, never more.
    """
    params = ScanParams()
    step_s = params.step_s
    return f"""
    WITH fixes AS (
      SELECT mmsi, epoch(time) AS t, lon, lat FROM read_parquet({list(files)!r}) WHERE abs(lat) <= 90
    ), legs AS (
      SELECT mmsi, t, lon, lat, lag(t) OVER ship AS t0, lag(lon) OVER ship AS lon0, lag(lat) OVER ship AS lat0,
             row_number() OVER ship = 2 AS is_first
      FROM fixes WINDOW ship AS (PARTITION BY mmsi ORDER BY t)
    ), ways AS (
      SELECT mmsi, t0, floor(t / {step_s})::BIGINT AS until, lon0, lat0, t - t0 AS elapsed_s, (lon - lon0 + 540) % 360 - 180 AS turn, lat - lat0 AS rise,
             {_haversine_m("lon0", "lat0", "lon", "lat")} AS way_m,
             -- a first report on a step stands there itself
             CASE WHEN is_first THEN ceil(t0 / {step_s}) ELSE floor(t0 / {step_s}) + 1 END::BIGINT AS since
      FROM legs WHERE t > t0
    ), grid AS (
      SELECT *, unnest(range(since, until + 1)) AS step FROM ways
      WHERE until >= since AND way_m <= {params.position_noise_m} + {params.max_speed_kn} * 0.5144 * elapsed_s
        AND (elapsed_s <= {params.bridge_s} OR (elapsed_s <= {params.slow_bridge_s}
             AND way_m <= {params.slow_bridge_kn} * 0.5144 * elapsed_s))
    ), places AS (
      SELECT mmsi, step, (lon0 + (step * {step_s} - t0) / elapsed_s * turn + 540) % 360 - 180 AS lon,
             lat0 + (step * {step_s} - t0) / elapsed_s * rise AS lat
      FROM grid
    ), cells AS (
      SELECT *, floor(lat / {CELL_DEG})::INT AS line FROM places
    ), around AS (
      SELECT c.*, line + i AS near_line, floor(lon * cos(radians((line + i) * {CELL_DEG})) / {CELL_DEG})::INT + j AS near_place
      FROM cells c, (VALUES (-1), (0), (1)) a(i), (VALUES (-1), (0), (1)) b(j)
    ), met AS (
      SELECT a.mmsi AS mmsi_1, b.mmsi AS mmsi_2, step FROM around a JOIN
        (SELECT *, floor(lon * cos(radians(line * {CELL_DEG})) / {CELL_DEG})::INT AS place FROM cells) b USING (step)
      WHERE b.line = a.near_line AND b.place = a.near_place AND a.mmsi < b.mmsi
        AND {_haversine_m("a.lon", "a.lat", "b.lon", "b.lat")} <= {params.candidate_radius_m}
    ), broken AS (
      SELECT *, step - lag(step) OVER pair > {params.missed_steps + 1} AS is_new
      FROM met WINDOW pair AS (PARTITION BY mmsi_1, mmsi_2 ORDER BY step)
    ), runs AS (
      SELECT *, count(*) FILTER (is_new) OVER (PARTITION BY mmsi_1, mmsi_2 ORDER BY step) AS run FROM broken
    )
    SELECT mmsi_1, mmsi_2, make_timestamp(min(step) * {step_s * 1_000_000}) AS first_step,
           make_timestamp(max(step) * {step_s * 1_000_000}) AS last_step, count(*) AS steps
    FROM runs GROUP BY mmsi_1, mmsi_2, run HAVING count(*) >= {params.min_steps}
    """
