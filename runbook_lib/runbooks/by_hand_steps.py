"""The steps on the sync server when it may not be reached: a person does them in the wizard and puts their name to them.

Nothing is read from the server, so what it would tell is unknown until somebody says it, and attested after that. What the cloud
tells is read, and decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from runbook_lib.facts.shape import moment
from runbook_lib.facts.sync_server import (
    CONNECT_INSTALLATION,
    CONNECTORS,
    DIRECTORY_RIGHTS,
    HOST,
    PASSWORD_WRITEBACK,
    SCHEDULER,
    WRITEBACK_EVENTS,
)
from runbook_lib.facts.tenant import DIRECTORY_AUDITS, ORGANIZATION
from runbook_lib.model import Assessment, Attestation, Change, Fact, Finding, Wanted
from runbook_lib.ports import Reading, View
from runbook_lib.runbooks.attesting import seen_by, speaks_against, word_on
from runbook_lib.runbooks.findings import SERVER_NOT_READ, contradiction, note, passing, unknown
from runbook_lib.runbooks.portal_steps import OPERATOR, audit_fact, audit_says
from runbook_lib.runbooks.writeback_steps import SETTING

Look = Callable[[View, Wanted], Assessment]

# Asked for only to cross-check a person's word: a run that reads the server has no use for it.
CROSS_CHECK = replace(DIRECTORY_AUDITS, group="cross-check")


def either(read: Look, by_hand: Look) -> Look:
    """Return a look that reads the server, or leaves it to a person where the parameters say so."""

    def assess(view: View, wanted: Wanted) -> Assessment:
        return by_hand(view, wanted) if wanted.server_by_hand else read(view, wanted)

    return assess


def not_read(**facts: Reading[object]) -> Look:
    """Return the look of a step that only reads the server: what it would show is unknown, and a person has to see to it."""
    unseen = tuple(unknown(name.replace("_", "-"), source.name) for name, source in facts.items())
    return lambda view, wanted: Assessment(unseen, (note(SERVER_NOT_READ),), by_hand=True)


def _page(key: str, *facts: Fact, findings: tuple[Finding, ...] = ()) -> Assessment:
    """Return what a person does on one page of the wizard, with what is known of it."""
    return Assessment(facts, (*findings, note(key)), by_hand=True)


def start(view: View, wanted: Wanted) -> Assessment:
    """C1, D1: a person signs in to the server and starts the wizard."""
    unseen = (unknown("computer", HOST.name), unknown("sync-administrator", HOST.name))
    product = (unknown("connect-version", CONNECT_INSTALLATION.name), unknown("service", CONNECT_INSTALLATION.name))
    return _page("wizard-start", *unseen, *product)


def welcome(step_id: str) -> Look:
    """C2, D2: this is the active server. Only a person can see that nothing synchronizes; the wizard holds the scheduler itself."""

    def assess(view: View, wanted: Wanted) -> Assessment:
        word = word_on(step_id, wanted)
        staging = seen_by(word, "staging_mode", "staging-mode", SCHEDULER)
        unseen = (unknown("other-active-servers", "parameters"), unknown("configuration-digest", "configuration"))
        against = speaks_against(word, "staging_mode", False, must=False)
        return _page("wizard-welcome", staging, *unseen, findings=against)

    return assess


def tasks(view: View, wanted: Wanted) -> Assessment:
    """C3, D3: a person chooses the task. Which connector the server has, nobody reads."""
    return _page("wizard-tasks", unknown("connectors", CONNECTORS.name), unknown("writeback", PASSWORD_WRITEBACK.name))


def sign_in(look: Look) -> Look:
    """C4, D4: what the cloud says decides as ever; a person sees which tenant the server belongs to."""

    def assess(view: View, wanted: Wanted) -> Assessment:
        found = look(view, wanted)
        told = note("wizard-sign-in", tenant=wanted.tenant_id)
        facts = (*found.facts, unknown("cloud-connector", CONNECTORS.name))
        return replace(found, facts=facts, findings=(*found.findings, told), by_hand=True)

    return assess


def directories(view: View, wanted: Wanted) -> Assessment:
    """C5: a person leaves the pages as they are, and sees to the rights of the connector account."""
    unseen = (unknown("filtering", CONNECTORS.name), unknown("missing-rights", DIRECTORY_RIGHTS.name))
    return _page("wizard-directories", *unseen, findings=(note("wizard-rights"),))


def directories_as_they_are(view: View, wanted: Wanted) -> Assessment:
    """D5: a person leaves the pages as they are; rights stay."""
    return _page("wizard-directories", unknown("filtering", CONNECTORS.name), findings=(note("rights-stay"),))


def feature(step_id: str, *, enabled: bool) -> Look:
    """C6, D6: the plan holds what a person sets. Nobody can see whether it is so already, so it is always in the plan."""
    change = Change(OPERATOR, "set_in_wizard", SETTING, None, enabled)
    key = "wizard-select" if enabled else "wizard-clear"

    def assess(view: View, wanted: Wanted) -> Assessment:
        word = word_on(step_id, wanted)
        page = _page(key, _writeback(word), findings=_against(word, enabled))
        portal = () if enabled else (note("portal-first"),)
        return replace(page, findings=(*portal, *page.findings), changes=(change,))

    return assess


def configured(step_id: str, *, enabled: bool) -> Look:
    """C7, D7: what a person says of the end of it, held against what the cloud tells."""
    name, fact = ("onboarded", "onboarding-event") if enabled else ("offboarded", "offboarding-event")
    key = "wizard-configure" if enabled else "wizard-configure-off"

    def assess(view: View, wanted: Wanted) -> Assessment:
        word = word_on(step_id, wanted)
        facts = (_writeback(word), seen_by(word, name, fact, WRITEBACK_EVENTS))
        against = (*_against(word, enabled), *speaks_against(word, name, True, must=False))
        if word is None:
            return _page(key, *facts)
        audit = audit_says(view, enabled, moment(word.at))
        return _page(key, *facts, audit_fact(view), findings=(*against, *audit))

    return assess


def _writeback(word: Attestation | None) -> Fact:
    return seen_by(word, "connect_writeback", "writeback", PASSWORD_WRITEBACK)


def _against(word: Attestation | None, enabled: bool) -> tuple[Finding, ...]:
    return speaks_against(word, "connect_writeback", enabled)


def exit_page(view: View, wanted: Wanted) -> Assessment:
    """C8, D8: a person closes the wizard. There is no baseline to compare with; that the tenant still synchronizes can be seen."""
    tenant = next((known for known in view.see(ORGANIZATION).value if known.id.lower() == wanted.tenant_id), None)
    synchronizes = tenant is not None and bool(tenant.onPremisesSyncEnabled)
    last = tenant.onPremisesLastSyncDateTime if tenant else None
    facts = passing(ORGANIZATION, directory_sync=synchronizes, last_sync=last)
    against = () if synchronizes else (contradiction("synchronizes-no-more"),)
    return _page("wizard-exit", unknown("differences", "configuration"), *facts, findings=against)
