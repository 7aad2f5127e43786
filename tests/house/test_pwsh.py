"""The scripts in real PowerShell, over stub modules, where `pwsh` is on the PATH; elsewhere this file is not collected.

Not run yet: there was no PowerShell where it was written. A failure here may be a mistake of the stubs. The scripts that need
Windows itself (registry, services, event log) are left out.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.adapters.scripts import bootstrap_arguments, load_script
from runbook_lib.adapters.sync_server.envelope import Batch, Item, Problem, Value
from runbook_lib.facts import READINGS
from runbook_lib.ports import Answer

STUBS = Path(__file__).resolve().parents[1] / "data" / "powershell" / "stubs"
CONFIG = Path("Microsoft Azure Active Directory Connect", "AdSyncConfig")

READ = (
    *("company_features", "connectors", "global_settings", "password_writeback", "scheduler"),
    *("directory_rights", "domain_policies", "inheritance_breaks"),
)
DONE: dict[str, tuple[dict[str, Any], str]] = {
    "set_password_writeback": ({"connector": "été", "enabled": True}, "été True"),
    "grant_writeback_rights": (
        {"account_name": "MSOL_0a1b", "account_domain": "contoso.example"},
        "contoso.example MSOL_0a1b False",
    ),
    "revoke_writeback_rights": (
        {
            "domains": [
                {
                    "dn": "DC=contoso,DC=example",
                    "rules": [
                        {
                            "sid": "S-1-5-21-1-2-3-1604",
                            "access": "Allow",
                            "rights": 256,
                            "object_type": "00299570-246d-11d0-a768-00aa006e0529",
                            "inheritance": "Descendents",
                            "inherited_object_type": "bf967aba-0de6-11d0-a285-00aa003049e2",
                        }
                    ],
                }
            ]
        },
        "DC=contoso,DC=example",
    ),
    "start_delta_cycle": ({}, "Success"),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Value | Problem]:
    """What the bootstrap answers to all scripts in one process."""
    programs = tmp_path_factory.mktemp("programs")
    shutil.copytree(STUBS / "AdSyncConfig", programs / CONFIG)
    items = [Item(name, load_script(name)) for name in READ]
    items += [Item(name, load_script(name), arguments) for name, (arguments, _) in DONE.items()]
    batch = Batch([*items, Item("broken", "throw 'été'")])
    program = shutil.which("pwsh")
    assert program
    finished = subprocess.run(
        [program, *bootstrap_arguments()],
        input=batch.stdin,
        env=os.environ
        | {"PSModulePath": str(STUBS), "ProgramFiles": str(programs)}
        | {"POWERSHELL_TELEMETRY_OPTOUT": "1", "POWERSHELL_UPDATECHECK": "Off"},
        capture_output=True,
        check=True,
        timeout=120,
    )
    names = [item.name for item in batch.items]
    return dict(zip(names, batch.read(finished.stdout), strict=True))


@pytest.mark.parametrize("name", READ)
def test_every_reading_is_a_fact_in_real_powershell(answers: dict[str, Value | Problem], name: str) -> None:
    answer = answers[name]

    assert isinstance(answer, Value), answer
    assert READINGS[name].parse(Answer(name, answer.value, ""))
    assert "not for us" not in repr(answer.value)


@pytest.mark.parametrize("name", DONE)
def test_every_action_hands_its_arguments_over_in_real_powershell(
    answers: dict[str, Value | Problem], name: str
) -> None:
    assert answers[name] == Value({"output": [DONE[name][1]]})


def test_an_error_has_its_four_fields_in_real_powershell(answers: dict[str, Value | Problem]) -> None:
    problem = answers["broken"]

    assert isinstance(problem, Problem)
    assert (problem.message, problem.category) == ("été", "OperationStopped")
