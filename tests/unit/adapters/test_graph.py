"""The tenant through Graph: every reading against the lab's cloud, and what Graph may do wrong against the stand-in."""

import base64
import json
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request as Incoming
from starlette.responses import JSONResponse, RedirectResponse, Response

from runbook_lib.adapters.graph import Graph
from runbook_lib.adapters.http import Network, Session, open_session
from runbook_lib.adapters.sign_in import SignIn
from runbook_lib.errors import (
    CannotConnect,
    NotPermitted,
    SignInFailed,
    TargetError,
    TargetTimeout,
    Throttled,
    UnexpectedReply,
)
from runbook_lib.facts import READINGS, tenant
from runbook_lib.lab.clock import ManualClock
from runbook_lib.model import Change, Wanted
from runbook_lib.ports import Answer, Request
from tests.unit.adapters.cloud_stand_in import StandIn, silence
from tests.unit.adapters.conftest import Lab

RESOURCE = "https://graph.microsoft.com"
ALL = [
    known.asked(Wanted("", "", pilot_user="ada@contoso.example")).request
    for known in READINGS.values()
    if known.target == tenant.TENANT
]
ORGANIZATION = tenant.ORGANIZATION.request
REGISTRATIONS = tenant.SSPR_REGISTRATIONS.request
EMPTY = {"value": []}

Make = Callable[..., Graph]


def graph_error(code: str, message: str = "m") -> dict[str, object]:
    return {"error": {"code": code, "message": message}}


@pytest.fixture
def make(stand_in: StandIn, session: Session, application: SignIn, clock: ManualClock) -> Make:
    """Make a target on the stand-in, signed in as the application unless told otherwise."""

    def make(**chosen: object) -> Graph:
        usual = {"root": stand_in.root, "session": session, "sign_in": application, "clock": clock, "learn": str}
        return Graph(**(usual | chosen))

    return make


@pytest.fixture
def in_lab(lab: Lab) -> Callable[[SignIn], Graph]:
    def make(sign_in: SignIn) -> Graph:
        clock = ManualClock(datetime.now(UTC))
        return Graph(root=lab.root, resource=RESOURCE, session=lab.session, sign_in=sign_in, clock=clock, learn=str)

    return make


def only(graph: Graph, request: Request = ORGANIZATION) -> Answer | TargetError:
    (answer,) = graph.read([request])
    return answer


@pytest.mark.parametrize("who", ["person", "application"])
def test_every_reading_of_the_tenant_is_answered_in_its_known_shape(
    lab: Lab, in_lab: Callable[[SignIn], Graph], who: str
) -> None:
    lab.tenant.record_audit("Enable password writeback for directory", datetime.now(UTC) - timedelta(hours=1))

    answers = in_lab(getattr(lab, who)).read(ALL)

    facts = {answer.name: READINGS[answer.name].parse(answer) for answer in answers if isinstance(answer, Answer)}
    assert list(facts) == [request.reading for request in ALL]
    assert facts["organization"].value[0].id == lab.tenant.id
    assert facts["subscribed_skus"].premium_plans == ["AAD_PREMIUM"]
    assert len(facts["sspr_registrations"].value) == 5
    assert facts["directory_audits"].value[0].activityDisplayName == "Enable password writeback for directory"
    assert facts["signed_in_account"].kind == {"person": "user"}.get(who, who)
    assert facts["signed_in_account"].name == {"person": "ada@contoso.example"}.get(who, "Runbooks (lab)")
    assert len(facts["signed_in_account"].admin_roles) == 1


def test_an_answer_says_when_and_can_be_found_again(lab: Lab, in_lab: Callable[[SignIn], Graph]) -> None:
    organization, account = in_lab(lab.person).read([ORGANIZATION, tenant.SIGNED_IN_ACCOUNT.request])

    assert isinstance(organization, Answer)
    assert isinstance(account, Answer)
    assert datetime.fromisoformat(organization.at).utcoffset() == timedelta(0)
    theirs, ours = organization.request_id.split("/")
    assert len(theirs) == len(ours) == 36
    assert len(account.request_id.split(", ")) == 2


