"""The reset of the pilot's password through Graph: sent once, followed within a bound, and its password told to nobody."""

import base64
import json
import logging
import re
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request as Incoming
from starlette.responses import JSONResponse, Response

from runbook_lib.adapters import pilot_reset
from runbook_lib.adapters.credentials import DeviceCodeCredential
from runbook_lib.adapters.graph import Graph
from runbook_lib.adapters.http import Network, Session, open_session
from runbook_lib.adapters.sign_in import SignIn
from runbook_lib.errors import (
    CannotConnect,
    NotPermitted,
    OutcomeUnknown,
    SignInFailed,
    TargetError,
    Throttled,
    UnexpectedReply,
)
from runbook_lib.lab.clock import ManualClock
from runbook_lib.model import Change
from runbook_lib.ports import Answer
from tests.unit.adapters.cloud_stand_in import StandIn, hanging_up, silence

USER = "adele@contoso.example"
RESET = Change("tenant", pilot_reset.ACTION, "x", None, None, {"user": USER})
METHOD = "28c10230-6103-485e-b985-444c60001490"


@pytest.fixture
def learnt() -> list[str]:
    """What the target told of its passwords, in order."""
    return []


@pytest.fixture
def graph(
    stand_in: StandIn,
    session: Session,
    signing_in: Callable[..., SignIn],
    clock: ManualClock,
    learnt: list[str],
) -> Graph:
    """Graph on the stand-in, with a person signed in."""
    person = signing_in(credential=DeviceCodeCredential())
    person.token(stand_in.root)  # as the looks before a change have done
    return Graph(root=stand_in.root, session=session, sign_in=person, clock=clock, learn=learnt.append, wait_seconds=60)


def accepted(stand_in: StandIn, **headers: str) -> Response:
    location = f"{stand_in.root}/v1.0/users/u/authentication/operations/op-1?aadgdc=x"
    return JSONResponse({}, 202, headers={"Location": location, **headers})


def operation(status: str, detail: str | None = None, **headers: str) -> Response:
    return JSONResponse({"id": "op-1", "status": status, "statusDetail": detail}, headers=headers)


def refused(graph: Graph) -> TargetError:
    with pytest.raises(TargetError) as caught:
        graph.perform(RESET)
    return caught.value


def posts(stand_in: StandIn) -> list[str]:
    return [seen.path for seen in stand_in.seen if seen.method == "POST"]


def test_a_reset_is_posted_once_with_a_new_password_and_followed_to_its_end(
    stand_in: StandIn, graph: Graph, learnt: list[str]
) -> None:
    stand_in.script(accepted(stand_in), operation("notStarted"), operation("running"), operation("Succeeded"))

    answer = graph.perform(RESET)

    assert answer.body == {"operation": "op-1", "status": "succeeded"}
    assert posts(stand_in) == [f"/v1.0/users/{USER}/authentication/methods/{METHOD}/resetPassword"]
    assert [json.loads(stand_in.seen[0].body)] == [{"newPassword": learnt[0]}]
    assert [seen.path for seen in stand_in.seen[1:]] == ["/v1.0/users/u/authentication/operations/op-1"] * 3
    assert len(answer.request_id.split(", ")) == len(stand_in.seen)


def test_the_password_is_made_known_before_it_is_sent(stand_in: StandIn, graph: Graph, learnt: list[str]) -> None:
    known_then: list[int] = []

    async def answer(_incoming: Incoming) -> Response:
        known_then.append(len(learnt))
        return JSONResponse({}, 400)

    stand_in.answer = answer
    refused(graph)

    assert known_then == [1]


def test_passwords_are_long_of_all_classes_and_never_the_same() -> None:
    made = {pilot_reset.new_password() for _ in range(200)}

    assert len(made) == 200
    for password in made:
        assert len(password) == pilot_reset.LENGTH
        assert all(re.search(kind, password) for kind in ("[A-Z]", "[a-z]", "[0-9]", "[-_.~]"))
        assert re.fullmatch("[A-Za-z0-9._~-]+", password)


