"""The portal's internal endpoint: read and set against the lab's cloud, and what it may do wrong against the stand-in."""

import json
import logging
import traceback
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request as Incoming
from starlette.responses import JSONResponse, RedirectResponse, Response

from runbook_lib.adapters.clouds import CLOUDS, PortalEndpoint
from runbook_lib.adapters.http import Network, Session, open_session
from runbook_lib.adapters.portal import Portal
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
from runbook_lib.facts import ACTIONS
from runbook_lib.facts.portal import ON_PREMISES_POLICY, PORTAL
from runbook_lib.lab.clock import ManualClock
from runbook_lib.model import Change
from runbook_lib.ports import Answer
from tests.unit.adapters.cloud_stand_in import StandIn, hanging_up, silence
from tests.unit.adapters.conftest import Lab

RESOURCE = CLOUDS["global"].portal_endpoint.resource
REQUEST = ON_PREMISES_POLICY.request
WRITE_BACK, UNLOCK = (action for action, target in ACTIONS.items() if target == PORTAL)
POLICY = {
    "passwordWritebackSupported": True,
    "accountUnlockEnabled": False,
    "enablementForTenant": True,
    "objectId": "x",
}

Make = Callable[..., Portal]


def change(action: str = WRITE_BACK, enabled: object = True) -> Change:
    return Change(PORTAL, action, action, None, enabled, {"enabled": enabled}, unsupported=True)


@pytest.fixture
def make(stand_in: StandIn, session: Session, person: SignIn, clock: ManualClock) -> Make:
    """Make a target on the stand-in, signed in as a person unless told otherwise."""

    def make(root: str = stand_in.root, **chosen: object) -> Portal:
        usual = {"endpoint": PortalEndpoint(root, RESOURCE), "session": session, "sign_in": person, "clock": clock}
        return Portal(**(usual | chosen))

    return make


@pytest.fixture
def in_lab(lab: Lab, clock: ManualClock) -> Callable[[SignIn], Portal]:
    endpoint = PortalEndpoint(lab.root, RESOURCE)
    return lambda sign_in: Portal(endpoint=endpoint, session=lab.session, sign_in=sign_in, clock=clock)


def read(portal: Portal) -> Answer | TargetError:
    (answer,) = portal.read([REQUEST])
    return answer


def refusal(portal: Portal, wanted: Change | None = None) -> TargetError:
    with pytest.raises(TargetError) as caught:
        portal.perform(wanted or change())
    return caught.value


def puts(stand_in: StandIn) -> list[dict[str, bool]]:
    return [json.loads(seen.body) for seen in stand_in.seen if seen.method == "PUT"]


def test_both_settings_are_set_one_by_one_and_read_back(lab: Lab, in_lab: Callable[[SignIn], Portal]) -> None:
    portal = in_lab(lab.person)
    before = ON_PREMISES_POLICY.parse(read(portal))

    for action in (WRITE_BACK, UNLOCK):
        assert portal.perform(change(action)).name == action
    after = ON_PREMISES_POLICY.parse(read(portal))

    assert (before.write_back, before.unlock) == (False, False)
    assert (after.write_back, after.unlock) == (True, True)


def test_a_setting_is_taken_back_the_same_way(lab: Lab, in_lab: Callable[[SignIn], Portal]) -> None:
    lab.tenant.policy.accountUnlockEnabled = True

    in_lab(lab.person).perform(change(UNLOCK, enabled=False))

    assert lab.tenant.policy.accountUnlockEnabled is False


def test_a_lost_reply_leaves_the_outcome_unknown_though_it_was_done(
    lab: Lab, in_lab: Callable[[SignIn], Portal]
) -> None:
    lab.tenant.faults.add("lost_reply")

    error = refusal(in_lab(lab.person))

    assert isinstance(error, OutcomeUnknown)
    assert lab.tenant.policy.passwordWritebackSupported is True


