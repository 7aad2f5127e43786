"""Who approved is who the operating system says, and nobody else."""

import os
import pwd

import pytest

from runbook_lib.wiring.account import account_name


def test_the_name_does_not_come_from_what_a_person_can_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")

    assert account_name() == pwd.getpwuid(os.geteuid()).pw_name
