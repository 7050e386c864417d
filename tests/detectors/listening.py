"""Who was heard when, among reports held in memory."""

from collections.abc import Iterable, Iterator

from tracker.detectors.hearing import Hearing, hearing_of
from tracker.engine.watch import Watcher
from tracker.tables.fixes import Fixes


class Listener:
    """The watch of the pass, for what it heard."""

    def __init__(self) -> None:
        self._watcher = Watcher()

    def feed(self, fixes: Fixes) -> None:
        """Hear one batch."""
        self._watcher.feed(fixes)

    def overhear(self, batches: Iterable[Fixes]) -> Iterator[Fixes]:
        """Pass batches on unchanged and hear what is in them."""
        return self._watcher.overhear(batches)

    def hearing(self) -> Hearing:
        """Close the count."""
        return hearing_of(*self._watcher.heard())
