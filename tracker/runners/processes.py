"""Processes of this machine. When one dies, its part is given to a new one; the others do not notice."""

import multiprocessing
import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from tracker.errors import RunnerError
from tracker.runners.runner import ATTEMPTS, Place, Task


class Processes:
    """The runner ``processes``."""

    name = "processes"
    doc = "processes of this machine"

    def run(self, task: Task, parts: Sequence[bytes], /, *, place: Place) -> Iterator[tuple[int, bytes]]:
        """Number of a part and its result, as they are finished."""
        # a pool of one for each worker: when a process dies it is known over which part
        idle: queue.SimpleQueue[ProcessPoolExecutor] = queue.SimpleQueue()
        count = min(place.workers, len(parts))
        for _ in range(count):
            idle.put(_one_process())

        def work(number: int) -> bytes:
            pool = idle.get()
            try:
                for _ in range(ATTEMPTS):
                    try:
                        return pool.submit(task, parts[number]).result()
                    except BrokenProcessPool:
                        pool.shutdown()
                        pool = _one_process()
            finally:
                idle.put(pool)
            raise RunnerError(f"Part {number + 1} of {len(parts)} killed {ATTEMPTS} processes: out of memory?")

        threads = ThreadPoolExecutor(max(count, 1))
        try:
            futures = {threads.submit(work, number): number for number in range(len(parts))}
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            threads.shutdown(cancel_futures=True)
            while not idle.empty():
                idle.get().shutdown()


def _one_process() -> ProcessPoolExecutor:
    # spawned, not forked: threads of Arrow and DuckDB do not survive a fork
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


RUNNER = Processes()
