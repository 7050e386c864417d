"""Writing a report in the format of its suffix."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracker.errors import UsageError
from tracker.exporters.annex import flag_sheet, ship_sheet, transfer_sheet
from tracker.exporters.exporter import open_target
from tracker.exporters.public import NOTE, mask_unlikely
from tracker.exporters.xlsx import events_sheets, workbook
from tracker.pipeline.report import compose_report, summary_sheets
from tracker.views.pdf import pdf_of
from tracker.views.report import render_docx, render_html

SUFFIXES = (".html", ".pdf", ".docx", ".xlsx")


def write_report(
    events: Any,
    target: Path,
    /,
    *,
    record: Mapping[str, Any],
    provenance: dict[str, Any],
    asked: Mapping[str, Any],
    public: bool,
) -> None:
    """Write a report of events; see `tracker.api.Case.report`."""
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"--to must end in {', '.join(SUFFIXES)}: {target}")
    if public:
        events, provenance = mask_unlikely(events), provenance | {"public": NOTE}
    report = compose_report(events, record=record, provenance=provenance, asked=asked)
    if suffix == ".xlsx":
        annex = [transfer_sheet(events), ship_sheet(events), flag_sheet(events)]
        summary = summary_sheets(report, events.to_pylist())
        content = workbook([*summary, *annex, *events_sheets(events, provenance=provenance, annex=annex)])
    elif suffix == ".docx":
        content = render_docx(report)
    else:
        page = render_html(report)
        content = pdf_of(page) if suffix == ".pdf" else page.encode("utf-8")
    with open_target(target) as stream:
        stream.write(content)
