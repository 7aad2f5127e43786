"""Signing in with a browser: the real msal and the lab's Entra over loopback, a stand-in for the browser, and every way it can end."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msal
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.adapters.asking import DeviceCode
from runbook_lib.adapters.browser import LARGEST_ANSWER, Receiver, has_browser, receiving
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.credentials import Credential, DeviceCodeCredential, InteractiveCredential
from runbook_lib.adapters.http import Network, Session, open_session
from runbook_lib.adapters.sign_in import Identity, SignIn
from runbook_lib.errors import NotPermitted, SignInFailed, TargetError
from runbook_lib.lab.cloud.roles import HYBRID_IDENTITY_ADMINISTRATOR
from runbook_lib.lab.cloud.server import CloudServer
from runbook_lib.lab.cloud.state import Account, Application, Cloud, CloudTenant, Domain
from tests.stand_in_browser import STAND_IN, Person

TENANT = "3d2c1b0a-6b1e-4f0e-9d54-0c2b7a91e004"
PUBLIC = "dddddddd-0000-4000-8000-000000000001"
GRAPH, PORTAL = "https://graph.microsoft.com", "74658136-14ec-4630-ad9b-26e160ff0fc6"
ADA, BOB = "ada@contoso.example", "bob@contoso.example"


class Stoppable(SystemClock):
    """The clock of a run that somebody stops while it waits."""

    def __init__(self) -> None:
        super().__init__()
        self.stopping = threading.Event()

    def sleep(self, seconds: float) -> None:
        if self.stopping.wait(seconds):
            raise KeyboardInterrupt


@dataclass
class Lab:
    """A served tenant, and what was shown to the person."""

    address: str
    tenant: CloudTenant
    ca_file: str
    session: Session
    clock: Stoppable = field(default_factory=Stoppable)
    shown: list[DeviceCode] = field(default_factory=list)

    def signs_in(self, credential: Credential | None = None) -> SignIn:
        return SignIn(
            tenant_id=TENANT,
            authority_host=self.address,
            client_id=PUBLIC,
            credential=credential or InteractiveCredential(),
            http_session=self.session,
            show=self.shown.append,
            clock=self.clock,
        )

    def person(self, upn: str = ADA, decision: str = "approve") -> Person:
        return Person(self.ca_file, upn, decision)


@pytest.fixture
def lab(tmp_path: Any) -> Iterator[Lab]:
    tenant = CloudTenant(
        TENANT,
        "Contoso",
        (Domain("contoso.example", is_default=True),),
        accounts=[Account(ADA, "Ada", (HYBRID_IDENTITY_ADMINISTRATOR,)), Account(BOB, "Bob")],
        applications=[Application(PUBLIC, "Kit", delegated_scopes=("User.Read",), public_client=True, portal=True)],
    )
    cloud, ca_file = Cloud(), tmp_path / "ca.pem"
    cloud.add(tenant)
    with CloudServer(cloud) as server:
        ca_file.write_bytes(server.ca_pem)
        with open_session(Network(ca_file=str(ca_file))) as session:
            yield Lab(cloud.address, tenant, str(ca_file), session)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[str], bool]], None]]:
    """A machine with a screen, whose browser does what the test says."""
    monkeypatch.setenv("DISPLAY", ":0")
    driven: list[Callable[[str], bool]] = []

    def drive(how: Callable[[str], bool]) -> None:
        driven.append(how)
        STAND_IN.drive = how

    yield drive
    STAND_IN.drive = None
    for each in driven:
        if isinstance(each, Person):
            each.leave()


Drive = Callable[[Callable[[str], bool]], None]


def failing(action: Callable[[], object]) -> TargetError:
    with pytest.raises(TargetError) as failed:
        action()
    return failed.value


def test_a_person_signs_in_with_the_browser_once_for_every_resource(lab: Lab, browser: Drive) -> None:
    ada = lab.person()
    browser(ada)
    signing_in = lab.signs_in()

    assert signing_in.token(GRAPH)
    assert signing_in.token(PORTAL)
    assert signing_in.account == Identity("user", PUBLIC, ADA)
    ada.leave()
    assert len(ada.asked) == 1
    assert "You are signed in." in ada.pages[-1]
    assert "Vous êtes connecté." in ada.pages[-1]


def test_the_person_is_told_until_when_and_shown_no_code_and_no_address(lab: Lab, browser: Drive) -> None:
    browser(lab.person())

    lab.signs_in(InteractiveCredential(seconds=120)).token(GRAPH)

    (shown,) = lab.shown
    assert (shown.user_code, shown.verification_uri, shown.again) == ("", "", False)
    assert timedelta(seconds=60) < shown.expires_at - datetime.now(UTC) <= timedelta(seconds=120)


def test_the_question_is_bound_to_its_answer_and_its_verifier_stays_here(lab: Lab, browser: Drive) -> None:
    """State, nonce and PKCE with S256; the answer comes in a form, so that no address and no history holds the code."""
    ada = lab.person()
    browser(ada)
    lab.signs_in().token(GRAPH)
    ada.leave()

    (asked,) = [parse_qs(urlsplit(url).query) for url in ada.asked]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_mode"] == ["form_post"]
    assert asked["prompt"] == ["select_account"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert "code_verifier" not in asked
    assert urlsplit(asked["redirect_uri"][0]).hostname == "localhost"


def test_who_is_asked_again_is_named_to_the_page(lab: Lab, browser: Drive) -> None:
    ada = lab.person()
    browser(ada)
    signing_in = lab.signs_in()
    signing_in.token(GRAPH)
    lab.tenant.faults = {"sign_in_revoked"}

    assert signing_in.refresh(GRAPH)

    ada.leave()
    assert parse_qs(urlsplit(ada.asked[-1]).query)["login_hint"] == [ADA]
    assert f'value="{ADA}"' in ada.pages[3]
    assert [shown.again for shown in lab.shown] == [False, True]


def test_the_wrong_account_is_refused_and_the_right_one_is_not_forgotten(lab: Lab, browser: Drive) -> None:
    browser(lab.person())
    signing_in = lab.signs_in()
    signing_in.token(GRAPH)
    lab.tenant.faults = {"sign_in_revoked"}
    browser(lab.person(BOB))

    error = failing(lambda: signing_in.refresh(GRAPH))

    assert error.message.key == "sign-in-other-person"
    assert signing_in.account.name == ADA


@pytest.mark.parametrize(
    ("fault", "decision", "key", "kind"),
    [
        ("", "decline", "sign-in-consent", NotPermitted),
        ("consent_missing", "approve", "sign-in-consent", NotPermitted),
        ("conditional_access", "approve", "sign-in-conditional-access", NotPermitted),
    ],
)
def test_a_no_of_the_person_or_of_the_tenant_is_said_at_once(
    lab: Lab, browser: Drive, fault: str, decision: str, key: str, kind: type[TargetError]
) -> None:
    lab.tenant.faults = {fault}
    browser(lab.person(decision=decision))

    error = failing(lambda: lab.signs_in().token(GRAPH))

    assert error.message.key == key
    assert isinstance(error, kind)


def test_nobody_who_signs_in_ends_with_the_time(lab: Lab, browser: Drive) -> None:
    browser(lambda _url: True)

    error = failing(lambda: lab.signs_in(InteractiveCredential(seconds=1)).token(GRAPH))

    assert error.message.key == "sign-in-browser"
    assert isinstance(error, SignInFailed)


@pytest.mark.parametrize("screen", [True, False])
def test_without_a_browser_it_is_refused_at_once_and_device_code_is_named(
    lab: Lab, screen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A jump host without a browser, or a kernel on a server."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    if screen:
        monkeypatch.setenv("DISPLAY", ":0")
    begun = time.monotonic()

    error = failing(lambda: lab.signs_in().token(GRAPH))

    assert error.message.key == "sign-in-no-browser"
    assert all("device-code" in error.say(language) for language in ("en", "fr"))
    assert time.monotonic() - begun < 30
    assert has_browser() is screen


@pytest.mark.parametrize("credential", [InteractiveCredential(), DeviceCodeCredential()], ids=["browser", "code"])
def test_a_wait_for_a_person_can_be_stopped_from_another_thread(
    lab: Lab, browser: Drive, credential: Credential
) -> None:
    """The clock of the run ends the wait; afterwards nothing listens any more."""
    browser(lambda _url: True)
    signing_in, ended = lab.signs_in(credential), []

    def wait() -> None:
        try:
            signing_in.token(GRAPH)
        except KeyboardInterrupt as stopped:
            ended.append(stopped)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not lab.shown:
        assert waiting.is_alive()
    lab.clock.stopping.set()
    waiting.join(10)

    assert not waiting.is_alive()
    assert len(ended) == 1
    assert "sign-in-receiver" not in {thread.name for thread in threading.enumerate()}


def test_after_a_stop_the_same_sign_in_can_be_tried_again(lab: Lab, browser: Drive) -> None:
    signing_in = lab.signs_in()
    browser(lambda _url: not lab.clock.stopping.set())
    with pytest.raises(KeyboardInterrupt):
        signing_in.token(GRAPH)
    lab.clock.stopping.clear()
    browser(lab.person())

    assert signing_in.token(GRAPH)


def test_what_others_send_is_no_answer_and_the_wait_goes_on(lab: Lab, browser: Drive) -> None:
    """Every page and every user of the machine can reach a port of the loopback interface."""
    ada, refused = lab.person(), []

    def visit(url: str) -> bool:
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        with requests.Session() as session:
            session.trust_env = False
            forms = ({}, {"code": "theirs"}, {"code": "theirs", "state": "guessed"}, {"error": "x", "state": ""})
            refused.extend(session.post(back, data=form) for form in forms)
            refused.append(session.post(back, data=b"\xff\xfe"))
            refused.append(session.get(back, params={"code": "theirs", "state": "guessed"}))
        return ada(url)

    browser(visit)

    assert lab.signs_in().token(GRAPH)
    ada.leave()
    assert {answer.status_code for answer in refused} == {400}
    assert not any("theirs" in answer.text for answer in refused)


def test_an_answer_without_a_length_or_of_any_size_is_not_read() -> None:
    with receiving() as receiver:
        receiver.state = "state"
        for length in ("", "-1", "x", str(LARGEST_ANSWER + 1)):
            with closing(socket.create_connection(("127.0.0.1", receiver.server_port), timeout=10)) as raw:
                raw.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
                assert raw.recv(200).startswith(b"HTTP/1.0 400 ")
        assert receiver.answer is None


def test_the_receiver_listens_on_the_loopback_interface_only() -> None:
    """Also inside a container, where msal's own listens on every interface."""
    with receiving() as receiver:
        assert receiver.server_address[0] == "127.0.0.1"
        assert receiver.address == f"http://localhost:{receiver.server_port}"


