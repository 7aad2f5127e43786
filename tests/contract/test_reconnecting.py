"""Lost shells and lost connections: a reading is asked again within a bound, a change never, and no shell is left behind."""

import contextlib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import SecretStr

from runbook_lib.adapters.sync_server import Connection, SyncServer
from runbook_lib.adapters.sync_server.shell import IDLE_SECONDS, LIFETIME_SECONDS
from runbook_lib.adapters.sync_server.target import AGAIN
from runbook_lib.engine.snapshot import Snapshot
from runbook_lib.errors import CannotConnect, OutcomeUnknown, SignInFailed, TargetError, Throttled
from runbook_lib.lab.wsman import Account, Accounts, Binding, Limits, Listener, Process, Service, Verdict, WsmanFault
from runbook_lib.ports import Answer, Reading
from tests.contract.powershell import CHANGE, HOST, PASSWORD, Remote, Stopped, Trouble

GONE = WsmanFault(2150858843, "w:InvalidSelectors", "gone")
OPERATIONS = WsmanFault(2150859174, "w:QuotaLimit", "too many operations")
UNLOADED = WsmanFault(2147943418, "w:InternalError", "the profile was unloaded", by_sender=False)
ABORTED = WsmanFault(995, "w:InternalError", "aborted", by_sender=False)
WAYS = [{}, {"transport": "ntlm", "plain": True, "ca_file": None}]
HOUR = 3600
# A reading that takes any body as it is: what is asked here is how it came.
HOST_BODY = {"computer_name": "SYNC01"}
HOST_READING = Reading("host", "sync-server", lambda answer: answer.body)


class Hours:
    """Seconds that pass only when told: for the service and for the adapter alike."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def connection(listener: Listener) -> Connection:
    return Connection(listener.url, "ntlm", "LAB\\svc", SecretStr(PASSWORD))


@pytest.mark.parametrize("values", WAYS, ids=["https", "sealed"])
@pytest.mark.parametrize(
    ("when", "action", "what"),
    [
        ("before", "Command", Verdict.DROP),
        ("after", "Command", Verdict.DROP),
        ("after", "Send", Verdict.DROP),
        ("before", "Receive", Verdict.DROP),
        ("after", "Receive", Verdict.DROP),
        ("after", "Receive", Verdict.CUT),
        ("before", "Create", Verdict.DROP),
    ],
)
def test_a_reading_whose_connection_broke_off_is_asked_again_in_the_same_shell(place, values, when, action, what):
    """A shell outlives its connection; the answer says why it was asked for twice."""
    server = place.server(**values)
    place.trouble.meet(when, action, what)

    (answer,) = server.read(HOST)
    server.close()

    assert isinstance(answer, Answer)
    assert [reason.key for reason in answer.asked_again] == ["winrm-unreachable"]
    assert place.actions.count("Create") == (2 if action == "Create" else 1)
    assert place.service.open_shells == 0


class Lines:
    """A journal in memory."""

    def __init__(self) -> None:
        self.held: list[dict[str, object]] = []

    def record(self, event: str, **data: object) -> None:
        self.held.append({"event": event, **data})


def test_the_journal_says_why_a_reading_was_asked_again(place, server):
    """In the line of the reading itself; a reading that went well at once has no such word."""
    place.trouble.meet("before", "Command", GONE)
    place.remote.answer = lambda item: {"name": item["name"], "ok": True, "value": HOST_BODY}
    lines = Lines()

    for _ in range(2):
        Snapshot({"sync-server": server}, [HOST_READING], lines).see(HOST_READING)

    lost, well = lines.held
    assert [reason["key"] for reason in lost["asked_again"]] == ["winrm-shell-gone"]
    assert lost["ok"]
    assert "asked_again" not in well


def test_an_answer_that_came_at_once_says_nothing_of_asking_again(place, server):
    assert server.read(HOST)[0].asked_again == ()


@pytest.mark.parametrize("fault", [GONE, OPERATIONS, UNLOADED], ids=lambda fault: str(fault.code))
@pytest.mark.parametrize("action", ["Command", "Send", "Receive"])
def test_a_reading_in_a_lost_shell_says_why_it_was_asked_again(place, server, action, fault):
    place.trouble.meet("before", action, fault)

    (answer,) = server.read(HOST)

    assert len(answer.asked_again) == 1
    assert str(fault.code) in str(answer.asked_again[0].arguments["number"])


@pytest.mark.parametrize("what", [Verdict.DROP, Verdict.CUT, GONE, OPERATIONS])
def test_asking_again_has_a_bound(place, server, what):
    """Then the last refusal is reported, and nothing is left open."""
    when = "after" if what is Verdict.CUT else "before"
    place.trouble.meet(when, "Receive", what, times=0)

    (error,) = server.read(HOST)
    server.close()

    assert isinstance(error, TargetError)
    assert place.actions.count("Command") == AGAIN + 1
    assert place.service.open_shells == 0


def test_where_nobody_listens_nothing_is_asked_twice():
    """The operator is told at once."""
    slept: list[float] = []

    class Sleeper(Stopped):
        def sleep(self, seconds: float) -> None:
            slept.append(seconds)

    gone = SyncServer(Connection("https://localhost:9/wsman", "basic", "svc", SecretStr(PASSWORD)), clock=Sleeper())

    assert isinstance(gone.read(HOST)[0], CannotConnect)
    assert slept == []


def test_a_service_that_restarts_is_waited_for_a_moment():
    """The connection breaks off, nobody listens for a moment, and the new service knows the shell no more."""
    remote, trouble = Remote(), Trouble()
    accounts = Accounts([Account("svc", PASSWORD)])
    before, after = Service(Remote(), disturbance=trouble), Service(remote)
    first = Listener(before, accounts)
    port = int(first.url.rsplit(":", 1)[1].partition("/")[0])
    second: list[Listener] = []

    class Restarts(Stopped):
        def sleep(self, seconds: float) -> None:
            second.append(Listener(after, accounts, port=port))
            second[0].start()

    first.start()
    server = SyncServer(connection(first), clock=Restarts())
    server.read(HOST)

    def stops(process: Process) -> Verdict:
        first.stop_accepting()
        return Verdict.DROP

    trouble.meet("before", "Receive", stops)
    (error,) = server.read(HOST)
    (answer,) = server.read(HOST)
    server.close()
    first.stop()
    second[0].stop()

    # Broken off, then nobody, then a shell that is not there: one more than is allowed, and the next reading is well.
    assert isinstance(error, CannotConnect)
    assert isinstance(answer, Answer)
    assert (before.open_shells, after.open_shells) == (1, 0)
    before.close()


@pytest.mark.parametrize(
    ("when", "action", "what"),
    [
        ("after", "Command", Verdict.DROP),
        ("after", "Receive", Verdict.CUT),
        ("before", "Receive", GONE),
        ("before", "Send", GONE),
        ("after", "Command", ABORTED),
    ],
)
def test_a_change_is_never_sent_again(place, server, when, action, what):
    """Where it may have begun, what became of it is not known; the server is asked no second time."""
    place.trouble.meet(when, action, what)

    with pytest.raises(OutcomeUnknown):
        server.perform(CHANGE)

    server.close()
    assert place.actions.count("Command") == 1
    assert place.service.open_shells == 0


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def computer(hours) -> Iterator[tuple[Service, Listener]]:
    """A computer of fresh Windows, but for a shell's longest life of eight hours."""
    service = Service(Remote(), limits=Limits(max_shell_run_time=8 * HOUR), clock=hours)
    with Listener(service, Accounts([Account("svc", PASSWORD)])) as listener:
        yield service, listener
    service.close()


