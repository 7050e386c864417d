"""Names that providers give to the columns we need; compared in lower case without blanks and marks."""

import re
from collections.abc import Mapping, Sequence

from tracker.errors import ParameterError
from tracker.tables.reports import REPORTS

PIECE = re.compile(r"\{([^{}]+)\}")

ALIASES = {
    "time": "time timestamp datetime basedatetime datetimeutc timestamputc utctime utc msgtime receivedtime receivetime dtposutc dt dttime positiontime timeutc ts lastpositionepoch epoch unixtime unixtimestamp tpos",
    "mmsi": "mmsi ssvid mmsinumber userid shipmmsi vesselmmsi sourcemmsi",
    "lon": "lon longitude long lng x londeg longitudedeg positionlongitude",
    "lat": "lat latitude y latdeg latitudedeg positionlatitude",
    "sog_kn": "sogkn sog speed speedknots speedkn speedoverground sogknots",
    "cog_deg": "cogdeg cog course courseoverground coursedeg",
    "heading_deg": "headingdeg heading trueheading hdg headingtrue",
    "nav_status": "navstatus status navigationalstatus navstat navigationstatus",
    "msg_type": "msgtype messagetype messageid msgid aistype",
    "ais_class": "aisclass class transceiverclass transceiver",
    "name": "name vesselname shipname vessel ship",
    "callsign": "callsign",
    "imo": "imo imonumber imono vesselimo",
    "ship_type": "shiptype vesseltype shiptypecode aisshiptype shipandcargotype vesseltypecode typeofship",
    "length_m": "lengthm length loa lengthoverall vessellength",
    "beam_m": "beamm beam width breadth vesselwidth",
    "to_bow_m": "tobowm tobow a dima dimbow",
    "to_stern_m": "tosternm tostern b dimb dimstern",
    "to_port_m": "toportm toport c dimc dimport",
    "to_starboard_m": "tostarboardm tostarboard d dimd dimstarboard",
    "draught_m": "draughtm draught draft currentdraught maxdraught",
    "destination": "destination dest",
    "station": "station source provider receiver collectiontype",
}
NEEDED = ("time", "mmsi", "lon", "lat")
DATE_ORDERS = ("day_first", "month_first")
WORDS_OF_NO_USE = {"row", "kind", "reject", "detail", "flags"}


def split_columns(columns: Mapping[str, str], /) -> tuple[dict[str, str], str | None]:
    """Part ``[columns]`` into the names and the order of day and month.

    Raises
    ------
    ParameterError
        When the order is none that is known.
    """
    order = columns.get("date_order")
    if order is not None and order not in DATE_ORDERS:
        raise ParameterError(f"[columns] date_order is {order!r}; it can be {' or '.join(DATE_ORDERS)}.")
    return {ours: theirs for ours, theirs in columns.items() if ours != "date_order"}, order


def refuse_unknown_columns(columns: Mapping[str, str], /) -> None:
    """Refuse a ``[columns]`` that names a column of ours that does not exist.

    Raises
    ------
    ParameterError
        Naming the first of them and those that exist.
    """
    known = set(REPORTS.names) - WORDS_OF_NO_USE
    for ours in split_columns(columns)[0]:
        if ours not in known:
            raise ParameterError(f"[columns] names {ours!r}, which is none of ours. Known: {', '.join(sorted(known))}.")


def match_columns(header: Sequence[str], columns: Mapping[str, str], /) -> dict[str, str]:
    """Our column -> theirs: what the user says first, known aliases for the rest.

    Raises
    ------
    ParameterError
        When the user names a column of ours that does not exist, or one of theirs that the table lacks.
    """
    refuse_unknown_columns(columns)
    found, _ = split_columns(columns)
    for ours, theirs in found.items():
        lacking = [piece for piece in pieces(theirs) if piece not in header]
        if lacking:
            raise ParameterError(
                f"[columns] maps {ours} to {lacking[0]!r}, which the table lacks. It has: {', '.join(header)[:200]}."
            )
    taken = {piece for theirs in found.values() for piece in pieces(theirs)}
    plain = {_plain(name): name for name in reversed(header)}
    for ours, names in ALIASES.items():
        if ours in found:
            continue
        for alias in names.split():
            if alias in plain and plain[alias] not in taken:
                found[ours] = plain[alias]
                taken.add(plain[alias])
                break
    return found


def missing_of(found: Mapping[str, str], /) -> list[str]:
    """What every report needs and no column is known to hold."""
    return [name for name in NEEDED if name not in found]


def pieces(theirs: str, /) -> list[str]:
    """Names of columns in a name, or in a template such as ``{DATE} {CLOCK}``."""
    return PIECE.findall(theirs) or [theirs]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
