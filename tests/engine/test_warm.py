"""Compiling: all of it before the pass, told as such, and half of it in a process that ends with this one."""

import hashlib
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tracker.engine import warm

ROOT = Path(__file__).parents[2]
EVERY_KERNEL = """
import sys
import tracker
from tests.engine.test_warm import every_kernel
from tracker.engine import warm_up

def signatures():
    return {kernel.py_func.__qualname__: list(kernel.signatures) for kernel in every_kernel()}

warm_up().join()
before = signatures()
tracker.run([sys.argv[1]], case=sys.argv[2])
of_one_pair = {"follow_pair", "near_between"}  # by themselves of dossiers only
print(len(before), [name for name, own in before.items() if not own and name not in of_one_pair],
      [name for name, own in signatures().items() if own != before[name]])
"""


def every_kernel() -> list[Any]:
    from numba.core.dispatcher import Dispatcher

    import tracker.engine
    import tracker.geo.kernels

    modules = [
        importlib.import_module(module.name)
        for package in (tracker.engine, tracker.geo.kernels)
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + ".")
    ]
    named = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Dispatcher)}
    return [value for value in named.values() if not value.targetoptions.get("no_cpython_wrapper")]


def test_no_kernel_is_left_to_be_compiled_in_the_midst_of_a_run(tmp_path: Path):
    inputs = [str(ROOT / "data" / "ais" / "east-china-sea"), str(tmp_path / "case")]
    done = subprocess.run(
        [sys.executable, "-c", EVERY_KERNEL, *inputs], capture_output=True, text=True, cwd=ROOT, check=True
    )
    number, told = done.stdout.strip().split(" ", 1)
    assert int(number) > 20, "the kernels were not found"
    assert told == "[] []", "touched by none, and compiled anew, in the run"


def test_the_helper_ends_when_the_process_that_started_it_does():
    helper = warm.start_helper()
    assert helper is not None
    assert helper.stdin is not None
    helper.stdin.close()
    assert helper.wait(60) == 1


def test_the_helper_ends_well_when_it_has_compiled_all():
    helper = warm.start_helper()
    assert helper is not None
    with helper:
        # not by an abort, which leaves a core behind: a thread of it waits for its input meanwhile
        assert helper.wait(warm.LONGEST_S) == 0


def test_without_a_second_process_everything_is_compiled_here(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", str(ROOT / "python-that-is-not-there"))
    assert warm.start_helper() is None
    monkeypatch.setattr(warm, "_is_cached", lambda: False)
    warm.warm_up().join()
    from tracker.engine import intake
    from tracker.geo.kernels import pairing

    assert intake.consume.signatures
    assert pairing.pair_windows.signatures


def test_no_helper_is_started_where_the_code_is_in_the_cache(monkeypatch: pytest.MonkeyPatch):
    warm.warm_up().join()
    monkeypatch.setattr(warm, "start_helper", lambda: pytest.fail("started"))
    warm.warm_up().join()
    assert warm._is_cached()


def test_code_in_the_cache_is_that_of_all_that_is_compiled_into_it():
    from tracker.geo.kernels.jit import index_of, parts_of

    for kernel in every_kernel():
        # one more time, now that no function of its file is still to come
        parts = parts_of(kernel.py_func)
        assert index_of(kernel)._source_stamp[1] == hashlib.sha256(repr(parts).encode()).hexdigest(), kernel
        assert " at 0x" not in repr(parts), "an address is another one in the next process"


def test_a_change_in_another_file_is_a_change_of_the_kernel(monkeypatch: pytest.MonkeyPatch):
    from tracker.engine import contacts
    from tracker.geo.kernels import compiled
    from tracker.geo.kernels.jit import parts_of

    before = parts_of(contacts.find_pairs.py_func)
    assert "distance2_m2" in {part[0] for part in before}
    monkeypatch.setattr(compiled, "SEMI_MAJOR_M", 6_378_000.0)
    assert parts_of(contacts.find_pairs.py_func) != before
