"""Build ``tracker/data/archive/empty.duckdb.gz``: the database that a new case begins with.

    python3 scripts/build_empty_case.py

Run it after a change of the schema; `tests/archive/test_empty_case.py` fails until then.
"""

import gzip
import tempfile
from pathlib import Path

from tracker.archive.database import EMPTY, make_empty


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.duckdb"
        make_empty(path)
        packed = gzip.compress(path.read_bytes(), mtime=0)
    EMPTY.parent.mkdir(parents=True, exist_ok=True)
    EMPTY.write_bytes(packed)
    print(f"{EMPTY.name}: {len(packed):,} bytes")


if __name__ == "__main__":
    main()
