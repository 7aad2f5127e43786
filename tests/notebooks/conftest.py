"""One served lab a test module: kernels are started seldom, and what they leave is looked at from several sides."""

from collections.abc import Iterator

import pytest

from tests.notebooks.served import Served, serve


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """The lab, served for this module."""
    with serve() as ready:
        yield ready
