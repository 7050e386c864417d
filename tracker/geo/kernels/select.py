"""Which rows of a stretch in time order lie in the windows of their vessel, and where they go: compiled, at the pace of decoding."""

from typing import Any

import numpy as np

from tracker.geo.kernels.jit import kernel

SCATTER = 2_654_435_769
NEVER = 1 << 62


@kernel
def number_vessels(ids: Any, table: Any) -> None:
    """Enter vessels into an open-addressing table of zeros: the place of each among `ids`, whose first is nobody."""
    mask = np.uint64(table.shape[0] - 1)
    for number in range(1, ids.shape[0]):
        place = (np.uint64(ids[number]) * np.uint64(SCATTER) >> np.uint64(12)) & mask
        while table[place] != 0:
            place = (place + np.uint64(1)) & mask
        table[place] = number


@kernel
def rows_by_vessel(
    mmsi: Any,
    time_ms: Any,
    ids: Any,
    table: Any,
    first: Any,
    starts: Any,
    ends: Any,
    at: Any,
    now: Any,
    rows: Any,
    numbers: Any,
    order: Any,
    edges: Any,
) -> int:
    """Rows that lie in a window of their vessel, vessel after vessel and each in the order given; gives how many.

    Parameters
    ----------
    mmsi, time_ms : rows, those of a vessel in order of time
    ids, table : vessels after one that is nobody, and the table of `number_vessels`
    first : vessel v has the windows first[v] up to first[v + 1]
    starts, ends : windows, ms, inclusive, in order inside a vessel and apart
    at : place of each vessel among its windows, kept from one stretch to the next
    now : (1 + vessels, 2) start and end of the window at that place, kept likewise; begins as (0, -1), of nobody as
        (`NEVER`, `NEVER`)
    rows, numbers : room for as many as there are rows
    order : filled
    edges : filled: (vessels + 1,) where the rows of each vessel begin, and the end of all
    """
    # indices without a sign, and rows written whether they count or not: what cannot be foretold must not be a branch
    mask = np.uint64(table.shape[0] - 1)
    found = np.uint64(0)
    for i in range(mmsi.shape[0]):
        place = (np.uint64(mmsi[i]) * np.uint64(SCATTER) >> np.uint64(12)) & mask
        number = np.uint64(table[place])
        while number != 0 and ids[number] != mmsi[i]:
            place = (place + np.uint64(1)) & mask
            number = np.uint64(table[place])
        if now[number, 1] < time_ms[i]:
            own = np.int64(number) - 1
            w = at[own]
            while w < first[own + 1] and ends[w] < time_ms[i]:
                w += 1
            at[own] = w
            is_more = w < first[own + 1]
            now[number, 0] = starts[w] if is_more else NEVER
            now[number, 1] = ends[w] if is_more else NEVER
        rows[found] = i
        numbers[found] = number
        found += np.uint64(now[number, 0] <= time_ms[i])
    edges[:] = 0
    for k in range(found):
        edges[np.uint64(numbers[k])] += 1
    begin = 0
    for v in range(1, edges.shape[0]):
        count = edges[v]
        edges[v] = begin
        begin += count
    # where a vessel begins moves on to where the next one does
    for k in range(found):
        vessel = np.uint64(numbers[k])
        order[np.uint64(edges[vessel])] = rows[k]
        edges[vessel] += 1
    return int(found)


@kernel
def slices_of(time_ms: Any, edges: Any, vessel: Any, starts: Any, ends: Any, begin: Any, size: Any) -> None:
    """Where the rows of windows lie among rows that stand vessel after vessel, each in order of time.

    Parameters
    ----------
    time_ms, edges : of the rows, and where those of each vessel begin
    vessel : number of the vessel of each window
    starts, ends : windows, ms, inclusive
    begin, size : filled: first row of each window, and how many it has
    """
    for w in range(vessel.shape[0]):
        low, high = edges[vessel[w]], edges[vessel[w] + 1]
        stop = high
        while low < high:
            middle = (low + high) >> 1
            if time_ms[middle] < starts[w]:
                low = middle + 1
            else:
                high = middle
        begin[w] = low
        high = stop
        while low < high:
            middle = (low + high) >> 1
            if time_ms[middle] <= ends[w]:
                low = middle + 1
            else:
                high = middle
        size[w] = low - begin[w]


@kernel
def copy_slices(source: Any, begin: Any, size: Any, target: Any, to: Any) -> None:
    """Copy slices of rows: `size` of them from `begin` on, to `to`."""
    for w in range(begin.shape[0]):
        one, other = np.uint64(begin[w]), np.uint64(to[w])
        for k in range(np.uint64(size[w])):
            target[other + k] = source[one + k]


@kernel
def by_number(numbers: Any, places: Any, order: Any) -> None:
    """Stable order of rows by their number: `places[v]` is where those of number v begin, and is moved on."""
    for i in range(numbers.shape[0]):
        order[places[numbers[i]]] = i
        places[numbers[i]] += 1
