"""What every export says of itself: run, version, inputs, parameters, sources, wording; the same lines in all formats."""

import json
from collections.abc import Mapping
from typing import Any

from tracker.tables.wording import STATEMENT

ADVICE = "Sources are cited by their owners' names; see the licences before passing this file on."


def statement(provenance: Mapping[str, Any], /) -> list[tuple[str, str]]:
    """Name and text of each line, in a fixed order; texts are as given and not yet safe for any format."""
    lines = []
    if provenance.get("synthetic"):
        lines.append(("synthetic", "SYNTHETIC DATA: nothing here is evidence of anything."))
    lines += [
        ("run", str(provenance.get("run_id", ""))),
        ("version", f"tracker {provenance.get('version', '')}".strip()),
        ("wording", STATEMENT),
    ]
    if provenance.get("public"):
        lines.append(("public", str(provenance["public"])))
    if provenance.get("coverage"):
        lines.append(("coverage", str(provenance["coverage"])))
    lines += [("input", str(name)) for name in provenance.get("inputs", [])]
    lines += [("source", str(name)) for name in provenance.get("licences", [])]
    lines.append(("parameters", json.dumps(provenance.get("parameters", {}), sort_keys=True)))
    return lines


def flat_parameters(values: Mapping[str, Any], /, *, prefix: str = "") -> list[tuple[str, str]]:
    """Parameters as dotted names and texts."""
    rows: list[tuple[str, str]] = []
    for name, value in values.items():
        dotted = f"{prefix}.{name}" if prefix else str(name)
        rows += flat_parameters(value, prefix=dotted) if isinstance(value, Mapping) else [(dotted, str(value))]
    return rows
