"""How fast a fleet asks the services that its tenants share, all runs together; and how long one run may take."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from runbook_lib.adapters.turns import APIS, GRAPH, PORTAL, TOKEN
from runbook_lib.errors import ParameterError

# Requests a second. Microsoft lets an application take 150,000 units of Graph's identity service in 20 seconds over all tenants, and 3,500
# in 10 seconds at the smallest of them; a request costs 1 to 5 (Microsoft Graph, "Service-specific throttling limits"). So 200 a second
# are a seventh of the first at most. For the token endpoint and the portal no number is published: these are cautious guesses.
OF_A_FLEET: Mapping[str, float] = MappingProxyType({GRAPH: 200.0, TOKEN: 50.0, PORTAL: 20.0})
NONE = "none"

_SHAPE = re.compile(r"(?P<api>[a-z]+)=(?P<number>[0-9]{1,6}(\.[0-9]{1,3})?)/(?P<unit>s|m)", re.ASCII)
_SECONDS = {"s": 1, "m": 60}


def parse_rates(text: str) -> Mapping[str, float]:
    """Read `graph=20/s,token=5/s,portal=30/m`, over what holds for a fleet; `none` for no limits. Raises `ParameterError`."""
    if text.strip() == NONE:
        return {}
    rates = dict(OF_A_FLEET)
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _SHAPE.fullmatch(part)
        if not found or found["api"] not in APIS or not float(found["number"]):
            raise ParameterError("limit-rate-wrong", given=part, known=APIS)
        rates[found["api"]] = float(found["number"]) / _SECONDS[found["unit"]]
    return rates


class TimeLimit:
    """Stops a run that takes too long. The time in which a person is waited for, until a code ends, does not count."""

    def __init__(self, seconds: float, stop: Callable[[], object]) -> None:
        """Begin to count. Once so many seconds have passed, `stop` is called, from a thread of its own; 0: never."""
        self._left = seconds
        self._stop = stop
        self._lock = threading.Lock()
        self._is_person_awaited = False
        self._timer: threading.Timer | None = None
        if seconds:
            self._count(seconds)

    def hears(self, news: Mapping[str, str]) -> None:
        """Take news of the run: a code stops the count, what comes next takes it up again."""
        with self._lock:
            if self._timer is None:
                return
            if not self._is_person_awaited:
                self._left -= time.monotonic() - self._since
            self._is_person_awaited = news["event"] == "device-code"
            self._timer.cancel()
            self._count(max(0.0, self._left) + (_until(news.get("until", "")) if self._is_person_awaited else 0.0))

    def end(self) -> None:
        """Count no longer."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
                self._timer = None

    def _count(self, seconds: float) -> None:
        self._since = time.monotonic()
        self._timer = threading.Timer(seconds, self._stop)
        self._timer.daemon = True
        self._timer.start()


def _until(text: str) -> float:
    """Return how many seconds it is until a time in a run's news; none when it is over."""
    return max(0.0, (datetime.fromisoformat(text) - datetime.now(UTC)).total_seconds()) if text else 0.0
