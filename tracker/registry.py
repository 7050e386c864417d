"""One mechanism for every kind of plug-in: a table from a name to ``"module:object"``.

The object is imported when asked for, so start-up stays cheap. Entry points of other packages, in the
group ``tracker.<kind>``, join the same table. An unknown name answers with the nearest known ones.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar, cast

from tracker.errors import UnknownNameError

T = TypeVar("T")


class Registry(Generic[T]):
    """Names of one kind of plug-in (``kind`` is the singular word used in messages)."""

    def __init__(self, kind: str, table: Mapping[str, str]) -> None:
        self.kind = kind
        self._own = dict(table)

    def table(self) -> dict[str, str]:
        """All names with their targets: ours first, then those of other packages, which never replace ours."""
        others = _installed(f"tracker.{self.kind.replace(' ', '_')}s")
        return self._own | {name: target for name, target in others.items() if name not in self._own}

    def __iter__(self) -> Iterator[str]:
        """Names in order of registration."""
        return iter(self.table())

    def get(self, name: str, /) -> T:
        """Import and return the object called `name`.

        Raises
        ------
        UnknownNameError
            With the nearest known names.
        """
        table = self.table()
        if name not in table:
            near = get_close_matches(name, table, n=3, cutoff=0.4) or list(table)
            raise UnknownNameError(f"There is no {self.kind} called {name!r}. Near: {', '.join(near)}.")
        module, _, attribute = table[name].partition(":")
        return cast(T, getattr(import_module(module), attribute))


@cache
def _installed(group: str) -> Mapping[str, str]:
    """Entry points of a group, which do not change while a program runs."""
    return {e.name: e.value for e in _all_installed().select(group=group)}


@cache
def _all_installed() -> Any:
    """Of all groups: asking the packages takes 30 ms each time."""
    return entry_points()
