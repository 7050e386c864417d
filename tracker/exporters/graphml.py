"""A network as GraphML, as Gephi, yEd, networkx and Maltego read it.

Names come from the radio: signs that XML 1.0 forbids, or that turn the reading direction, are left out; the rest is
escaped by the XML library. The same network gives the same bytes.
Source: GraphML Primer (graphml.graphdrawing.org), XML 1.0 section 2.2.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from tracker.errors import TargetExistsError
from tracker.exporters.cells import strip_unseen

Value = str | int | float | bool | None
_TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graph(
    nodes: Mapping[str, Mapping[str, Value]],
    edges: Sequence[tuple[str, str, Mapping[str, Value]]],
    target: Path,
    /,
    *,
    told: str = "",
    force: bool = False,
) -> None:
    """Write nodes by id, and directed edges (from, to, values); empty values are left out.

    Parameters
    ----------
    told : what the network is and where it comes from, as the file's description

    Raises
    ------
    TargetExistsError
    """
    if target.exists() and not force:
        raise TargetExistsError(f"{target} exists. Use --force to overwrite it, or another name.")
    root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    if told:
        ElementTree.SubElement(root, "desc").text = _text(told)
    keys = {
        **_declare(root, "node", [dict(values) for values in nodes.values()]),
        **_declare(root, "edge", [dict(values) for _, _, values in edges]),
    }
    graph = ElementTree.SubElement(root, "graph", id="network", edgedefault="directed")
    ids = {key: f"n{place}" for place, key in enumerate(nodes)}
    for key, values in nodes.items():
        _fill(ElementTree.SubElement(graph, "node", id=ids[key]), "node", {"key": key, **values}, keys)
    for place, (one, two, values) in enumerate(edges):
        edge = ElementTree.SubElement(graph, "edge", id=f"e{place}", source=ids[one], target=ids[two])
        _fill(edge, "edge", values, keys)
    ElementTree.indent(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


def _declare(root: ElementTree.Element, kind: str, rows: list[dict[str, Value]]) -> dict[tuple[str, str], str]:
    """Declare each value that occurs, with its type."""
    found: dict[str, str] = {"key": "string"} if kind == "node" else {}
    for row in rows:
        for name, value in row.items():
            if value is not None:
                found.setdefault(name, _TYPES[type(value)])
    keys = {}
    for name, type_ in found.items():
        ident = f"{kind}_{name}"
        ElementTree.SubElement(root, "key", {"id": ident, "for": kind, "attr.name": name, "attr.type": type_})
        keys[kind, name] = ident
    return keys


def _fill(
    element: ElementTree.Element, kind: str, values: Mapping[str, Value], keys: Mapping[tuple[str, str], str]
) -> None:
    for name, value in values.items():
        if value is not None:
            data = ElementTree.SubElement(element, "data", key=keys[kind, name])
            data.text = str(value).lower() if isinstance(value, bool) else _text(str(value))


def _text(text: str) -> str:
    return _FORBIDDEN.sub("", strip_unseen(text))
