"""Set up and drive tracker on a machine that has nothing but Python 3.11 or newer.

The first command builds `.venv` from `requirements.lock`: exact versions, each file checked by its
SHA-256. Later commands find it finished and start at once. uv installs where it is on the PATH;
otherwise pip does, from the wheel in `vendor/`, so that a Python without ensurepip (Debian's) will
do. Index, proxy and certificates are those that pip.conf and the environment name.

Standard library only. The syntax of this file stays readable to Python 3.6, whose users must get
the plain word about their version and not a SyntaxError.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

OLDEST = (3, 11)


def require_python(version, executable):
    """End with a plain word when this Python is older than tracker can use."""
    if tuple(version[:2]) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        found = ".".join(map(str, version[:3]))
        sys.exit(
            f"tracker needs Python {wanted} or newer; {executable} is Python {found}.\n"
            f"Install a newer one and start it by name: python{wanted} dev.py"
        )


require_python(sys.version_info, sys.executable)

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STATE = VENV / "dev-state"
LOG = ROOT / ".venv.log"
LOCK = ROOT / "requirements.lock"
LOCK_ALL = ROOT / "requirements-all.lock"  # the same and more: every extra, and what `test --all` checks with
UNFINISHED = "unfinished\n"
PROJECT = ROOT / "pyproject.toml"
DEMO_DATA = ROOT / "data" / "ais" / "east-china-sea"
DEMO_LISTS = ROOT / "data" / "lists"
DEMO_CASE = ROOT / "cases" / "demo"

# What installers print when something outside went wrong, and what a person can do about it. The first match wins.
FAULTS = {
    "no space left|os error 28|errno 28": "the disk is full; .venv takes about 1.5 GB",
    "do not match the hashes|hash mismatch": "a downloaded file is not the one that requirements.lock names: refused",
    "certificate|ssl error": "the package index shows a certificate not trusted here; name yours in SSL_CERT_FILE",
    "name resolution|dns error|connection|connecttimeout|unreachable|timed out|proxy|sending request|failed to fetch": (
        "no connection to the package index; connect, or name one within reach in PIP_INDEX_URL, a proxy in HTTPS_PROXY"
    ),
    "from versions: none": "the package index is out of reach, or lacks a package that requirements.lock names",
}


class DevError(Exception):
    """Something a person can act on: one or two lines, without a traceback."""


def say(text):
    """Words for a person go to standard error; data keeps standard output to itself."""
    print(text, file=sys.stderr, flush=True)


# --- set-up ----------------------------------------------------------------------------------------------------------


def wanted_state(lock) -> str:
    """What `.venv` is made for: this Python, this place, and a digest of what belongs in it."""
    if not lock.exists():
        raise DevError(f"{lock.name} is missing; restore it, or make it anew: python3 dev.py lock")
    digest = hashlib.sha256(lock.read_bytes() + b"\0" + PROJECT.read_bytes()).hexdigest()
    return f"{sys.version_info.major}.{sys.version_info.minor} {ROOT}\n{digest}\n"


def good_states(lock) -> set:
    """The states that will do: the larger lock holds everything of the smaller one."""
    return {wanted_state(each) for each in (lock, LOCK_ALL) if each == lock or each.exists()}


def found_state() -> str:
    """The state that the last finished set-up wrote; empty when there is none or its Python is gone."""
    try:
        return STATE.read_text(encoding="utf-8") if PYTHON.exists() else ""
    except (OSError, UnicodeDecodeError):
        return ""


def set_up(lock=LOCK) -> None:
    """Make `.venv` what the lock says, or leave it with all that the larger lock adds; at once when it is so already."""
    wanted = wanted_state(lock)
    if found_state() in good_states(lock):
        return
    with only_one_at_a_time():
        found = found_state()
        if found in good_states(lock):  # another process was quicker
            return
        started = time.monotonic()
        if found == UNFINISHED or not is_usable_environment():
            make_environment()
        STATE.write_text(UNFINISHED, encoding="utf-8")  # a run that is killed from here on leaves this word behind
        install_everything(lock)
        temporary = STATE.with_suffix(".new")
        temporary.write_text(wanted, encoding="utf-8")
        os.replace(temporary, STATE)
        LOG.unlink(missing_ok=True)
        say(f"ready after {time.monotonic() - started:.0f} s; the next start is immediate")


@contextmanager
def only_one_at_a_time():
    """Hold `.venv.lock`; the operating system lets go of it when this process ends, however it ends."""
    with open(ROOT / ".venv.lock", "a+b") as handle:
        os.set_inheritable(handle.fileno(), True)
        told = False
        while not try_lock(handle):
            if not told:
                say("another dev.py is setting up .venv; waiting for it")
                told = True
            time.sleep(0.2)
        yield


def try_lock(handle) -> bool:
    """Whether the lock is now held by this process."""
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def is_usable_environment() -> bool:
    """Whether `.venv` works and is of this Python and this place: it is then kept and completed, whoever made it."""
    probe = "import sys; print(sys.version_info[:2], sys.prefix)"
    try:
        answer = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.strip() == f"{sys.version_info[:2]} {VENV}"


def make_environment() -> None:
    """An empty environment, in place of whatever is there."""
    if VENV.exists() or VENV.is_symlink():
        say("[1/3] .venv is unfinished or of another Python or place; making it anew")
        old = ROOT / ".venv.old"  # first out of the way: one that is half deleted must not pass for whole
        shutil.rmtree(old, ignore_errors=True)
        VENV.unlink() if VENV.is_symlink() else VENV.rename(old)
        shutil.rmtree(old, ignore_errors=True)
    else:
        say(f"[1/3] making .venv with Python {sys.version.split()[0]}")
    base = getattr(sys, "_base_executable", sys.executable)  # .venv's own Python may be asking
    run_quietly([base, "-m", "venv", "--without-pip", str(VENV)], environ=dict(os.environ))


def install_everything(lock=LOCK) -> None:
    """What the lock names, by digest, and then tracker itself as an editable package."""
    count = len(re.findall(r"^\S+==", lock.read_text(encoding="utf-8"), flags=re.MULTILINE))
    pip = [str(PYTHON), f"{pip_wheel()}/pip", "--no-input", "install"]
    ways = {"pip": pip}
    uv = shutil.which("uv")
    if uv is not None and not pip_has_its_own_index():
        ways = {"uv": [uv, "pip", "install", "--python", str(PYTHON)], **ways}
    environ = environment(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")  # never into another place than .venv
    for name, command in ways.items():
        try:
            say(f"[2/3] {name} installs up to {count} packages named in {lock.name} (once; a minute or so)")
            run_quietly([*command, "--require-hashes", "-r", str(lock)], environ=environ)
            STATE.unlink(missing_ok=True)  # the packages are whole: a fault of tracker's own does not condemn them
            say("[3/3] installing tracker itself")
            run_quietly([*command, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], environ=environ)
            return
        except DevError as fault:
            if name == "pip":
                raise DevError(f"set-up failed: {fault}.\nTo retry, give the same command again.") from None
            say(f"      {name}: {fault}")


def pip_wheel() -> Path:
    """The pip of this repository, its digest checked against the lock."""
    wheels = sorted((ROOT / "vendor").glob("pip-*.whl"))
    if len(wheels) != 1:
        raise DevError(f"vendor/ must hold exactly one pip wheel and holds {len(wheels)}; restore it from git")
    wheel = wheels[0]
    pinned = re.search(r"^pip==\S+(?:.*\\\n)*.*", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if pinned is None or hashlib.sha256(wheel.read_bytes()).hexdigest() not in pinned.group():
        raise DevError(f"vendor/{wheel.name} is not the file that requirements.lock names, so it was refused")
    return wheel


def pip_has_its_own_index() -> bool:
    """Whether pip.conf or the environment put an index in place of the public one; uv reads neither."""
    command = [str(PYTHON), f"{pip_wheel()}/pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return re.search(r"^\S+\.(index-url|no-index)=", listed, flags=re.MULTILINE) is not None


def run_quietly(command, *, environ) -> None:
    """Run a step; its last line shows on a terminal while it works; the plain word for what went wrong is raised."""
    lines, is_terminal = [], sys.stderr.isatty()
    # close_fds=False: the step holds the set-up lock too, and with it whoever comes after this process was killed.
    with subprocess.Popen(
        command,
        env=environ,
        cwd=ROOT,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,
    ) as process:
        for line in process.stdout:
            lines.append(line)
            if is_terminal and line.strip():
                print(f"\r\033[K      {line.strip()[:70]}", end="", file=sys.stderr, flush=True)
    if is_terminal:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    if process.returncode:
        output = "".join(lines)
        with suppress(OSError):  # on a full disk the plain word matters more than the log
            LOG.write_text(output, encoding="utf-8")
        last = " ".join(output.split("\n")[-8:]).strip()[-300:]
        reason = next((word for pattern, word in FAULTS.items() if re.search(pattern, output, re.IGNORECASE)), last)
        raise DevError(f"{reason} (all that was printed: {LOG.name})")


def environment(**extra: str) -> dict:
    """This process's environment with `.venv` in front, as `activate` would make it."""
    # with PYTHONDONTWRITEBYTECODE every start would compile a thousand modules anew: seconds
    unwanted = {"PYTHONHOME", "PYTHONDONTWRITEBYTECODE"}
    environ = {key: value for key, value in os.environ.items() if key not in unwanted}
    path = os.pathsep.join([str(BIN), environ.get("PATH", os.defpath)])
    return {**environ, "PATH": path, "VIRTUAL_ENV": str(VENV), **extra}


