"""The ActiveDirectory module and its drive, over the directory of the simulated tenant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from runbook_lib.lab.cmdlets.command import NEEDED, TEXT, Computer
from runbook_lib.lab.directory import AccessRule, DirectoryAccount, Domain, Unit, User
from runbook_lib.lab.powershell import (
    Call,
    Cmdlet,
    EnumValue,
    HashTable,
    LabUnsupported,
    Parameter,
    PSObject,
    TypeReference,
)

_CLASSES = "Microsoft.ActiveDirectory.Management.Commands."
_OBJECTS = "Microsoft.ActiveDirectory.Management."
_SERVICES = "System.DirectoryServices."
_ENABLED = "(!(userAccountControl:1.2.840.113556.1.4.803:=2))"

_RIGHTS = {0x20: "WriteProperty", 0x100: "ExtendedRight", 0xF01FF: "GenericAll"}
_INHERITANCE = ("None", "All", "Descendents", "SelfAndChildren", "Children")
_ACCESS = ("Allow", "Deny")


def commands(computer: Computer) -> Iterator[Cmdlet]:
    """Yield the commands."""
    directory = _ActiveDirectory(computer)
    yield computer.command(
        _CLASSES + "GetADUser",
        "Get-ADUser",
        directory.user,
        {
            "Identity": TEXT,
            "LDAPFilter": TEXT,
            "SearchBase": TEXT,
            "ResultSetSize": Parameter("int"),
            "Server": TEXT,
            "Properties": Parameter("string[]"),
        },
    )
    yield computer.command(
        _CLASSES + "GetADDomain", "Get-ADDomain", directory.domain, {"Identity": NEEDED, "Server": TEXT}
    )
    yield computer.command(
        _CLASSES + "GetADDefaultDomainPasswordPolicy",
        "Get-ADDefaultDomainPasswordPolicy",
        directory.policy,
        {"Identity": NEEDED, "Server": TEXT},
    )
    yield computer.command(
        _CLASSES + "GetADOrganizationalUnit",
        "Get-ADOrganizationalUnit",
        directory.units,
        {"Filter": NEEDED, "SearchBase": NEEDED, "Server": TEXT, "Properties": Parameter("string[]")},
    )
    yield from _on_objects(computer, directory)


def _on_objects(computer: Computer, directory: _ActiveDirectory) -> Iterator[Cmdlet]:
    yield computer.command(
        _CLASSES + "GetADObject",
        "Get-ADObject",
        directory.object,
        {"Identity": NEEDED, "Server": TEXT, "Properties": Parameter("string[]")},
    )
    yield computer.command(
        _CLASSES + "SetADObject",
        "Set-ADObject",
        directory.set_object,
        {"Identity": NEEDED, "Server": TEXT, "Replace": Parameter("hashtable", mandatory=True)},
    )


class _ActiveDirectory:
    def __init__(self, computer: Computer) -> None:
        self._server = computer.server

    def user(self, call: Call) -> Iterable[object]:
        domain = self._domain(call)
        if call.given("LDAPFilter"):
            return [self._shown(domain, user, []) for user in _found(call, domain)]
        properties = call.texts("Properties")
        if properties == ["tokenGroups"]:
            return [_account(self._server.directory.account(str(call["Identity"]), domain.dns_name))]
        return [self._shown(domain, domain.user(str(call["Identity"])), properties)]

    def _shown(self, domain: Domain, user: User, wanted: Sequence[str]) -> PSObject:
        more = {
            "admincount": ("adminCount", user.admin_count or None),
            "lockedout": ("LockedOut", user.is_locked_out),
            "passwordlastset": ("PasswordLastSet", self._local(user.pwd_last_set)),
            "ntsecuritydescriptor": (
                "nTSecurityDescriptor",
                _Security(domain.rules_on(user, self._server.rules(domain)), is_protected=user.is_protected),
            ),
        }
        if unknown := [name for name in wanted if name.lower() not in more]:
            raise LabUnsupported(f"Get-ADUser with {unknown[0]}")
        asked = dict(more[name.lower()] for name in wanted)
        properties = {
            "DistinguishedName": user.dn,
            "SamAccountName": user.sam_account_name,
            "SID": _sid(user.sid),
            "UserPrincipalName": user.upn,
            "ObjectClass": user.object_class,
            "Enabled": user.is_enabled,
        } | {name: value for name, value in asked.items() if value is not None}
        return PSObject(properties, _OBJECTS + "ADUser", known_absent=("adminCount", "PasswordLastSet"))

    def _local(self, moment: datetime | None) -> datetime | None:
        return moment and moment.astimezone(self._server.installation.zone)

    def domain(self, call: Call) -> Iterable[object]:
        domain = self._server.reach_domain(str(call["Identity"]))
        properties = {
            "DistinguishedName": domain.dn,
            "DNSRoot": domain.dns_name,
            "PDCEmulator": domain.primary_controller,
        }
        yield PSObject(properties, _OBJECTS + "ADDomain")

    def policy(self, call: Call) -> Iterable[object]:
        domain = self._domain(call)
        yield PSObject({"MinPasswordAge": domain.policy.minimum_age}, _OBJECTS + "ADDefaultDomainPasswordPolicy")

    def units(self, call: Call) -> Iterable[object]:
        if call["Filter"] != "*" or call.texts("Properties") != ["nTSecurityDescriptor"]:
            raise LabUnsupported("Get-ADOrganizationalUnit but for every unit with its security descriptor")
        domain = self._domain(call)
        return [_unit(unit) for unit in domain.units_below(str(call["SearchBase"]))]

    def set_object(self, call: Call) -> Iterable[object]:
        replaced = call["Replace"]
        given = [value for _, value in replaced.items()] if isinstance(replaced, HashTable) else []
        if len(given) != 1 or not isinstance(given[0], _Security):
            raise LabUnsupported("Set-ADObject but for the security descriptor that Get-ADObject gave")
        self._server.remove_rules(str(call["Identity"]), given[0].removed)
        return ()

    def object(self, call: Call) -> Iterable[object]:
        if call.texts("Properties") != ["nTSecurityDescriptor"]:
            raise LabUnsupported("Get-ADObject but for the security descriptor")
        domain = self._domain(call)
        if str(call["Identity"]).casefold() != domain.dn.casefold():
            raise LabUnsupported(f"Get-ADObject of {call['Identity']}")
        descriptor = _Security(self._server.rules(domain), is_protected=False)
        yield PSObject({"DistinguishedName": domain.dn, "nTSecurityDescriptor": descriptor}, _OBJECTS + "ADObject")

    def _domain(self, call: Call) -> Domain:
        """Return the domain that a command asks: without -Server that of the computer, at whatever controller answers."""
        name = str(call["Server"]) if call.given("Server") else self._server.directory.domains[0].dns_name
        return self._server.reach_domain(name)


def _found(call: Call, domain: Domain) -> list[User]:
    """Understand the two filters that the scripts use: one user by its principal name, and every user that is enabled."""
    users = domain.users_below(str(call["SearchBase"]))
    wanted = str(call["LDAPFilter"])
    if wanted == _ENABLED:
        chosen = [user for user in users if user.is_enabled]
    elif match := re.fullmatch(r"\(userPrincipalName=((?:[^()*\\]|\\[0-9a-fA-F]{2})*)\)", wanted):
        name = re.sub(r"\\([0-9a-fA-F]{2})", lambda code: chr(int(code[1], 16)), match[1]).casefold()
        chosen = [user for user in users if user.upn is not None and user.upn.casefold() == name]
    else:
        raise LabUnsupported(f"Get-ADUser -LDAPFilter {wanted}")
    return chosen[: int(str(call["ResultSetSize"]))] if call.given("ResultSetSize") else chosen


def _account(account: DirectoryAccount) -> PSObject:
    groups = [_sid(group) for group in account.groups]
    properties = {"SamAccountName": account.name, "SID": _sid(account.sid), "tokenGroups": groups}
    return PSObject(properties, _OBJECTS + "ADUser")


class _Security(PSObject):
    """The security descriptor of an object. What is removed from it takes effect when the object is set."""

    def __init__(self, rules: Iterable[AccessRule], *, is_protected: bool) -> None:
        self.removed: list[AccessRule] = []
        self._rules = [(rule, _rule(rule)) for rule in rules]
        methods: dict[str, Callable[..., object]] = {
            "GetAccessRules": self._get,
            "RemoveAccessRuleSpecific": self._remove,
        }
        super().__init__(
            {"AreAccessRulesProtected": is_protected}, _SERVICES + "ActiveDirectorySecurity", methods=methods
        )

    def _get(self, explicit: object, inherited: object, target: object) -> list[object]:
        wanted = TypeReference("System.Security.Principal.SecurityIdentifier")
        if explicit is not True or not isinstance(inherited, bool) or target != wanted:
            raise LabUnsupported("GetAccessRules but for explicit rules by SID")
        return [shown for rule, shown in self._rules if inherited or not rule.is_inherited]

    def _remove(self, rule: object) -> None:
        self.removed += [known for known, shown in self._rules if shown is rule]


def _sid(sid: str) -> PSObject:
    return PSObject({"Value": sid}, "System.Security.Principal.SecurityIdentifier", text=sid)


def _unit(unit: Unit) -> PSObject:
    descriptor = PSObject({"AreAccessRulesProtected": unit.is_protected}, _SERVICES + "ActiveDirectorySecurity")
    return PSObject(
        {"DistinguishedName": unit.dn, "nTSecurityDescriptor": descriptor}, _OBJECTS + "ADOrganizationalUnit"
    )


def _rule(rule: AccessRule) -> PSObject:
    properties = {
        "IdentityReference": _sid(rule.sid),
        "AccessControlType": _enumerated("System.Security.AccessControl.AccessControlType", _ACCESS, rule.access),
        "ActiveDirectoryRights": EnumValue(_SERVICES + "ActiveDirectoryRights", _RIGHTS[rule.rights], rule.rights),
        "ObjectType": UUID(rule.object_type),
        "InheritanceType": _enumerated(
            _SERVICES + "ActiveDirectorySecurityInheritance", _INHERITANCE, rule.inheritance
        ),
        "InheritedObjectType": UUID(rule.inherited_object_type),
        "IsInherited": rule.is_inherited,
    }
    return PSObject(properties, _SERVICES + "ActiveDirectoryAccessRule")


def _enumerated(type_name: str, names: tuple[str, ...], name: str) -> EnumValue:
    return EnumValue(type_name, name, names.index(name))
