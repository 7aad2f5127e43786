"""Names that a directory or a tenant holds may be anybody's: nothing in them ever runs in the browser of who reads them."""

from dataclasses import replace

from playwright.sync_api import Page, expect

from runbook_lib.lab.cloud.state import CloudTenant
from runbook_lib.lab.directory import Directory
from tests.browser.driver import Desk
from tests.notebooks.served import PREFLIGHT, VERIFY, Served

BITE = "<script>window.bitten=1</script><img src=x onerror=window.bitten=1>"

# A result with something hostile in every field that a system or a person fills, wherever the kit shows such a field.
EVERYWHERE = """
from runbook_lib.notebook.card import Setting, bundle
from runbook_lib.notebook.display import Place, show_widget
from runbook_lib.notebook.overview import Heading, banner, overview
from runbook_lib.notebook.panel import Clicks, Controls, StepPanel
from runbook_lib.model import *
from runbook_lib.texts import MESSAGES, Message, placeholders
from tests.unit.notebook.made import BITES, FINISHED, STARTED
bites = [{bite!r}, *(bite.replace("alert(1)", "window.bitten=1") for bite in BITES)]
setting = Setting("en", True, "http://127.0.0.1:9/" + {bite!r}, "preflight")
def message(key, bite):
    entry = MESSAGES[key]
    texts = [entry.what.en, entry.fix.en if entry.fix else ""]
    return Message(key, dict.fromkeys(set().union(*map(placeholders, texts)), bite))
def result(bite, number):
    status, level = list(Status)[number % len(Status)], list(Level)[number % len(Level)]
    findings = tuple(Finding(level, message(key, bite)) for key in sorted(MESSAGES)[number :: len(bites)])
    value = {{bite: [bite, {{bite: bite}}]}}
    changes = tuple(Change(target, bite, bite, value, bite, {{bite: bite}}) for target in ("operator", bite))
    facts = (Fact("connectors", value, bite), Fact("administrator", bite, bite))
    return StepResult("c7", status, facts, findings, changes, STARTED, FINISHED)
results = [result(bite, number) for number, bite in enumerate(bites)]
for one, bite in zip(results, bites):
    Place(bundle(one, setting))
    heading = Heading("preflight", bite, bite, "plan", bite, plan_digest=bite, change=bite)
    Place({{"text/html": banner(heading, setting) + overview(heading, [one], setting)}})
    panel = StepPanel("c7", "en", Clicks(*[lambda *_: None] * 4), applies=True)
    panel.show(Controls(said=bite, armed=bite))
    show_widget(panel.widget, bite)
"""


def spoil(cloud: CloudTenant, directory: Directory) -> None:
    """Put what would run into every name that an administrator or a user can choose. Only some of them are ever shown."""
    cloud.display_name = BITE
    for account in cloud.accounts:
        account.display_name = BITE
    for row in cloud.registrations:
        row.display_name = BITE
    for domain in directory:
        domain.units = tuple(replace(unit, dn=unit.dn.replace("OU=Sales", f"OU=Sales{BITE}")) for unit in domain.units)
        domain.users[:] = [replace(user, name=f"{BITE} {number}") for number, user in enumerate(domain.users)]


def is_bitten(page: Page) -> bool:
    return bool(page.evaluate("() => 'bitten' in window"))


def test_a_tenant_with_hostile_names_is_read_in_a_live_notebook(desk: Desk, served: Served) -> None:
    """Its notebook is trusted, so that markup in it would run; and so is the saved one that is opened again."""
    world = served.world.tenant("contoso")
    spoil(served.lab.tenants["contoso"].cloud, world.directory)
    world.faults.add("missing_right")
    book = desk.working_copy("en", VERIFY, served.data(language="en"))
    tab = desk.open(book).run_all()
    expect(tab.overview.last).to_contain_text("steps done")
    expect(tab.book).to_contain_text("onerror=window.bitten=1")
    tab.save()

    again = desk.read(book, trusted=True)

    expect(again.overview.last).to_contain_text("steps done")
    assert [is_bitten(page) for page in (tab.page, again.page)] == [False, False]


def test_nothing_runs_in_any_field_of_a_card_an_overview_or_a_panel(desk: Desk) -> None:
    book = desk.working_copy("en", PREFLIGHT, {})
    tab = desk.open(book)
    tab.rewrite("given", EVERYWHERE.format(bite=BITE))

    tab.run("given")

    expect(tab.stops("given")).to_have_count(0)
    expect(tab.overview.last).to_be_visible()
    assert tab.cards.count() == tab.overview.count() == tab.book.locator(".rk-panel").count() > 10
    expect(tab.cards.first).to_contain_text(BITE)
    assert not is_bitten(tab.page)


def test_what_would_run_does_run_where_nobody_escapes_it(desk: Desk) -> None:
    """So that the tests of this page can fail."""
    tab = desk.open(desk.working_copy("en", PREFLIGHT, {}))
    tab.rewrite("given", f"from IPython.display import HTML, display\ndisplay(HTML({BITE!r}))")

    tab.run("given")

    tab.wait_for("() => 'bitten' in window")
