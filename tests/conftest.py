"""What every test may rely on: laws without deadlines, and one rule for system packages.

A test that needs a program of the operating system carries that program's marker:
``@pytest.mark.chromium``. ``python3 dev.py test`` skips it and says why; ``test --all`` runs it
where the program is installed. Where ``CI=true`` the program must be there: a skip for want of it
would pass for a test that ran, so it is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import settings

# By marker (declared in pyproject.toml): the names under which systems carry the program.
SYSTEM_PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
}

# A law holds or it does not; how long an example takes on a busy machine is not part of it.
settings.register_profile("tracker", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "tracker")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or refuse a test whose system program may not or cannot be used."""
    for name in SYSTEM_PROGRAMS:
        if item.get_closest_marker(name) is not None:
            require_program(name, environ=os.environ)


def find_program(name: str) -> Path | None:
    """Where the named system program is, or None."""
    found = (shutil.which(candidate) for candidate in SYSTEM_PROGRAMS[name])
    return next((Path(path) for path in found if path), None)


def require_program(name: str, *, environ: Mapping[str, str]) -> Path:
    """Where the program is; skips when it is not asked for or missing, fails so under CI."""
    in_ci = environ.get("CI") == "true"
    if not in_ci and environ.get("TRACKER_TEST_ALL") != "1":
        pytest.skip(f"needs {name}: run python3 dev.py test --all")
    path = find_program(name)
    if path is not None:
        return path
    message = f"needs {name}, which is not installed: apt-get install {name}"
    if in_ci:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture
def chromium() -> Path:
    """Headless-capable Chromium; the same rule as the marker of this name."""
    return require_program("chromium", environ=os.environ)