def call(*command: str, where: Path = ROOT, **extra: str) -> int:
    """Run a program of `.venv` with the terminal as its own; its exit code, as a shell would give it."""
    program = shutil.which(command[0], path=str(BIN))
    if program is None:
        raise DevError(f".venv has no {command[0]}; delete .venv and give the same command again")
    before = signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the program, which cleans up and ends
    code = subprocess.call([program, *command[1:]], cwd=where, env=environment(**extra))
    signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code


# --- commands --------------------------------------------------------------------------------------------------------


def demo(_arguments) -> int:
    """find transfers in the bundled synthetic scenario, and say where the map is"""
    set_up()
    if DEMO_CASE.exists():
        shutil.rmtree(DEMO_CASE)  # so that the demo shows a whole run each time
    case, data = DEMO_CASE.relative_to(ROOT), DEMO_DATA.relative_to(ROOT)
    lists = [
        f"--{role}={DEMO_LISTS.relative_to(ROOT) / f'SYNTHETIC_{role}_2020-01-15.csv'}"
        for role in ("watchlist", "registry")
    ]
    code = call("tracker", "run", str(data), "--case", str(case), *lists)
    code = code or call("tracker", "evaluate", str(case), "--truth", str(data / "truth.csv"))
    if code == 0:
        print(f"map: {DEMO_CASE / 'map.html'}")
    return code


