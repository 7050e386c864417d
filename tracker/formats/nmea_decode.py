"""AIS messages to reports: position reports in bulk, everything else that concerns a ship through pyais.

Values are passed as sent, sentinels included; the checks are the same for all formats and come later. Only the
sentinels of type 27 become unknown here, because they differ from those of the other types.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.formats.lines import show
from tracker.formats.nmea_assemble import Message
from tracker.formats.nmea_fast import LEAST_BITS, decode_positions, is_fast, read_headers
from tracker.formats.nmea_pyais import UNKNOWN_SECOND, decode_with_pyais
from tracker.formats.nmea_times import Clock
from tracker.tables.positions import HIGH_ACCURACY, LOW_ACCURACY, RECONSTRUCTED_TIME
from tracker.tables.reports import HAS_POSITION, REPORTS

NOT_A_SHIP: Final = frozenset({4, 9, 11, 21})
"""Base stations (4, 11), search and rescue aircraft (9), aids to navigation (21)."""

_HEADER_BITS: Final = 38
_WITHOUT_HEADER: Final = frozenset({"bad_checksum", "bad_sentence", "incomplete_message"})
_LEAST_SLOW_BITS: Final = {5: 302, 19: 301, 24: 160, 27: 94}
_LEAST_PART_B_BITS: Final = 162

_FLOATS: Final = ("lon", "lat", "sog_kn", "cog_deg", "heading_deg", "draught_m")
_INTEGERS: Final = ("nav_status", "msg_type", "ship_type", "to_bow_m", "to_stern_m", "to_port_m", "to_starboard_m")
_TEXTS: Final = ("name", "callsign", "imo", "destination")


@dataclass
class Pile:
    """Messages and faults waiting to be decoded, column by column, in the order of their rows."""

    payloads: list[bytes] = field(default_factory=list)
    """Of all parts, joined."""
    fill_bits: list[int] = field(default_factory=list)
    times: list[int | None] = field(default_factory=list)
    stations: list[str | None] = field(default_factory=list)
    parts: dict[int, tuple[bytes, ...]] = field(default_factory=dict)
    """Of the messages that have several."""
    rejects: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Reason and detail of what cannot be used."""

    def __len__(self) -> int:
        return len(self.payloads)

    def add(self, message: Message, /, *, reject: str | None = None, text: bytes = b"") -> None:
        """Put a message, or with a reason what cannot be used, on the pile."""
        if reject is not None:
            self.rejects[len(self)] = (reject, show(text))
        elif len(message.parts) > 1:
            self.parts[len(self)] = message.parts
        self.payloads.append(b"".join(message.parts))
        self.fill_bits.append(message.fill_bits)
        self.times.append(message.time_ms)
        self.stations.append(message.station)

    def cut(self, rows: int, /) -> "Pile":
        """Take the first `rows` off the pile."""
        first = Pile(
            self.payloads[:rows],
            self.fill_bits[:rows],
            self.times[:rows],
            self.stations[:rows],
            {row: parts for row, parts in self.parts.items() if row < rows},
            {row: reject for row, reject in self.rejects.items() if row < rows},
        )
        for column in (self.payloads, self.fill_bits, self.times, self.stations):
            del column[:rows]
        self.parts = {row - rows: parts for row, parts in self.parts.items() if row >= rows}
        self.rejects = {row - rows: reject for row, reject in self.rejects.items() if row >= rows}
        return first


class _Columns:
    """The columns of a stretch of reports while they are filled."""

    def __init__(self, size: int) -> None:
        self.floats = {name: np.full(size, np.nan) for name in _FLOATS}
        self.integers = {name: np.full(size, -1, dtype=np.int64) for name in _INTEGERS}
        self.texts: dict[str, list[str | None]] = {name: [None] * size for name in _TEXTS}
        self.kind = np.zeros(size, dtype=np.uint8)
        self.flags = np.zeros(size, dtype=np.uint8)
        self.second = np.full(size, UNKNOWN_SECOND, dtype=np.int64)
        self.is_a = np.zeros(size, dtype=np.bool_)
        self.is_b = np.zeros(size, dtype=np.bool_)

    def put_bulk(self, rows: npt.NDArray[np.int64], msg_type: npt.NDArray[np.int64], payloads: list[bytes]) -> None:
        """Decode the position reports of `rows` at once."""
        values = decode_positions([payloads[row] for row in rows.tolist()], msg_type)
        for name in ("lon", "lat", "sog_kn", "cog_deg", "heading_deg"):
            self.floats[name][rows] = values[name]
        self.integers["nav_status"][rows] = values["nav_status"]
        self.integers["msg_type"][rows] = msg_type
        self.kind[rows] = HAS_POSITION
        self.flags[rows] = values["accurate"].astype(np.uint8) * HIGH_ACCURACY
        self.second[rows] = values["second"]
        self.is_b[rows] = msg_type == 18
        self.is_a[rows] = msg_type != 18

    def put(self, row: int, values: dict[str, Any]) -> None:
        """Set the values of one message that pyais decoded."""
        for name in _FLOATS:
            if (value := values.get(name)) is not None:
                self.floats[name][row] = value
        for name in _INTEGERS:
            if (value := values.get(name)) is not None:
                self.integers[name][row] = value
        for name in _TEXTS:
            self.texts[name][row] = values.get(name)
        self.kind[row] = values["kind"]
        self.second[row] = values.get("second", UNKNOWN_SECOND)
        self.is_a[row] = values.get("ais_class") == "A"
        self.is_b[row] = values.get("ais_class") == "B"
        self.flags[row] = HIGH_ACCURACY if values.get("accurate") else 0
        if values["msg_type"] == 27:
            self.flags[row] = LOW_ACCURACY


