"""Ordinary life at sea: ships along lanes, fishing groups and ferries."""

from dataclasses import replace

import numpy as np

from tracker.geo.kernels import from_local_xy_m, local_xy_m, wrap_deg
from tracker.simulate.decoys import FLAGS, tell_decoy
from tracker.simulate.geography import FERRIES, FISHING_GROUNDS, LANE_SHARES, LANES
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import FISHING, Place, Rng, Track, away, drift, hold, join, rounded, sail
from tracker.simulate.stage import Stage


def put_fishing(stage: Stage, /) -> None:
    """Groups of six boats that mill about, two of them pulling one net between them in every other group."""
    for group, ground in enumerate(FISHING_GROUNDS):
        rng = stage.rng(1300 + group)
        flag = ("CHN", "CHN", "KOR", "CHN")[group % 4]
        lead = _milling(ground, stage, rng=rng)
        boats = []
        for number in range(6):
            boat = stage.ship(flag, "fishing", length_m=float(rng.uniform(26, 44)), ais_class="B")
            track = lead if number == 2 else _in_company(lead, slot=number, rng=rng)
            stage.fleet.add(boat, track)
            boats.append((boat, track))
        tell_decoy(stage, "fishing", boats[0][0], boats[1][0], boats[0][1], boats[1][1])
        if group % 2 == 0:
            second = stage.ship(flag, "fishing", length_m=boats[2][0].length_m, ais_class="B")
            apart = float(rng.uniform(220, 380))
            steady = replace(lead, heading_deg=rounded(lead.heading_deg, minutes=20.0))
            other = hold(
                steady,
                start_s=stage.fleet.start_s,
                end_s=stage.fleet.end_s,
                ahead_m=0.0,
                right_m=apart,
                rng=rng,
                sway_m=12.0,
            )
            stage.fleet.add(second, other)
            tell_decoy(stage, "fishing", boats[2][0], second, lead, other)


def _milling(ground: Place, stage: Stage, /, *, rng: Rng) -> Track:
    hours = (stage.fleet.end_s - stage.fleet.start_s) / 3600.0
    points, turn = [ground], float(rng.uniform(0, 360))
    for n in range(int(hours / 3.0) + 2):
        # out and back about the ground, so that a group stays on it for days
        turn += 180.0 + float(rng.uniform(-50, 50)) if n % 2 else float(rng.uniform(-40, 40))
        points.append(away(points[-1], bearing_deg=turn, distance_nm=9.6))
    return sail(points, depart_s=stage.fleet.start_s, speed_kn=3.2, rng=rng, status=FISHING)


def _in_company(lead: Track, /, *, slot: int, rng: Rng) -> Track:
    """Half a mile or so from the middle of a group, weaving slowly; the bow follows the way made."""

    shift = []
    bearing, radius_m = np.radians(60.0 * slot + float(rng.uniform(-10, 10))), float(rng.uniform(600, 900))
    for part in (np.sin(bearing), np.cos(bearing)):
        periods, phases = rng.uniform(2.0, 6.0, 3) * 3600.0, rng.uniform(0, 2 * np.pi, 3)
        waves = np.sin(2 * np.pi * lead.time_s[:, None] / periods + phases) @ rng.uniform(40.0, 110.0, 3)
        shift.append(waves + radius_m * part)
    lon, lat = from_local_xy_m(shift[0], shift[1], lead.lon, lead.lat)
    east, north = local_xy_m(lon[1:], lat[1:], lon[:-1], lat[:-1])
    heading = np.unwrap(np.degrees(np.arctan2(east, north)), period=360.0)
    heading = rounded(np.append(heading, heading[-1]), minutes=5.0)
    return Track(lead.time_s, lead.lon + wrap_deg(lon - lead.lon), lat, heading, lead.status)


def put_ferries(stage: Stage, /) -> None:
    """Two ferries on each route, out of step: they pass close in the middle and lie off the ends."""
    hours = (stage.fleet.end_s - stage.fleet.start_s) / 3600.0
    for number, (one_end, other_end, speed) in enumerate(FERRIES):
        rng = stage.rng(1400 + number)
        pair: list[tuple[Hull, Track]] = []
        for start, end, late in ((one_end, other_end, 0.0), (other_end, one_end, 0.4)):
            ship = stage.ship(("CHN", "KOR")[len(pair)], "ferry", length_m=float(rng.uniform(118, 165)))
            out, back = keep_right([start, end], miles=0.12), keep_right([end, start], miles=0.12)
            points, parts, clock = out, [], stage.time_s(-6.0 + late)
            while clock < stage.time_s(hours):
                parts.append(sail(points, depart_s=clock, speed_kn=speed, rng=rng))
                clock = float(parts[-1].time_s[-1])
                parts.append(
                    drift(
                        parts[-1].last,
                        start_s=clock + 60.0,
                        end_s=clock + 7000.0,
                        rng=rng,
                        heading_deg=float(parts[-1].heading_deg[-1]),
                        set_deg=40.0,
                        speed_kn=0.2,
                    )
                )
                out, back = back, out
                points, clock = [parts[-1].last, *out], clock + 7200.0
            track = join(*parts)
            stage.fleet.add(ship, track)
            pair.append((ship, track))
        tell_decoy(stage, "ferry", pair[0][0], pair[1][0], pair[0][1], pair[1][1])


def put_traffic(stage: Stage, /, *, ships: int) -> None:
    """So many ships along the lanes, on the right-hand side, at speeds of their kind; some wait on the way."""
    rng = stage.rng(20)
    names = list(LANE_SHARES)
    span = stage.fleet.end_s - stage.fleet.start_s
    for _ in range(ships):
        lane = LANES[names[int(rng.choice(len(names), p=list(LANE_SHARES.values())))]]
        lane = lane if rng.random() < 0.5 else lane[::-1]
        kind = ("tanker", "cargo", "cargo", "cargo")[int(rng.integers(4))]
        length = float(rng.uniform(60, 115) if kind == "tanker" else rng.uniform(70, 220))
        speed = float(rng.uniform(8.0, 12.0) if length < 120 else rng.uniform(10.5, 16.0))
        ship = stage.ship(
            FLAGS[int(rng.integers(len(FLAGS)))], kind, length_m=length, laden=float(rng.uniform(0.5, 1.0))
        )
        right = float(np.clip(rng.normal(1.6, 1.0), 0.2, 4.5))
        track = sail(keep_right(lane, miles=right), depart_s=0.0, speed_kn=speed, rng=rng)
        lasts = float(track.time_s[-1])
        depart = stage.fleet.start_s + float(rng.uniform(-0.6 * lasts, span - min(lasts, 8 * 3600.0)))
        stage.fleet.add(ship, Track(track.time_s + depart, track.lon, track.lat, track.heading_deg, track.status))


def keep_right(lane: list[Place], /, *, miles: float) -> list[Place]:
    """A lane shifted to starboard."""

    shifted = []
    for n, point in enumerate(lane):
        before, after = lane[max(n - 1, 0)], lane[min(n + 1, len(lane) - 1)]
        east, north = local_xy_m(after[0], after[1], before[0], before[1])
        course = float(np.degrees(np.arctan2(east, north)))
        shifted.append(away(point, bearing_deg=course + 90.0, distance_nm=miles))
    return shifted