def test_the_name_of_a_user_stays_one_part_of_the_address(stand_in: StandIn, graph: Graph) -> None:
    refused_change = Change("tenant", pilot_reset.ACTION, "x", None, None, {"user": "a/b#EXT#@x?y"})
    with pytest.raises(UnexpectedReply):
        graph.perform(refused_change)

    assert stand_in.seen[0].path == f"/v1.0/users/a/b%23EXT%23@x%3Fy/authentication/methods/{METHOD}/resetPassword"
    assert stand_in.seen[0].query == {}


def test_the_wait_that_graph_asks_for_is_kept(stand_in: StandIn, graph: Graph, clock: ManualClock) -> None:
    start = clock.now()
    first, then = {"Retry-After": "7"}, {"Retry-After": "11"}
    stand_in.script(accepted(stand_in, **first), operation("running", **then), operation("succeeded"))

    graph.perform(RESET)

    assert clock.now() - start == timedelta(seconds=18)


def test_an_operation_that_does_not_end_is_left_unknown_within_the_bound(
    stand_in: StandIn, graph: Graph, clock: ManualClock
) -> None:
    start = clock.now()
    stand_in.script(accepted(stand_in), operation("running"))

    error = refused(graph)

    assert isinstance(error, OutcomeUnknown)
    assert error.message.key == "graph-reset-not-finished"
    assert clock.now() - start <= timedelta(seconds=60)
    assert len(posts(stand_in)) == 1


@pytest.mark.parametrize("status", ["unknownFutureValue", None, "skipped"])
def test_only_the_documented_ends_are_ends(stand_in: StandIn, graph: Graph, status: str) -> None:
    stand_in.script(accepted(stand_in), operation(status))

    assert isinstance(refused(graph), OutcomeUnknown)


def test_a_failed_operation_is_a_no_with_its_detail(stand_in: StandIn, graph: Graph) -> None:
    stand_in.script(accepted(stand_in), operation("failed", "PasswordPolicyViolation"))

    error = refused(graph)

    assert type(error) is UnexpectedReply
    assert "PasswordPolicyViolation" in error.say("fr")


@pytest.mark.parametrize("location", ["https://evil.example/op", "http://localhost/op", "/v1.0/op", ""])
def test_the_token_follows_an_operation_to_no_other_host(stand_in: StandIn, graph: Graph, location: str) -> None:
    """It was taken on all the same, so how it ended is unknown."""
    stand_in.script(JSONResponse({}, 202, headers={"Location": location} if location else {}))

    error = refused(graph)

    assert isinstance(error, OutcomeUnknown)
    assert error.message.key == "graph-reset-not-followed"
    assert len(stand_in.seen) == 1


@pytest.mark.parametrize("look", [JSONResponse({}, 404), JSONResponse({}, 500), Response("<html>"), JSONResponse([])])
def test_a_look_at_the_operation_that_fails_says_nothing_about_the_reset(
    stand_in: StandIn, graph: Graph, look: Response
) -> None:
    stand_in.script(accepted(stand_in), look)

    assert refused(graph).message.key == "graph-reset-not-followed"


@pytest.mark.parametrize(
    ("status", "kind", "key"),
    [
        (400, UnexpectedReply, "graph-reset-refused"),
        (404, UnexpectedReply, "graph-reset-refused"),
        (401, SignInFailed, "graph-reset-token-refused"),
        (403, NotPermitted, "graph-reset-not-permitted"),
        (429, Throttled, "graph-reset-throttled"),
        (200, OutcomeUnknown, "http-outcome-unknown"),
        (302, OutcomeUnknown, "http-outcome-unknown"),
        (408, OutcomeUnknown, "http-outcome-unknown"),
        (503, OutcomeUnknown, "http-outcome-unknown"),
    ],
)
def test_whatever_graph_answers_nothing_is_sent_again_that_may_have_been_carried_out(
    stand_in: StandIn, graph: Graph, status: int, kind: type[TargetError], key: str
) -> None:
    stand_in.script(JSONResponse({"error": {"code": "SomeCode", "message": "why"}}, status))

    error = refused(graph)

    assert type(error) is kind
    assert error.message.key == key
    # A 401 says that it was not carried out, perhaps for want of a fresh token.
    assert len(stand_in.seen) == (2 if status == 401 else 1)
    assert kind in (OutcomeUnknown, Throttled) or "SomeCode" in error.say("en")


