"""Styles of a GeoPackage's layers, in the table ``layer_styles`` that QGIS reads when it opens a layer.

Events are coloured by verdict in the map's colours; tracks are solid, silences dashed, areas outlined. Source: QGIS documentation,
"Saving and sharing layer properties"; the table's columns are those QGIS itself creates.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from tracker.errors import StorageError

VERDICT_COLOURS = {"likely": "163,21,43", "possible": "210,140,0", "unlikely": "86,100,114"}
_OTHER = "0,103,177"


def write_styles(path: Path, layers: list[str], /) -> None:
    """Add the table of styles for the layers named; no clock goes in."""
    renderers = {
        "events": _events(),
        "tracks": _line("0,103,177", "solid"),
        "gaps": _line("90,90,90", "dash"),
        "areas": _area("138,90,0"),
        "ports": _single(_marker("76,74,66", "square", 1.6)),
    }
    try:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_catalog TEXT, f_table_schema TEXT, "
                "f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, "
                "useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME)"
            )
            connection.executemany(
                "INSERT INTO layer_styles VALUES (?, '', '', ?, 'geometry', ?, ?, '', 1, '', '', NULL, "
                "'1970-01-01T00:00:00.000Z')",
                [(i + 1, layer, layer, _qml(renderers[layer])) for i, layer in enumerate(layers)],
            )
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) VALUES "
                "('layer_styles', 'attributes', 'layer_styles', 'styles for QGIS', '1970-01-01T00:00:00.000Z')"
            )
    except sqlite3.Error as error:
        raise StorageError(f"Could not write the styles of {path.name}: {error}.") from error


def _qml(renderer: str) -> str:
    return f'<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM"><qgis version="3.22">{renderer}</qgis>'


def _events() -> str:
    colours = [*VERDICT_COLOURS.items(), ("", _OTHER)]
    categories = "".join(
        f'<category value="{verdict}" label="{verdict or "one ship"}" symbol="{i}" render="true"/>'
        for i, (verdict, _) in enumerate(colours)
    )
    symbols = "".join(
        f'<symbol type="marker" name="{i}" alpha="1">{_marker(colour, "circle", 3.0)}</symbol>'
        for i, (_, colour) in enumerate(colours)
    )
    return (
        f'<renderer-v2 type="categorizedSymbol" attr="verdict"><categories>{categories}</categories>'
        f"<symbols>{symbols}</symbols></renderer-v2>"
    )


def _single(layer: str, kind: str = "marker") -> str:
    symbol = f'<symbol type="{kind}" name="0" alpha="1">{layer}</symbol>'
    return f'<renderer-v2 type="singleSymbol"><symbols>{symbol}</symbols></renderer-v2>'


def _marker(colour: str, shape: str, size: float) -> str:
    told = {"color": f"{colour},255", "name": shape, "size": f"{size}", "outline_color": "27,39,51,255"}
    return f'<layer class="SimpleMarker">{_properties(told)}</layer>'


def _line(colour: str, pattern: str) -> str:
    told = {"line_color": f"{colour},255", "line_style": pattern, "line_width": "0.4"}
    return _single(f'<layer class="SimpleLine">{_properties(told)}</layer>', "line")


def _area(colour: str) -> str:
    told = {"color": f"{colour},25", "outline_color": f"{colour},255", "outline_style": "dash", "outline_width": "0.3"}
    return _single(f'<layer class="SimpleFill">{_properties(told | {"style": "solid"})}</layer>', "fill")


def _properties(told: dict[str, str]) -> str:
    return "".join(f'<prop k="{name}" v="{value}"/>' for name, value in told.items())
