"""One piece of work at a time in a thread of its own; its error is raised wherever it is waited for."""

import threading
from collections.abc import Callable


class Aside:
    """Start one piece of work, go on, and `wait` for it before the next."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def start(self, work: Callable[[], None], /) -> None:
        """Start; what was started before must have been waited for."""

        def run() -> None:
            try:
                work()
            except BaseException as error:  # whatever it is, it belongs to whoever waits
                self._error = error

        self._thread = threading.Thread(target=run, name="search", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return once nothing is at work."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        # told again at every wait: what comes after a failure has no meaning
        if self._error is not None:
            raise self._error
