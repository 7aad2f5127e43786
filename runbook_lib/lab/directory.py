"""The Active Directory side of a tenant: domains, the access rules on their roots, accounts, policies, units.

GUIDs and bit masks are those of the Active Directory schema and of System.DirectoryServices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from runbook_lib.lab.refusal import identity_not_found

RESET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529"  # noqa: S105 - the name of a right
UNEXPIRE_PASSWORD = "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501"  # noqa: S105 - the name of a right
LOCKOUT_TIME = "28630ebf-41d5-11d1-a9c1-0000f80367c1"
PWD_LAST_SET = "bf967a0a-0de6-11d0-a285-00aa003049e2"  # noqa: S105 - the name of an attribute
USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
ANY = "00000000-0000-0000-0000-000000000000"

WRITE_PROPERTY = 0x20
EXTENDED_RIGHT = 0x100
GENERIC_ALL = 0xF01FF

EVERYONE = "S-1-1-0"
AUTHENTICATED_USERS = "S-1-5-11"


@dataclass(frozen=True)
class AccessRule:
    """An access rule on a domain root, by the names System.DirectoryServices uses."""

    sid: str
    rights: int
    object_type: str = ANY
    inheritance: str = "Descendents"
    inherited_object_type: str = USER
    access: str = "Allow"


@dataclass(frozen=True)
class DirectoryAccount:
    """An account and the groups in its token."""

    name: str
    sid: str
    groups: tuple[str, ...] = ()

    @property
    def sids(self) -> frozenset[str]:
        """Every SID that a rule for this account may name."""
        return frozenset({self.sid, *self.groups, EVERYONE, AUTHENTICATED_USERS})


@dataclass(frozen=True)
class Unit:
    """An organizational unit; `is_protected` when it does not inherit access rules."""

    dn: str
    is_protected: bool = False


@dataclass
class Domain:
    """One domain; `minimum_password_age` is of its default policy."""

    dns_name: str
    netbios_name: str
    sid: str
    rules: list[AccessRule] = field(default_factory=list)
    units: tuple[Unit, ...] = ()
    accounts: tuple[DirectoryAccount, ...] = ()
    minimum_password_age: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        """Begin with what every domain root has by default."""
        self.rules = [*_defaults(self.sid), *self.rules]

    @property
    def dn(self) -> str:
        """The distinguished name."""
        return ",".join(f"DC={label}" for label in self.dns_name.split("."))

    def units_below(self, container: str) -> list[Unit]:
        """Return the container itself, if it is a unit, and the units below it."""
        end = container.casefold()
        return [unit for unit in self.units if f",{unit.dn}".casefold().endswith(f",{end}")]


def _defaults(domain_sid: str) -> tuple[AccessRule, ...]:
    """The part of the default security descriptor that shows what must not be taken for the connector account's.

    Unexpire Password for Authenticated Users is there by default, on the root itself.
    """
    return (
        AccessRule(AUTHENTICATED_USERS, EXTENDED_RIGHT, UNEXPIRE_PASSWORD, "None", ANY),
        AccessRule(f"{domain_sid}-519", GENERIC_ALL, ANY, "All", ANY),
    )


def writeback_rules(sid: str, *, unexpire: bool = True) -> tuple[AccessRule, ...]:
    """Return what Set-ADSyncPasswordWritebackPermissions grants; builds before 2.1.15.0 leave Unexpire Password out."""
    on_users = (
        AccessRule(sid, EXTENDED_RIGHT, RESET_PASSWORD),
        AccessRule(sid, WRITE_PROPERTY, LOCKOUT_TIME),
        AccessRule(sid, WRITE_PROPERTY, PWD_LAST_SET),
    )
    return (*on_users, AccessRule(sid, EXTENDED_RIGHT, UNEXPIRE_PASSWORD, "All", ANY)) if unexpire else on_users


class Directory:
    """The domains of a tenant's forest; the first is the forest root."""

    def __init__(self, *domains: Domain) -> None:
        self.domains = domains

    def __iter__(self) -> Iterator[Domain]:
        return iter(self.domains)

    def domain(self, name: str) -> Domain:
        """Return a domain by its DNS, NetBIOS or distinguished name. Raises Refusal when there is none."""
        for domain in self.domains:
            if name.casefold() in {domain.dns_name, domain.netbios_name.casefold(), domain.dn.casefold()}:
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
