"""Find the real AIS samples and reference tables that lie beside a checkout, or skip.

They are too large, and some of them too restricted, to live in this repository; a developer's
machine has them in ``../shared/data``. A test that reads them says so by calling `shared`, and is
skipped with the reason on a machine without them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


def shared(relative: str = ".") -> Path:
    """Path of a file or folder below ``../shared/data``; skips the test when it is not there.

    Parameters
    ----------
    relative
        The place below the folder, for example ``"real/socal_sts_expected.csv"``.

    Returns
    -------
    Path
        An existing file or folder.
    """
    path = SHARED_DATA / relative
    if not path.exists():
        pytest.skip(f"needs ../shared/data/{relative}, which is not beside this checkout")
    return path
