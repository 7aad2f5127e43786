"""A person signs in to a notebook in JupyterLab: no cell waits for them, nothing keeps the code, and the wait can be stopped."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from runbook_lib.lab.cloud.state import CloudTenant
from runbook_lib.lab.descriptor import CA_FILE
from runbook_lib.notebook.sign_in_widget import CodeWidget
from tests.notebooks.served import PORTAL, Served
from tests.unit.notebook.conftest import Cells

OPEN = f'from runbook_lib.notebook import open_runbook\nrun = open_runbook("{PORTAL}", panels=True)'
LONGEST = 60  # seconds


class Signing:
    """A notebook whose first step asks somebody to sign in, and what that somebody does."""

    def __init__(self, served: Served, cells: Cells) -> None:
        self.served, self.cells = served, cells
        self.by_itself = self.tenant.auto_approval
        self.tenant.auto_approval = None
        cells.given(served.data(language="en"))
        self.shown = [self._run(OPEN), self._run('run.step("p1")')]

    @property
    def tenant(self) -> CloudTenant:
        return self.served.lab.tenants["contoso"].cloud

    @property
    def session(self) -> Any:
        return self.cells.shell.user_ns["run"]

    @property
    def panel(self) -> Any:
        return self.session.views.steps["p1"].panel

    @property
    def status(self) -> str:
        return str(self.session.views.result("p1").status)

    def code(self) -> str:
        """Return the code as it goes to the browser."""
        until = time.monotonic() + LONGEST
        while not self.panel.sign_in.children:
            assert time.monotonic() < until
        (widget,) = self.panel.sign_in.children
        assert isinstance(widget, CodeWidget)
        return str(widget._shown()["code"])  # noqa: SLF001  # the message, which in this shell nobody receives

    def decide(self, code: str, decision: str) -> None:
        with requests.Session() as session:
            session.trust_env, session.verify = False, str(self.served.descriptors / CA_FILE)
            form = {"user_code": code, "upn": self.by_itself.upn if self.by_itself else "", "decision": decision}
            session.post(f"{self.served.lab.cloud_url}/devicelogin", data=form).raise_for_status()

    def settle(self) -> None:
        assert self.session.work.submit(lambda: None).ended.wait(LONGEST)

    def kept(self) -> dict[str, str]:
        """Return everything that outlives the notebook, and what was shown in it."""
        files = [path for path in self.served.outputs.rglob("*") if path.is_file()]
        texts = {str(path): path.read_bytes().decode("utf-8", "replace") for path in files}
        states = {each.model_id: json.dumps(each.get_state(), default=str) for each in widgets(self.panel.widget)}
        return texts | states | {"shown": str(self.shown)}

    def _run(self, code: str) -> str:
        assert self.cells.run(code).success, self.cells.printed
        return str([output.data for output in self.cells.shown]) + self.cells.printed


def widgets(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from widgets(child)


@pytest.fixture
def signing(in_the_lab: Served, cells: Cells) -> Iterator[Signing]:
    made = Signing(in_the_lab, cells)
    yield made
    made.session.work.stop()
    made.settle()
    made.session.close()
    made.tenant.auto_approval = made.by_itself


def test_a_cell_does_not_wait_for_a_person_and_goes_on_once_they_signed_in(signing: Signing) -> None:
    code = signing.code()
    assert len(code) == 9
    assert signing.status == "to-do"

    signing.decide(code, "approve")
    signing.settle()

    assert signing.status == "compliant"
    assert signing.panel.sign_in.children == ()


def test_nothing_that_is_kept_ever_holds_the_code(signing: Signing) -> None:
    """Neither while it counts nor afterwards: records, widget state, what the cells show."""
    code = signing.code()
    during = signing.kept()
    signing.decide(code, "approve")
    signing.settle()
    after = signing.kept()

    assert any("journal.jsonl" in name for name in during)
    assert len(during) > 5
    assert [name for kept in (during, after) for name, text in kept.items() if code in text] == []


def test_a_person_who_declines_is_told_so_on_the_card(signing: Signing) -> None:
    signing.decide(signing.code(), "decline")
    signing.settle()

    told = [finding.message.key for finding in signing.session.views.result("p1").findings]
    assert told == ["sign-in-declined"]
    assert signing.panel.sign_in.children == ()


def test_stop_ends_the_wait_for_a_person_within_seconds(signing: Signing) -> None:
    signing.code()
    begun = time.monotonic()

    signing.session.work.stop()
    signing.settle()

    assert time.monotonic() - begun < 10
    assert signing.panel.sign_in.children == ()
    assert signing.status != "compliant"
