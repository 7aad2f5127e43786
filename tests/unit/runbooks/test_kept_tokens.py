"""That a sign-in lies about in clear is said wherever the account is shown, and nowhere else."""

import pytest

from runbook_lib.model import Level
from runbook_lib.texts import LANGUAGES, render
from tests.rehearsal import CONNECT, PORTAL, PREFLIGHT, VERIFY, Rehearsal, said

PLACES = [(CONNECT, "c4"), (PORTAL, "p1"), (PREFLIGHT, "f5"), (VERIFY, "v1")]


@pytest.mark.parametrize(("slug", "step"), PLACES)
def test_tokens_in_clear_are_a_warning_that_names_the_account_and_stops_nothing(slug: str, step: str) -> None:
    usual = Rehearsal("fabrikam").planned(slug)
    run = Rehearsal("fabrikam").planned(slug, tokens_kept="plain-file")

    (finding,) = [each for each in run.results[step].findings if each.message.key == "token-cache-in-clear"]
    assert finding.level is Level.WARNING
    assert run.results[step].status is usual.results[step].status
    for language in LANGUAGES:
        assert "@fabrikam.onmicrosoft.com" in render(finding.message, language)


@pytest.mark.parametrize("kept", ["memory", "encrypted"])
@pytest.mark.parametrize(("slug", "step"), PLACES)
def test_tokens_that_are_not_in_clear_are_not_spoken_of(slug: str, step: str, kept: str) -> None:
    run = Rehearsal("fabrikam").planned(slug, tokens_kept=kept)

    assert "token-cache-in-clear" not in said(run.results[step])


def test_it_is_also_said_when_the_tenant_is_the_wrong_one() -> None:
    here = Rehearsal("fabrikam")
    here.targets["tenant"].edits["organization"] = lambda body: body["value"][0].update(id="0" * 8)

    assert said(here.planned(PORTAL, tokens_kept="plain-file").results["p1"]) == [
        "token-cache-in-clear",
        "other-tenant",
    ]
