"""Events as a GeoDataFrame that shows itself in a notebook, and a map that does."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from tracker.geo.frames import events_frame
from tracker.tables.events import EVENTS
from tracker.views.notebook import SHOWN, events_html, map_frame

SYNTHETIC = "tracker_synthetic"
"""Attribute of a frame: whether its events come from synthetic data."""


class Events(gpd.GeoDataFrame):  # type: ignore[misc]
    """A GeoDataFrame (EPSG:4326) of the columns of `tracker.tables.events.EVENTS`; parts of it stay one while they have them."""

    def _constructor_from_mgr(self, mgr: Any, axes: Any) -> Any:
        # what pandas (2.1 and newer) makes rows and columns of a frame with; older ones give a plain GeoDataFrame
        made = super()._constructor_from_mgr(mgr, axes)
        if isinstance(made, gpd.GeoDataFrame) and "event_id" in made.columns:
            made.__class__ = Events
        return made

    def _repr_html_(self) -> str | None:
        if not set(EVENTS.schema.names) <= set(self.columns):
            plain: str | None = gpd.GeoDataFrame(self)._repr_html_()
            return plain
        first = self.head(SHOWN)
        frame = first.astype(object).where(first.notna(), None)
        return events_html(frame.to_dict("records"), len(self), synthetic=bool(self.attrs.get(SYNTHETIC)))


def frame_of(events: Any, /, *, synthetic: bool = False) -> Any:
    """Events (Arrow) as `Events`."""
    frame = events_frame(events)
    frame.__class__ = Events
    if synthetic:
        frame.attrs[SYNTHETIC] = True
    return frame


@dataclass(frozen=True)
class InlineMap:
    """A finished map that a notebook shows in a frame; ``save`` writes it as a file."""

    page: str
    title: str

    def _repr_html_(self) -> str:
        return map_frame(self.page, title=self.title)

    def __repr__(self) -> str:
        return f"InlineMap({self.title!r}, {len(self.page):,} characters)"

    def save(self, target: str | Path, *, force: bool = False) -> Path:
        """Write the page.

        Raises
        ------
        TargetExistsError, StorageError
        """
        from tracker.errors import TargetExistsError
        from tracker.views.map import write_page

        path = Path(target)
        if path.exists() and not force:
            raise TargetExistsError(f"{path} exists. Use force=True to overwrite it, or another name.")
        write_page(self.page, path)
        return path
