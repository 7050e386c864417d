"""Apache Spark, for those whose AIS lies in a lake: parts are rows, worked on by `mapInArrow`. Needs Java 17.

Spark retries a failed part by itself and gives those of a lost executor to others. ``--scheduler`` is a master, such
as ``spark://host:7077``; without one, Spark runs on this machine.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tracker.errors import RunnerError
from tracker.runners.runner import ATTEMPTS, Place, Task


class Spark:
    """The runner ``spark``."""

    name = "spark"
    doc = "Apache Spark: this machine, or the master named by --scheduler spark://…"

    def run(self, task: Task, parts: Sequence[bytes], /, *, place: Place) -> Iterator[tuple[int, bytes]]:
        """Number of a part and its result, as Spark hands them over."""
        import os
        import signal
        import sys
        import threading
        from concurrent.futures import ThreadPoolExecutor, as_completed

        try:
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise RunnerError("The runner spark needs a package: pip install 'tracker[spark]'") from error
        if not parts:
            return
        builder = (
            SparkSession.builder.master(place.scheduler or f"local[{place.workers},{ATTEMPTS}]")
            .appName("tracker")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.maxResultSize", "0")
            .config("spark.task.maxFailures", str(ATTEMPTS))
        )
        if place.scheduler is None:
            builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
            # Spark asks the environment which Python its workers are, and only there
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        interrupts = signal.getsignal(signal.SIGINT)
        try:
            session = builder.getOrCreate()
        except Exception as error:  # the gateway to Java fails in ways of its own, and with its own exceptions
            raise RunnerError(f"Spark does not start: {str(error).splitlines()[0]}. It needs Java 17.") from error
        finally:
            # pyspark puts a handler of its own on Ctrl-C and never takes it away: the interrupt stays tracker's
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, interrupts)

        def work(number: int) -> bytes:
            # a job for each part: results come as they are finished, not all at the end
            rows = session.createDataFrame([(parts[number],)], "part binary").coalesce(1)
            return bytes(rows.mapInArrow(_worker(task), "result binary").collect()[0]["result"])

        try:
            session.sparkContext.setLogLevel("OFF")
            jobs = min(len(parts), 2 * session.sparkContext.defaultParallelism)
            with ThreadPoolExecutor(jobs) as pool:
                futures = {pool.submit(work, number): number for number in range(len(parts))}
                try:
                    for future in as_completed(futures):
                        yield futures[future], future.result()
                finally:
                    for future in futures:
                        future.cancel()
        except (PySparkException, Py4JError) as error:
            raise RunnerError(f"Spark gave up on a part: {str(error).splitlines()[0]}") from error
        finally:
            session.stop()


def _worker(task: Task) -> Any:
    def work(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        for batch in batches:
            results = [task(part) for part in batch.column("part").to_pylist()]
            yield pa.RecordBatch.from_arrays([pa.array(results, pa.binary())], ["result"])

    return work


RUNNER = Spark()
