"""The filters of the command line as one frozen record."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from difflib import get_close_matches

from tracker.errors import UsageError
from tracker.query.asked import READERS

DEFAULT_SORT = "-confidence"


@dataclass(frozen=True)
class Filters:
    """What to pick; the empty record picks everything that is not in port, and port calls when they are asked for by type. Several values of one filter mean any."""

    region: str | None = None
    waters: tuple[str, ...] = ()
    international: bool = False
    state: tuple[str, ...] = ()
    claimant: bool = False
    flag: tuple[str, ...] = ()
    mmsi: tuple[int, ...] = ()
    imo: tuple[int, ...] = ()
    name: str | None = None
    listed: bool = False
    since: datetime | None = None
    until: datetime | None = None
    type: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    min_confidence: float | None = None
    min_risk: float | None = None
    mark: tuple[str, ...] = ()
    in_port: bool = False
    sort: str = DEFAULT_SORT
    limit: int | None = None

    @classmethod
    def of(cls, values: Mapping[str, object], /) -> "Filters":
        """Build from what a user wrote; None and absent mean not asked.

        Texts may hold several values with commas (``PRK,CHN``); numbers, dates and sequences are taken as they are.

        Raises
        ------
        UsageError
            When a name or a value is not one of those accepted; says which are.
        """
        known = {field.name: field for field in fields(cls)}
        for name in values:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}."
                raise UsageError(f"There is no filter {name!r}.{hint}")
        given = {name: READERS[name](name, value) for name, value in values.items() if value is not None}
        filters = cls(**given)
        if filters.since and filters.until and filters.since >= filters.until:
            raise UsageError(f"--since {_iso(filters.since)} is not before --until {_iso(filters.until)} (exclusive).")
        return filters


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
