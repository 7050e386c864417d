"""`python3 dev.py` on a machine with nothing: a tiny project, a tiny package index on loopback, no ensurepip."""

from __future__ import annotations

import ast
import hashlib
import http.server
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIP = next((ROOT / "vendor").glob("pip-*.whl"))

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "tracker"
version = "0"
"""

# The smallest backend that makes an editable package with the console command that dev.py starts.
BACKEND = """
import os, zipfile
def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "tracker-0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        wheel.writestr("tracker.pth", os.getcwd())
        wheel.writestr("tracker-0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tracker\\nVersion: 0\\n")
        wheel.writestr("tracker-0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tracker-0.dist-info/entry_points.txt", "[console_scripts]\\ntracker = fake_tracker:main\\n")
        wheel.writestr("tracker-0.dist-info/RECORD", "")
    return name
"""

FAKE_TRACKER = """
import sys, tiny
def main():
    print(tiny.WORD, *sys.argv[1:])
    return 7 if "fail" in sys.argv else 0
"""


def wheel_of_tiny(folder: Path) -> Path:
    """A wheel with one module of one line."""
    path = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tiny.py", "WORD = 'installed'\n")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    return path


def sha256(path: Path) -> str:
    """The digest that a lock names."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Index:
    """A package index on loopback that serves one wheel and counts what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.wheel = wheel_of_tiny(folder)
        self.requests = 0
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.requests += 1
                is_file = self.path.endswith(".whl")
                page = f'<a href="/{index.wheel.name}">{index.wheel.name}</a>'.encode()
                body = index.wheel.read_bytes() if is_file else page
                self.send_response(200)
                self.send_header("Content-Type", "application/zip" if is_file else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/simple"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """The loopback index, listening."""
    index = Index(tmp_path)
    thread = threading.Thread(target=index.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield index
    index.server.shutdown()
    index.server.server_close()
    thread.join()


class Machine:
    """A bare machine with a checkout: its own home, no uv, no ensurepip, and an index on loopback."""

    def __init__(self, place: Path, index: Index) -> None:
        self.index = index
        self.root = place / "a checkout"  # people have spaces in their paths
        (self.root / "vendor").mkdir(parents=True)
        shutil.copy(ROOT / "dev.py", self.root)
        shutil.copy(PIP, self.root / "vendor")
        for name, text in (("pyproject.toml", PROJECT), ("backend.py", BACKEND), ("fake_tracker.py", FAKE_TRACKER)):
            (self.root / name).write_text(text)
        self.write_lock(sha256(index.wheel))
        # Python reads sitecustomize before anything else: here ensurepip cannot be imported, as on Debian.
        mask = place / "mask"
        mask.mkdir()
        (mask / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n")
        self.environ = {
            "PATH": os.defpath,
            "HOME": str(place),
            "PYTHONPATH": str(mask),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": index.url,
            "PIP_RETRIES": "1",
            "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
        }

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def write_lock(self, digest_of_tiny: str) -> None:
        lines = (f"tiny==1.0 --hash=sha256:{digest_of_tiny}", f"# pip==0\n{self.pip_pin()}")
        (self.root / "requirements.lock").write_text("\n".join(lines) + "\n")

    def pip_pin(self) -> str:
        # dev.py checks vendor/ against this line; the marker keeps pip itself from being installed here.
        version = PIP.name.split("-")[1]
        return f"pip=={version} ; python_version < '3' \\\n    --hash=sha256:{sha256(PIP)}"

    def dev(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(self.root / "dev.py"), *arguments]
        return subprocess.run(
            command, env=self.environ, cwd=self.root.parent, capture_output=True, text=True, check=False
        )


@pytest.fixture
def machine(tmp_path: Path, index: Index) -> Machine:
    """A bare machine."""
    return Machine(tmp_path, index)


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    """dev.py as a module."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_python_without_ensurepip_is_set_up_once_and_starts_at_once_from_then_on(machine: Machine) -> None:
    first = machine.dev("tracker", "events", "two words")
    assert (first.returncode, first.stdout) == (0, "installed events two words\n"), first.stderr
    assert "[1/3] making .venv" in first.stderr
    asked = machine.index.requests
    assert asked > 0

    second = machine.dev("run", "fail")
    assert (second.returncode, second.stdout) == (7, "installed run fail\n")
    assert second.stderr == ""
    assert machine.index.requests == asked

    # Another lock is installed into the same environment: what a person put there beside stays.
    (machine.venv / "mine").write_text("")
    with (machine.root / "requirements.lock").open("a") as lock:
        lock.write("# a comment changes the digest\n")
    third = machine.dev("tracker")
    assert "making .venv" not in third.stderr
    assert "[2/3] pip installs" in third.stderr
    assert (third.returncode, third.stdout) == (0, "installed\n")
    assert (machine.venv / "mine").exists()


