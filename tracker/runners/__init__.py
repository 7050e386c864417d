"""Where the parts of a job are worked on: here, in processes, or on a cluster. Same task, same answer."""

from tracker.registry import Registry
from tracker.runners.runner import Runner

RUNNERS: Registry[Runner] = Registry(
    "runner",
    {
        "local": "tracker.runners.local:RUNNER",
        "processes": "tracker.runners.processes:RUNNER",
        "dask": "tracker.runners.dask:RUNNER",
        "spark": "tracker.runners.spark:RUNNER",
    },
)

__all__ = ["RUNNERS", "Runner"]
