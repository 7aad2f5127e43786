"""How a tenant is reached: connections, trust, and what must never be written. Runs of one notebook share it, one after another."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from runbook_lib.adapters.turns import Turns
from runbook_lib.evidence import Redactor
from runbook_lib.parameters import Parameters
from runbook_lib.ports import Clock, Target
from runbook_lib.wiring.connecting import Connecting, ShowCode, trust_of
from runbook_lib.wiring.known_secrets import learn_of_storage
from runbook_lib.wiring.lab_descriptor import find_lab
from runbook_lib.wiring.places import lab_folder


@dataclass(frozen=True)
class Reach:
    """The targets by name, the redactor that knows their secrets, where a person finds the portal's page, and the turns that are taken
    where other runs ask the same services.

    A person who signed in for one run is signed in for the next: the tokens live here, in memory.
    """

    targets: dict[str, Target]
    redactor: Redactor
    portal_page: str
    turns: Turns | None
    _opened: ExitStack

    def close(self) -> None:
        """Give back shells and connections, and forget the sign-in. A second call does nothing."""
        for target in self.targets.values():
            target.close()
        self._opened.close()


def reach(parameters: Parameters, show_code: ShowCode, clock: Clock | None = None) -> Reach:
    """Prepare the connections of a tenant. Secrets are fetched here; nothing is sent.

    `show_code` gets the code of a device sign-in; every wait, also that for a person, goes by `clock`, whose `sleep` may end it.
    Raises `UsageProblem` when something in the parameters cannot be carried out, or no lab answers.
    """
    trust = trust_of(parameters, find_lab(lab_folder()) if parameters.profile == "lab" else None)
    redactor = Redactor()
    learn_of_storage(redactor)
    with ExitStack() as opened:
        connecting = Connecting(parameters, trust, redactor, show_code, opened, clock)
        targets, page = connecting.targets(), trust.cloud.page or trust.cloud.portal
        return Reach(targets, redactor, page, connecting.turns, opened.pop_all())
