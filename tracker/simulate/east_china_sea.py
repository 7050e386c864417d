"""Synthetic East China Sea and Yellow Sea: some days of ordinary traffic in which transfers happen.

All of it is made up: the places are open water, the ships are none. The behaviours are those that
detection has to tell apart; the reception is that of shore stations near the coast and satellites beyond.
"""

from datetime import UTC, date, datetime

from tracker.errors import ParameterError
from tracker.simulate.decoys import (
    put_anchorages,
    put_berths,
    put_convoys,
    put_pilots,
    put_shared_mmsi,
    put_tows,
    put_waiting,
)
from tracker.simulate.falsehoods import put_falsehoods
from tracker.simulate.fleet import DAY_S, Fleet
from tracker.simulate.geography import STATIONS
from tracker.simulate.radio import Signals
from tracker.simulate.reception import Reception, hear
from tracker.simulate.rendezvous import RECEPTION_HOLE, put_meetings
from tracker.simulate.scenario import Scenario
from tracker.simulate.stage import Stage
from tracker.simulate.traffic import put_ferries, put_fishing, put_traffic

BEGINS = date(2020, 1, 30)
"""Two days before a month's end, so that meetings lie across it."""


def play(seed: int, days: int, vessels: int, /) -> tuple[Fleet, Signals]:
    """Fleet and reports; meetings that would not end within the days are left out.

    Raises
    ------
    ParameterError
        When there are fewer vessels than the staged behaviours need.
    """
    start_s = datetime(BEGINS.year, BEGINS.month, BEGINS.day, tzinfo=UTC).timestamp()
    stage = Stage(Fleet(start_s, start_s + days * DAY_S), seed)
    acts = (
        put_meetings,
        put_anchorages,
        put_berths,
        put_fishing,
        put_ferries,
        put_tows,
        put_pilots,
        put_convoys,
        put_waiting,
        put_shared_mmsi,
    )
    for act in acts:
        act(stage)
    cast = len({ship.mmsi for ship in stage.fleet.hulls()})
    if vessels < cast:
        raise ParameterError(f"The scenario needs {cast} vessels or more for what it stages, not {vessels}.")
    put_traffic(stage, ships=vessels - cast)
    place, radius_nm, first, last = RECEPTION_HOLE
    holes = [(place, radius_nm, stage.time_s(first), stage.time_s(last))]
    heard = hear(stage.fleet, stations=STATIONS, holes=holes, seed=seed, params=Reception())
    return stage.fleet, put_falsehoods(stage, heard)


EAST_CHINA_SEA = Scenario(
    name="east-china-sea",
    doc=(
        "Coastal traffic, two anchorages with swinging ships 400 m apart, berths, fishing groups, ferries, tows, pilots and\n"
        "convoys; transfers in China's territorial sea, in its zone and beyond, at night, across midnight and the month's end,\n"
        "under way, in a raft of three, at anchor, with a hole in the reception, and with a dark partner; a cargo that goes from\n"
        "ship to ship to Nampo, where the last one is silent for hours; false positions. Shore stations hear ships every 3 to 5\n"
        "minutes, satellites every 5 to 30."
    ),
    begins=BEGINS,
    play=play,
)
