"""Work side by side gives what work one after the other gives."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.formats.ahead import in_order


@given(st.lists(st.integers(-5, 5), max_size=30), st.integers(1, 4))
def test_the_order_is_that_of_the_items_and_the_first_error_is_raised(numbers, workers):
    def work(number: int) -> float:
        return 1 / number

    def outcome(results):
        got: list[object] = []
        try:
            got.extend(results)  # what came before an error does not matter: the input is dropped
        except ZeroDivisionError:
            return "error"
        return got

    assert outcome(in_order(numbers, work, workers=workers)) == outcome(map(work, numbers))


def test_only_a_few_items_wait_however_many_there_are():
    taken = 0

    def items():
        nonlocal taken
        while True:
            taken += 1
            yield taken

    results = in_order(items(), lambda item: item, workers=2)
    assert [next(results) for _ in range(5)] == [1, 2, 3, 4, 5]
    assert taken <= 8
    results.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("blocks")]


def test_an_error_of_the_reader_is_raised():
    def items():
        yield 1
        raise ValueError("torn")

    with pytest.raises(ValueError, match="torn"):
        list(in_order(items(), str))
