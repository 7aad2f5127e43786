"""Values as a person reads them on a card: a switch is on or off, a question is answered with yes or no."""

import pytest

from runbook_lib.notebook.style import shown


@pytest.mark.parametrize(("value", "switch", "answer"), [(True, "activé", "Oui"), (False, "désactivé", "Non")])
def test_a_truth_value_is_a_switch_or_an_answer(value, switch, answer):
    assert shown(value, "fr") == switch
    assert shown(value, "fr", is_question=True) == answer
    assert shown({"a": value}, "fr", is_question=True) == f"a: {answer}"
    assert shown([value], "fr", is_question=True) == answer
