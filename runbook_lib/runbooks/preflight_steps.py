"""F1 and F3 to F7: the looks of the other runbooks, taken without waiting and without staging anything.

What those runbooks would wait for or change themselves is a warning here: it does not keep them from being started.
"""

from __future__ import annotations

from dataclasses import replace

from runbook_lib.errors import TargetError
from runbook_lib.facts.sync_server import CONNECTORS, HOST, PASSWORD_WRITEBACK
from runbook_lib.facts.tenant import SSPR_REGISTRATIONS
from runbook_lib.model import Assessment, Fact, Finding, Level, Wanted
from runbook_lib.ports import View
from runbook_lib.runbooks import account_steps, directory_steps, portal_steps, server_steps, user_steps
from runbook_lib.runbooks.findings import SERVER_NOT_READ, note, observed, unknown, warning


def assess_server(view: View, wanted: Wanted) -> Assessment:
    """F1: as C1; what is wrong with the platform is told even if something else already stops C1."""
    judged = server_steps.assess_server(view, wanted)
    platform = server_steps.platform_warnings(view.see(HOST))
    return replace(judged, findings=_together(judged, platform))


def assess_activity(view: View, wanted: Wanted) -> Assessment:
    """F3: as C2, without waiting for a running cycle."""
    return _at_once(server_steps.assess_activity(view, wanted))


def assess_connectors(view: View, wanted: Wanted) -> Assessment:
    """F4: as C3."""
    return server_steps.assess_connectors(view, wanted)


def assess_account(view: View, wanted: Wanted) -> Assessment:
    """F5: as C4 and P1. That a person has to sign in to the portal later does not leave anything open here."""
    server_side = _leaving_the_server(account_steps.assess_cloud_account(view, wanted), wanted)
    portal_side = account_steps.assess_portal_account(view, wanted)
    # That a group may give the role for the portal is moot where C4 asks for it directly, and blocks.
    more = tuple(finding for finding in portal_side.findings if finding.message.key != "role-not-held-directly")
    return replace(server_side, findings=_together(server_side, more))


def _leaving_the_server(judged: Assessment, wanted: Wanted) -> Assessment:
    """Whether the server belongs to this tenant is seen by a person, when nobody else may look at it."""
    if not wanted.server_by_hand:
        return judged
    facts = (*judged.facts, unknown("cloud-connector", CONNECTORS.name))
    return Assessment(facts, (*judged.findings, note(SERVER_NOT_READ)), by_hand=True)


def assess_directories(view: View, wanted: Wanted) -> Assessment:
    """F6: as C5, and single users; rights that the next runbook is asked to grant are told and not staged."""
    judged = directory_steps.assess_directories(view, replace(wanted, grant_permissions=False))
    findings = tuple(_to_be_granted(finding, wanted) for finding in judged.findings)
    if judged.by_hand or not view.see(CONNECTORS).directories:
        return replace(judged, findings=findings)  # what keeps the rights from being read keeps the users too
    users = user_steps.assess_users(view, wanted)
    return replace(judged, facts=(*judged.facts, *users.facts), findings=(*findings, *users.findings))


def _to_be_granted(finding: Finding, wanted: Wanted) -> Finding:
    if finding.message.key != "missing-rights" or not wanted.grant_permissions:
        return finding
    return warning("rights-to-be-granted", **finding.message.arguments)


def assess_self_service(view: View, wanted: Wanted) -> Assessment:
    """F7: as P2 once writeback is on. Before that there is no page and no heartbeat to look at, which is no fault."""
    if wanted.server_by_hand:
        covered, told = portal_steps.scope(view)
        facts = (*portal_steps.server_unseen(), *covered, *_page_unseen(view, wanted))
        return Assessment(facts, (*told, *_pilot(view, wanted), note(SERVER_NOT_READ)), by_hand=True)
    judged, sample = _page(view, wanted), user_steps.registration(view, wanted)
    findings = (*judged.findings, *_pilot(view, wanted), *sample.findings)
    return replace(judged, facts=(*judged.facts, *sample.facts), findings=findings)


def _page(view: View, wanted: Wanted) -> Assessment:
    if view.see(PASSWORD_WRITEBACK).enabled:
        return _at_once(portal_steps.assess_page(view, wanted))
    scope, findings = portal_steps.scope(view)
    facts = (*observed(PASSWORD_WRITEBACK, writeback=False), *scope, *_page_unseen(view, wanted))
    return Assessment(facts, (*findings, note("writeback-not-yet-on")))


def _page_unseen(view: View, wanted: Wanted) -> tuple[Fact, ...]:
    """The page is empty until writeback is on, so its values cannot be known, by whatever provider."""
    return portal_steps.today(view, replace(wanted, provider=portal_steps.GUIDED))


def _pilot(view: View, wanted: Wanted) -> tuple[Finding, ...]:
    """A pilot that self-service reset does not cover, or that never registered, proves nothing later."""
    if not wanted.pilot_user:
        return ()
    try:
        users = view.see(SSPR_REGISTRATIONS).value
    except TargetError:
        return ()  # told where the scope is read; what else was found of the page must not be lost for it
    pilot = next((user for user in users if user.userPrincipalName.lower() == wanted.pilot_user.lower()), None)
    if pilot is None:
        return (warning("pilot-not-in-report", user=wanted.pilot_user),)
    if not pilot.isSsprEnabled:
        return (warning("pilot-not-covered", user=wanted.pilot_user),)
    return () if pilot.isSsprRegistered else (warning("pilot-not-registered", user=wanted.pilot_user),)


def _together(judged: Assessment, more: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings of two looks, those of both once."""
    return (*judged.findings, *(finding for finding in more if finding not in judged.findings))


def _at_once(assessment: Assessment) -> Assessment:
    """Tell what is waited for as a warning: the look is over, and it may have come by the time of the change."""
    coming = tuple(Finding(Level.WARNING, said) for said in assessment.waiting)
    return replace(assessment, findings=(*assessment.findings, *coming), waiting=())
