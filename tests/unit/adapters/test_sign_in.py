"""Signing in: each credential over the real protocol, what refusals become, and that nothing secret shows."""

import json
import logging
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import jwt
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse, Response

from runbook_lib.adapters import refusals
from runbook_lib.adapters.asking import DeviceCode
from runbook_lib.adapters.credentials import (
    CertificateCredential,
    DeviceCodeCredential,
    ManagedIdentityCredential,
    SecretCredential,
)
from runbook_lib.adapters.sign_in import Identity, SignIn
from runbook_lib.errors import (
    CannotConnect,
    NotPermitted,
    ParameterError,
    RunbookError,
    SignInFailed,
    TargetError,
    Throttled,
    UnexpectedReply,
)
from runbook_lib.texts import MESSAGES
from tests.unit.adapters.cloud_stand_in import CLIENT_ID, DEVICE_CODE, SECRET, TENANT_ID, USER_CODE, StandIn

GRAPH = "https://graph.example"
CANARIES = (SECRET, DEVICE_CODE, USER_CODE, "canary-access-token", "canary-refresh-token", "canary-passphrase")


def refused(code: int, error: str = "invalid_client", *, listed: bool = True) -> dict[str, object]:
    """Entra's error body, as its documentation shows it; the description repeats what no message may repeat."""
    text = f"AADSTS{code}: {SECRET} {DEVICE_CODE} {USER_CODE}\r\nTrace ID: t\r\nCorrelation ID: c-1\r\nTimestamp: now"
    body: dict[str, object] = {"error": error, "error_description": text, "correlation_id": "c-1"}
    return body | {"error_codes": [code]} if listed else body


def failing(call: Callable[[], object]) -> RunbookError:
    with pytest.raises(RunbookError) as caught:
        call()
    assert not any(canary in shown for canary in CANARIES for shown in everything_shown(caught.value))
    return caught.value


def everything_shown(error: RunbookError) -> list[str]:
    told = [error.say("en"), error.say("fr"), repr(error), str(error.message)]
    return [*told, "".join(traceback.format_exception(error))]


@pytest.fixture
def quiet_log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def key_pair(tmp_path: Path) -> tuple[Path, Path]:
    """PEM files of a key and its certificate."""
    issued = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("app.example", key_type=trustme.KeyType.RSA)
    issued.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    issued.cert_chain_pems[0].write_to_path(str(tmp_path / "certificate.pem"))
    return tmp_path / "key.pem", tmp_path / "certificate.pem"


def test_a_client_secret_gives_a_token_and_memory_gives_it_again(stand_in: StandIn, application: SignIn) -> None:
    assert application.token(GRAPH) == application.token(f"{GRAPH}/.default") == "canary-access-token-1"

    (form,) = stand_in.forms
    assert (form["client_id"], form["client_secret"], form["scope"]) == (CLIENT_ID, SECRET, f"{GRAPH}/.default")
    assert application.account == Identity("application", CLIENT_ID)


def test_refreshing_gives_another_token(application: SignIn) -> None:
    assert application.token(GRAPH) != application.refresh(GRAPH) == application.token(GRAPH)


def test_a_claims_challenge_is_passed_on(stand_in: StandIn, application: SignIn) -> None:
    application.token(GRAPH)
    application.refresh(GRAPH, '{"access_token": {"nbf": {"essential": true}}}')

    assert '"nbf"' in stand_in.forms[-1]["claims"]


def test_the_lab_is_reached_where_a_company_set_its_own_bundle(application: SignIn) -> None:
    """With its own session msal fails here with CERTIFICATE_VERIFY_FAILED."""
    os.environ["REQUESTS_CA_BUNDLE"] = certifi.where()

    assert application.token(GRAPH)


def test_a_certificate_signs_a_client_assertion(
    stand_in: StandIn, signing_in: Callable[..., SignIn], key_pair: tuple[Path, Path]
) -> None:
    signing_in(credential=CertificateCredential(*key_pair)).token(GRAPH)

    public = load_pem_private_key(key_pair[0].read_bytes(), None).public_key()
    audience = f"{stand_in.root}/{TENANT_ID}/oauth2/v2.0/token"
    claims = jwt.decode(stand_in.forms[-1]["client_assertion"], public, algorithms=["PS256"], audience=audience)
    assert claims["iss"] == claims["sub"] == CLIENT_ID


