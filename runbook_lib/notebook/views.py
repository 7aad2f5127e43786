"""What the cells of an interactive notebook show: a card and a panel a step, the overview, all drawn from results alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runbook_lib.model import Status, StepResult
from runbook_lib.notebook.attaching import Attachment, attachment_bundle
from runbook_lib.notebook.card import Setting, bundle
from runbook_lib.notebook.display import Place, close_widget, show_widget
from runbook_lib.notebook.guided_form import Asked, Failed, GuidedForm, Written
from runbook_lib.notebook.history import EarlierChange, changed_earlier
from runbook_lib.notebook.opening_panel import OpeningPanel
from runbook_lib.notebook.overview import Heading, banner_bundle, open_steps, overview_bundle
from runbook_lib.notebook.panel import Clicks, StepPanel
from runbook_lib.notebook.sign_in_widget import SignInSlot
from runbook_lib.parameters import Parameters
from runbook_lib.ports import Runbook
from runbook_lib.texts import Language
from runbook_lib.texts.panel import PANEL
from runbook_lib.wiring import outputs_root


class StepView:
    """The card of a step and the panel under it, in the cell that made them last."""

    def __init__(
        self, result: StepResult, setting: Setting, clicks: Clicks, *, applies: bool, earlier: EarlierChange | None
    ) -> None:
        """Show both. `earlier` is what an earlier run changed in this step."""
        self._shown = result, earlier
        content = bundle(result, setting, earlier)
        self._place = Place(content)
        self.panel = StepPanel(result.step, setting.language, clicks, applies=applies)
        self.panel.draw(str(content["text/html"]))
        self._form: GuidedForm | None = None
        self._asked: Asked | None = None
        self.sign_in = SignInSlot(self.panel.sign_in, setting.language)
        show_widget(self.panel.widget, PANEL["kept"].say(setting.language, step=result.step.upper()))

    def guide(
        self, asked: Asked | None, setting: Setting, on_attest: Written, on_error: Failed, *, is_busy: bool
    ) -> None:
        """Ask for a person's word, where a plan needs one; names that were typed stay while the form comes and goes."""
        if asked is None:
            if self.panel.guided.children:
                self.panel.guided.children = ()
            return
        if self._form is None:
            self._form = GuidedForm(asked, setting.language, setting.portal_page, on_attest, on_error)
        elif asked != self._asked:
            self._form.ask(asked)
        self._asked = asked
        self._form.busy(is_busy)
        if not self.panel.guided.children:
            self.panel.guided.children = (self._form.widget,)

    def close(self) -> None:
        """Give back the widgets of a cell that was run again: kernel and browser would keep them until they end."""
        for widget in [self.panel.widget, *([self._form.widget] if self._form else [])]:
            close_widget(widget)

    def draw(self, result: StepResult, setting: Setting, earlier: EarlierChange | None) -> None:
        """Draw the card again where it says something else."""
        if result is not self._shown[0] or earlier is not self._shown[1]:
            self._shown = result, earlier
            content = bundle(result, setting, earlier)
            self._place.replace(content)
            self.panel.draw(str(content["text/html"]))


