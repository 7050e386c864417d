"""The habits of CONTRIBUTING.md that a machine can hold, over the whole tree."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tracker"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
DATA = PACKAGE / "data"

LONGEST_FILE = 300
HEAVY = ("pandas", "numba", "geopandas", "movingpandas", "folium", "duckdb", "pyarrow", "scipy", "shapely")

# Paths of one machine, and the hosts of package registries: neither means anything to the next reader.
FOREIGN = re.compile(
    r"(?<![\w.$/-])/(?:work|root|tmp/brief|home/[a-z]\w*|Users/\w+)/\w"
    r"|(?:pypi|pythonhosted|npmjs)\.(?:org|com)|(?:deb|ftp|security)\.debian\.org"
)


def tree(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """`tracker/zones/coast.py:12`, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module, however deep."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def tracked_files() -> list[Path]:
    """What git keeps or would keep."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs a git checkout, to know which files are the project's")
    return [path for path in (ROOT / name for name in listed.split("\0") if name) if path.is_file()]


def run_alone(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a Python that has imported nothing of ours yet."""
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_file_is_so_long_that_it_holds_two_ideas() -> None:
    own = [*MODULES, *PACKAGE.rglob("*.js"), *PACKAGE.rglob("*.css")]
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in own}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_only_the_command_line_prints() -> None:
    prints = [
        place(path, node)
        for path in MODULES
        if not path.relative_to(PACKAGE).parts[0].startswith("cli")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert prints == []


def test_every_argument_of_a_function_has_a_name() -> None:
    assert [place(path, function) for path in MODULES for function in functions(path) if function.args.kwarg] == []


def test_every_module_and_public_name_says_what_it_is() -> None:
    silent = []
    for path in MODULES:
        module = tree(path)
        if not ast.get_docstring(module) and module.body:
            silent.append(place(path))
        silent += [
            f"{place(path, node)} {node.name}"
            for node in module.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" in content[:8192]:
            continue  # binary: not words of ours
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            match = FOREIGN.search(line)
            if match:
                found.append(f"{path.relative_to(ROOT)}:{number}: {match.group()}")
    assert found == []


def test_every_packaged_data_file_has_its_source_and_licence_beside_it() -> None:
    unexplained = []
    for folder in (place for place in [DATA, *DATA.rglob("*")] if place.is_dir() and place.name != "__pycache__"):
        files = [path for path in folder.iterdir() if path.is_file() and path.suffix not in {".py", ".md"}]
        notes = "\n".join(note.read_text(encoding="utf-8") for note in folder.glob("*.md"))
        says_all = re.search(r"\bsource", notes, re.I) and re.search(r"licen[cs]|public domain|Apache|MIT", notes, re.I)
        unexplained += [
            str(path.relative_to(ROOT))
            for path in files
            if not path.name.startswith(("LICENSE", "NOTICE", "COPYING")) and not (says_all and path.name in notes)
        ]
    assert unexplained == [], "name each file, its source and its licence in a README.md of its folder"


def test_each_module_can_be_the_first_that_is_imported() -> None:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in MODULES]
    script = """
import importlib, sys, traceback
broken = []
for name in sys.argv[1:]:
    for loaded in [module for module in sys.modules if module.partition(".")[0] == "tracker"]:
        del sys.modules[loaded]
    try:
        importlib.import_module(name)
    except Exception:
        broken.append(name + ": " + traceback.format_exc(limit=-1))
print("\\n".join(broken))
"""
    answer = run_alone(script, *(name for name in names if not name.endswith("__main__")))
    assert (answer.stdout.strip(), answer.returncode) == ("", 0), answer.stderr


@pytest.mark.parametrize(
    "statement",
    ["import tracker", "from tracker.cli import main\nsys.argv = ['tracker', '--help']\nend = call(main)"],
    ids=["import tracker", "tracker --help"],
)
def test_the_package_and_its_help_start_without_the_heavy_libraries(statement: str) -> None:
    script = f"""
import sys
def call(main):
    try:
        return main()
    except SystemExit as end:
        return end.code
end = None
{statement}
print('loaded:', *(set(sys.modules) & {set(HEAVY)}), file=sys.stderr)
sys.exit(end)
"""
    answer = run_alone(script)
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr.splitlines()[-1].strip() == "loaded:"


def test_the_lock_names_digests_and_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    requirements = re.split(r"\n(?=\S)", text)
    pinned = [requirement for requirement in requirements if not requirement.startswith("#")]
    assert len(pinned) > 30
    assert [one for one in pinned if not re.match(r"[\w.-]+==[\w.]+", one) or "--hash=sha256:" not in one] == []
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, flags=re.MULTILINE)


def test_the_lock_covers_what_the_project_declares() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    declared += project["build-system"]["requires"]
    names = {re.split(r"[\s\[<>=!~;]", one)[0].lower().replace("_", "-") for one in declared}
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    assert names - locked == set(), "run python3 dev.py lock"


def decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names in the decorators of a function."""
    return {n.id for one in node.decorator_list for n in ast.walk(one) if isinstance(n, ast.Name)}


def called_from_python(path: Path, inner: dict[str, set[str]]) -> Iterator[str]:
    """Uses, outside compiled functions, of functions that Python cannot call: it would crash without a word."""
    module, module_name = tree(path), ".".join(path.relative_to(ROOT).with_suffix("").parts)
    known = set(inner.get(module_name, ()))
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module in inner:
            known |= {one.asname or one.name for one in node.names if one.name in inner[node.module]}

    def uses(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef) and decorators(child) & {"inner", "kernel", "njit"}:
                continue
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load) and child.id in known:
                yield f"{place(path, child)} {child.id}"
            yield from uses(child)

    yield from uses(module)


def test_only_compiled_code_calls_what_has_no_way_in_from_python() -> None:
    inner = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): names
        for path in MODULES
        if (names := {one.name for one in functions(path) if "inner" in decorators(one)})
    }
    assert inner, "no function is compiled as inner: this test has nothing to hold"
    everything = [*MODULES, *(path for path in (ROOT / "tests").rglob("*.py") if path.name != "test_habits.py")]
    assert [use for path in everything for use in called_from_python(path, inner)] == []