def test_a_browser_that_hangs_up_leaves_nothing_in_any_log(capfd: pytest.CaptureFixture[str]) -> None:
    with receiving() as receiver:
        for _ in range(3):
            raw = socket.create_connection(("127.0.0.1", receiver.server_port), timeout=10)
            raw.sendall(b"POST / HTTP/1.1\r\nContent-Length: 4000\r\n\r\ncode=canary")
            raw.close()
    captured = capfd.readouterr()

    assert captured.out + captured.err == ""


@given(
    form=st.dictionaries(
        st.sampled_from(["code", "error", "state", "other"]), st.one_of(st.just("the state"), st.text(max_size=9))
    )
)
def test_only_the_answer_to_the_question_is_taken(form: dict[str, str]) -> None:
    with Receiver() as receiver:
        receiver.state = "the state"
        is_answer = form.get("state") == "the state" and ("code" in form or "error" in form)

        assert receiver.take(form) is is_answer
        assert receiver.answer == (form if is_answer else None)


class MsalsOwnWay:
    """What msal lets a caller put in place of its receiver, here with ours: `get_auth_response` as msal calls it."""

    def __init__(self, receiver: Receiver, browser: Person) -> None:
        self.receiver, self.browser = receiver, browser

    def get_auth_response(self, *, auth_uri: str, state: str, **_more: object) -> dict[str, str]:
        self.receiver.state = state
        self.browser.sign_in(auth_uri)
        assert self.receiver.answer is not None
        return dict(self.receiver.answer)


def test_the_one_call_that_msal_has_for_it_signs_in_at_the_lab_too(lab: Lab) -> None:
    """The lab is not made to measure for our way of asking."""
    application = msal.PublicClientApplication(
        PUBLIC, authority=f"{lab.address}/{TENANT}", instance_discovery=False, http_client=lab.session
    )
    with receiving() as receiver:
        result = application.acquire_token_interactive(
            [f"{GRAPH}/.default"],
            port=receiver.server_port,
            auth_code_receiver=MsalsOwnWay(receiver, lab.person()),
        )

    assert result["id_token_claims"]["preferred_username"] == ADA
