"""What every test may rely on: laws without deadlines, and one rule for system packages.

A test that needs a program of the operating system carries that program's marker
(``@pytest.mark.chromium``), and one that needs a package of ``requirements-all.lock`` names it:
``@pytest.mark.needs("distributed")``. ``python3 dev.py test`` skips it and says why; ``test --all``
runs it where both are installed. Where ``CI=true`` they must be there: a skip for want of them
would pass for a test that ran, so it is a failure.
"""

from __future__ import annotations

import glob
import importlib.util
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# By marker (declared in pyproject.toml): the names under which systems carry the program.
SYSTEM_PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "java": ("java",),
    "postgres": ("initdb", "/usr/lib/postgresql/*/bin/initdb"),
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
    for marker in item.iter_markers("needs"):
        for module in marker.args:
            require_package(module, environ=os.environ)


def find_program(name: str) -> Path | None:
    """Where the named system program is, or None."""
    patterns = SYSTEM_PROGRAMS[name]
    found = [
        path for pattern in patterns for path in (glob.glob(pattern) if "*" in pattern else [shutil.which(pattern)])
    ]
    return next((Path(path) for path in found if path), None)


def require_program(name: str, *, environ: Mapping[str, str]) -> Path:
    """Where the program is; skips when it is not asked for or missing, fails so under CI."""
    path = find_program(name)
    require(path is not None, name, f"needs {name}, which is not installed: apt-get install {name}", environ=environ)
    assert path is not None
    return path


def require_package(module: str, *, environ: Mapping[str, str]) -> None:
    """Skips when the package is not asked for or missing, fails so under CI."""
    is_there = importlib.util.find_spec(module) is not None
    require(is_there, module, f"needs the Python package {module} of requirements-all.lock", environ=environ)


def require(is_there: bool, name: str, message: str, *, environ: Mapping[str, str]) -> None:
    """The one rule: asked for with --all, and then there; missing is a skip for a person and a failure for CI."""
    in_ci = environ.get("CI") == "true"
    if not in_ci and environ.get("TRACKER_TEST_ALL") != "1":
        pytest.skip(f"needs {name}: run python3 dev.py test --all")
    if not is_there:
        (pytest.fail(message, pytrace=False) if in_ci else pytest.skip(message))


@pytest.fixture
def chromium() -> Path:
    """Headless-capable Chromium; the same rule as the marker of this name."""
    return require_program("chromium", environ=os.environ)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The bundled synthetic scenario as `tracker.pipeline.run.run` finishes it; ``demo.case`` is its folder, to be read only."""
    from tracker.pipeline.run import run

    scenario = Path(__file__).resolve().parent.parent / "data" / "ais" / "east-china-sea"
    return run([scenario], tmp_path_factory.mktemp("demo") / "case")