def decode(pile: Pile, /, *, clock: Clock, first_row: int) -> Any:
    """Decode a pile of messages into a table of ``REPORTS``.

    Parameters
    ----------
    pile
        Messages in order.
    clock
        Running time of the stream: takes over the times that messages carry, and gives one to those without.
    first_row
        Row number of the first message.
    """
    size = len(pile)
    headers = read_headers(pile.payloads, pile.fill_bits)
    rejects: list[str | None] = [None] * size
    details: list[str | None] = [None] * size
    is_open = np.ones(size, dtype=np.bool_)
    for row, (reason, detail) in pile.rejects.items():
        rejects[row], details[row], is_open[row] = reason, detail, False
    columns = _Columns(size)

    fast = is_open & is_fast(headers)
    rows = np.flatnonzero(fast)
    if len(rows):
        columns.put_bulk(rows, headers.msg_type[rows], pile.payloads)
    for row in np.flatnonzero(is_open & ~fast).tolist():
        parts = pile.parts.get(row) or (pile.payloads[row],)
        values, reason = _decode_slow(parts, pile.fill_bits[row], int(headers.msg_type[row]), int(headers.bits[row]))
        if values is not None:
            columns.put(row, values)
        else:
            rejects[row], details[row] = reason, show(pile.payloads[row])

    times, is_rebuilt = _times(pile.times, rejects, columns.second, clock)
    columns.flags[is_rebuilt] |= RECONSTRUCTED_TIME
    has_header = headers.bits >= _HEADER_BITS
    rejected = [row for row, reason in enumerate(rejects) if reason is not None]
    has_header[[row for row in rejected if rejects[row] in _WITHOUT_HEADER]] = False
    columns.kind[rejected] = 0
    arrays = {
        "row": pa.array(np.arange(first_row, first_row + size)),
        "kind": pa.array(columns.kind),
        "reject": pa.array(rejects, pa.string()),
        "detail": pa.array(details, pa.string()),
        "time": pa.array(times, pa.int64()).cast(REPORTS.schema.field("time").type),
        "mmsi": pa.array(headers.mmsi, mask=~has_header),
        "flags": pa.array(columns.flags),
        "ais_class": pa.array(np.where(columns.is_a, "A", "B"), pa.string(), mask=~(columns.is_a | columns.is_b)),
        "station": pa.array(pile.stations, pa.string()),
    }
    arrays |= {name: pa.array(values, from_pandas=True) for name, values in columns.floats.items()}
    arrays |= {name: pa.array(values, mask=values < 0) for name, values in columns.integers.items()}
    arrays |= {name: pa.array(values, pa.string()) for name, values in columns.texts.items()}
    return REPORTS.conform(pa.table(arrays))


def _decode_slow(
    parts: tuple[bytes, ...], fill_bits: int, msg_type: int, bits: int
) -> tuple[dict[str, Any] | None, str]:
    """Values of a message, or None and the reason."""
    if bits < _HEADER_BITS or msg_type == 0 or msg_type in LEAST_BITS or bits < _LEAST_SLOW_BITS.get(msg_type, 0):
        return None, "bad_sentence"
    if msg_type in NOT_A_SHIP:
        return None, "not_a_ship"
    if msg_type not in _LEAST_SLOW_BITS:
        return None, "other_message"
    values = decode_with_pyais(parts, fill_bits)
    is_cut = values is not None and msg_type == 24 and "to_bow_m" in values and bits < _LEAST_PART_B_BITS
    return None if is_cut else values, "bad_sentence"


def _times(
    sent: list[int | None], rejects: list[str | None], seconds: npt.NDArray[np.int64], clock: Clock
) -> tuple[list[int | None], npt.NDArray[np.bool_]]:
    """Time of each message, ms, and which were rebuilt; a message that gets none is rejected in place."""
    times = list(sent)
    is_rebuilt = np.zeros(len(times), dtype=np.bool_)
    for row in [row for row, time_ms in enumerate(times) if time_ms is None]:
        if row and (before := sent[row - 1]) is not None:
            clock.set(before)
        times[row] = clock.rebuild(int(seconds[row]) if rejects[row] is None else UNKNOWN_SECOND)
        is_rebuilt[row] = times[row] is not None and rejects[row] is None
        if times[row] is None and rejects[row] is None:
            rejects[row] = "no_time"
    if sent and (last := sent[-1]) is not None:
        clock.set(last)
    return times, is_rebuilt
