"""Reports of a stretch of time laid ship after ship, and slices of them copied out: compiled, at the pace of decoding.

A report is two words of 64 bits beside one another, of two numbers each: those of a ship follow in order of time, so what
is asked of her is read in one place.
"""

from typing import Any

import numpy as np

from tracker.geo.kernels.jit import kernel

SCATTER = 2_654_435_769


@kernel
def number_rows(mmsi: Any, start: int, ids: Any, known: Any, table: Any, numbers: Any) -> int:
    """Number of the ship of each row, ships in the order in which they came; gives the row for which there is no room.

    Parameters
    ----------
    mmsi : of each row
    start : first row to do
    ids, known : ships, and how many there are (shape (1,)); more are added while there is room
    table : open-addressing table of zeros at first, a power of two long: one more than the number of a ship
    numbers : filled
    """
    mask = np.uint64(table.shape[0] - 1)
    for i in range(start, mmsi.shape[0]):
        place = (np.uint64(mmsi[i]) * np.uint64(SCATTER) >> np.uint64(12)) & mask
        number = np.uint64(table[place])
        while number != 0 and ids[number - np.uint64(1)] != mmsi[i]:
            place = (place + np.uint64(1)) & mask
            number = np.uint64(table[place])
        if number == 0:
            if known[0] == ids.shape[0]:
                return i
            ids[known[0]] = mmsi[i]
            known[0] += 1
            number = np.uint64(known[0])
            table[place] = number
        numbers[i] = np.int64(number) - 1
    return int(mmsi.shape[0])


@kernel
def places_of(numbers: Any, edges: Any) -> None:
    """Turn the number of the ship of each row into the place of the row when ship follows ship, in the order given.

    ``edges`` are filled: where the rows of each ship begin; whoever comes after the last ship has none.
    """
    for v in range(edges.shape[0]):
        edges[v] = 0
    for i in range(numbers.shape[0]):
        edges[np.uint64(numbers[i])] += 1
    begin = 0
    for v in range(edges.shape[0]):
        count = edges[v]
        edges[v] = begin
        begin += count
    for i in range(numbers.shape[0]):
        ship = np.uint64(numbers[i])
        numbers[i] = edges[ship]
        edges[ship] += 1
    # where a ship begins moved on to where the next one does
    for v in range(edges.shape[0] - 1, 0, -1):
        edges[v] = edges[v - 1]
    edges[0] = 0


@kernel
def scatter_words(places: Any, whole: Any, base: int, one: Any, two: Any, three: Any, words: Any) -> None:
    """Write rows to their places as two words of 64 bits: ``whole - base`` without a sign below `one`, `two` below `three`."""
    # two stores a row: each waits for a line of the cache of its own
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    for i in range(places.shape[0]):
        place = np.uint64(places[i])
        words[place, 0] = np.uint64(whole[i] - base) & low | np.uint64(one[i]) << half
        words[place, 1] = np.uint64(two[i]) & low | np.uint64(three[i]) << half


@kernel
def slices_of(words: Any, edges: Any, number: Any, starts: Any, ends: Any, begin: Any, size: Any) -> None:
    """Where the rows of windows lie among rows that stand ship after ship, each in order of time.

    Parameters
    ----------
    words, edges : the rows, whose first number is the time, and where those of each ship begin
    number : of the ship of each window
    starts, ends : windows, inclusive, counted as the times of the rows are
    begin, size : filled: first row of each window, and how many it has
    """
    low = np.uint64(0xFFFFFFFF)
    for w in range(number.shape[0]):
        first, high = edges[number[w]], edges[number[w] + 1]
        stop = high
        while first < high:
            middle = (first + high) >> 1
            if np.int64(words[middle, 0] & low) < starts[w]:
                first = middle + 1
            else:
                high = middle
        begin[w] = first
        high = stop
        while first < high:
            middle = (first + high) >> 1
            if np.int64(words[middle, 0] & low) <= ends[w]:
                first = middle + 1
            else:
                high = middle
        size[w] = first - begin[w]


@kernel
def gather_words(
    words: Any, begin: Any, size: Any, to: Any, base: int, whole: Any, one: Any, two: Any, three: Any
) -> None:
    """Copy slices of rows, `size` of them from `begin` on, to `to` in columns: what `scatter_words` wrote."""
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    for w in range(begin.shape[0]):
        row, other = np.uint64(begin[w]), np.uint64(to[w])
        for _ in range(size[w]):
            whole[other] = np.int64(words[row, 0] & low) + base
            one[other] = np.int32(words[row, 0] >> half)
            two[other] = np.int32(words[row, 1] & low)
            three[other] = np.int32(words[row, 1] >> half)
            row += np.uint64(1)
            other += np.uint64(1)


@kernel
def by_number(numbers: Any, places: Any, order: Any) -> None:
    """Stable order of rows by their number: `places[v]` is where those of number v begin, and is moved on."""
    for i in range(numbers.shape[0]):
        order[places[numbers[i]]] = i
        places[numbers[i]] += 1