def test_a_person_without_the_role_is_not_permitted(lab: Lab, in_lab: Callable[[SignIn], Portal]) -> None:
    lab.tenant.accounts[0].roles = ()
    portal = in_lab(lab.person)

    assert isinstance(read(portal), NotPermitted)
    assert isinstance(refusal(portal), NotPermitted)
    assert lab.tenant.policy.passwordWritebackSupported is False


def test_a_client_that_may_not_have_tokens_for_the_portal_is_told_so(
    lab: Lab, in_lab: Callable[[SignIn], Portal]
) -> None:
    lab.tenant.applications[1].portal = False

    error = refusal(in_lab(lab.person))

    assert isinstance(error, NotPermitted)
    assert error.message.key == "sign-in-resource-refused"


def test_an_application_is_refused_before_anything_is_sent(stand_in: StandIn, make: Make, application: SignIn) -> None:
    portal = make(sign_in=application)

    assert isinstance(read(portal), NotPermitted)
    assert isinstance(refusal(portal), NotPermitted)
    assert stand_in.seen == []
    assert stand_in.forms == []


@pytest.mark.parametrize(
    ("action", "field"), [(WRITE_BACK, "passwordWriteBackSupported"), (UNLOCK, "accountUnlockEnabled")]
)
@pytest.mark.parametrize("enabled", [True, False])
def test_a_change_is_one_put_of_exactly_its_own_setting(
    stand_in: StandIn, make: Make, action: str, field: str, enabled: bool
) -> None:
    stand_in.script(Response(status_code=204))

    answer = make().perform(change(action, enabled))

    (seen,) = stand_in.seen
    assert (seen.method, seen.path) == ("PUT", "/api/PasswordReset/OnPremisesPasswordResetPolicies")
    assert json.loads(seen.body) == {field: enabled}
    assert answer.body is None
    assert answer.request_id.endswith(seen.headers["x-ms-client-request-id"])


def test_a_request_carries_the_headers_that_public_tools_send(stand_in: StandIn, make: Make) -> None:
    stand_in.script(JSONResponse(POLICY))

    assert isinstance(read(make()), Answer)

    headers = stand_in.seen[0].headers
    assert headers["x-requested-with"] == "XMLHttpRequest"
    assert uuid.UUID(headers["x-ms-client-request-id"])
    assert uuid.UUID(headers["x-ms-correlation-id"])
    assert headers["authorization"].startswith("Bearer ")
    assert stand_in.forms[0]["device_code"]
    assert stand_in.asked_scope.startswith(f"{RESOURCE}/.default")


@pytest.mark.parametrize("enabled", ["true", 1, None])
def test_a_setting_is_true_or_false_and_nothing_else(stand_in: StandIn, make: Make, enabled: object) -> None:
    with pytest.raises(ValueError, match="true or false"):
        make().perform(change(enabled=enabled))

    assert stand_in.seen == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (JSONResponse({}, 401), NotPermitted),
        (JSONResponse({}, 403), NotPermitted),
        (JSONResponse({}, 429, headers={"Retry-After": "1"}), Throttled),
        (JSONResponse({"Message": "no"}, 400), UnexpectedReply),
        (Response(status_code=404), UnexpectedReply),
        (RedirectResponse("https://localhost:1/"), UnexpectedReply),
        (JSONResponse({}, 408), OutcomeUnknown),
        (JSONResponse({}, 500), OutcomeUnknown),
        (JSONResponse({}, 503, headers={"Retry-After": "1"}), OutcomeUnknown),
        (Response("<html>", media_type="text/html"), OutcomeUnknown),
    ],
    ids=lambda value: str(getattr(value, "status_code", "")),
)
def test_a_change_is_sent_again_only_after_a_401_which_carries_nothing_out(
    stand_in: StandIn, make: Make, clock: ManualClock, reply: Response, kind: type[TargetError]
) -> None:
    start = clock.now()
    stand_in.script(reply)

    error = refusal(make())

    assert type(error) is kind
    assert len(puts(stand_in)) == (2 if reply.status_code == 401 else 1)
    assert clock.now() == start