@pytest.mark.parametrize("adapter_notices", [True, False])
def test_a_run_that_pauses_for_three_hours_goes_on(computer, hours, adapter_notices):
    """Whether this computer was awake, so that its clock went on, or asleep, so that only the server's did."""
    service, listener = computer
    stopped = Hours()
    server = SyncServer(connection(listener), clock=Stopped(), monotonic=hours if adapter_notices else stopped)
    server.read(HOST)

    hours.now += 3 * HOUR
    (answer,) = server.read(HOST)
    changed = server.perform(CHANGE)
    server.close()

    assert isinstance(answer, Answer)
    assert changed.body == CHANGE.arguments
    assert bool(answer.asked_again) is not adapter_notices
    assert service.open_shells == 0


@pytest.mark.parametrize("pause", [IDLE_SECONDS + 1, LIFETIME_SECONDS + 1])
def test_a_change_after_a_pause_meets_a_new_shell(computer, hours, pause):
    """So that the end of a shell does not stand between an approval and its change."""
    service, listener = computer
    server = SyncServer(connection(listener), clock=Stopped(), monotonic=hours)
    server.read(HOST)

    hours.now += pause
    server.perform(CHANGE)
    server.close()

    assert [each.action for each in service.exchanges].count("Create") == 2
    assert service.open_shells == 0


def test_a_busy_shell_is_replaced_before_its_longest_life_ends(computer, hours):
    """Nine hours of work, a reading every two minutes: the server never ends a shell under us."""
    service, listener = computer
    server = SyncServer(connection(listener), clock=Stopped(), monotonic=hours)
    answers = []
    for _ in range(28):
        hours.now += 20 * 60
        for _ in range(2):
            hours.now += 1
            answers += server.read(HOST)
    server.close()

    assert all(answer.asked_again == () for answer in answers)
    assert service.open_shells == 0


@pytest.mark.parametrize("limits", [Limits(shells_per_user=1)], ids=["one shell"])
def test_a_full_quota_is_said_with_what_to_do_and_adds_no_shell(place):
    holder, late = place.server(), place.server()
    holder.read(HOST)

    (error,) = late.read(HOST)
    with pytest.raises(Throttled):
        late.perform(CHANGE)
    late.close()

    assert isinstance(error, Throttled)
    assert "MaxShellsPerUser" in error.say("fr")
    assert place.service.open_shells == 1
    holder.close()
    assert place.service.open_shells == 0


