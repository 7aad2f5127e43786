"""Waiting for what another thread or process is about to do."""

import time
from collections.abc import Callable
from typing import Any

from tests.notebooks.served import LONGEST


def until(reached: Callable[[], Any], every: float = 0.02, within: float = LONGEST) -> None:
    """Wait until something is so; look every so many seconds, for at most so many: as long as a busy machine may take."""
    limit = time.monotonic() + within
    while not reached():
        assert time.monotonic() < limit
        time.sleep(every)
