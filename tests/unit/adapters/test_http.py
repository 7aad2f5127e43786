"""Trust, time-outs and patience of the HTTPS sessions."""

import os
import socket
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import certifi
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import RedirectResponse, Response

from runbook_lib.adapters.http import (
    Network,
    Patience,
    Session,
    change_failed,
    open_session,
    reading_failed,
    same_origin,
)
from runbook_lib.adapters.turns import GRAPH, Turns
from runbook_lib.errors import CannotConnect, OutcomeUnknown, TargetError, TargetTimeout, Throttled, UnexpectedReply
from runbook_lib.lab.clock import ManualClock
from tests.unit.adapters.cloud_stand_in import StandIn, hanging_up, silence


def failure(call: Callable[[], object], session: Session, *, change: bool = False) -> TargetError:
    with pytest.raises(requests.RequestException) as caught:
        call()
    if change:
        return change_failed(caught.value, target="portal", session=session, action="set_portal_unlock")
    return reading_failed(caught.value, target="tenant", session=session)


def test_a_session_waits_for_its_turn_and_passes_on_what_the_service_says(stand_in: StandIn, tmp_path: Path) -> None:
    """Both forms of Retry-After, as whole seconds; where it says nothing, nobody is held."""
    clock, waits = ManualClock(), []
    turns = Turns(tmp_path, {GRAPH: 0.1}, clock, lambda: clock.now().timestamp())
    stand_in.script(Response(status_code=429, headers={"Retry-After": "30"}), Response(status_code=503), Response())
    with open_session(Network(ca_file=stand_in.ca_file), turn=turns.at(GRAPH, "contoso")) as ours:
        for _ in range(4):
            before = clock.now()
            ours.get(stand_in.root)
            waits.append((clock.now() - before).total_seconds())

    assert waits == [0, 30, 10, 10]


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def test_the_pinned_authority_is_trusted_whatever_the_environment_says(stand_in: StandIn, session: Session) -> None:
    """A usual session lets REQUESTS_CA_BUNDLE win over its own file; companies set it machine-wide."""
    os.environ["REQUESTS_CA_BUNDLE"] = os.environ["CURL_CA_BUNDLE"] = certifi.where()

    assert session.get(stand_in.root).status_code == 404


def test_an_authority_that_is_not_pinned_is_refused_and_the_trusted_file_named(stand_in: StandIn) -> None:
    with open_session() as session:
        error = failure(lambda: session.get(stand_in.root), session)

    assert isinstance(error, CannotConnect)
    assert error.message.key == "http-not-trusted"
    assert error.message.arguments["ca_file"] == "certifi"
    assert "certificate verify failed" in str(error.message.arguments["detail"])


def test_a_pinned_file_replaces_the_public_authorities(stand_in: StandIn, tmp_path: Path) -> None:
    with hanging_up(tmp_path) as (root, other_ca), open_session(Network(ca_file=other_ca)) as session:
        with pytest.raises(requests.ConnectionError):
            session.get(root)
        error = failure(lambda: session.get(stand_in.root), session)

    assert error.message.arguments["ca_file"] == other_ca


def test_the_bundle_of_the_environment_is_used_only_when_asked_for(stand_in: StandIn) -> None:
    os.environ["REQUESTS_CA_BUNDLE"] = stand_in.ca_file

    with open_session(Network(environment=True)) as asked, open_session(Network()) as unasked:
        assert asked.get(stand_in.root).status_code == 404
        assert isinstance(failure(lambda: unasked.get(stand_in.root), unasked), CannotConnect)


def test_a_proxy_of_the_environment_is_used_only_when_asked_for(stand_in: StandIn, closed_port: int) -> None:
    os.environ["HTTPS_PROXY"] = f"http://127.0.0.1:{closed_port}"

    with open_session(Network(ca_file=stand_in.ca_file)) as unasked:
        assert unasked.get(stand_in.root).status_code == 404
    with open_session(Network(ca_file=stand_in.ca_file, environment=True)) as asked:
        assert isinstance(failure(lambda: asked.get(stand_in.root), asked), CannotConnect)
        os.environ["NO_PROXY"] = "localhost"
        assert asked.get(stand_in.root).status_code == 404


