"""F8: what errors the log knows, and whether the way from the sync server to the relays is open, and not opened on the way."""

from __future__ import annotations

from collections.abc import Callable

from runbook_lib.errors import TargetError
from runbook_lib.facts.surroundings import EXAMPLES, HOSTS, Relay, egress_to, relay_addresses
from runbook_lib.facts.sync_server import PASSWORD_WRITEBACK, WRITEBACK_EVENTS, Events
from runbook_lib.model import Assessment, Finding, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks import portal_steps
from runbook_lib.runbooks.error_events import recent_errors
from runbook_lib.runbooks.findings import note, observed, unknown, warning
from runbook_lib.runbooks.writeback_steps import HEARTBEAT, LISTENER_ERROR, runs

NOT_TRUSTED = "TrustFailure"
ABOUT_CERTIFICATES = ("relays-not-trusted", "relays-inspected")
THROUGH_PROXY = "relays-through-proxy"


def assess_network(view: View, wanted: Wanted) -> Assessment:
    """F8: what errors the log knows, and the relays that recent events name. Without a name nothing is tried, which is no pass."""
    events = view.see(WRITEBACK_EVENTS)
    named = (event.message for event in events.of(HEARTBEAT, LISTENER_ERROR))
    addresses = relay_addresses(named, wanted.cloud)
    errors = recent_errors(events, told=_told_of_the_page(view, events))
    if not addresses:
        untried = warning("relays-not-known", hosts=HOSTS[wanted.cloud], example=EXAMPLES[wanted.cloud])
        return Assessment((unknown("relays", WRITEBACK_EVENTS.name),), (*errors, untried))
    reading = egress_to(addresses)
    answered = {relay.host: relay for relay in view.see(reading).relays}
    # A relay that the answer leaves out was not reached, whatever the reason.
    relays = [answered.get(host) or _unseen(host) for host in addresses]
    facts = observed(
        reading,
        relays={relay.host: relay.connected for relay in relays},
        relay_answers={relay.host: _said(relay) for relay in relays},
        relay_certificates={relay.host: relay.issuer for relay in relays if relay.issuer},
    )
    return Assessment(facts, (*errors, *_findings(relays)))


def _unseen(host: str) -> Relay:
    return Relay(host=host, connected=False, answer=None, status=None, problem=None, issuer=None)


def _told_of_the_page(view: View, events: Events) -> set[int]:
    """Return the event that F7 has told of, where it could look at the page's health at all."""
    try:
        told = portal_steps.newest_failure(events) if runs(view.see(PASSWORD_WRITEBACK)) else None
    except TargetError:
        return set()
    return {told.id} if told else set()


def _said(relay: Relay) -> str | None:
    """Return what came back, in short: the HTTP status and what it stands for, or why nothing came."""
    return relay.problem if relay.status is None else f"{relay.status} {relay.answer}"


def _findings(relays: list[Relay]) -> tuple[Finding, ...]:
    """What is wrong with the relays, those of one kind together; a relay is told of by the first kind that fits."""
    kinds: dict[str, list[Relay]] = {}
    for relay in relays:
        key = next((key for key, fits in _KINDS.items() if fits(relay)), "")
        kinds.setdefault(key, []).append(relay)
    return tuple(_told(key, kinds[key]) for key in _KINDS if key in kinds)


# In the order of what is most telling. A way that only a proxy opens is in order, but good to know.
_KINDS: dict[str, Callable[[Relay], bool]] = {
    "relays-not-trusted": lambda relay: relay.problem == NOT_TRUSTED,
    "relays-inspected": lambda relay: relay.has_strange_certificate,
    "relays-other-answer": lambda relay: relay.answer == "other",
    "relays-not-reached": lambda relay: not relay.connected and not relay.answers,
    "relays-silent": lambda relay: not relay.answers,
    THROUGH_PROXY: lambda relay: not relay.connected,
}


def _told(key: str, relays: list[Relay]) -> Finding:
    hosts = tuple(relay.host for relay in relays)
    seen = sorted({(relay.issuer if key in ABOUT_CERTIFICATES else _said(relay)) or "–" for relay in relays})
    told = note if key == THROUGH_PROXY else warning
    return told(key, relays=hosts, seen=" · ".join(seen))
