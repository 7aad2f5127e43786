"""The three tenants of the lab. All names and numbers are fictitious; the identifiers are fixed so that documents can name them.

- contoso: clean; writeback off, all rights, password hash sync on
- fabrikam: already compliant; writeback on, onboarded, heartbeats fresh, rights that come through a group
- tailspin: trouble; writeback on, no heartbeat for three hours, a right missing on the first of two domains, an
  organizational unit that does not inherit, a minimum password age of one day
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from runbook_lib.lab import installation as installed
from runbook_lib.lab.directory import (
    LOCKOUT_TIME,
    AccessRule,
    Directory,
    DirectoryAccount,
    Domain,
    Group,
    PasswordPolicy,
    Unit,
    writeback_rules,
)
from runbook_lib.lab.installation import Installation, LabConnector, Partition, cloud_connector, directory_connector
from runbook_lib.lab.people import people, plain

ACCOUNT = "svc-runbook"
_FEATURES = {
    "PasswordHashSync": True,
    "ForcePasswordChangeOnLogOn": False,
    "UserWriteback": False,
    "DeviceWriteback": False,
    "UnifiedGroupWriteback": False,
    "GroupWritebackV2": False,
}


@dataclass(frozen=True)
class TenantSpec:
    """How a tenant begins. `writeback_since` is how long ago writeback was turned on, None for not at all.

    `faults` are those that are on from the start. `portal` says which of the portal's two settings are on: passwords are written
    back, and accounts can be unlocked. `has_standby`: whether a second sync server, in staging mode, is there.
    """

    name: str
    display_name: str
    tenant_id: str
    directory: Callable[[], Directory]
    connector_id: str
    connector_account: str
    writeback_since: timedelta | None = None
    faults: tuple[str, ...] = ()
    portal: tuple[bool, bool] = (False, False)
    has_standby: bool = True

    @property
    def initial_domain(self) -> str:
        """The domain every tenant is created with."""
        return f"{self.name}.onmicrosoft.com"

    @property
    def verified_domain(self) -> str:
        """The domain the users sign in with."""
        return f"{self.name}.example"

    @property
    def account(self) -> str:
        """Who signs in to the sync servers."""
        return f"{self.name.upper()}\\{ACCOUNT}"

    def install(self, number: int, directory: Directory) -> Installation:
        """Return the tenant's sync server of that number, configured for its directory."""
        computer = f"{self.name.upper()}-SYNC{number:02d}"
        registry = dict(installed.USUAL_REGISTRY)
        if self.name == "contoso":  # the others leave TLS 1.2 to the operating system
            registry[installed.TLS12_CLIENT, "Enabled"] = 1
            registry[installed.TLS12_CLIENT, "DisabledByDefault"] = 0
        connectors = (
            cloud_connector(self.initial_domain, computer, secrets.token_urlsafe()),
            self._to_forest(directory),
        )
        return Installation(computer, self.account, connectors, _FEATURES, registry)

    def _to_forest(self, directory: Directory) -> LabConnector:
        forest = directory.domains[0]
        partitions = [
            Partition(domain.dn, included=tuple(_top_units(domain)), excluded=(f"OU=Lab,{domain.dn}",))
            for domain in directory
        ]
        configuration = Partition(f"CN=Configuration,{forest.dn}", is_domain=False, is_selected=False)
        return directory_connector(
            self.connector_id,
            forest.dns_name,
            self.connector_account,
            secrets.token_urlsafe(),
            (*partitions, configuration),
        )


def _top_units(domain: Domain) -> list[str]:
    return [unit.dn for unit in domain.units if unit.dn.count("OU=") == 1]


def account_in(domain_sid: str, name: str, *groups: str) -> DirectoryAccount:
    """Return the account of the connector, in the groups that every account of a domain is in, and in others by SID."""
    return DirectoryAccount(name, f"{domain_sid}-1604", (f"{domain_sid}-513", "S-1-5-32-545", *groups))


