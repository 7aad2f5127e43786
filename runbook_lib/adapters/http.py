"""HTTPS as the cloud targets need it: trust that the environment cannot change, time-outs, bounded patience, typed errors."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import resolve_proxies
from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

from runbook_lib import __version__
from runbook_lib.adapters.learning import Learn, learn_reply, learn_request
from runbook_lib.adapters.turns import Turn
from runbook_lib.errors import CannotConnect, OutcomeUnknown, TargetError, TargetTimeout, Throttled, UnexpectedReply
from runbook_lib.ports import Clock

USER_AGENT = f"runbook-kit/{__version__}"
COME_BACK_LATER = frozenset({429, 503})
PUBLIC_AUTHORITIES = "certifi"


@dataclass(frozen=True)
class Network:
    """How connections are made.

    Attributes:
        ca_file: A PEM file; only the authorities in it are trusted. Empty: the public ones that come with `certifi`.
        environment: Use the proxies of the environment and, without `ca_file`, its `REQUESTS_CA_BUNDLE`.
        connect_seconds: The longest wait for a connection.
        read_seconds: The longest silence while an answer is awaited.
    """

    ca_file: str = ""
    environment: bool = False
    connect_seconds: float = 10.0
    read_seconds: float = 60.0

    @property
    def trusted(self) -> str:
        """Return the file whose authorities are trusted; empty for the public ones."""
        return self.ca_file or (os.environ.get("REQUESTS_CA_BUNDLE", "") if self.environment else "")


class _Steady(HTTPAdapter):
    """Decides trust, proxies and time-outs last: requests lets REQUESTS_CA_BUNDLE win over `Session.verify`."""

    def __init__(self, network: Network) -> None:
        self.network = network
        super().__init__()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT002  # the signature is that of requests
        timeout: object = None,
        verify: object = True,  # noqa: FBT002
        cert: object = None,
        proxies: object = None,
    ) -> requests.Response:
        """Send the request with this session's own settings, whatever the session worked out from the environment."""
        del timeout, verify, cert, proxies
        return super().send(
            request,
            stream=stream,
            timeout=(self.network.connect_seconds, self.network.read_seconds),
            verify=self.network.trusted or True,
            cert=None,
            proxies=resolve_proxies(request, {}, trust_env=True) if self.network.environment else {},
        )