@pytest.mark.parametrize("action", ["Create", "Command", "Send", "Receive", "Signal"])
@pytest.mark.parametrize("what", [Verdict.DROP, Verdict.REFUSE, GONE, OPERATIONS, ABORTED, Verdict.EXPIRE], ids=str)
def test_no_trouble_leaves_a_shell_behind(place, server, action, what):
    """Readings and a change, whatever happens on the way: at the end the server holds nothing for us."""
    place.trouble.meet("before", action, what)
    server.read(HOST)
    place.trouble.meet("before", action, what)
    with contextlib.suppress(TargetError):
        server.perform(CHANGE)
    server.close()

    assert place.service.open_shells == 0


def issued(authority: trustme.CA, *names: str, **values: object) -> trustme.LeafCert:
    return authority.issue_cert(*names, key_type=trustme.KeyType.RSA, **values)


def der(leaf: trustme.LeafCert) -> bytes:
    return x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()).public_bytes(Encoding.DER)


YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.mark.parametrize(
    ("names", "values", "key"),
    [
        (("localhost",), {"not_after": YESTERDAY}, "winrm-certificate-dates"),
        (("sync1.lab.example",), {}, "winrm-certificate-other-host"),
        (("localhost",), {}, None),
    ],
)
def test_a_server_s_certificate_that_does_not_fit_is_explained(tmp_path, names, values, key):
    """Nothing is sent, not even an account's name."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    leaf = issued(authority, *names, **values)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(tls)
    service = Service(Remote())
    with Listener(service, Accounts([Account("svc", PASSWORD)]), tls=tls, certificate=der(leaf)) as listener:
        trust = tmp_path / "ca.pem"
        server = SyncServer(
            Connection(listener.url, "basic", "svc", SecretStr(PASSWORD), ca_file=trust), clock=Stopped()
        )
        (outcome,) = server.read(HOST)
        server.close()

    assert (None if isinstance(outcome, Answer) else outcome.message.key) == key
    assert (service.exchanges == ()) is (key is not None)


@pytest.mark.parametrize("trouble", ["not mapped", "expired", "of another authority"])
def test_a_client_certificate_that_is_refused_is_explained(tmp_path, trouble):
    """The handshake or the service ends it; a change is certainly not sent."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server_leaf = issued(authority, "localhost")
    issuer = trustme.CA() if trouble == "of another authority" else authority
    client = issued(issuer, "svc@lab.example", **({"not_after": YESTERDAY} if trouble == "expired" else {}))
    client.cert_chain_pems[0].write_to_path(str(tmp_path / "c.pem"))
    client.private_key_pem.write_to_path(str(tmp_path / "c.key"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_leaf.configure_cert(tls)
    authority.configure_trust(tls)
    tls.verify_mode = ssl.CERT_OPTIONAL
    mapped = b"" if trouble == "not mapped" else der(client)
    service = Service(Remote())
    files = {name: tmp_path / file for name, file in (("certificate_file", "c.pem"), ("key_file", "c.key"))}
    accounts = Accounts([Account("svc", PASSWORD, certificate=mapped)])
    with Listener(service, accounts, tls=tls, certificate=der(server_leaf)) as listener:
        asked = Connection(listener.url, "certificate", ca_file=tmp_path / "ca.pem", **files)
        server = SyncServer(asked, clock=Stopped())
        (error,) = server.read(HOST)
        with pytest.raises(SignInFailed):
            server.perform(CHANGE)
        server.close()

    assert (type(error), error.message.key) == (SignInFailed, "winrm-certificate-refused")
    assert "ClientCertificate" in error.say("fr")
    assert service.exchanges == ()


@pytest.mark.parametrize("binding", list(Binding), ids=lambda binding: binding.value)
@pytest.mark.parametrize("is_relayed", [False, True], ids=["direct", "relayed"])
def test_ntlm_over_https_tells_which_certificate_it_saw(tmp_path, binding, is_relayed):
    """Where somebody in between shows another one, only a server that does not look lets us in; the message says what to check."""
    authority = trustme.CA(key_type=trustme.KeyType.RSA)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    shown, believed = issued(authority, "localhost"), issued(authority, "localhost")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.configure_cert(tls)
    certificate = der(believed if is_relayed else shown)
    accounts = Accounts([Account("svc", PASSWORD)])
    with Listener(Service(Remote()), accounts, tls=tls, certificate=certificate, binding=binding) as listener:
        secret = SecretStr(PASSWORD)
        server = SyncServer(
            Connection(listener.url, "ntlm", "LAB\\svc", secret, ca_file=tmp_path / "ca.pem"), clock=Stopped()
        )
        (outcome,) = server.read(HOST)
        server.close()

    if is_relayed and binding is not Binding.NONE:
        assert outcome.message.key == "winrm-sign-in-refused"
        assert "certificate" in outcome.say("en")
    else:
        assert isinstance(outcome, Answer)
