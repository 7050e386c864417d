"""What is said when nothing usable was in the inputs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def inputs_named(inputs: Sequence[str | Path], /) -> str:
    """The first input, and how many more."""
    return f"{inputs[0]} and {len(inputs) - 1} more" if len(inputs) > 1 else str(inputs[0]) if inputs else "the case"


def why_none(record: dict[str, Any], /) -> str:
    """What became of the rows that were read."""
    read = record["read"]
    if not read["rows"]:
        return "there is no row in it"
    reasons = ", ".join(
        f"{count:,} {reason}" for reason, count in sorted(read["rejects"].items(), key=lambda item: -item[1])
    )
    return f"{read['rows']:,} rows read, {read['static_reports']:,} identity reports, rejects: {reasons or 'none'}"