def test_only_recent_audit_entries_are_asked_for_newest_first(lab: Lab, in_lab: Callable[[SignIn], Graph]) -> None:
    for hours in (3, 1, 30):
        lab.tenant.record_audit(f"{hours} hours ago", datetime.now(UTC) - timedelta(hours=hours))

    answer = only(in_lab(lab.person), Request("directory_audits", {"hours": 24}))

    assert isinstance(answer, Answer)
    assert [entry["activityDisplayName"] for entry in answer.body["value"]] == ["1 hours ago", "3 hours ago"]


@pytest.mark.parametrize(("fault", "waits"), [("token_expired", False), ("throttled", True)])
def test_a_passing_disturbance_is_not_noticed(lab: Lab, fault: str, waits: bool) -> None:
    lab.tenant.faults.add(fault)
    clock = ManualClock(start := datetime.now(UTC))
    graph = Graph(
        root=lab.root, resource=RESOURCE, session=lab.session, sign_in=lab.application, clock=clock, learn=str
    )

    assert isinstance(only(graph), Answer)
    assert (clock.now() > start) is waits


def test_roles_that_may_not_be_read_are_not_taken_for_none(lab: Lab, in_lab: Callable[[SignIn], Graph]) -> None:
    """Graph leaves their properties empty instead of refusing."""
    lab.tenant.applications[1].delegated_scopes = ("User.Read",)

    error = only(in_lab(lab.person), tenant.SIGNED_IN_ACCOUNT.request)

    assert isinstance(error, NotPermitted)
    assert error.message.arguments["permission"] == "RoleManagement.Read.Directory"


def test_a_missing_permission_is_named_and_hides_no_other_answer(lab: Lab, in_lab: Callable[[SignIn], Graph]) -> None:
    lab.tenant.applications[0].app_roles = ("Organization.Read.All",)

    answers = in_lab(lab.application).read([REGISTRATIONS, ORGANIZATION, tenant.SUBSCRIBED_SKUS.request])

    assert [type(answer) for answer in answers] == [NotPermitted, Answer, Answer]
    assert "AuditLog.Read.All" in answers[0].say("fr")


def test_a_refused_sign_in_fills_every_place_and_is_tried_once(lab: Lab, in_lab: Callable[[SignIn], Graph]) -> None:
    """Each further try would show the person another device code."""
    lab.tenant.applications[0].secret.value = "another"

    answers = in_lab(lab.application).read(ALL)

    assert all(answer is answers[0] for answer in answers)
    assert len(answers) == len(ALL)
    assert isinstance(answers[0], SignInFailed)


@pytest.mark.parametrize(
    ("status", "body", "kind", "shown"),
    [
        (403, graph_error("Authorization_RequestDenied"), NotPermitted, "Organization.Read.All"),
        (404, graph_error("ResourceNotFound"), UnexpectedReply, "ResourceNotFound"),
        (400, graph_error("BadRequest", "why\nnot"), UnexpectedReply, "why not"),
        (500, {}, UnexpectedReply, "500"),
        (200, [], UnexpectedReply, "application/json"),
        (200, {}, UnexpectedReply, "organization"),
        (200, {"value": {}}, UnexpectedReply, "organization"),
        (200, {"value": [1]}, UnexpectedReply, "organization"),
        (404, {"error": "text"}, UnexpectedReply, "404"),
        (404, ["error"], UnexpectedReply, "404"),
    ],
)
def test_a_no_of_graph_is_typed_and_keeps_its_code(
    stand_in: StandIn, make: Make, status: int, body: object, kind: type[TargetError], shown: str
) -> None:
    stand_in.script(JSONResponse(body, status))

    error = only(make())

    assert isinstance(error, kind)
    assert error.target == "tenant"
    assert shown in error.say("en")


def test_what_is_not_json_is_unexpected_not_empty(stand_in: StandIn, make: Make) -> None:
    stand_in.script(Response("<html>Sign in to the proxy", media_type="text/html"))

    error = only(make())

    assert isinstance(error, UnexpectedReply)
    assert "text/html" in str(error)