def test(arguments) -> int:
    """lint, then the tests; --all adds those that need system packages and extras; naming tests skips lint"""
    set_up(LOCK_ALL if "--all" in arguments else LOCK)
    rest = [argument for argument in arguments if argument != "--all"]
    is_whole = all(argument.startswith("-") for argument in rest)
    untidy = lint([]) if is_whole else 0
    if is_whole:
        rest = ["-n", "auto", "--dist", "loadfile", *rest]  # a worker a core; a file's shared set-up is made once
    extra = {"TRACKER_TEST_ALL": "1"} if "--all" in arguments else {}
    code = call("python", "-m", "pytest", *rest, **extra)
    if untidy:
        say("lint failed: see above the tests")
    return code or untidy


def lint(arguments) -> int:
    """formatting, habits, types and floors; --fix repairs what a machine can"""
    set_up()
    if "--fix" in arguments:
        call("ruff", "check", "--fix", "--quiet", ".")
        call("ruff", "format", "--quiet", ".")
    codes = []
    for command in ("ruff check .", "ruff format --check .", "mypy --strict tracker", "lint-imports"):
        say(f"-- {command}")
        codes.append(call(*command.split()))
    return max(codes)


def docs(arguments) -> int:
    """build the documentation into build/site, its reference pages from the declarations"""
    set_up(LOCK_ALL)
    return call("mkdocs", "build", "--strict", *arguments)


