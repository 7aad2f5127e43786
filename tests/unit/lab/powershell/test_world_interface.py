"""What the lab's world may hand to the interpreter: .NET entries, objects with methods, cmdlets that refuse or collect."""

import pytest

from runbook_lib.lab.powershell import (
    NOTHING,
    Cmdlet,
    CmdletError,
    EnumValue,
    NetType,
    Parameter,
    PSObject,
    TypeReference,
)

IDENTITY = "System.Security.Principal.WindowsIdentity"
PRINCIPAL = "System.Security.Principal.WindowsPrincipal"
ROLE = "System.Security.Principal.WindowsBuiltInRole"


def _principal(_session, identity):
    def is_in_role(role):
        if role == "Broken":
            raise CmdletError("The trust is broken.", "SystemException", exception_type="System.SystemException")
        return role == EnumValue(ROLE, "Administrator", 544) and identity.properties["Name"] == "LAB\\admin"

    return PSObject(type_name=PRINCIPAL, methods={"IsInRole": is_in_role})


TYPES = (
    NetType(IDENTITY, methods={"GetCurrent": lambda _: PSObject({"Name": "LAB\\admin"}, IDENTITY)}),
    NetType(ROLE, properties={"Administrator": lambda _: EnumValue(ROLE, "Administrator", 544)}),
    NetType(PRINCIPAL, construct=_principal),
)
PRINCIPAL_SCRIPT = (
    "$id = [Security.Principal.WindowsIdentity]::GetCurrent()\n"
    "$p = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $id\n"
)


def test_the_world_adds_types_with_members_and_constructors(shell):
    """Static members, New-Object and methods of the world's objects work as on a real computer."""
    outcome = shell(
        PRINCIPAL_SCRIPT + "$p.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator); $p.IsInRole('Users')",
        types=TYPES,
    )
    assert outcome.out == "True\r\nFalse\r\n"


def test_a_method_may_refuse_like_a_cmdlet(shell):
    """CmdletError from a method is a PowerShell error that the script may catch."""
    outcome = shell(PRINCIPAL_SCRIPT + "try { $p.IsInRole('Broken') } catch { $_.Exception.Message }", types=TYPES)
    assert outcome.out == "The trust is broken.\r\n"


def test_a_type_literal_reaches_a_method_as_a_reference(shell):
    """GetAccessRules and the like are told which type the script named."""
    seen = []
    thing = PSObject(type_name="Lab.Acl", methods={"Rules": lambda kind: seen.append(kind) or "ok"})
    cmdlet = Cmdlet("Get-Acl", lambda _: [thing])
    assert shell(f"(Get-Acl).Rules([{IDENTITY}])", cmdlets=(cmdlet,), types=TYPES).out == "ok\r\n"
    assert seen == [TypeReference(IDENTITY)]


def test_a_static_property_may_be_set_where_the_world_says_so(shell):
    """A setter is told the value; names ignore case."""
    seen = []
    manager = NetType("System.Net.Manager", setters={"Protocol": lambda _, value: seen.append(value)})
    assert shell("[Net.Manager]::protocol = 'Tls12'", types=(manager,)).out == ""
    assert seen == ["Tls12"]


def test_an_error_may_carry_details_and_what_its_exception_knows(shell):
    """As a web request does: the body of the answer, and the answer itself."""
    error = CmdletError("No.", "Refused,GetPage", exception_type="System.Net.WebException", terminating=True)

    def refuse(_call):
        raise error.carrying("the body", {"Response": PSObject({"StatusCode": 401}, "System.Net.HttpWebResponse")})

    script = "try { Get-Page } catch { $_.Exception -is [Net.WebException]; [int]$_.Exception.Response.StatusCode; $_.ErrorDetails.Message }"
    outcome = shell(script, cmdlets=(Cmdlet("Get-Page", refuse),), types=(NetType("System.Net.WebException"),))
    assert outcome.out == "True\r\n401\r\nthe body\r\n"


def test_a_cmdlet_that_collects_is_called_once_with_everything(shell):
    """With `collects`, the pipeline parameter holds the list of all objects."""
    parameters = {"InputObject": Parameter(pipeline=True)}
    cmdlet = Cmdlet("Join-All", lambda call: [f"got {len(call['InputObject'])}"], parameters, collects=True)
    assert shell("1, 2, 3 | Join-All", cmdlets=(cmdlet,)).out == "got 3\r\n"


def test_what_a_cmdlet_wrote_before_its_error_stays(shell):
    """A cmdlet may write objects and then fail."""

    def half(_call):
        yield "one"
        raise CmdletError("No more.", "NoMore,GetHalf")

    outcome = shell(
        "$ErrorActionPreference = 'Stop'; try { Get-Half } catch { \"$_\" }", cmdlets=(Cmdlet("Get-Half", half),)
    )
    assert outcome.out == "one\r\nNo more.\r\n"


def test_writing_nothing_is_no_object(shell):
    """A cmdlet that yields NOTHING writes no object, one that yields None writes $null."""
    cmdlets = (Cmdlet("Get-Void", lambda _: [NOTHING]), Cmdlet("Get-Null", lambda _: [None]))
    assert shell("@(Get-Void).Count; @(Get-Null).Count", cmdlets=cmdlets).out == "0\r\n1\r\n"


def test_a_list_property_stays_a_list_of_one(shell):
    """A collection property does not unroll when it is read inside the array operator."""
    thing = PSObject({"Parts": ["one"]}, "Lab.Whole")
    assert shell("@((Get-Whole).Parts).Count", cmdlets=(Cmdlet("Get-Whole", lambda _: [thing]),)).out == "1\r\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("(Get-Command -Name Get-Part).Parameters", "property Parameters"),
        ("Get-Part -Nmae a", "Get-Part -Nmae"),
        ("Get-Part a b", "Get-Part with the positional argument"),
        ("[string](Get-Void)", "the text of a Lab.Void"),
        ("'x' | Get-Void", "pipeline input to Get-Void"),
        ("New-Object -TypeName Hashtable", "New-Object System.Collections.Hashtable"),
    ],
)
def test_what_the_world_leaves_open_is_a_gap(script, said, shell):
    """Where the world does not say what the real computer has, the process ends and says which fact is missing."""
    void = Cmdlet("Get-Void", lambda _: [PSObject(type_name="Lab.Void")])
    part = Cmdlet("Get-Part", lambda _: [], {"Name": Parameter("string", position=0)})
    assert f"LabUnsupported: {said}" in shell(script, cmdlets=(void, part)).err.replace("_x000D__x000A_", " ")
