"""A report of a region and a period: the same blocks as a page (HTML) and as a document to edit (DOCX).

Blocks are plain data, so that both say the same. The page is self-contained and printable; whatever ships call
themselves is text.
"""

import html
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from tracker.drawing.canvas import Sheet
from tracker.errors import UsageError
from tracker.views.page import check_self_contained
from tracker.views.text import plain_text

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
WARNING = "SYNTHETIC DATA: nothing here is evidence of anything."


@dataclass(frozen=True)
class Heading:
    """Title of a part."""

    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table: titles and rows of text."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A figure and its caption."""

    sheet: Sheet
    caption: str


Block = Heading | Words | Points | Grid | Picture


@dataclass(frozen=True)
class Report:
    """A title, what it covers, and the blocks in order."""

    title: str
    subtitle: str
    is_synthetic: bool
    blocks: tuple[Block, ...]


def render_html(report: Report, /) -> str:
    """The report as one page that opens without a network and prints on A4."""
    style = (resources.files("tracker.views") / "print" / "dossier.css").read_text(encoding="utf-8")
    warning = f'<p class="synthetic">{WARNING}</p>' if report.is_synthetic else ""
    figures = 0
    parts = []
    for block in report.blocks:
        figures += isinstance(block, Picture)
        parts.append(_html(block, figures))
    text = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_safe(report.title)}</title><style>{style} td {{ overflow-wrap: normal; }}</style></head><body><header>{warning}"
        f'<h1>{_safe(report.title)}</h1><p class="dim">{_safe(report.subtitle)}</p></header><main>{"".join(parts)}</main>'
        "</body></html>\n"
    )
    check_self_contained(text)
    return text


def render_docx(report: Report, /) -> bytes:
    """The report as a document for a word processor; the same report gives the same bytes.

    Raises
    ------
    UsageError
        When python-docx is not installed.
    """
    try:
        import docx
        from docx.shared import Cm, Pt
    except ImportError:
        raise UsageError("DOCX needs python-docx: pip install 'tracker[report]'. Or write .html.") from None
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    document.core_properties.title, document.core_properties.author = plain_text(report.title), "tracker"
    if report.is_synthetic:
        document.add_paragraph().add_run(WARNING).bold = True
    document.add_heading(plain_text(report.title), level=0)
    document.add_paragraph(plain_text(report.subtitle))
    for block in report.blocks:
        match block:
            case Heading(text):
                document.add_heading(plain_text(text), level=1)
            case Words(text):
                document.add_paragraph(plain_text(text))
            case Points(items):
                for item in items:
                    document.add_paragraph(plain_text(item), style="List Bullet")
            case Picture(sheet, caption):
                document.add_picture(io.BytesIO(sheet.to_png()), width=Cm(17.0))
                document.add_paragraph(plain_text(caption), style="Caption")
            case Grid(titles, rows):
                table = document.add_table(rows=0, cols=len(titles), style="Light Grid Accent 1")
                for row in (titles, *rows):
                    for cell, words in zip(table.add_row().cells, row, strict=True):
                        cell.text = plain_text(words)
                        cell.paragraphs[0].runs[0].font.size = Pt(7.5)
    buffer = io.BytesIO()
    document.save(buffer)
    return _without_clock(buffer.getvalue())


def _without_clock(content: bytes) -> bytes:
    """The same archive with entries of one time, and without the day on which it was made."""
    import re

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>", b"", body)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, body)
    return out.getvalue()


def _html(block: Block, figures: int) -> str:
    match block:
        case Heading(text):
            return f"<h2>{_safe(text)}</h2>"
        case Words(text):
            return f"<p>{_safe(text)}</p>"
        case Points(items):
            return f"<ul>{''.join(f'<li>{_safe(item)}</li>' for item in items)}</ul>"
        case Picture(sheet, caption):
            svg = sheet.to_svg().replace('id="t"', f'id="t{figures}"').replace('id="d"', f'id="d{figures}"')
            svg = svg.replace('labelledby="t d"', f'labelledby="t{figures} d{figures}"')
            return f"<figure>{svg}<figcaption>{_safe(caption)}</figcaption></figure>"
        case Grid(titles, rows):
            return f'<div class="wide" tabindex="0"><table>{"".join(_rows(titles, rows))}</table></div>'


def _rows(titles: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield "<tr>" + "".join(f"<th>{_safe(title)}</th>" for title in titles) + "</tr>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{_safe(cell)}</td>" for cell in row) + "</tr>"


def _safe(text: str) -> str:
    return html.escape(plain_text(text))
