"""Compiling: all of it before the pass, told as such, and half of it in a process that ends with this one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tracker.engine import warm

ROOT = Path(__file__).parents[2]
EVERY_KERNEL = """
import importlib, pkgutil, sys
from numba.core.dispatcher import Dispatcher
import tracker, tracker.engine, tracker.geo.kernels
from tracker.engine import warm_up

def signatures():
    found = {}
    for package in (tracker.engine, tracker.geo.kernels):
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Dispatcher) and not value.targetoptions.get("no_cpython_wrapper"):
                    found[value.py_func.__qualname__] = list(value.signatures)
    return found

warm_up().join()
before = signatures()
tracker.run([sys.argv[1]], case=sys.argv[2])
of_one_pair = {"follow_pair", "may_come_within"}  # by themselves of dossiers only
print(len(before), [name for name, own in before.items() if not own and name not in of_one_pair],
      [name for name, own in signatures().items() if own != before[name]])
"""


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