def test_a_redirect_is_not_followed_with_the_token(stand_in: StandIn, make: Make) -> None:
    stand_in.script(RedirectResponse("https://localhost:1/"))

    assert isinstance(only(make()), UnexpectedReply)
    assert len(stand_in.seen) == 1


def test_each_request_is_marked_as_ours(stand_in: StandIn, make: Make) -> None:
    stand_in.script(JSONResponse(EMPTY, headers={"request-id": "theirs"}))

    answers = make().read([ORGANIZATION, REGISTRATIONS])

    ids = [seen.headers["client-request-id"] for seen in stand_in.seen]
    assert [answer.request_id for answer in answers] == [f"theirs/{ours}" for ours in ids]
    assert len({*ids}) == 2
    assert {seen.headers["user-agent"].partition("/")[0] for seen in stand_in.seen} == {"runbook-kit"}


def test_a_reading_asks_for_no_more_than_it_needs(stand_in: StandIn, make: Make) -> None:
    stand_in.script(JSONResponse(EMPTY))

    make().read([ORGANIZATION, tenant.SUBSCRIBED_SKUS.request, REGISTRATIONS])

    assert ["$select" in seen.query for seen in stand_in.seen] == [True, True, False]


def pages(stand_in: StandIn, *links: str | None) -> None:
    replies = [{"value": [{"page": number}]} for number, _ in enumerate(links)]
    for reply, link in zip(replies, links, strict=True):
        if link is not None:
            reply["@odata.nextLink"] = link
    stand_in.script(*map(JSONResponse, replies))


def test_pages_are_joined_in_order(stand_in: StandIn, make: Make) -> None:
    pages(stand_in, f"{stand_in.root}/v1.0/x?$skiptoken=1", f"{stand_in.root}/v1.0/x?$skiptoken=2", None)

    answer = only(make(), REGISTRATIONS)

    assert isinstance(answer, Answer)
    assert answer.body == {"value": [{"page": 0}, {"page": 1}, {"page": 2}]}
    assert [seen.query.get("$skiptoken") for seen in stand_in.seen] == [None, "1", "2"]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/x",
        "http://localhost/x",
        "https://localhost:1/x",
        "/v1.0/x",
        "https://a@localhost/",
        7,
    ],
)
def test_the_token_goes_to_no_other_host(stand_in: StandIn, make: Make, link: str) -> None:
    pages(stand_in, link, None)

    error = only(make(), REGISTRATIONS)

    assert isinstance(error, UnexpectedReply)
    assert error.message.key == "graph-bad-next-page"
    assert len(stand_in.seen) == 1


def test_pages_that_go_round_in_circles_are_left(stand_in: StandIn, make: Make) -> None:
    link = f"{stand_in.root}/v1.0/x"
    pages(stand_in, link, link, None)

    assert isinstance(only(make(), REGISTRATIONS), UnexpectedReply)
    assert len(stand_in.seen) == 2


def test_pages_without_end_are_refused_rather_than_cut(stand_in: StandIn, make: Make) -> None:
    pages(stand_in, *[f"{stand_in.root}/v1.0/x?{number}" for number in range(4)], None)

    error = only(make(most_pages=3), REGISTRATIONS)

    assert isinstance(error, UnexpectedReply)
    assert error.message.arguments["pages"] == 3
    assert len(stand_in.seen) == 3


def test_waiting_is_bounded_over_all_readings_together(stand_in: StandIn, make: Make, clock: ManualClock) -> None:
    start = clock.now()
    stand_in.script(JSONResponse({}, 429, headers={"Retry-After": "50"}))

    answers = make().read([ORGANIZATION, REGISTRATIONS])

    assert [type(answer) for answer in answers] == [Throttled, Throttled]
    assert clock.now() - start == timedelta(seconds=100)


def test_a_wait_that_is_too_long_is_not_begun(stand_in: StandIn, make: Make, clock: ManualClock) -> None:
    start = clock.now()
    stand_in.script(JSONResponse({}, 503, headers={"Retry-After": "121"}))

    assert isinstance(only(make()), Throttled)
    assert clock.now() == start