class Views:
    """All that is shown of one runbook. A step is known by its id; its newest cell is the one that is drawn."""

    def __init__(self, runbook: Runbook, language: Language) -> None:
        """Show nothing yet."""
        self.heading = Heading(runbook.slug, "", "", "panel", "")
        self.setting = Setting(language, is_lab=True, runbook=runbook.slug)
        self.steps: dict[str, StepView] = {}
        self._runbook = runbook
        self._results: Mapping[str, StepResult] = {}
        self._opening: OpeningPanel | None = None
        self._earlier: Mapping[str, EarlierChange] = {}
        self._is_drawn = True
        self._banner: Place | None = None
        self._overviews: list[Place] = []
        self._attachment: Attachment | None = None
        self._attached: Place | None = None

    def set_tenant(self, parameters: Parameters, portal_page: str) -> None:
        """Show another tenant from the next drawing on: nothing that was said of the one before holds."""
        self._results, self._earlier, self._is_drawn = {}, {}, False
        self.setting = Setting(self.setting.language, parameters.profile == "lab", portal_page, self._runbook.slug)
        self.heading = Heading(
            self._runbook.slug, parameters.tenant.name, "", "panel", "", change=parameters.change.number or ""
        )

    def show_top(self, opening: OpeningPanel | None = None) -> None:
        """Show the panel to choose a tenant in, the one of before if none is given; banner and overview below it."""
        self._opening = opening or self._opening
        if self._opening is not None:
            show_widget(self._opening.widget, PANEL["kept-opening"].say(self.setting.language))
        self._banner = Place(self._banner_bundle())
        self._overviews = [Place(self._overview_bundle())]

    def show_end(self) -> None:
        """Show the overview once more, where a cell closes the runbook, and below it what became of the record."""
        self._overviews = [*self._overviews[:1], Place(self._overview_bundle())]
        self._attached = Place(attachment_bundle(self._attachment, self.setting.language))

    def tell(self, attachment: Attachment | None) -> None:
        """Show what became of the record, where a cell closes the runbook."""
        if attachment is not self._attachment:
            self._attachment = attachment
            if self._attached:
                self._attached.replace(attachment_bundle(attachment, self.setting.language))

    def show_step(self, step_id: str, clicks: Clicks) -> StepView:
        """Show a step's card as it is now, and its panel."""
        applies = self.is_applying_step(step_id)
        if step_id in self.steps:
            self.steps[step_id].close()
        self.steps[step_id] = StepView(
            self.result(step_id), self.setting, clicks, applies=applies, earlier=self._earlier.get(step_id)
        )
        return self.steps[step_id]

    def is_applying_step(self, step_id: str) -> bool:
        """Tell whether a step is the one that sends."""
        return self._runbook.step(step_id).kind == "apply"

    def result(self, step_id: str) -> StepResult:
        """Return the last word on a step; one that nobody has looked at is still to do."""
        return self._results.get(step_id) or StepResult(step_id, Status.TO_DO)

    @property
    def results(self) -> list[StepResult]:
        """Return the last word on every step, in order."""
        return [self.result(step.id) for step in self._runbook.steps]

    @property
    def open_steps(self) -> tuple[str, ...]:
        """Return the steps that have not come to their end, each with its state in words."""
        return open_steps(self.results, self.setting.language)

    def draw(self, results: Mapping[str, StepResult], **heading: Any) -> None:
        """Draw everything again that these results, or a new heading, change, or that could not be drawn the last time."""
        if self._is_drawn and dict(results) == self._results and replace(self.heading, **heading) == self.heading:
            return
        self._is_drawn = False
        self._results = dict(results)
        known, self.heading = self.heading, replace(self.heading, **heading)
        if (known.tenant, known.run_id) != (self.heading.tenant, self.heading.run_id):
            self._earlier = changed_earlier(
                outputs_root(), self.heading.tenant, self._runbook.slug, self.heading.run_id
            )
        for step_id, view in self.steps.items():
            view.draw(self.result(step_id), self.setting, self._earlier.get(step_id))
        if self._banner and heading:
            self._banner.replace(self._banner_bundle())
        for place in self._overviews:
            place.replace(self._overview_bundle())
        self._is_drawn = True

    def _banner_bundle(self) -> dict[str, object]:
        return self._once_chosen(banner_bundle(self.heading, self.setting))

    def _overview_bundle(self) -> dict[str, object]:
        return self._once_chosen(overview_bundle(self.heading, self.results, self.setting))

    def _once_chosen(self, content: dict[str, object]) -> dict[str, object]:
        """Draw nothing before a tenant is chosen."""
        return content if self.heading.tenant else {**content, "text/html": ""}
