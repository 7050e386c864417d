"""Which rows of a stretch in time order lie in the windows of their vessel, and where they go: compiled, at the pace of decoding."""

from typing import Any

from tracker.geo.kernels.jit import kernel

SCATTER = 2_654_435_769
NEVER = 1 << 62


@kernel
def number_vessels(vessels: Any, table: Any) -> None:
    """Enter vessels into an open-addressing table of zeros, (size, 2) int32: MMSI, and place in `vessels` plus one."""
    mask = table.shape[0] - 1
    for number in range(vessels.shape[0]):
        place = ((vessels[number] * SCATTER) >> 12) & mask
        while table[place, 1] != 0:
            place = (place + 1) & mask
        table[place, 0] = vessels[number]
        table[place, 1] = number + 1


@kernel
def rows_by_vessel(
    mmsi: Any,
    time_ms: Any,
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
    table : of `number_vessels`
    first : vessel v has the windows first[v] up to first[v + 1]
    starts, ends : windows, ms, inclusive, in order inside a vessel and apart
    at : place of each vessel among its windows, kept from one stretch to the next
    now : (vessels, 2) start and end of the window at that place, kept likewise; begins as (0, -1)
    rows, numbers : room for as many as there are rows
    order : filled
    edges : filled: (vessels + 1,) where the rows of each vessel begin, and the end of all
    """
    mask = table.shape[0] - 1
    vessels = edges.shape[0] - 1
    edges[:] = 0
    found = 0
    for i in range(mmsi.shape[0]):
        place = ((mmsi[i] * SCATTER) >> 12) & mask
        while table[place, 1] != 0 and table[place, 0] != mmsi[i]:
            place = (place + 1) & mask
        number = table[place, 1] - 1
        if number < 0:
            continue
        if now[number, 1] < time_ms[i]:
            w = at[number]
            while w < first[number + 1] and ends[w] < time_ms[i]:
                w += 1
            at[number] = w
            is_more = w < first[number + 1]
            now[number, 0] = starts[w] if is_more else NEVER
            now[number, 1] = ends[w] if is_more else NEVER
        if now[number, 0] <= time_ms[i]:
            rows[found] = i
            numbers[found] = number
            edges[number] += 1
            found += 1
    begin = 0
    for v in range(vessels + 1):
        count = edges[v]
        edges[v] = begin
        begin += count
    for k in range(found):
        order[edges[numbers[k]]] = rows[k]
        edges[numbers[k]] += 1
    # each edge has moved on to the next
    for v in range(vessels, 0, -1):
        edges[v] = edges[v - 1]
    edges[0] = 0
    return found


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
def copy_slices(source: Any, begin: Any, size: Any, target: Any, to: Any, width: int) -> None:
    """Copy slices of rows of `width` bytes; `source` and `target` are bytes, the others count rows."""
    for w in range(begin.shape[0]):
        one, other = begin[w] * width, to[w] * width
        for b in range(size[w] * width):
            target[other + b] = source[one + b]


@kernel
def by_number(numbers: Any, places: Any, order: Any) -> None:
    """Stable order of rows by their number: `places[v]` is where those of number v begin, and is moved on."""
    for i in range(numbers.shape[0]):
        order[places[numbers[i]]] = i
        places[numbers[i]] += 1
