"""A dask.distributed cluster: an existing one by its scheduler's address, else workers started on this machine.

The scheduler gives the parts of a worker that died to others by itself.
"""

from collections.abc import Iterator, Sequence

from tracker.errors import RunnerError
from tracker.runners.runner import ATTEMPTS, Place, Task


class Dask:
    """The runner ``dask``."""

    name = "dask"
    doc = "dask.distributed: workers of this machine, or those of --scheduler tcp://…"

    def run(self, task: Task, parts: Sequence[bytes], /, *, place: Place) -> Iterator[tuple[int, bytes]]:
        """Number of a part and its result, as they are finished."""
        try:
            import distributed
            from distributed.scheduler import KilledWorker
        except ImportError as error:
            raise RunnerError("The runner dask needs a package: pip install 'tracker[cluster]'") from error
        cluster = None
        try:
            if place.scheduler is None:
                cluster = distributed.LocalCluster(
                    n_workers=place.workers, threads_per_worker=1, dashboard_address=None, silence_logs=50
                )
            client = distributed.Client(cluster or place.scheduler, timeout="30s")
        except (OSError, ValueError) as error:
            raise RunnerError(f"No dask scheduler answers at {place.scheduler or 'this machine'}: {error}") from error
        try:
            # a part travels with its task: data scattered beforehand dies with the worker that holds it
            futures = {
                client.submit(task, part, pure=False, retries=ATTEMPTS - 1): number for number, part in enumerate(parts)
            }
            for future in distributed.as_completed(list(futures)):
                try:
                    yield futures[future], future.result()
                except KilledWorker as error:
                    raise RunnerError(f"Workers died over part {futures[future] + 1} of {len(parts)}.") from error
        finally:
            client.close()
            if cluster is not None:
                cluster.close()


RUNNER = Dask()