def test_a_wish_for_a_stronger_sign_in_is_told_as_that(stand_in: StandIn, graph: Graph) -> None:
    claims = base64.b64encode(b'{"access_token":{"acrs":{"essential":true,"value":"c1"}}}').decode()
    header = f'Bearer realm="", error="insufficient_claims", claims="{claims}"'
    stand_in.script(JSONResponse({}, 401, headers={"WWW-Authenticate": header}))

    error = refused(graph)

    assert isinstance(error, SignInFailed)
    assert "multifactor" in error.say("en")


@pytest.mark.usefixtures("impatient")
def test_silence_leaves_the_outcome_unknown(stand_in: StandIn, graph: Graph) -> None:
    stand_in.answer = silence

    assert isinstance(refused(graph), OutcomeUnknown)


def test_a_lost_connection_leaves_the_outcome_unknown_and_none_at_all_does_not(
    tmp_path: Path, signing_in: Callable[..., SignIn], clock: ManualClock
) -> None:
    person = signing_in(credential=DeviceCodeCredential())
    with hanging_up(tmp_path) as (root, ca_file), open_session(Network(ca_file=ca_file)) as session:
        for resource in (root, "https://localhost:1"):
            person.token(resource)
        there = Graph(root=root, session=session, sign_in=person, clock=clock, learn=str)
        assert isinstance(refused(there), OutcomeUnknown)
        nowhere = Graph(root="https://localhost:1", session=session, sign_in=person, clock=clock, learn=str)
        assert isinstance(refused(nowhere), CannotConnect)


def test_an_application_is_refused_before_anything_is_sent(
    stand_in: StandIn, session: Session, application: SignIn, clock: ManualClock, learnt: list[str]
) -> None:
    graph = Graph(root=stand_in.root, session=session, sign_in=application, clock=clock, learn=learnt.append)

    assert refused(graph).message.key == "graph-reset-needs-a-person"
    assert (stand_in.seen, learnt) == ([], [])


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("ending", ["refusal", "failure", "success", "silence"])
def test_no_password_shows_in_an_answer_an_error_or_a_log(
    stand_in: StandIn, graph: Graph, learnt: list[str], caplog: pytest.LogCaptureFixture, ending: str
) -> None:
    """Even when Graph repeats it in what it says."""
    caplog.set_level(logging.DEBUG)

    async def repeat(incoming: Incoming) -> Response:
        if incoming.method == "POST" and ending == "refusal":
            return JSONResponse({"error": {"code": learnt[0], "message": f"not {learnt[0]}!"}}, 400)
        if incoming.method == "POST" and ending == "silence":
            return await silence(incoming)
        if incoming.method == "POST":
            return accepted(stand_in)
        said = {"id": learnt[0] if ending == "success" else "op", "statusDetail": f"for {learnt[0]}"}
        return JSONResponse({**said, "status": "succeeded" if ending == "success" else "failed"})

    stand_in.answer = repeat
    told = [repr(graph), repr(RESET), caplog.text]
    try:
        answer: Answer | None = graph.perform(RESET)
        told.append(repr(answer))
    except TargetError as error:
        told += [error.say("en"), error.say("fr"), repr(error), repr(error.message)]
        told += traceback.format_exception(error)

    assert not any(learnt[0] in text for text in [*told, caplog.text])


def test_what_a_reset_is_sent_with_has_a_digest_of_its_own() -> None:
    assert re.fullmatch("[0-9a-f]{64}", pilot_reset.fingerprint(pilot_reset.ACTION))
    assert pilot_reset.fingerprint("another") != pilot_reset.fingerprint(pilot_reset.ACTION)
