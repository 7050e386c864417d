"""One point, everything: what ``tracker zone LAT LON`` prints."""

from typing import Any

from tracker.errors import ParameterError
from tracker.zones.given import GivenZones
from tracker.zones.locate import locate
from tracker.zones.ports import nearest_port
from tracker.zones.treaties import read_special_zones


def describe_point(lat_deg: float, lon_deg: float, *, zones: GivenZones | None = None) -> dict[str, Any]:
    """Legal place, sea and nearest port of one point.

    Parameters
    ----------
    lat_deg, lon_deg
        Degrees; latitude first, as people say it.
    zones
        A user's polygons, which win.

    Returns
    -------
    dict
        ``lat``, ``lon``, the columns of `tracker.zones.locate.WATERS_SCHEMA`, ``port``, ``port_state``,
        ``port_distance_nm``, ``notes`` (sentences). Unknown values are None.

    Raises
    ------
    ParameterError
        When it is no position; says so when latitude and longitude look swapped.
    """
    if not -90 <= lat_deg <= 90 or not -360 <= lon_deg <= 360:
        swapped = -90 <= lon_deg <= 90 and -180 <= lat_deg <= 180
        hint = " Latitude comes first: are they swapped?" if swapped else ""
        raise ParameterError(f"{lat_deg}, {lon_deg} is not a position (latitude -90..90, longitude -180..180).{hint}")
    answer: dict[str, Any] = {"lat": float(lat_deg), "lon": float(lon_deg)}
    answer |= locate([lon_deg], [lat_deg], zones=zones).to_pylist()[0]
    answer |= nearest_port([lon_deg], [lat_deg]).to_pylist()[0]
    answer["notes"] = _notes(answer)
    return answer


def _notes(answer: dict[str, Any]) -> list[str]:
    notes = []
    source = answer["source"] or ""
    if source.startswith("on land"):
        notes.append(
            f"On land as the coast is drawn (lakes and rivers count as land),"
            f" {answer['coast_distance_nm']:.1f} nm from the sea."
        )
    if source.startswith("landlocked"):
        notes.append(
            f"The {answer['sea']} is no part of the world ocean: its coast and the waters of its states are not known here."
        )
    if "low-water coast" in source and answer["waters"] in {"territorial_sea", "contiguous_zone"}:
        notes.append("No declared baseline is known here: the territorial sea may reach farther out.")
    for zone in read_special_zones():
        if zone.zone in (answer["special_zones"] or []):
            notes.append(f"{zone.name}: {zone.basis} ({zone.status}).")
    if len(answer["claimants"] or []) > 1:
        notes.append(f"Claimed by {', '.join(answer['claimants'])}.")
    if answer["waters_uncertain"] and answer["waters"]:
        notes.append(_why_uncertain(answer))
    return notes


def _why_uncertain(answer: dict[str, Any]) -> str:
    if len(answer["claimants"] or []) > 1:
        return "Uncertain: more than one state claims these waters."
    if "Antarctic Treaty" in (answer["source"] or ""):
        return "Uncertain: claims to Antarctica are neither recognised nor denied while the treaty is in force."
    if (answer["source"] or "").startswith("on land"):
        return "Uncertain: the place is on land as the coast is drawn; across a border river it may be the neighbour's."
    if "computed:" in (answer["source"] or ""):
        return "Uncertain: the given polygon and the computed answer differ."
    if "archipelagic baselines" in (answer["source"] or ""):
        return "Uncertain: the archipelagic baselines are not known here, and every limit may lie farther out."
    if "is not in the index" in (answer["source"] or "") or "are not in the index" in (answer["source"] or ""):
        return "Uncertain: the states have agreed on lines that are not known here."
    if "claimed historic" in (answer["source"] or ""):
        return "Uncertain: the bay is closed by a claim to historic waters that several states protest."
    if "(approximate)" in (answer["source"] or ""):
        return "Uncertain: the edges of the area with the narrower territorial sea are approximate."
    return "Uncertain: a limit or another state is nearer than the method can tell."
