"""A fail-closed interpreter for the subset of Windows PowerShell 5.1 in which the kit's scripts are written.

It runs the exact text a client sends. Whatever it does not model ends the process with an error and a non-zero exit
code; nothing is approximated in silence.
"""

from runbook_lib.lab.powershell.cmdlets import SWITCH, Call, Cmdlet, Parameter
from runbook_lib.lab.powershell.environment import Environment, NetType
from runbook_lib.lab.powershell.errors import CmdletError, LabUnsupported
from runbook_lib.lab.powershell.host import run_powershell
from runbook_lib.lab.powershell.values import NOTHING, EnumValue, HashTable, PSObject, TypeReference

__all__ = [
    "NOTHING",
    "SWITCH",
    "Call",
    "Cmdlet",
    "CmdletError",
    "EnumValue",
    "Environment",
    "HashTable",
    "LabUnsupported",
    "NetType",
    "PSObject",
    "Parameter",
    "TypeReference",
    "run_powershell",
]
