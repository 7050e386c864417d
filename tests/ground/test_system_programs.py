"""A test that needs a system program runs, is skipped with the reason, or fails: never passes unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import require_package, require_program


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH; empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install_chromium(folder: Path) -> Path:
    """A program of that name."""
    program = folder / "chromium"
    program.touch(mode=0o755)
    return program


def test_a_plain_run_skips_and_says_how_to_run_it(bin_folder: Path) -> None:
    install_chromium(bin_folder)
    with pytest.raises(pytest.skip.Exception, match="test --all"):
        require_program("chromium", environ={})


@pytest.mark.parametrize("environ", [{"TRACKER_TEST_ALL": "1"}, {"CI": "true"}])
def test_where_all_is_asked_for_the_installed_program_is_used(bin_folder: Path, environ: dict[str, str]) -> None:
    program = install_chromium(bin_folder)
    assert require_program("chromium", environ=environ) == program


def test_a_missing_program_skips_at_home_and_fails_in_ci(bin_folder: Path) -> None:
    assert not list(bin_folder.iterdir())
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        require_program("chromium", environ={"TRACKER_TEST_ALL": "1"})
    with pytest.raises(pytest.fail.Exception, match="not installed"):
        require_program("chromium", environ={"TRACKER_TEST_ALL": "1", "CI": "true"})


def test_a_missing_package_skips_at_home_and_fails_in_ci_and_a_present_one_is_used() -> None:
    with pytest.raises(pytest.skip.Exception, match="test --all"):
        require_package("pytest", environ={})
    require_package("pytest", environ={"CI": "true"})
    with pytest.raises(pytest.skip.Exception, match=r"requirements-all\.lock"):
        require_package("no_such_package_here", environ={"TRACKER_TEST_ALL": "1"})
    with pytest.raises(pytest.fail.Exception, match=r"requirements-all\.lock"):
        require_package("no_such_package_here", environ={"CI": "true"})
