"""A report of a region says the same as a page, a document and a workbook, of many events, of one and of none."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from tests.exporters.events_made_up import HOSTILE, PROVENANCE, encounter
from tracker.errors import UsageError
from tracker.pipeline.publish import write_report
from tracker.pipeline.report import compose_report
from tracker.tables.events import EVENTS
from tracker.views.page import fetchable
from tracker.views.region_map import draw_region
from tracker.views.report import Grid, Picture, render_docx, render_html

RECORD = {"run_id": "run", "version": "0", "synthetic": True, "coverage": {"statement": "Heard for 3 of 4 hours."}}


def some(*rows: dict[str, Any]) -> Any:
    """A table of events."""
    return EVENTS.from_rows(rows)


def composed(events: Any) -> Any:
    """The report of some events."""
    return compose_report(events, record=RECORD, provenance=PROVENANCE, asked={"region": "Yellow Sea"})


def words(report: Any) -> str:
    """All text of a report's page, as a reader sees it."""
    return render_html(report)


def test_a_report_counts_by_verdict_and_states_coverage_region_and_that_it_is_synthetic() -> None:
    rows = [
        encounter(1),
        encounter(2) | {"verdict": "possible"},
        encounter(3) | {"in_port": True, "verdict": "unlikely"},
    ]
    page = words(composed(some(*rows)))
    assert "1 likely and 1 possible transfer-like meetings" in page
    assert "1 in port are left out" in page
    assert "Heard for 3 of 4 hours." in page
    assert "Yellow Sea" in page
    assert "SYNTHETIC DATA" in page
    assert "consistent with" in page
    assert fetchable(page) == []


def test_a_report_of_nothing_is_a_report() -> None:
    page = words(composed(some()))
    assert "0 likely and 0 possible" in page
    assert "No meeting" in page


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_ship_calls_herself_is_text(name: str) -> None:
    page = words(composed(some(encounter(1, name=name))))
    assert "<script" not in page.lower()
    assert "<img" not in page.lower()
    assert "\u202e" not in page


def test_the_guessed_partner_of_a_dark_meeting_is_no_ship_of_the_report() -> None:
    dark = encounter(1) | {"type": "dark_encounter", "verdict": "possible", "name_2": "GUESSED", "flag_2": "PRK"}
    report = composed(some(dark))
    grids = [block for block in report.blocks if isinstance(block, Grid)]
    assert any("a ship not heard (perhaps GUESSED" in cell for row in grids[0].rows for cell in row)
    assert not any("GUESSED" in row[0] for row in grids[1].rows)
    assert all(row[0] != "PRK" for row in grids[2].rows)


def test_months_without_a_meeting_stand_in_the_figure_and_the_workbook(tmp_path: Path) -> None:
    far = encounter(60 * 24 * 70)
    target = tmp_path / "r.xlsx"
    write_report(some(encounter(1), far), target, record=RECORD, provenance=PROVENANCE, asked={}, public=False)
    book = openpyxl.load_workbook(io.BytesIO(target.read_bytes()))
    rows = list(book["T4 monthly events"].iter_rows(values_only=True))
    assert [row[:2] for row in rows[1:]] == [("2020-02", 1), ("2020-03", 0), ("2020-04", 1)]
    assert {"summary", "T2 transfers", "T3 ships", "T5 by flag", "events", "method", "sources"} < set(book.sheetnames)


@pytest.mark.needs("docx")
def test_the_document_holds_the_same_tables_and_a_picture_and_is_the_same_twice() -> None:
    import docx

    report = composed(some(*(encounter(n, name=name) for n, name in enumerate(HOSTILE))))
    content = render_docx(report)
    assert content == render_docx(report)
    document = docx.Document(io.BytesIO(content))
    grids = [block for block in report.blocks if isinstance(block, Grid)]
    assert [len(table.rows) - 1 for table in document.tables] == [len(grid.rows) for grid in grids]
    assert len(document.inline_shapes) == sum(isinstance(block, Picture) for block in report.blocks)


def test_a_public_report_names_no_ship_below_likely(tmp_path: Path) -> None:
    rows = [encounter(1, name="SEEN"), encounter(2, name="HIDDEN") | {"verdict": "possible"}]
    target = tmp_path / "r.html"
    write_report(some(*rows), target, record=RECORD, provenance=PROVENANCE, asked={}, public=True)
    page = target.read_text(encoding="utf-8")
    assert "SEEN" in page
    assert "HIDDEN" not in page


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.docx"):
        write_report(some(), tmp_path / "r.txt", record=RECORD, provenance=PROVENANCE, asked={}, public=False)


def test_events_on_both_sides_of_the_antimeridian_lie_side_by_side() -> None:
    sheet = draw_region(np.array([179.5, -179.5]), np.array([-17.0, -17.0]), ["likely", "possible"], {}, title="t")
    xs = [item.at[0] for item in sheet.items if type(item).__name__ == "Dot"][:2]
    assert 0 < abs(xs[0] - xs[1]) < 500


def test_the_total_of_one_meeting_is_what_the_meeting_itself_states() -> None:
    one = encounter(1) | {"cargo_low_t": 47_349.0, "cargo_best_t": 61_156.0, "cargo_high_t": 72_011.0}
    assert "likely: 61,156 t (P10 47,349, P90 72,011; 1 of 1 could be weighed)" in words(composed(some(one)))
