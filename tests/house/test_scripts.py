"""The PowerShell scripts: they parse, name only commands that exist, change nothing unless they say so, and stay in the subset."""

import json
import re
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_powershell
import tree_sitter_pwsh
import yaml

from runbook_lib.facts import ACTIONS
from runbook_lib.lab.powershell.expressions import EXPRESSIONS
from runbook_lib.lab.powershell.statements import STATEMENTS
from runbook_lib.lab.powershell.syntax import parse

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "runbook_lib" / "adapters" / "scripts").glob("*.ps1"))
BOOTSTRAP = "_bootstrap"
READINGS = [path for path in SCRIPTS if path.stem not in ACTIONS and path.stem != BOOTSTRAP]
DATA = ROOT / "tests" / "data" / "powershell"
CATALOGUE = json.loads((DATA / "commands-5.1.json").read_text(encoding="utf-8"))
CITED = yaml.safe_load((DATA / "commands-cited.yaml").read_text(encoding="utf-8"))
PARAMETERS = CATALOGUE["commands"] | {name: entry["parameters"] for name, entry in CITED.items()}

GRAMMARS = {"pwsh": tree_sitter_pwsh, "powershell": tree_sitter_powershell}
STRUCTURE = {
    *("program", "statement_list", "statement_block", "param_block", "parameter_list", "script_parameter"),
    *("script_parameter_default", "attribute_list", "attribute", "elseif_clauses", "elseif_clause", "else_clause"),
    *("catch_clauses", "catch_clause", "finally_clause", "hash_literal_body", "hash_entry", "assignment_operator"),
    *("comparison_operator", "format_operator", "command_elements", "command_parameter", "argument_colon"),
    *("command_invocation_operator", "simple_name", "argument_list", "argument_expression_list", "script_block"),
    *("script_block_body", "type_name", "type_identifier", "type_spec", "array_type_name"),
}
NOT_IN_5_1 = {"&&", "||", "??", "??=", "?.", "?[", "?"}
RUNS_TEXT = {
    "invoke-expression",
    "invoke-webrequest",
    "invoke-restmethod",
    "invoke-command",
    "add-type",
    "start-process",
}
READS = {"Get", "Select", "Sort", "Where", "ForEach", "Measure", "ConvertTo", "ConvertFrom", "Test", "Write"}
# The one command that fetches, for one script, and the one setting it needs, which holds for its own process.
FETCH = "Invoke-WebRequest"
OFFERS_TLS12 = "[System.Net.ServicePointManager]::SecurityProtocol = [System.Net.SecurityProtocolType]::Tls12"
ALLOWED = {
    "_bootstrap": {"calls what a variable holds", "makes code from text"},
    "service_bus_egress": {"runs text or fetches it"},
}
HARMLESS = {"Set-StrictMode", "Import-Module", "New-Object"}
PURE_METHODS = {
    "tostring",
    "touniversaltime",
    "addminutes",
    "getaccessrules",
    "isinrole",
    "getcurrent",
    "trim",
    "tolower",
    "findservicepoint",
    "endswith",
}

each = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)


def text_of(script):
    return script.read_text(encoding="utf-8")


def commands(text):
    """Every command of a script: its name, and its parameters, splatted ones included."""
    tree = parse(text)
    for node in tree.walk():
        if node.kind == "command_name":
            yield node.text, []
        if node.kind == "command" and node.children[0].kind == "command_name":
            written = [item.text[1:] for item in node.walk() if item.kind == "command_parameter" and item in own(node)]
            splats = [item.text[1:] for item in own(node) if item.kind == "variable" and item.text.startswith("@")]
            yield node.children[0].text, written + [key for name in splats for key in keys(tree, name)]


def own(command):
    """The elements of a command, without those of commands inside its arguments."""
    return [item for group in command.of_kind("command_elements") for item in group.children]


def keys(tree, name):
    """The literal keys a hashtable variable is given anywhere in the script."""
    for node in (item for item in tree.walk() if item.kind == "assignment_expression"):
        target, _, value = node.children
        if target.kind == "variable" and target.text == f"${name}":
            yield from (entry.children[0].text for entry in value.walk() if entry.kind == "hash_entry")
        if target.kind == "element_access" and target.children[0].text == f"${name}":
            yield target.children[1].text.strip("'")


def unknown_names(text):
    """Commands that do not exist, and parameters that their command does not have."""
    for name, parameters in commands(text):
        known = {item.lower() for item in [*PARAMETERS.get(name, []), *CATALOGUE["common_parameters"]]}
        if name not in PARAMETERS:
            yield name
        yield from (f"{name} -{item}" for item in parameters if name in PARAMETERS and item.lower() not in known)


def faults(text):
    """Constructs that are banned in every script."""
    for node in parse(text).walk():
        if NOT_IN_5_1 & set(node.tokens) or "ternary" in node.kind:
            yield "not in Windows PowerShell 5.1"
        if node.kind == "command_name" and node.text.lower() in RUNS_TEXT:
            yield "runs text or fetches it"
        if node.kind == "try_statement" and len(node.children) < 2:
            yield "try without catch or finally"
        if node.kind == "command_invocation_operator":
            yield "calls what a variable holds"
        if node.kind == "invocation_expression" and re.search(
            r"scriptblock\]\s*::|\.invoke|executioncontext", node.text, re.IGNORECASE
        ):
            yield "makes code from text"


