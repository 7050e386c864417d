"""Which rows of a stretch in time order lie in the windows of their vessel: one loop, compiled, at the pace of decoding."""

from typing import Any

from numba import njit

SCATTER = 2_654_435_769


@njit(cache=True, nogil=True, error_model="numpy")
def number_vessels(vessels: Any, table: Any) -> None:
    """Enter vessels into an open-addressing table of zeros, (size, 2) int32: MMSI, and place in `vessels` plus one."""
    mask = table.shape[0] - 1
    for number in range(vessels.shape[0]):
        place = ((vessels[number] * SCATTER) >> 12) & mask
        while table[place, 1] != 0:
            place = (place + 1) & mask
        table[place, 0] = vessels[number]
        table[place, 1] = number + 1


@njit(cache=True, nogil=True, error_model="numpy")
def rows_in_windows(
    mmsi: Any, time_ms: Any, table: Any, first: Any, starts: Any, ends: Any, at: Any, rows: Any, numbers: Any
) -> int:
    """Rows that lie in a window of their vessel, with the vessel's number; gives how many.

    Parameters
    ----------
    mmsi, time_ms : rows in order of time
    table : of `number_vessels`
    first : vessel v has the windows first[v] up to first[v + 1]
    starts, ends : windows, ms, inclusive, in order inside a vessel and apart
    at : place of each vessel among its windows, kept from one stretch to the next
    rows, numbers : filled
    """
    mask = table.shape[0] - 1
    found = 0
    for i in range(mmsi.shape[0]):
        place = ((mmsi[i] * SCATTER) >> 12) & mask
        while table[place, 1] != 0 and table[place, 0] != mmsi[i]:
            place = (place + 1) & mask
        number = table[place, 1] - 1
        if number < 0:
            continue
        w = at[number]
        while w < first[number + 1] and ends[w] < time_ms[i]:
            w += 1
        at[number] = w
        if w < first[number + 1] and starts[w] <= time_ms[i]:
            rows[found] = i
            numbers[found] = number
            found += 1
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def by_number(numbers: Any, places: Any, order: Any) -> None:
    """Stable order of rows by their number: `places[v]` is where those of number v begin, and is moved on."""
    for i in range(numbers.shape[0]):
        order[places[numbers[i]]] = i
        places[numbers[i]] += 1