def _contoso() -> Directory:
    sid = "S-1-5-21-1004336348-1177238915-682003330"
    account = account_in(sid, "MSOL_4c6f1d2a90be")
    dn = "DC=contoso,DC=example"
    units = (Unit(f"OU=Staff,{dn}"), Unit(f"OU=Sales,OU=Staff,{dn}"))
    users = people(sid, "contoso.example", f"OU=Staff,{dn}", f"OU=Sales,OU=Staff,{dn}")
    return Directory(
        Domain("contoso.example", "CONTOSO", sid, [*writeback_rules(account.sid)], units, (account,), users=users)
    )


def _fabrikam() -> Directory:
    sid = "S-1-5-21-2127521184-1604012920-1887927527"
    group = f"{sid}-1131"
    nested = (Group("Writeback operators", group), Group("Sync services", f"{sid}-1130", (group,)))
    account = account_in(sid, "svc-aadconnect", nested[1].sid)
    dn = "DC=fabrikam,DC=example"
    other_rule = AccessRule(f"{sid}-1140", 0x20)
    units = (Unit(f"OU=People,{dn}"), Unit(f"OU=Partners,{dn}"))
    rules = [other_rule, *writeback_rules(group)]
    users = people(sid, "fabrikam.example", f"OU=People,{dn}", f"OU=Partners,{dn}")
    return Directory(Domain("fabrikam.example", "FABRIKAM", sid, rules, units, (account,), users=users, groups=nested))


def _tailspin() -> Directory:
    sid = "S-1-5-21-3623811015-3361044348-30300820"
    account = account_in(sid, "MSOL_b71e08c35fd4")
    dn = "DC=tailspin,DC=example"
    units = (Unit(f"OU=Staff,{dn}"), Unit(f"OU=Contractors,OU=Staff,{dn}", is_protected=True))
    root = Domain(
        "tailspin.example",
        "TAILSPIN",
        sid,
        [rule for rule in writeback_rules(account.sid) if rule.object_type != LOCKOUT_TIME],
        units,
        (account,),
        PasswordPolicy(minimum_age=timedelta(days=1)),
        people(sid, "tailspin.example", f"OU=Staff,{dn}", f"OU=Contractors,OU=Staff,{dn}"),
    )
    child_sid = "S-1-5-21-1757981266-1645522239-839522115"
    child_units = (Unit("OU=Staff,DC=emea,DC=tailspin,DC=example"),)
    child = Domain(
        "emea.tailspin.example",
        "EMEA",
        child_sid,
        [*writeback_rules(account.sid)],
        child_units,
        users=[plain("Debra Berger", child_sid, 1201, "tailspin.example", child_units[0].dn)],
    )
    return Directory(root, child)


TENANTS: tuple[TenantSpec, ...] = (
    TenantSpec(
        "contoso",
        "Contoso",
        "1f3c5a70-6b1e-4f0e-9d54-0c2b7a91e001",
        _contoso,
        "5d0f5a52-1c1b-4a86-9a2e-6d3b0f1a7c01",
        "MSOL_4c6f1d2a90be",
    ),
    TenantSpec(
        "fabrikam",
        "Fabrikam",
        "2e8d4b91-7c2f-4a1d-8e65-1d3c8b02f002",
        _fabrikam,
        "6e106b63-2d2c-4b97-8b3f-7e4c1a2b8d02",
        "svc-aadconnect",
        timedelta(hours=6),
        portal=(True, True),
    ),
    TenantSpec(
        "tailspin",
        "Tailspin Toys",
        "3d9e5ca2-8d30-4b2e-9f76-2e4d9c13a003",
        _tailspin,
        "7f217c74-3e3d-4ca8-9c40-8f5d2b3c9e03",
        "MSOL_b71e08c35fd4",
        timedelta(hours=6),
        ("stale_heartbeat",),
        portal=(True, False),
    ),
)