@pytest.mark.parametrize("reply", [Response(status_code=200), JSONResponse(POLICY), Response(b" \n")])
def test_any_success_with_nothing_strange_in_it_is_a_success(stand_in: StandIn, make: Make, reply: Response) -> None:
    stand_in.script(reply)

    assert make().perform(change()).name == WRITE_BACK


@pytest.mark.usefixtures("impatient")
def test_a_change_without_an_answer_in_time_is_unknown(stand_in: StandIn, make: Make) -> None:
    stand_in.answer = silence

    assert isinstance(refusal(make()), OutcomeUnknown)
    assert len(puts(stand_in)) == 1


def test_a_change_cut_off_after_sending_is_unknown(make: Make, tmp_path: Path) -> None:
    with hanging_up(tmp_path) as (root, ca_file), open_session(Network(ca_file=ca_file)) as session:
        assert isinstance(refusal(make(root=root, session=session)), OutcomeUnknown)


def test_a_change_that_cannot_have_left_is_not_unknown(stand_in: StandIn, make: Make) -> None:
    assert isinstance(refusal(make(root="https://localhost:1")), CannotConnect)
    with open_session() as stranger:
        assert isinstance(refusal(make(session=stranger)), CannotConnect)
    assert stand_in.seen == []


def test_a_change_without_a_sign_in_was_not_sent(stand_in: StandIn, make: Make) -> None:
    stand_in.refusals.append((400, {"error": "authorization_declined"}))

    assert isinstance(refusal(make()), SignInFailed)
    assert stand_in.seen == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (JSONResponse({}, 401), NotPermitted),
        (JSONResponse({}, 403), NotPermitted),
        (JSONResponse({}, 404), UnexpectedReply),
        (JSONResponse([], 200), UnexpectedReply),
        (Response("<html>"), UnexpectedReply),
        (JSONResponse({}, 503, headers={"Retry-After": "999"}), Throttled),
    ],
    ids=lambda value: str(getattr(value, "status_code", "")),
)
def test_a_reading_that_fails_is_a_typed_error_in_its_place(
    stand_in: StandIn, make: Make, reply: Response, kind: type[TargetError]
) -> None:
    stand_in.script(reply)

    assert type(read(make())) is kind


def test_a_reading_waits_when_asked_to(stand_in: StandIn, make: Make) -> None:
    stand_in.script(JSONResponse({}, 429, headers={"Retry-After": "9"}), JSONResponse(POLICY))

    assert ON_PREMISES_POLICY.parse(read(make())).write_back is True


@pytest.mark.usefixtures("impatient")
def test_no_token_shows_in_an_error_or_a_log(stand_in: StandIn, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """Even when the endpoint repeats it in what it says."""
    caplog.set_level(logging.DEBUG)

    async def repeat(incoming: Incoming) -> Response:
        said = incoming.headers["authorization"]
        return JSONResponse({"error": {"code": said, "message": said}}, 400)

    stand_in.answer = repeat
    errors = [read(make()), refusal(make())]
    stand_in.answer = silence
    errors.append(refusal(make()))

    for error in errors:
        assert isinstance(error, TargetError)
        told = [error.say("en"), error.say("fr"), repr(error), *traceback.format_exception(error), caplog.text]
        assert not any("canary" in text.lower() for text in told)


def test_a_reading_of_another_target_is_a_mistake_of_the_programmer(make: Make) -> None:
    with pytest.raises(ValueError, match="no reading"):
        make().read([type(REQUEST)("organization")])


def test_closing_may_be_repeated(make: Make) -> None:
    """The engine closes once, also after errors; a second time does no harm."""
    portal = make()

    portal.close()
    portal.close()
