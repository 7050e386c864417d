"""Read the next batch while this one is worked on: decoding and the compiled loops both let go of Python's lock."""

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")
AHEAD = 2
"""Batches waiting at most."""


def read_ahead(items: Iterator[T], /) -> Iterator[T]:
    """The same items in the same order, fetched by a thread of their own; its error is raised here."""
    waiting: queue.Queue[tuple[bool, T | BaseException | None]] = queue.Queue(AHEAD)
    is_left = threading.Event()

    def put(item: tuple[bool, T | BaseException | None]) -> bool:
        while not is_left.is_set():
            try:
                waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def fetch() -> None:
        try:
            for item in items:
                if not put((True, item)):
                    return
            put((False, None))
        except BaseException as error:  # whatever it is, it belongs to whoever asked
            put((False, error))

    thread = threading.Thread(target=fetch, name="read ahead", daemon=True)
    thread.start()
    try:
        while True:
            is_item, item = waiting.get()
            if is_item:
                yield item  # type: ignore[misc]
            elif isinstance(item, BaseException):
                raise item
            else:
                return
    finally:
        is_left.set()
        thread.join()
