"""Whose water: coast and baselines, treaty lines and joint zones, named seas, ports, regions.

One nearest-point query on coast and baseline answers distance and state; limits of UNCLOS are then
thresholds. No polygon of an exclusive economic zone is needed, so everything works offline.
"""
