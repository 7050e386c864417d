"""Inputs that lie in an object store or on another machine (``s3://``, ``gs://``, ``https://``, …), through fsspec.

A file is fetched whole into a temporary folder when its turn comes and removed after it, so that everything behind this sees
plain local files and no more than one of them takes room at a time.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from tracker.errors import EmptyInputError, InputError, TrackerError
from tracker.formats.format import Source

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_MAGIC = re.compile(r"[*?\[]")
_PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "az": "adlfs",
    "https": "aiohttp",
}


def is_remote(name: str, /) -> bool:
    """Whether a name is an address with a scheme rather than a path."""
    return _URL.match(name) is not None


def list_remote(name: str, /) -> list[Source]:
    """The files behind an address: itself, those of a pattern, or all below a folder, in order of their names.

    Raises
    ------
    EmptyInputError, InputError
    """
    with _reached(name):
        store, place = _store(name)
        if _MAGIC.search(place):
            found = [path for path in store.glob(place) if store.isfile(path)]
        elif store.isdir(place):
            found = store.find(place)
        else:
            found = [place] if store.exists(place) else []
        sizes = {path: int(store.size(path) or 0) for path in sorted(set(found))}
    if not sizes:
        raise EmptyInputError(f"There is no file, folder or pattern {name!r}. Check the address.")
    scheme = name.partition("://")[0]
    urls = {path: path if is_remote(path) else f"{scheme}://{path}" for path in sizes}
    return [
        Source(Path(Path(path).name), member=None, name=urls[path], head=b"", size_bytes=size, url=urls[path])
        for path, size in sizes.items()
    ]


@contextmanager
def fetched_file(url: str, name: str, /) -> Iterator[Path]:
    """A copy of a remote file under its own name, for as long as the context lasts.

    Raises
    ------
    InputError
        When it cannot be fetched.
    """
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        here = Path(folder) / name
        with _reached(url):
            store, place = _store(url)
            store.get_file(place, str(here))
        yield here


def _store(name: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    return cast(tuple[Any, str], url_to_fs(name))


@contextmanager
def _reached(name: str) -> Iterator[None]:
    """Turn what stores raise, each in its own way, into errors that name the address."""
    scheme = name.partition("://")[0].lower()
    try:
        yield
    except TrackerError:
        raise
    except ImportError as error:
        package = _PACKAGES.get(scheme)
        hint = f"Install it beside tracker: pip install {package}." if package else f"It says: {error}."
        raise InputError(f"{scheme}:// needs a package that is not installed. {hint}") from error
    except FileNotFoundError as error:
        raise InputError(f"{name} is not there.") from error
    except ValueError as error:
        raise InputError(f"{name} cannot be read: {error}.") from error
    except Exception as error:  # every store has exceptions of its own, and none may end the run with a traceback
        raise InputError(f"Cannot read {name}: {str(error) or type(error).__name__}.") from error
