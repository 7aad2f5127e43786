"""How far a run came by its journal alone: what was sent and never judged is unknown, whatever was said before."""

from typing import Any

import pytest

from runbook_lib.evidence import Line, standing
from tests.notebooks.served import CONNECT

SENDING = ("sending", {"change": {}})


def result(step: str, status: str) -> tuple[str, dict[str, Any]]:
    return "step-result", {"step": step, "status": status}


def journal(*events: tuple[str, dict[str, Any]]) -> list[Line]:
    opened = ("opened", {"runbook": CONNECT})
    return [Line(number, "", event, data, "", "") for number, (event, data) in enumerate([opened, *events], 1)]


BEFORE = (result("c1", "compliant"), result("c6", "planned"))


@pytest.mark.parametrize(
    "end", [[], [("interrupted", {})], [("sent", {})], [("step-result", {"step": "c6", "status": "planned"})]]
)
def test_what_was_sent_and_not_judged_is_unknown(end: list[Any]) -> None:
    """Also when the last word on its step was `planned`, and when the step that applies has no word at all."""
    assert standing(journal(*BEFORE, SENDING, *end)) == {"c1": "compliant", "c6": "unknown", "c7": "unknown"}


def test_what_was_judged_after_the_sending_is_what_it_was_judged() -> None:
    after = (result("c6", "verified"), result("c7", "verified"))

    assert standing(journal(*BEFORE, SENDING, *after)) == {"c1": "compliant", "c6": "verified", "c7": "verified"}


def test_where_nothing_was_sent_the_last_word_counts() -> None:
    assert standing(journal(*BEFORE, result("c1", "blocked"))) == {"c1": "blocked", "c6": "planned"}
    assert standing([]) == {}
