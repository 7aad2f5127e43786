"""The domains of a tenant's forest, found by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from runbook_lib.lab.directory.domain import Domain
from runbook_lib.lab.directory.objects import DirectoryAccount, User
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
                return self.domain(domain).token_of(account)
        raise identity_not_found(name)

    def find(self, upn: str) -> tuple[Domain, User] | None:
        """Return the user of a principal name, with its domain; None when no domain has one."""
        found = ((domain, user) for domain in self.domains if (user := domain.user_of(upn)))
        return next(found, None)

    def grant_writeback(self, account: DirectoryAccount, at: datetime, *, unexpire: bool) -> None:
        """Add the rules that are not there yet, on the root of every domain."""
        for domain in self.domains:
            domain.grant(writeback_rules(account.sid, unexpire=unexpire), at)
