"""The change record of a run: how its system is reached, and what it says now. Reads only; nothing here approves anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from runbook_lib.adapters.change_records import Account, Jira, ServiceNow, Site
from runbook_lib.adapters.clock import SystemClock
from runbook_lib.adapters.http import Network, open_session
from runbook_lib.errors import ParameterError
from runbook_lib.evidence import TOKEN, Redactor
from runbook_lib.parameters import Parameters
from runbook_lib.ports import ChangeRecord, Clock
from runbook_lib.wiring.connecting import Trust, fetch_secret, trust_of
from runbook_lib.wiring.lab_descriptor import find_lab
from runbook_lib.wiring.places import from_root, lab_folder


def read_change(parameters: Parameters, redactor: Redactor, clock: Clock | None = None) -> ChangeRecord:
    """Return the change record that the parameters name, as it is now. The credential is made known to the redactor first.

    Raises:
        ParameterError: the parameters do not say how it is reached, or the secret cannot be had.
        TargetError: it cannot be read, or is in a shape that we do not know.
    """
    number = parameters.change.number or ""
    with change_record(parameters, number, redactor, clock, what="gate") as record:
        return record.read()


@contextmanager
def change_record(
    parameters: Parameters, number: str, redactor: Redactor, clock: Clock | None = None, *, what: str
) -> Iterator[ServiceNow | Jira]:
    """Open the record of that number in the system of the parameters; `what` needs it, as an error says. Raises `ParameterError`."""
    change = parameters.change
    given = {"system": change.system != "none", "address": bool(change.address), "credential": bool(change.credential)}
    if missing := tuple(name for name, is_given in given.items() if not is_given):
        raise ParameterError("change-not-in-parameters", what=what, missing=missing)
    trust = trust_of(parameters, find_lab(lab_folder()) if parameters.profile == "lab" else None)
    account = _account(parameters, trust, redactor)
    root = change.address or ""
    # What goes over the wire proves who we are, too: an access token, or name and password as HTTP writes them.
    session = open_session(_network(parameters, trust), partial(redactor.learn, rule=TOKEN))
    site = Site(root=root, session=session, account=account, clock=clock or SystemClock())
    record = ServiceNow(site, number) if change.system == "servicenow" else _jira(site, number, change.system)
    try:
        yield record
    finally:
        record.close()


def _jira(site: Site, number: str, system: str) -> Jira:
    return Jira(site, number, "jira-cloud" if system == "jira-cloud" else "jira-data-center")


def _account(parameters: Parameters, trust: Trust, redactor: Redactor) -> Account:
    change = parameters.change
    return Account(fetch_secret(change.credential, trust, redactor), change.username or "", change.client_id or "")


def _network(parameters: Parameters, trust: Trust) -> Network:
    """Trust what the parameters name, else the lab's own authority, else what the machine trusts; proxies of the environment but for the lab."""
    chosen = parameters.change.ca_file
    ca_file = from_root(chosen) if chosen else trust.ca_file
    return Network(ca_file=str(ca_file or ""), environment=trust.ca_file is None)
