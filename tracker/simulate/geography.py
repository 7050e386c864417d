"""Places of the East China Sea and the Yellow Sea between which the synthetic fleet moves (longitude, latitude).

Drawn by hand over open water; no chart was copied and none may be made of it. Lanes follow the usual coastwise and
cross-sea routes roughly. Stations stand where receivers might stand; none is a real one.
"""

from tracker.simulate.motion import Place

LANES: dict[str, list[Place]] = {
    "coast": [(121.2, 26.0), (122.0, 26.9), (122.8, 28.2), (123.35, 29.5), (123.5, 30.6), (123.1, 31.6), (122.9, 33.0)],
    "yellow sea": [(122.9, 32.6), (122.7, 34.4), (123.0, 36.3), (123.2, 37.5), (122.3, 38.2), (120.95, 38.58)],
    "incheon": [(123.3, 31.4), (124.5, 33.6), (124.9, 35.6), (125.1, 36.7), (125.55, 37.12)],
    "busan": [(123.4, 31.0), (125.4, 32.5), (127.4, 32.9), (128.75, 34.05), (128.95, 34.75)],
    "osumi": [(123.5, 30.7), (125.8, 30.95), (127.6, 30.8), (129.2, 30.95)],
    "qingdao": [(122.9, 33.4), (121.7, 35.0), (120.75, 35.8)],
    "yangtze": [(123.4, 30.95), (122.75, 30.98), (122.3, 31.06)],
}
"""Waypoints, one way; ships go both ways and keep to the right."""

LANE_SHARES = {
    "coast": 0.30,
    "yellow sea": 0.22,
    "incheon": 0.14,
    "busan": 0.13,
    "osumi": 0.08,
    "qingdao": 0.09,
    "yangtze": 0.04,
}

STATIONS: list[Place] = [
    (120.4, 26.6),
    (121.1, 27.5),
    (121.9, 28.6),
    (122.3, 29.9),
    (122.7, 30.8),
    (121.9, 31.4),
    (120.9, 33.2),
    (119.5, 35.2),
    (120.4, 36.1),
    (122.5, 37.1),
    (120.8, 38.0),
    (126.4, 37.3),
    (126.3, 34.4),
    (126.3, 33.3),
    (128.9, 35.0),
    (129.6, 30.9),
]
"""Shore receivers; each hears `STATION_RANGE_NM` far."""

STATION_RANGE_NM = 45.0

YANGTZE_ANCHORAGE: Place = (122.52, 31.02)
SHIDAO_ANCHORAGE: Place = (122.52, 36.72)
PILOT_STATION: Place = (122.62, 30.90)
NAMPO_APPROACH: list[Place] = [(124.15, 37.75), (124.25, 38.30), (124.62, 38.62), (124.95, 38.70), (125.06, 38.685)]
"""West of Baengnyeong and Changsan, and past Cho-do to the buoys off Nampo."""

FISHING_GROUNDS: list[Place] = [
    (124.1, 32.3),
    (124.7, 29.0),
    (122.9, 27.2),
    (123.9, 34.6),
    (124.2, 37.0),
    (126.3, 31.9),
    (123.2, 32.0),
    (121.6, 34.6),
]

QUAYS: dict[str, tuple[Place, float, int]] = {
    "Shanghai, Waigaoqiao": ((121.6, 31.3618), 122.0, 12),
    "Qingdao": ((120.3085, 36.0868), 97.0, 6),
    "Nampo": ((125.3735, 38.715), 92.0, 4),
}
"""First berth, direction in which the berths follow (degrees), number of ships."""

FERRIES: list[tuple[Place, Place, float]] = [
    ((122.35, 37.6), (125.5, 37.12), 21.0),
    ((120.85, 35.75), (125.45, 37.0), 20.0),
    ((122.3, 37.65), (121.95, 38.7), 17.0),
]
"""Ends, off the ports, and speed in knots; two ferries each."""
