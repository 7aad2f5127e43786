"""The opening panel takes what an operator does, opens only what is complete and meant, and never keeps or repeats a secret."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runbook_lib.errors import LabNotRunning
from runbook_lib.notebook.opening_panel import OpeningPanel
from runbook_lib.notebook.opening_view import FIELDS, fields_shown, judged, lists
from runbook_lib.parameters import InvalidParametersError, Parameters, check_parameters, filled, read_parameters
from runbook_lib.parameters.problem import problem
from runbook_lib.texts import Language
from runbook_lib.wiring import last_choice, project_root, remember_choice
from runbook_lib.wiring.places import LAB, PARAMETERS

SLUG = "enable-connect-writeback"
EXAMPLES = project_root() / "parameters"
SECRET = "hunter2, the real one"

LIVE: dict[str, str] = {
    "profile": "live",
    "tenant.id": " 1A2B3C4D-0000-4000-8000-1a2b3c4d5e6f ",
    "tenant.name": "contoso-prod",
    "sync_server.endpoint": "https://sync1.contoso.com:5986/wsman",
    "sync_server.transport": "kerberos",
    "sign_in.method": "device-code",
    "sign_in.client_id": "5e6f7a8b-0000-4000-8000-5e6f7a8b9c0d",
}


class Operator:
    """Does what the browser does for a person, and sees what it shows."""

    def __init__(self, language: Language, chosen: Any, problems: Any, on_open: Callable[[Parameters], None]) -> None:
        self.errors: list[Exception] = []
        self.panel = OpeningPanel(SLUG, language, chosen, problems, on_open, on_error=self.errors.append)

    @property
    def sees(self) -> dict[str, Any]:
        return self.panel.state()

    def does(self, what: str, **more: Any) -> dict[str, Any]:
        self.panel.hear({"do": what, **more})
        return self.sees

    def types(self, entries: dict[str, Any]) -> dict[str, Any]:
        for name, value in entries.items():
            self.does("edit", name=name, value=value)
        return self.sees

    def chooses(self, name: str) -> dict[str, Any]:
        (index,) = [at for at, shown in enumerate(self.sees["files"]) if name in shown]
        return self.does("choose", file=index)


Sits = Callable[..., Operator]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tenants' files of this test's own, with two examples; nothing is remembered, and no lab serves."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv(LAB, str(tmp_path / "lab"))
    folder = tmp_path / "tenants"
    monkeypatch.setenv(PARAMETERS, str(folder))
    for name in ("lab/contoso.yml", "live/example.yml"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes((EXAMPLES / name).read_bytes())
    return folder


@pytest.fixture
def opened() -> list[Parameters]:
    return []


@pytest.fixture
def sits(files: Path, opened: list[Parameters]) -> Sits:
    """Somebody sits down before a panel."""

    def sit(
        language: Language = "en", chosen: Any = None, problems: Any = (), on_open: Any = opened.append
    ) -> Operator:
        return Operator(language, chosen, problems, on_open)

    return sit


def test_an_empty_form_says_what_is_missing_in_plain_words_and_does_not_open(
    sits: Sits, opened: list[Parameters]
) -> None:
    for language, heading in (("en", "6 things are missing:"), ("fr", "Il manque 6 éléments\u00a0:")):
        seen = sits(language).does("open")

        assert [each["heading"] for each in seen["lists"]] == [heading]
        assert not seen["openable"]
        assert not seen["folded"]
    assert opened == []


def test_one_thing_missing_is_said_in_the_singular(sits: Sits) -> None:
    operator = sits("fr")
    operator.types(LIVE)
    seen = operator.types({"tenant.name": ""})

    assert [each["heading"] for each in seen["lists"]] == ["Il manque 1 élément\u00a0:"]
    assert seen["lists"][0]["items"] == [{"name": "tenant.name", "label": "Locataire · Nom court", "text": ""}]


def test_a_file_of_the_lab_is_chosen_and_opened_in_two_clicks(sits: Sits, opened: list[Parameters]) -> None:
    operator = sits("en")
    seen = operator.chooses("contoso — LAB")
    assert (seen["badge"], seen["tenant"], seen["open"]) == ("LAB", "contoso", "Open contoso in the lab")
    assert seen["openable"]
    assert seen["lists"] == []

    seen = operator.does("open")
    expected = read_parameters(EXAMPLES / "lab" / "contoso.yml").model_copy(update={"language": "en"})
    assert opened == [expected]
    assert (seen["said"], seen["folded"]) == ("Opened: contoso — LAB.", True)


def test_whoever_works_in_one_language_goes_on_in_it_whatever_the_file_says(sits: Sits) -> None:
    assert sits("en").chooses("contoso")["entries"]["language"] == "en"
    assert sits("fr").chooses("example")["entries"]["language"] == "fr"


def test_a_real_tenant_is_opened_only_after_it_was_confirmed(sits: Sits, opened: list[Parameters]) -> None:
    operator = sits("fr")
    seen = operator.chooses("example — RÉEL")
    assert (seen["badge"], seen["open"], seen["openable"]) == ("RÉEL", "Ouvrir example — RÉEL", False)
    assert "example" in seen["confirm"]
    assert "1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f" in seen["confirm"]
    operator.does("open")
    assert opened == []

    assert operator.does("confirm", on=True)["openable"]
    assert not operator.does("open")["confirmed"]
    assert [each.profile for each in opened] == ["live"]


@pytest.mark.parametrize("then", ["edit", "choose"])
def test_a_confirmation_counts_for_what_was_confirmed_and_nothing_else(
    sits: Sits, opened: list[Parameters], then: str
) -> None:
    operator = sits()
    operator.chooses("example — LIVE")
    operator.does("confirm", on=True)
    if then == "edit":
        operator.types({"tenant.name": "another"})
    else:
        operator.chooses("example — LIVE")
    operator.does("open")

    assert not operator.sees["confirmed"]
    assert opened == []


def test_what_is_typed_is_opened(sits: Sits, opened: list[Parameters]) -> None:
    operator = sits()
    operator.types(LIVE | {"grant_permissions": True, "connect.wait_seconds": "60"})
    operator.types({"sync_server.other_endpoints": "https://b:5986/wsman\n\n https://c:5986/wsman "})
    operator.does("confirm", on=True)
    operator.does("open")

    (parameters,) = opened
    assert (parameters.tenant.id, parameters.mode) == ("1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f", "plan")
    assert (parameters.grant_permissions, parameters.connect.wait_seconds) == (True, 60)
    assert parameters.sync_server.other_endpoints == ("https://b:5986/wsman", "https://c:5986/wsman")


def test_problems_stand_at_their_fields_without_quotes_and_without_the_value(sits: Sits) -> None:
    operator = sits()
    operator.types(LIVE)
    seen = operator.types({"pilot_user": SECRET, "connect.wait_seconds": "5000", "sync_server.other_endpoints": "x\ny"})

    assert seen["fields"]["pilot_user"]["problems"] == [
        "This is not a user principal name. It looks like name@contoso.com."
    ]
    assert seen["fields"]["connect.wait_seconds"]["problems"] == ["This must be at most 3600."]
    assert len(seen["fields"]["sync_server.other_endpoints"]["problems"]) == 2
    assert [each["heading"] for each in seen["lists"]] == ["3 things have to be corrected:"]
    told = {key: value for key, value in seen.items() if key not in ("entries", "summaries")}
    assert SECRET not in repr(told)


def test_only_fields_that_the_way_of_signing_in_uses_are_shown(sits: Sits) -> None:
    operator = sits()
    seen = operator.types(LIVE)
    hidden = {name for name, field in seen["fields"].items() if field["hidden"]}
    assert {"sync_server.password", "sync_server.key_file", "sign_in.secret", "sign_in.key_password"} <= hidden
    assert not hidden & {"sync_server.kerberos_hostname", "sync_server.username", "sign_in.client_id", "tenant.id"}

    seen = operator.types({"sync_server.transport": "ntlm", "sync_server.kerberos_hostname": "sync1.contoso.com"})
    assert seen["fields"]["sync_server.password"] == {
        "problems": ["This is needed with transport: ntlm. Fill it in."],
        "what": "This is needed with transport: ntlm.",
        "lacks": True,
        "needed": True,
        "hidden": False,
        "note": "A reference looks like env:NAME, keyring:service/user, keyvault:vault/name, file:path or prompt:label.",
    }
    unused = seen["fields"]["sync_server.kerberos_hostname"]
    assert (unused["hidden"], unused["lacks"]) == (False, False)
    assert unused["problems"] != []


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("env:SYNC", "Well formed: the environment variable SYNC."),
        ("keyring:a/b", "Well formed: the entry a/b of this machine's keyring."),
        ("prompt:", "Well formed: you are asked, without echo, when it is needed."),
        ("keyring:a", "A reference looks like"),
    ],
)
def test_a_reference_says_where_it_leads_and_nobody_asks_there(
    sits: Sits, monkeypatch: pytest.MonkeyPatch, reference: str, place: str
) -> None:
    monkeypatch.setenv("SYNC", SECRET)
    operator = sits()
    seen = operator.types(LIVE | {"sync_server.transport": "ntlm", "sync_server.password": reference})

    assert seen["fields"]["sync_server.password"]["note"].startswith(place)
    assert SECRET not in repr(seen)


@pytest.mark.parametrize("said", [{"value": SECRET}, {"value": "", "literal": True}])
def test_a_secret_itself_is_not_taken_over_and_nothing_opens_with_it(
    sits: Sits, opened: list[Parameters], said: dict[str, Any]
) -> None:
    operator = sits()
    operator.types(LIVE | {"sync_server.transport": "ntlm", "sync_server.username": "svc"})
    operator.types({"sync_server.password": "env:SYNC"})
    seen = operator.does("edit", name="sync_server.password", **said)

    assert SECRET not in repr(seen)
    assert seen["entries"]["sync_server.password"] == ""
    assert seen["fields"]["sync_server.password"]["problems"][0].startswith("Only a reference")
    assert [item["text"] for item in seen["lists"][-1]["items"]] == ["Only a reference to the secret can stand here."]
    assert not seen["ready"]
    assert operator.types({"sync_server.password": "env:SYNC"})["ready"]


def test_a_secret_in_a_file_is_not_shown_and_the_operator_hears_that_others_may_have_read_it(
    sits: Sits, files: Path
) -> None:
    (files / "live" / "bad.yml").write_text(
        f"profile: live\ntenant: {{name: bad, wat: 1}}\nsync_server:\n  transport: ntlm\n  password: {SECRET}\n",
        encoding="utf-8",
    )
    operator = sits()
    seen = operator.chooses("⚠ bad — LIVE")

    assert SECRET not in repr(seen)
    assert len(seen["notes"]) == 2
    assert "tenant.wat" in seen["notes"][0]
    assert "change that secret" in seen["notes"][1]


def test_a_file_that_cannot_be_read_says_so(sits: Sits, files: Path) -> None:
    (files / "live" / "torn.yml").write_text("profile: [", encoding="utf-8")
    seen = sits("fr").chooses("⚠ torn")

    assert "Ce n'est pas du YAML" in seen["notes"][0]
    assert seen["file"] >= 0


def test_the_last_choice_of_this_runbook_and_language_is_there_again_and_not_yet_open(
    sits: Sits, opened: list[Parameters]
) -> None:
    first = sits()
    first.chooses("contoso")
    first.does("open")
    again = sits().sees

    assert (again["tenant"], again["openable"], again["folded"]) == ("contoso", True, False)
    assert sits("fr").sees["file"] == -1
    assert len(opened) == 1


def test_a_choice_that_was_changed_in_the_form_is_not_remembered_as_the_file(sits: Sits) -> None:
    operator = sits()
    operator.chooses("contoso")
    seen = operator.types({"connect.wait_seconds": "1"})
    operator.does("open")

    assert "changed in the form" in seen["place"]
    assert last_choice(SLUG, "en") is None


def test_a_remembered_file_that_is_not_on_the_list_is_not_chosen(sits: Sits, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.yml"
    elsewhere.write_bytes((EXAMPLES / "lab" / "contoso.yml").read_bytes())
    remember_choice(SLUG, "en", elsewhere)

    assert (sits().sees["file"], sits().sees["profile"]) == (-1, "")


def test_a_problem_that_no_field_has_is_told_all_the_same() -> None:
    """The form has every key that an operator fills in; a rule about any other must not go unsaid."""
    here = replace(
        judged(filled({})), problems=(problem("notebook", None, "mode", "parameter-not-a-choice", choices=()),)
    )
    (found,) = lists(here, fields_shown(here, (), "en"), "en")

    assert found["heading"] == "1 thing has to be corrected:"
    assert [item["text"] for item in found["items"]] == [
        "This is not one of the possible values. Choose one from the list."
    ]


def test_what_the_notebook_opened_with_is_shown_folded_with_its_file(sits: Sits) -> None:
    chosen = read_parameters(EXAMPLES / "lab" / "contoso.yml")
    seen = sits("en", chosen.model_copy(update={"language": "en"})).sees

    assert (seen["folded"], seen["tenant"], seen["openable"]) == (True, "contoso", True)
    assert "contoso" in seen["files"][seen["file"]]


def test_what_the_notebook_was_given_is_filled_in_and_its_problems_are_told(sits: Sits) -> None:
    values = {"profile": "lab", "tenant": {"id": "x", "name": "half"}, "wat": 1}
    with pytest.raises(InvalidParametersError) as caught:
        check_parameters(values)
    seen = sits("en", values, caught.value.problems).sees

    assert (seen["tenant"], seen["folded"]) == ("half", False)
    assert [note.partition(" ")[0] for note in seen["notes"]] == ["notebook:"]
    assert seen["fields"]["tenant.id"]["problems"] != []


def test_a_rollback_goes_with_its_tenant_and_is_dropped_with_it(sits: Sits, opened: list[Parameters]) -> None:
    """Without it the same runbook would turn the feature off altogether, so it is neither lost nor carried to another tenant."""
    chosen = read_parameters(EXAMPLES / "lab" / "contoso.yml").model_copy(
        update={"rollback_of": "contoso/20261122-1", "approved_plan": "0" * 64}
    )
    operator = sits("en", chosen)
    assert "contoso/20261122-1" in repr(operator.sees["notes"])
    assert "approved_plan" in repr(operator.sees["notes"])

    operator.does("open")
    operator.types({"tenant.id": "00000000-0000-4000-8000-000000000000"})
    operator.does("open")
    assert [(each.rollback_of, each.approved_plan) for each in opened] == [("contoso/20261122-1", ""), ("", "")]


def test_the_form_is_saved_as_a_file_that_is_chosen_from_then_on(sits: Sits, files: Path) -> None:
    operator = sits()
    seen = operator.types(LIVE)
    assert seen["savePlace"].endswith("/live/contoso-prod.yml")

    seen = operator.does("name", name="contoso-emea")
    assert seen["savePlace"].endswith("/live/contoso-emea.yml")
    assert not seen["saveExists"]

    seen = operator.does("save")
    saved = files / "live" / "contoso-emea.yml"
    assert read_parameters(saved).tenant.name == "contoso-prod"
    assert saved.as_posix() in seen["said"]
    assert "contoso-emea" in seen["files"][seen["file"]]
    assert last_choice(SLUG, "en") == saved


def test_a_file_that_is_there_is_replaced_only_when_asked(sits: Sits, files: Path) -> None:
    operator = sits()
    operator.chooses("contoso")
    before = (files / "lab" / "contoso.yml").read_bytes()
    seen = operator.does("save")
    assert (seen["kind"], seen["saveExists"]) == ("error", True)
    assert (files / "lab" / "contoso.yml").read_bytes() == before

    operator.does("save", replace=True)
    assert (files / "lab" / "contoso.yml").read_bytes() != before


@pytest.mark.parametrize("name", ["../live/example", "con", "A", "a/b", "a b", "."])
def test_a_name_that_leads_elsewhere_is_refused(sits: Sits, files: Path, name: str) -> None:
    operator = sits()
    operator.chooses("contoso")
    seen = operator.does("name", name=name)
    assert (seen["savePlace"], seen["saveExists"]) == ("", False)
    assert seen["saveProblem"].startswith("This cannot be the name of a file.")

    assert operator.does("save", replace=True)["kind"] == "error"
    assert sorted(each.name for each in files.rglob("*.yml")) == ["contoso.yml", "example.yml"]


def test_nothing_is_saved_while_something_is_missing(sits: Sits, files: Path) -> None:
    operator = sits()
    operator.does("name", name="early")
    operator.does("save")

    assert not list(files.rglob("early*"))


def test_a_new_file_is_on_the_list_after_reading_the_folder_again_and_what_was_typed_stays(
    sits: Sits, files: Path
) -> None:
    operator = sits()
    operator.chooses("contoso")
    operator.types({"pilot_user": "pilot@contoso.com"})
    (files / "lab" / "another.yml").write_bytes((files / "lab" / "contoso.yml").read_bytes())
    seen = operator.does("read-again")

    assert len(seen["files"]) == 3
    assert "contoso.yml" in seen["files"][seen["file"]]
    assert seen["entries"]["pilot_user"] == "pilot@contoso.com"
    (files / "lab" / "contoso.yml").unlink()
    assert operator.does("read-again")["file"] == -1


def refuse(parameters: Parameters) -> None:
    raise LabNotRunning("lab-not-running")


def fail(parameters: Parameters) -> None:
    raise ZeroDivisionError(SECRET)


def interrupt(parameters: Parameters) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("on_open", "said", "handed_on"),
    [
        (refuse, "no lab answers", [LabNotRunning]),
        (fail, "ZeroDivisionError, test_opening_panel.py:", [ZeroDivisionError]),
        (interrupt, "Stopped. Nothing was opened.", []),
    ],
)
def test_whatever_goes_wrong_while_opening_is_one_sentence_in_the_panel_and_handed_on(
    sits: Sits, on_open: Callable[[Parameters], None], said: str, handed_on: list[type[Exception]]
) -> None:
    operator = sits("en", on_open=on_open)
    operator.chooses("contoso")
    seen = operator.does("open")

    assert said in seen["said"]
    assert SECRET not in seen["said"]
    assert (seen["kind"], seen["busy"], seen["folded"], seen["openable"]) == ("error", False, False, True)
    assert [type(error) for error in operator.errors] == handed_on


def test_a_second_click_while_it_opens_does_nothing(sits: Sits) -> None:
    begun, may_go_on, opened = threading.Event(), threading.Event(), []

    def slowly(parameters: Parameters) -> None:
        opened.append(parameters)
        begun.set()
        may_go_on.wait(10)

    operator = sits("en", on_open=slowly)
    operator.chooses("contoso")
    clicked = threading.Thread(target=operator.does, args=("open",))
    clicked.start()
    assert begun.wait(10)
    busy = operator.does("open")
    operator.types({"tenant.name": "another"})
    may_go_on.set()
    clicked.join(10)

    assert (busy["busy"], busy["openable"], busy["said"]) == (True, False, "Opening contoso…")
    assert [each.tenant.name for each in opened] == ["contoso"]
    assert operator.sees["tenant"] == "contoso"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(sorted(FIELDS)),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["do", "name", "value"]), inner),
    max_leaves=4,
)
MESSAGES = ANYTHING | st.fixed_dictionaries(
    {"do": st.sampled_from(["edit", "choose", "confirm", "name", "read-again", "ask"])},
    optional=dict.fromkeys(("name", "value", "file", "on", "literal", "replace"), ANYTHING),
)


@given(st.lists(MESSAGES, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_browser_sends_is_no_error_and_opens_nothing(
    sits: Sits, opened: list[Parameters], messages: list[Any]
) -> None:
    operator = sits()
    for message in messages:
        operator.panel.hear(message)

    assert operator.sees["entries"].keys() == FIELDS.keys()
    assert operator.errors == []
    assert opened == []


def test_nothing_that_was_typed_is_part_of_the_state_that_can_be_saved_with_a_notebook(sits: Sits) -> None:
    operator = sits()
    operator.types(LIVE)

    assert "contoso-prod" not in repr(operator.panel.widget.get_state())


def test_the_browser_gets_every_field_with_its_words_in_the_language_of_the_notebook(sits: Sits) -> None:
    widget = sits("fr").panel.widget

    assert [field["name"] for section in widget.form for field in section["fields"]] == list(FIELDS)
    assert widget.language == "fr"
    assert all(field["label"] and field["help"] for section in widget.form for field in section["fields"])
