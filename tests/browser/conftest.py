"""One headless Chromium for the tests of a file."""

import os
from collections.abc import Iterator

import pytest

from tests.browser.chrome import Chrome
from tests.conftest import require_program


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser without a network."""
    program = require_program("chromium", environ=os.environ)
    with Chrome(program=program, profile=tmp_path_factory.mktemp("profile")) as chrome:
        yield chrome
