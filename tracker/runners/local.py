"""One part after the other, in this process."""

from collections.abc import Iterator, Sequence

from tracker.runners.runner import Place, Task


class Local:
    """The runner ``local``."""

    name = "local"
    doc = "this process, one part after the other"

    def run(self, task: Task, parts: Sequence[bytes], /, *, place: Place) -> Iterator[tuple[int, bytes]]:
        """Number of a part and its result, in order."""
        for number, part in enumerate(parts):
            yield number, task(part)


RUNNER = Local()
