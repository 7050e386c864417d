"""KML 2.2 (OGC 07-147r2): a placemark with its time span for each event, in folders by verdict.

All columns stand in ``ExtendedData``. Programs show a description as HTML, so names from the radio are escaped twice
there: once for HTML, once for XML.
"""

import html
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tracker.exporters.cells import plain_values, strip_unseen
from tracker.exporters.exporter import Target, open_target
from tracker.exporters.statement import statement
from tracker.tables.wording import level_of

STYLES = {"likely": "ff2b15a3", "possible": "ff008cd2", "unlikely": "ff726456", "": "ffb16700"}
"""Colours by verdict, as aabbggrr."""


class KmlExporter:
    """Keyhole Markup Language; see the module."""

    name = "KML"
    suffixes = ("kml",)
    media_type = "application/vnd.google-earth.kml+xml"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events."""
        columns = plain_values(events)
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        with open_target(target) as stream:
            stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n')
            stream.write(b"<Document><name>Suspected ship-to-ship transfers</name>\n")
            about = "".join(f"<p><b>{html.escape(name)}</b>: {_html(text)}</p>" for name, text in statement(provenance))
            stream.write(f"<description>{escape(about)}</description>\n".encode())
            stream.writelines(_style(verdict, colour) for verdict, colour in STYLES.items())
            for verdict in STYLES:
                inside = [row for row in rows if (row["verdict"] or "") == verdict]
                if not inside:
                    continue
                stream.write(f"<Folder><name>{verdict or 'events of one ship'}</name>\n".encode())
                stream.writelines(_placemark(row).encode() for row in inside)
                stream.write(b"</Folder>\n")
            stream.write(b"</Document></kml>\n")


def _placemark(row: dict[str, Any]) -> str:
    ships = [row[f"name_{n}"] or f"MMSI {row[f'mmsi_{n}']}" for n in (1, 2) if row[f"mmsi_{n}"] is not None]
    title = " and ".join(ships) or row["event_id"]
    lines = [level_of(row).phrase, f"{row['start_time']} to {row['end_time']}", *(row["why"] or [])]
    told = "<br/>".join(_html(line) for line in lines)
    data = "".join(
        f"<Data name={quoteattr(name)}><value>{escape(_text(value))}</value></Data>"
        for name, value in row.items()
        if value is not None and value != []
    )
    return (
        f"<Placemark id={quoteattr('e' + row['event_id'])}><name>{escape(strip_unseen(title))}</name>"
        f"<description>{escape(told)}</description>"
        f"<TimeSpan><begin>{row['start_time']}</begin><end>{row['end_time']}</end></TimeSpan>"
        f"<styleUrl>#{row['verdict'] or 'one'}</styleUrl><ExtendedData>{data}</ExtendedData>"
        f"<Point><coordinates>{row['lon']!r},{row['lat']!r}</coordinates></Point></Placemark>\n"
    )


def _style(verdict: str, colour: str) -> bytes:
    # the balloon shows the description only: data cells would be taken for HTML without being escaped
    return (
        f'<Style id="{verdict or "one"}"><IconStyle><color>{colour}</color><scale>0.9</scale></IconStyle>'
        "<BalloonStyle><text>$[name]&lt;br/&gt;$[description]</text></BalloonStyle></Style>\n"
    ).encode()


def _html(text: str) -> str:
    return html.escape(strip_unseen(text))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(strip_unseen(item or "").replace(";", ",") for item in value)
    return strip_unseen(value) if isinstance(value, str) else repr(value)


KML = KmlExporter()
