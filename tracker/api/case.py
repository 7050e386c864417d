"""A case opened for questions: what `tracker.open_case` and `tracker.run` give."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.archive.case import Case as Archive
from tracker.archive.case import open_case as open_archive
from tracker.errors import MissingColumnError, TargetExistsError, UsageError
from tracker.geo.frames import tracks_from_fixes
from tracker.pipeline.provenance import provenance_of
from tracker.query import Filters, region_of, select
from tracker.query.asked import parse_time
from tracker.query.marks import noted, with_marks
from tracker.tables.events import EVENTS

if TYPE_CHECKING:
    from tracker.api.frames import InlineMap
    from tracker.pipeline.reach import ReachAnswer
    from tracker.pipeline.versions import Comparison


AROUND = timedelta(hours=12)
"""Tracks before and after an event, as on the map."""


class Case:
    """A case folder opened for questions."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.path = archive.path

    def __repr__(self) -> str:
        return f"Case({str(self.path)!r})"

    def _repr_html_(self) -> str:
        """What the case holds, for a notebook."""
        from tracker.pipeline.glance import glance_of
        from tracker.views.notebook import case_html

        synthetic = bool(self.record().get("synthetic"))
        return case_html(glance_of(self.archive), title=f"Case {self.path}", synthetic=synthetic)

    def select(self, filters: Filters | None = None, /) -> Any:
        """Events of the last run that pass the filters, with analysts' marks, as an Arrow table."""
        filters = filters or Filters()
        events = with_marks(self.archive.latest_events(), self.archive.notes())
        return select(events, filters, region=region_of(filters))

    def noted(self, filters: Filters | None = None, /) -> list[dict[str, Any]]:
        """Events with notes that pass the filters, in port or not, as rows; see `tracker.query.marks.noted`."""
        asked = replace(filters or Filters(), in_port=True)
        every = noted(self.archive.latest_events(), self.archive.retracted(), self.archive.notes())
        return list(select(every, asked, region=region_of(asked)).to_pylist())

    def events(
        self,
        *,
        region: str | None = None,
        waters: str | None = None,
        international: bool = False,
        state: str | None = None,
        claimant: bool = False,
        flag: str | None = None,
        mmsi: int | None = None,
        imo: int | None = None,
        name: str | None = None,
        listed: bool = False,
        since: str | datetime | None = None,
        until: str | datetime | None = None,
        type: str | None = None,  # noqa: A002 - the column is called so
        verdict: str | None = None,
        min_confidence: float | None = None,
        min_risk: float | None = None,
        mark: str | None = None,
        in_port: bool = False,
        sort: str | None = None,
        limit: int | None = None,
    ) -> Any:
        """Events of the last run as a GeoDataFrame (EPSG:4326) that a notebook shows as a short list: ``case.events(region="Yellow Sea", flag="PRK")``.

        The filters are those of the command line; texts may hold several values with commas.

        Raises
        ------
        UsageError
            When a value is not one of those accepted.
        """
        asked = {field: value for field, value in locals().items() if field != "self" and value is not None}
        from tracker.api.frames import frame_of

        return frame_of(self.select(Filters.of(asked)), synthetic=bool(self.record().get("synthetic")))

    def tracks(
        self,
        *,
        mmsi: Sequence[int] | None = None,
        event: str | None = None,
        since: str | datetime | None = None,
        until: str | datetime | None = None,
    ) -> Any:
        """Tracks of vessels as a ``movingpandas.TrajectoryCollection``; `until` is exclusive.

        ``event`` (an id, or its beginning) stands for its ships, from half a day before it to half a day after; what
        is given beside it wins.

        Raises
        ------
        UsageError
            When neither ships nor an event are named.
        UnknownNameError
            When the last run has no such event.
        """
        first, last = (parse_time(t) if isinstance(t, str) else t for t in (since, until))
        if event is not None:
            from tracker.pipeline.lookup import find_event

            row = find_event(self.archive, event)
            mmsi = mmsi or [row[f"mmsi_{n}"] for n in (1, 2) if row[f"mmsi_{n}"] is not None]
            first, last = first or row["start_time"] - AROUND, last or row["end_time"] + AROUND
        if not mmsi:
            raise UsageError('Name ships or an event: case.tracks(mmsi=[...]) or case.tracks(event="...").')
        return tracks_from_fixes(self.archive.store().tracks(list(mmsi), since=first, until=last))

    def map(
        self,
        target: str | Path | None = None,
        *,
        events: Any = None,
        force: bool = False,
        title: str | None = None,
        reaches: Sequence["ReachAnswer"] = (),
    ) -> "Path | InlineMap":
        """An HTML map of events (all of the last run outside ports when none are given), with `reaches` if any.

        With a target it is written there, and the path is given; without one it shows itself in a notebook.
        """
        from tracker.api.frames import InlineMap
        from tracker.pipeline.params import recorded_params
        from tracker.pipeline.picture import page_of
        from tracker.pipeline.unheard import reach_layers, sighting_layers
        from tracker.tables.given import ZONES_DRAWN
        from tracker.views.map import write_page

        path = None if target is None else Path(target)
        if path is not None:
            refuse_existing(path, force=force)
        name = title or "Suspected ship-to-ship transfers"
        page = page_of(
            self.select() if events is None else arrow_events(events),
            source=self.archive.store(),
            provenance=self.provenance(),
            title=name,
            hulls=recorded_params(self.record()["parameters"]).hulls,
            coverage=self.archive.coverage(),
            zones=next((t for t in self.archive.user_tables() if t.role == ZONES_DRAWN), None),
            unheard=sighting_layers(self.archive.detections()) | reach_layers(reaches),
        )
        if path is None:
            return InlineMap(page, name)
        write_page(page, path)
        return path

    def reach(
        self,
        event_id: str | None = None,
        /,
        *,
        mmsi: int | None = None,
        at: str | datetime | None = None,
        speed_kn: float | None = None,
    ) -> "ReachAnswer":
        """Where a silent ship could have been, and which port calls were feasible: `tracker.pipeline.reach.ReachAnswer`.

        Of a gap or dark encounter, or of the silence of a ship (`mmsi`) at a moment (`at`). Without `at` the area is
        all she could have touched. `speed_kn` replaces the speed that follows from her track.
        """
        from tracker.pipeline.reach import find_silence_reach

        moment = parse_time(at) if isinstance(at, str) else at
        return find_silence_reach(
            self.archive, event_id, mmsi=mmsi, at=moment, speed_kn=speed_kn, provenance=self.provenance()
        )

    def report(
        self,
        target: str | Path,
        *,
        events: Any = None,
        asked: Mapping[str, Any] | None = None,
        public: bool = False,
        force: bool = False,
    ) -> Path:
        """Write a report of events (all outside ports when none are given) as .html, .pdf, .docx or .xlsx.

        Raises
        ------
        UsageError
            When the suffix is another, or the extra that it needs is not installed.
        TargetExistsError, StorageError
        """
        from tracker.pipeline.publish import write_report

        path = Path(target)
        refuse_existing(path, force=force)
        found = self.select() if events is None else events
        write_report(found, path, record=self.record(), provenance=self.provenance(), asked=asked or {}, public=public)
        return path

    def note(
        self,
        event_id: str,
        *,
        mark: str | None = None,
        text: str = "",
        source: str | None = None,
        author: str | None = None,
        written_at: datetime,
    ) -> dict[str, Any]:
        """Write a note to an event of the last run; it holds on to the event over later runs.

        Raises
        ------
        UsageError
            When the mark is not known, a dismissal has no reason, a confirmation no source, or nothing is said.
        UnknownNameError
            When the last run has no such event.
        """
        from tracker.pipeline.notes import keep_note

        return keep_note(
            self.archive, event_id, mark=mark, text=text, source=source, author=author, written_at=written_at
        )

    def diff(self, old: str | None = None, new: str | None = None) -> "Comparison":
        """Events that are new, changed or gone from one run to another; the last two when none are named.

        Raises
        ------
        UsageError
            When there are not two runs, or one is not known.
        """
        from tracker.pipeline.versions import compare_runs

        return compare_runs(self.archive, old, new)

    def record(self) -> dict[str, Any]:
        """The record of the last run."""
        runs = self.archive.runs()
        return runs[-1] if runs else {"run_id": "", "version": "", "inputs": [], "parameters": {}}

    def provenance(self) -> dict[str, Any]:
        """Run, version, inputs and parameters behind the events."""
        return provenance_of(self.record())


def open_case(path: str | Path, /) -> Case:
    """Open a case that exists.

    Raises
    ------
    NotACaseError, NewerCaseError, StorageError
    """
    return Case(open_archive(path))


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raise `TargetExistsError` when the file exists and `force` is not given."""
    if path.exists() and not force:
        raise TargetExistsError(f"{path} exists. Use --force to overwrite it, or another name.")


def arrow_events(events: Any, /) -> Any:
    """Events as an Arrow table, from either shape.

    Raises
    ------
    MissingColumnError
        When the column event_id is missing.
    """
    import pyarrow as pa

    if isinstance(events, pa.Table):
        return EVENTS.conform(events)
    if "event_id" not in events.columns:
        raise MissingColumnError("These are no events: the column event_id is missing. tracker.detect gives them.")
    plain = events.drop(columns=[name for name in ("geometry",) if name in events.columns])
    return EVENTS.conform(pa.Table.from_pandas(plain, preserve_index=False))
