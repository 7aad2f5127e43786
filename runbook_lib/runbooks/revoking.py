"""Which access rules a rollback takes off the domain roots: exactly those that the run added, if the list is still that run's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runbook_lib.facts.account_rules import own_rules, right_of, rule_of
from runbook_lib.facts.sync_server import DIRECTORY_RIGHTS, SYNC_SERVER, DomainRights
from runbook_lib.model import Change, Finding, Undo
from runbook_lib.ports import View
from runbook_lib.runbooks.findings import blocker, note, warning


def rules_of(domains: Sequence[DomainRights]) -> dict[str, list[str]]:
    """Return the connector account's own rules by domain root."""
    return {domain.dn: list(own_rules(domain)) for domain in domains}


def judged(domains: Sequence[DomainRights], undo: Undo) -> tuple[Finding, ...]:
    """Return a blocker for each domain whose rules are neither as the run left them nor as they were before it."""
    present = rules_of(domains)
    others = [dn for dn in undo.rules if not _is_ours(present.get(dn), undo, dn)]
    done = [dn for dn in undo.rules if dn not in others and not set(undo.rules[dn]) & set(present[dn])]
    found = [blocker("rules-changed-since", run=undo.run, dn=dn) for dn in others]
    if done and len(done) == len(undo.rules):
        found.append(note("undone-already", run=undo.run))
    if unseen := _unseen(undo):
        found.append(warning("rules-elsewhere", domains=unseen))
    return tuple(found)


def _is_ours(present: Sequence[str] | None, undo: Undo, dn: str) -> bool:
    """While rules are taken off, and after that, some of those of the run are no longer there. Nothing else may differ."""
    if present is None:
        return False
    left, added = set(undo.rules_after[dn]), set(undo.rules[dn])
    return left - added <= set(present) <= left


def _unseen(undo: Undo) -> tuple[str, ...]:
    """Return the domains out of scope: Microsoft's cmdlet may have added rules there, and nobody saw which."""
    grants = [change for change in undo.changes if change.action == "grant_writeback_rights"]
    return tuple(sorted({dn for grant in grants for dn, held in grant.before.items() if held is None}))


def revoked(view: View, undo: Undo) -> tuple[Change, ...]:
    """Return the change that takes off what is still there of the run's rules; nothing when none is."""
    present = rules_of(view.see(DIRECTORY_RIGHTS).domains)
    left = {dn: [rule for rule in rules if rule in present.get(dn, ())] for dn, rules in undo.rules.items()}
    left = {dn: rules for dn, rules in left.items() if rules}
    return (_revocation(left, undo.run),) if left else ()


def _revocation(rules: Mapping[str, Sequence[str]], run: str) -> Change:
    return Change(
        SYNC_SERVER,
        "revoke_writeback_rights",
        f"rights granted by run {run}",
        before={dn: [right_of(rule_of(text)) for text in texts] for dn, texts in rules.items()},
        after={dn: [] for dn in rules},
        arguments={
            "domains": [{"dn": dn, "rules": [rule_of(text).model_dump() for text in rules[dn]]} for dn in sorted(rules)]
        },
    )


def lost(before: Sequence[DomainRights], after: Sequence[DomainRights], undo: Undo) -> tuple[Finding, ...]:
    """Return a blocker for each domain where a rule is gone that the run had not added."""
    then, now = rules_of(before), rules_of(after)
    gone = [dn for dn in then if set(then[dn]) - set(undo.rules.get(dn, ())) - set(now.get(dn, ()))]
    return tuple(blocker("rules-lost", dn=dn) for dn in gone)