def changes(text):
    """What a reading must not do: commands, methods and assignments that could change something outside the script."""
    for name, _ in commands(text):
        if name.partition("-")[0] not in READS and name not in HARMLESS and name != FETCH:
            yield name
    for node in parse(text).walk():
        if node.kind == "invocation_expression" and node.children[1].text.lower() not in PURE_METHODS:
            yield node.text
        is_member = node.kind == "assignment_expression" and node.children[0].kind == "member_access"
        if is_member and node.text != OFFERS_TLS12:
            yield node.text


def has_error(grammar, text):
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))
    return parser.parse(text.encode()).root_node.has_error


def test_there_are_scripts():
    """The rules below look at something."""
    assert len(READINGS) > 5
    assert {path.stem for path in SCRIPTS} > {BOOTSTRAP}


@each
@pytest.mark.parametrize("grammar", GRAMMARS)
def test_a_script_parses_in_two_grammars(script, grammar):
    """Two independent grammars see no error; neither is a proof, both are a filter."""
    assert not has_error(GRAMMARS[grammar], text_of(script))


@each
def test_a_script_stays_in_the_subset_the_lab_runs(script):
    """Every kind of syntax in it has an evaluator."""
    kinds = {node.kind for node in parse(text_of(script)).walk()}
    assert kinds <= EXPRESSIONS.keys() | STATEMENTS.keys() | STRUCTURE


@each
def test_a_script_names_only_commands_and_parameters_that_exist(script):
    """Full names, found in the catalogue of Windows PowerShell 5.1 or in the cited table."""
    assert list(unknown_names(text_of(script))) == []


@each
def test_a_script_keeps_to_plain_51(script):
    """No PowerShell 7 syntax, and no code made from text; the bootstrap alone runs a block, and the block is a file of ours."""
    assert set(faults(text_of(script))) <= ALLOWED.get(script.stem, set())


def test_what_comes_over_the_network_is_compared_and_never_run():
    """One script fetches, with a GET and no credential; its answer goes into a text that is only matched."""
    text = text_of(SCRIPTS[0].with_name("service_bus_egress.ps1"))
    written = {item.lower() for name, parameters in commands(text) if name == FETCH for item in parameters}
    uses = re.findall(r"[^\n]*\$said[^\n]*", text)

    assert written == {"uri", "usebasicparsing", "timeoutsec"}
    assert all(re.search(r"\$said = |\$said -match '", line) for line in uses)


def test_the_bootstrap_makes_a_block_from_the_request_and_from_nothing_else():
    """The text is the request's own, unchanged: nothing is concatenated or expanded into code."""
    created = re.findall(r"\[ScriptBlock\]::Create\(([^)]*)\)", text_of(SCRIPTS[0].with_name(f"{BOOTSTRAP}.ps1")))
    assert created == ["$item.script"]


@pytest.mark.parametrize("script", READINGS, ids=lambda path: path.stem)
def test_a_reading_changes_nothing(script):
    """Reading is always safe: only commands and methods that look."""
    assert list(changes(text_of(script))) == []


@each
def test_a_script_is_ascii_and_begins_with_what_it_is_for(script):
    """Windows PowerShell 5.1 reads a file without BOM in the machine's code page, so a script holds nothing else."""
    text = script.read_bytes().decode("ascii")
    opening = "# Runs" if script.stem == BOOTSTRAP else "# Changes: " if script.stem in ACTIONS else "# Answers: "
    assert text.startswith(opening)
    assert "\r" not in text
    assert text.endswith("\n")


@each
def test_a_script_turns_strict_mode_on(script):
    """A misspelt variable or property must be an error, not an empty answer."""
    assert "\nSet-StrictMode -Version 2.0\n" in text_of(script)


def test_the_catalogues_hold_only_what_the_scripts_use():
    """An entry that nothing uses is not kept, and every cited one says where it comes from."""
    used = {name for script in SCRIPTS for name, _ in commands(text_of(script))}
    assert PARAMETERS.keys() == used
    assert CATALOGUE["source"]
    assert all(entry["source"] for entry in CITED.values())


@pytest.mark.parametrize(
    ("bad", "finding"),
    [
        ("Get-Service -Nmae ADSync", "Get-Service -Nmae"),
        ("gsv", "gsv"),
        ("Get-Service ADSync | ? { $_ }", "?"),
        ("$p = @{ Nmae = 1 }\nGet-Service @p", "Get-Service -Nmae"),
        ("$p = @{}\n$p['Nmae'] = 1\nGet-Service @p", "Get-Service -Nmae"),
        ("Test-Json -Json '1'", "Test-Json"),
    ],
)
def test_a_wrong_name_is_found(bad, finding):
    """The rule on names can fail."""
    assert finding in list(unknown_names(bad))


@pytest.mark.parametrize(
    "bad",
    [
        "Get-Date && Get-Date",
        "Get-Date || Get-Date",
        "$a = $b ?? 1",
        "$a = $b ? 1 : 2",
        "Invoke-Expression '1'",
        "Add-Type -TypeDefinition 'class A {}'",
        "try { 1 }",
        "& $block",
        '[ScriptBlock]::Create("Get-Item $path")',
        "$block.Invoke()",
    ],
)
def test_a_banned_construct_is_found(bad):
    """The rule on constructs can fail."""
    assert list(faults(bad)) != []


@pytest.mark.parametrize(
    "bad",
    [
        "Stop-Service -Name ADSync",
        "Set-ADSyncScheduler -SyncCycleEnabled $false",
        "$service.Stop()",
        "$user.Name = 'x'",
        "[System.Net.ServicePointManager]::SecurityProtocol = $protocol",
    ],
)
def test_a_change_in_a_reading_is_found(bad):
    """The rule on readings can fail."""
    assert list(changes(bad)) != []
