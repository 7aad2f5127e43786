"""What the interpreter does not model ends loudly: never as success, never as an error the script could catch."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runbook_lib.lab.powershell.host import UNSUPPORTED_EXIT_CODE

WORDS = (
    *(
        "$a",
        "=",
        "1",
        "'x'",
        '"$a"',
        "@(",
        ")",
        "{",
        "}",
        "@{",
        "|",
        ";",
        "if",
        "foreach",
        "in",
        "try",
        "catch",
        "throw",
    ),
    *("Get-Thing", "-Name", "ForEach-Object", "[int]", "-eq", "+", ",", ".Count", "[0]", "$_", "return", "& {", "not"),
)
UNMODELLED = {
    "a command nobody supplies": "Get-Nonsense",
    "a command outside PowerShell": "ipconfig.exe /all",
    "a parameter of a command that is not described in full": "Get-Part -Size 1",
    "an abbreviated parameter": "Get-Thing -Na a",
    "an alias": "1 | % { $_ }",
    "a common parameter without effect here": "Get-Thing a -ErrorVariable e",
    "a property the lab's object does not carry": "(Get-Thing a).Colour",
    "a property every object has": "(1).PSObject",
    "a property every array has": "@(1, 2).IsFixedSize",
    "a character of a text": "'abc'[0]",
    "a method": "'a'.Normalize()",
    "a method with other arguments": "'a'.Trim('a')",
    "a static method": "[Math]::Pow(2, 3)",
    "a static member of a known type": "[Console]::Beep()",
    "a static member that is set": "[Console]::Title = 'x'",
    "a type": "[Xml.XmlDocument]",
    "a cast": "[xml]'<a/>'",
    "a GUID from other text": "[guid]'x'",
    "a number too large for a cast": "[int]9999999999",
    "a switch from text": "Set-Thing -Name a -Force:'false'",
    "a real number from other text": "[double]'x'",
    "a date from text": "[datetime]'2026-01-01'",
    "an object the table does not build": "New-Object -TypeName System.Net.WebClient",
    "an operator": "5 -bor 3",
    "a range": "1..3 | ForEach-Object { $_ }",
    "as": "1 -as [string]",
    "a for loop": "for ($i = 0; $i -lt 1; $i++) { 1 }",
    "a do loop": "do { 1 } while ($false)",
    "a switch statement": "switch (1) { 1 { 2 } }",
    "a function": "function f { 1 }",
    "an increment": "$i = 1; $i++",
    "an assignment used as a value": "$b = ($a = 1)",
    "a typed variable": "[int]$n = 1",
    "several targets": "$a, $b = 1, 2",
    "a scope": "$global:a = 1",
    "a drive": "$function:a",
    "an automatic variable": "$Error",
    "a redirection": "Get-Thing a > $null",
    "dot sourcing": ". { 1 }",
    "a typed catch": "try { 1 } catch [System.IO.IOException] { 2 }",
    "try alone": "try { 1 }",
    "an object for display": "Get-Thing a",
    "a hashtable for display": "@{ a = 1 }",
    "indented JSON": "ConvertTo-Json -InputObject @{ a = 1 }",
    "JSON of an object of the lab": "ConvertTo-Json -InputObject (Get-Thing a) -Compress",
    "a number suffix": "1KB",
    "a format string": "'{0:x}' -f 10",
    "a date format": "(Get-Date).ToString('dd MMM')",
    "a regular expression only .NET has": "'a' -match '\\p{L}'",
    "a substitution": "'a' -replace 'a', '$_'",
    "mixed member enumeration": "([pscustomobject]@{ a = 1 }, [pscustomobject]@{ b = 1 }).a",
    "member enumeration of nothing": "@().Name",
    "a module nobody mentioned": "Import-Module -Name Other",
    "strict mode one": "Set-StrictMode -Version 1.0",
    "PowerShell 7": "1 && 2",
    "a parse error": "if ($a { 1 }",
    "code from a parse error": "[ScriptBlock]::Create('if (')",
    "throw of an object": "throw @{ a = 1 }",
    "a wildcard escape": "'a*' -like 'a`*'",
    "a broken regular expression": "'a' -match '('",
    "split with a limit": "'a,b' -split ',', 2",
    "an array times a number": "(1, 2) * 2",
    "a number as a date": "(Get-Date) - 1",
    "hashtables that share a key": "@{ a = 1 } + @{ a = 2 }",
    "a hash literal with a key twice": "@{ a = 1; A = 2 }",
    "comparison of objects that have no order": "@{} -lt @{}",
    "a base type": "1 -is [ValueType]",
    "a wildcard property": "[pscustomobject]@{ a = 1 } | Select-Object -Property *",
    "a block as sort key": "1, 2 | Sort-Object -Property { -$_ }",
    "a block with parameters in a pipeline": "1 | ForEach-Object { param($x) $x }",
    "an attribute of a parameter": "& { param([ValidateSet('a')] $x) $x } a",
    "splatting an array": "$p = @('a'); Get-Thing @p",
    "a label": "foreach ($i in 1) { break outer }",
    "writing two things": "[Console]::Out.WriteLine('{0}', 1)",
    "an empty JSON text": "'' | ConvertFrom-Json",
    "a number JSON does not know": "'NaN' | ConvertFrom-Json",
    "keys that are no text in JSON": "ConvertTo-Json -InputObject @{ 1 = 2 } -Compress",
    "a sleep of no length": "Start-Sleep",
    "modules already loaded": "Get-Module -Name ADSync",
    "a silent throw": "$ErrorActionPreference = 'SilentlyContinue'; throw 'x'",
    "an unknown error action": "$ErrorActionPreference = 'Inquire'; Get-Thing none",
    "ordered before something else": "[ordered]5",
    "a range of ordered entries": "([ordered]@{ a = 1 })[0]",
    "an operator that only the shell of others has": "$a -bxor 1",
    "two arguments too many": "& { param($a) $a } 1 2",
}


@pytest.mark.parametrize("script", UNMODELLED.values(), ids=UNMODELLED)
def test_a_gap_ends_the_process(script, shell):
    """It says LabUnsupported on standard error and ends with the code kept for that."""
    outcome = shell(script)
    assert outcome.code == UNSUPPORTED_EXIT_CODE
    assert "LabUnsupported: " in outcome.err


@pytest.mark.parametrize("script", UNMODELLED.values(), ids=UNMODELLED)
def test_a_gap_cannot_be_caught(script, shell):
    """A script that catches everything does not go on after a gap."""
    outcome = shell(f"$ErrorActionPreference = 'SilentlyContinue'\ntry {{ {script} }} catch {{ 'caught' }}\n'after'")
    assert outcome.code == UNSUPPORTED_EXIT_CODE
    assert "after" not in outcome.out
    assert "caught" not in outcome.out


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.text() | st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_any_text_ends_in_an_exit_code(script, shell):
    """Whatever a client sends, the process ends with a code and a well-formed error stream."""
    outcome = shell(script)
    assert isinstance(outcome.code, int)
    ET.fromstring(outcome.err.partition("\r\n")[2])


def test_a_fault_of_a_cmdlet_is_not_an_answer(shell):
    """An unexpected exception in the lab's own code ends the process like a gap."""
    outcome = shell("Start-Sleep -Seconds 1; 'after'", sleep=lambda seconds: seconds / 0)
    assert outcome.code == UNSUPPORTED_EXIT_CODE
    assert "the interpreter failed: ZeroDivisionError" in outcome.err


def test_a_property_known_to_be_absent_is_an_error_of_powershell(shell):
    """The world can say that a build's object lacks a property; then the script may handle it."""
    outcome = shell("Set-StrictMode -Version 2.0\ntry { (Get-Thing a).Removed } catch { $_.FullyQualifiedErrorId }")
    assert outcome.out == "PropertyNotFoundStrict\r\n"