def test_a_password_file_never_replaces_our_token(stand_in: StandIn, session: Session, tmp_path: Path) -> None:
    """With its usual settings requests puts the .netrc password into the Authorization header."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password other\n")
    netrc.chmod(0o600)
    os.environ["NETRC"] = str(netrc)

    session.get(f"{stand_in.root}/x", headers={"Authorization": "Bearer ours"})

    assert stand_in.seen[-1].headers["authorization"] == "Bearer ours"
    assert stand_in.seen[-1].headers["user-agent"].startswith("runbook-kit/")


def test_nobody_listening_is_a_connection_that_cannot_be_made(session: Session, closed_port: int) -> None:
    error = failure(lambda: session.get(f"https://localhost:{closed_port}/"), session)

    assert isinstance(error, CannotConnect)
    assert error.message.key == "http-cannot-connect"
    assert error.message.arguments["host"] == f"localhost:{closed_port}"
    assert error.message.arguments["detail"] == "Connection refused"


@pytest.mark.usefixtures("impatient")
def test_silence_is_a_timeout_of_a_reading_and_unknown_for_a_change(stand_in: StandIn, session: Session) -> None:
    stand_in.answer = silence

    assert isinstance(failure(lambda: session.get(stand_in.root), session), TargetTimeout)
    assert isinstance(failure(lambda: session.put(stand_in.root), session, change=True), OutcomeUnknown)


def test_a_connection_that_closes_without_an_answer_leaves_a_change_unknown(tmp_path: Path) -> None:
    with hanging_up(tmp_path) as (root, ca_file), open_session(Network(ca_file=ca_file)) as session:
        error = failure(lambda: session.put(root), session, change=True)

    assert isinstance(error, OutcomeUnknown)
    assert error.exit_code == 4


def test_a_connection_that_closes_during_a_reading_is_not_said_to_have_sent_nothing(tmp_path: Path) -> None:
    with hanging_up(tmp_path) as (root, ca_file), open_session(Network(ca_file=ca_file)) as session:
        error = failure(lambda: session.get(root), session)

    assert error.message.key == "http-connection-lost"


def test_a_change_that_never_left_is_known_not_to_have_been_sent(stand_in: StandIn, closed_port: int) -> None:
    with open_session() as session:
        refused = failure(lambda: session.put(f"https://localhost:{closed_port}/"), session, change=True)
        untrusted = failure(lambda: session.put(stand_in.root), session, change=True)

    assert isinstance(refused, CannotConnect)
    assert isinstance(untrusted, CannotConnect)
    assert stand_in.seen == []


def test_a_connection_that_is_never_made_was_not_sent(stand_in: StandIn) -> None:
    """A full queue of connections is silence to whoever comes next."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for early in (first, second):
            early.setblocking(False)
            early.connect_ex(listener.getsockname())
        network = Network(ca_file=stand_in.ca_file, connect_seconds=0.2)
        with open_session(network) as session:
            root = f"https://127.0.0.1:{listener.getsockname()[1]}"
            error = failure(lambda: session.put(root), session, change=True)

    assert isinstance(error, CannotConnect)
    assert error.message.key == "http-cannot-connect"


def test_a_redirect_is_not_followed(stand_in: StandIn, session: Session) -> None:
    stand_in.script(RedirectResponse(f"{stand_in.root}/elsewhere"))

    assert session.get(stand_in.root).status_code == 307
    assert session.put(stand_in.root).status_code == 307
    assert len(stand_in.seen) == 2


def test_a_reply_that_cannot_be_unpacked_is_unexpected(stand_in: StandIn, session: Session) -> None:
    stand_in.script(Response(b"no gzip", headers={"Content-Encoding": "gzip"}))

    assert isinstance(failure(lambda: session.get(stand_in.root), session), UnexpectedReply)


def test_patience_waits_as_long_as_asked_and_no_longer_than_it_has(clock: ManualClock) -> None:
    patience, start = Patience(clock, 10), clock.now()

    patience.wait(429, {"Retry-After": "6"}, "tenant")
    with pytest.raises(Throttled) as caught:
        patience.wait(503, {"Retry-After": "6"}, "tenant")

    assert clock.now() - start == timedelta(seconds=6)
    assert caught.value.message.arguments == {"target": "tenant", "status": 503, "seconds": 6}


def test_patience_understands_a_date(clock: ManualClock) -> None:
    start = clock.now()

    Patience(clock, 60).wait(
        429, {"Retry-After": format_datetime(start + timedelta(seconds=30), usegmt=True)}, "tenant"
    )

    assert clock.now() - start == timedelta(seconds=30)


@given(said=st.one_of(st.text(max_size=20), st.integers().map(str)))
def test_patience_ends_whatever_the_target_says(said: str) -> None:
    """Free text, negative and huge numbers: each wait takes at least a second, so the budget bounds their number."""
    clock = ManualClock()
    patience, start = Patience(clock, 20), clock.now()

    def keep_waiting() -> None:
        for _ in range(21):
            patience.wait(429, {"Retry-After": said}, "tenant")

    with pytest.raises(Throttled):
        keep_waiting()
    assert clock.now() - start <= timedelta(seconds=20)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://graph.example/v1.0/users?$skiptoken=x", True),
        ("https://GRAPH.example:443/x", True),
        ("http://graph.example/x", False),
        ("https://graph.example:444/x", False),
        ("https://graph.example.evil.example/x", False),
        ("https://graph.example@evil.example/x", False),
        ("https://somebody@graph.example/x", False),
        ("https://graph.example:x/", False),
        ("//graph.example/x", False),
        ("/x", False),
        (17, False),
    ],
)
def test_only_the_same_scheme_host_and_port_are_the_same_origin(url: object, same: bool) -> None:
    assert same_origin(url, "https://graph.example") is same
