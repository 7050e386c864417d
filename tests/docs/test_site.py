"""The documentation builds without a warning, from the declarations, and names every command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.make_pictures import MOST_BYTES
from scripts.make_reference import commands, events, parameters
from tracker.cli import COMMANDS
from tracker.pipeline.params import RunParams
from tracker.tables.events import EVENTS

ROOT = Path(__file__).parents[2]


def test_every_command_column_and_parameter_section_is_in_the_reference() -> None:
    told = commands()
    assert [name for name in COMMANDS if f"## {name}\n" not in told] == []
    columns = events()
    assert [name for name in EVENTS.names if f"`{name}`" not in columns] == []
    named = parameters()
    assert [name for name in RunParams.model_fields if f"`{name}." not in named] == []


def test_every_command_that_a_page_shows_exists() -> None:
    lines = [line for page in (ROOT / "docs").rglob("*.md") for line in page.read_text(encoding="utf-8").splitlines()]
    shown = {line.split()[1] for line in lines if line.startswith("tracker ") and len(line.split()) > 1}
    assert shown
    assert shown <= set(COMMANDS)


@pytest.mark.needs("mkdocs")
def test_the_site_builds_with_warnings_as_errors(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "fonts.googleapis" not in page


def test_pictures_are_small_shown_in_the_readme_and_said_to_be_synthetic() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(pictures) >= 3
    for picture in pictures:
        content = picture.read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) <= MOST_BYTES
        assert f"docs/pictures/{picture.name}" in readme
    shown = [line for line in readme.splitlines() if line.startswith("![")]
    assert shown
    assert all("SYNTHETIC" in line for line in shown)
