"""Work on several blocks of an input at a time, and give what came of them in the order of the input.

Arrow and numpy let go of Python's lock while they work, so threads do; at most a few blocks are held, whatever the size of
the input.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
MOST_WORKERS = 4
"""More would only wait for the one thread that reads."""


def in_order(items: Iterable[T], work: Callable[[T], R], /, *, workers: int | None = None) -> Iterator[R]:
    """What `work` makes of each item, in their order; the first error in that order is raised.

    Parameters
    ----------
    workers : threads, as many as there are processors (four at most) unless it is said; as many items wait besides
    """
    workers = workers or min(os.cpu_count() or 1, MOST_WORKERS)
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="blocks") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