def pictures(arguments) -> int:
    """the pictures of README and docs, from a fresh demo, as Chromium shows them"""
    code = demo(arguments)
    return code or call("python", "-m", "scripts.make_pictures", str(DEMO_CASE.relative_to(ROOT)))


def bench(arguments) -> int:
    """side-by-side measurements; each prints a table"""
    set_up()
    if not (ROOT / "benchmarks" / "__main__.py").exists():
        raise DevError("there are no benchmarks yet: benchmarks/__main__.py is missing")
    return call("python", "-m", "benchmarks", *arguments)


def lock(arguments) -> int:
    """write requirements.lock and requirements-all.lock anew; uv's options pass on, such as --upgrade"""
    import tempfile
    import tomllib

    backend = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["build-system"]["requires"]
    wheel = next((ROOT / "vendor").glob("pip-*.whl"))
    # A lock must install tracker without a second look at the index: its build backend, what that needs for
    # an editable install, and the very pip of vendor/ belong to it.
    also = [*backend, "editables", "pip==" + wheel.name.split("-")[1]]
    every = ["--extra", "dev", "--extra", "all", "--extra", "docs", "--extra", "check"]
    with tempfile.TemporaryDirectory() as place:
        uv = shutil.which("uv")
        if uv is None:
            say("uv is not on the PATH; fetching it for this one use")
            base = [sys.executable, f"{wheel}/pip", "--no-input", "install", "--quiet", "--target", place, "uv"]
            run_quietly(base, environ=dict(os.environ))
            uv = str(Path(place) / BIN.name / "uv")
        # The larger one first: the smaller one then takes its versions, so that one is a part of the other.
        for target, options in ((LOCK_ALL, every), (LOCK, ["--extra", "dev", "--constraint", str(LOCK_ALL)])):
            command = [uv, "pip", "compile", "--quiet", "--generate-hashes", "--universal", "--python-version", "3.11"]
            command += ["--no-emit-package", "tracker", "--no-annotate", "--output-file", str(target), *options]
            command += ["--custom-compile-command", "python3 dev.py lock", *arguments, str(PROJECT), "-"]
            done = subprocess.run(command, input="\n".join(also), text=True, cwd=ROOT, check=False)
            if done.returncode:
                return done.returncode
            text = target.read_text(encoding="utf-8")
            if "://" in text:
                raise DevError(f"{target.name} names a host, and a lock must hold at any index; do not commit it")
            say(f"{target.name}: {text.count('==')} packages")
    return 0


def run(arguments) -> int:
    """the same as `tracker run …` in .venv, from the folder you are in"""
    return tracker(["run", *arguments])


def tracker(arguments) -> int:
    """any tracker command in .venv, from the folder you are in: dev.py tracker events CASE"""
    set_up()
    return call("tracker", *arguments, where=Path.cwd())


COMMANDS = {function.__name__: function for function in (demo, test, lint, docs, pictures, bench, lock, run, tracker)}


def main(arguments) -> int:
    """Do one command; 0 done, 1 failed, 2 wrong usage, 130 interrupted, or the exit code of what was started."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print("usage: python3 dev.py COMMAND [ARGUMENTS]\n")
        for name, function in COMMANDS.items():
            print(f"  {name:8} {function.__doc__}")
        print("\nEach command first makes .venv what requirements.lock says; once it is, that takes no time.")
        return 0
    command = COMMANDS.get(arguments[0])
    if command is None:
        say(f"dev.py has no command {arguments[0]!r}; it has {', '.join(COMMANDS)}")
        return 2
    try:
        return command(arguments[1:])
    except DevError as fault:
        say(str(fault))
    except OSError as fault:
        say(f"failed: {fault.strerror or fault}: {fault.filename or ROOT}")
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
