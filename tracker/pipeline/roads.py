"""Anchorages of a run: those learnt from its stops, and those of the user in which a ship stopped."""

from collections import Counter
from typing import Any

import numpy as np

from tracker.detectors.anchorages import AnchorageParams, anchorage_of, learn_anchorages
from tracker.detectors.stops import Stops
from tracker.tables.journeys import ANCHORAGES
from tracker.zones.ports import Ports, nearest_port

STATE_NM = 60.0
"""A learnt anchorage this near a listed port is put down to its state. Source: judgement."""


def label_anchorages(
    stops: Stops, ports: Ports, /, *, params: AnchorageParams
) -> tuple[list[dict[str, Any]], list[str | None]]:
    """Rows of the table of anchorages (without their run), and the anchorage of each stop.

    Parameters
    ----------
    ports : the packaged ones, with a user's anchorages where given; these win
    """
    learnt = learn_anchorages(stops, params=params)
    near = nearest_port(learnt.lon, learnt.lat).to_pylist() if len(learnt) else []
    number: Counter[str] = Counter()
    rows, labels = [], []
    for i, port in enumerate(near):
        name = f"inferred anchorage off {port['port']}"
        number[name] += 1
        labels.append(name if number[name] == 1 else f"{name} ({number[name]})")
        rows.append(
            {
                "label": labels[-1],
                "lon": round(float(learnt.lon[i]), 5),
                "lat": round(float(learnt.lat[i]), 5),
                "radius_nm": round(float(learnt.radius_nm[i]), 2),
                "vessels": int(learnt.vessels[i]),
                "state": port["port_state"] if port["port_distance_nm"] <= STATE_NM else None,
                "source": "inferred",
            }
        )
    of = anchorage_of(stops, learnt.lon, learnt.lat, learnt.radius_nm)
    named: list[str | None] = [None if row < 0 else labels[row] for row in of.tolist()]
    given = np.flatnonzero(ports.kind == "anchorage")
    theirs = {(str(ports.name[i]), str(ports.state[i])): int(i) for i in given.tolist()}
    used = set()
    for place, port in enumerate(zip(stops.port.tolist(), stops.port_state.tolist(), strict=True)):
        if port in theirs:
            named[place] = port[0]
            used.add(theirs[port])
    for i in sorted(used):
        rows.append(
            {
                "label": str(ports.name[i]),
                "lon": float(ports.lon[i]),
                "lat": float(ports.lat[i]),
                "radius_nm": float(ports.radius_nm[i]),
                "vessels": None,
                "state": str(ports.state[i]) or None,
                "source": "user",
            }
        )
    return rows, named


def anchorages_table(rows: list[dict[str, Any]], run_id: str, /) -> Any:
    """Anchorages as the case keeps them (Arrow, `ANCHORAGES`)."""
    return ANCHORAGES.from_rows(row | {"run_id": run_id} for row in rows)
