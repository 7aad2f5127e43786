"""With `change.gate` a run over the served lab is applied only as its change record in ServiceNow or Jira allows it."""

from typing import Any

import pytest

from runbook_lib.errors import NotApproved
from runbook_lib.evidence import read_journal
from runbook_lib.parameters import check_parameters
from runbook_lib.wiring import Assembly, assemble
from tests.notebooks.served import CONNECT, Served
from tests.rehearsal import carried_out


def ended(lab: Served, system: str, **changed: Any) -> Assembly:
    record = lab.world.tenant("contoso").change
    number = record.number if system == "servicenow" else record.key
    change = {"gate": True, "system": system, "number": number, "address": lab.lab.cloud_url}
    assembly = assemble(CONNECT, check_parameters(lab.data(change=change, **changed)), show_code=lambda *_: None)
    carried_out(assembly.run)
    assembly.finish()
    return assembly


@pytest.mark.parametrize("system", ["servicenow", "jira-cloud"])
def test_nothing_is_sent_before_the_record_holds_the_plan_and_then_it_is(lab: Served, system: str) -> None:
    server, record = lab.world.tenant("contoso").server, lab.world.tenant("contoso").change
    record.description = ""
    server.set_writeback("contoso.onmicrosoft.com - AAD", enabled=False)
    digest = ended(lab, system).plan_digest
    apply = {"mode": "apply", "approved_plan": digest}
    before = server.changes

    refused = ended(lab, system, **apply).run.error
    assert isinstance(refused, NotApproved)
    assert [each.key for each in refused.reasons] == ["change-without-digest"]
    assert server.changes == before

    record.description = f"Implementation: {digest}"
    done = ended(lab, system, **apply)

    assert (done.run.exit_code, server.changes) == (0, before + 1)
    lines = read_journal(done.folder / "journal.jsonl")
    (change,) = [line.data["approval"]["change"] for line in lines if line.event == "approved"]
    assert change["number"] == (record.number if system == "servicenow" else record.key)