def test_an_encrypted_key_needs_its_passphrase(signing_in: Callable[..., SignIn], key_pair: tuple[Path, Path]) -> None:
    key_file, certificate_file = key_pair
    key = load_pem_private_key(key_file.read_bytes(), None)
    locked = BestAvailableEncryption(b"canary-passphrase")
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))

    def with_passphrase(passphrase: str) -> SignIn:
        return signing_in(credential=CertificateCredential(key_file, certificate_file, passphrase))

    assert with_passphrase("canary-passphrase").token(GRAPH)
    assert failing(lambda: with_passphrase("")).message.key == "credential-key-unusable"
    assert failing(lambda: with_passphrase("another")).message.key == "credential-key-unusable"


def test_key_and_certificate_must_belong_together(
    signing_in: Callable[..., SignIn], key_pair: tuple[Path, Path], tmp_path: Path
) -> None:
    """Entra would only say that the signature is invalid."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))

    error = failing(lambda: signing_in(credential=CertificateCredential(key_pair[0], other)))

    assert error.message.key == "credential-pair-wrong"


@pytest.mark.parametrize(
    ("content", "key"),
    [(None, "credential-file-unreadable"), (b"\xff\xfe", "credential-file-not-pem"), (b"x", "credential-key-unusable")],
)
def test_a_key_file_that_cannot_be_used_is_named(
    signing_in: Callable[..., SignIn], tmp_path: Path, content: bytes | None, key: str
) -> None:
    file = tmp_path / "broken.pem"
    if content is not None:
        file.write_bytes(content)

    error = failing(lambda: signing_in(credential=CertificateCredential(file, file)))

    assert isinstance(error, ParameterError)
    assert error.message.key == key
    assert str(file) in str(error)


def test_a_certificate_file_without_a_certificate_is_named(
    signing_in: Callable[..., SignIn], key_pair: tuple[Path, Path]
) -> None:
    error = failing(lambda: signing_in(credential=CertificateCredential(key_pair[0], key_pair[0])))

    assert error.message.key == "credential-certificate-unusable"


def test_a_device_code_is_shown_and_one_sign_in_serves_every_resource(
    stand_in: StandIn, signing_in: Callable[..., SignIn]
) -> None:
    shown: list[DeviceCode] = []
    person = signing_in(credential=DeviceCodeCredential(), show=shown.append)

    assert person.account == Identity("user", CLIENT_ID)
    assert person.token(GRAPH) == person.token(GRAPH)
    assert person.token("another-resource") != person.token(GRAPH)

    (code,) = shown
    assert (code.user_code, code.verification_uri) == (USER_CODE, f"{stand_in.root}/devicelogin")
    assert timedelta(minutes=14) < code.expires_at - datetime.now(UTC) <= timedelta(minutes=15)
    assert [form["grant_type"].rpartition(":")[2] for form in stand_in.forms] == ["device_code", "refresh_token"]
    assert person.account == Identity("user", CLIENT_ID, "ada@contoso.example")


def test_refreshing_does_not_ask_a_person_again(stand_in: StandIn, signing_in: Callable[..., SignIn]) -> None:
    shown: list[DeviceCode] = []
    person = signing_in(credential=DeviceCodeCredential(), show=shown.append)

    assert person.token(GRAPH) != person.refresh(GRAPH) == person.token(GRAPH)
    assert len(shown) == 1


def test_a_person_is_asked_again_when_the_earlier_sign_in_no_longer_counts(
    stand_in: StandIn, signing_in: Callable[..., SignIn]
) -> None:
    shown: list[DeviceCode] = []
    person = signing_in(credential=DeviceCodeCredential(), show=shown.append)
    person.token(GRAPH)
    stand_in.refusals.append((400, refused(50173, "invalid_grant")))

    assert person.refresh(GRAPH, '{"access_token": {}}') == "canary-access-token-2"
    assert len(shown) == 2
    assert "access_token" in stand_in.forms[-1]["claims"]


def test_a_person_is_not_asked_again_for_what_signing_in_cannot_mend(
    stand_in: StandIn, signing_in: Callable[..., SignIn]
) -> None:
    shown: list[DeviceCode] = []
    person = signing_in(credential=DeviceCodeCredential(), show=shown.append)
    person.token(GRAPH)
    stand_in.refusals.append((400, refused(650057, "invalid_resource")))

    error = failing(lambda: person.token("another-resource"))

    assert error.message.key == "sign-in-resource-refused"
    assert len(shown) == 1


def test_a_device_code_is_polled_until_it_is_used(stand_in: StandIn, person: SignIn) -> None:
    stand_in.refusals.append((400, refused(70016, "authorization_pending")))

    assert person.token(GRAPH) == "canary-access-token-1"
    assert len(stand_in.forms) == 2


def test_a_device_code_that_nobody_uses_ends_with_its_time(stand_in: StandIn, person: SignIn) -> None:
    stand_in.device_lifetime = 0
    stand_in.refusals += [(400, refused(70016, "authorization_pending"))] * 2

    error = failing(lambda: person.token(GRAPH))

    assert isinstance(error, SignInFailed)
    assert error.message.key == "sign-in-device-code-unused"


def test_an_interrupt_ends_the_wait_for_a_person_at_once(stand_in: StandIn, signing_in: Callable[..., SignIn]) -> None:
    """Ctrl+C, or the square in JupyterLab. The code is void without us: only we hold the device code that goes with it."""
    stand_in.refusals += [(400, refused(70016, "authorization_pending"))] * 20
    waiting = signing_in(credential=DeviceCodeCredential(), show=lambda _code: threading.Timer(0.2, interrupt).start())

    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        waiting.token(GRAPH)

    assert time.monotonic() - begun < 5


def test_nobody_waits_longer_for_a_person_than_a_code_of_entra_lives(
    stand_in: StandIn, signing_in: Callable[..., SignIn]
) -> None:
    stand_in.device_lifetime = 10**6
    shown: list[DeviceCode] = []

    signing_in(credential=DeviceCodeCredential(), show=shown.append).token(GRAPH)

    assert shown[0].expires_at - datetime.now(UTC) <= timedelta(minutes=15)


def test_a_change_asks_nobody_to_sign_in_again(stand_in: StandIn, signing_in: Callable[..., SignIn]) -> None:
    shown: list[DeviceCode] = []
    person = signing_in(credential=DeviceCodeCredential(), show=shown.append)

    person.token(GRAPH, ask=False)
    stand_in.refusals.append((400, refused(50173, "invalid_grant")))
    error = failing(lambda: person.refresh(GRAPH, ask=False))

    assert error.message.key == "sign-in-before-change"
    assert isinstance(error, SignInFailed)
    assert error.request_id == "c-1"
    assert len(shown) == 1


def test_who_signs_in_again_is_who_signed_in_before(stand_in: StandIn, signing_in: Callable[..., SignIn]) -> None:
    shown: list[DeviceCode] = []
    person = signing_in(credential=DeviceCodeCredential(), show=shown.append)
    person.token(GRAPH)
    stand_in.refusals.append((400, refused(50173, "invalid_grant")))
    stand_in.person_name = "bob@contoso.example"

    error = failing(lambda: person.refresh(GRAPH))
    stand_in.person_name = "Ada@contoso.example"

    assert error.message.key == "sign-in-other-person"
    assert "bob@contoso.example" in error.say("fr")
    assert person.refresh(GRAPH)
    assert [code.again for code in shown] == [False, True, True]


def test_msal_says_that_it_can_answer_claims_challenges(stand_in: StandIn, application: SignIn, person: SignIn) -> None:
    """Without it, Graph asks for nothing and a revoked session stays good until its token ends."""
    application.token(GRAPH)
    person.token(GRAPH)

    assert all(json.loads(form["claims"])["access_token"]["xms_cc"]["values"] == ["CP1"] for form in stand_in.forms)


def test_a_person_who_declines_is_taken_at_their_word(stand_in: StandIn, person: SignIn) -> None:
    stand_in.refusals.append((400, {"error": "authorization_declined", "correlation_id": "c-2"}))

    error = failing(lambda: person.token(GRAPH))

    assert error.message.key == "sign-in-declined"
    assert "c-2" in str(error)


@pytest.mark.parametrize("client_id", ["", "8f2f0a6e-0000-4000-8000-000000000001"])
def test_a_managed_identity_asks_its_machine(
    stand_in: StandIn, signing_in: Callable[..., SignIn], client_id: str
) -> None:
    os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = stand_in.root
    granted = {"access_token": "canary-access-token-m", "expires_in": "3600", "token_type": "Bearer"}
    stand_in.script(JSONResponse(granted))
    machine = signing_in(credential=ManagedIdentityCredential(client_id))

    assert machine.token(GRAPH) == machine.token(GRAPH) == "canary-access-token-m"
    assert machine.refresh(GRAPH) == "canary-access-token-m"

    assert len(stand_in.seen) == 2
    assert stand_in.seen[0].query["resource"] == GRAPH
    assert stand_in.seen[0].query.get("client_id", "") == client_id
    assert machine.account.kind == "application"


def test_a_machine_without_an_identity_is_refused(stand_in: StandIn, signing_in: Callable[..., SignIn]) -> None:
    os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = stand_in.root
    stand_in.script(JSONResponse({"error": "invalid_request", "error_description": "Identity not found"}, 400))

    error = failing(lambda: signing_in(credential=ManagedIdentityCredential()).token(GRAPH))

    assert isinstance(error, SignInFailed)
    assert error.message.arguments["code"] == "invalid_request"


@pytest.mark.parametrize(
    ("code", "kind", "key"),
    [
        (7000215, SignInFailed, "sign-in-secret-wrong"),
        (7000222, SignInFailed, "sign-in-secret-expired"),
        (700027, SignInFailed, "sign-in-certificate-refused"),
        (700016, SignInFailed, "sign-in-application-unknown"),
        (90002, SignInFailed, "sign-in-tenant-unknown"),
        (50034, SignInFailed, "sign-in-account-unknown"),
        (50076, SignInFailed, "sign-in-mfa"),
        (50079, SignInFailed, "sign-in-mfa"),
        (53003, NotPermitted, "sign-in-conditional-access"),
        (65001, NotPermitted, "sign-in-consent"),
        (650057, NotPermitted, "sign-in-resource-refused"),
        (50173, SignInFailed, "sign-in-again"),
        (50055, SignInFailed, "sign-in-password-expired"),
        (50126, SignInFailed, "sign-in-password-wrong"),
        (500021, NotPermitted, "sign-in-tenant-restricted"),
        (530035, NotPermitted, "sign-in-conditional-access"),
        (70011, NotPermitted, "sign-in-resource-refused"),
        (80001, SignInFailed, "sign-in-agent"),
        (90033, Throttled, "sign-in-unavailable"),
        (99999999, SignInFailed, "sign-in-refused"),
    ],
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_refusal_keeps_code_and_correlation_and_gives_advice(
    stand_in: StandIn, application: SignIn, code: int, kind: type[TargetError], key: str, listed: bool
) -> None:
    stand_in.refusals.append((401, refused(code, listed=listed)))

    error = failing(lambda: application.token(GRAPH))

    assert isinstance(error, kind)
    assert error.message.key == key
    assert f"AADSTS{code}" in error.say("fr")
    assert "c-1" in error.say("en")


@pytest.mark.parametrize("where", ["timestamp", "error_description"])
def test_a_code_that_we_do_not_know_is_shown_with_what_support_asks_for(where: str) -> None:
    body = {"error_codes": [999999], "correlation_id": "c-1"} | {where: "x 2026-11-22 19:00:05Z"}

    error = refusals.refusal(body)

    assert all(part in error.say("fr") for part in ("AADSTS999999", "c-1", "2026-11-22 19:00:05Z"))


@given(
    code=st.integers(min_value=1, max_value=10**9),
    error=st.text(max_size=30),
    description=st.one_of(st.none(), st.integers(), st.text()),
    correlation=st.one_of(st.none(), st.integers(), st.text(max_size=30)),
)
def test_whatever_entra_answers_becomes_a_typed_error_in_both_languages(
    code: int, error: str, description: object, correlation: object
) -> None:
    body = {"error": error, "error_codes": [code], "error_description": description, "correlation_id": correlation}

    refusal = refusals.refusal(body)

    assert isinstance(refusal, SignInFailed | NotPermitted | Throttled)  # as far as the code is one that we know
    assert f"AADSTS{code}" in refusal.say("en")
    assert f"AADSTS{code}" in refusal.say("fr")


@pytest.mark.parametrize("key", sorted(key for key in MESSAGES if key.startswith("sign-in-")))
def test_every_refusal_comes_with_advice(key: str) -> None:
    fix = MESSAGES[key].fix

    assert fix is not None
    assert fix.en != fix.fr


def test_an_unknown_tenant_is_said_to_be_unknown(stand_in: StandIn, application: SignIn) -> None:
    """While msal looks the tenant up, it raises this refusal as text."""
    stand_in.discovery = JSONResponse(refused(90002, "invalid_tenant"), 400)

    error = failing(lambda: application.token(GRAPH))

    assert error.message.key == "sign-in-tenant-unknown"
    assert error.message.arguments["code"] == "AADSTS90002"


@pytest.mark.parametrize("strange", [[], "text", None, {"access_token": 7}, {"access_token": ""}])
@pytest.mark.parametrize("who", ["application", "person"])
def test_a_strange_answer_to_a_token_request_is_a_typed_error(
    stand_in: StandIn, request: pytest.FixtureRequest, who: str, strange: object
) -> None:
    sign_in = request.getfixturevalue(who)
    stand_in.refusals.append((200, strange))

    assert isinstance(failing(lambda: sign_in.token(GRAPH)), UnexpectedReply | SignInFailed)


@pytest.mark.parametrize("discovery", [JSONResponse({}), Response("<html>", media_type="text/html")])
def test_a_sign_in_host_that_is_none_is_unexpected(stand_in: StandIn, application: SignIn, discovery: Response) -> None:
    stand_in.discovery = discovery

    assert isinstance(failing(lambda: application.token(GRAPH)), UnexpectedReply)


@pytest.mark.parametrize(("status", "kind"), [(429, SignInFailed), (503, Throttled), (500, UnexpectedReply)])
def test_a_busy_or_broken_entra_is_no_refusal_of_the_identity(
    stand_in: StandIn, application: SignIn, status: int, kind: type[TargetError]
) -> None:
    stand_in.refusals.append((status, {"error": "temporarily_unavailable"}))

    assert isinstance(failing(lambda: application.token(GRAPH)), kind)


def test_an_unreachable_entra_is_a_connection_that_cannot_be_made(signing_in: Callable[..., SignIn]) -> None:
    error = failing(lambda: signing_in(authority_host="https://localhost:1").token(GRAPH))

    assert isinstance(error, CannotConnect)
    assert error.target == "sign-in"


@pytest.mark.parametrize("tenant", ["contoso.onmicrosoft.com", "common", f"{TENANT_ID}/x", ""])
def test_a_tenant_is_named_by_its_guid(signing_in: Callable[..., SignIn], tenant: str) -> None:
    assert failing(lambda: signing_in(tenant_id=tenant)).message.key == "sign-in-tenant-not-a-guid"


@pytest.mark.parametrize("host", ["http://localhost", "localhost", "https://a@localhost", "https://localhost/x", ""])
def test_a_sign_in_host_is_a_plain_https_origin(signing_in: Callable[..., SignIn], host: str) -> None:
    assert failing(lambda: signing_in(authority_host=host)).message.key == "sign-in-host-not-https"


@pytest.mark.parametrize(
    "secretive",
    [
        SecretCredential(SECRET),
        CertificateCredential(Path("k"), Path("c"), "canary-passphrase"),
        DeviceCode(USER_CODE, "https://example", datetime.now(UTC), f"Enter {USER_CODE}"),
    ],
)
def test_no_repr_shows_a_secret(secretive: object) -> None:
    assert not any(canary in repr(secretive) for canary in CANARIES)


def test_the_repr_of_a_sign_in_names_tenant_and_way(application: SignIn) -> None:
    application.token(GRAPH)

    assert TENANT_ID in repr(application)
    assert not any(canary in repr(application) for canary in CANARIES)


def test_nothing_secret_is_logged_at_any_level(
    stand_in: StandIn, application: SignIn, person: SignIn, quiet_log: pytest.LogCaptureFixture
) -> None:
    """At DEBUG, msal and urllib3 write much, among it the device code that was redeemed."""
    application.token(GRAPH)
    person.token(GRAPH)
    person.refresh(GRAPH)
    stand_in.refusals.append((401, refused(7000215)))
    failing(lambda: application.refresh(GRAPH))

    assert "urllib3" in {record.name.partition(".")[0] for record in quiet_log.records}
    assert not any(canary in quiet_log.text for canary in CANARIES)
