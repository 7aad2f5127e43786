"""A person's hands in a shell without a browser: they run cells, type and click, and read what panels say."""

from pathlib import Path
from typing import Any

from runbook_lib.evidence import read_journal
from runbook_lib.model import Status
from tests.notebooks.served import CONNECT, PORTAL, Served
from tests.unit.notebook.conftest import Cells
from tests.unit.notebook.page import Page
from tests.waiting import until

OPEN = 'from runbook_lib.notebook import open_runbook\nrun = open_runbook("{slug}", panels=True)'
STEPS = {CONNECT: [f"c{n}" for n in range(1, 9)], PORTAL: [f"p{n}" for n in range(1, 6)]}
CLOUD = "contoso.onmicrosoft.com - AAD"
LONGEST = 300  # seconds; a busy machine is no failure


class Hands:
    """What a person does: runs all cells, types and clicks."""

    def __init__(self, cells: Cells, slug: str, data: dict[str, Any]) -> None:
        self.cells, self.slug = cells, slug
        cells.given(data)

    @property
    def session(self) -> Any:
        return self.cells.shell.user_ns["run"]

    def run_all(self) -> None:
        assert self.cells.run(OPEN.format(slug=self.slug)).success, self.cells.printed
        for step in STEPS[self.slug]:
            assert self.cells.run(f'run.step("{step}")').success, self.cells.printed
        self.settle()  # no cell waits for a person; the lab signs in by itself, a moment later

    def widget(self, step: str, name: str) -> Any:
        (found,) = having_class(self.session.views.steps[step].panel.widget, f"rk-{name}")
        return found

    def says(self, step: str) -> str:
        return str(self.widget(step, "status").said)

    def status(self, step: str) -> Status:
        result: Status = self.session.views.result(step).status
        return result

    def told(self, step: str) -> list[str]:
        return [finding.message.key for finding in self.session.views.result(step).findings]

    def page(self, step: str, css: str = "rk-confirm") -> Page:
        """A page that draws the step's buttons now."""
        found = having_class(self.session.views.steps[step].panel.widget, "rk-buttons")
        (buttons,) = [each for each in found if each.css == css]
        return Page(buttons)

    def can(self, step: str, name: str, typed: str = "") -> bool:
        return self.page(step).can(name, typed or step)

    def press(self, step: str, name: str, typed: str = "") -> None:
        """Press a button, with the step's name typed for a confirmation."""
        self.page(step).press(name, typed or step)

    def click(self, step: str, name: str, times: int = 1) -> None:
        page = self.page(step)
        for _ in range(times):
            page.press(name, step)
        self.settle()

    def settle(self) -> None:
        assert self.session.work.submit(lambda: None).ended.wait(LONGEST)

    def apply(self, step: str, times: int = 1) -> None:
        assert self.can(step, "apply")
        self.click(step, "apply", times)


def having_class(widget: Any, name: str) -> list[Any]:
    inside = [found for child in getattr(widget, "children", ()) for found in having_class(child, name)]
    return [widget, *inside] if name in widget._dom_classes else inside  # noqa: SLF001  # how a browser finds it, too


def events(folder: Path) -> list[str]:
    return [line.event for line in read_journal(folder / "journal.jsonl")]


def guided(in_the_lab: Served, cells: Cells) -> Hands:
    """The portal's runbook, by hand, on a tenant whose server side is on."""
    in_the_lab.world.tenant("contoso").server.set_writeback(CLOUD, enabled=True)
    person = Hands(cells, PORTAL, in_the_lab.data(language="en", sspr={"provider": "guided"}))
    person.run_all()
    assert person.status("p5") is Status.NEEDS_OPERATOR, [(step, person.told(step)) for step in STEPS[PORTAL]]
    return person


def sign(person: Hands, **seen: bool) -> None:
    """Fill in the form of the last step and sign."""
    for name, value in seen.items():
        person.widget("p5", f"seen-{name.replace('_', '-')}").value = value
    person.widget("p5", "by").value = "Camille Martin"
    person.page("p5", "rk-attest-confirm").press("attest", "p5")
    person.settle()


def sent_and_waiting(in_the_lab: Served, cells: Cells) -> Hands:
    """The first runbook, applied as far as that the change is sent and waits to take effect."""
    in_the_lab.world.tenant("contoso").faults.add("slow_onboarding")
    person = Hands(cells, CONNECT, in_the_lab.data(language="en"))
    person.run_all()
    person.press("c7", "apply")
    until(lambda: in_the_lab.state()[0] > 0)
    return person
