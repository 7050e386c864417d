"""XLSX: annex tables of transfers, ships, months and flags (with a case also deliveries and goods), every event with all columns, the method and the sources.

Times are real dates in UTC, headers are frozen and filtered, and no cell is a formula: texts are written as texts, and
one that a spreadsheet would take for a formula after a detour through CSV carries an apostrophe. No clock goes in, so
the same events give the same bytes.
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.errors import UsageError
from tracker.exporters.annex import Sheet, flag_sheet, month_sheet, ship_sheet, transfer_sheet
from tracker.exporters.cells import safe_text, strip_unseen
from tracker.exporters.exporter import Target, open_target
from tracker.exporters.statement import flat_parameters, statement
from tracker.tables.events import EVENTS

MOST_ROWS = 1_048_575
MOST_SIGNS = 32_767
"""Rows below the header, and signs in a cell: Excel specifications and limits."""
CREATED = datetime(1980, 1, 1)
CASE_TABLES = ("T1 deliveries", "T6 declared", "T7 goods")
"""Annex tables that events alone do not give."""


class XlsxExporter:
    """Excel workbook; see the module."""

    name = "XLSX"
    suffixes = ("xlsx",)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events, with the annex tables that events alone give.

        Raises
        ------
        UsageError
            When there are more events than a sheet has rows.
        """
        self.write_tables(events, target, provenance=provenance, tables=())

    def write_tables(
        self, events: Any, target: Target, /, *, provenance: dict[str, Any], tables: Sequence[Sheet]
    ) -> None:
        """Write events and tables of the case, those of the annexes in the order of their numbers.

        Raises
        ------
        UsageError
            When there are more events than a sheet has rows.
        """
        if events.num_rows > MOST_ROWS:
            raise UsageError(
                f"{events.num_rows:,} events; a sheet holds {MOST_ROWS:,}. Narrow the filters, or write .csv or .parquet."
            )
        own = (transfer_sheet(events), ship_sheet(events), month_sheet(events), flag_sheet(events))
        annex = sorted([*own, *tables], key=lambda sheet: sheet.name)
        with open_target(target) as stream:
            stream.write(workbook([*annex, *events_sheets(events, provenance=provenance, annex=annex)]))


def events_sheets(events: Any, /, *, provenance: dict[str, Any], annex: Sequence[Sheet]) -> list[Sheet]:
    """Sheets of a workbook of events beside the annex tables: all columns, method and sources."""
    return [_all_columns(events), _method(provenance, annex), _sources(provenance)]


def workbook(sheets: Sequence[Sheet], /) -> bytes:
    """An Excel workbook; the same sheets give the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options | {"strings_to_numbers": False, "nan_inf_to_errors": False})
    book.set_properties({"title": "Suspected ship-to-ship transfers", "created": CREATED})
    styles = _Styles(book)
    for sheet in sheets:
        _write_sheet(book, sheet, styles)
    book.close()
    return buffer.getvalue()


class _Styles:
    """Cell formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})


def _write_sheet(book: Any, sheet: Sheet, styles: _Styles) -> None:
    page = book.add_worksheet(sheet.name)
    for place, (title, width) in enumerate(sheet.columns):
        page.write_string(0, place, title, styles.header)
        page.set_column(place, place, width, styles.wrapped if width >= 60 else None)
    for number, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write_cell(page, number, place, value, styles)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    if sheet.columns:
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _write_cell(page: Any, row: int, column: int, value: Any, styles: _Styles) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        if np.isfinite(value):
            page.write_number(row, column, value)
    elif isinstance(value, datetime):
        # xlsxwriter knows no zones: the times are UTC, and the headers say so
        page.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), styles.time)
    else:
        text = strip_unseen(safe_text(str(value)))
        page.write_string(row, column, text if len(text) <= MOST_SIGNS else text[: MOST_SIGNS - 1] + "…")


def _all_columns(events: Any) -> Sheet:
    """Every column as the contract names it, one row each; lists joined with ``;``."""
    columns = []
    for field in events.schema:
        values = events.column(field.name).to_pylist()
        if pa.types.is_list(field.type):
            values = [None if v is None else ";".join((item or "").replace(";", ",") for item in v) for v in values]
        elif field.type == pa.float32():
            values = [None if v is None else float(str(np.float32(v))) for v in values]
        columns.append(values)
    titles = [(field.name, 20 if pa.types.is_timestamp(field.type) else 13) for field in events.schema]
    return Sheet("events", titles, [list(row) for row in zip(*columns, strict=True)])


def _method(provenance: dict[str, Any], annex: Sequence[Sheet]) -> Sheet:
    rows: list[list[Any]] = [
        [name, text] for name, text in statement(provenance) if name not in ("input", "source", "parameters")
    ]
    rows += [[f"table {sheet.name}", sheet.about] for sheet in annex]
    missing = [name for name in CASE_TABLES if not any(sheet.name.startswith(name[:2]) for sheet in annex)]
    if missing:
        rows.append(["tables left out", f"{', '.join(missing)}: they need the case, and ships that are not masked."])
    rows.append(["times", "All times are UTC. Unknown is an empty cell, never 0."])
    rows += [[f"column {c.name}", c.meaning] for c in EVENTS.columns]
    rows += [[f"parameter {name}", text] for name, text in flat_parameters(provenance.get("parameters", {}))]
    return Sheet("method", [("what", 34), ("meaning", 100)], rows)


def _sources(provenance: dict[str, Any]) -> Sheet:
    rows: list[list[Any]] = [["input (SHA-256)", str(name)] for name in provenance.get("inputs", [])]
    rows += [["source and licence", str(name)] for name in provenance.get("licences", [])]
    return Sheet("sources", [("kind", 22), ("source", 100)], rows)


XLSX = XlsxExporter()
