"""What a script reported, made into an error of the tree: known problems by identifiers that no language changes."""

from __future__ import annotations

import re
from collections.abc import Collection

from runbook_lib.adapters.sync_server.envelope import Problem
from runbook_lib.adapters.sync_server.excerpt import excerpt
from runbook_lib.errors import NotPermitted, ScriptFailed, TargetError

_LONGEST_DETAIL = 500

# Scripts that ask a domain controller, which is a second hop for a remote session.
_ASK_THE_DIRECTORY = frozenset(
    {
        *("directory_rights", "directory_users", "domain_policies", "inheritance_breaks"),
        *("grant_writeback_rights", "revoke_writeback_rights"),
    }
)
_SETS_WRITEBACK = "set_password_writeback"

# E_FAIL is 0x80004005. The cmdlet says that its configuration may be in an invalid state; seen on Connect 2.4.129.0.
_INVALID_STATE = re.compile(r"\bE_FAIL\b|0x80004005|invalid state", re.IGNORECASE)
# What the engine says of a connector that runs, as public scripts show it for Start-ADSyncSyncCycle; not seen from this cmdlet.
_CYCLE_RUNS = re.compile(r"\bConnector: .* is busy\b")
# Named by Microsoft's 2015-2017 article about this cmdlet as what it may ask for.
_CREDENTIAL = "AzureADCredential"

# A cmdlet asked something of a host that cannot answer. Every language keeps the name of the switch that forbids it.
_PROMPT_SWITCH = "NonInteractive"
_PROMPT_TYPES = frozenset(
    {
        "System.Management.Automation.PSInvalidOperationException",
        "System.Management.Automation.Host.HostException",
        "System.Management.Automation.Host.PromptingException",
    }
)
_DENIED_TYPES = frozenset(
    {
        "System.UnauthorizedAccessException",
        "System.Security.SecurityException",
        "System.Security.Authentication.AuthenticationException",
    }
)
_DENIED_IDS = (
    "ActiveDirectoryCmdlet:System.UnauthorizedAccessException",
    "ActiveDirectoryCmdlet:System.Security.Authentication.AuthenticationException",
    "ActiveDirectoryServer:8344",  # Win32 ERROR_DS_INSUFF_ACCESS_RIGHTS
)
_DIRECTORY_DOWN = "Microsoft.ActiveDirectory.Management.ADServerDownException"


def error_of(problem: Problem, *, target: str, script: str, secrets: Collection[str] = ()) -> TargetError:
    """Return the error that a script's problem stands for; `ScriptFailed` unless it is about permissions."""
    detail = excerpt(problem.message, secrets=secrets, longest=_LONGEST_DETAIL)
    if _is_denied(problem):
        key = "directory-access-denied" if script in _ASK_THE_DIRECTORY else "script-access-denied"
        return NotPermitted(key, target=target, script=script, detail=detail)
    return ScriptFailed(target=target, script=script, detail=detail, error_id=problem.id, key=_key(problem, script))


def _is_denied(problem: Problem) -> bool:
    denied = problem.category == "PermissionDenied" or problem.type in _DENIED_TYPES
    return denied or _first(problem) in _DENIED_IDS


def _key(problem: Problem, script: str) -> str:
    if script == _SETS_WRITEBACK and _INVALID_STATE.search(problem.message):
        return "writeback-invalid-state"
    if script == _SETS_WRITEBACK and _CYCLE_RUNS.search(problem.message):
        return "writeback-cycle-runs"
    if script == _SETS_WRITEBACK and _asks_credential(problem):
        return "writeback-credential-prompt"
    if _first(problem) == "Modules_ModuleNotFound":
        return "script-module-missing"
    if _first(problem) == "CommandNotFoundException":
        return "script-command-missing"
    if problem.type == _DIRECTORY_DOWN:
        return "directory-unreachable"
    return "script-prompted" if _is_prompt(problem) else "script-failed"


def _asks_credential(problem: Problem) -> bool:
    """Tell whether the cmdlet wanted a credential: it prompted, or the parameter is mandatory in this build."""
    mandatory = _first(problem) == "MissingMandatoryParameter" and _CREDENTIAL in problem.message
    return mandatory or _is_prompt(problem)


def _is_prompt(problem: Problem) -> bool:
    return problem.type in _PROMPT_TYPES or _PROMPT_SWITCH in problem.message


def _first(problem: Problem) -> str:
    """Return the identifier without the name of the command that reported it."""
    return problem.id.partition(",")[0]
