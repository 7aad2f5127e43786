"""The readings of the directory, straight from the world: one function a reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from runbook_lib.lab.directory import AccessRule, Directory, DirectoryAccount, Domain, User, is_below
from runbook_lib.lab.installation import Partition
from runbook_lib.lab.sync_server import SyncServer
from runbook_lib.model import Json


def round_trip(at: datetime) -> str:
    """Return a time as .NET writes it in its round-trip format."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}0Z"


def _reached(server: SyncServer) -> Directory:
    server.require_directory_module()
    return server.reach_directory()


def _connector_account(server: SyncServer, directory: Directory) -> tuple[DirectoryAccount, dict[str, Json]]:
    login = server.installation.connectors[1].parameters
    name, forest = login["forest-login-user"], login["forest-login-domain"]
    account = directory.account(name, forest)
    return account, {"account_name": name, "account_domain": forest, "account_sid": account.sid}


def _directory_rights(server: SyncServer, _: Mapping[str, Json]) -> Json:
    directory = _reached(server)
    account, named = _connector_account(server, directory)
    return {
        "domains": [{"dn": domain.dn, **named, "rules": _shown(server.rules(domain), account)} for domain in directory]
    }


def _shown(rules: Iterable[AccessRule], account: DirectoryAccount) -> list[dict[str, Json]]:
    return [
        {
            "sid": rule.sid,
            "access": rule.access,
            "rights": rule.rights,
            "object_type": rule.object_type,
            "inheritance": rule.inheritance,
            "inherited_object_type": rule.inherited_object_type,
        }
        for rule in rules
        if rule.sid in account.sids
    ]


def _directory_users(server: SyncServer, arguments: Mapping[str, Json]) -> Json:
    directory = _reached(server)
    account, named = _connector_account(server, directory)
    partitions = {partition.dn: partition for partition in server.installation.connectors[1].partitions}
    domains = []
    for domain in directory:
        pilots = [user for name in arguments["users"] if (user := domain.user_of(name))]
        others = [user for user in _in_scope(domain, partitions[domain.dn]) if user not in pilots]
        users = [_user(server, domain, user, account) | {"is_pilot": True} for user in pilots]
        users += [_user(server, domain, user, account) for user in others[: arguments["sample"]]]
        domains.append({"dn": domain.dn, "server": domain.primary_controller, **named, "users": users})
    return {"domains": domains}


def _in_scope(domain: Domain, partition: Partition) -> list[User]:
    found = {user.dn: user for container in partition.included for user in domain.users_below(container)}
    outside = {dn for dn in found for container in partition.excluded if is_below(dn, container)}
    return [found[dn] for dn in sorted(found, key=str.casefold) if found[dn].is_enabled and dn not in outside]


def _user(server: SyncServer, domain: Domain, user: User, account: DirectoryAccount) -> dict[str, Json]:
    rules = [rule for rule in domain.rules_on(user, server.rules(domain)) if rule.sid in account.sids]
    shown = _shown(rules, account)
    return {
        "dn": user.dn,
        "sam_account_name": user.sam_account_name,
        "user_principal_name": user.upn,
        "object_class": user.object_class,
        "enabled": user.is_enabled,
        "locked_out": user.is_locked_out,
        "admin_count": user.admin_count,
        "pwd_last_set_utc": None if user.pwd_last_set is None else round_trip(user.pwd_last_set),
        "inherits": not user.is_protected,
        "is_pilot": False,
        "rules": [row | {"inherited": rule.is_inherited} for row, rule in zip(shown, rules, strict=True)],
    }


def _domain_policies(server: SyncServer, _: Mapping[str, Json]) -> Json:
    ages = {domain.dn: int(domain.policy.minimum_age.total_seconds()) for domain in _reached(server)}
    return {"policies": [{"dn": dn, "minimum_age_seconds": age} for dn, age in ages.items()]}


def _inheritance_breaks(server: SyncServer, _: Mapping[str, Json]) -> Json:
    return {"units": sorted(unit.dn for domain in _reached(server) for unit in domain.units if unit.is_protected)}


DIRECTORY_READINGS: Mapping[str, Callable[[SyncServer, Mapping[str, Json]], Json]] = MappingProxyType(
    {
        "directory_rights": _directory_rights,
        "domain_policies": _domain_policies,
        "inheritance_breaks": _inheritance_breaks,
        "directory_users": _directory_users,
    }
)
