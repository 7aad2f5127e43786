"""The ActiveDirectory module and its drive, over the directory of the simulated tenant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from runbook_lib.lab.cmdlets.command import NEEDED, TEXT, Computer
from runbook_lib.lab.directory import AccessRule, Unit
from runbook_lib.lab.powershell import Call, Cmdlet, EnumValue, LabUnsupported, Parameter, PSObject, TypeReference

_CLASSES = "Microsoft.ActiveDirectory.Management.Commands."
_OBJECTS = "Microsoft.ActiveDirectory.Management."
_SERVICES = "System.DirectoryServices."
_DRIVE = "AD:\\"

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
        {"Identity": NEEDED, "Server": NEEDED, "Properties": Parameter("string[]")},
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
        {"Filter": NEEDED, "SearchBase": NEEDED, "Server": NEEDED, "Properties": Parameter("string[]")},
    )
    yield computer.command(
        "Microsoft.PowerShell.Commands.GetAclCommand", "Get-Acl", directory.acl, {"LiteralPath": NEEDED}
    )


class _ActiveDirectory:
    def __init__(self, computer: Computer) -> None:
        self._server = computer.server

    def user(self, call: Call) -> Iterable[object]:
        account = self._server.reach_directory().account(str(call["Identity"]), str(call["Server"]))
        properties: dict[str, object] = {"SamAccountName": account.name, "SID": _sid(account.sid)}
        if "tokenGroups" in call.texts("Properties"):
            properties["tokenGroups"] = [_sid(group) for group in account.groups]
        yield PSObject(properties, _OBJECTS + "ADUser")

    def policy(self, call: Call) -> Iterable[object]:
        domain = self._server.reach_directory().domain(str(call["Identity"]))
        yield PSObject({"MinPasswordAge": domain.minimum_password_age}, _OBJECTS + "ADDefaultDomainPasswordPolicy")

    def units(self, call: Call) -> Iterable[object]:
        if call["Filter"] != "*" or call.texts("Properties") != ["nTSecurityDescriptor"]:
            raise LabUnsupported("Get-ADOrganizationalUnit but for every unit with its security descriptor")
        domain = self._server.reach_directory().domain(str(call["Server"]))
        return [_unit(unit) for unit in domain.units_below(str(call["SearchBase"]))]

    def acl(self, call: Call) -> Iterable[object]:
        path = str(call["LiteralPath"])
        if not path.startswith(_DRIVE):
            raise LabUnsupported(f"Get-Acl of {path}")
        self._server.require_directory_module()
        domain = self._server.reach_directory().domain(path.removeprefix(_DRIVE))
        rules: list[object] = [_rule(rule) for rule in self._server.rules(domain)]

        def get_access_rules(explicit: object, inherited: object, target: object) -> list[object]:
            wanted = TypeReference("System.Security.Principal.SecurityIdentifier")
            if explicit is not True or inherited is not True or target != wanted:
                raise LabUnsupported("GetAccessRules but for all rules by SID")
            return rules

        yield PSObject(type_name=_SERVICES + "ActiveDirectorySecurity", methods={"GetAccessRules": get_access_rules})


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
    }
    return PSObject(properties, _SERVICES + "ActiveDirectoryAccessRule")


def _enumerated(type_name: str, names: tuple[str, ...], name: str) -> EnumValue:
    return EnumValue(type_name, name, names.index(name))
