"""What an export or a map says of its origin; no clock and no machine in it, so that bytes are the same."""

from typing import Any


def provenance_of(record: dict[str, Any], /) -> dict[str, Any]:
    """Run, version, inputs, parameters and licences behind the events of a run's record."""
    coverage = record.get("coverage")
    told = coverage.get("statement") if isinstance(coverage, dict) else None
    return {
        "run_id": record["run_id"],
        "version": record["version"],
        "inputs": record["inputs"],
        "parameters": record["parameters"],
        "synthetic": record.get("synthetic", False),
        **({"coverage": told} if told else {}),
        "licences": [
            "Coast: GSHHG (LGPL-3.0-or-later), Natural Earth (public domain)",
            "Baselines, limits and joint zones: published facts, sources in the package",
            "Ports: searoute (Apache-2.0), sea-ports (MIT)",
        ],
    }