class Session(requests.Session):
    """A requests session that knows whom it trusts, so that errors can say so, that tells which secrets go through it, and that waits
    for its turn where others ask the same service.
    """

    def __init__(self, network: Network, learn: Learn | None = None, turn: Turn | None = None) -> None:
        super().__init__()
        self._learn = learn
        self._turn = turn
        self.trusted = network.trusted or PUBLIC_AUTHORITIES
        # The environment also means .netrc, whose password would replace our Authorization header.
        self.trust_env = False
        self.headers["User-Agent"] = USER_AGENT
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Steady(network))

    def send(self, request: requests.PreparedRequest, **settings: Any) -> requests.Response:
        """Send a request as requests does; its secrets and those of the reply are made known first."""
        if self._learn is None:
            return self._in_turn(request, settings)
        learn_request(request, self._learn)
        reply = self._in_turn(request, settings)
        learn_reply(reply, self._learn)
        return reply

    def _in_turn(self, request: requests.PreparedRequest, settings: dict[str, Any]) -> requests.Response:
        if self._turn is None:
            return super().send(request, **settings)
        self._turn.take(request.method or "GET")
        reply = super().send(request, **settings)
        if reply.status_code in COME_BACK_LATER and (asked := retry_after(reply.headers, datetime.now(UTC))):
            self._turn.later(asked)
        return reply

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow no redirect: a redirected POST would carry a client secret to wherever the redirect says."""
        del resp


def open_session(network: Network | None = None, learn: Learn | None = None, turn: Turn | None = None) -> Session:
    """Return a session for one target. The caller closes it. `learn` gets every token, code and proof that goes through it; with `turn`,
    every request waits for its turn.
    """
    return Session(network or Network(), learn, turn)


class Patience:
    """How long we may still wait for a target that says *later*, over a whole reading. Not for changes."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._left = seconds
        self._waits = 0

    def wait(self, status: int, headers: Mapping[str, str], target: str, request_id: str = "") -> None:
        """Wait as long as the answer asks. Raises `Throttled`, without waiting, when that is longer than is left."""
        asked = self._seconds_asked(headers)
        if asked > self._left:
            raise Throttled("http-throttled", target=target, request_id=request_id, status=status, seconds=round(asked))
        self._left -= asked
        self._waits += 1
        self._clock.sleep(asked)

    def _seconds_asked(self, headers: Mapping[str, str]) -> float:
        """Return the wait that Retry-After asks for, in seconds or as a date (RFC 9110); doubling from 1 when it says nothing."""
        return retry_after(headers, self._clock.now()) or 2.0**self._waits


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Return how many seconds Retry-After asks to wait, at least one; 0 when it says nothing that can be understood."""
    said = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", said):
        return max(1.0, float(said))
    try:
        return max(1.0, (parsedate_to_datetime(said) - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def same_origin(url: object, root: str) -> bool:
    """Tell whether a URL has the scheme, host and port of `root`, and names no user."""
    try:
        parts, ours = urlsplit(str(url)), urlsplit(root)
        return (parts.scheme, parts.hostname, parts.port or 443, parts.username) == (
            ours.scheme,
            ours.hostname,
            ours.port or 443,
            None,
        )
    except ValueError:
        return False


def reading_failed(error: requests.RequestException, *, target: str, session: Session) -> TargetError:
    """Return what the failure of a reading means. The cause is not chained: its request holds tokens and secrets."""
    timed_out = any(isinstance(cause, ReadTimeoutError) for cause in _causes(error))
    if isinstance(error, requests.ReadTimeout) or timed_out:
        return TargetTimeout("http-timeout", target=target)
    if isinstance(error, requests.ConnectionError):
        certificate = any(isinstance(cause, ssl.SSLError) for cause in _causes(error))
        if certificate or isinstance(error, requests.exceptions.SSLError):
            key = "http-not-trusted"
        else:
            key = "http-cannot-connect" if _certainly_not_sent(error) else "http-connection-lost"
        return CannotConnect(key, target=target, host=_host(error), ca_file=session.trusted, detail=_words(error))
    return UnexpectedReply("http-broken-reply", target=target, host=_host(error), detail=_words(error))


def change_failed(error: requests.RequestException, *, target: str, session: Session, action: str) -> TargetError:
    """Return what the failure of a change means: certainly not sent, or nobody knows."""
    if _certainly_not_sent(error):
        return reading_failed(error, target=target, session=session)
    return OutcomeUnknown("http-outcome-unknown", target=target, action=action, detail=_words(error))


def _certainly_not_sent(error: requests.RequestException) -> bool:
    """Tell whether no byte of the request can have left. A refused certificate ends the handshake, before any request.

    Other TLS errors do not count: with TLS 1.3 some arrive after the request has been sent.
    """
    never = (NewConnectionError, ssl.SSLCertVerificationError)
    return isinstance(error, requests.ConnectTimeout) or any(isinstance(cause, never) for cause in _causes(error))


def _causes(error: BaseException) -> list[BaseException]:
    """Return the errors inside an error of requests, outermost first: each library wraps those of the one below."""
    found: list[BaseException] = []
    inner: object = error
    while isinstance(inner, BaseException) and inner not in found:
        found.append(inner)
        wrapped = inner.reason if isinstance(inner, MaxRetryError) else None
        inner = wrapped or next((each for each in inner.args if isinstance(each, BaseException)), inner.__cause__)
    return found


def _words(error: requests.RequestException) -> str:
    """Return what the innermost error says, on one line. The outer ones quote the URL, which may hold more than a host."""
    innermost = _causes(error)[-1]
    said = innermost.strerror if isinstance(innermost, OSError) and innermost.strerror else str(innermost)
    return " ".join(said.split())[:200].rstrip(".") or type(innermost).__name__


def _host(error: requests.RequestException) -> str:
    url = error.request.url if error.request is not None else None
    return urlsplit(url or "").netloc or "?"