def test_a_refused_token_is_renewed_once_with_the_claims_asked_for(stand_in: StandIn, make: Make) -> None:
    claims = '{"access_token":{"nbf":{"essential":true}}}'
    challenge = base64.b64encode(claims.encode()).decode().rstrip("=")
    header = f'Bearer realm="", error="insufficient_claims", claims="{challenge}"'
    stand_in.script(JSONResponse({}, 401, headers={"WWW-Authenticate": header}), JSONResponse(EMPTY))

    assert isinstance(only(make()), Answer)

    assert [seen.headers["authorization"][-1] for seen in stand_in.seen] == ["1", "2"]
    asked = json.loads(stand_in.forms[-1]["claims"])["access_token"]
    assert asked["nbf"] == {"essential": True}


@pytest.mark.parametrize(
    "challenge", ["", 'Bearer claims="not base64"', 'Bearer claims="bm8gSlNPTg"', "Bearer claims=x"]
)
def test_a_token_refused_twice_is_a_failed_sign_in(stand_in: StandIn, make: Make, challenge: str) -> None:
    stand_in.script(
        JSONResponse(graph_error("InvalidAuthenticationToken"), 401, headers={"WWW-Authenticate": challenge})
    )

    error = only(make())

    assert isinstance(error, SignInFailed)
    assert "InvalidAuthenticationToken" in str(error)
    assert len(stand_in.seen) == 2
    assert set(json.loads(stand_in.forms[-1]["claims"])["access_token"]) == {"xms_cc"}


@pytest.mark.usefixtures("impatient")
def test_silence_is_a_timeout_of_that_reading_alone(stand_in: StandIn, make: Make) -> None:
    async def answer(incoming: Incoming) -> Response:
        return await silence(incoming) if "reports" in incoming.url.path else JSONResponse(EMPTY)

    stand_in.answer = answer

    assert [type(each) for each in make().read([REGISTRATIONS, ORGANIZATION])] == [TargetTimeout, Answer]


def test_an_unreachable_graph_is_tried_once_and_fills_every_place(make: Make) -> None:
    answers = make(root="https://localhost:1").read([ORGANIZATION, REGISTRATIONS])

    assert isinstance(answers[0], CannotConnect)
    assert answers[0] is answers[1]


def test_an_untrusted_graph_is_said_with_the_file_that_does_not_trust_it(make: Make) -> None:
    with open_session(Network()) as stranger:
        error = only(make(session=stranger))

    assert isinstance(error, CannotConnect)
    assert "certifi" in error.say("fr")


def test_what_a_cloud_does_not_offer_is_not_asked_for(stand_in: StandIn, make: Make) -> None:
    graph = make(not_offered=frozenset({"directory_audits"}))

    assert isinstance(only(graph, tenant.DIRECTORY_AUDITS.request), NotPermitted)
    assert stand_in.seen == []


@pytest.mark.usefixtures("impatient")
def test_no_token_shows_in_an_error_or_a_log(stand_in: StandIn, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """Even when Graph repeats it in what it says."""
    caplog.set_level(logging.DEBUG)

    async def repeat(incoming: Incoming) -> Response:
        said = incoming.headers["authorization"]
        return JSONResponse(graph_error(said, f"you sent {said}"), 400)

    stand_in.answer = repeat
    error = only(make())
    stand_in.answer = silence
    late = only(make())

    for each in (error, late):
        assert isinstance(each, TargetError)
        told = [each.say("en"), each.say("fr"), repr(each), *traceback.format_exception(each), caplog.text]
        assert not any("canary" in text for text in told)
    assert "***" in str(error)


def test_nothing_is_changed_through_graph(make: Make) -> None:
    with pytest.raises(ValueError, match="no action"):
        make().perform(Change("tenant", "anything", "x", None, None))


def test_closing_ends_the_connections_and_may_be_repeated(stand_in: StandIn, make: Make) -> None:
    stand_in.script(JSONResponse(EMPTY))
    graph = make()
    graph.read([ORGANIZATION])

    graph.close()
    graph.close()
