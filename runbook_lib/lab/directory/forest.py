"""The domains of a tenant's forest, found by name."""

from __future__ import annotations

from collections.abc import Iterator

from runbook_lib.lab.directory.domain import Domain
from runbook_lib.lab.directory.objects import DirectoryAccount
from runbook_lib.lab.directory.rules import writeback_rules
from runbook_lib.lab.refusal import identity_not_found


class Directory:
    """The domains of a tenant's forest; the first is the forest root."""

    def __init__(self, *domains: Domain) -> None:
        self.domains = domains

    def __iter__(self) -> Iterator[Domain]:
        return iter(self.domains)

    def domain(self, name: str) -> Domain:
        """Return a domain by its DNS, NetBIOS or distinguished name, or by a controller. Raises Refusal when there is none."""
        for domain in self.domains:
            if name.casefold() in domain.names:
                return domain
        raise identity_not_found(name)

    def account(self, name: str, domain: str) -> DirectoryAccount:
        """Return an account by its SAM account name. Raises Refusal when there is none."""
        for account in self.domain(domain).accounts:
            if account.name.casefold() == name.casefold():
                return account
        raise identity_not_found(name)

    def grant_writeback(self, account: DirectoryAccount, *, unexpire: bool) -> None:
        """Add the rules that are not there yet, on the root of every domain."""
        for domain in self.domains:
            for rule in writeback_rules(account.sid, unexpire=unexpire):
                if rule not in domain.rules:
                    domain.rules.append(rule)