def test_an_environment_of_the_larger_lock_serves_the_smaller_and_not_the_other_way(machine: Machine) -> None:
    larger = machine.root / "requirements-all.lock"
    shutil.copy(machine.root / "requirements.lock", larger)
    assert machine.dev("tracker").returncode == 0
    with larger.open("a") as lock:
        lock.write("# more\n")
    machine.dev("test", "--all")  # its pytest is not in this small index: only the set-up counts
    asked = machine.index.requests
    again = machine.dev("tracker")
    assert (again.stdout, again.stderr, machine.index.requests) == ("installed\n", "", asked)

    larger.write_text(larger.read_text() + "# and more\n")
    assert "[2/3] pip installs" in machine.dev("tracker").stderr  # neither lock's any more


def test_a_set_up_that_was_killed_is_made_anew(machine: Machine) -> None:
    machine.venv.mkdir()
    (machine.venv / "dev-state").write_text("unfinished\n")
    (machine.venv / "half-written").write_text("")
    answer = machine.dev("tracker")
    assert (answer.returncode, answer.stdout) == (0, "installed\n"), answer.stderr
    assert "making it anew" in answer.stderr
    assert not (machine.venv / "half-written").exists()


def test_an_environment_whose_python_is_gone_does_not_pass_for_finished(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, python = tmp_path / "dev-state", tmp_path / "python"
    monkeypatch.setattr(dev, "STATE", state)
    monkeypatch.setattr(dev, "PYTHON", python)
    state.write_text("3.11 here\n")
    python.symlink_to(sys.executable)
    assert dev.found_state() == "3.11 here\n"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert dev.found_state() == ""
    assert not dev.is_usable_environment()


def test_a_package_that_is_not_the_locked_one_is_refused(machine: Machine) -> None:
    machine.write_lock("0" * 64)
    answer = machine.dev("tracker")
    assert answer.returncode == 1
    assert "not the one that requirements.lock names" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not list(machine.venv.glob("lib/*/site-packages/tiny.py"))
    assert (machine.venv / "dev-state").read_text() == "unfinished\n"


def test_a_fault_of_the_project_does_not_condemn_the_installed_packages(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "dev-state"
    state.write_text("unfinished\n")
    steps: list[str] = []

    def run_quietly(command: list[str], *, environ: dict[str, str]) -> None:
        steps.append(command[-1])
        if "-e" in command:
            raise dev.DevError("README.md is missing")

    monkeypatch.setattr(dev, "STATE", state)
    monkeypatch.setattr(dev, "run_quietly", run_quietly)
    monkeypatch.setenv("PATH", "")  # no uv
    with pytest.raises(dev.DevError, match=r"set-up failed: README\.md is missing"):
        dev.install_everything()
    assert steps == [str(ROOT / "requirements.lock"), str(ROOT)]
    assert not state.exists()


def test_a_pip_that_is_not_the_locked_one_is_refused_before_it_runs(machine: Machine) -> None:
    wheel = machine.root / "vendor" / PIP.name
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"x")
    answer = machine.dev("tracker")
    assert answer.returncode == 1
    assert f"vendor/{PIP.name} is not the file that requirements.lock names" in answer.stderr
    assert machine.index.requests == 0


def test_no_network_is_said_in_plain_words(machine: Machine) -> None:
    machine.environ["PIP_INDEX_URL"] = "http://127.0.0.1:9/simple"
    answer = machine.dev("tracker")
    assert answer.returncode == 1
    assert "no connection to the package index" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_missing_lock_is_said_in_plain_words(machine: Machine) -> None:
    (machine.root / "requirements.lock").unlink()
    answer = machine.dev("test")
    assert answer.returncode == 1
    assert "requirements.lock is missing" in answer.stderr
    assert not machine.venv.exists()


def test_no_command_is_help_and_a_wrong_one_is_wrong_usage(machine: Machine) -> None:
    answer = machine.dev()
    assert answer.returncode == 0
    assert all(f"  {name} " in answer.stdout for name in ("demo", "test", "lint", "bench", "lock", "run"))
    answer = machine.dev("tset")
    assert answer.returncode == 2
    assert "no command 'tset'" in answer.stderr
    assert not machine.venv.exists()


def test_an_old_python_gets_a_plain_word_and_no_syntax_error(dev: ModuleType) -> None:
    ast.parse((ROOT / "dev.py").read_text(), feature_version=(3, 6))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; /usr/bin/python3 is Python 3\.9\.2") as refusal:
        dev.require_python((3, 9, 2, "final", 0), "/usr/bin/python3")
    assert len(str(refusal.value).splitlines()) == 2
    dev.require_python((3, 11, 0, "final", 0), "/usr/bin/python3")


@pytest.mark.parametrize(
    ("printed", "word"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("failed to write: No space left on device (os error 28)", "disk is full"),
        ("invalid peer certificate: UnknownIssuer\nfailed to fetch: x", "certificate"),
        ("dns error: failed to lookup address information", "no connection"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "refused"),
        ("something that nobody foresaw", "something that nobody foresaw"),
    ],
)
def test_what_installers_print_becomes_a_plain_word(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str, word: str
) -> None:
    monkeypatch.setattr(dev, "LOG", tmp_path / "log")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    script = f"import sys; print({printed!r}); sys.exit(1)"
    with pytest.raises(dev.DevError, match=word):
        dev.run_quietly([sys.executable, "-c", script], environ=dict(os.environ))
    assert printed in (tmp_path / "log").read_text()


def test_the_demo_runs_the_bundled_scenario_afresh_scores_it_and_names_the_map(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[str, ...]] = []
    case = tmp_path / "cases" / "demo"
    case.mkdir(parents=True)
    (case / "of an earlier demo").touch()
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "DEMO_CASE", case)
    monkeypatch.setattr(dev, "DEMO_DATA", tmp_path / "data" / "ais" / "east-china-sea")
    monkeypatch.setattr(dev, "DEMO_LISTS", tmp_path / "data" / "lists")
    monkeypatch.setattr(dev, "set_up", lambda: None)

    def call(*command: str) -> int:
        calls.append(command)
        return 0

    monkeypatch.setattr(dev, "call", call)
    assert dev.demo([]) == 0
    lists = [
        f"--{role}={Path('data', 'lists', f'SYNTHETIC_{role}_2020-01-15.csv')}" for role in ("watchlist", "registry")
    ]
    assert all((Path(__file__).parents[2] / text.partition("=")[2]).exists() for text in lists)
    data = str(Path("data", "ais", "east-china-sea"))
    truth = str(Path(data, "truth.csv"))
    assert calls == [
        ("tracker", "run", data, "--case", str(Path("cases", "demo")), *lists),
        ("tracker", "evaluate", str(Path("cases", "demo")), "--truth", truth),
    ]
    assert not case.exists()
    assert capsys.readouterr().out == f"map: {case / 'map.html'}\n"

    monkeypatch.setattr(dev, "call", lambda *_: 3)
    assert dev.demo([]) == 3
    assert capsys.readouterr().out == ""
